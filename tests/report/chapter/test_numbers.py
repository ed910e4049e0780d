"""Every number of the chapter is one of the run: of results.xlsx, of a plan table, or of a table that it names."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import docx
import numpy as np
import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.limits import summarise_limits
from hginventory.decisions.optimisation import targeting
from hginventory.report.chapter.chapter import ChapterParts, chapter_parts, make_chapter
from hginventory.report.figures.decisions import decision_figures, driver_figures
from hginventory.report.figures.gallery import figures
from hginventory.report.plan.plan_request import PlanOrder
from hginventory.report.plan.write import printed_parts
from hginventory.report.text.language import words_in

DATE = "2026-11-30"
LANGUAGES = ("en", "id")
MOST_ROWS = 120  # of a table whose values sentences name
SIGNS = {"en": (",", "."), "id": (".", ",")}  # of groups and decimals
# What is no number of the run, and why.
EXCEPTIONS = {
    r"https?://\S+|\(?digilib\.\S+": "addresses",
    r"\d+\(\d+\)(?:\(\w\))*|(?:Article|Pasal) \d+": "articles of the Convention",
    r"\bN\d+[a-z]?\b(?!\))|N1 (?:to|sampai) N14|MC-1/8": "numbers of plan tables, and a decision",
    r"\b[EWN]\d{3}\b": "codes of findings",
    r"^(?:Table|Figure|Tabel|Gambar) \d+\.": "numbers of captions",
    r"^\d+(?:\.\d+)? (?=\S)(?=[A-Z])": "numbers of headings",
    r"CC BY \d\.\d|\(V\d\)|(?:January|July) \d{4}": "licences and releases of the data",
    r"90 % interval|[Ii]nter?val 90 %|[Ss]elang 90 %|selang 90 %": "level of all intervals",
    r"5 (?:and|to|dan|sampai) 95 %|5th and 95th|ke-5 dan ke-95|95 %|50 %\)|75 %": "levels of intervals and coverage",
    r"[0-9a-f]{12}\b|hginventory \d+\.\d+\.\d+": "versions",
    r"November 30, 2026|30 November 2026|\d{4}-\d\d-\d\d": "dates",
    r"icsc_40|crea_30|ICSC 2021|top_?10|\b\w+![A-Z]+\d+|P\.15/\w+/\d{4}|ug/Nm3": "names, cells and units of measure",
    r"hginventory 0\S+": "version",
}


class Row(NamedTuple):
    """The numbers of one row of a source, and where it is."""

    place: str
    values: np.ndarray


def numbers_in(text: str, language: str) -> Iterator[tuple[float, int]]:
    """Yield each number of a text with its decimals, without what `EXCEPTIONS` names."""
    for pattern in EXCEPTIONS:
        text = re.sub(pattern, " ", text)
    group, point = map(re.escape, SIGNS[language])
    for found in re.finditer(rf"(?<![\w{point}])-?\d+(?:{group}\d{{3}})*(?:{point}\d+)?(?!\w)", text):
        whole, _, rest = found[0].replace(SIGNS[language][0], "").partition(SIGNS[language][1])
        yield float(f"{whole}.{rest or 0}"), len(rest)


def is_number(text: str, language: str) -> bool:
    group, point = map(re.escape, SIGNS[language])
    return re.fullmatch(rf"-?\d+(?:{group}\d{{3}})*(?:{point}\d+)?", text) is not None


def is_among(shown: tuple[float, int], values: np.ndarray, *, in_sentence: bool = False) -> bool:
    """Return whether a number is one of the values, rounded as shown; shares are shown as percent, t also as kg.

    Sentences give three significant figures.
    """
    number, decimals = shown
    half = 0.5 * 10.0**-decimals
    if in_sentence and number and float(f"{number:.3g}") == number:
        half = max(half, 0.5 * 10.0 ** (math.floor(math.log10(abs(number))) - 2))
    scaled = np.outer((1.0, 100.0, 1000.0, 0.001), values)
    return bool((np.abs(scaled - number) <= half * (1 + 1e-6) + 1e-9).any())


def values_of(cells: Iterable[object]) -> np.ndarray:
    """Return the numbers of a row of a source, those in its texts too."""
    told: list[float] = []
    for one in cells:
        if isinstance(one, str):
            told += [number for number, _ in numbers_in(one, "en")]
        elif isinstance(one, int | float | np.number) and math.isfinite(float(one)):
            told.append(float(one))
    return np.array(told)


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project("indonesia", where="capacity_mw >= 900", draws=250)


@pytest.fixture(scope="module")
def order() -> PlanOrder:
    return PlanOrder("en", ("targeted_top10",), 40.0, 2035)


@pytest.fixture(scope="module")
def parts(run: hg.Run, order: PlanOrder) -> ChapterParts:
    return chapter_parts(run, order)


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request: pytest.FixtureRequest, run: hg.Run, order: PlanOrder, parts: ChapterParts) -> tuple[str, Any]:
    language = request.param
    own = order if language == "en" else PlanOrder(language, order.scenarios, order.percent, order.year)
    known = parts if language == "en" else chapter_parts(run, own, found=parts.found)
    return language, docx.Document(io.BytesIO(make_chapter(run, own, date=DATE, parts=known).content))


@pytest.fixture(scope="module")
def sources(run: hg.Run, parts: ChapterParts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """Return the rows of results.xlsx and of the tables of the run, by table."""
    path = run.to_excel(tmp_path_factory.mktemp("book") / "results.xlsx")
    found = {}
    for sheet in openpyxl.load_workbook(path, read_only=True):
        rows = list(sheet.iter_rows(values_only=True))
        found[sheet.title] = [Row(f"{sheet.title} {at}", values_of(row)) for at, row in enumerate(rows, 1)]
    whole = np.concatenate([row.values for name in ("Totals", "Summary") for row in found[name]])
    found["all totals"] = [Row("all totals", whole)]  # the chapter has one row for a sector, the workbook several
    frames: dict[str, pd.DataFrame] = {one.number: one.table for one in parts.tables}
    frames |= {part.number: part.table for part in printed_parts(parts.tables)}
    plan, comparison, limits = run.sampling_plan(), parts.found.comparison, parts.found.limits
    assert comparison is not None
    assert parts.comparison is not None
    assert limits is not None
    frames |= {"hginv measure": plan.table, "hginv limits": summarise_limits(limits)}
    frames |= {"scenarios": comparison.table, "equal": comparison.equal, "plan": parts.comparison.table}
    words = words_in("en")
    drawn = figures(run) | driver_figures(parts.found, words) | decision_figures(parts.shown, words)
    frames |= {f"figure {name}": figure.table for name, figure in drawn.items()}
    rule = next(targeting(one) for one in comparison.applied if one.scenario.name == "blanket_bat")
    for order in (rule.by_emissions, rule.by_value):
        frames[f"targeting {len(frames)}"] = pd.DataFrame({"share": order.share, "usd_per_kg": order.usd_per_kg})
    for name, frame in frames.items():
        found[name] = [Row(f"{name} {at}", values_of(row)) for at, row in enumerate(frame.itertuples(index=False), 1)]
    return found


@pytest.fixture(scope="module")
def told(sources: dict[str, list[Row]], run: hg.Run) -> np.ndarray:
    """Return the values that sentences may name: those of tables that do not list every unit."""
    short = [row.values for rows in sources.values() if len(rows) <= MOST_ROWS for row in rows]
    counts = [float(finding.count) for finding in run.findings]
    return np.unique(np.concatenate([*short, counts, [float(len(rows)) for rows in sources.values()]]))


def rows_of(document: Any, language: str) -> Iterator[tuple[str, list[tuple[float, int]]]]:
    """Yield each row of a table that has numbers, as text and as these numbers."""
    for table in document.tables:
        for row in table.rows[1:]:
            cells = [cell.text for cell in row.cells]
            numbers = [next(numbers_in(cell, language)) for cell in cells if is_number(cell, language)]
            if numbers:
                yield " | ".join(cells), numbers


def test_each_row_of_numbers_is_a_row_of_the_run(made: tuple[str, Any], sources: dict[str, list[Row]]) -> None:
    language, document = made
    every = [row.values for rows in sources.values() for row in rows]
    shown = list(rows_of(document, language))
    assert len(shown) > 60
    assert [text for text, numbers in shown if not any(all(is_among(n, row) for n in numbers) for row in every)] == []


def test_a_row_with_one_wrong_number_is_found(made: tuple[str, Any], sources: dict[str, list[Row]]) -> None:
    """The test above can fail: a row whose largest number is off by two in a hundred is mostly no row."""
    language, document = made
    every = [row.values for rows in sources.values() for row in rows]
    shown = [numbers for _, numbers in rows_of(document, language) if len(numbers) > 2]
    wrong = [[(round(1.02 * n + 3.0, d), d) if (n, d) == max(row) else (n, d) for n, d in row] for row in shown]
    passed = sum(any(all(is_among(n, row) for n in numbers) for row in every) for numbers in wrong)
    assert passed <= 0.05 * len(wrong)


def sentences_of(document: Any) -> Iterator[str]:
    for paragraph in document.paragraphs:
        if paragraph.text.strip() and not paragraph.style.name.startswith("Title"):
            yield paragraph.text


def test_each_number_of_a_sentence_is_one_of_the_run(made: tuple[str, Any], told: np.ndarray) -> None:
    language, document = made
    lost = [
        (number, text)
        for text in sentences_of(document)
        for number, decimals in numbers_in(text, language)
        if not is_among((number, decimals), told, in_sentence=True)
    ]
    assert lost == [], "\n".join(f"{number}: {text}" for number, text in lost)


def test_most_wrong_numbers_of_sentences_are_found(made: tuple[str, Any], told: np.ndarray) -> None:
    """The test above can fail: a number of four figures and more that is off by two in a hundred is mostly no value."""
    language, document = made
    large = [one for text in sentences_of(document) for one in numbers_in(text, language) if one[0] >= 2100]
    assert len(large) > 5
    assert sum(
        is_among((round(1.02 * number), decimals), told, in_sentence=True) for number, decimals in large
    ) <= 0.25 * len(large)
