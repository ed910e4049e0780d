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
USUAL_WIDTH = 80  # characters of a line where no terminal says how many it has
SENTENCE_WIDTH = 100  # characters of a sentence in a wide terminal
TEXT_WIDTH = 16  # characters that a column of text gets before columns move to a table of their own


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


def say(text: str, bullet: str = "", indent: int | None = None) -> None:
    """Print a sentence in lines no longer than the terminal; the lines after the first are indented by the bullet."""
    click.echo(wrapped(text, bullet, indent))


def wrapped(text: str, bullet: str = "", indent: int | None = None, widest: int = SENTENCE_WIDTH) -> str:
    """Return a sentence in lines no longer than the terminal, broken between words and not before a percent sign."""
    return textwrap.fill(
        text.replace(" %", "\N{NO-BREAK SPACE}%"),
        min(widest, terminal_width()),
        initial_indent=bullet,
        subsequent_indent=" " * (len(bullet) if indent is None else indent),
        break_long_words=False,
        break_on_hyphens=False,
    ).replace("\N{NO-BREAK SPACE}%", " %")


def count(number: int, word: str, plural: str = "") -> str:
    """Return a number of things in words.

    >>> count(1, "unit"), count(1200, "unit"), count(2, "country", "countries")
    ('1 unit', '1,200 units', '2 countries')
    """
    return f"{number:,} {word}" if number == 1 else f"{number:,} {plural or word + 's'}"


def number(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """Return a number for a cell of a table: blank where there is none, and no minus before a zero.

    >>> number(-1234.5, 1), number(-0.04, 1), number(float("nan"))
    ('-1,234.5', '0.0', '')
    >>> number(1.25, 1, signed=True), number(-0.04, 1, signed=True)
    ('+1.2', '+0.0')
    """
    return "" if math.isnan(value) else f"{value:{'+' if signed else ''}z,.{decimals}f}"


def say_command(lead: str, *words: object, err: bool = False) -> None:
    """Print a command to copy; one that is longer than the terminal comes in lines that a shell joins.

    With ``err`` it goes to standard error, where standard output is for a program.
    """
    line = f"{lead} {command_line(*words)}"
    if len(line) <= terminal_width():
        click.echo(line, err=err)
        return
    click.echo(wrapped(lead), err=err)
    parts = [shlex.quote(str(word)) for word in words]
    lines = ["  hginv"]
    for part in parts:
        if len(f"{lines[-1]} {part} \\") > terminal_width():
            lines[-1] += " \\"
            lines.append("   ")
        lines[-1] += f" {part}"
    click.echo("\n".join(lines), err=err)


def terminal_width() -> int:
    """Return how many characters a line of the terminal has: COLUMNS, what it says, or the usual number."""
    return shutil.get_terminal_size((USUAL_WIDTH, 24)).columns


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
) -> None:
    """Print a table; the columns named in ``words`` are text and aligned left, numbers right.

    Where the terminal is too narrow, headings and texts take several lines; where that is not enough, the columns are
    in several tables, one below the other, each of which begins with the columns that name the row. No word and no
    number is cut. Names from files may contain signs that a terminal would obey; those are replaced.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from hginventory.inputs.findings import printable

    headings = [printable(heading) for heading in headings]
    rows = [[printable(cell) for cell in row] for row in rows]
    room = terminal_width()
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, no_color=True)
    if title:
        click.echo()
        say(title)
    for index, (columns, widths, gap) in enumerate(table_blocks(headings, rows, room, words)):
        if index:
            click.echo()
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap - 1, 0, 0), show_edge=False)
        for column, width in zip(columns, widths, strict=True):
            justify: Literal["left", "right"] = "left" if column in words else "right"
            table.add_column(Text(headings[column]), justify=justify, vertical="top", overflow="fold", width=width)
        for row in rows:
            table.add_row(*(Text(row[column]) for column in columns))
        console.width = sum(widths) + gap * len(widths)
        console.print(table)


Block = tuple[list[int], list[int], int]


def table_blocks(
    headings: Sequence[str], rows: Sequence[Sequence[str]], room: int, words: Sequence[int]
) -> list[Block]:
    """Return the tables that a table is printed as: the columns of each, their widths [characters], and their gap.

    Parameters
    ----------
    headings, rows : sequence
        Texts of the table.
    room : int
        Width of the terminal [characters].
    words : sequence of int
        Columns of text. Those up to the first of them name the row and begin every table.

    Examples
    --------
    >>> table_blocks(["id", "remaining kg"], [["a long name", "5,363"]], 18, [0])
    [([0, 1], [8, 9], 1)]
    >>> table_blocks(["id", "kg/yr", "kg"], [["A1", "1", "5,363"]], 9, [0])
    [([0, 1], [2, 5], 2), ([0, 2], [2, 5], 2)]
    """
    texts = [[heading, *(row[column] for row in rows)] for column, heading in enumerate(headings)]
    full = [max(map(len, text)) for text in texts]
    every = list(range(len(headings)))
    if sum(full) + 2 * (len(full) - 1) <= room:
        return [(every, full, 2)]
    longest = [max((len(word) for text in own for word in text.split()), default=1) for own in texts]
    # Numbers are not broken, texts not into columns of one word.
    least = [
        max(longest[column], min(full[column], TEXT_WIDTH)) if column in words
        else max(longest[column], *map(len, texts[column][1:]), 1)
        for column in every
    ]  # fmt: skip
    keys = every[: min(words, default=0) + 1]
    blocks: list[list[int]] = [[]]
    for column in every[len(keys) :]:
        block = [*keys, *blocks[-1], column]
        if blocks[-1] and sum(least[one] for one in block) + len(block) - 1 > room:
            blocks.append([])
        blocks[-1].append(column)
    return [_fitted([*keys, *block], full, least, longest, room) for block in blocks]


def _fitted(columns: list[int], full: list[int], least: list[int], longest: list[int], room: int) -> Block:
    """Return a table with the widths that its columns get: what is left goes to those that need it most."""
    widths = {column: least[column] for column in columns}
    gap = 2 if sum(widths.values()) + 2 * (len(columns) - 1) <= room else 1
    free = room - sum(widths.values()) - gap * (len(columns) - 1)
    while free > 0 and any(widths[column] < full[column] for column in columns):
        widths[max(columns, key=lambda column: full[column] / widths[column])] += 1
        free -= 1
    while free < 0:  # words last: one longer than the terminal has to be broken
        widths[max(columns, key=lambda column: (widths[column] > longest[column], widths[column]))] -= 1
        free += 1
    return columns, list(widths.values()), gap
