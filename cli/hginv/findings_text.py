"""Findings as text: for people, grouped; as CSV, a line per location; as annotations of GitHub."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hginv.output import wrapped
from hginventory.files import inert
from hginventory.inputs.findings import Finding, printable
from hginventory.translations import TranslatableText

if TYPE_CHECKING:
    from hginventory.report.text import Words
    from hginventory.validating import Validation

WIDEST = 110  # characters of a line
MOST_SHOWN = 3  # cells of one cause, and causes of one group
COLUMNS = (
    "code", "name", "severity", "sheet", "cell", "unit_id", "found", "allowed", "remedy", "count", "fix_cell",
    "fix_value", "fix_is_safe",
)  # fmt: skip
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def as_text(done: Validation, words: Words) -> str:
    """Return the findings for people: the same finding in one column is one group, the same note one everywhere."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for one in done.ungrouped:
        column = ("", "") if one.severity == "note" else (one.sheet, re.sub(r"\d.*|\[.*", "", one.cell))
        groups.setdefault((one.code, *column), []).append(one)
    sectors = done.fleet.units["sector"].value_counts()
    coal, kilns = (words.number(int(sectors.get(sector, 0))) for sector in ("coal_power", "cement_kiln"))
    read = words("Read {origin}: {coal} coal units, {kilns} kilns.", origin=done.fleet.origin, coal=coal, kilns=kilns)
    parts = [*_wrapped(read, ""), *(_group(same, words) for same in groups.values())]
    counts = ", ".join(counted(severity, number, words) for severity, number in done.counts.items())
    parts += ["", *_wrapped(f"{counts}.{_unfinished(done, words)}", "")]
    return "\n".join(parts)


def counted(severity: str, number: int, words: Words) -> str:
    """Return how many errors, warnings or notes there are.

    >>> from hginventory.report.text import ENGLISH
    >>> counted("error", 1, ENGLISH), counted("warning", 1200, ENGLISH)
    ('1 error', '1,200 warnings')
    """
    n = words.number(number)
    if severity == "error":
        return words("1 error") if number == 1 else words("{n} errors", n=n)
    if severity == "warning":
        return words("1 warning") if number == 1 else words("{n} warnings", n=n)
    return words("1 note") if number == 1 else words("{n} notes", n=n)


def _unfinished(done: Validation, words: Words) -> str:
    told = [] if done.is_projected else [words("Correct the errors first; then gaps and default values are checked.")]
    safe = sum(1 for one in done.ungrouped if one.fix is not None and one.fix.is_safe)
    if safe:
        told.append(words("{n} fixes are safe to make by {option}.", n=words.number(safe), option="--fix"))
    return "".join(f" {sentence}" for sentence in told)


def _group(same: Sequence[Finding], words: Words) -> str:
    """Return one group: its code, a line for each cause with its first cells, what is allowed and what to do."""
    first = same[0]
    number = sum(one.count for one in same)
    where = words(" ({n} places)", n=words.number(number)) if number > 1 else ""
    lines = ["", *_wrapped(f"{words(first.severity).upper()} {first.code} {first.name}{where}", "")]
    causes: dict[tuple[str, str], list[Finding]] = {}
    for one in same:
        causes.setdefault((words.tell(one.found), _remedy(one, words)), []).append(one)
    shared = len({remedy for _, remedy in causes}) == 1
    shown = list(causes.items()) if len(causes) <= MOST_SHOWN + 1 else list(causes.items())[:MOST_SHOWN]
    for (found, remedy), alike in shown:
        lines += _wrapped(f"{_cells(alike, words)}  {found}", "  ")
        if not shared:
            lines += _wrapped(remedy, "      ")
    left = len(same) - sum(len(alike) for _, alike in shown)
    if left:
        more = words("  and {n} more places, which {option} lists", n=words.number(left), option="--format csv")
        lines += _wrapped(more.strip(), "  ")
    if shared:
        lines += _wrapped(_remedy(first, words), "      ")
    return "\n".join(lines)


def _cells(alike: Sequence[Finding], words: Words) -> str:
    """Return the first cells of a cause, the sheet named where it changes, and how many more there are."""
    named, sheet = [], ""
    for one in alike[:MOST_SHOWN]:
        unit = f' "{one.unit_id}"' if one.unit_id else ""
        named.append(f"{one.cell if one.cell and one.sheet == sheet else one.location}{unit}")
        sheet = one.sheet
    more = len(alike) - MOST_SHOWN
    return ", ".join(named) + (words(" and {n} more", n=words.number(more)) if more > 0 else "")


def _remedy(one: Finding, words: Words) -> str:
    allowed, remedy = (words.tell(text) if isinstance(text, TranslatableText) else words.say(text)
                       for text in (one.allowed, one.remedy))  # fmt: skip
    return f"{allowed[:1].upper()}{allowed[1:]}. {remedy}"


def _wrapped(text: str, indent: str) -> list[str]:
    return wrapped(printable(text), indent, len(indent) if len(indent) > 2 else len(indent) + 2, WIDEST).split("\n")


def as_csv(findings: Sequence[Finding]) -> str:
    """Return one line per location; no spreadsheet takes a text of it for a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in findings:
        fix = (one.fix.cell, str(one.fix.new_value), str(one.fix.is_safe).lower()) if one.fix else ("", "", "")
        texts = (one.code, one.name, one.severity, one.sheet, one.cell, one.unit_id, one.found, one.allowed, one.remedy)
        writer.writerow([_guarded(text) for text in (*texts, str(one.count), *fix)])
    return stream.getvalue()


def _guarded(text: str) -> str:
    is_number = re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
    return text if is_number else inert(text)


def as_github(findings: Sequence[Finding], file: str) -> str:
    """Return annotations that GitHub shows next to the file."""
    lines = []
    for one in findings:
        title = _escaped(f"{one.code} {one.name}", in_property=True)
        properties = f"file={_escaped(file, in_property=True)},title={title}"
        lines.append(f"::{_LEVELS[one.severity]} {properties}::{_escaped(one.message)}")
    return "\n".join(lines)


def _escaped(text: str, *, in_property: bool = False) -> str:
    """Return a text in which nothing is a command.

    >>> _escaped("100 %"), _escaped("a:b,c", in_property=True)
    ('100 %25', 'a%3Ab%2Cc')
    """
    for sign, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(sign, code)
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text
