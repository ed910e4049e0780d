"""Mercury of coal units by country with and without the inferred basis of the national samples: for maintainers.

    python tools/basis_totals.py TRACKER.xlsx            # prints the table of docs/method.md
    python tools/basis_totals.py TRACKER.xlsx --least 0  # all countries that emit

TRACKER.xlsx is a release of the Global Coal Plant Tracker of Global Energy Monitor (CC BY 4.0), from
https://globalenergymonitor.org/projects/global-coal-plant-tracker/. The source of the national samples states no
basis; their rows of `coal_mercury` are taken as dry because of where the samples seem to come from. Without that
inference each printed value holds for coal as received: the sheet Factors then gets value / (1 - moisture) for the
row, which is what this script does, and the blends of unknown rank are made again from these rows. The row is the default
that `tools/small_samples.py` made; the other countries in it are those of the table, dry as inferred.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

import hginventory as hg
from coal_rank_blends import blends, rank_shares
from hginventory.factors import FactorLibrary, lookup
from hginventory.importing import import_tracker
from hginventory.inputs.fleet import FactorOverride

SAMPLES = "global-mercury-flow-model-repository"  # states no basis: a row of it that is dry is inferred to be so
REASON = "the printed value as received"
LEAST_TONNES = 0.05  # of difference a year, from where a country is named


def without_inference(library: FactorLibrary, shares: Mapping[str, Mapping[str, float]]) -> tuple[FactorOverride, ...]:
    """Return the rows of the sheet Factors that take the inference back.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    shares : mapping of str to mapping of str to float
        Shares of the ranks in the operating capacity of each country, for the blends of unknown rank.
    """
    keys = ("country", "coal_type")
    moistures = lookup.Ladder(library.table("coal_heating_value"), keys, {"quantity": "moisture"})
    mercury = lookup.Ladder(library.table("coal_mercury"), keys)
    inferred = [row for row in mercury.values() if row.source_id == SAMPLES and row.basis == "dry"]
    values: dict[str, float] = {}
    for row in inferred:
        moisture = moistures.needed(lookup.rank_rungs(row.keys["country"], row.keys["coal_type"]))
        values[row.row_id] = row.number() / (1.0 - moisture.number())
    printed = library.with_rows(replace(row, basis="not_stated") for row in inferred)
    for blend in blends(printed, shares)["coal_mercury"]:
        key = (blend["country"], blend["coal_type"])
        if key in mercury:
            values[mercury[key].row_id] = float(blend["value"])
    return tuple(
        FactorOverride(row_id, value, "mg/kg", None, None, REASON, "", f"Factors!A{place}")
        for place, (row_id, value) in enumerate(values.items(), 2)
    )


def totals(tracker: Path, base_year: int) -> pd.DataFrame:
    """Return the mercury to air of coal units in the base year by country [kg], with and without the inference."""
    fleet, _ = import_tracker("gem-coal", tracker, statuses=("operating", "construction"))
    overrides = without_inference(hg.load_library(), rank_shares(tracker))
    fleets = {"with_kg": fleet, "without_kg": replace(fleet, overrides=overrides)}
    units = {
        name: hg.project(stated, base_year=base_year, draws=0).units.groupby("country")["air_base_year_kg"].sum()
        for name, stated in fleets.items()
    }
    table = pd.DataFrame(units).sort_values("with_kg", ascending=False)
    return pd.concat([table.sum().to_frame("all").T, table])


def markdown(table: pd.DataFrame, least_tonnes: float) -> str:
    """Return the table as text for a page, countries with a smaller difference left out."""
    lines = ["| country | dry, as inferred [t/yr] | as printed [t/yr] | ratio |", "|---|---|---|---|"]
    for country, row in table.iterrows():
        dry, printed = row["with_kg"] / 1000.0, row["without_kg"] / 1000.0
        if abs(printed - dry) >= least_tonnes and printed > 0.0:
            lines.append(f"| {country} | {dry:.1f} | {printed:.1f} | {dry / printed:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tracker", type=Path, help="release of the Global Coal Plant Tracker, .xlsx")
    parser.add_argument("--base-year", type=int, default=2026, help="year of the totals")
    parser.add_argument("--least", type=float, default=LEAST_TONNES, help="least difference of a country named [t/yr]")
    options = parser.parse_args()
    print(markdown(totals(options.tracker, options.base_year), options.least))


if __name__ == "__main__":
    main()
