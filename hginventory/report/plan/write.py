"""Plan tables as CSV, one workbook and Markdown."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from hginventory.inputs.fleet import is_blank
from hginventory.report.excel import CREATED, OPTIONS
from hginventory.report.excel_sheets import Styles, write_value
from hginventory.report.plan.answers import QUESTIONS
from hginventory.report.plan.build import NOTES, TITLES, WORDS, PlanTable
from hginventory.report.plan.national import CRITERION, HUMAN, INDICATOR, READINGS
from hginventory.report.run_folder import save_tables
from hginventory.texts import Translator

MARKDOWN, WORKBOOK = "plan.md", "plan.xlsx"
HEADING, MORE_ROWS = "Mercury emission plan tables", "More rows in"
MARKDOWN_ROWS = 25  # of a table; the rest is in its CSV
NUMBER_WIDTH, TITLE_WIDTH, WIDEST = 12, 90, 40  # widths [characters]


def write_plan(
    tables: Sequence[PlanTable], folder: str | Path, translate: Translator, heading: str, notice: str
) -> Path:
    """Write plan tables into a folder and return it.

    Parameters
    ----------
    tables : sequence of PlanTable
        From `build.plan_tables`.
    folder : str or Path
        Where; made where there is none.
    translate : Translator
        Language of titles and notes; names of columns and codes stay.
    heading, notice : str
        Title of the plan, and what every report of the fleet has to say.
    """
    tables = [_translated(one, translate) for one in tables]
    target = save_tables({f"{one.number}_{one.name}": one.table for one in tables}, folder)
    _replace(target / MARKDOWN, _markdown(tables, translate, heading, notice).encode("utf-8"))
    _replace(target / WORKBOOK, _workbook(tables, translate, heading, notice))
    return target


def plan_texts() -> list[str]:
    """Return every text of the plan that is to be translated.

    >>> "Source register (Article 8(2), Annex D)" in plan_texts()
    True
    """
    titles = [title for _, title in TITLES.values()]
    questions = [text for _, question, _, _, needed in QUESTIONS for text in (question, needed)]
    return [HEADING, MORE_ROWS, *titles, *NOTES.values(), CRITERION, *READINGS, INDICATOR, HUMAN, *questions]


def _translated(one: PlanTable, translate: Translator) -> PlanTable:
    """Return a table with its sentences in the language of the plan; names and codes stay."""
    columns = {name: one.table[name].map(translate) for name in WORDS.get(one.number, ()) if name in one.table}
    return replace(one, table=one.table.assign(**columns))


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    os.replace(temporary, path)


def _markdown(tables: Sequence[PlanTable], translate: Translator, heading: str, notice: str) -> str:
    lines = [f"# {heading}", ""]
    if notice:
        lines += [f"> {notice}", ""]
    for one in tables:
        lines += [f"## {one.number} {translate(one.title)}", ""]
        if one.note:
            lines += [translate(one.note), ""]
        lines += [_table(one.table.head(MARKDOWN_ROWS)), ""]
        more = len(one.table) - MARKDOWN_ROWS
        if more > 0:
            lines += [f"{translate(MORE_ROWS)} {one.number}_{one.name}.csv: {more}", ""]
    return "\n".join(lines)


def _table(table: pd.DataFrame) -> str:
    columns = [str(column) for column in table.columns]
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for row in table.itertuples(index=False):
        lines.append("| " + " | ".join(_cell(value) for value in row) + " |")
    return "\n".join(lines)


def _cell(value: object) -> str:
    """Return a value as Markdown shows it: five figures, nothing for a blank, no bar or tag that breaks the table."""
    if is_blank(value):
        return ""
    if isinstance(value, float):
        return f"{value:.5g}"
    return str(value).replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _workbook(tables: Sequence[PlanTable], translate: Translator, heading: str, notice: str) -> bytes:
    import io

    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    book.set_properties({"title": heading, "created": CREATED})
    styles = Styles(book)
    text = styles.pair(text_wrap=True, valign="top")
    first = book.add_worksheet("Plan")
    first.set_column(0, 0, NUMBER_WIDTH)
    first.set_column(1, 1, TITLE_WIDTH)
    first.write_string(0, 1, heading, styles.title)
    write_value(first, 1, 1, notice, text)
    for number, one in enumerate(tables, 3):
        first.write_url(number, 0, f"internal:'{one.number}'!A1", string=one.number)
        write_value(first, number, 1, " ".join(filter(None, (translate(one.title), translate(one.note)))), text)
    for one in tables:
        _sheet(book.add_worksheet(one.number), one, translate, styles)
    book.close()
    return stream.getvalue()


def _sheet(sheet: Any, one: PlanTable, translate: Translator, styles: Styles) -> None:
    cell = styles.pair(valign="top")
    sheet.write_string(0, 0, f"{one.number} {translate(one.title)}", styles.section)
    for place, column in enumerate(map(str, one.table.columns)):
        sheet.write_string(2, place, column, styles.label)
        sheet.set_column(place, place, min(max(len(column) + 2, NUMBER_WIDTH), WIDEST))
    for number, row in enumerate(one.table.itertuples(index=False), 3):
        for place, value in enumerate(row):
            if not is_blank(value):
                write_value(sheet, number, place, value, cell)
    sheet.freeze_panes(3, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
