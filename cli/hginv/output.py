"""How results are shown: JSON for programs, tables for people. No numbers are made here."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from hginventory.errors import HgInventoryError
    from hginventory.inputs.findings import Finding

SCHEMA = "hginv/1"
PIPED_WIDTH = 120  # characters of a table that no terminal limits
COLUMN_GAP = 2
LEAST_WIDTH = 8


def show_json(command: str, data: Mapping[str, Any], findings: Sequence[Finding] = ()) -> None:
    """Print the one JSON object of a command."""
    click.echo(_dump({"schema": SCHEMA, "command": command, "status": "ok", "data": data, "findings": findings}))


def error_json(error: HgInventoryError) -> str:
    """Return the JSON object of a failed command."""
    findings = getattr(error, "findings", ())
    status = {"message": str(error), "kind": type(error).__name__, "exit_code": error.exit_code}
    return _dump({"schema": SCHEMA, "status": "error", "error": status, "findings": findings})


def _dump(content: Mapping[str, Any]) -> str:
    findings = [f.as_dict() for f in content["findings"]]
    return json.dumps(plain({**content, "findings": findings}), ensure_ascii=False, allow_nan=False)


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: numpy scalars as Python's, not-a-number as null.

    >>> plain({"a": float("nan"), "b": (1, 2)})
    {'a': None, 'b': [1, 2]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def show_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "", words: Sequence[int] = (0,)
) -> None:
    """Print a table; the columns named in ``words`` are text and stand left, numbers stand right.

    Where the terminal is too narrow the widest text is cut, never a number. Names out of files may hold signs that a
    terminal would obey; those are replaced.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from hginventory.inputs.findings import printable

    headings = [printable(heading) for heading in headings]
    rows = [[printable(cell) for cell in row] for row in rows]
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPED_WIDTH, no_color=True)
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        title_justify="left",
        title_style="bold",
        show_edge=False,
    )
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    cut = max(words, key=widths.__getitem__)
    taken = sum(width + COLUMN_GAP for place, width in enumerate(widths) if place != cut)
    widths[cut] = max(min(widths[cut], console.width - taken), LEAST_WIDTH)
    for place, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        justify: Literal["left", "right"] = "left" if place in words else "right"
        table.add_column(Text(heading), justify=justify, no_wrap=True, overflow="ellipsis", width=width)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    if title:
        click.echo(f"\n{title}")
    console.print(table)
