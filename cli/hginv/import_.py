"""``hginv import``: a tracker file to a fleet workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hginv.numbers import WHOLE, NumberFrom
from hginv.options import json_option
from hginv.output import say, say_command
from hginv.parameters import option_of
from hginventory.inputs.trackers import TRACKERS

if TYPE_CHECKING:
    from hginventory.inputs.trackers import ImportReport

MOST_MISSING = 5  # rows named on the screen; --json names all


@click.group("import")
def command() -> None:
    """Turn a tracker file into a fleet workbook, and say what is left to fill in.

    \b
    Examples:
      hginv import gem-coal Global-Coal-Plant-Tracker-January-2026.xlsx --country Indonesia \\
            --status operating --status construction -o indonesia.xlsx
      hginv import csv register.csv --map register.toml -o fleet.xlsx
    """


def _options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that all trackers share."""
    options = (
        click.argument("file", type=click.Path()),
        click.option("-o", "--out", required=True, type=click.Path(), metavar="OUT.xlsx", help="Workbook to write."),
        click.option(
            "--country", "countries", multiple=True, metavar="C", help="English name or ISO code; repeatable."
        ),
        click.option(
            "--status",
            "statuses",
            multiple=True,
            metavar="S",
            help="As operating, construction; repeatable; all: also shelved and cancelled units.",
        ),
        click.option("--year", "in_year", type=WHOLE, metavar="Y", help="The fleet that ran in this year."),
        click.option("--min-mw", type=NumberFrom(0), metavar="N", help="Smallest capacity [MW]."),
        click.option(
            "--where", metavar="EXPR", help='Over the columns of the workbook, as "start_year >= 2000 and not captive".'
        ),
        click.option("--sheet", metavar="NAME", help="Worksheet of FILE, if several contain such a table."),
        click.option(
            "--decimal-sign",
            type=click.Choice(["point", "comma"]),
            help="Of numbers stored as text; otherwise as the cells show.",
        ),
        click.option("--encoding", metavar="NAME", help="Of a text file, as cp1250; otherwise as its letters show."),
        click.option("--overwrite", is_flag=True, help="Replace OUT.xlsx where it exists."),
        json_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


def _add(kind: str, help_text: str) -> None:
    """Add the command of one kind of tracker."""

    def run(**options: Any) -> None:
        _import(kind, **options)

    run.__doc__ = help_text if kind != "csv" else f"{help_text}\n\n{_MAPPING_HELP}"
    function = _options(run)
    if kind == "csv":
        function = click.option(
            "--map", "mapping", required=True, type=click.Path(), metavar="MAPPING.toml", help="Their columns in ours."
        )(function)
    command.command(kind, short_help=help_text)(function)


_MAPPING_HELP = """\b
The mapping file:
  sheet = "Coal_units"          # or Cement_kilns
  decimal_sign = "comma"        # point or comma, for numbers stored as text; left out: as the cells show
  encoding = "cp1250"           # of a text file; left out: as its letters show
  keep = "fuel == 'coal'"       # rows wanted, by columns of the file
  [source]
  source_id = "register-2025"
  citation = "Ministry of Energy, register of power plants, 2025"
  [settings]
  country = "IDN"
  [columns]
  plant = "Name"
  capacity_gross = { column = "Output", unit = "kW" }
  status = { column = "State", values = { "aktif" = "operating" } }
  captive = { value = "no" }"""


def _import(
    kind: str,
    file: str,
    out: str,
    countries: tuple[str, ...],
    statuses: tuple[str, ...],
    min_mw: float | None,
    where: str | None,
    in_year: int | None,
    overwrite: bool,
    as_json: bool,
    mapping: str | None = None,
    sheet: str | None = None,
    decimal_sign: str | None = None,
    encoding: str | None = None,
) -> None:
    from hginv.output import count
    from hginv.progress import waiting
    from hginventory.files import check_target
    from hginventory.importing import import_tracker
    from hginventory.inputs.template import write_fleet

    check_target(Path(out), "path", ".xlsx", overwrite=overwrite)  # before the work
    with waiting(f"reading the tracker{_size(file)}"):
        fleet, report = import_tracker(
            kind, file, countries=countries, statuses=statuses, min_mw=min_mw, where=where, mapping=mapping,
            in_year=in_year, sheet=sheet, decimal_sign=decimal_sign, encoding=encoding,
        )  # fmt: skip
    with waiting(f"writing the workbook of {count(len(fleet.units), 'unit')}"):
        written = write_fleet(fleet, out, about=_about(report), overwrite=overwrite)
    if as_json:
        from hginv.output import show_json

        data = {**report.as_dict(), "not_asked": _by_option(report), "written": str(written)}
        show_json("import", data, report.findings)
    else:
        _show(report, written)


def _size(file: str) -> str:
    """Return the size of a file in brackets; nothing where there is none."""
    try:
        return f" ({Path(file).stat().st_size / 1e6:,.1f} MB)"
    except (OSError, ValueError):
        return ""


def _about(report: ImportReport) -> tuple[str, ...]:
    return (
        report.title,
        f"{report.kept:,} rows of {Path(report.file).name}, made by hginv import {report.kind}. "
        f"Source: {report.source['citation']}; {report.source.get('licence') or 'licence not stated'}.",
        "A blank cell means that the source does not give the value: a default value is used until it is filled in.",
    )


def _show(report: ImportReport, written: Path) -> None:
    """Print what was read and kept, what was decided, and what is left to do."""
    statuses = ", ".join(f"{status} {count:,}" for status, count in report.kept_by_status.items())
    encoding = f", {report.encoding}" if report.encoding else ""
    say(f"Read {report.rows_read:,} rows of {report.file} (sheet {report.sheet}{encoding}): {report.title}.")
    say(f"Kept {report.kept:,}: {statuses}.")
    dropped = [f"{count:,} by {option}" for option, count in _by_option(report).items() if count]
    if dropped:
        say(f"Not asked for: {', '.join(dropped)}.")
    if report.never_built:
        counts = ", ".join(f"{count:,} {status}" for status, count in report.never_built.items())
        say(f"Never built, so no part of an inventory: {counts}. To keep them: {option_of('statuses')} all.")
    for reason, count in report.left_out_by_reason.items():
        say(f"Left out: {count:,} ({reason}).")
    for row in report.missing[:MOST_MISSING]:
        say(f"missing: {row.location} {row.name}", "  ", 4)
    if report.findings:
        click.echo("\nFindings")
        for found in report.findings:
            rows = f" ({found.count:,} rows)" if found.count > 1 else ""
            say(f"{found.code} {found.location}: {found.found}{rows}: {found.allowed}. {found.remedy}", "  ", 4)
    _show_columns(report)
    if report.to_fill:
        click.echo()
        say("To fill in by hand. Until then default values are used, and every result shows how much is based on them")
        for open_ in report.to_fill:
            say(f"{open_.column}: {open_.blank:,} of {open_.units:,} blank or unknown", "  ", 4)
    source = report.source
    click.echo()
    say(f"Source added: {source['source_id']}, {source['citation']}; {source.get('licence') or 'no licence stated'}.")
    say_command(f"Wrote {written}. Next:", "project", "--fleet", written)


def _by_option(report: ImportReport) -> dict[str, int]:
    """Return how many rows each option left out."""
    return {option_of(parameter): count for parameter, count in report.not_asked.items()}


def _show_columns(report: ImportReport) -> None:
    by_reason: dict[str, list[str]] = {}
    for column, reason in report.columns_not_used.items():
        by_reason.setdefault(reason, []).append(column)
    if by_reason:
        click.echo(f"\nColumns not used: {len(report.columns_not_used)}")
    for reason, columns in by_reason.items():
        say(f"{reason}: {', '.join(columns)}", "  ", 4)


for _kind, _help in TRACKERS.items():
    _add(_kind, _help)
