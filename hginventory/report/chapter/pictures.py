"""Pictures of a Word document: SVG, which is sharp and takes the fonts of the reader, with PNG for other programs."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Emu, Length

from hginventory.report.figures import Figure

SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"  # of Office: the picture also as SVG
SVG_NAMES = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
DRAWING_NAMES = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATION_NAMES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TALL, VERY_TALL = 0.65, 1.1  # height over width from which a picture counts as tall, as a map of a narrow country
NEVER_DRAWN = "\U0010fffd"  # a character that no font has


@dataclass(frozen=True)
class Picture:
    """A figure as it is put into a document, without title, which the caption has.

    Attributes
    ----------
    svg, png : bytes
        The drawing.
    alternative : str
        The text that replaces it.
    """

    svg: bytes
    png: bytes
    alternative: str

    @classmethod
    def of(cls, figure: Figure) -> Picture:
        """Return the picture of a figure."""
        bare = replace(figure, title="", subtitle="", credit="")
        return cls(bare.svg().encode(), bare.png(), figure.alt)


def add_picture(run: Any, picture: Picture, number: int, width: Length, heights: tuple[Length, ...]) -> None:
    """Put a picture into a run of a paragraph.

    Parameters
    ----------
    run : docx Run
        Where.
    picture : Picture
        What.
    number : int
        Of the picture in the document, from 1 on.
    width : Length
        The most that it may take; its proportions stay.
    heights : tuple of Length
        The most of a picture that is broad, of one that is rather tall, and of one that is very tall.
    """
    shape = run.add_picture(io.BytesIO(picture.png), width=width)
    height = heights[sum(shape.height > ratio * shape.width for ratio in (TALL, VERY_TALL))]
    if shape.height > height:
        shape.width, shape.height = Emu(int(shape.width * height / shape.height)), height
    shape._inline.docPr.set("descr", picture.alternative)
    shape._inline.docPr.set("name", f"figure {number}")
    part = run.part
    name = PackURI(f"/word/media/figure{number}.svg")
    relation = part.relate_to(Part(name, "image/svg+xml", picture.svg, part.package), RELATIONSHIP_TYPE.IMAGE)
    blip = shape._inline.graphic.graphicData.pic.blipFill.blip
    blip.append(
        parse_xml(
            f'<a:extLst xmlns:a="{DRAWING_NAMES}"><a:ext uri="{SVG_EXTENSION}"><asvg:svgBlip xmlns:asvg="{SVG_NAMES}" '
            f'xmlns:r="{RELATION_NAMES}" r:embed="{relation}"/></a:ext></a:extLst>'
        )
    )


def missing_glyphs(text: str) -> str:
    """Return the characters of a text that no font of this machine has, so that a PNG shows boxes for them.

    Parameters
    ----------
    text : str
        Any text, as that of an SVG.

    Examples
    --------
    >>> missing_glyphs("Suralaya 5"), missing_glyphs("a" + chr(0x10FFFD)) == chr(0x10FFFD)
    ('', True)
    """
    return "".join(sorted(sign for sign in set(text) if not sign.isascii() and not sign.isspace() and _is_box(sign)))


@cache
def _is_box(sign: str) -> bool:
    return sign == NEVER_DRAWN or _drawn(sign) == _drawn(NEVER_DRAWN)


@cache
def _drawn(sign: str) -> bytes:
    import vl_convert

    return bytes(
        vl_convert.svg_to_png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><text x="2" y="18" font-size="16" '
            f'font-family="Arial, Helvetica, Liberation Sans, sans-serif">{escape(sign)}</text></svg>'
        )
    )
