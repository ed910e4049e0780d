"""``hginv export``: a fleet with its results, for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hginv.options import json_option, projection_options, source_option

if TYPE_CHECKING:
    import pandas as pd


@click.command("export")
@source_option
@click.option(
    "--format", "format_name", required=True, type=click.Choice(["csv", "iamc", "points"]),
    help="csv: a row a unit, inputs and results. iamc: country, category and year, as pyam reads it. "
    "points: coordinates with hg0, hg2 and hgp, for dispersion models.",
)  # fmt: skip
@click.option("-o", "--out", required=True, type=click.Path(), metavar="FILE.csv", help="File to write.")
@click.option("--overwrite", is_flag=True, help="Replace the file where it exists.")
@projection_options
@json_option
def command(
    fleet: str,
    format_name: str,
    out: str,
    overwrite: bool,
    base_year: int | None,
    rule: str | None,
    profile: str | None,
    where: str | None,
    as_json: bool,
) -> None:
    """Write a fleet with its results as CSV for another program; central values.

    \b
    Examples:
      hginv export --fleet indonesia.xlsx --format points -o points.csv
      hginv export --fleet indonesia.xlsx --format iamc --rule gem_40 -o iamc.csv
    """
    from hginventory.files import check_target
    from hginventory.reopen import open_run
    from hginventory.report.tables import export

    check_target(Path(out), "path", ".csv", overwrite=overwrite)  # before the work
    run = open_run(fleet, base_year=base_year, rule=rule, profile=profile, where=where)
    table = export(run, out, format_name, overwrite=overwrite)
    sentence = _sentence(table, format_name)
    if as_json:
        from hginv.output import show_json

        data = {"format": format_name, "written": out, "rows": len(table), "columns": list(table.columns)}
        show_json("export", {**data, "note": sentence}, run.findings)
        return
    click.echo(sentence)
    notice = run.projection.settings.notice
    if notice:
        click.echo(f"Notice: {notice}")
    for one in run.projection.fleet.attributions:
        click.echo(one.text)
    click.echo(f"Wrote {out}: {len(table):,} rows, {len(table.columns)} columns.")


def _sentence(table: pd.DataFrame, format_name: str) -> str:
    """Print what the table contains and what is missing."""
    if format_name == "csv":
        return f"{len(table):,} units: what was read, then what was computed."
    if format_name == "iamc":
        return (
            f"Regions: {table['region'].nunique()}; kg/yr. Emissions|Hg is the sum over this fleet, not over all "
            "sources of a country. The base year includes all units that run then; later years leave out units past "
            "the lifetime of the rule."
        )
    blank = table["latitude"].isna() | table["longitude"].isna()
    lost = table.loc[blank, "hg_total_kg_per_yr"].sum()
    return (
        f"{len(table):,} units that emit, {table['hg_total_kg_per_yr'].sum():,.0f} kg/yr. "
        f"{int(blank.sum()):,} of them have no coordinates ({lost:,.0f} kg/yr). Stack heights are not known."
    )
