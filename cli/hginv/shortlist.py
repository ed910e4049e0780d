"""``hginv shortlist``: the plants to look at first, one page each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hginv.cost_options import (
    WHERE_TO,
    kg,
    make_catalogue,
    site_options,
    terms_options,
    with_countries,
)
from hginv.numbers import WHOLE
from hginv.options import same_run
from hginv.places import say_written
from hginv.run_command import RunSource, run_command
from hginventory.units import percent

if TYPE_CHECKING:
    from hginventory.decisions.plants import Dossier
    from hginventory.run import Run

SHOWN_OPTIONS, SHOWN_UNITS, SHOWN_QUESTIONS = 6, 10, 8


@run_command("shortlist", out="Folder for the tables.")
@click.option("--n", default=3, show_default=True, type=WHOLE, metavar="N", help="How many plants.")
@click.option("--owner", metavar="WORDS", help="Only plants whose owner contains these words.")
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
    """Name the plants to look at first, with the reasons, and show one page for each.

    Plants are taken in the order of their remaining-lifetime emissions, one of each kind. Plants that close before an
    option can run, or whose rank is uncertain, are left out and listed.

    \b
    Examples:
      hginv shortlist --fleet indonesia.xlsx
      hginv shortlist --n 5 --owner PLN --where "sector == 'coal_power'" --fleet indonesia.xlsx
    """
    from hginv.output import say, say_command, show_json
    from hginventory.decisions.plants import dossier, dossier_tables, shortlist

    run = source.open()
    catalogue = make_catalogue(run, given)
    found = shortlist(catalogue, run.certainty, n, owner=owner)
    pages = [dossier(catalogue, plant) for plant in found.chosen]
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
        _show(page, run)
    if found.passed_over:
        click.echo("\nPlants with a higher rank that are not in the shortlist")
    for plant in found.passed_over:
        say(f"Rank {plant.rank}, {plant.plant}: {plant.passed_over}.", "- ")
    click.echo()
    say(f"Wrote {written}/ with {', '.join(f'{name}.csv' for name in tables)}.")
    say_command("Next:", "finance", *same_run())


def _show(page: Dossier, run: Run) -> None:
    """Print one page."""
    from hginv.catalogue import show_options
    from hginv.output import USUAL_WIDTH, say, show_table, terminal_width

    plant = page.plant
    location = ", ".join(
        str(page.location[name]) for name in ("admin1", "country") if isinstance(page.location[name], str)
    )
    click.echo(f"\n{'=' * min(USUAL_WIDTH, terminal_width())}")
    say(f"{plant.plant} ({with_countries(location + '.', run.projection)[:-1]}): {plant.archetype}")
    for reason in plant.reasons:
        say(reason, "  - ")
    rows = [
        [
            str(unit["unit"] or unit["unit_id"]), f"{unit['start_year']:.0f}", f"{unit['end_year']:.0f}",
            str(unit["train"]), str(unit["hg_origin"]), percent(unit["removal"]), kg(unit["air_kg_per_yr"]),
            kg(unit["lifetime_kg"]),
        ]
        for unit in page.units.reset_index().head(SHOWN_UNITS).to_dict("records")
    ]  # fmt: skip
    headings = ["unit", "start", "closed", "control train", "Hg in coal", "removal efficiency", "kg/yr", "kg over life"]
    show_table(headings, rows, title="Units and their emissions to air", words=(0, 3, 4))
    goes = ", ".join(f"{WHERE_TO.get(name, name)} {kg(amount)}" for name, amount in page.goes_to.items() if amount > 0)
    say(f"Where its mercury goes now [kg/yr]: {goes}.")
    click.echo()
    say(f"Options at {plant.units[0]}, its first unit:")
    show_options(list(page.options), SHOWN_OPTIONS)
    say(f"Costs: {with_countries(page.terms, run.projection)}.")
    for limit in page.limits.to_dict("records"):
        say(
            f"Limit {limit['jurisdiction']} {limit['limit']:g} {limit['limit_unit']} ({limit['reference']}; "
            f"{limit['applies_to']}): the unit has {limit['value']:.3g}, "
            f"probability above {percent(limit['p_exceed'])}.",
            indent=2,
        )
    if page.questions:
        say("Questions for a visit:")
    for question in page.questions[:SHOWN_QUESTIONS]:
        say(question, "  - ")
