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
from xml.sax.saxutils import quoteattr

import altair as alt
import pandas as pd

from hginventory.errors import UsageError
from hginventory.files import new_file
from hginventory.report.columns import column
from hginventory.report.figures.style import CONFIG
from hginventory.report.text import Words

ALT_LENGTH = 150
TITLE_LENGTH = 84  # characters a line
TABLE = "table"
DIGITS = 5  # significant figures of numbers handed to a chart
PNG_SCALE = 2.0
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
            "text": textwrap.wrap(_held(self.title), TITLE_LENGTH),
            "subtitle": [
                line for text in (self.subtitle, self.credit) for line in textwrap.wrap(_held(text), TITLE_LENGTH + 22)
            ],
        }
        spec: dict[str, Any] = self.chart.to_dict(validate=False, context={"pre_transform": False})
        return {**spec, "title": title, "description": self.alt, "config": CONFIG}

    def spec(self) -> dict[str, Any]:
        """Return the whole Vega-Lite specification."""
        return {**self.bare(), "datasets": {name: records(frame) for name, frame in self.frames().items()}}

    def altair(self) -> Any:
        """Return the chart with its data, for a notebook."""
        return alt.Chart.from_dict(self.spec())

    def svg(self) -> str:
        """Return the figure as SVG, drawn without a browser."""
        import vl_convert

        drawn = str(vl_convert.vegalite_to_svg(json.dumps(self.spec()), format_locale=self.words.vega()))
        drawn = _numbered_from_one(drawn)
        return drawn.replace("<svg ", f'<svg role="img" aria-label={quoteattr(self.alt)} ', 1)

    def png(self) -> bytes:
        """Return the figure as PNG, drawn without a browser."""
        import vl_convert

        locale = self.words.vega()
        return bytes(vl_convert.vegalite_to_png(json.dumps(self.spec()), scale=PNG_SCALE, format_locale=locale))

    def save(self, path: str | Path) -> Path:
        """Write the figure as .svg, .png or .json (the specification) and return the path."""
        target = Path(path)
        if target.suffix == ".png":
            content = self.png()
        elif target.suffix == ".svg":
            content = self.svg().encode()
        elif target.suffix == ".json":
            content = json.dumps(self.spec(), ensure_ascii=False).encode()
        else:
            raise UsageError(f"{target}: a figure is written as .svg, .png or .json.")
        with new_file(target, "path") as new:
            new.write_bytes(content)
        return target

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return self.altair()._repr_mimebundle_(include, exclude)


def _held(text: str) -> str:
    r"""Return a text in which no number is parted from its unit by the end of a line.

    >>> _held("10 units: 36.8 t, 60 % of all").split(" ")
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
