"""``hginv factors``: the factor tables, row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hginv.options import json_option

if TYPE_CHECKING:
    from hginventory.factors import FactorRow


@click.group("factors")
def command() -> None:
    """List the factor rows, or show one with its source."""


@command.command("list")
@click.option("--table", metavar="NAME", help="One table; without it the tables are listed.")
@click.option("--match", metavar="TEXT", help="Only ids that contain this text, as IDN or ESPc.")
@click.option("--all", "with_evidence", is_flag=True, help="Also rows that are evidence or checks, not defaults.")
@json_option
def list_rows(table: str | None, match: str | None, with_evidence: bool, as_json: bool) -> None:
    """List the tables, or the rows of one."""
    from hginv.output import count, say, say_command, show_json, show_table
    from hginventory.errors import UsageError
    from hginventory.factors import TABLES, load_library
    from hginventory.report.text import format_number, nearest

    library = load_library()
    if table is not None and table not in TABLES:
        near = nearest(table, TABLES) or list(TABLES)
        raise UsageError(f"--table: there is no table {table!r}. Near: {', '.join(near)}.")
    if table is None and match is None:
        counts = {name: library.table(name).rows for name in TABLES}
        if as_json:
            show_json("factors list", {"tables": {name: len(rows) for name, rows in counts.items()}})
            return
        lines = [
            [name, str(len(rows)), str(sum(row.use == "default" for row in rows)), TABLES[name].meaning]
            for name, rows in counts.items()
        ]
        show_table(["table", "rows", "defaults", "contents"], lines, words=(0, 3))
        say_command("Next:", "factors", "list", "--table", "coal_mercury", "--match", "IDN")
        return
    rows = [
        row
        for name in ([table] if table else TABLES)
        for row in library.table(name).rows
        if (with_evidence or row.use == "default") and (match or "").casefold() in row.row_id.casefold()
    ]
    if as_json:
        show_json("factors list", {"rows": [_as_dict(row) for row in rows]})
        return
    lines = [[r.row_id, format_number(r.value), r.unit, r.valid_from, r.read_from, r.source_id] for r in rows]
    show_table(["id", "value", "unit", "from", "mark", "source"], lines, words=(0, 2, 3, 4, 5))
    say(f"{count(len(rows), 'row')}. Next: hginv factors show ID")


@command.command("show")
@click.argument("row_id", metavar="ID")
@json_option
def show_row(row_id: str, as_json: bool) -> None:
    """Show one factor row with all its columns."""
    from hginv.output import say, show_json
    from hginventory.errors import UsageError
    from hginventory.factors import load_library

    library = load_library()
    try:
        row = library.row(row_id)
    except KeyError:
        near = library.nearest(row_id)
        raise UsageError(f"there is no factor row {row_id!r}. Near: {'; '.join(near) or 'none'}.") from None
    source = library.source(row.source_id)
    content = {**_as_dict(row), "citation": source.citation, "url": source.url, "licence": source.licence}
    if as_json:
        show_json("factors show", content)
        return
    for name, text in _filled(content.items()):
        say(text, f"{name:<18} ")


def _as_dict(row: FactorRow) -> dict[str, object]:
    content = asdict(row)
    scopes = ";".join(f"{scope}:{share:g}" for scope, share in row.scopes)
    keys = {key: value or "any" for key, value in row.keys.items()}
    return {
        "id": row.row_id, **keys, **row.extra,
        **{k: v for k, v in content.items() if k not in ("keys", "extra", "scopes", "table", "line")},
        "scopes": scopes, "file": f"factors/{row.table}.csv:{row.line}",
    }  # fmt: skip


def _filled(items: Iterable[tuple[str, object]]) -> list[tuple[str, str]]:
    return [
        (name, f"{value:g}" if isinstance(value, float) else str(value))
        for name, value in items
        if value not in ("", None)
    ]
