"""Styles of a chapter: those of a template, and the usual ones for what it does not have."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor, Twips

from hginventory.errors import UsageError
from hginventory.reading import MOST_TEMPLATE_STYLES
from hginventory.xlsx import WORD_DOCUMENT, prescan

TABLE_STYLE, CELL_STYLE, SOURCE_STYLE, NOTICE_STYLE = (
    "Chapter table", "Chapter cell", "Chapter source", "Chapter notice",
)  # fmt: skip
DARK, LINE, HEAD = RGBColor(0x1F, 0x3A, 0x5F), "BFBFBF", "E8EEF5"
FONT = "Arial"
BASE_SIZES = {"Normal": 10, "Title": 22, "Subtitle": 11, "Heading 1": 14, "Heading 2": 12, "Caption": 9,
              "List Bullet": 10}  # fmt: skip
OWN_SIZES = {CELL_STYLE: 7, SOURCE_STYLE: 7, NOTICE_STYLE: 10}  # points
WIDEST = Twips(31_680)  # page of Word
LINE_SPACING = 1.08  # of lines of running text
TABLE_XML = (
    '<w:tblPr {names}><w:tblBorders><w:top w:val="single" w:sz="8" w:color="{line}"/>'
    '<w:bottom w:val="single" w:sz="8" w:color="{line}"/><w:insideH w:val="single" w:sz="4" w:color="{line}"/>'
    '</w:tblBorders><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr>"
)


def opened(template: str | Path | None) -> Any:
    """Return an empty document with the styles of a template, and with those it lacks.

    Parameters
    ----------
    template : str or Path or None
        A Word document; None: the usual one.

    Raises
    ------
    UnreadableFileError
        If the template is not a Word document or is too large.
    UsageError
        If no chapter can be written on it.
    """
    if template is None:
        document = docx.Document()
        _set_styles(document, is_own=True)
        return document
    prescan(Path(template), WORD_DOCUMENT)
    try:
        document = docx.Document(str(template))
        body = document.element.body
        for element in list(body)[:-1]:  # the last one says how pages look
            body.remove(element)
        _check_usable(document)
        _set_styles(document, is_own=False)
    except Exception as error:  # whatever a broken file makes zipfile, lxml or python-docx raise
        raise UsageError(
            f"{template} cannot be used as a template ({error}). Use a document that Word saved as .docx, with the "
            "styles Title, Heading 1, Heading 2, Normal, List Bullet and Caption as you want them.",
            parameter="template",
        ) from error
    return document


def _check_usable(document: Any) -> None:
    """Raise ValueError where a document has no page to write on, or styles of another kind than the chapter needs."""
    section = document.sections[0] if len(document.sections) == 1 else None
    left = None if section is None else _text_width(section)
    if section is None or left is None or not 0 < left <= WIDEST:
        raise ValueError("it has no section with a width of the page and of its margins that leave room for text")
    if not section.footer.paragraphs:
        raise ValueError("its footer has no paragraph")
    if len(document.styles) > MOST_TEMPLATE_STYLES:
        raise ValueError(f"it has {len(document.styles):,} styles; at most {MOST_TEMPLATE_STYLES:,} are read")
    kinds = dict.fromkeys([*BASE_SIZES, *OWN_SIZES], WD_STYLE_TYPE.PARAGRAPH) | {TABLE_STYLE: WD_STYLE_TYPE.TABLE}
    for style in document.styles:
        if style.type != kinds.get(style.name, style.type):
            raise ValueError(f"its style {style.name} is not one of {kinds[style.name].name.lower()}s")


def _text_width(section: Any) -> int | None:
    """Return how wide a page is between its margins [EMU]; None where the section does not say it."""
    page, left, right = section.page_width, section.left_margin, section.right_margin
    return None if None in (page, left, right) else int(page - left - right)


def _set_styles(document: Any, *, is_own: bool) -> None:
    """Add the styles that a document does not have; give those of the usual template their look."""
    known = {style.name for style in document.styles}
    usual = docx.Document().styles
    for name in set(BASE_SIZES) - known:  # Word stores a style only once a document has used it
        element = copy.deepcopy(usual[name].element)
        for numbering in element.findall(f"{qn('w:pPr')}/{qn('w:numPr')}"):
            numbering.getparent().remove(numbering)  # names a list of the other document
        document.styles.element.append(element)
    for name, size in {**BASE_SIZES, **OWN_SIZES}.items():
        if name in known and not is_own:
            continue
        style = (
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            if name not in {*known, *BASE_SIZES}
            else document.styles[name]
        )
        style.font.size, style.font.name = Pt(size), FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for part in [part for part in fonts.attrib if part.endswith("Theme")]:
            del fonts.attrib[part]
        style.paragraph_format.space_after = Pt(0 if name == CELL_STYLE else 6)
        style.paragraph_format.line_spacing = 1.0 if name in OWN_SIZES or name == "Caption" else LINE_SPACING
        if name.startswith(("Title", "Heading", "Caption", "Subtitle")):
            style.font.color.rgb = DARK
            style.font.italic, style.font.bold = False, name != "Subtitle"
    if NOTICE_STYLE not in known:
        document.styles[NOTICE_STYLE].element.get_or_add_pPr().insert(
            0, parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="FFF2CC"/>')
        )
    if TABLE_STYLE not in known:
        style = document.styles.add_style(TABLE_STYLE, WD_STYLE_TYPE.TABLE)
        style.element.append(parse_xml(TABLE_XML.format(names=nsdecls("w"), line=LINE)))
