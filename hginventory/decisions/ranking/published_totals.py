"""Published national totals next to ours: the rows of `inventory_reference` that a run can be compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hginventory._types import Flags, Floats
from hginventory.decisions.ranking.interval import Interval
from hginventory.decisions.ranking.ranking import KG_PER_T
from hginventory.ensemble import run_ensemble
from hginventory.factors import RECALLED, FactorRow
from hginventory.filters import select
from hginventory.projection import Projection
from hginventory.uncertainty import assemble

TABLE = "inventory_reference"


@dataclass(frozen=True)
class PublishedTotal:
    """A published total of a country and category, next to ours.

    Attributes
    ----------
    row : FactorRow
        The row of `inventory_reference`.
    citation : str
        Where it was published.
    our_year : int
        Base year of the run.
    our_units : int
        Our units that operate in it.
    our_kg : float
        Our central value [kg].
    drawn : Interval or None
        Ours by draw [kg]; None for a run without draws.
    newer_kg : float
        Of our central value what units emit that started after the year of the published total [kg].
    """

    row: FactorRow
    citation: str
    our_year: int
    our_units: int
    our_kg: float
    drawn: Interval | None
    newer_kg: float

    @property
    def fleet_year(self) -> int:
        """The year of the published total; of several years one in the middle."""
        return int(self.row.extra["fleet_year"])

    @property
    def kg(self) -> float:
        """The published total [kg]."""
        return self.row.number() * KG_PER_T

    @property
    def ratio(self) -> float:
        """Ours over the published total."""
        return self.our_kg / self.kg

    @property
    def is_inside(self) -> bool | None:
        """Whether the published total lies in our 90 % interval; None without draws."""
        return None if self.drawn is None else self.drawn.p05 <= self.kg <= self.drawn.p95

    @property
    def is_of_year(self) -> bool:
        """Whether ours is of the year of the published total."""
        return self.fleet_year == self.our_year

    @property
    def is_recalled(self) -> bool:
        """Whether no publication with the figure was found."""
        return self.row.read_from in RECALLED

    @property
    def not_independent(self) -> str:
        """Why it says nothing of us, as an input is from the same paper; empty: it does."""
        return self.row.extra["not_independent"]


def references(projection: Projection) -> dict[str, tuple[FactorRow, Flags]]:
    """Return the published totals that a run can be compared with, by name, each with the units that it is about.

    Parameters
    ----------
    projection : Projection
        The run.

    Returns
    -------
    dict of str to (FactorRow, ndarray of bool, shape (N,))
        Rows of `inventory_reference` of a country and category of the run.
    """
    units = projection.units
    found = {}
    for row in projection.library.table(TABLE).rows:
        own = (units["country"].eq(row.keys["country"]) & units["annex_d_category"].eq(row.keys["category"])).to_numpy()
        if where := row.extra["where"]:
            own = own & select(units, where)
        if own.any() and row.value is not None:
            found[f"estimate {row.row_id}"] = (row, own)
    return found


def published_totals(projection: Projection, drawn: Mapping[str, Floats]) -> list[PublishedTotal]:
    """Return every published total of a run next to ours.

    Parameters
    ----------
    projection : Projection
        The run.
    drawn : mapping of str to ndarray of float, shape (S,)
        Mercury of the base year by draw [kg], by the names of `references`; a total without draws has no interval.
    """
    units, library = projection.units, projection.library
    return [
        PublishedTotal(
            row=row,
            citation=library.source(row.source_id).citation,
            our_year=projection.settings.base_year,
            our_units=int(units.loc[own, "operates_in_base_year"].sum()),
            our_kg=float(units.loc[own, "air_base_year_kg"].sum()),
            drawn=Interval.of(drawn[name]) if name in drawn else None,
            newer_kg=float(units["air_base_year_kg"][own & units["start_year"].gt(int(row.extra["fleet_year"]))].sum()),
        )
        for name, (row, own) in references(projection).items()
    ]


def base_year_draws(projection: Projection, sets: Mapping[str, Flags], draws: int, seed: int) -> dict[str, Floats]:
    """Return the mercury of the base year of sets of units by draw [kg], on the same draws as the run.

    Parameters
    ----------
    projection : Projection
        The central run.
    sets : mapping of str to ndarray of bool, shape (N,)
        Units of each set.
    draws, seed : int
        Of the run; 0 draws: nothing is drawn.

    Returns
    -------
    dict of str to ndarray of float, shape (S,)
        Empty where nothing is drawn.
    """
    if not draws or not sets:
        return {}
    ids = projection.units.index
    given = assemble(projection, {name: list(ids[own]) for name, own in sets.items()}, {}, top=1)
    return dict(zip(sets, run_ensemble(given, draws, seed).base_sums, strict=True))


def comparable_references(projection: Projection) -> dict[str, tuple[FactorRow, Flags]]:
    """Return `references` of a run that is a national total: not of units chosen, nor of several countries."""
    return references(projection) if is_national(projection) else {}


def is_national(projection: Projection) -> bool:
    """Return whether a run is of a whole country, not of units chosen nor of several countries."""
    return not projection.settings.where and projection.units["country"].nunique() == 1


def comparable_totals(projection: Projection, drawn: Mapping[str, Floats]) -> list[PublishedTotal]:
    """Return published totals next to ours, one for each category, where `comparable_references` has any.

    Parameters
    ----------
    projection : Projection
        The central run.
    drawn : mapping of str to ndarray of float, shape (S,)
        As `published_totals` takes it; empty: no intervals.
    """
    return nearest_totals(published_totals(projection, drawn)) if comparable_references(projection) else []


def nearest_totals(totals: Iterable[PublishedTotal]) -> list[PublishedTotal]:
    """Return for each country and category the published total of the year nearest to ours, one that was read if any.

    >>> nearest_totals([])
    []
    """
    chosen: dict[tuple[str, str], PublishedTotal] = {}
    for total in totals:
        key = total.row.keys["country"], total.row.keys["category"]
        if key not in chosen or _distance(total) < _distance(chosen[key]):
            chosen[key] = total
    return list(chosen.values())


def _distance(total: PublishedTotal) -> tuple[bool, int]:
    return total.is_recalled, abs(total.fleet_year - total.our_year)
