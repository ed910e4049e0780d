"""A study and our numbers: shares by draw, variants, ranks of the plants it names, and a total taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from hginventory.decisions.ranking.interval import Interval
from hginventory.decisions.ranking.ranking import KG_PER_T, rank_units
from hginventory.filters import select
from hginventory.projection import in_inventory
from hginventory.translations import TranslatableText

MG_PER_KG = 1000.0  # kg of mercury per t of coal are g/kg


@dataclass(frozen=True)
class StudyRow:
    """One quantity, published and ours.

    Attributes
    ----------
    quantity : TranslatableText
        What is compared.
    published : str
        As printed; empty where the study prints none.
    ours : float
        Our central value, a share [0-1] or tonnes.
    source : str
        Where the source has the published value.
    unit : str
        Unit of our value: ``1`` or ``t``.
    value : float or None
        The published value as a number, in the unit of ours.
    drawn : Interval or None
        Ours by draw; of a share that of the true top units of each draw. None for a run without draws.
    top : int
        How many units a share is of; 0 for a total.
    """

    quantity: TranslatableText
    published: str
    ours: float
    source: str
    unit: str
    value: float | None
    drawn: Interval | None
    top: int = 0

    @classmethod
    def of_share(cls, top: int, published: Mapping[str, Any], ours: float, drawn: Interval | None) -> StudyRow:
        """Return the row of the share of the top units."""
        quantity = TranslatableText("share of the remaining mercury of the top {n}", n=top)
        text, source = published.get("text", ""), published.get("source", "")
        return cls(quantity, text, ours, source, "1", published.get("share"), drawn, top)

    @classmethod
    def of_total(cls, published: Mapping[str, Any], ours: float, drawn: Interval | None) -> StudyRow:
        """Return the row of a total of a year [t]."""
        quantity = TranslatableText("mercury to air in the base year [t]")
        return cls(quantity, published["text"], ours, published["source"], "t", float(published["annual_t"]), drawn)

    @property
    def is_inside(self) -> bool | None:
        """Whether the published value lies in the 90 % interval of the draws; None where one of the two is missing."""
        if self.value is None or self.drawn is None:
            return None
        return self.drawn.p05 <= self.value <= self.drawn.p95

    @property
    def shown(self) -> str:
        """Our central value in words: a share in percent, an amount in tonnes."""
        return self._shown(self.ours)

    @property
    def shown_drawn(self) -> str:
        """Median and 90 % interval of the draws in words; empty without draws."""
        if self.drawn is None:
            return ""
        return f"{self._shown(self.drawn.p50)} ({self._shown(self.drawn.p05)} to {self._shown(self.drawn.p95)})"

    def as_dict(self) -> dict[str, Any]:
        """Return quantity, published, ours, its percentiles and source, as in tables."""
        drawn = asdict(self.drawn) if self.drawn else {}
        levels = {f"ours_{level}": drawn.get(level, float("nan")) for level in ("p05", "p50", "p95")}
        return {"quantity": self.quantity, "published": self.published, "ours": self.ours, **levels,
                "source": self.source}  # fmt: skip

    def _shown(self, value: float) -> str:
        return f"{100.0 * value:.1f} %" if self.unit == "1" else f"{value:.3f} {self.unit}"


@dataclass(frozen=True)
class PlantMean:
    """The plain mean of plants with coal mercury of their own.

    Attributes
    ----------
    plants : int
        How many.
    hg_coal : float
        Their mean [mg/kg, as received]; NaN for none.
    """

    plants: int
    hg_coal: float

    @classmethod
    def of(cls, means: pd.Series[float]) -> PlantMean:
        """Return it of the means of plants."""
        return cls(len(means), float(means.mean()))


@dataclass(frozen=True)
class StudyVariant:
    """A run with changed inputs, or of other units.

    Attributes
    ----------
    name : str
        What is changed.
    units : int
        Units of the run.
    share : float
        Share of its top units in the remaining mercury [0-1].
    annual_t : float
        Mercury to air in the base year [t].
    plants, left : PlantMean, PlantMean or None
        Plants of the whole fleet with coal mercury of their own, and the others; None where no analysis is
        left out.
    """

    name: str
    units: int
    share: float
    annual_t: float
    plants: PlantMean
    left: PlantMean | None


@dataclass(frozen=True)
class StudyPlant:
    """A plant that a study names: where its highest unit ranks here, and what puts it there.

    Attributes
    ----------
    name, unit : str
        The plant, and its unit with the most remaining mercury.
    rank, of : int
        Rank of that unit among so many.
    rank_p05, rank_p95 : float
        90 % interval of the rank; NaN without draws.
    capacity_ratio, rate_ratio, years_ratio : float
        Net capacity, mercury per electricity and remaining years of the unit over those of the median unit.
    hg_coal : float
        Mercury in its coal [mg/kg].
    hg_origin : str
        Where that comes from, as ``default``.
    """

    name: str
    unit: str
    rank: int
    of: int
    rank_p05: float
    rank_p95: float
    capacity_ratio: float
    rate_ratio: float
    years_ratio: float
    hg_coal: float
    hg_origin: str


@dataclass(frozen=True)
class StudyTotal:
    """A published total of a year, and ours taken apart: activity times mercury per electricity.

    Attributes
    ----------
    published_t, ours_t : float
        Mercury to air [t].
    year : int
        Year of the published total.
    published_gwh, ours_gwh : float
        Electricity of the grid's coal plants in that year, and of our units [GWh].
    agrees_within : float
        Relative difference up to which activities count as equal.
    hg_ours, hg_needed : float
        Mean mercury in our coal, and what would give the published total at our activity, efficiencies and removal
        [mg/kg].
    removal, removal_most : float
        Our mean removal, and the highest that the other inventory prints for any train [0-1].
    at_most_removal_t : float
        Our total if every unit had that highest removal [t].
    """

    published_t: float
    ours_t: float
    year: int
    published_gwh: float
    ours_gwh: float
    agrees_within: float
    hg_ours: float
    hg_needed: float
    removal: float
    removal_most: float
    at_most_removal_t: float

    @classmethod
    def of(cls, units: pd.DataFrame, published: Mapping[str, Any]) -> StudyTotal:
        """Return a published total and that of units; keys as in scenarios/README.md."""
        runs = units[units["operates_in_base_year"].to_numpy(dtype=bool)]
        columns = ("generation_net_gwh_per_yr", "coal_t_per_yr", "hg_in_kg_per_yr", "air_base_year_kg")
        gwh, coal, given, air = (float(runs[name].sum()) for name in columns)
        theirs, most = float(published["annual_t"]), float(published["removal_at_most"])
        ours, content = air / KG_PER_T, MG_PER_KG * given / coal
        return cls(
            published_t=theirs, ours_t=ours, year=int(published["year"]),
            published_gwh=float(published["generation_gwh"]), ours_gwh=gwh,
            agrees_within=float(published["agrees_within"]), hg_ours=content, hg_needed=content * theirs / ours,
            removal=1.0 - air / given, removal_most=most, at_most_removal_t=given * (1.0 - most) / KG_PER_T,
        )  # fmt: skip

    @property
    def activity_agrees(self) -> bool:
        """Whether our activity is that of the other inventory's year, within what counts as equal."""
        return abs(self.ours_gwh / self.published_gwh - 1.0) <= self.agrees_within


def study_plants(
    units: pd.DataFrame, plants: Iterable[Mapping[str, str]], drawn: pd.DataFrame | None
) -> tuple[StudyPlant, ...]:
    """Return where the plants that a study names rank among units.

    Parameters
    ----------
    units : DataFrame, N rows, index unit_id
        As in `Projection.units`.
    plants : iterable of mapping
        Name and ``where`` of each; one without a ranked unit is left out.
    drawn : DataFrame or None
        Units of the draws, as in `Certainty.units`.
    """
    counted = units[in_inventory(units)]
    ranked = counted.loc[list(rank_units(units)["unit_id"])].rename(columns={"capacity_net_mw": "capacity_mw"})
    middle = ranked[["capacity_mw", "g_per_gwh", "remaining_years"]].median()
    found = []
    for plant in plants:
        own = ranked[select(ranked.reset_index(), plant["where"])]
        if own.empty:
            continue
        first = str(own.index[0])
        best = ranked.loc[first].to_dict()
        levels = {} if drawn is None else drawn.loc[first].to_dict()
        found.append(
            StudyPlant(
                name=plant["name"],
                unit=", ".join(str(name) for name in (best["plant"], best["unit"]) if isinstance(name, str)),
                rank=list(ranked.index).index(first) + 1,
                of=len(ranked),
                rank_p05=float(levels.get("rank_p05", "nan")),
                rank_p95=float(levels.get("rank_p95", "nan")),
                capacity_ratio=float(best["capacity_mw"] / middle["capacity_mw"]),
                rate_ratio=float(best["g_per_gwh"] / middle["g_per_gwh"]),
                years_ratio=float(best["remaining_years"] / middle["remaining_years"]),
                hg_coal=float(best["hg_coal_mg_per_kg"]),
                hg_origin=str(best["hg_origin"]),
            )
        )
    return tuple(found)
