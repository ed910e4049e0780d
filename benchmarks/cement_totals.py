"""Published national totals of cement compared with ours, before and after kilns took the rates that plants report.

    python benchmarks/cement_totals.py [--write]

Prints the table of docs/limits.md; --write renews it there. Before: the mass balance on default inputs with the spreads
of these inputs alone. After: what a run gives today. Clinker follows from the national production of cement where it is
on file, else from the capacity of the bundled table, which is of 2025. The score is the interval score of the
logarithms (Gneiting and Raftery 2007, doi:10.1198/016214506000001437); less is better.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from validation_scores import interval_score

import hginventory as hg
from hginventory.decisions.ranking import DEFAULT_DRAWS, DEFAULT_SEED, KG_PER_T, Interval, base_year_draws
from hginventory.factors import FactorRow, load_library
from hginventory.projection import Projection, project_fleet
from hginventory.units import convert

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from doc_pages.markdown import table, with_block

ROOT = Path(__file__).parents[1]
PAGE, BLOCK = ROOT / "docs" / "limits.md", "cement totals"
CASES = Path(__file__).with_name("published_cases.csv")
PRODUCTION = {"national emission, China, 2015": "C04"}  # the case that states the cement made
WITHOUT = {
    "national emission, China, 2005"
}  # no production on file, and China grew too fast to take the capacity of 2025
NATIONAL, INPUT, COAL = "national", "Hg input", "coal power"  # in the case of a row of cement_emission_factor
T_PER_MT = 1e6


@dataclass(frozen=True)
class Rates:
    """Bundled kilns of a country: mercury before and after [kg/yr], clinker [t/yr], clinker per cement, air share."""

    before: Interval
    after: Interval
    clinker: float
    clinker_factor: float
    air_share: float


def national_rows() -> list[FactorRow]:
    """Return the national totals of cement on file."""
    rows = load_library().table("cement_emission_factor").rows
    return [row for row in rows if row.keys["case"].startswith(NATIONAL) and COAL not in row.keys["case"]]


@cache
def rates(country: str) -> Rates:
    """Return what the kilns of a country emit, by default inputs alone and as they count today."""
    fleet = hg.read_fleet(f"{country}+cement")
    kilns = replace(fleet, units=fleet.units[fleet.units["sector"].eq("cement_kiln")])
    now = project_fleet(kilns)
    inputs = project_fleet(replace(kilns, units=kilns.units.assign(method="tier2")))
    # how far default inputs may be off was no part of the spread
    doubt = inputs.parameters["kiln_model"].without(np.full(len(inputs.units), True))
    inputs = replace(inputs, parameters={**inputs.parameters, "kiln_model": doubt})
    clinker = float(now.units["clinker_t_per_yr"].sum())
    first = {name: inputs.parameters[name].of_unit(0).value for name in ("clinker_factor", "air_share")}
    return Rates(_drawn(inputs), _drawn(now), clinker, first["clinker_factor"], first["air_share"])


def _drawn(projection: Projection) -> Interval:
    """Return the mercury of all kilns in the base year [kg/yr]; the mean is the central value."""
    draws = base_year_draws(projection, {"all": np.full(len(projection.units), True)}, DEFAULT_DRAWS, DEFAULT_SEED)
    return replace(Interval.of(draws["all"]), mean=float(projection.units["air_base_year_kg"].sum()))


def cement_made(case: str) -> float:
    """Return the cement made [t/yr] that a published case states, NaN where none is on file."""
    if case not in PRODUCTION:
        return math.nan
    with CASES.open(encoding="utf-8", newline="") as file:
        [inputs] = [row["inputs"] for row in csv.DictReader(file) if row["case_id"] == PRODUCTION[case]]
    return float(dict(part.split("=") for part in inputs.split("; "))["cement_t"])


def line(row: FactorRow) -> list[str]:
    """Return the cells of a row: published, clinker, ours before and after, and the interval scores."""
    case = row.keys["case"]
    published = convert(row.number(), row.unit.partition("/")[0], "t")
    name = [case.removeprefix(NATIONAL).strip(), f"{published:.3g}"]
    if case in WITHOUT:
        return [*name, "", "unknown", "", "", "", "", ""]
    known, cement = rates(row.keys["country"]), cement_made(case)
    clinker = known.clinker if math.isnan(cement) else cement * known.clinker_factor
    scale = clinker / known.clinker / (known.air_share if INPUT in case else 1.0)
    ours = [_scaled(one, scale) for one in (known.before, known.after)]
    scores = [interval_score(*(math.log(number) for number in (one.p05, one.p95, published))) for one in ours]
    return [
        *name, f"{clinker / T_PER_MT:,.0f}", "capacity" if math.isnan(cement) else "production",
        *(f"{one.mean:.3g} ({one.p05:.2g} to {one.p95:.3g})" for one in ours), f"{ours[1].mean / published:.2f}",
        *(f"{one:.1f}" for one in scores),
    ]  # fmt: skip


def _scaled(one: Interval, scale: float) -> Interval:
    """Return an interval in kg times a number, in t."""
    return Interval(*(number * scale / KG_PER_T for number in (one.mean, one.p05, one.p50, one.p95)))


def cement_totals() -> str:
    """Return the table, with a blank line before and behind it."""
    headings = ["total", "published [t/yr]", "clinker [Mt/yr]", "clinker from", "before [t/yr]", "after [t/yr]",
                "after / published", "score before", "score after"]  # fmt: skip
    return f"\n{table(headings, [line(row) for row in national_rows()])}\n"


def main() -> None:
    """Read the command line, then print the table or renew it in its page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="renew the table of docs/limits.md")
    options = parser.parse_args()
    text = cement_totals()
    print(text)
    if options.write:
        PAGE.write_text(with_block(PAGE.read_text(encoding="utf-8"), BLOCK, text), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
