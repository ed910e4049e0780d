"""``hginv explain``: the calculation of one unit."""

from __future__ import annotations

import click

from hginv.options import json_option, projection_options, source_option


@click.command("explain")
@click.argument("unit_id", metavar="UNIT")
@source_option
@projection_options
@json_option
def command(
    unit_id: str,
    fleet: str,
    base_year: int | None,
    rule: str | None,
    profile: str | None,
    where: str | None,
    as_json: bool,
) -> None:
    """Show the calculation of one unit: each number with unit, origin, cell or factor row, and source.

    \b
    Example:
      hginv explain G100000109958 --fleet indonesia.xlsx
    """
    from hginventory.reopen import open_run

    run = open_run(fleet, base_year=base_year, rule=rule, profile=profile, where=where)
    explanation = run.explain(unit_id)
    if as_json:
        from hginv.output import show_json

        show_json("explain", explanation.as_dict())
    else:
        click.echo(explanation.text())
