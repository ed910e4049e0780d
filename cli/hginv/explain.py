"""``hginv explain``: the calculation of one unit."""

from __future__ import annotations

import click

from hginv.options import combined_option, json_option, projection_options, source_option

NARROWEST, WIDEST = 50, 110  # characters: no line is read well outside


@click.command("explain")
@click.argument("unit_id", metavar="UNIT")
@source_option
@projection_options
@combined_option
@click.option(
    "--lang",
    "language",
    default="en",
    show_default=True,
    metavar="CODE",
    help="Language: en, id. Ids, codes and the words of the workbook stay as they are.",
)
@json_option
def command(
    unit_id: str,
    language: str,
    fleet: str,
    base_year: int | None,
    rule: str | None,
    profile: str | None,
    where: str | None,
    combined: bool | None,
    as_json: bool,
) -> None:
    """Show the calculation of one unit: each number with unit, origin, cell or factor row, and source.

    \b
    Example:
      hginv explain G100000109958 --fleet indonesia.xlsx
      hginv explain "Tanjung Jati B 5" --fleet indonesia.xlsx --lang id
      hginv explain "coal_power #1" --fleet hginv-out/indonesia

    UNIT is an id, a rank by remaining mercury, plant and unit, or the label of a chart. Where coal units and kilns
    are ranked by themselves, a rank needs its sector, as "coal_power #1".
    """
    from hginventory.reopen import open_run
    from hginventory.report.text import words_in

    speaks = words_in(language)  # first: a wrong language should not wait for the run
    run = open_run(fleet, base_year=base_year, rule=rule, profile=profile, where=where, combined=combined)
    explanation = run.explain(unit_id)
    if as_json:
        from hginv.output import show_json

        show_json("explain", explanation.as_dict(speaks))
    else:
        from hginv.output import terminal_width

        click.echo(explanation.text(min(max(terminal_width(), NARROWEST), WIDEST), speaks))
