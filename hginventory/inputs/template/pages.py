"""The pages of a workbook that are only read: Read_me and Dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hginventory.inputs.schema import CONTRACT_SHEETS, SCHEMA_VERSION, SETTINGS, SETTINGS_SHEET, Column
from hginventory.inputs.template.sheets import bounds_of, write_value
from hginventory.inputs.template.styles import LINE_HEIGHT, WANTED_SIGN, height_of
from hginventory.translations import Translator

TITLE = "Mercury inventory: fleet workbook"
STEPS_HEADING = "Five steps"
STEPS = (
    "Settings: write the country and the base year. The rest may stay blank.",
    "Coal_units and Cement_kilns: one row for each boiler or kiln, from row 4 down. Begin with the columns marked with a star (*).",
    "Row 2 states the unit of a column. If your numbers are in another unit, choose it there from the list; do not convert by hand.",
    "Leave blank what you do not know: a default is taken, counted and named in the results. The word none says that nothing is installed; unknown says that nobody knows.",
    "Save the file, check it with hginv validate, then compute with hginv project.",
)
KEY_HEADING = "Colours, in words"
KEY: tuple[tuple[str, str, str], ...] = (
    ("label_wanted", "Label", "Pale yellow label with a star: required, or wanted first. Of two capacities one is enough."),
    ("wanted", "", "Pale yellow cell: the row is begun and this cell is still blank."),
    ("label", "Label", "White label: optional, makes the result better."),
    ("unit", "mg/kg", "Pale blue, row 2: unit; another one can be chosen from the list."),
    ("unit_fixed", "MJ", "Grey, row 2: the unit is fixed, or there is none. 1 means a share between 0 and 1."),
    ("name", "unit_id", "Grey, row 3: fixed names that the program reads. They are locked."),
    ("example", "Example", "Grey italics: example row. It is left out as long as its note begins with EXAMPLE."),
)  # fmt: skip
_SAMPLE_WORDS = ("Label", "Example")
SHEETS_HEADING = "Sheets"
PAGES: Mapping[str, str] = {
    SETTINGS_SHEET: "Country, base year and rules of this fleet.",
    "Lists": "Words that the drop-downs offer, with their meaning. Locked.",
    "Dictionary": "Every column: meaning, unit, range, codes. Locked.",
}
REMARKS_HEADING = "Good to know"
REMARKS = (
    "Sheets are protected without a password, so that fixed names are not changed by accident: Review, Unprotect Sheet.",
    "Pasting takes drop-downs away. That does no harm: the program checks every cell and names what is wrong.",
    "Write numbers as numbers, without unit and without thousands separator.",
    "A row of the sheet Sources and its source_id make a number traceable in every report.",
)
LANGUAGE = "Labels and meanings are in English; fixed names and codes are the same in every language. For another language, use hginv template."
_TEXT_WIDTH = 105  # characters
HEADS = ("Sheet", "Name (fixed)", "Label", "Meaning", "Unit of measure", "Allowed units", "Range", "Needed", "Codes")


def write_read_me(
    sheet: Any, about: Sequence[str], sheets: Iterable[str], tr: Translator, styles: Mapping[str, Any]
) -> None:
    """Write the page that explains the workbook; the notes on this fleet come first.

    Parameters
    ----------
    sheet : xlsxwriter worksheet
        Where to write.
    about : sequence of str
        Title and paragraphs about the fleet, already in words; empty for a template.
    sheets : iterable of str
        Data sheets of the workbook.
    tr : Translator
        For everything else.
    styles : mapping
        Formats by name.
    """
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, _TEXT_WIDTH)
    row = 0

    def line(first: str, text: str, first_style: str = "paragraph", style: str = "paragraph") -> None:
        nonlocal row
        if first:
            sheet.write_string(row, 0, first, styles[first_style])
        elif first_style != "paragraph":
            sheet.write_blank(row, 0, None, styles[first_style])
        sheet.write_string(row, 1, text, styles[style])
        sheet.set_row(row, height_of(text, _TEXT_WIDTH))
        row += 1

    def heading(text: str, style: str = "heading") -> None:
        nonlocal row
        row += 1 if row else 0
        sheet.write_string(row, 0, text, styles[style])
        if style == "heading":
            sheet.write_blank(row, 1, None, styles[style])
        row += 1

    sheet.set_row(0, 24)
    heading(about[0] if about else tr(TITLE), "title")
    for paragraph in about[1:]:
        line("", paragraph)
    heading(tr(STEPS_HEADING))
    for number, step in enumerate(STEPS, 1):
        line(str(number), tr(step))
    heading(tr(KEY_HEADING))
    for style, sample, meaning in KEY:
        words = tr(sample) if sample in _SAMPLE_WORDS else sample
        line(f"{words} {WANTED_SIGN}" if style == "label_wanted" else words, tr(meaning), style)
    heading(tr(SHEETS_HEADING))
    meanings = {**PAGES, **{name: CONTRACT_SHEETS[name].meaning for name in sheets}}
    for name in (SETTINGS_SHEET, *sheets, "Lists", "Dictionary"):
        line(name, tr(meanings[name]))
    heading(tr(REMARKS_HEADING))
    for remark in (*REMARKS, LANGUAGE):
        line("", tr(remark))
    line("", f"hginv_template_version {SCHEMA_VERSION}")
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.protect("")


def write_dictionary(sheet: Any, sheets: Iterable[str], tr: Translator, styles: Mapping[str, Any]) -> None:
    """Write every column of every sheet, one row each."""
    widths = (15, 21, 22, 52, 10, 22, 22, 12, 70)
    for index, (head, width) in enumerate(zip(HEADS, widths, strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, tr(head), styles["label"])
    sheet.set_row(0, 2 * LINE_HEIGHT)
    columns = [(SETTINGS_SHEET, column) for column in SETTINGS]
    columns += [(name, column) for name in sheets for column in CONTRACT_SHEETS[name].columns]
    for row, (name, column) in enumerate(columns, 1):
        needed = tr("required") if column.required else WANTED_SIGN if column.essential else ""
        texts = (
            name, column.name, tr(column.label), tr(column.meaning), column.unit, ", ".join(column.allowed_units),
            bounds_of(column), needed, _codes_in_words(column, tr),
        )  # fmt: skip
        sheet.set_row(row, max(height_of(text, width) for text, width in zip(texts, widths, strict=True)))
        for index, text in enumerate(texts):
            sheet.write_blank(row, index, None, styles["cell"])
            write_value(sheet, row, index, text, styles["cell"])
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(columns), len(HEADS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.protect("", {"autofilter": True, "sort": False, "format_columns": True})


def _codes_in_words(column: Column, tr: Translator) -> str:
    if column.codes is None:
        return ", ".join(column.suggestions)
    codes = column.devices or column.codes.codes
    meanings = {code: tr(column.codes.meanings[code]) for code in codes}
    return "; ".join(code if code == meaning else f"{code} = {meaning}" for code, meaning in meanings.items())
