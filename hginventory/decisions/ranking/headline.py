"""Find the facts that a run leads with. Screen, page and workbook show the same ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hginventory.data_files import data_folder
from hginventory.decisions.ranking.headline_facts import (
    CellToFill,
    Complying,
    Headline,
    ListHeadline,
    SectorTotal,
    StudyOnFile,
    TopUnits,
)
from hginventory.decisions.ranking.interval import CLASSES, Interval
from hginventory.decisions.ranking.leading import Leading
from hginventory.decisions.ranking.published_study import load_study
from hginventory.decisions.ranking.published_totals import PublishedTotal, is_national
from hginventory.decisions.ranking.ranking import COMBINED, of_sector, rank_units, share_of_top
from hginventory.decisions.ranking.sector_summary import SectorSummary
from hginventory.decisions.ranking.unit_certainty import NAMED, Certainty
from hginventory.filters import select
from hginventory.projection import LISTED_AIR, STATED_LIMIT, Projection, in_inventory
from hginventory.translations import TranslatableText

MOST_CELLS = 3
CERTAIN, LIKELY = (bound for bound, word in CLASSES if word in ("certain", "likely"))  # probabilities
MERCURY_OF: Mapping[str, str] = {"coal_power": "coal mercury", "cement_kiln": "raw meal mercury"}  # as in FACTORS


def headline(
    projection: Projection,
    sure: Certainty | None,
    *,
    summaries: Iterable[SectorSummary],
    lists: Sequence[str],
    gaps: pd.DataFrame,
    cells: pd.DataFrame,
    published: Sequence[PublishedTotal],
) -> Headline:
    """Return the facts that a run leads with, from what is known of it; nothing is drawn or projected for them.

    Parameters
    ----------
    projection : Projection
        The central run.
    sure : Certainty or None
        What the draws say; None without draws.
    summaries : iterable of SectorSummary
        Each sector and, where there are two, both together.
    lists : sequence of str
        Names of the lists that units are ranked in.
    gaps, cells : DataFrame
        From `reliance` and `cells_to_fill`.
    published : sequence of PublishedTotal
        Published national totals.

    Examples
    --------
    >>> import hginventory as hg
    >>> facts = hg.project("indonesia", draws=0).headline
    >>> facts.lists[0].plants.count, facts.lists[0].plants.of
    (9, 96)
    """
    return Headline(
        base_year=projection.settings.base_year,
        draws=sure.draws if sure else 0,
        totals=tuple(_total(one, sure, gaps) for one in summaries),
        lists=tuple(_list(name, projection.units, sure) for name in lists),
        studies=tuple(_studies(projection)),
        published=tuple(published),
        cells=tuple(_cell(row, projection.units) for _, row in cells.head(MOST_CELLS).iterrows()),
        complying=_complying(projection.units),
    )


def _complying(units: pd.DataFrame) -> Complying | None:
    """Return the units of the inventory whose rates are cut at limits."""
    if STATED_LIMIT not in units:
        return None
    own = units[in_inventory(units) & units[STATED_LIMIT].ne("")]
    if own.empty:
        return None
    lower = (own[LISTED_AIR] - own["air_kg_per_yr"])[own["operates_in_base_year"].astype(bool)]
    return Complying(len(own), tuple(dict.fromkeys(own[STATED_LIMIT])), float(lower.sum()))


def _total(summary: SectorSummary, sure: Certainty | None, gaps: pd.DataFrame) -> SectorTotal:
    air = life = None
    if sure is not None:
        rows = sure.totals[sure.totals["sector"].eq(summary.sector)]
        air, life = (Interval(*map(float, row)) for row in rows[["mean", "p05", "p50", "p95"]].to_numpy())
    factor = MERCURY_OF.get(summary.sector, "")
    return SectorTotal(
        sector=summary.sector,
        units_operating=summary.units_operating,
        units_construction=summary.units_construction,
        units_unknown_life=summary.units_unknown_life,
        air_kg=summary.air_base_year_kg,
        lifetime_t=summary.lifetime_t,
        air_drawn=air,
        lifetime_drawn=life if life is not None and np.isfinite(life.mean) else None,
        on_default=float(gaps["share_on_default"].get(factor, np.nan)),
    )


def _list(name: str, units: pd.DataFrame, sure: Certainty | None) -> ListHeadline:
    if sure is not None:
        of_list = sure.lists[name]
        return ListHeadline(name, of_list.plants, of_list.largest, _top(name, units, sure))
    own = units if name == COMBINED else units[of_sector(units, name)]
    ranked = [str(unit) for unit in rank_units(own, combined=True)["unit_id"]]
    return ListHeadline(name, Leading.of_plants(own, NAMED), Leading.of_units(own, ranked, NAMED), None)


def _top(name: str, units: pd.DataFrame, sure: Certainty) -> TopUnits | None:
    of_list = sure.lists[name]
    named = list(of_list.named)
    if of_list.top >= of_list.largest.of or not of_list.named_share.mean > 0:
        return None
    chances = sure.units.loc[named, f"p_top{sure.top}"]
    return TopUnits(
        top=of_list.top,
        certain=tuple(_name(units, unit) for unit in named if chances[unit] > CERTAIN),
        likely=tuple(_name(units, unit) for unit in named if LIKELY < chances[unit] <= CERTAIN),
        likeliest=_name(units, str(chances.idxmax())),
        p_likeliest=float(chances.max()),
        expected=of_list.named_right,
    )


def _name(units: pd.DataFrame, unit: str) -> str:
    """Return plant and unit as people call it, without the plant where the unit is named after it; else the id."""
    plant, own = (text if isinstance(text, str) else "" for text in (units["plant"][unit], units["unit"][unit]))
    named = [own] if own and own.split()[0] == plant.partition(" ")[0] else [plant, own]
    return " ".join(filter(None, named)) or unit


def _studies(projection: Projection) -> Iterable[StudyOnFile]:
    """Yield the available studies that cover more units of the fleet than their share is of."""
    if not is_national(projection):
        return
    units = projection.units
    counted = units[in_inventory(units)]
    for path in sorted((data_folder("scenarios") / "studies").glob("*.toml")):
        study = load_study(path.stem)
        shares = [row for row in study["published"] if "top" in row]
        own = counted[select(projection.fleet.units.loc[counted.index].reset_index(), study["where"])]
        if not shares or len(own) <= shares[0]["top"] or not own["lifetime_kg"].sum() > 0:
            continue
        yield StudyOnFile(
            name=path.stem,
            short=study["short"],
            selection=TranslatableText(study["selection"]),
            top=shares[0]["top"],
            published=TranslatableText(shares[0]["text"]),
            units=len(own),
            of=int(counted["sector"].isin(own["sector"].unique()).sum()),
            share=share_of_top(own["lifetime_kg"].to_numpy(dtype=np.float64), shares[0]["top"]),
        )


def _cell(row: pd.Series[Any], units: pd.DataFrame) -> CellToFill:
    unit, plant = str(row["unit_id"]), row["plant"]
    return CellToFill(
        place=str(row["place"]),
        column=str(row["column"]),
        plant=plant if isinstance(plant, str) and plant else unit,
        sector=str(units.loc[unit, "sector"]),
        units=int(row["units_served"]),
        lifetime_kg=float(row["lifetime_kg"]),
    )
