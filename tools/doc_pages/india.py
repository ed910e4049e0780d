"""docs/india.md: one capacity factor compared with reported generation, with the bundled fleet of India, computed when it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pandas as pd

import hginventory as hg
from doc_pages.markdown import page, table
from hginventory.data_files import data_folder
from hginventory.inputs.fleet import Fleet
from hginventory.model.coal import HOURS_PER_YEAR, MWH_PER_GWH
from hginventory.run import Run

INTRO = """
# India: the effect of reported generation

The bundled fleet `india.xlsx` has net generation of single units for five fiscal years. It shows how an inventory changes
when reported generation replaces one capacity factor for all units.

    hginv project --fleet india.xlsx

Sources: Global Energy Monitor, Global Coal Plant Tracker, January 2026 release, CC BY 4.0, reduced and changed by us;
Government of India, Central Electricity Authority, CO2 Baseline Database for the Indian Power Sector, version 15. [fleets/README.md](../fleets/README.md)
explains how the two were joined.
"""
READING = """
## How to read the numbers

- **The ranks are those of 2018-19.** A figure applies to its year. The base year uses the latest figure; `N535` in the
  findings and the year in `hginv explain` show this. Generation has changed since: fill in the sheet `Activity` for later years.
- **Stations are split.** If the table has no figure for a unit, the units of a station share its generation by capacity, so
  they rank next to each other. Ranks of plants are more certain than ranks of units.
- **New units have no figure.** They have the default capacity factor, are large and have many remaining years. So they rank
  highest by remaining-lifetime emissions of the whole fleet.
- **Mercury in coal matters more.** No unit has an analysis. The interval of each unit is wide, and few of the units ranked
  highest are certain to be in the true top 10, with or without generation.
- **For a past year,** use it as base year: `hginv project --fleet india.xlsx --base-year 2018`. Units that closed since are
  retired in the workbook and add no emissions, although they ran then.
"""
AMOUNTS = {"air_base_year_kg": "emissions to air in the base year", "lifetime_kg": "remaining-lifetime emissions"}
TOP = 50  # units, of which it is counted how many stay
SHARES = {"units": False, "plants": True}


def india_page() -> str:
    """Return the page."""
    fleet = hg.read_fleet("india")
    stations = pd.read_csv(data_folder("fleets") / "india_stations.csv", keep_default_na=False)
    with_figure = fleet.units.index[
        fleet.units["status"].eq("operating") & fleet.units.index.isin(fleet.activity["unit_id"])
    ]
    chosen = fleet.subset([str(unit) for unit in with_figure])
    runs = {"one capacity factor": hg.project(_without_generation(chosen)), "generation": hg.project(chosen)}
    return page(
        INTRO,
        "## Matched units",
        _matched(fleet, stations, len(with_figure)),
        "## One capacity factor and reported generation",
        _settings(runs),
        _concentration(runs),
        "## The top 10 units",
        _first_ten(runs),
        "## Change from year to year",
        _change(fleet),
        "## The whole fleet",
        _whole(fleet),
        READING,
    )


def _without_generation(fleet: Fleet) -> Fleet:
    return replace(fleet, activity=fleet.activity.iloc[:0])


def _matched(fleet: Fleet, stations: pd.DataFrame, with_figure: int) -> str:
    """Return how the stations were matched, how much of the generation enters, and what the label of a year does."""
    counts = Counter(stations["match"])
    words = ", ".join(f"{quality} {counts[quality]}" for quality in ("exact", "name and capacity", "by hand", "none"))
    years = [name.removeprefix("net_gwh_") for name in stations if name.startswith("net_gwh_")]
    stated = {year: pd.to_numeric(stations[f"net_gwh_{year}"]).fillna(0.0) for year in years}
    rows = []
    for year in years:
        total, entered = stated[year].sum(), pd.to_numeric(stations[f"entered_gwh_{year}"]).sum()
        units = fleet.activity["year"].eq(int(year[:4])).sum()
        rows.append([year, year[:4], f"{total:,.0f}", f"{entered:,.0f}", f"{entered / total:.1%}", units])
    operating = int(fleet.units["status"].eq("operating").sum())
    shifts = []
    for earlier, later in pairwise(years):
        calendar = 0.25 * stated[earlier].sum() + 0.75 * stated[later].sum()
        shifts.append(abs(stated[later].sum() / calendar - 1.0))
    parts = (
        f"{len(stations)} stations by quality of their match: {words}. {with_figure} of {operating} operating units have a "
        "figure; the rest, captive plants among them, keep the default capacity factor.",
        table(["fiscal year", "label", "stations, GWh", "entered, GWh", "share", "units"], rows),
        f"A fiscal year, April to March, has the label of the year in which it begins. Weights of a quarter and three "
        f"quarters would move the total of a calendar year by {min(shifts):.1%} to {max(shifts):.1%}, and no figure could be "
        "looked up in the table any more.",
    )
    return "\n\n".join(parts)


def _settings(runs: Mapping[str, Run]) -> str:
    means = []
    for run in runs.values():
        units = run.units
        hours = (units["capacity_net_mw"] * HOURS_PER_YEAR).sum()
        means.append(units["generation_net_gwh_per_yr"].sum() * MWH_PER_GWH / hours)
    run = runs["generation"]
    settings = run.projection.settings
    return (
        f"The {len(run.units)} operating units with a figure, twice: once without the sheet Activity, at the capacity factor "
        f"{means[0]:.2f}, once with it, at {means[1]:.2f} on average. So the level falls as well, since the default is of another "
        f"year; shares and ranks show what differs between units. hginventory {hg.__version__}, base year {settings.base_year}, "
        f"rule {settings.rule_text}, {run.n_draws:,} draws."
    )


def _concentration(runs: Mapping[str, Run]) -> str:
    rows = []
    for by, what in AMOUNTS.items():
        for kind, plants in SHARES.items():
            for name, run in runs.items():
                found = run.rank_certainty(by, plants=plants, share=0.5)
                rows.append([what, kind, name, f"{found.total / 1000:,.1f}", f"{found.named_share:.1%}", found.share_needs,
                             f"{found.gini:.2f}", f"{found.named_right:.1f}"])  # fmt: skip
    heads = ["amount", "of", "activity", "total, t", "share of first ten", "for half", "Gini", "of the ten right"]
    return (
        f"{table(heads, rows)}\n\nOf the ten right: how many of those that rank first are expected among the true ten."
    )


def _first_ten(runs: Mapping[str, Run]) -> str:
    one, real = (run.rank_certainty("lifetime_kg").table.set_index("unit_id") for run in runs.values())
    factors = runs["generation"].units["capacity_factor"]
    parts = []
    for first, other, name in ((real, one, "generation"), (one, real, "one capacity factor")):
        rows = [
            [row.rank, f"{row.plant}, {row.unit}", f"{factors[unit]:.2f}", f"{row.lifetime_kg:,.0f}", f"{row.share:.2%}",
             f"{row.p_top10:.2f}", other.at[unit, "rank"], f"{other.at[unit, 'p_top10']:.2f}"]
            for unit, row in zip(first.index[:10], first.head(10).itertuples(), strict=True)
        ]  # fmt: skip
        heads = ["rank", "unit", "real capacity factor", "remaining kg", "share", "P(top 10)", "other rank", "other P"]
        stay = len(set(first.index[:10]) & set(other.index[:10]))
        parts += [f"By {name}; {stay} of them are among the ten of the other ranking.", table(heads, rows)]
    return "\n\n".join(parts)


def _change(fleet: Fleet) -> str:
    """Return how far units kept their capacity factor and their place from the first year to the last."""
    by_year = fleet.activity.pivot_table(index="unit_id", columns="year", values="value")
    first, last = min(by_year), max(by_year)
    both = by_year[[first, last]].dropna()
    hours = fleet.units["capacity_mw"].loc[both.index] * HOURS_PER_YEAR / MWH_PER_GWH
    change = (both[last] - both[first]).abs() / hours
    tops = [set(both[year].nlargest(TOP).index) for year in (first, last)]
    return (
        f"From {first} to {last} the capacity factor of the {len(both)} units with a figure of both years changed by "
        f"{change.median():.2f} in the median, and by more than {change.quantile(0.9):.2f} for one in ten. Of the {TOP} units with most "
        f"generation in {first}, {len(tops[0] & tops[1])} are among those of {last}. The draws take a figure as that of its unit "
        "in every year and know nothing of such changes: the probabilities above are those of a year that stays as it was."
    )


def _whole(fleet: Fleet) -> str:
    rows = []
    for name, one in (("one capacity factor", _without_generation(fleet)), ("generation", fleet)):
        run = hg.project(one, draws=0)
        (s,) = run.summary(10)
        leading = run.rank().head(10)["unit_id"]
        without = int((~leading.isin(fleet.activity["unit_id"])).sum())
        rows.append([name, s.units_operating, s.units_construction, f"{s.air_base_year_kg:,.0f}", f"{s.lifetime_t:,.0f}",
                     f"{s.top_share:.1%}", s.units_for_half, without])  # fmt: skip
    heads = ["activity", "units", "under construction", "kg/yr", "remaining t", "share of first ten", "units for half",
             "of the ten without a figure"]  # fmt: skip
    return table(heads, rows)
