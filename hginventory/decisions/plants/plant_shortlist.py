"""Which plants to look at first: the ranking, narrowed to plants where looking can lead to something.

Plants of both sectors are taken in the order of their remaining-lifetime emissions, one of each archetype. Plants that
close before a retrofit is paid back are passed over, in a first round also those whose rank is based on few data. The
reasons for each choice, and for passing over each other plant, are given.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

from hginventory.arguments import text, whole
from hginventory.decisions.options import Catalogue
from hginventory.decisions.ranking import CLASSES, Certainty
from hginventory.errors import UsageError
from hginventory.factors import GROUPS, REPORTED, known_devices
from hginventory.inputs.fleet import is_blank
from hginventory.projection import Projection, has_unknown_life
from hginventory.units import percent
from hginventory.vocabulary import CEMENT_KILN, DRY_SCRUBBERS, UNKNOWN

LEAST_CERTAIN = CLASSES[-1][0]  # probability to be among the named, above which a rank is at least contested
# Devices of a train -> archetype; the first that fits counts.
ARCHETYPES = (
    (("wFGD",), "wet scrubber"),
    (("swFGD",), "sea-water scrubber"),
    (("FGD", *sorted(DRY_SCRUBBERS)), "other scrubber"),
    (("FF",), "fabric filter"),
    (("ESPc", "ESPh"), "precipitator alone"),
)


@dataclass(frozen=True)
class PlantCandidate:
    """A plant, with what speaks for and against looking at it first.

    Attributes
    ----------
    plant, country, owner, sector, archetype : str
        Who it is; the archetype is that of its unit with most remaining mercury.
    rank : int
        Rank among all plants by remaining mercury.
    units : tuple of str
        Its units that run, the one with most remaining mercury first.
    lifetime_kg, share : float
        Remaining mercury [kg], and over that of the fleet [1].
    air_kg_per_yr : float
        Mercury to air in a full year [kg/yr].
    remaining_years : float
        Years left to its first unit.
    p_top, rank_p05, rank_p95 : float
        Probability of its first unit to be among the named of its list, and the interval of its rank there; NaN
        without draws.
    reasons : tuple of str
        What speaks for it, in words.
    passed_over : str
        Why it was not chosen; empty for a chosen plant.
    """

    plant: str
    country: str
    owner: str
    sector: str
    archetype: str
    rank: int
    units: tuple[str, ...]
    lifetime_kg: float
    share: float
    air_kg_per_yr: float
    remaining_years: float
    p_top: float
    rank_p05: float
    rank_p95: float
    reasons: tuple[str, ...] = ()
    passed_over: str = ""


@dataclass(frozen=True)
class Shortlist:
    """Plants chosen, and those passed over on the way, in the order of the ranking."""

    chosen: tuple[PlantCandidate, ...]
    passed_over: tuple[PlantCandidate, ...]

    def table(self) -> pd.DataFrame:
        """Return one row per plant: all fields of `PlantCandidate`, chosen ones first; lists joined by semicolons."""
        rows: list[dict[str, Any]] = []
        for index, candidate in enumerate((*self.chosen, *self.passed_over)):
            row = asdict(candidate)
            row |= {"units": "; ".join(candidate.units), "reasons": "; ".join(candidate.reasons)}
            rows.append({"chosen": index < len(self.chosen), **row})
        return pd.DataFrame(rows)


def shortlist(
    catalogue: Catalogue, sure: Certainty | None = None, n: int = 3, *, owner: str | None = None
) -> Shortlist:
    """Return the plants to look at first.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run, for building times and remaining years that a step needs.
    sure : Certainty, optional
        Draws of the run; without them certainty plays no part.
    n : int
        How many plants.
    owner : str, optional
        Only plants whose owner contains these words.

    Raises
    ------
    UsageError
        If n is below 1, no plant belongs to the owner, or no unit has remaining mercury.
    """
    whole("n", n)
    text("owner", owner, optional=True)
    if n < 1:
        raise UsageError(f"{n} plants cannot be chosen. Write 1 or more.", parameter="n", allowed=(1, math.inf))
    plants = candidates(catalogue.projection, sure)
    if not plants:
        if has_unknown_life(catalogue.projection.units):
            raise UsageError(
                "the remaining mercury of no unit of this run is known, so no plant can be named. Fill in start_year."
            )
        raise UsageError(
            "no unit of this run has remaining mercury, so no plant can be named. Check `rule` and `where`."
        )
    if owner is not None:
        plants = [p for p in plants if owner.casefold() in p.owner.casefold()]
        if not plants:
            words = f"no plant that emits belongs to {owner!r}. See the column owner of units.csv."
            raise UsageError(words, parameter="owner")
    least = catalogue.prices.basis("least_years")
    top = "" if sure is None else f"top {sure.top}{' of its sector' if len(sure.lists) > 1 else ''}"
    chosen: list[PlantCandidate] = []
    against: dict[int, str] = {}
    for certain_only, one_of_a_kind in ((True, True), (False, True), (False, False)):
        for index, plant in enumerate(plants):
            if len(chosen) == n:
                break
            if plant in chosen:
                continue
            build = catalogue.lead_times.years(plant.country, ("plant",))
            reason = _against(plant, build, least)
            if not reason and certain_only and plant.p_top <= LEAST_CERTAIN:
                reason = f"its rank is not sure: P(its first unit in the {top}) {plant.p_top:.2f}"
            taken = next((c.plant for c in chosen if c.archetype == plant.archetype), "")
            if not reason and one_of_a_kind and taken:
                reason = f"{plant.archetype} like {taken}, which has more"
            if reason:
                against[index] = reason
                continue
            chosen.append(plant)
    last = max((plants.index(plant) for plant in chosen), default=-1)
    over = [replace(p, passed_over=against[i]) for i, p in enumerate(plants[: last + 1]) if p not in chosen]
    chosen.sort(key=lambda plant: plant.rank)
    return Shortlist(tuple(replace(plant, reasons=_reasons(plant, top)) for plant in chosen), tuple(over))


def _against(plant: PlantCandidate, build: float, least: float) -> str:
    left = plant.remaining_years - build
    if left > least:
        return ""
    worked = max(left, 0.0)
    return f"closes in {plant.remaining_years:g} years, {worked:g} after a plant step could run: {least:g} are needed"


def candidates(projection: Projection, sure: Certainty | None = None) -> list[PlantCandidate]:
    """Return all plants that have remaining mercury, the largest first; a unit without a plant stands for itself.

    Parameters
    ----------
    projection : Projection
        The run.
    sure : Certainty, optional
        Draws of the run.
    """
    units = projection.units[projection.units["lifetime_kg"] > 0]
    total = float(projection.units["lifetime_kg"].sum())
    names = units["plant"].where(units["plant"].notna(), units.index.to_series())
    read = projection.fleet.units
    found = []
    ordered = units.sort_values("lifetime_kg", ascending=False, kind="stable")
    for (plant, country, sector), own in ordered.groupby([names, "country", "sector"], sort=False):
        first = str(own.index[0])
        drawn = [math.nan] * 3
        if sure is not None:
            index = sure.units.index.get_indexer(pd.Index([first]))[0]
            drawn = [float(sure.units[name].to_numpy()[index]) for name in (f"p_top{sure.top}", "rank_p05", "rank_p95")]
        found.append(
            PlantCandidate(
                plant=str(plant),
                country=str(country),
                owner="; ".join(dict.fromkeys(str(o) for o in own["owner"] if isinstance(o, str))),
                sector=str(sector),
                archetype=archetype(own.iloc[0], _devices(read.loc[[first]].iloc[0])),
                rank=0,
                units=tuple(map(str, own.index)),
                lifetime_kg=float(own["lifetime_kg"].sum()),
                share=float(own["lifetime_kg"].sum()) / total,
                air_kg_per_yr=float(own["air_kg_per_yr"].sum()),
                remaining_years=float(own["end_year"].iloc[0]) - projection.settings.base_year,
                p_top=drawn[0],
                rank_p05=drawn[1],
                rank_p95=drawn[2],
            )
        )
    found.sort(key=lambda plant: (-plant.lifetime_kg, plant.plant))
    return [replace(plant, rank=rank) for rank, plant in enumerate(found, start=1)]


def _devices(record: pd.Series[Any]) -> frozenset[str]:
    """Return the control devices that a row of the fleet states."""
    return known_devices({g: UNKNOWN if is_blank(record.get(g)) else str(record[g]) for g in GROUPS})


def archetype(unit: pd.Series[Any], devices: Collection[str]) -> str:
    """Return the kind of plant a unit stands for: sector, boiler, train, and who it serves.

    Parameters
    ----------
    unit : Series
        Its row of ``units``.
    devices : collection of str
        Its control devices, as far as known.

    Examples
    --------
    >>> unit = pd.Series({"sector": "coal_power", "train_origin": "reported", "boiler": "PC", "captive": False})
    >>> archetype(unit, {"LNB", "ESPc"}), archetype(unit, set())
    ('coal, precipitator alone', 'coal, no dust control')
    >>> archetype(pd.Series({**unit, "train_origin": "default", "captive": True}), set())
    'captive coal, controls not known'
    """
    if unit["sector"] == CEMENT_KILN:
        return "cement kiln"
    whose = "captive coal" if unit["captive"] is True else "coal"
    bed = ", fluidised bed" if unit["boiler"] == "CFB" else ""
    kind = next((words for members, words in ARCHETYPES if not set(members).isdisjoint(devices)), "")
    if not kind:
        kind = "no dust control" if unit["train_origin"] == REPORTED else "controls not known"
    return f"{whose}{bed}, {kind}"


def _reasons(plant: PlantCandidate, top: str) -> tuple[str, ...]:
    """Return what speaks for a plant, in words."""
    count = len(plant.units)
    reasons = [
        f"{plant.lifetime_kg:,.0f} kg over the remaining life, {percent(plant.share, 1)} of the fleet, rank "
        f"{plant.rank} of the plants ({count} unit{'s' if count > 1 else ''})",
    ]
    if not math.isnan(plant.p_top):
        reasons.append(
            f"its first unit ranks {plant.rank_p05:.0f} to {plant.rank_p95:.0f} in 90 % of the draws, "
            f"P(in the {top}) {plant.p_top:.2f}"
        )
    reasons.append(f"its first unit has {plant.remaining_years:g} years left to pay back a retrofit")
    reasons.append(f"owner: {plant.owner or 'not stated, ask who decides'}")
    reasons.append(f"stands for its kind: {plant.archetype}")
    return tuple(reasons)


def units_of(plants: Sequence[PlantCandidate]) -> list[str]:
    """Return the units of some plants."""
    return [unit for plant in plants for unit in plant.units]
