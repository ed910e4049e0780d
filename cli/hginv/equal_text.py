"""Tables of scenarios compared with plans for equal kilograms or money, and of units by cost per kilogram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hginv.cost_options import kg, money, per_kg
from hginv.output import number, say, show_table
from hginventory.units import percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


def show_equal(table: pd.DataFrame, years: int) -> None:
    """Print scenarios compared with the least-cost plan for equal kilograms and the best plan for equal money."""
    rows = table.to_dict("records")
    shown = [
        [str(row["plan"]), str(row["units"]), kg(row["kg_per_yr"]), money(row["annuity_musd"], 1.0),
         per_kg(row["usd_per_kg"]), number(row["p_cheapest"], 2)]
        for row in rows
    ]  # fmt: skip
    headings = ["plan", "units", "kg/yr", "M USD/yr", "USD/kg", "P(cheapest per kg)"]
    show_table(headings, shown, title="Scenarios compared with plans for equal kilograms and equal money", words=(0,))
    say(
        f"kg/yr: mercury to air avoided over the {years} years of the run, not discounted, by year; M USD/yr: equal "
        "payments over these years. At each unit a plan takes the measures of the scenario, or any priced step that "
        "applies without conditions, in the years and on the terms of the scenario. Lead times and build-up limits "
        "are left out.",
        indent=2,
    )
    for row in rows:
        if row["units_without_price"]:
            say(
                f"{row['scenario']}: no price is available for its measures at {row['units_without_price']} units, so "
                "it cannot be compared with a plan.",
                indent=2,
            )
        elif row["kind"] == "scenario" and not row["avoided_kg"] > 0:
            say(f"{row['scenario']}: it avoids nothing, so there is no plan to compare with.", indent=2)
    of_kg = [row for row in rows if row["kind"] == "equal_kg"]
    if of_kg:
        over = "; ".join(f"{row['scenario']} {_over(row['more_kg'], row['avoided_kg'])}" for row in of_kg)
        say(f"Plans treat whole units, so plans for equal kilograms avoid more than the scenario: {over}.", indent=2)
    of_money = [row for row in rows if row["kind"] == "equal_money"]
    if of_money:
        left = "; ".join(f"{row['scenario']} {money(abs(row['more_npv_musd']), 1.0)}" for row in of_money)
        say(f"Money that plans for equal money do not spend, NPV [million USD]: {left}.", indent=2)


def _over(more: float, whole: float) -> str:
    return f"{number(more, 1)} kg ({percent(more / whole, 2)})"


def show_best_units(table: pd.DataFrame, sentences: Iterable[str]) -> None:
    """Print the units of lowest cost per kilogram avoided, and how targeting compares with a blanket rule."""
    rows = [
        [str(row["rank"]), ", ".join(name for name in (row["plant"], row["unit"]) if isinstance(name, str)),
         f"{row['option']} from {row['year']}", kg(row["kg_per_yr"]), money(row["annuity"]), per_kg(row["usd_per_kg"]),
         number(row["rank_by_emissions"])]
        for row in table.to_dict("records")
    ]  # fmt: skip
    headings = ["rank", "unit", "step", "kg/yr", "M USD/yr", "USD/kg", "rank by emissions"]
    title = "Units by cost per kilogram at their best step, the lowest first"
    show_table(headings, rows, title=title, words=(1, 2))
    say(
        "Best step: lowest cost per kilogram among those that apply without conditions. kg/yr and M USD/yr are over "
        "all years of the run.",
        indent=2,
    )
    for sentence in sentences:
        say(sentence)
