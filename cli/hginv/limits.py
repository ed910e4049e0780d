"""``hginv limits``: units compared with emission limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hginv.cost_options import kg
from hginv.numbers import NUMBER
from hginv.options import same_run
from hginv.places import say_written
from hginv.run_command import RunSource, run_command
from hginventory.units import percent
from hginventory.vocabulary import CEMENT_KILN

if TYPE_CHECKING:
    import pandas as pd

    from hginventory.model import Limit

SHOWN = 10


@run_command("limits", out="Folder for limits.csv and limits_summary.csv.", without_run="as_list")
@click.option(
    "--country", "countries", multiple=True, metavar="CODE", help="Jurisdiction, as EU, IDN, USA.  [default: all]"
)
@click.option("--list", "as_list", is_flag=True, help="Show the ids of limits, as in complies_with; no run.")
@click.option("--limit", type=NUMBER, metavar="VALUE", help="A limit of your own, with --unit.")
@click.option("--unit", default="mg/Nm3", show_default=True, help="Its unit, as ug/Nm3, lb/TBtu, lb/GWh, g/TJ, mg/t.")
@click.option("--o2", type=NUMBER, metavar="PERCENT", help="Its reference oxygen.  [default: 6, kilns 10]")
@click.option("--temperature", type=NUMBER, metavar="C", help="Temperature of its gas volume.  [default: 0]")
@click.option("--moisture", type=click.Choice(["dry", "wet"]), default="dry", show_default=True, help="Its gas.")
@click.option("--sector", type=click.Choice(["coal_power", "cement_kiln"]), help="Whose limit it is.  [default: both]")
def command(
    source: RunSource,
    countries: tuple[str, ...],
    as_list: bool,
    limit: float | None,
    unit: str,
    o2: float | None,
    temperature: float | None,
    moisture: str,
    sector: str | None,
    folder: str | None,
    as_json: bool,
) -> None:
    """Compare each unit with emission limits, on the basis of the limit: margin, and probability of being above.

    Units are compared with laws of other countries as if these applied. The probability takes the yearly rate as
    lognormal, from its draws.

    \b
    Examples:
      hginv limits --list --country USA
      hginv limits --fleet indonesia.xlsx
      hginv limits --country EU --country USA --fleet indonesia.xlsx
      hginv limits --limit 0.03 --unit mg/Nm3 --o2 6 --sector coal_power --fleet indonesia.xlsx
    """
    from hginv.output import say, say_command, show_json
    from hginventory.decisions.limits import summarise_limits
    from hginventory.errors import UsageError

    own = _own_limits(limit, unit, o2, temperature, moisture, sector)
    if own and countries:
        raise UsageError("--limit and --country cannot be used together. Use one of them.")
    jurisdictions = [code.upper() for code in countries]
    if as_list:
        if own:
            raise UsageError("--limit and --list cannot be used together. Use one of them.")
        _list(jurisdictions, source.settings["base_year"], as_json)
        return
    run = source.open()
    checked = run.limits(*own, countries=jurisdictions)
    summary = summarise_limits(checked)
    written = say_written(run, {"limits": checked, "limits_summary": summary}, folder, "limits")
    if as_json:
        data = {"summary": summary.to_dict("records"), "units": checked.to_dict("records"), "folder": written}
        show_json("limits", data, run.findings)
        return
    _show(summary, checked)
    click.echo()
    say(f"Wrote {written}/limits.csv (one row per unit and limit) and limits_summary.csv.")
    say_command("Next:", "scenario", "compare", "limit_eu", *same_run())


def _list(countries: Sequence[str], base_year: int | None, as_json: bool) -> None:
    """Print the limits of the factor table by id, those of a base year where one is given."""
    from hginv.output import show_json, show_table
    from hginventory.factors import load_library
    from hginventory.model import limits_in_table

    library = load_library() if base_year is None else load_library().in_year(base_year)
    limits = limits_in_table(library, countries)
    if as_json:
        named = [{"id": one.name, **asdict(one), "limit_unit": one.basis.unit} for one in limits]
        show_json("limits", {"limits": [{k: v for k, v in one.items() if k not in ("name", "basis")} for one in named]})
        return
    rows = [
        [
            one.name,
            one.country,
            one.valid_from[:4],
            f"{one.value:g}",
            one.basis.unit.replace("million short tons clinker", "Mst"),
            f"{'kilns' if one.sector == CEMENT_KILN else 'coal units'}: {one.applies_to}"
            + (f" (where {one.only_where})" if one.only_where else ""),
        ]
        for one in limits
    ]
    headings = ["id", "law of", "from", "value", "unit", "for"]
    show_table(headings, rows, title="Emission limits of the factor table", words=(0, 1, 4, 5))


def _own_limits(
    value: float | None, unit: str, o2: float | None, temperature: float | None, moisture: str, sector: str | None
) -> list[Limit]:
    """Return the limit of the user, for one sector or for each that knows its basis."""
    from hginventory.errors import UsageError
    from hginventory.model import user_limit

    if value is None:
        if o2 is not None or temperature is not None or moisture != "dry" or sector is not None:
            raise UsageError("--o2, --temperature, --moisture and --sector describe a limit of your own: add --limit.")
        return []
    sectors = ("coal_power", "cement_kiln") if sector is None else (sector,)
    return [
        user_limit(value, unit, sector=s, o2_percent=o2, temperature_c=temperature, moisture=moisture, applies_to=s)
        for s in sectors
    ]


def _show(summary: pd.DataFrame, checked: pd.DataFrame) -> None:
    from hginv.output import number, say, show_table

    if summary.empty:
        click.echo("No unit of this fleet is subject to such a limit.")
        return
    stated = bool(checked["stated_to_comply"].any())
    rows = [
        [
            row["jurisdiction"] or "user", f"{row['instrument']}: {row['applies_to']}"
            + (f" (where {row['only_where']})" if row["only_where"] else "")
            + (f" ({row['years_off']} years from the base year)" if row["years_off"] else "")
            + (f" ({row['units_stated']} stated to comply)" if row["units_stated"] else ""),
            f"{row['limit']:g} {row['limit_unit'].replace('million short tons clinker', 'Mst')} ({row['reference']})",
            str(row["units"]), str(row["units_above"]),
            number(row["units_above_expected"], 1),
            f"{row['highest']:.3g}", kg(row["kg_above"]),
        ]
        for row in summary.to_dict("records")
    ]  # fmt: skip
    headings = ["where", "limit", "value", "units", "units above", "expected above", "highest value", "kg/yr above"]
    show_table(headings, rows, title="Units compared with emission limits", words=(0, 1, 2))
    say("Units above: on central values. Expected above: mean over the Monte Carlo draws.")
    if stated:
        say(
            "Expected above and probability above: by the listed controls alone. All other values: after what "
            "complies_with and limits_in_force state."
        )
    if len(summary) > 2:
        return
    worst = checked.sort_values(["margin", "unit_id"], kind="stable").head(SHOWN)
    rows = []
    for row in worst.to_dict("records"):
        rows.append(
            [
                row["unit_id"],
                " ".join(str(part) for part in (row["plant"], row["unit"]) if isinstance(part, str)),
                f"{row['value']:.3g}",
                f"{row['value_p05']:.2g} to {row['value_p95']:.2g}",
                percent(row["margin"]),
                percent(row["p_exceed"]),
                *(["yes" if row["stated_to_comply"] else "no"] if stated else []),
                kg(row["kg_above"]),
            ]
        )
    headings = ["id", "plant", "value", "90 % interval", "margin", "probability above",
                *(["stated to comply"] * stated), "kg/yr above"]  # fmt: skip
    show_table(headings, rows, title="Units closest to the limit or above it", words=(0, 1))
