"""Plan tables as CSV, one workbook and Markdown."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hginventory.files import write_csv
from hginventory.inputs.fleet import is_blank
from hginventory.report.columns import (
    AMOUNT,
    GENERAL,
    SHARE,
    YEAR,
    ResultColumn,
    decimals_of,
    number_format,
    shown_decimals,
)
from hginventory.report.excel import ROW_HEIGHT, YES_NO, Styles, assembled, write_table, write_value
from hginventory.report.plan import (
    article8_dates,
    article21_answers,
    code_words,
    measure_words,
    measures,
    national_tables,
    new_and_existing,
    printed,
    recalculation,
    relevant_sources,
)
from hginventory.report.plan.build import (
    BASE_YEAR,
    BLANK,
    BY_THE_RULE,
    EMPTY,
    INTERVAL,
    MISSING,
    NOTES,
    SOURCES,
    VERSION,
    PlanTable,
)
from hginventory.report.plan.columns import described, label_texts
from hginventory.report.plan.layout import PARTS, number_order
from hginventory.report.tables import TableSheet
from hginventory.report.text import Words, markdown, plain

MARKDOWN, WORKBOOK = "plan.md", "plan.xlsx"
HEADING, MORE_ROWS, CONTENTS = "Mercury emission plan tables", "More rows in {file}: {count}", "Contents"
MARKDOWN_ROWS = 25  # of a table; the rest is in its CSV
NUMBER_WIDTH, TITLE_WIDTH = 12, 110  # widths [characters]
NOTE_LINE = 95  # characters of a note on a line of that width; not every program finds the height of a row itself


def write_plan(tables: Sequence[PlanTable], folder: str | Path, words: Words, heading: str, notice: str) -> Path:
    """Write plan tables into a folder and return it.

    Parameters
    ----------
    tables : sequence of PlanTable
        From `build.plan_tables`, in the language of the plan.
    folder : str or Path
        Where; made where there is none.
    words : Words
        Language of labels and numbers; names of columns and codes stay.
    heading, notice : str
        Title of the plan, and what every report of the fleet has to say.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    parts = printed_parts(tables)
    for one in parts:
        write_csv(one.table, target / _csv_name(one))
    (target / MARKDOWN).write_bytes(_markdown(parts, words, heading, notice).encode("utf-8"))
    (target / WORKBOOK).write_bytes(_workbook(parts, words, heading, notice))
    return target


def file_names(tables: Sequence[PlanTable]) -> list[str]:
    """Return the names of the files of a plan."""
    return [*map(_csv_name, printed_parts(tables)), MARKDOWN, WORKBOOK]


def _csv_name(one: PlanTable) -> str:
    return f"{one.number}_{one.name}.csv"


def printed_parts(tables: Sequence[PlanTable]) -> list[PlanTable]:
    """Return the parts of wide tables in the order of their numbers, as every file of a plan has them."""
    return sorted((part for one in tables for part in one.parts), key=lambda part: number_order(part.number))


def plan_texts() -> list[str]:
    """Return every text of the plan that is to be translated.

    >>> "Emissions by province" in plan_texts()
    True
    """
    titles = [part.title for parts in PARTS.values() for part in parts]
    questions = [text for _, question, _, _, needed in article21_answers.QUESTIONS for text in (question, needed)]
    sentences = (
        *new_and_existing.EVIDENCE,
        *article8_dates.SENTENCES,
        *code_words.SENTENCES,
        *measure_words.SENTENCES,
        *measures.SENTENCES,
        *printed.SENTENCES,
        *relevant_sources.SENTENCES,
        *article21_answers.SENTENCES,
        *recalculation.SENTENCES,
        *national_tables.SUB_CATEGORIES.values(),
        national_tables.NOT_STATED,
        *national_tables.INSIDE.values(),
    )
    own = [SOURCES, VERSION, BASE_YEAR, BLANK, INTERVAL, HEADING, MORE_ROWS, CONTENTS, *YES_NO.values(), BY_THE_RULE]
    notes = [*NOTES.values(), *MISSING.values(), *dict.fromkeys(EMPTY.values())]
    return [*own, *titles, *notes, *sentences, *questions, *label_texts()]


def _markdown(tables: Sequence[PlanTable], words: Words, heading: str, notice: str) -> str:
    lines = [f"# {markdown(heading)}", ""]
    if notice:
        lines += [f"> {markdown(notice)}", ""]
    lines += [f"## {words(CONTENTS)}", ""]
    lines += [f"- [{one.number} {markdown(one.title)}](#{one.number.lower()})" for one in tables]
    for one in tables:
        lines += ["", f'<a id="{one.number.lower()}"></a>', "", f"## {one.number} {markdown(one.title)}", ""]
        lines += [_table(one, words), ""] if len(one.table) else []
        if one.note:
            lines += [markdown(one.note), ""]
        more = len(one.table) - MARKDOWN_ROWS
        if more > 0:
            lines += [words(MORE_ROWS, file=f"`{_csv_name(one)}`", count=words.number(more)), ""]
    return "\n".join(lines)


def _table(one: PlanTable, words: Words) -> str:
    columns = list(shown_columns(one, words).values())
    heads = [f"{markdown(one.label)} [{one.shown_unit}]" if one.shown_unit else markdown(one.label) for one in columns]
    aligned = ["---" if column.is_text else "---:" for column in columns]
    lines = ["| " + " | ".join(heads) + " |", "|" + "|".join(aligned) + "|"]
    for row in one.table.head(MARKDOWN_ROWS).itertuples(index=False):
        cells = (markdown(shown_cell(value, column, words)) for value, column in zip(row, columns, strict=True))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def shown_columns(one: PlanTable, words: Words) -> dict[str, ResultColumn]:
    """Return what the columns of a table are: those of one unit have the same decimals.

    A unit that the label says, as of "Units covered", is left out.

    Parameters
    ----------
    one : PlanTable
        A part of a plan table.
    words : Words
        Language of the labels.
    """
    told = {str(name): described(str(name), one.number, words.say) for name in one.table.columns}
    amounts: dict[str, list[pd.Series[Any]]] = {}
    for name, column in told.items():
        if column.style == AMOUNT:
            amounts.setdefault(column.unit, []).append(one.table[name])
    decimals = {unit: number_format(decimals_of(pd.concat(values))) for unit, values in amounts.items()}
    return {
        name: replace(
            column,
            style=decimals.get(column.unit, column.style) if column.style == AMOUNT else column.style,
            unit="" if column.style == YEAR or column.unit.casefold() in column.label.casefold() else column.unit,
        )
        for name, column in told.items()
    }


def shown_cell(value: object, column: ResultColumn, words: Words) -> str:
    """Return a value as a page shows it, with the signs of the language and nothing for a blank.

    Parameters
    ----------
    value : object
        Value of a cell.
    column : ResultColumn
        Its column, as `shown_columns` returns it.
    words : Words
        Language.

    Examples
    --------
    >>> from hginventory.report.columns import column
    >>> from hginventory.report.text import words_in
    >>> shown_cell(0.1234, column("share"), words_in("id")), shown_cell(True, column("share"), words_in("en"))
    ('12,3', 'yes')
    """
    if is_blank(value) or value is pd.NA:
        return ""
    if isinstance(value, bool | np.bool_):
        return words(YES_NO[bool(value)])
    if isinstance(value, int | float | np.number):
        if column.style in (YEAR, GENERAL):
            return f"{value:.10g}".replace(".", words.decimal)
        decimals = shown_decimals(column.style)
        number = float(value) * (100.0 if column.style == SHARE else 1.0)
        return words.number(round(number, decimals) + 0.0, decimals)  # no negative zero
    return str(value)


def _workbook(tables: Sequence[PlanTable], words: Words, heading: str, notice: str) -> bytes:
    stream = io.BytesIO()
    with assembled(stream, title=plain(heading)) as book:
        styles = Styles(book)
        _contents(book.add_worksheet("Plan"), styles, tables, heading, notice)
        for one in tables:
            known = shown_columns(one, words)
            title = f"{one.number} {one.title}"
            spec = TableSheet(one.number, one.number, title, _spoken(one.table, words), known=known,
                              headings=(title, *filter(None, (one.note,))))  # fmt: skip
            write_table(book, styles, spec, heading)
    return stream.getvalue()


def _contents(sheet: Any, styles: Styles, tables: Sequence[PlanTable], heading: str, notice: str) -> None:
    text = styles.pair(text_wrap=True, valign="top")
    sheet.set_column(0, 0, NUMBER_WIDTH)
    sheet.set_column(1, 1, TITLE_WIDTH)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, heading, styles.title)
    if notice:
        sheet.set_row(1, ROW_HEIGHT * math.ceil(len(notice) / NOTE_LINE))
        write_value(sheet, 1, 1, notice, styles.pair(text_wrap=True, valign="top", bold=True, bg_color="#FFF2CC"))
    row = 3
    for one in tables:
        sheet.write_url(row, 0, f"internal:'{one.number}'!A1", string=one.number)
        write_value(sheet, row, 1, one.title, text)
        row += 1
        if one.note:
            sheet.set_row(row, ROW_HEIGHT * math.ceil(len(one.note) / NOTE_LINE))
            write_value(sheet, row, 1, one.note, styles.pair(text_wrap=True, valign="top", italic=True, indent=1))
            row += 1
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _spoken(table: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return a table with yes and no in the language."""
    flags = [name for name in table.columns if pd.api.types.is_bool_dtype(table[name])]
    return table.assign(**{str(name): [words(YES_NO[bool(value)]) for value in table[name]] for name in flags})
