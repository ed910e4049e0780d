"""Fields of Word: contents, numbers of pages and captions, which Word brings up to date when it opens the file."""

from __future__ import annotations

from typing import Any, Literal

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

BEHIND = {  # settings that the schema has behind that of fields
    qn(f"w:{name}")
    for name in ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids", "attachedSchema",
                 "themeFontLang", "clrSchemeMapping", "shapeDefaults", "decimalSymbol", "listSeparator")
} | {qn("m:mathPr")}  # fmt: skip
NOT_YET = "1"  # shown by programs that compute no fields


def add_field(paragraph: Any, code: str, part: Literal["whole", "begin", "end"], shown: str = NOT_YET) -> None:
    """Add a field to a paragraph, or its beginning or end where it reaches over several paragraphs.

    Parameters
    ----------
    paragraph : docx Paragraph
        Where.
    code : str
        As ``PAGE``.
    part : str
        ``whole``, ``begin`` or ``end``.
    shown : str
        What the field shows until it is computed.
    """
    if part != "end":
        _character(paragraph, "begin")
        instruction = OxmlElement("w:instrText")
        instruction.set(qn("xml:space"), "preserve")
        instruction.text = f" {code} "
        paragraph.add_run()._r.append(instruction)
        _character(paragraph, "separate")
    if part == "whole":
        paragraph.add_run(shown)
    if part != "begin":
        _character(paragraph, "end")


def set_fields_updated(document: Any) -> None:
    """Ask Word to compute the fields when it opens the document."""
    settings = document.settings.element
    if settings.find(qn("w:updateFields")) is None:
        element = OxmlElement("w:updateFields")
        element.set(qn("w:val"), "true")
        later = next((one for one in settings if one.tag in BEHIND), None)
        settings.append(element) if later is None else later.addprevious(element)


def _character(paragraph: Any, kind: str) -> None:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(element)
