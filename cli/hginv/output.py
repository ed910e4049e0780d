"""How results are shown: JSON for programs, tables for people. No numbers are made here."""

from __future__ import annotations

import json
import math
import shlex
import shutil
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from hginventory.errors import HgInventoryError
    from hginventory.inputs.findings import Finding

SCHEMA = "hginv/1"
PIPED_WIDTH = 120  # characters of a table that no terminal limits
SENTENCE_WIDTH = 100  # characters of a sentence in a wide terminal
NEVER_CUT = ("id", "cell")  # columns of text that the next command needs
LEAST_WIDTH = 8  # characters that are left of a text where all cannot stand


def show_json(command: str, data: Mapping[str, Any], findings: Sequence[Finding] = ()) -> None:
    """Print the one JSON object of a command."""
    click.echo(_dump({"schema": SCHEMA, "command": command, "status": "ok", "data": data, "findings": findings}))


def error_json(error: HgInventoryError) -> str:
    """Return the JSON object of a failed command."""
    from hginv.parameters import as_options

    findings = getattr(error, "findings", ())
    status = {"message": as_options(error), "kind": type(error).__name__, "exit_code": error.exit_code}
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


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as percent; a share of nothing is blank.

    >>> percent(0.1415), percent(0.1415, 1), percent(float("nan"))
    ('14%', '14.1%', '')
    """
    return "" if math.isnan(share) else f"{share:.{decimals}%}"


def say(text: str, bullet: str = "", indent: int | None = None) -> None:
    """Print a sentence in lines no longer than the terminal; the lines after the first are indented by the bullet."""
    width = min(SENTENCE_WIDTH, shutil.get_terminal_size((SENTENCE_WIDTH, 24)).columns)
    after = " " * (len(bullet) if indent is None else indent)
    click.echo(textwrap.fill(text, width, initial_indent=bullet, subsequent_indent=after, break_on_hyphens=False))


def command_line(*words: object) -> str:
    """Return a command of this program as a shell takes it, whatever signs its words have.

    >>> command_line("project", "--fleet", "my fleet.xlsx")
    "hginv project --fleet 'my fleet.xlsx'"
    """
    return shlex.join(("hginv", *map(str, words)))


def show_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    title: str = "",
    words: Sequence[int] = (0,),
    spare: Sequence[int] = (),
    least: int = LEAST_WIDTH,
) -> None:
    """Print a table; the columns named in ``words`` are text and aligned left, numbers right.

    Where the terminal is too narrow, headings take several lines, then columns move closer and the longest texts are
    cut to ``least`` characters, then the columns named in ``spare`` are left out, the first one first. A number is
    never cut, nor what the next command needs: an id, or the address of a cell. Names out of files may contain signs
    that a terminal would obey; those are replaced.
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
    may_cut = {column for column in words if headings[column] not in NEVER_CUT}
    columns, widths, gap = _layout(headings, rows, console.width, may_cut, spare, least)
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, gap - 1, 0, 0),
        show_edge=False,
    )
    for column, width in zip(columns, widths, strict=True):
        justify: Literal["left", "right"] = "left" if column in words else "right"
        heading = Text(headings[column], overflow="fold" if column in words else "ellipsis")
        table.add_column(heading, justify=justify, vertical="bottom", overflow="ellipsis", width=width)
    for row in rows:
        table.add_row(*(Text(row[column], no_wrap=True) for column in columns))
    if title:
        click.echo(f"\n{title}")
    console.width = max(console.width, sum(widths) + gap * len(widths))  # narrower terminals break the lines themselves
    console.print(table)


def _layout(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    room: int,
    may_cut: set[int],
    spare: Sequence[int],
    shortest: int = LEAST_WIDTH,
) -> tuple[list[int], list[int], int]:
    """Return the columns that fit into a line of ``room`` characters, their widths, and the gap between them.

    >>> _layout(["id", "remaining kg"], [["a long name", "5,363"]], 18, {0}, ())
    ([0, 1], [8, 9], 1)
    >>> _layout(["id", "rank", "kg"], [["A1", "1", "5,363"]], 9, set(), [1])
    ([0, 2], [2, 5], 1)
    """
    cells = [max((len(row[column]) for row in rows), default=0) for column in range(len(headings))]
    full = [max(cell, len(heading)) for cell, heading in zip(cells, headings, strict=True)]
    least = [
        max(cell, *(len(word) for word in heading.split()), 1) for cell, heading in zip(cells, headings, strict=True)
    ]
    columns = list(range(len(headings)))
    for wanted, gap in ((full, 2), (least, 2), (least, 1)):
        if sum(wanted) + gap * (len(columns) - 1) <= room:
            return columns, list(wanted), gap
    left_out = list(spare)
    while True:
        widths = {column: least[column] for column in columns}
        over = sum(widths.values()) + len(columns) - 1 - room
        while over > 0:
            longest = max((column for column in columns if column in may_cut), key=lambda p: widths[p], default=None)
            if longest is None or widths[longest] <= shortest:
                break
            widths[longest] -= 1
            over -= 1
        if over <= 0 or not left_out:
            return columns, [widths[column] for column in columns], 1
        columns.remove(left_out.pop(0))
