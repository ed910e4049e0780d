"""``hginv options``: the catalogue of reduction options of a unit, or of the key plants."""

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
from hginv.numbers import NUMBER, WHOLE
from hginv.options import same_run
from hginv.places import say_written
from hginv.run_command import RunSource, run_command
from hginventory.units import percent

if TYPE_CHECKING:
    from hginventory.decisions.options import Catalogue, UnitOption
    from hginventory.run import Run


BENEFITS = {"so2": "SO2", "pm": "PM", "nox": "NOx"}
APPLIES = {"yes": "yes", "if": "on condition"}


@run_command("options", out="Folder for options.csv.")
@click.argument("unit_id", metavar="[UNIT]", required=False)
@click.option("--plants", is_flag=True, help="The first unit of each plant of the shortlist, instead of one unit.")
@click.option("--n", default=3, show_default=True, type=WHOLE, metavar="N", help="Plants of --plants.")
@click.option("--combine", metavar="IDS", multiple=True, help="Options taken together, as C2+H2.")
@click.option(
    "--other-coal", type=NUMBER, metavar="MG_PER_MJ", help="Mercury content of a coal that is available, for F2."
)
@site_options
@terms_options
def command(
    unit_id: str | None,
    source: RunSource,
    plants: bool,
    n: int,
    combine: tuple[str, ...],
    other_coal: float | None,
    folder: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """List what can be done at a unit: what applies and why not, avoided mercury, cost, where the mercury goes.

    \b
    Examples:
      hginv options G100000107734 --fleet indonesia.xlsx
      hginv options G100000107734 --fleet indonesia.xlsx --no-space --ash-sold --combine A2+P2
      hginv options --plants --fleet indonesia.xlsx -o catalogue

    Intervals combine the spread of the unit's draws with that of the removal, at 90 %.
    """
    from hginv.output import say, say_command, show_json
    from hginventory.errors import UsageError

    if (unit_id is None) == (not plants):
        raise UsageError("name a unit, as hginv options G100000107734, or use --plants; not both.")
    run = source.open()
    catalogue = make_catalogue(run, given)
    if other_coal is not None:
        catalogue = catalogue.with_other_coal(other_coal)
    units = [run.find_unit(unit_id)] if unit_id is not None else _first_units(run, catalogue, n)
    found = {unit: _of(catalogue, unit, combine) for unit in units}
    from hginventory.decisions.options import options_table

    table = options_table([option for own in found.values() for option in own], catalogue.prices.terms)
    written = say_written(run, {"options": table}, folder, "options")
    if as_json:
        terms = asdict(catalogue.prices.terms)
        show_json(
            "options",
            {"terms": terms, "options": table.to_dict("records"), "folder": written},
            (*run.findings, *catalogue.findings),
        )
        return
    for unit in units:
        _show(run, catalogue, unit, found[unit])
    click.echo()
    say(f"Wrote {written}/options.csv.")
    say_command("Next:", "finance", *same_run())


def _first_units(run: Run, catalogue: Catalogue, n: int) -> list[str]:
    from hginventory.decisions.plants import shortlist

    return [plant.units[0] for plant in shortlist(catalogue, run.certainty, n).chosen]


def _of(catalogue: Catalogue, unit: str, combine: tuple[str, ...]) -> list[UnitOption]:
    together = [catalogue.combined(unit, ids.split("+")) for ids in combine]
    return [*together, *catalogue.of_unit(unit)]


def _show(run: Run, catalogue: Catalogue, unit: str, found: list[UnitOption]) -> None:
    from hginv.output import say, show_table

    row = run.units.loc[[unit]].to_dict("records")[0]
    name = " ".join(str(part) for part in (row["plant"], row["unit"]) if isinstance(part, str))
    remaining = (
        "remaining-lifetime emissions unknown, as start_year is blank"
        if math.isnan(row["lifetime_kg"])
        else f"{kg(row['lifetime_kg'])} kg of remaining-lifetime emissions, first year closed {row['end_year']:.0f}"
    )
    click.echo()
    say(
        f"{f'{name} ({unit})' if name else unit}: {kg(row['air_kg_per_yr'])} kg/yr to air, {remaining}; control train "
        f"{row['train']}."
    )
    show_options(found)
    not_possible = [[o.option, o.reason, o.name] for o in found if o.applies == "no"]
    show_table(["id", "reason", "option"], not_possible, title="Not possible at this unit", words=(0, 1, 2))
    projection = catalogue.projection
    say(f"Lead times: {with_countries(catalogue.lead_times.statement([str(row['country'])]), projection)}.")
    say(f"Costs: {with_countries(catalogue.statement([unit]), projection)}.")
    notes = dict.fromkeys(note for o in found if o.cost for note in o.cost.notes)
    for note in notes:
        say(f"Note: {with_countries(note, projection)}.", indent=2)


def show_options(found: list[UnitOption], most: int | None = None) -> None:
    """Print the options that apply, in the order of the catalogue: what they do, and what they cost."""
    from hginv.output import say, show_table

    shown = [o for o in found if o.applies != "no"][:most]
    effect, cost = [], []
    for o in shown:
        low, high = (kg(o.avoided_kg_per_yr * end) for end in (o.avoided_p05, o.avoided_p95))
        effect.append(
            [
                o.option, o.name, APPLIES[o.applies], f"{percent(o.removal_before)} to {percent(o.removal_after)}",
                kg(o.avoided_kg_per_yr), low and f"{low} to {high}", kg(o.avoided_kg),
            ]
        )  # fmt: skip
        lower = o.cost is not None and o.cost.capital_only
        amounts = [
            "" if o.cost is None else bound(money(getattr(o.cost, name).value), capital_only=lower)
            for name in ("per_year", "npv", "annuity")
        ]
        amounts += [
            "" if r is None else bound(per_kg(r.value), capital_only=lower)
            for r in (o.usd_per_kg, o.usd_per_kg_mercury)
        ]
        cost.append([o.option, *amounts, _benefits(o), str(o.replicable)])
    headings = ["id", "option", "possible", "removal efficiency", "kg/yr avoided", "90 % interval", "kg over life"]
    every = list(range(len(headings)))
    if all(o.applies == "yes" for o in shown):
        every = [column for column in every if headings[column] != "possible"]
    title = "Options and the emissions to air that they avoid"
    rows = [[row[column] for column in every] for row in effect]
    show_table([headings[column] for column in every], rows, title=title, words=(0, 1, *([2] * (len(every) == 7))))
    headings = ["id", "an operating year", "NPV", "a year", "USD/kg", "USD/kg for mercury", "also reduces",
                "other units where it is possible"]  # fmt: skip
    title = "Costs: an operating year, NPV and equal yearly payment in million USD; USD per kg avoided"
    show_table(headings, cost, title=title, words=(0, 6))
    for o in shown:
        if o.reason:
            say(f"{o.option}: {o.reason}.", indent=4)


def _benefits(option: UnitOption) -> str:
    """Return the pollutants that fall as well, in words."""
    return ", ".join(BENEFITS[name] for name, share in option.co_benefits.items() if share >= 0.1)
