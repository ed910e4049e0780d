"""The facts that a run leads with: totals, leading plants and units, published studies, cells worth filling."""

from __future__ import annotations

from dataclasses import dataclass

from hginventory.decisions.ranking.interval import Interval
from hginventory.decisions.ranking.leading import Leading
from hginventory.decisions.ranking.published_totals import PublishedTotal
from hginventory.translations import TranslatableText


@dataclass(frozen=True)
class SectorTotal:
    """Emissions to air of a sector, or of both.

    Attributes
    ----------
    sector : str
        Sector, or ``combined``.
    units_operating, units_construction, units_unknown_life : int
        Units that operate in the base year; that start later; whose remaining lifetime is not known.
    air_kg, lifetime_t : float
        Emissions in the base year [kg] and over the remaining lifetime [t]; the latter NaN where it is not known.
    air_drawn, lifetime_drawn : Interval or None
        The same by draw [kg], [t]; None without draws.
    on_default : float
        Share of the emissions in the base year whose mercury content is a default value [0-1]; NaN for both sectors.
    """

    sector: str
    units_operating: int
    units_construction: int
    units_unknown_life: int
    air_kg: float
    lifetime_t: float
    air_drawn: Interval | None
    lifetime_drawn: Interval | None
    on_default: float


@dataclass(frozen=True)
class TopUnits:
    """How sure it is that the units ranked highest are the true largest.

    Attributes
    ----------
    top : int
        How many units are ranked highest.
    certain, likely : tuple of str
        Those of them that are among the true largest with a probability above 95 %, and above 50 %.
    likeliest : str
        The one with the highest probability.
    p_likeliest : float
        Its probability [0-1].
    expected : float
        How many of them are expected among the true largest.
    """

    top: int
    certain: tuple[str, ...]
    likely: tuple[str, ...]
    likeliest: str
    p_likeliest: float
    expected: float


@dataclass(frozen=True)
class ListHeadline:
    """The facts of units that are ranked together.

    Attributes
    ----------
    name : str
        Sector, or ``combined``.
    plants, units : Leading
        The plants that lead in the base year, and the units that lead over the remaining lifetime.
    top : TopUnits or None
        How sure the units ranked highest are; None without draws, and where the list has no other units.
    """

    name: str
    plants: Leading
    units: Leading
    top: TopUnits | None


@dataclass(frozen=True)
class StudyOnFile:
    """A published study of some units of the fleet, and the same share of these units here.

    Attributes
    ----------
    name, short : str
        Name for `compare_with_study`, and the study in few words.
    selection : TranslatableText
        The units that it is about.
    top : int
        How many units its share is of.
    published : TranslatableText
        Share of the remaining-lifetime emissions as printed.
    units, of : int
        How many units of the run are of the selection, and units of its sector in all.
    share : float
        Share of the top units of the selection here [0-1].
    """

    name: str
    short: str
    selection: TranslatableText
    top: int
    published: TranslatableText
    units: int
    of: int
    share: float


@dataclass(frozen=True)
class CellToFill:
    """A blank cell that is worth filling.

    Attributes
    ----------
    place, column : str
        Address and column.
    plant, sector : str
        Plant, or the id of a unit without one; sector of its units.
    units : int
        Units that one value serves.
    lifetime_kg : float
        Their remaining-lifetime emissions [kg].
    """

    place: str
    column: str
    plant: str
    sector: str
    units: int
    lifetime_kg: float


@dataclass(frozen=True)
class Complying:
    """Units whose rates are cut at limits that they are stated to comply with.

    Attributes
    ----------
    units : int
        Units of the inventory.
    limits : tuple of str
        Ids of the limits.
    kg_lower : float
        Emissions of the base year by the listed controls alone, less those after the cut [kg].
    """

    units: int
    limits: tuple[str, ...]
    kg_lower: float


@dataclass(frozen=True)
class Headline:
    """The facts that a run leads with.

    Attributes
    ----------
    base_year, draws : int
        Year of the annual emissions; draws behind the intervals.
    totals : tuple of SectorTotal
        Each sector and, where there are two, both together as the last.
    lists : tuple of ListHeadline
        Units that are ranked together.
    studies : tuple of StudyOnFile
        Published studies of the fleet.
    published : tuple of PublishedTotal
        Published national totals.
    cells : tuple of CellToFill
        The blank cells that are worth most.
    complying : Complying or None
        Units whose rates are cut at limits; None: there are none.
    """

    base_year: int
    draws: int
    totals: tuple[SectorTotal, ...]
    lists: tuple[ListHeadline, ...]
    studies: tuple[StudyOnFile, ...]
    published: tuple[PublishedTotal, ...]
    cells: tuple[CellToFill, ...]
    complying: Complying | None = None
