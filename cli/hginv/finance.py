"""``hginv finance``: projects in the form of a funding proposal."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hginv.cost_options import (
    bound,
    kg,
    make_catalogue,
    money,
    per_kg,
    site_options,
    terms_options,
    with_countries,
)
from hginv.numbers import WHOLE
from hginv.options import same_run
from hginv.places import say_written
from hginv.run_command import RunSource, run_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from hginventory.decisions.plants import Project


@run_command("finance", out="Folder for finance.csv.")
@click.option("--n", default=3, show_default=True, type=WHOLE, metavar="N", help="Plants of the shortlist.")
@click.option("--plant", "names", multiple=True, metavar="NAME", help="A plant, instead of the shortlist.")
@click.option("--owner", metavar="WORDS", help="Only plants whose owner contains these words.")
@click.option(
    "--option", metavar="IDS", help="Option for all, as A2 or C2+H2.  [default: the first step of each plant]"
)
@site_options
@terms_options
def command(
    source: RunSource,
    n: int,
    names: tuple[str, ...],
    owner: str | None,
    option: str | None,
    folder: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Show projects as a funding proposal needs them: baseline, avoided, cost, cost per kilogram, who pays what.

    \b
    Examples:
      hginv finance --fleet indonesia.xlsx
      hginv finance --plant "Paiton-3 power station" --option A2 --rate 0.1 --fleet indonesia.xlsx

    The columns for grant and co-finance are left blank, to be filled in.
    """
    from hginv.output import say, say_command, show_json
    from hginventory.decisions.plants import finance_table, named_plants, projects, shortlist

    run = source.open()
    catalogue = make_catalogue(run, given)
    if names:
        plants = named_plants(catalogue, names, run.certainty)
    else:
        plants = list(shortlist(catalogue, run.certainty, n, owner=owner).chosen)
    found = projects(catalogue, plants, option)
    table = finance_table(catalogue, found)
    written = say_written(run, {"finance": table}, folder, "finance")
    if as_json:
        terms = asdict(catalogue.prices.terms)
        show_json(
            "finance",
            {"terms": terms, "projects": table.to_dict("records"), "folder": written},
            (*run.findings, *catalogue.findings),
        )
        return
    _show(table, found)
    of_costs = catalogue.statement(unit for plant in plants for unit in plant.units)
    say(f"Costs: {with_countries(of_costs, run.projection)}.")
    in_order = [project for name in table["project"] for project in found if project.name == name]
    for note in dict.fromkeys(note for project in in_order for note in project.notes):
        say(f"Note: {with_countries(note, run.projection)}.", indent=2)
    click.echo()
    say(f"Wrote {written}/finance.csv. Fill in its columns for grant and co-finance.")
    say_command("Next:", "scenario", "compare", "targeted_top10", *same_run())


def _show(table: pd.DataFrame, found: Sequence[Project]) -> None:
    from hginv.output import say, show_table

    at_least = {project.at_units for project in found if project.capital_only}
    rows = []
    for row in table.to_dict("records"):
        lower = row["units"] in at_least
        low, high = kg(row["avoided_kg_p05"]), kg(row["avoided_kg_p95"])
        rows.append(
            [
                row["project"], f"{row['first_year']:.0f}", kg(row["baseline_kg_per_yr"]), kg(row["avoided_kg_per_yr"]),
                kg(row["avoided_kg"]), low and f"{low} to {high}", money(row["capital"]),
                *(bound(money(row[name]), capital_only=lower) for name in ("npv", "annuity")),
                *(bound(per_kg(row[name]), capital_only=lower) for name in ("usd_per_kg", "usd_per_kg_mercury")),
            ]
        )  # fmt: skip
    headings = ["project", "from", "kg/yr now", "kg/yr avoided", "kg over life", "90 % interval", "capital", "NPV",
                "a year", "USD/kg", "USD/kg for mercury"]  # fmt: skip
    title = "Projects: emissions to air avoided; capital, NPV and equal yearly payment in million USD"
    show_table(headings, rows, title=title, words=(0,))
    for row in table.to_dict("records"):
        say(f"{row['project']}: {row['what']}; Article {row['article_8_paragraph']}; {row['waste']}.", indent=2)
        if row["conditions"]:
            say(f"Conditions: {row['conditions']}.", "  ")
        if math.isnan(row["npv"]):
            say(f"No cost: {row['cost_covers']}.", "  ")
