"""What every figure starts from: the units of a run ranked, with their names, numbers and draws side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from hginventory.decisions.ranking import KG_PER_T, NAMED, Certainty, ListCertainty, lists_of
from hginventory.projection import InventoryCount, count_inventory, in_inventory, load_rule
from hginventory.report.text import SECTORS, Words, rule_text, unit_labels, words_in
from hginventory.vocabulary import CEMENT_KILN

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

SHOWN = 20  # rows of a figure with one row a unit


@dataclass(frozen=True)
class RankedList:
    """Units that are ranked together: those of a sector, or all.

    Attributes
    ----------
    name : str
        The sector, or ``combined``.
    heading : str
        Stands before a title where there are several lists; empty where there is one.
    ranked : DataFrame
        Its rows of `FigureData.ranked`.
    inventory : InventoryCount
        How many of its units are counted.
    top : int
        How many units are named.
    sure : ListCertainty or None
        What draws say of the ranking.
    air_kg_per_yr : float
        Emissions to air in a full year of all its units that are counted [kg/yr].
    """

    name: str
    heading: str
    ranked: pd.DataFrame
    inventory: InventoryCount
    top: int
    sure: ListCertainty | None
    air_kg_per_yr: float

    @property
    def unranked(self) -> int:
        """How many of its counted units are not ranked, as their remaining life is not known."""
        return self.inventory.counted - len(self.ranked)

    def figure(self, name: str) -> str:
        """Return the name of a figure of this list."""
        return f"{name}_kilns" if self.heading and self.name == CEMENT_KILN else name

    def title(self, finding: str) -> str:
        """Return a finding as the title of a figure of this list."""
        return f"{self.heading}: {finding}" if self.heading else finding


@dataclass(frozen=True)
class FigureData:
    """A run as the figures see it.

    Attributes
    ----------
    run : Analysis
        The run.
    words : Words
        Language.
    ranked : DataFrame, N rows
        Units by remaining-lifetime emissions, largest first, sector after sector: rank, unit_id, label (plant and
        unit, short), the columns of `Run.units`, lifetime_t, share, cumulative_share, and with draws those of
        `Certainty.units`.
    lists : tuple of RankedList
        The lists, at least one.
    sure : Certainty or None
        Draws.
    """

    run: Analysis
    words: Words
    ranked: pd.DataFrame
    lists: tuple[RankedList, ...]
    sure: Certainty | None

    @property
    def top(self) -> int:
        """How many units of a list are named."""
        return max(one.top for one in self.lists)

    @property
    def total_t(self) -> float:
        """Mercury of all units over their remaining life [t]."""
        return float(self.ranked["lifetime_t"].sum())

    def rule(self, name: str = "", years: str = "") -> str:
        """Return a retirement rule in words; that of the run unless another is named.

        With other years than its own it has no name any more.
        """
        projection = self.run.projection
        return self.words.tell(rule_text(load_rule(projection.library, name or projection.settings.rule), years))

    @property
    def p_top(self) -> str:
        """Name of the column that contains the probability to be among the largest."""
        return f"p_top{self.sure.top}" if self.sure else ""


def figure_data(run: Analysis, language: str = "en") -> FigureData:
    """Return what the figures of a run start from.

    Parameters
    ----------
    run : Analysis
        The run; draws are made now where it has any.
    language : str
        Language of the words.
    """
    order = run.rank()
    sure = run.certainty
    units = run.units if sure is None else run.units.join(sure.units)
    extra = order.set_index("unit_id")[["rank", "share", "cumulative_share"]]
    ranked = units.loc[order["unit_id"]].join(extra).reset_index()
    ranked["label"] = unit_labels(ranked)
    ranked["lifetime_t"] = ranked["lifetime_kg"] / KG_PER_T
    words, parts = words_in(language), lists_of(run.projection)
    lists = []
    for name, part in parts.items():
        own = ranked if len(parts) == 1 else ranked[ranked["sector"].eq(name)].reset_index(drop=True)
        of_list = sure.lists[name] if sure else None
        heading = words(SECTORS[name]) if len(parts) > 1 else ""
        top = min(of_list.top if of_list else NAMED, len(own))
        air = float(part.units.loc[in_inventory(part.units), "air_kg_per_yr"].sum())
        inventory = count_inventory(part.units)
        lists.append(RankedList(name, heading[:1].upper() + heading[1:], own, inventory, top, of_list, air))
    return FigureData(run, words, ranked, tuple(lists), sure)


def numbered(table: pd.DataFrame) -> pd.Series:
    """Return names with the rank before them, so that two units of one name are two rows of a figure."""
    return table["rank"].astype(str) + "  " + table["label"]
