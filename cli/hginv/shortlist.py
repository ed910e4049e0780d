"""``hginv shortlist``: the plants to look at first, one page each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from hginv.cost_options import kg, make_catalogue, say_written, site_options, terms_options
from hginv.options import same_run
from hginv.run_command import RunSource, run_command

if TYPE_CHECKING:
    from hginventory.decisions.plants import Dossier

SHOWN_OPTIONS, SHOWN_UNITS, SHOWN_QUESTIONS = 6, 10, 8


@run_command("shortlist", out="Folder for the tables.")
@click.option("--n", default=3, show_default=True, metavar="N", help="How many plants.")
@click.option("--owner", metavar="WORDS", help="Only plants whose owner holds these words.")
@site_options
@terms_options
def command(
    source: RunSource,
    n: int,
    owner: str | None,
    folder: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Name the plants to look at first, with what speaks for each, and show one page a plant.

    Plants are taken in the order of their remaining mercury, one of each kind; those that close before a step pays
    back, or whose rank rests on little, are passed over and named.

    \b
    Examples:
      hginv shortlist --fleet indonesia.xlsx
      hginv shortlist --n 5 --owner PLN --where "sector == 'coal_power'" --fleet indonesia.xlsx
    """
    from hginv.output import command_line, show_json
    from hginventory.decisions.plants import dossier, dossier_tables, shortlist

    run = source.open()
    catalogue = make_catalogue(run, given)
    found = shortlist(catalogue, run.certainty, n, owner=owner)
    pages = [dossier(catalogue, plant, run.certainty) for plant in found.chosen]
    tables = {"shortlist": found.table(), **dossier_tables(pages, catalogue)}
    written = say_written(run, tables, folder, "shortlist")
    if as_json:
        data = {
            "chosen": [page.as_dict() for page in pages],
            "passed_over": found.table().query("not chosen").to_dict("records"),
            "folder": written,
        }
        show_json("shortlist", data, (*run.findings, *catalogue.findings))
        return
    for page in pages:
        _show(page)
    if found.passed_over:
        click.echo("\nPassed over")
    for plant in found.passed_over:
        click.echo(f"  rank {plant.rank}, {plant.plant}: {plant.passed_over}.")
    click.echo(f"\nWrote {written}/ with {', '.join(f'{name}.csv' for name in tables)}.")
    following = command_line("finance", *same_run())
    click.echo(f"Next: {following}")


def _show(page: Dossier) -> None:
    """Print one page."""
    from hginv.catalogue import show_options
    from hginv.output import show_table

    plant = page.plant
    location = ", ".join(
        str(page.location[name]) for name in ("admin1", "country") if isinstance(page.location[name], str)
    )
    click.echo(f"\n{'=' * 80}\n{plant.plant} ({location}): {plant.archetype}")
    for reason in plant.reasons:
        click.echo(f"  - {reason}")
    rows = [
        [
            str(unit["unit"] or unit["unit_id"]), f"{unit['start_year']:.0f}", f"{unit['end_year']:.0f}",
            str(unit["train"]), str(unit["hg_origin"]), f"{unit['removal']:.2f}", kg(unit["air_kg_per_yr"]),
            kg(unit["lifetime_kg"]),
        ]
        for unit in page.units.reset_index().head(SHOWN_UNITS).to_dict("records")
    ]  # fmt: skip
    headings = ["unit", "from", "closed", "train", "Hg content", "removal", "kg/yr", "kg life"]
    show_table(headings, rows, title="Units", words=(0, 3, 4))
    goes = ", ".join(f"{name.replace('_', ' ')} {kg(amount)}" for name, amount in page.goes_to.items() if amount > 0)
    click.echo(f"Where its mercury goes now [kg/yr]: {goes}.")
    click.echo(f"\nWhat can be done at {plant.units[0]}, the first of its units")
    show_options(list(page.options), SHOWN_OPTIONS)
    click.echo(f"Costs: {page.terms}.")
    for limit in page.limits.to_dict("records"):
        sure = "" if math.isnan(limit["p_exceed"]) else f", P(above) {limit['p_exceed']:.2f}"
        click.echo(
            f"Limit {limit['jurisdiction']} {limit['limit']:g} {limit['limit_unit']} ({limit['reference']}; "
            f"{limit['applies_to']}): {limit['value']:.3g}{sure}."
        )
    if page.questions:
        click.echo("To ask on a visit: " + "; ".join(page.questions[:SHOWN_QUESTIONS]) + ".")
