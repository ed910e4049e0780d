"""What a figure is: a finding as title, a chart, a text that replaces it, and the numbers it shows."""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import altair as alt
import pandas as pd

from hginventory.errors import UsageError
from hginventory.files import new_file
from hginventory.report.columns import column
from hginventory.report.figures.interaction import PARAMETERS, still, titled
from hginventory.report.figures.style import CONFIG, DARK, FONT
from hginventory.report.text import Words

ALT_LENGTH = 150
TITLE_LENGTH = 84  # characters a line
TABLE = "table"
DIGITS = 5  # significant figures of numbers handed to a chart
PNG_SCALE = 2.0
LINE, MARGIN, CHARACTER = 15.0, 8.0, 5.6  # of text under a drawing: height, left edge, mean width of a letter [pixels]
LEAST_WIDTH = 560.0  # of a drawing with text under it [pixels]
_SIZE = re.compile(r'<svg [^>]*?(?P<size>width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)" viewBox="[^"]*")[^>]*>')
_UNIT = re.compile(r"(?<=\d) (?=(?:t|kg|%)(?!\w))")
_ID = re.compile(r'((?:id="|url\(#)(clip|gradient_))(\d+)')


@dataclass(frozen=True)
class Figure:
    """A figure.

    Attributes
    ----------
    name : str
        Short name, as in file names.
    title, subtitle : str
        What the figure finds; quantity and unit.
    alt : str
        The figure in at most 150 characters, made from its numbers.
    chart : altair chart
        Its data are named (``table`` and others of `data`), not included.
    table : DataFrame
        The numbers, for people: shown under the figure.
    data : mapping of str to DataFrame
        What the chart draws, by name; ``table`` unless another is given.
    words : Words
        Language.
    heads : mapping of str to str
        Words for columns of the table that results do not have.
    shares : sequence of str
        Columns of the table that are shares, which people read as percent.
    note : str
        What a reader must know about it.
    credit : str
        Whom the figure has to name as the source of its data.
    listed : sequence of str
        What the numbers 1, 2, ... on the chart stand for.
    footer : sequence of str
        Source, date, version and notices, written under a figure that is saved by itself.
    window : sequence of float
        West, south, east, north of a map [degree], which the page can enlarge.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    chart: Any
    table: pd.DataFrame
    words: Words
    data: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)
    shares: Sequence[str] = ()
    note: str = ""
    credit: str = ""
    listed: Sequence[str] = ()
    footer: Sequence[str] = ()
    window: Sequence[float] = ()

    def __post_init__(self) -> None:
        if len(self.alt) > ALT_LENGTH:
            object.__setattr__(self, "alt", textwrap.shorten(self.alt, ALT_LENGTH, placeholder="…"))

    def head(self, name: str) -> str:
        """Return the words for a column of the table, with its unit."""
        if name in self.heads:
            return self.heads[name]
        known = column(name)
        unit = known.shown_unit
        label = self.words(known.label)
        return f"{label} [{unit}]" if unit and unit not in ("year", "units", "%") else label

    def kind(self, name: str) -> str:
        """Return how a column of the table is shown: year, count, share or number."""
        return {"year": "year", "rank": "count"}.get(name, "share" if name in self.shares else "number")

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return the data of the chart by name."""
        return dict(self.data) or {TABLE: self.table}

    def bare(self) -> dict[str, Any]:
        """Return the Vega-Lite specification without its data."""
        title = {
            "text": textwrap.wrap(unbroken(self.title), TITLE_LENGTH),
            "subtitle": [
                line
                for text in (self.subtitle, self.credit)
                for line in textwrap.wrap(unbroken(text), TITLE_LENGTH + 22)
            ],
        }
        spec: dict[str, Any] = self.chart.to_dict(validate=False, context={"pre_transform": False})
        spec["params"] = [*PARAMETERS, *spec.get("params", [])]
        whole = {**spec, "title": title, "description": self.alt, "config": CONFIG}
        return dict(titled(whole, self.head))

    def spec(self) -> dict[str, Any]:
        """Return the whole Vega-Lite specification, without what answers a pointer."""
        return {**still(self.bare()), "datasets": {name: records(frame) for name, frame in self.frames().items()}}

    def altair(self) -> Any:
        """Return the chart with its data, to be changed with Altair."""
        return alt.Chart.from_dict(self.spec())

    def svg(self, *, footer: bool = False) -> str:
        """Return the figure as SVG, drawn without a browser.

        Parameters
        ----------
        footer : bool
            Also source, date, version and notices, for a figure that is saved by itself.
        """
        import vl_convert

        drawn = str(vl_convert.vegalite_to_svg(json.dumps(self.spec()), format_locale=self.words.vega()))
        drawn = _numbered_from_one(drawn)
        drawn = drawn.replace("<svg ", f'<svg role="img" aria-label={quoteattr(self.alt)} ', 1)
        lines = [f"{number}. {text}" for number, text in enumerate(self.listed, start=1)]
        return with_lines(drawn, lines, [self.note, *self.footer] if footer else [])

    def png(self, *, footer: bool = False) -> bytes:
        """Return the figure as PNG, drawn without a browser; footer as in `svg`."""
        import vl_convert

        return bytes(vl_convert.svg_to_png(self.svg(footer=footer), scale=PNG_SCALE))

    def save(self, path: str | Path) -> Path:
        """Write the figure as .svg, .png or .json (the specification) and return the path.

        A picture has its source, date, version and notices under it.
        """
        target = Path(path)
        if target.suffix == ".png":
            content = self.png(footer=True)
        elif target.suffix == ".svg":
            content = self.svg(footer=True).encode()
        elif target.suffix == ".json":
            content = json.dumps(self.spec(), ensure_ascii=False).encode()
        else:
            raise UsageError(f"{target}: a figure is written as .svg, .png or .json.")
        with new_file(target, "path") as new:
            new.write_bytes(content)
        return target

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return the figure for a notebook: a drawing that needs no network, and its words."""
        return {"image/svg+xml": self.svg(footer=True), "text/plain": f"{self.title}\n{self.alt}"}


def with_lines(svg: str, listed: Sequence[str], footer: Sequence[str]) -> str:
    """Return a drawing with lines of text under it: what its numbers stand for, in two columns, and small print."""
    size = _SIZE.search(svg)
    if size is None:
        raise ValueError("a drawing without size")
    width, height = float(size["width"]), float(size["height"])
    texts: list[str] = []
    at, wide = height, max(width, LEAST_WIDTH)
    half = -(-len(listed) // 2)
    for x, column_lines in ((MARGIN, listed[:half]), (MARGIN + wide / 2, listed[half:])):
        y = height
        for line in (
            part for text in column_lines for part in textwrap.wrap(unbroken(text), int(wide / 2 / CHARACTER))
        ):
            y += LINE
            texts.append(_text(line, x, y, DARK))
        at = max(at, y)
    at += LINE / 2 if listed else 0.0
    for text in filter(None, footer):
        for line in textwrap.wrap(unbroken(text), int((wide - 2 * MARGIN) / CHARACTER)):
            at += LINE
            texts.append(_text(line, MARGIN, at, "#555555"))
    if not texts:
        return svg
    tall = round(at + LINE / 2)
    open_tag = size[0].replace(size["size"], f'width="{wide:g}" height="{tall}" viewBox="0 0 {wide:g} {tall}"')
    ground = f'<rect width="{wide:g}" height="{tall}" fill="white"/>'
    drawn = svg.replace(size[0], open_tag + ground, 1)
    return drawn.removesuffix("</svg>") + "".join(texts) + "</svg>"


def _text(text: str, x: float, y: float, colour: str) -> str:
    look = f'fill="{colour}" font-family={quoteattr(FONT)} font-size="11px"'
    return f'<text x="{x:g}" y="{y:g}" {look}>{escape(text)}</text>'


def unbroken(text: str) -> str:
    r"""Return a text in which no number is parted from its unit by the end of a line.

    >>> unbroken("10 units: 36.8 t, 60 % of all").split(" ")
    ['10', 'units:', '36.8\xa0t,', '60\xa0%', 'of', 'all']
    """
    return _UNIT.sub("\N{NO-BREAK SPACE}", text)


def _numbered_from_one(svg: str) -> str:
    """Return a drawing whose clips and gradients are numbered from 1; Vega counts on from drawing to drawing."""
    numbers: dict[str, int] = {}
    return _ID.sub(lambda found: f"{found[1]}{numbers.setdefault(found[2] + found[3], len(numbers) + 1)}", svg)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain data, numbers to five figures.

    >>> records(pd.DataFrame({"a": [1.23456789, float("nan")], "b": [1, 2]}))
    [{'a': 1.2346, 'b': 1}, {'a': None, 'b': 2}]
    """
    columns = columns_of(frame)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def columns_of(frame: pd.DataFrame, digits: int = DIGITS) -> dict[str, list[Any]]:
    """Return the columns of a table as plain data, numbers to so many significant figures."""
    return {str(name): [plain_value(value, digits) for value in frame[name].tolist()] for name in frame.columns}


def plain_value(value: Any, digits: int = DIGITS) -> Any:
    """Return a value as JSON knows it: a number to so many figures, whole where it is; blank as None."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        short = float(f"{value:.{digits}g}")
        return int(short) if short.is_integer() else short
    if value is None or isinstance(value, str | int | bool | list | dict):
        return value
    return None if pd.isna(value) else str(value)
