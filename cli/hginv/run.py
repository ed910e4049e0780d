"""``hginv run``: verify a run folder, or show what changed from one to another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from hginv.options import json_option

DIFFERENT = 5
SHOWN = 10
folder_type = click.Path(path_type=Path)


@click.group("run")
def command() -> None:
    """Check a run folder against a fresh computation, or compare two run folders."""


@command.command("verify")
@click.argument("folder", type=folder_type)
@click.option("--fleet", metavar="FILE", help="Where the fleet of the run is now.  [default: where it was]")
@json_option
def verify_folder(folder: Path, fleet: str | None, as_json: bool) -> None:
    """Compute a run again and compare every file.

    Exit codes: 0 all the same, 2 usage, 4 unreadable fleet, 5 something differs.
    """
    from hginv.output import say, show_json
    from hginventory.reopen import recompute
    from hginventory.report.output import verify, versions_since
    from hginventory.report.record import read_record

    record = read_record(folder)
    found = verify(record, recompute(record, fleet))
    failures = [verdict for verdict in found if verdict.is_failure]
    versions = versions_since(record)
    if as_json:
        rows = [{"file": v.file, "state": v.state, "words": v.words} for v in found]
        show_json("run verify", {"same": not failures, "files": rows, "versions_since": versions})
    else:
        for verdict in found:
            say(f"{verdict.file}: {verdict.state}{f' ({verdict.words})' if verdict.words else ''}")
        if failures and versions:
            say(f"Other versions than those of the run: {', '.join(versions)}.")
        files = len(record.outputs) + len(record.reports)
        say(f"{folder}: {'differs' if failures else f'all {files} files are as the run wrote them'}.")
    if failures:
        sys.exit(DIFFERENT)


@command.command("diff")
@click.argument("before", type=folder_type)
@click.argument("after", type=folder_type)
@click.option("-o", "--out", type=folder_type, help="Write the tables as CSV into this folder.")
@json_option
def diff_folders(before: Path, after: Path, out: Path | None, as_json: bool) -> None:
    """Show what changed from run BEFORE to run AFTER, and which input caused it."""
    from hginv.output import say, show_json
    from hginventory.report.output import save_tables
    from hginventory.report.record import difference, read_record

    found = difference(read_record(before), read_record(after))
    if as_json:
        show_json("run diff", {name: table.to_dict("records") for name, table in found.tables().items()})
    else:
        _show(found)
    if out is not None:
        save_tables(found.tables(), out)
        if not as_json:
            say(f"Wrote {out}/ with {', '.join(f'{name}.csv' for name in found.tables())}.")


def _show(found: Any) -> None:
    from hginv.output import say, show_table
    from hginventory.report.text import format_number

    if found.made.empty and found.units.empty:
        say("The runs are the same: same settings, inputs and numbers.")
        return
    if not found.made.empty:
        rows = [[str(part) for part in row] for row in found.made.itertuples(index=False)]
        show_table(["what changed", "before", "after"], rows, words=(0, 1, 2))
    moved = found.causes[found.causes["units"] > 0]
    if not moved.empty:
        rows = [[row.cause, str(row.units), format_number(row.change_kg)] for row in moved.itertuples()]
        rows.append(["all", str(len(found.units)), format_number(float(moved["change_kg"].sum()))])
        show_table(["cause", "units", "change kg"], rows, title="Change of remaining-lifetime emissions by cause")
    if not found.units.empty:
        rows = [
            [row.unit_id, format_number(row.change_kg), row.changed]
            for row in found.units_table().head(SHOWN).itertuples()
        ]
        show_table(["unit", "change kg", "inputs changed"], rows, title="Units that changed most", words=(0, 2))
