"""What every figure starts from: the units of a run ranked, with their names, numbers and draws side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from hginventory.decisions.ranking import KG_PER_T, NAMED, Certainty
from hginventory.projection import load_rule
from hginventory.report.text import Words, rule_text, unit_labels, words_in

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

SHOWN = 20  # rows of a figure with one row a unit


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
        Units by remaining mercury, the largest first: rank, unit_id, label (plant and unit, short), the columns of
        `Run.units`, lifetime_t, share, cumulative_share, and with draws those of `Certainty.units`.
    top : int
        How many units are named.
    sure : Certainty or None
        Draws.
    """

    run: Analysis
    words: Words
    ranked: pd.DataFrame
    top: int
    sure: Certainty | None

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
        """Name of the column that holds the probability to be among the largest."""
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
    top = min(sure.top if sure else NAMED, len(ranked))
    return FigureData(run, words_in(language), ranked, top, sure)


def numbered(table: pd.DataFrame) -> pd.Series:
    """Return names with the rank before them, so that two units of one name are two rows of a figure."""
    return table["rank"].astype(str) + "  " + table["label"]
