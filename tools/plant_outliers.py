"""Make the mean of the plants of a country without outliers: for maintainers, after a change of an analysis of a plant.

    python tools/plant_outliers.py                    # lists what each mean drops, high and low
    python tools/plant_outliers.py --write factors    # replaces value, n, range and spread of the means in that folder

One wrong analysis moves the mean of few plants, and the default of all plants without one. The rule is two-sided, one for
all countries and ranks, and was stated before it was applied: an analysis is an outlier where

    |ln value - median of ln values| > 3 x robust sd,   robust sd = 1.4826 x MAD

(MAD: median absolute deviation). The mean is the plain mean of the plants that are kept; a plant keeps its own analysis in
the fleet. The rule is applied to every evidence row of `coal_mercury` whose region is `national plants` and whose plants are on
file, in one of two ways:

- the column `hg_coal` of a fleet workbook of the repository (Indonesia): one value a plant. A row of all ranks takes all
  plants, one of a rank those of it; a plant of unknown rank counts to the rank of most plants;
- evidence rows of the same country, coal type and source with a number n of plants and no range: one value for n plants.

Means of US units are printed by their source without the units, and stay as they are. After --write run
``tools/small_samples.py``, which makes the default rows from these means.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import median_abs_deviation

import hginventory as hg
from coal_rank_blends import read, write_all
from hginventory.vocabulary import UNKNOWN
from small_samples import LEAST_PLANTS, PLANTS, TABLE

FLEETS = {"IDN": "indonesia"}  # bundled fleets with analyses of plants
ROBUST_SDS = 3.0
Row = Mapping[str, str]


@dataclass(frozen=True)
class Analysis:
    """Mercury in the coal of a plant [mg/kg]."""

    plant: str
    value: float


@dataclass(frozen=True)
class Means:
    """Analyses of a printed row: kept and dropped, and the median and robust sd of their ln."""

    kept: tuple[Analysis, ...]
    dropped: tuple[Analysis, ...]
    median: float
    robust_sd: float


def without_outliers(analyses: Sequence[Analysis]) -> Means:
    """Return which analyses the rule keeps and which it drops."""
    logs = np.log([analysis.value for analysis in analyses])
    median, robust_sd = float(np.median(logs)), float(median_abs_deviation(logs, scale="normal"))
    far = np.abs(logs - median) > ROBUST_SDS * robust_sd
    return Means(
        tuple(a for a, out in zip(analyses, far, strict=True) if not out),
        tuple(a for a, out in zip(analyses, far, strict=True) if out),
        median,
        robust_sd,
    )


def analyses_of(row: Row, rows: Sequence[Row]) -> list[Analysis]:
    """Return the analyses of plants on file behind a printed row."""
    if row["country"] in FLEETS:
        return _of_fleet(FLEETS[row["country"]], row["coal_type"])
    same = [r for r in rows if all(r[key] == row[key] for key in ("country", "coal_type", "source_id"))]
    return [
        Analysis(r["region"], float(r["value"]))
        for r in same
        if r["use"] == "evidence" and r["region"] != PLANTS and r["n"] and r["value"] and not r["low"] + r["high"]
        for _ in range(int(float(r["n"])))
    ]


def _of_fleet(name: str, coal_type: str) -> list[Analysis]:
    """Return one analysis a plant, of all ranks or of one."""
    units = hg.read_fleet(name).units
    plants = units[units["hg_coal"].notna()].groupby("plant").agg({"hg_coal": "mean", "coal_type": "first"})
    known = plants["coal_type"].where(plants["coal_type"] != UNKNOWN)
    ranks = known.fillna(known.mode()[0])
    of_rank = plants[(ranks == coal_type) | (coal_type == "all")]
    return [Analysis(str(plant), float(value)) for plant, value in of_rank["hg_coal"].items()]


def renewed(row: Row, means: Means) -> dict[str, str]:
    """Return a printed row with the mean of the plants kept; fewer than three have no spread of their own."""
    values = np.array([analysis.value for analysis in means.kept])
    highest = max(means.kept, key=lambda analysis: analysis.value)
    others = (values.sum() - highest.value) / max(len(values) - 1, 1)
    enough = len(values) >= LEAST_PLANTS
    listed = ", ".join(f"{a.plant} {a.value:g}" for a in means.dropped) or "none"
    return dict(row) | {
        "value": f"{values.mean():.3g}", "n": str(len(values)), "low": f"{values.min():.4g}", "high": f"{values.max():.4g}",
        "low_high_meaning": "min-max of plant values", "distribution": "lognormal" if enough else "",
        "spread": f"{np.log(values).std(ddof=1):.6g}" if enough else "", "scopes": "plant:1" if enough else "",
        "method": f"plain mean of the plants kept; outliers: |ln value - ln {math.exp(means.median):.4g}| above "
        f"{ROBUST_SDS:g} x {means.robust_sd:.3f}, dropped: {listed}"
        + ("; spread: ln-sd between the plants" if enough else "; too few plants for a spread"),
        "note": f"mean of {len(values)} of {len(values) + len(means.dropped)} plants, as received; without the highest "
        f"({highest.plant}, {highest.value:g}) it would be {others:.3g}",
    }  # fmt: skip


def renewed_rows(rows: Sequence[Row]) -> list[tuple[dict[str, str], Means]]:
    """Return the printed rows whose plants are on file, renewed, with what they keep and drop."""
    found = []
    for row in rows:
        if row["use"] == "evidence" and row["region"] == PLANTS and (analyses := analyses_of(row, rows)):
            means = without_outliers(analyses)
            found.append((renewed(row, means), means))
    return found


def main() -> None:
    """Read the command line, then list or write the means."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="folder of factor tables to change")
    options = parser.parse_args()
    rows = read(options.write or hg.load_library().folder, TABLE)
    found = renewed_rows(rows)
    for row, means in found:
        print(f"{row['country']} {row['coal_type']}: {row['value']} {row['unit']}, {row['note']}; {row['method']}")
        for analysis in means.dropped:
            side = "high" if math.log(analysis.value) > means.median else "low"
            print(f"  dropped, {side}: {analysis.plant} {analysis.value:g}")
    if options.write:
        keys = [(row["country"], row["coal_type"]) for row, _ in found]
        kept = [r for r in rows if r["region"] != PLANTS or (r["country"], r["coal_type"]) not in keys]
        write_all(options.write, TABLE, [*kept, *(row for row, _ in found)])


if __name__ == "__main__":
    main()
