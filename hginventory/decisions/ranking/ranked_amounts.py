"""Ranks of units or plants by any amount, with their intervals and the two questions of shares.

How much do the first N make, and how many make a given share? Both are answered for the central run, and by the
draws: with what interval, and with what probability.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from hginventory import arguments
from hginventory.decisions.ranking.amount_draws import by_entity_input, entities, of_amount
from hginventory.decisions.ranking.article8_coverage import COVERED, coverage, smallest_set
from hginventory.decisions.ranking.draw_tables import chance_of_share, missed
from hginventory.decisions.ranking.interval import Interval
from hginventory.decisions.ranking.ranked_groups import KEYS, RANKINGS, can_draw_groups, draw_columns
from hginventory.decisions.ranking.ranking import (
    AMOUNTS,
    COMBINED,
    OF_BASE_YEAR,
    check_amount,
    gini,
    list_names,
    lists_of,
    lorenz,
    of_sector,
    share_of_top,
    units_for_share,
)
from hginventory.decisions.ranking.unit_certainty import DEFAULT_DRAWS, DEFAULT_SEED, NAMED, check_draws
from hginventory.ensemble import run_ensemble
from hginventory.errors import UsageError
from hginventory.html_repr import html_table
from hginventory.projection import InventoryCount, Projection, count_inventory, in_inventory, subset
from hginventory.uncertainty import assemble
from hginventory.units import percent


@dataclass(frozen=True)
class RankCertainty:
    """A ranking with its intervals and probabilities.

    Attributes
    ----------
    by, unit, what : str
        Amount ranked by, its unit, and ``units``, ``plants`` or ``countries``.
    sector : str
        Whose units are ranked; ``combined``: those of both sectors in one list.
    draws, seed : int
        Draws of the uncertain factors; 0: central values only.
    table : DataFrame
        rank, names, the amount, share, cumulative_share; with draws also p05 to p95 of the amount, rank_p05,
        rank_median, rank_p95, p_top<named> and top_class.
    inventory : InventoryCount
        Units of the list that the inventory counts and whose amount is known.
    unknown : int
        Units that the inventory counts and whose amount is not known, as their remaining life is not: not ranked.
    total : float
        Amount of all together.
    named : int
        How many are asked about.
    named_share : float
        Their share of the total [0-1].
    share_asked, share_needs : float, int
        A share [0-1], and how many of the largest make it.
    gini : float
        Concentration over those with any amount [0-1].
    named_interval, own_interval : Interval or None
        Share of the named by draw, and of each draw's own largest as many.
    named_right, lost : float or None
        How many of the named are expected among the true largest, and what the named are expected to miss.
    p_share : float or None
        Probability that the `share_needs` largest of the central run make the share asked.
    coverage : DataFrame
        Article 8(2)(b) of each category of the units, with p_covers where there are draws; empty for groups of units.
    """

    by: str
    unit: str
    what: str
    sector: str
    draws: int
    seed: int
    table: pd.DataFrame
    inventory: InventoryCount
    unknown: int
    total: float
    named: int
    named_share: float
    share_asked: float
    share_needs: int
    gini: float
    coverage: pd.DataFrame
    named_interval: Interval | None = None
    own_interval: Interval | None = None
    named_right: float | None = None
    lost: float | None = None
    p_share: float | None = None

    @property
    def ranked(self) -> tuple[int, int]:
        """How many units operate in the base year and how many start later, of those ranked."""
        return self.inventory.operating, 0 if self.by == OF_BASE_YEAR else self.inventory.construction

    def _repr_html_(self) -> str:
        heads = {"rank": "Rank", "plant": "Plant", "unit": "Unit", "country": "Country",
                 self.by: f"{self.by} [{self.unit}]", "p05": "p05", "p95": "p95", "share": "Share [0-1]",
                 f"p_top{self.named}": f"P(top {self.named})"}  # fmt: skip
        share = f"The {self.named} largest account for {percent(self.named_share)} of {self.total:,.0f} {self.unit}."
        return html_table(f"{self.what.capitalize()} ranked by {self.by}: {self.sector}", self.table, heads, [share])

    def lorenz(self) -> pd.DataFrame:
        """Return the Lorenz curve: share_of_units and share_of_amount, the smallest first."""
        units, amount = lorenz(self.table[self.by].to_numpy(dtype=np.float64))
        return pd.DataFrame({"share_of_units": units, "share_of_amount": amount})

    def as_dict(self, rows: int | None = None) -> dict[str, Any]:
        """Return everything as plain data, for JSON; the first rows of the table, or all."""
        plain = {
            name: getattr(self, name)
            for name in ("by", "unit", "what", "sector", "draws", "seed", "unknown", "total", "named", "named_share",
                         "share_asked", "share_needs", "gini", "named_right", "lost", "p_share")
        }  # fmt: skip
        intervals = {name: getattr(self, name) for name in ("named_interval", "own_interval")}
        return {
            **plain,
            "inventory": asdict(self.inventory),
            **{name: asdict(value) if value else None for name, value in intervals.items()},
            "coverage": self.coverage.to_dict("records"),
            "ranking": self.table.head(rows if rows is not None else len(self.table)).to_dict("records"),
        }


def rank_certainty(
    projection: Projection,
    *,
    by: str = "lifetime_kg",
    sector: str | None = None,
    plants: bool = False,
    by_country: bool = False,
    named: int = NAMED,
    share: float = COVERED,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
) -> RankCertainty:
    """Return a ranking of units, plants or countries with probabilities of ranks; for all lists see `rank_certainties`.

    Parameters
    ----------
    projection : Projection
        The central run; the ranking follows it.
    by : str
        ``lifetime_kg``, ``air_kg_per_yr`` (a full year) or ``air_base_year_kg``.
    sector : str, optional
        ``coal_power`` or ``cement_kiln``; needed where each is a list of its own, as is the default.
    plants, by_country : bool
        Rank plants or countries, each the sum of its units.
    named : int
        How many of the first are asked about.
    share : float
        Share of the total [0-1] asked about.
    draws, seed : int
        Draws of the uncertain factors; 0: central values only.

    Raises
    ------
    UsageError
        If an option cannot be used, or the units are several lists and no sector is named.

    Examples
    --------
    >>> import hginventory as hg
    >>> answer = rank_certainty(hg.project("indonesia").projection, sector="coal_power", draws=0)
    >>> answer.named, answer.share_needs > answer.named
    (10, True)
    """
    check_draws(draws, seed, named=named)
    arguments.flag("plants", plants)
    arguments.flag("by_country", by_country)
    if plants and by_country:
        raise UsageError("plants and countries are two rankings. Use one of `plants` and `by_country`.")
    what = "countries" if by_country else "plants" if plants else "units"
    _check(by, share)
    if sector is not None:
        projection = subset(projection, of_sector(projection.units, sector))
    lists = list_names(projection)
    if len(lists) > 1:
        raise UsageError(
            f"each of {' and '.join(lists)} is a list of its own. Name one with `sector`, or use `combined=True` for "
            "one list of all units.",
            parameter="sector",
            allowed=lists,
        )
    if what != "units" and draws and not can_draw_groups(projection, by):
        raise UsageError(
            f"the units of {what} close at different times, which draws of {what} do not follow where lifetimes are "
            "uncertain. Use `lifetime_spread=0`, `by='air_kg_per_yr'`, or rank units.",
            parameter="plants" if plants else "by_country",
        )
    unknown = in_inventory(projection.units) & projection.units[by].isna().to_numpy()
    inventory = count_inventory(projection.units[~unknown])
    projection = subset(projection, in_inventory(projection.units, base_year_only=by == OF_BASE_YEAR))
    units = projection.units
    table = RANKINGS[what](units, by, combined=projection.settings.combined)
    amounts = table[by].to_numpy(dtype=np.float64)
    needs = units_for_share(amounts, share)
    central = RankCertainty(
        by=by,
        unit=AMOUNTS[by],
        what=what,
        sector=lists[0] if lists else COMBINED,
        draws=draws,
        seed=seed,
        table=table,
        inventory=inventory,
        unknown=int(unknown.sum()),
        total=float(amounts.sum()),
        named=min(named, len(table)),
        named_share=share_of_top(amounts, named),
        share_asked=share,
        share_needs=needs,
        gini=gini(amounts[amounts > 0]) if (amounts > 0).any() else float("nan"),
        coverage=coverage(units) if what == "units" else pd.DataFrame(),
    )
    return _with_draws(projection, central) if draws and len(table) else central


def rank_certainties(projection: Projection, **options: Any) -> dict[str, RankCertainty]:
    """Return the ranking of each list with probabilities of ranks: sector, or ``combined``, -> ranking.

    Parameters
    ----------
    projection : Projection
        The central run.
    **options
        As of `rank_certainty`, but ``sector``.
    """
    return {name: rank_certainty(part, **options) for name, part in lists_of(projection).items()}


def _check(by: str, share: float) -> None:
    check_amount(by)
    arguments.number("share", share)
    if not 0.0 < share <= 1.0:
        words = f"{share:g} is not a share. Use more than 0 % and at most 100 %."
        raise UsageError(words, parameter="share", allowed=(0.0, 1.0))


def _with_draws(projection: Projection, central: RankCertainty) -> RankCertainty:
    units = projection.units
    order, entity = entities(central.table, units, KEYS[central.what])
    categories = [] if central.coverage.empty else list(central.coverage["category"])
    ids = units.index
    sets = {
        "all": np.ones(len(units), dtype=bool),
        "named": np.isin(entity, order[: central.named]),
        "share": np.isin(entity, order[: central.share_needs]),
    }
    for category in categories:
        sets[f"of {category}"] = units["annex_d_category"].eq(category).to_numpy()
        sets[f"set {category}"] = ids.isin(smallest_set(units, category))
    given = assemble(projection, {name: list(ids[chosen]) for name, chosen in sets.items()}, {}, top=central.named)
    base = run_ensemble(of_amount(given, central.by), central.draws, central.seed)
    by_entity = base
    if central.what != "units":
        grouped = by_entity_input(of_amount(given, central.by), entity, int(entity.max()) + 1)
        by_entity = run_ensemble(grouped, central.draws, central.seed)
    index_of = {name: number for number, name in enumerate(sets)}
    life, yearly = base.life_sums, base.base_sums
    everything, of_named = life[index_of["all"]], life[index_of["named"]]
    with np.errstate(invalid="ignore", divide="ignore"):
        named_interval, own_interval = Interval.of(of_named / everything), Interval.of(by_entity.top_sum / everything)
    right = np.isin(by_entity.top_units, order[: central.named]).sum(axis=1)
    covers = [chance_of_share(yearly[index_of[f"set {c}"]], yearly[index_of[f"of {c}"]], COVERED) for c in categories]
    return replace(
        central,
        table=draw_columns(central.table, central.by, central.named, by_entity, order),
        coverage=central.coverage.assign(p_covers=covers) if categories else central.coverage,
        named_interval=named_interval,
        own_interval=own_interval,
        named_right=float(right.mean()),
        lost=missed(by_entity.top_sum, of_named, everything),
        p_share=chance_of_share(life[index_of["share"]], everything, central.share_asked),
    )
