"""Draws as tables: units with their percentiles and ranks, totals, years, and the share of the first so many.

The units of a run are drawn list by list: those that are ranked together. What is summed over lists adds up by draw, as
the draws of a factor are the same wherever it is drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.decisions.ranking.article8_coverage import COVERED, smallest_set
from hginventory.decisions.ranking.interval import Interval, top_class
from hginventory.decisions.ranking.leading import Leading
from hginventory.decisions.ranking.published_totals import comparable_references
from hginventory.decisions.ranking.ranking import COMBINED, KG_PER_T, ROUNDING, rank_units, sectors_of
from hginventory.ensemble import Draws
from hginventory.projection import Projection, in_inventory
from hginventory.translations import TranslatableText

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
STEPS = tuple(
    dict.fromkeys(int(m * 10**e) for e in range(5) for m in (1, 1.5, 2, 3, 4, 5, 6, 8))
)  # first so many units whose share is drawn


@dataclass(frozen=True)
class Sets:
    """Sets of units whose totals are kept by draw, by name.

    Attributes
    ----------
    sums, yearly : mapping of str to list of str
        Over the remaining life and the base year; by year.
    named : list of str
        The first of the central ranking.
    covering : mapping of str to list of str
        Category -> its smallest set.
    first : mapping of int to str
        The first n of the ranking: n -> name of the sum.
    published : list of str
        Names of the sums that are compared with a published total, as `comparable_references` names them.
    ranked, unknown_life : list of str
        Units of the inventory whose remaining life is known, the largest first, and those of which it is not.
    plants, largest : Leading
        The plants that lead in the base year, and the units that lead over the remaining life.
    """

    sums: Mapping[str, list[str]]
    yearly: Mapping[str, list[str]]
    named: list[str]
    covering: Mapping[str, list[str]]
    first: Mapping[int, str]
    published: list[str]
    ranked: list[str]
    unknown_life: list[str]
    plants: Leading
    largest: Leading

    def knows_life(self, units: Collection[str]) -> bool:
        """Return whether the remaining mercury of a set is known, at least of some of its units."""
        return not set(self.unknown_life) & set(units) or bool(set(self.ranked) & set(units))

    @classmethod
    def of(cls, projection: Projection, top: int) -> Sets:
        """Return the sets of a projection, the units of one list, of which `top` are named."""
        units = projection.units
        ids = [str(unit) for unit in units.index]
        sectors = {s: [str(unit) for unit in units.index[units["sector"].eq(s)]] for s in sectors_of(units)}
        whole = {COMBINED: ids} if len(sectors) > 1 else {}
        ranked = [str(unit) for unit in rank_units(units, combined=True)["unit_id"]]
        named = ranked[:top]
        categories = dict.fromkeys(units.loc[in_inventory(units), "annex_d_category"])
        covering = {c: smallest_set(units, c) for c in categories}
        sums: dict[str, list[str]] = {"all": ids, "named": named, **sectors}
        for category, chosen in covering.items():
            own = units.index[units["annex_d_category"] == category]
            sums |= {f"category {category}": [str(unit) for unit in own], f"covering {category}": chosen}
        first = {n: f"first {n}" for n in STEPS if n < len(ranked)}
        sums |= {name: ranked[:n] for n, name in first.items()}
        told = comparable_references(projection).items()
        published = {name: [str(unit) for unit in units.index[own]] for name, (_, own) in told}
        sums |= published
        plants, largest = Leading.of_plants(units, top), Leading.of_units(units, ranked, top)
        sums |= {"plants": list(plants.unit_ids), "largest": list(largest.unit_ids)}
        unknown = [str(unit) for unit in units.index[units["lifetime_kg"].isna()]]
        yearly = {**sectors, **whole}
        return cls(sums, yearly, named, covering, first, list(published), ranked, unknown, plants, largest)

    @property
    def index_of(self) -> Mapping[str, int]:
        """Index of each sum among the sums of the draws."""
        return {name: number for number, name in enumerate(self.sums)}


@dataclass(frozen=True)
class ListDraws:
    """The draws of a list.

    Attributes
    ----------
    name : str
        Its sector; `COMBINED`: all units.
    index : Index
        Ids of its units.
    sets : Sets
        Sets of units whose totals were kept.
    result : Draws
        What was drawn.
    """

    name: str
    index: pd.Index[str]
    sets: Sets
    result: Draws

    def life(self, name: str) -> Floats:
        """Return the remaining mercury of a set by draw [kg], shape (S,)."""
        life: Floats = self.result.life_sums[self.sets.index_of[name]]
        return life

    def base(self, name: str) -> Floats:
        """Return the mercury of a set in the base year by draw [kg], shape (S,)."""
        base: Floats = self.result.base_sums[self.sets.index_of[name]]
        return base


@dataclass(frozen=True)
class SectorSums:
    """Mercury to air of a sector by draw [kg]: base year and remaining, shape (S,); by year, shape (Y, S).

    Remaining is NaN where the remaining life of no unit is known.
    """

    base: Floats
    life: Floats
    yearly: Floats

    def __add__(self, other: SectorSums) -> SectorSums:
        return SectorSums(self.base + other.base, self.life + other.life, self.yearly + other.yearly)


def sums_by_sector(lists: Sequence[ListDraws]) -> dict[str, SectorSums]:
    """Return the sums of each sector and, where there are two, of both together."""
    sums: dict[str, SectorSums] = {}
    for drawn in lists:
        for (sector, ids), yearly in zip(drawn.sets.yearly.items(), drawn.result.yearly_sums, strict=True):
            name = "all" if sector == COMBINED else sector
            parts = sums.values() if sector == COMBINED else ()
            is_open = any(np.isnan(part.life).any() for part in parts) or not drawn.sets.knows_life(ids)
            life = np.full_like(drawn.life(name), np.nan) if is_open else drawn.life(name)
            sums[sector] = SectorSums(drawn.base(name), life, yearly)
    if len(sums) > 1 and COMBINED not in sums:
        first, *others = sums.values()
        sums[COMBINED] = sum(others, start=first)
    return sums


def units_table(lists: Sequence[ListDraws], top: int) -> pd.DataFrame:
    """Return what draws say of each unit; columns as in `certainty.Certainty`."""
    return pd.concat([_units_table(drawn, top) for drawn in lists])


def _units_table(drawn: ListDraws, top: int) -> pd.DataFrame:
    result = drawn.result
    levels = [f"p{level * 100:02.0f}" for level in result.levels]
    columns: dict[str, Floats] = {}
    for name, mean, quantiles in (
        ("air_kg_per_yr", result.rate_mean, result.rate_quantiles),
        ("lifetime_kg", result.life_mean, result.life_quantiles),
    ):
        columns[f"{name}_mean"] = mean
        columns |= {f"{name}_{level}": quantiles[:, number] for number, level in enumerate(levels)}
    columns |= {f"rank_{name}": result.rank_quantiles[:, n] for n, name in enumerate(("p05", "median", "p95"))}
    table = pd.DataFrame(columns, index=drawn.index)
    table[f"p_top{top}"] = result.p_top
    table["top_class"] = top_class(result.p_top).astype(object)
    unknown = drawn.index.isin(drawn.sets.unknown_life)
    of_life = [name for name in map(str, table.columns) if not name.startswith("air_")]
    table.loc[unknown, of_life] = [None if name == "top_class" else np.nan for name in of_life]
    return table


def totals_table(sums: Mapping[str, SectorSums]) -> pd.DataFrame:
    """Return totals of each sector and of both together, in the base year and over the remaining life."""
    rows = []
    for sector, drawn in sums.items():
        for quantity, unit, values in (
            (TranslatableText("mercury to air in the base year"), "kg", drawn.base),
            (TranslatableText("mercury to air over the remaining life"), "t", drawn.life / KG_PER_T),
        ):
            levels = {f"p{level * 100:02.0f}": float(np.quantile(values, level)) for level in BANDS}
            rows.append({"sector": sector, "quantity": quantity, "unit": unit, "mean": float(values.mean()), **levels})
    return pd.DataFrame(rows)


def trajectory_table(base_year: int, sums: Mapping[str, SectorSums]) -> pd.DataFrame:
    """Return mean and percentiles of each sector by year; with uncertain lifetimes beyond the years of the run.

    The base year has what all units emit that run in it, as in the totals.
    """
    tables = []
    for sector, drawn in sums.items():
        values = np.concatenate([drawn.base[None], drawn.yearly[1:]])
        levels = np.quantile(values, BANDS, axis=1)
        columns = {f"air_kg_p{level * 100:02.0f}": levels[number] for number, level in enumerate(BANDS)}
        years = {"year": base_year + np.arange(len(values)), "sector": sector, "air_kg_mean": values.mean(axis=1)}
        tables.append(pd.DataFrame({**years, **columns}))
    return pd.concat(tables, ignore_index=True)


def coverage_chances(lists: Sequence[ListDraws]) -> pd.DataFrame:
    """Return the probability that the smallest set of each category accounts for 75 % of its annual emission.

    A category is of one sector, so that one list has all of its units.
    """
    rows = [
        {
            "category": category,
            "smallest_set_size": len(chosen),
            "p_covers": chance_of_share(
                drawn.base(f"covering {category}"), drawn.base(f"category {category}"), COVERED
            ),
        }
        for drawn in lists
        for category, chosen in drawn.sets.covering.items()
    ]
    return pd.DataFrame(rows, columns=["category", "smallest_set_size", "p_covers"])


def missed(own: Floats, named: Floats, everything: Floats) -> float:
    """Return the mean over draws of what the largest units of a draw emit more than the top units; unit of the amounts.

    >>> missed(np.array([5.0, 4.0]), np.array([3.0, 4.0]), np.array([9.0, 9.0]))
    1.0

    Sums of the same units in another order are the same:

    >>> missed(np.array([0.1 + 0.2 + 0.3]), np.array([0.3 + 0.2 + 0.1]), np.array([0.6]))
    0.0
    """
    more = float((own - named).mean())
    return more if more > ROUNDING * float(everything.mean()) else 0.0


def chance_of_share(part: Floats, whole: Floats, share: float) -> float:
    """Return how often a part makes a share of the whole; NaN where there is nothing to share."""
    return float((part >= share * whole * (1.0 - ROUNDING)).mean()) if whole.any() else float("nan")


def concentration_table(drawn: ListDraws) -> pd.DataFrame:
    """Return the share that the first n units of the list make, for some n."""
    rows = []
    for units, name in drawn.sets.first.items():
        with np.errstate(invalid="ignore", divide="ignore"):
            share = Interval.of(drawn.life(name) / drawn.life("all"))
        rows.append({"units": units, **asdict(share)})
    return pd.DataFrame(rows, columns=["units", "mean", "p05", "p50", "p95"])


def rank_chances(drawn: ListDraws) -> pd.DataFrame:
    """Return how often a unit had each of the first ranks; draws list their own largest, the largest first."""
    largest = drawn.result.top_units
    units = np.unique(largest[largest >= 0])
    chances = [[float((largest[:, rank] == unit).sum()) / len(largest) for rank in range(largest.shape[1])]
               for unit in units]  # fmt: skip
    ranks = list(range(1, largest.shape[1] + 1))
    return pd.DataFrame(chances, index=drawn.index[units], columns=ranks)
