"""``hginv options``: the catalogue of reduction options of a unit, or of the key plants."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hginv.cost_options import bound, kg, make_catalogue, money, per_kg, say_written, site_options, terms_options
from hginv.options import same_run
from hginv.run_command import RunSource, run_command

if TYPE_CHECKING:
    from hginventory.decisions.options import Catalogue, UnitOption
    from hginventory.run import Run


BENEFITS = {"so2": "SO2", "pm": "PM", "nox": "NOx"}


@run_command("options", out="Folder for options.csv.")
@click.argument("unit_id", metavar="[UNIT]", required=False)
@click.option("--plants", is_flag=True, help="The first unit of each plant of the shortlist, instead of one unit.")
@click.option("--n", default=3, show_default=True, metavar="N", help="Plants of --plants.")
@click.option("--combine", metavar="IDS", multiple=True, help="Options taken together, as C2+H2.")
@click.option(
    "--other-coal", type=float, metavar="MG_PER_MJ", help="Mercury content of a coal that is available, for F2."
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
    from hginv.output import command_line, show_json
    from hginventory.errors import UsageError

    if (unit_id is None) == (not plants):
        raise UsageError("name a unit, as hginv options G100000107734, or ask for --plants; not both.")
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
    click.echo(f"\nWrote {written}/options.csv.")
    following = command_line("finance", *same_run())
    click.echo(f"Next: {following}")


def _first_units(run: Run, catalogue: Catalogue, n: int) -> list[str]:
    from hginventory.decisions.plants import shortlist

    return [plant.units[0] for plant in shortlist(catalogue, run.certainty, n).chosen]


def _of(catalogue: Catalogue, unit: str, combine: tuple[str, ...]) -> list[UnitOption]:
    together = [catalogue.combined(unit, ids.split("+")) for ids in combine]
    return [*together, *catalogue.of_unit(unit)]


def _show(run: Run, catalogue: Catalogue, unit: str, found: list[UnitOption]) -> None:
    from hginv.output import show_table

    row = run.units.loc[[unit]].to_dict("records")[0]
    name = " ".join(str(part) for part in (row["plant"], row["unit"]) if isinstance(part, str))
    remaining = (
        "remaining life unknown, as start_year is blank"
        if math.isnan(row["lifetime_kg"])
        else f"{kg(row['lifetime_kg'])} kg until it closes; first year closed {row['end_year']:.0f}"
    )
    click.echo(
        f"\n{f'{name} ({unit})' if name else unit}: train {row['train']}, {kg(row['air_kg_per_yr'])} kg/yr to air, "
        f"{remaining}"
    )
    show_options(found)
    not_possible = [[o.option, o.reason, o.name] for o in found if o.applies == "no"]
    show_table(["id", "why not", "option"], not_possible, title="Not possible here", words=(0, 1, 2))
    click.echo(f"Lead times: {catalogue.lead_times.statement([str(row['country'])])}.")
    click.echo(f"Costs: {catalogue.statement([unit])}.")
    notes = dict.fromkeys(note for o in found if o.cost for note in o.cost.notes)
    for note in notes:
        click.echo(f"Note: {note}.")


def show_options(found: list[UnitOption], most: int | None = None) -> None:
    """Print the options that apply, in the order of the catalogue."""
    from hginv.output import show_table

    rows = []
    shown = [o for o in found if o.applies != "no"][:most]
    for o in shown:
        lower = o.cost is not None and o.cost.capital_only
        yearly, npv, annual = (
            "" if o.cost is None else bound(money(getattr(o.cost, name).value), capital_only=lower)
            for name in ("per_year", "npv", "annuity")
        )
        full, share = (
            "" if r is None else bound(per_kg(r.value), capital_only=lower)
            for r in (o.usd_per_kg, o.usd_per_kg_mercury)
        )
        low, high = (kg(o.avoided_kg_per_yr * end) for end in (o.avoided_p05, o.avoided_p95))
        rows.append(
            [
                o.option, o.name, "" if o.applies == "yes" else o.applies,
                f"{o.removal_before:.2f}>{o.removal_after:.2f}", kg(o.avoided_kg_per_yr), low and f"{low} to {high}",
                kg(o.avoided_kg), yearly, npv, annual, full, share, _benefits(o),
                str(o.replicable),
            ]
        )  # fmt: skip
    headings = [
        "id",
        "option",
        "",
        "removal",
        "kg/yr",
        "90 %",
        "kg life",
        "MUSD in a year it runs",
        "NPV MUSD",
        "MUSD /yr",
        "USD /kg",
        "of Hg",
        "also",
        "others",
    ]
    show_table(headings, rows, words=(1, 0, 2, 10))
    for o in shown:
        if o.reason:
            click.echo(f"{o.option}: {o.reason}.")


def _benefits(option: UnitOption) -> str:
    """Return the pollutants that fall as well, in words."""
    return " ".join(BENEFITS[name] for name, share in option.co_benefits.items() if share >= 0.1)
