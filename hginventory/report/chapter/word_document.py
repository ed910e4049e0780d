"""A Word document built from headings, sentences, tables and figures, on the styles of a template."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu, Length, Pt

from hginventory.report.chapter.fields import add_field, set_fields_updated
from hginventory.report.chapter.pictures import Picture, add_picture
from hginventory.report.chapter.same_bytes import file_bytes
from hginventory.report.chapter.styles import (
    CELL_STYLE,
    HEAD,
    NOTICE_STYLE,
    SOURCE_STYLE,
    TABLE_STYLE,
    opened,
)
from hginventory.report.text import Words

SHORT_SIDE, LONG_SIDE, MARGIN = Cm(21.0), Cm(29.7), Cm(1.9)  # A4
HEIGHTS: tuple[Length, ...] = Cm(6.3), Cm(8.4), Cm(14.0)  # the most of a broad picture, a tall one, a very tall one
BULLET = "\u2022 "
TOGETHER = 8  # rows of a table that stay on one page
HEAD_LETTER, LETTER, PADDING = 5.1, 4.6, 7.0  # width of a letter of a table, and of the space beside texts [points]
LONGEST_WORD, LONGEST_TEXT = 20, 120  # letters that a column gets for a word, and for a text, before it breaks


class WordDocument:
    """Writes a document from top to bottom; headings, tables and figures are numbered.

    Parameters
    ----------
    words : Words
        Language.
    template : str or Path, optional
        Document whose styles, headers and footers are used; its text is not.

    Raises
    ------
    UsageError
        If the template is not a Word document.
    """

    def __init__(self, words: Words, template: str | Path | None = None) -> None:
        self.words = words
        self.document = opened(template)
        self._figures, self._tables, self._marks = itertools.count(1), itertools.count(1), itertools.count(1)
        self._chapters = [0, 0]
        self.headings: list[tuple[int, str, str]] = []  # level, text, bookmark
        self._set_language(words.language)
        if template is None:
            self._set_a4(self.document.sections[0])

    def title(self, text: str, lines: Sequence[str]) -> None:
        """Write the title and the lines below it."""
        self._add(text, "Title")
        for line in lines:
            self._add(line, "Subtitle")

    def section(self, heading: str, lead: str) -> None:
        """Begin a section: its heading, and a sentence that says what it shows."""
        self.heading(heading)
        self.text(lead)

    def heading(self, text: str, level: int = 1) -> None:
        """Write a heading with its number and remember it for the contents."""
        self._chapters[level - 1] += 1
        self._chapters[level:] = [0] * (2 - level)
        numbered = f"{'.'.join(map(str, self._chapters[:level]))} {text}"
        mark = f"_Toc{next(self._marks):08d}"
        paragraph = self._add(numbered, f"Heading {level}")
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(qn("w:id"), str(len(self.headings) + 1))
        start.set(qn("w:name"), mark)
        paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
        paragraph._p.append(end)
        self.headings.append((level, numbered, mark))

    def text(self, text: str, style: str = "Normal") -> None:
        """Write a paragraph; none where the text is empty."""
        if text:
            self._add(text, style)

    def notice(self, text: str) -> None:
        """Write what a reader must see."""
        self.text(text, NOTICE_STYLE)

    def bullets(self, texts: Sequence[str]) -> None:
        """Write a list; with a sign of its own where the style of the template has none."""
        style = self.document.styles["List Bullet"].element
        sign = "" if style.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None else BULLET
        for text in texts:
            self.text(f"{sign}{text}" if text else "", "List Bullet")

    def contents_here(self) -> Any:
        """Return the paragraph behind which the contents go, once all headings are known; see `fill_contents`."""
        return self._add(self.words("Contents"), "Subtitle")

    def fill_contents(self, anchor: Any) -> None:
        """Write the contents: a field that Word brings up to date, filled with the headings there are."""
        lines = [(level, text, mark) for level, text, mark in self.headings if level == 1]
        after = anchor
        for at, (_, text, mark) in enumerate(lines):
            paragraph = self._add("", "Normal")
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.tab_stops.add_tab_stop(self.width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
            if at == 0:
                add_field(paragraph, 'TOC \\o "1-1" \\h \\z \\u', "begin")
            paragraph.add_run(f"{text}\t")
            add_field(paragraph, f"PAGEREF {mark} \\h", "whole", "")
            if at == len(lines) - 1:
                add_field(paragraph, "", "end")
            after._p.addnext(paragraph._p)
            after = paragraph

    def table(
        self, caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], are_texts: Sequence[bool], *,
        note: str = "",
    ) -> None:  # fmt: skip
        """Write a table with its caption above and its note below.

        Parameters
        ----------
        caption : str
            What it shows.
        heads : sequence of str
            Labels of the columns.
        rows : sequence of sequence of str
            Cells.
        are_texts : sequence of bool
            Columns of texts, which start on the left; numbers end on the right.
        note : str
            What a reader must know of it.
        """
        self._caption("Table", self.words("Table"), next(self._tables), caption).paragraph_format.keep_with_next = True
        made = self.document.add_table(rows=1, cols=len(heads), style=TABLE_STYLE)
        made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        for row, cells in enumerate((heads, *rows)):
            line = made.rows[0] if row == 0 else made.add_row()
            _set_row(line, is_head=row == 0)
            for cell, text, is_text in zip(line.cells, cells, are_texts, strict=True):
                paragraph = cell.paragraphs[0]
                paragraph.style = CELL_STYLE
                paragraph.add_run(text).bold = row == 0 or None
                paragraph.alignment = None if is_text else WD_ALIGN_PARAGRAPH.RIGHT
                paragraph.paragraph_format.keep_with_next = (
                    row < min(len(rows), 4) or row == len(rows) or len(rows) <= TOGETHER or None
                )
        for column, width in zip(made.columns, _widths(self.width, heads, rows, are_texts), strict=True):
            column.width = width
            for cell in column.cells:
                cell.width = width
        self.text(note or " ", SOURCE_STYLE)

    def figure(self, picture: Picture, caption: str, source: str) -> None:
        """Write a figure with its caption and its source line below."""
        number = next(self._figures)
        paragraph = self._add("", "Normal")
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_after = Pt(2)
        add_picture(paragraph.add_run(), picture, number, self.width, HEIGHTS)
        self._caption("Figure", self.words("Figure"), number, caption).paragraph_format.keep_with_next = True
        self.text(source, SOURCE_STYLE)

    @property
    def width(self) -> Emu:
        """Width of the text."""
        section = self.document.sections[-1]
        return Emu(section.page_width - section.left_margin - section.right_margin)

    def footer(self, text: str) -> None:
        """Write the line below every page, with the number of the page."""
        footer = self.document.sections[0].footer
        first = footer.paragraphs[0]
        paragraph = footer.add_paragraph() if first.text.strip() else first  # a template has its own
        paragraph.style = SOURCE_STYLE
        paragraph.text = f"{text}   |   {self.words('Page')} "
        add_field(paragraph, "PAGE", "whole")
        paragraph.add_run(" / ")
        add_field(paragraph, "NUMPAGES", "whole")

    def file(self, title: str) -> bytes:
        """Return the document as the bytes of its file."""
        set_fields_updated(self.document)
        return file_bytes(self.document, title)

    def _add(self, text: str, style: str) -> Any:
        return self.document.add_paragraph(_printable(text), style=style)

    def _caption(self, sequence: str, label: str, number: int, text: str) -> Any:
        paragraph = self._add(f"{label} ", "Caption")
        add_field(paragraph, f"SEQ {sequence} \\* ARABIC", "whole", str(number))
        paragraph.add_run(_printable(f". {text}"))
        return paragraph

    def _set_language(self, language: str) -> None:
        defaults = self.document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        if defaults is not None:
            found = defaults.find(qn("w:lang"))
            found = defaults.makeelement(qn("w:lang"), {}) if found is None else found
            found.set(qn("w:val"), language)
            defaults.append(found)

    @staticmethod
    def _set_a4(section: Any) -> None:
        section.page_width, section.page_height = SHORT_SIDE, LONG_SIDE
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN


def _set_row(row: Any, *, is_head: bool) -> None:
    """Keep a row on one page; repeat the first one on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
        for cell in row.cells:
            cell._tc.get_or_add_tcPr().append(
                parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{HEAD}"/>')
            )


def _widths(width: int, heads: Sequence[str], rows: Sequence[Sequence[str]], are_texts: Sequence[bool]) -> list[Emu]:
    """Return the widths of columns: numbers get what they need, texts share the rest by how long they are."""
    least, wanted = [], []
    for at, (head, is_text) in enumerate(zip(heads, are_texts, strict=True)):
        cells = [row[at] for row in rows] or [""]
        word = max(
            _longest([head]) * HEAD_LETTER, _longest(cells) * LETTER if is_text else max(map(len, cells)) * LETTER
        )
        text = min(sum(map(len, cells)) / len(cells), LONGEST_TEXT) * LETTER if is_text else 0.0
        least.append(word + PADDING)
        wanted.append(max(text + PADDING - least[-1], 0.0))
    spare = max(Emu(width).pt - sum(least), 0.0)
    share = [want / sum(wanted) for want in wanted] if any(wanted) else [1.0 / len(least)] * len(least)
    points = [few + spare * part for few, part in zip(least, share, strict=True)]
    return [Emu(int(width * one / sum(points))) for one in points]


def _longest(texts: Sequence[str]) -> int:
    """Return the letters of the longest word that cannot be broken, as far as a column waits for it."""
    words = [len(word) for text in texts for word in re.split(r"\s+|-(?!\d)", text)]
    return min(max(words, default=1), LONGEST_WORD)


def _printable(text: str) -> str:
    """Return a text without control characters, which XML does not allow."""
    return "".join(sign for sign in text if sign.isprintable() or sign == "\t")
