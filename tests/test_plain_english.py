"""What a person reads is plain English: the words of the field, not the riddles that some of them replaced.

Every text of the library and the command line (messages, help, labels, docstrings), the template of the page, the pages
of docs/ and the README files. A word that is right in one place is listed there with the reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

# A word or phrase that is not written, as a regular expression -> what to write.
NOT_WRITTEN: Mapping[str, str] = {
    r"\b(?:stands?|stood|standing)\b(?! for\b)": "is, is written in, is used instead, is a default value",
    r"\bbesides?\b": "compared with, next to, and also",
    r"\brest(?:s|ed|ing)? (?:up)?on\b": "is based on, is estimated from",
    r"\b(?:told|tells?|telling)\b": "reported, shows, distinguish",
    r"\bsaid\b": "reported, written, named",
    r"(?<![Tt]here )\b(?:is|are|was|were) (?:no|none)\b(?! (?:longer|more|less)\b)": "is not a; unknown rule 'x'",
    r"\bwhat (?:is|are) to come\b|\bmercury to come\b": "remaining-lifetime emissions",
    r"\bwhat (?:goes|comes) out\b": "emissions to air, stack, residues",
    r"\b(?:catch|catches|catching|caught)\b": "capture, removal efficiency, removed mercury",
    r"\b(?:holds?|held|holding)\b": "contains, accounts for, applies, keeps",
    r"\bon file\b": "available, in the factor tables",
    r"\blets? (?:one |us )?(?:expect|suppose)\b": "suggests",
    r"\bmend(?:s|ed|ing)?\b": "correct",
    r"\b(?:surer|surest)\b|\b(?:how|as|more|less|very) sure\b": "certain, narrower interval",
    r"\bthe named (?:ten|\d+)\b|\bnamed ten\b": "the top 10, units ranked highest",
    r"\bWho(?:ever)? (?:wants|has|needs|knows|writes|reads|takes)\b": "If you want, users who",
    r"\basks? the network\b": "makes network requests",
    r"\b(?:is|are|was|were) filled (?:from|by|with)\b": "is estimated from, is a default value",
    r"\b[Oo]ne (?:row|line|file|module|column|worksheet|cell|value|number) an? ": "one row per unit",
    r"\bmakes? (?:up )?(?:most of|half|\{\w+\} (?:of|to)|\d[\d.]* %)": "accounts for, explains",
    r"\bthat (?:is|are) left\b(?! (?:out|blank)\b)": "remaining",
    r"\bpays? a step back\b": "cost per kilogram avoided",
    r"\bis in (?:\d+|the (?:first|top)) (?:units|plants)\b": "accounts for",
    r"\bplaces? in (?:a|the) (?:ranking|top|list)\b": "rank",
}  # fmt: skip
PATTERN = re.compile("|".join(f"(?:{pattern})" for pattern in NOT_WRITTEN))

# Where one of these words is the right one: the words around it -> why.
ALLOWED: Mapping[str, str] = {
    r"stands? still|standstill": "a unit that does not run for a whole year",
    r"mode, step, catch, adds|`[^`\s]+`": "names of columns, and other code",
    r"\b(?:catch|beside) : \w+": "names of attributes",
    r"table-beside|\.catch\(": "the name of a finding, and of a method",
    r"\bon hold\b": "a status in the words of registers",
    r"\.tell\b|`tell`": "the name of a method",
}
WITHOUT_ALLOWED = re.compile("|".join(ALLOWED))

# Modules and pages that are still to be rewritten. Empty once all are done.
PENDING: tuple[str, ...] = ()


class Hit(NamedTuple):
    """A word that is not written, and where it was found."""

    place: str
    words: str


def hits(place: str, text: str) -> Iterator[Hit]:
    """Yield the words of a text that are not written, each with what is around it."""
    flat = " ".join(text.split())
    allowed = [match.span() for match in WITHOUT_ALLOWED.finditer(flat)]
    for match in PATTERN.finditer(flat):
        if not any(start <= match.start() < end for start, end in allowed):
            yield Hit(place, flat[max(0, match.start() - 50) : match.end() + 40])


def of_module(path: Path) -> Iterator[Hit]:
    """Yield the hits in the texts of a module: every string of more than one word, docstrings among them."""
    name = path.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield from hits(f"{name}:{node.lineno}", node.value)


def of_page(path: Path) -> Iterator[Hit]:
    """Yield the hits in a page, by paragraph; of the change log, in what is not released yet."""
    text = path.read_text(encoding="utf-8")
    if path.name == "CHANGELOG.md":
        text = re.split(r"^## \[", text, flags=re.MULTILINE)[1]
    for paragraph in re.finditer(r"(?:^.*\S.*$\n?)+", text, re.MULTILINE):
        line = text.count("\n", 0, paragraph.start()) + 1
        yield from hits(f"{path.relative_to(ROOT).as_posix()}:{line}", paragraph[0])


def read_by_people() -> Iterator[tuple[str, list[Hit]]]:
    """Yield each module and page with its hits."""
    for folder in ("hginventory", "cli"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), list(of_module(path))
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / folder / "README.md" for folder in ("factors", "fleets", "scenarios")),
        *sorted((ROOT / "docs").glob("*.md")),
        *sorted((ROOT / "hginventory").rglob("*.j2")),
    ]
    for path in pages:
        yield path.relative_to(ROOT).as_posix(), list(of_page(path))


@pytest.fixture(scope="module")
def found() -> Mapping[str, list[Hit]]:
    return dict(read_by_people())


def test_what_people_read_is_plain_english(found: Mapping[str, list[Hit]]) -> None:
    wrong = [hit for name, of_it in found.items() if not name.startswith(PENDING) for hit in of_it]
    assert not wrong, "\n".join(f"{hit.place}: ...{hit.words}..." for hit in wrong)


def test_only_what_is_still_to_be_rewritten_is_pending(found: Mapping[str, list[Hit]]) -> None:
    done = [part for part in PENDING if not any(of_it for name, of_it in found.items() if name.startswith(part))]
    assert not done, "take these off the list PENDING"


@pytest.mark.parametrize(
    "text",
    [
        "default values stand in for the rest",
        "Nothing in the sheet Measurements stands beside what is expected",
        "the unit's capacity rests on a default",
        "how sure that is, told by draws",
        "'ppm' is no unit of mercury",
        "of these units, none is retired and 'x' is none",
        "a wet scrubber that catches oxidised mercury",
        "ten units which hold 30.78 t more",
        "capital costs: none of VNM is on file",
        "as its number format lets suppose",
        "a marked copy or a mended one",
        "Who wants to be surer takes more units",
        "Mercury in coal makes 54 % of the variance",
        "gaps are filled from the\n    factor tables",
        "one row a unit",
    ],
)
def test_each_kind_of_riddle_is_found(text: str) -> None:
    assert list(hits("here", text))


@pytest.mark.parametrize(
    "text",
    [
        "there is no unit of this name",
        "the unit is no longer in operation",
        "t stands for metric tonnes",
        "a unit that stands still for a year",
        "a threshold, a household and an understanding",
        "fill in net generation",
    ],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert not list(hits("here", text))
