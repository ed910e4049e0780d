"""Plants and countries ranked, each the sum of its units, with intervals of their amounts and ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hginventory._types import Positions
from hginventory.decisions.ranking.amount_draws import by_entity_input, entities
from hginventory.decisions.ranking.interval import top_class
from hginventory.decisions.ranking.ranking import (
    COUNTRY_KEY,
    PLANT_KEY,
    is_ranked,
    lists_of,
    rank_countries,
    rank_plants,
    rank_units,
)
from hginventory.decisions.ranking.unit_certainty import NAMED
from hginventory.ensemble import Draws, run_ensemble
from hginventory.projection import Projection, subset
from hginventory.uncertainty import assemble

RANKINGS = {"units": rank_units, "plants": rank_plants, "countries": rank_countries}
KEYS: Mapping[str, Sequence[str]] = {"units": (), "plants": PLANT_KEY, "countries": COUNTRY_KEY}


def can_draw_groups(projection: Projection, by: str = "lifetime_kg") -> bool:
    """Return whether draws can be made of groups of units: lifetimes are fixed, or one year is asked for."""
    return by != "lifetime_kg" or projection.settings.lifetime_spread == 0.0


def groups_with_draws(projection: Projection, what: str, *, draws: int, seed: int) -> pd.DataFrame:
    """Return plants or countries ranked by remaining mercury, with the columns that draws add.

    Parameters
    ----------
    projection : Projection
        The central run, lifetimes fixed.
    what : str
        ``plants`` or ``countries``.
    draws, seed : int
        Draws of the uncertain factors, at least 1.

    Returns
    -------
    DataFrame
        As `RankCertainty.table`; sectors one behind the other where each is a list of its own.
    """
    lists = lists_of(subset(projection, is_ranked(projection.units, "lifetime_kg")))
    tables = {name: RANKINGS[what](one.units, "lifetime_kg", combined=True) for name, one in lists.items()}
    named = min(NAMED, max(map(len, tables.values())))
    drawn = [_drawn(lists[name], table, KEYS[what], named, draws, seed) for name, table in tables.items() if len(table)]
    return pd.concat(drawn or list(tables.values()), ignore_index=True)


def _drawn(
    projection: Projection, table: pd.DataFrame, key: Sequence[str], named: int, draws: int, seed: int
) -> pd.DataFrame:
    """Return the plants or countries of one list with the columns that draws add."""
    given = assemble(projection, {}, {}, top=min(named, len(table)))
    order, entity = entities(table, projection.units, key)
    result = run_ensemble(by_entity_input(given, entity, len(order)), draws, seed)
    return draw_columns(table, "lifetime_kg", named, result, order)


def draw_columns(
    table: pd.DataFrame, by: str, named: int, result: Draws, order: Sequence[int] | Positions
) -> pd.DataFrame:
    """Return a ranking with the columns that draws add."""
    levels = [f"p{level * 100:02.0f}" for level in result.levels]
    table = table.assign(**{f"{by}_mean": result.life_mean[order]})
    for number, level in enumerate(levels):
        table[f"{by}_{level}"] = result.life_quantiles[order, number]
    for number, name in enumerate(("rank_p05", "rank_median", "rank_p95")):
        table[name] = result.rank_quantiles[order, number]
    p_top = result.p_top[order]
    table[f"p_top{named}"] = p_top
    table["top_class"] = top_class(p_top)
    return table
