"""N4 and N4a: the sources that account for 75 per cent of each category of Annex D (Article 8(2)(b))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hginventory._types import Flags, Floats
from hginventory.decisions.ranking import COVERED, ROUNDING, rank_certainty, smallest_set
from hginventory.projection import Projection, in_inventory, subset
from hginventory.report.plan.source_set_draws import LEVELS, SetDraws
from hginventory.report.plan.source_tables import capacity
from hginventory.report.text import Words

COVERAGE_COLUMNS = ["annex_d_category", "criterion", "units_total", "units_covered", "emission_kg", "covered_kg",
                    "covered_share", "smallest_set_size", "guidance"]  # fmt: skip
LARGEST = "the largest emitters up to 75 % of emissions"
BY_CAPACITY = "capacity of {threshold} {unit} and more"
GUIDANCE = "Article 8(9)(a)"
SENTENCES = (LARGEST, BY_CAPACITY, GUIDANCE)
BY = "air_base_year_kg"
SOURCE_COLUMNS = ["annex_d_category", "rank", "unit_id", "plant", "unit", "admin1", BY]


@dataclass(frozen=True)
class Criterion:
    """A way to say which sources of a category are relevant.

    Attributes
    ----------
    category : str
        Category of Annex D.
    words : str
        The criterion in words.
    chosen : ndarray of bool, shape (N,)
        Sources of the category that it takes in.
    """

    category: str
    words: str
    chosen: Flags

    @property
    def name(self) -> str:
        """Name of the set among the draws."""
        return f"{self.category}: {self.words}"


def criteria(projection: Projection, words: Words) -> list[Criterion]:
    """Return two criteria per category: its largest emitters, and the highest capacity with 75 % above it."""
    return [one for category in categories(projection) for one in _criteria(projection, category, words)]


def categories(projection: Projection) -> dict[str, Flags]:
    """Return the categories of Annex D of a run, each with its sources that operate in the base year, shape (N,)."""
    operating = in_inventory(projection.units, base_year_only=True)
    of_unit = projection.units["annex_d_category"]
    return {category: of_unit.eq(category).to_numpy() & operating for category in dict.fromkeys(of_unit[operating])}


def _criteria(projection: Projection, category: str, words: Words) -> Iterator[Criterion]:
    units = projection.units
    own = categories(projection)[category]
    yield Criterion(category, words(LARGEST), units.index.isin(smallest_set(units, category)))
    size, unit = capacity(projection)
    threshold = _threshold(size.to_numpy(dtype=np.float64)[own], units[BY].to_numpy(dtype=np.float64)[own])
    if threshold is not None:
        text = words(BY_CAPACITY, threshold=words.number(threshold), unit=unit[own].iloc[0])
        yield Criterion(category, text, own & (size >= threshold).to_numpy())


def _threshold(size: Floats, emission: Floats) -> float | None:
    """Return the highest size above which sources account for 75 % of an emission; None where sizes are unknown.

    >>> _threshold(np.array([100.0, 300.0, 300.0, 600.0]), np.array([1.0, 1.0, 1.0, 3.0]))
    300.0
    """
    total = emission.sum()
    if total <= 0.0:
        return None
    sizes = np.unique(size[~np.isnan(size)])[::-1]
    held = np.array([emission[size >= one].sum() for one in sizes])
    enough = np.flatnonzero(held >= COVERED * total * (1.0 - ROUNDING))
    return float(sizes[enough[0]]) if enough.size else None


def coverage_test(projection: Projection, ways: list[Criterion], drawn: SetDraws, words: Words) -> pd.DataFrame:
    """Return N4: emissions of each category that criteria cover, with their probability [kg in the base year]."""
    emission = projection.units[BY].to_numpy(dtype=np.float64)
    own = categories(projection)
    rows = []
    for way in ways:
        total, covered = float(emission[own[way.category]].sum()), float(emission[way.chosen].sum())
        rows.append(
            {
                "annex_d_category": way.category,
                "criterion": way.words,
                "units_total": int(own[way.category].sum()),
                "units_covered": int(way.chosen.sum()),
                "emission_kg": total,
                "covered_kg": covered,
                "covered_share": covered / total if total > 0.0 else float("nan"),
                **drawn.coverage(way.name, f"category {way.category}"),
                "smallest_set_size": len(smallest_set(projection.units, way.category)),
                "guidance": words(GUIDANCE),
            }
        )
    return pd.DataFrame(rows, columns=None if rows else COVERAGE_COLUMNS)


def ordered_sources(projection: Projection, draws: int, seed: int) -> pd.DataFrame:
    """Return N4a: the sources of each category, the largest first, with those of its smallest set marked.

    Returns
    -------
    DataFrame
        annex_d_category, rank, unit_id, plant, unit, admin1, air_base_year_kg with percentiles, cumulative_share,
        in_set, and p_in_set: in how many draws the source is among as many largest as the set has.
    """
    tables = []
    for category, own in categories(projection).items():
        chosen = smallest_set(projection.units, category)
        ranked = rank_certainty(subset(projection, own), by=BY, named=max(len(chosen), 1), draws=draws, seed=seed)
        table = ranked.table.join(projection.units["admin1"], on="unit_id")
        table.insert(0, "annex_d_category", category)
        columns = [*SOURCE_COLUMNS]
        columns += [f"{BY}_{level}" for level in LEVELS] if draws else []
        table = table.assign(in_set=table["unit_id"].isin(chosen))
        columns += ["cumulative_share", "in_set"]
        if draws:
            table["p_in_set"] = table[f"p_top{ranked.named}"]
            columns.append("p_in_set")
        tables.append(table[columns])
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=SOURCE_COLUMNS)
