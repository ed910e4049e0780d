"""The first sheet of the result workbook: what was found, what it is based on, and the charts."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hginventory.decisions.ranking import COMBINED, SectorSummary
from hginventory.report.columns import AMOUNT, COUNT, ONE, SHARE, TEXT
from hginventory.report.excel.cells import write_value
from hginventory.report.excel.sheets import LEFT, Styles, set_page
from hginventory.report.text import (
    ENGLISH,
    SECTOR_NAMES,
    SECTOR_WORDS,
    headline_sentences,
    outside_text,
    plain,
    published_text,
    totals_sentences,
)

if TYPE_CHECKING:
    from hginventory.analysis import Analysis
    from hginventory.decisions.ranking import Certainty, ListCertainty

WIDTHS = (46, 11, 15, 15, 15)  # of the columns with tables [characters]
LAST = len(WIDTHS) - 1
LINE_HEIGHT = 15.5  # [points]
CHART_COLUMN = len(WIDTHS) + 1
GINI = "0.00"
_TOTALS = (("Emissions to air in {year}", "kg"), ("Remaining-lifetime emissions", "t"))


@dataclass(frozen=True)
class Section:
    """A section of the first sheet: a small table, then sentences.

    Attributes
    ----------
    title : str
        Its heading.
    labels, units : sequence of str
        Heads of the table, at most five; the first is of texts.
    rows : sequence of sequence
        Values.
    formats : sequence of str
        Number format of each column; `TEXT` for words.
    sentences : sequence of str
        What a reader must know.
    """

    title: str
    labels: Sequence[str]
    units: Sequence[str]
    rows: Sequence[Sequence[object]]
    formats: Sequence[str]
    sentences: Sequence[str]


class _Page:
    """Writes a sheet from top to bottom, so that the workbook may keep one row in memory."""

    def __init__(self, sheet: Any, styles: Styles) -> None:
        self.sheet, self.styles, self.row = sheet, styles, 0

    def title(self, text: str) -> None:
        """Write the title; it may run on over the columns to the right."""
        self.sheet.set_row(self.row, 24.0)
        self.sheet.write_string(self.row, 0, text, self.styles.title)
        self.row += 1

    def text(self, text: str, style: Any, *, first: int = 0, height: float = LINE_HEIGHT) -> None:
        """Write a text over the columns from `first` on, as high as it needs."""
        lines = math.ceil(len(text) * 1.05 / sum(WIDTHS[first:]))
        self.sheet.set_row(self.row, max(height, lines * height))
        self.sheet.merge_range(self.row, first, self.row, LAST, "", style)
        self.sheet.write_string(self.row, first, text, style)
        self.row += 1

    def pair(self, label: str, value: str) -> None:
        """Write a label and the text next to it."""
        lines = math.ceil(len(value) * 1.05 / sum(WIDTHS[1:]))
        self.sheet.set_row(self.row, max(1, lines) * LINE_HEIGHT)
        self.sheet.write_string(self.row, 0, label, self.styles.of(bold=True, valign="top"))
        self.sheet.merge_range(self.row, 1, self.row, LAST, "", self.styles.sentence)
        write_value(self.sheet, self.row, 1, value, self.styles.pair(text_wrap=True, valign="top", font_size=11))
        self.row += 1

    def heading(self, text: str) -> None:
        """Write the title of a section, after a blank row."""
        self.row += 1
        self.text(text, self.styles.section, height=20.0)

    def labels(self, labels: Sequence[str], units: Sequence[str], words: int) -> None:
        """Write the labels of a table and their units; the first `words` columns contain texts."""
        styles = self.styles
        self.sheet.set_row(self.row, 2 * LINE_HEIGHT)
        for texts, left, right in ((labels, styles.label, styles.label_right), (units, styles.unit, styles.unit_right)):
            for column, text in enumerate(texts):
                self.sheet.write_string(self.row, column, text, left if column < words else right)
            self.row += 1 if texts else 0

    def values(self, values: Sequence[object], formats: Sequence[str], *, indent: bool = False) -> None:
        """Write a row of a table; set in where it belongs to the row above."""
        for column, (value, number_format) in enumerate(zip(values, formats, strict=True)):
            properties: dict[str, Any] = {"num_format": number_format} if number_format else dict(LEFT)
            if indent and column == 0:
                properties["indent"] = 3
            style = self.styles.pair(bottom=1, bottom_color="#D9D9D9", **properties)
            write_value(self.sheet, self.row, column, value, style)
        self.row += 1


def write_summary(run: Analysis, sheet: Any, styles: Styles, subject: str, further: Sequence[Section] = ()) -> int:
    """Write the first sheet, without the charts, and return the row at which these may begin.

    Parameters
    ----------
    run : Analysis
        The run.
    sheet : Worksheet
        An empty sheet.
    styles : Styles
        Formats of the workbook.
    subject : str
        Fleet, for the printed page.
    further : sequence of Section
        Sections that come behind those of every run.
    """
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_column(LAST + 1, LAST + 1, 3)
    sheet.hide_gridlines(2)
    set_page(sheet, "Summary", subject)
    sheet.fit_to_pages(1, 1)
    settings = run.projection.settings
    summaries = run.summary()
    page = _Page(sheet, styles)
    page.title(f"Mercury inventory: {plain(settings.fleet_label)}")
    for sentence in [*totals_sentences(run.headline, ENGLISH), *headline_sentences(run.headline, ENGLISH)]:
        page.text(plain(sentence), styles.sentence)
    charts_begin = page.row
    if settings.notice:
        page.text(f"Notice: {plain(settings.notice)}", styles.notice)
    page.pair("Base year", str(settings.base_year))
    page.pair("Retirement rule", settings.rule_text)
    page.pair("Removal profile", settings.profile)
    page.pair("Units chosen", settings.where or "all")
    page.pair("Ranks and shares", "of all units in one list" if settings.combined else "within each sector")
    if outside := outside_text(run.inventory, ENGLISH):
        page.text(outside, styles.sentence)
    _headline(page, summaries, settings.base_year, run.lists)
    if run.certainty is not None:
        _certainty(page, run.certainty, settings.base_year)
    for total in run.published_totals:
        page.text(published_text(total, ENGLISH), styles.sentence)
    _coverage(page, run)
    _reliance(page, run)
    for section in further:
        _further(page, section)
    for one in run.projection.fleet.attributions:
        page.text(plain(one.text), styles.sentence)
    return charts_begin


def _further(page: _Page, section: Section) -> None:
    page.heading(section.title)
    if section.rows:
        page.labels(section.labels, section.units, 1)
    for row in section.rows:
        page.values(row, section.formats)
    for sentence in section.sentences:
        page.text(sentence, page.styles.sentence)


def _headline(page: _Page, summaries: Sequence[SectorSummary], year: int, lists: Container[str]) -> None:
    page.heading("Headline numbers")
    page.labels(["Quantity", "Unit", *(SECTOR_WORDS[s.sector] for s in summaries)], (), 2)
    top = summaries[0].top_n

    def of_lists(name: str) -> list[object]:
        """Return a statistic of units that are ranked together; blank where they are not, or nothing is known."""
        is_list = [(s.sector != COMBINED or COMBINED in lists) and not math.isnan(s.lifetime_t) for s in summaries]
        return [getattr(s, name) if ranked else None for s, ranked in zip(summaries, is_list, strict=True)]

    rows: list[tuple[str, str, str, list[object]]] = [
        (f"Units operating in {year}", "units", COUNT, [s.units_operating for s in summaries]),
        ("under construction, not among these", "units", COUNT, [s.units_construction for s in summaries]),
        (f"Emissions to air in {year}", "kg/yr", AMOUNT, [s.air_base_year_kg for s in summaries]),
        ("added by units under construction", "kg/yr", AMOUNT, [s.air_construction_kg_per_yr for s in summaries]),
        ("Remaining-lifetime emissions", "t", AMOUNT, [s.lifetime_t for s in summaries]),
        (f"Share of the top {top} units in them", "%", SHARE, of_lists("top_share")),
        ("Units that account for half of them", "units", COUNT, of_lists("units_for_half")),
        ("Units that account for 75 % of them", "units", COUNT, of_lists("units_for_75")),
        ("Gini coefficient (0 even, 1 all in one unit)", "", GINI, of_lists("gini")),
        ("Units past their lifetime, not included", "units", COUNT, [s.units_past_lifetime for s in summaries]),
        (f"their emissions to air in {year}", "kg/yr", AMOUNT, [s.air_past_lifetime_kg for s in summaries]),
    ]
    for index, summary in enumerate(summaries):
        if summary.intensity_unit:
            values: list[object] = [None] * len(summaries)
            values[index] = summary.intensity
            rows.append((f"Mean rate, {SECTOR_WORDS[summary.sector].lower()}", summary.intensity_unit, AMOUNT, values))
    for label, unit, number_format, values in rows:
        formats = [TEXT, TEXT, *[number_format] * len(values)]
        page.values([label, unit, *values], formats, indent=label[0].islower())


def _certainty(page: _Page, sure: Certainty, year: int) -> None:
    page.heading(f"Uncertainty ({sure.draws:,} Monte Carlo draws, seed {sure.seed})")
    page.labels(["Quantity", "Unit", "Mean of draws", "5th percentile", "95th percentile"], (), 2)
    several = len(sure.totals) > len(_TOTALS)
    for sector, sums in sure.totals.set_index("unit").groupby("sector", sort=False):
        of_sector = f", {SECTOR_WORDS[str(sector)].lower()}" if several else ""
        for label, unit in _TOTALS:
            values = sums.loc[unit, ["mean", "p05", "p95"]]
            page.values([f"{label.format(year=year)}{of_sector}", unit, *values], [TEXT, TEXT, *[AMOUNT] * 3])
    known = {name: one for name, one in sure.lists.items() if not math.isnan(one.own_share.mean)}
    for name, one in known.items():
        _list_certainty(page, one, f", {SECTOR_WORDS[name].lower()}" if len(sure.lists) > 1 else "")
    for row in sure.coverage.to_dict("records"):
        label = f"Probability that the set of {row['category']} covers 75 %"
        page.values([label, "%", row["p_covers"], None, None], [TEXT, TEXT, SHARE, TEXT, TEXT])


def _list_certainty(page: _Page, sure: ListCertainty, of_sector: str) -> None:
    shares = (
        (f"Share of the top {sure.top} units{of_sector}", sure.named_share),
        (f"Share of the {sure.top} largest of each draw{of_sector}", sure.own_share),
    )
    for label, share in shares:
        page.values([label, "%", share.mean, share.p05, share.p95], [TEXT, TEXT, *[SHARE] * 3])
    right = f"Top units expected in the true top {sure.top}{of_sector}"
    page.values([right, "units", sure.named_right, None, None], [TEXT, TEXT, ONE, TEXT, TEXT])
    lost = f"Emissions of the true top {sure.top} above those of the top {sure.top}{of_sector}"
    page.values([lost, "t", sure.t_lost, None, None], [TEXT, TEXT, AMOUNT, TEXT, TEXT])


def _coverage(page: _Page, run: Analysis) -> None:
    page.heading("Article 8(2)(b): fewest units that account for 75 % of the annual emissions of a category")
    page.labels(
        ["Annex D category", "Units in set", "Units operating", "Emissions to air", "Covered"],
        ["", "units", "units", "kg/yr", "%"],
        1,
    )
    for row in run.coverage().itertuples(index=False):
        values = [row.category, row.smallest_set_size, row.units_total, row.emission_kg, row.covered_share]
        page.values(values, [TEXT, COUNT, COUNT, AMOUNT, SHARE])


def _reliance(page: _Page, run: Analysis) -> None:
    page.heading("What annual emissions are based on (cells to fill in first: sheet Cells_to_fill)")
    labels = ["Input", "Sector", "Emissions to air", "On default values", "On recalled or judged rows"]
    page.labels(labels, ["", "", "kg/yr", "%", "%"], 2)
    for row in run.gaps().reset_index().to_dict("records"):
        sector = SECTOR_NAMES[row["sector"]]
        shares = [row["share_on_default"], row["share_on_recalled_or_judged"]]
        values = [str(row["factor"]).capitalize(), sector, row["emission_kg"], *shares]
        page.values(values, [TEXT, TEXT, AMOUNT, SHARE, SHARE])
