"""The results of a projection: amounts, ranks and how certain they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hginventory import arguments
from hginventory.decisions.ranking import (
    COMBINED,
    DEFAULT_DRAWS,
    DEFAULT_SEED,
    Certainty,
    Headline,
    PublishedTotal,
    SectorSummary,
    can_draw_groups,
    cells_to_fill,
    certainty,
    check_amount,
    check_draws,
    comparable_totals,
    coverage,
    find_unit,
    groups_with_draws,
    headline,
    list_names,
    of_sector,
    rank_countries,
    rank_plants,
    rank_units,
    reliance,
    sectors_of,
    summarise,
)
from hginventory.ensemble import Progress
from hginventory.projection import InventoryCount, Projection, count_inventory

if TYPE_CHECKING:
    from hginventory.decisions.ranking import RankCertainty
    from hginventory.inputs.findings import Finding

CELLS_KEPT = 100  # cells to fill that are computed at once, as many as the workbook lists


class Results:
    """The results of a projection: amounts, ranks and how certain they are.

    Parameters
    ----------
    projection : Projection
        The computed fleet.
    draws, seed : int
        Draws of the uncertain factors and their seed; 0 draws: central values only.
    """

    def __init__(self, projection: Projection, *, draws: int = DEFAULT_DRAWS, seed: int = DEFAULT_SEED) -> None:
        arguments.of_kind("projection", projection, Projection, "a projection; hginventory.project makes a run of one")
        check_draws(draws, seed)
        self.projection = projection
        self.n_draws, self.seed = int(draws), int(seed)  # of whatever whole numbers numpy or pandas gave
        self._certainty: Certainty | None = None
        self._groups: dict[str, pd.DataFrame] = {}
        self._published: list[PublishedTotal] | None = None
        self._headline: Headline | None = None
        self._gaps: pd.DataFrame | None = None
        self._cells: tuple[int, pd.DataFrame] = 0, pd.DataFrame()
        self._summaries: dict[tuple[str | None, int], SectorSummary] = {}

    def __repr__(self) -> str:
        settings = self.projection.settings
        what = f"{settings.fleet_name}: {self.inventory.counted} units from {settings.base_year}, {settings.rule}"
        return f"<{type(self).__name__} {what}>"

    @property
    def units(self) -> pd.DataFrame:
        """One row per unit, index unit_id; columns and units in docs/results.md."""
        return self.projection.units

    def find_unit(self, name: str) -> str:
        """Return the id of the unit that a text names: an id, a rank as ``#1``, plant and unit, or a chart's label.

        Raises
        ------
        UsageError
            If no unit or several fit; they are listed with plant and unit.
        """
        arguments.text("name", name)
        return find_unit(self.units, name, combined=self.projection.settings.combined)

    @property
    def inventory(self) -> InventoryCount:
        """How many units operate in the base year, start later, or are outside the inventory."""
        return count_inventory(self.units)

    @property
    def certainty(self) -> Certainty | None:
        """How sure units, totals and the units ranked highest are; None for a run without draws."""
        if self._certainty is None and self.n_draws:
            self.draw()
        return self._certainty

    def draw(self, *, engine: str = "auto", scheduler: str | None = None, progress: Progress | None = None) -> None:
        """Make the draws now, with a choice of engine and a view of the progress.

        Parameters
        ----------
        engine : str
            ``auto``, ``numpy``, ``numba`` or ``dask``; changes no result beyond rounding.
        scheduler : str, optional
            Address of a running scheduler for ``dask``; default: two workers on this machine.
        progress : callable, optional
            Called with the share done [0-1].
        """
        self._certainty = certainty(
            self.projection, draws=self.n_draws, seed=self.seed, engine=engine, scheduler=scheduler, progress=progress
        )

    @property
    def published_totals(self) -> list[PublishedTotal]:
        """Published national totals next to ours; see `decisions.ranking.comparable_totals`."""
        if self._published is None:
            sure = self.certainty
            self._published = comparable_totals(self.projection, sure.published if sure else {})
        return self._published

    @property
    def headline(self) -> Headline:
        """The facts that the run leads with: totals, the plants and units that matter, studies, cells to fill."""
        if self._headline is None:
            self._headline = headline(
                self.projection, self.certainty, summaries=self.summary(), lists=tuple(self.lists), gaps=self.gaps(),
                cells=self.cells_to_fill(), published=self.published_totals,
            )  # fmt: skip
        return self._headline

    @property
    def mass_balance(self) -> pd.DataFrame:
        """Mercury input and pathways of each unit [kg/yr], index unit_id."""
        return self.projection.mass_balance

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything noted on the way from cells to results."""
        return self.projection.findings

    @property
    def trajectory(self) -> pd.DataFrame:
        """Mercury to air [kg] and units at work by year and sector, as far as a draw may have a unit at work.

        The first year has the base-year emission; ``past_age_kg`` of it [kg] is of units past the rule's age, which
        end after it by the rule, not by action.
        """
        beyond = math.ceil(self.projection.settings.lifetime_spread)
        annual = np.pad(self.projection.annual_kg, ((0, 0), (0, beyond)))
        past = np.zeros_like(annual)
        past[:, 0] = self.projection.past_age_kg
        years = self.projection.settings.base_year + np.arange(annual.shape[1])
        sectors = self.units["sector"].to_numpy()
        tables = [
            pd.DataFrame(
                {
                    "year": years,
                    "sector": sector,
                    "air_kg": annual[sectors == sector].sum(axis=0),
                    "past_age_kg": past[sectors == sector].sum(axis=0),
                    "units_operating": (annual[sectors == sector] > 0).sum(axis=0),
                }
            )
            for sector in dict.fromkeys(sectors)
        ]
        return pd.concat(tables, ignore_index=True)

    def rank(self, by: str = "lifetime_kg", sector: str | None = None) -> pd.DataFrame:
        """Return the units of the inventory ranked, the largest first, with share and cumulative share.

        Coal units and kilns are lists of their own, with ranks and shares within the sector, one behind the other; of
        a run with ``combined=True`` they are one list.

        Parameters
        ----------
        by : str
            Column of ``units`` to rank by: ``lifetime_kg`` [kg], ``air_kg_per_yr`` or ``air_base_year_kg``.
        sector : str, optional
            ``coal_power`` or ``cement_kiln``; default: both.
        """
        check_amount(by)
        units = self.units if sector is None else self.units[of_sector(self.units, sector)]
        return rank_units(units, by, combined=self.projection.settings.combined)

    def plants(self, by: str = "lifetime_kg") -> pd.DataFrame:
        """Return the plants ranked, each with the sum of its units in the inventory; ``by`` and lists as in `rank`."""
        check_amount(by)
        return rank_plants(self.units, by, combined=self.projection.settings.combined)

    def countries(self, by: str = "lifetime_kg") -> pd.DataFrame:
        """Return the countries ranked, each with the sum of its units in the inventory; ``by`` as in `rank`."""
        check_amount(by)
        return rank_countries(self.units, by, combined=self.projection.settings.combined)

    def groups(self, what: str) -> pd.DataFrame:
        """Return plants or countries by remaining mercury [kg], with their intervals from the draws of this run.

        Without draws, and where draws move the last years of units, it is the central ranking.

        Parameters
        ----------
        what : str
            ``plants`` or ``countries``.
        """
        arguments.one_of("what", what, ("plants", "countries"))
        if what not in self._groups:
            drawn = self.n_draws and can_draw_groups(self.projection)
            central = self.plants if what == "plants" else self.countries
            self._groups[what] = (
                groups_with_draws(self.projection, what, draws=self.n_draws, seed=self.seed) if drawn else central()
            )
        return self._groups[what]

    def summary(self, top: int = 10) -> tuple[SectorSummary, ...]:
        """Return the headline numbers per sector and, where there are two, of both together; ``top`` is at least 1."""
        arguments.whole("top", top, 1)
        sectors: list[str | None] = [*sectors_of(self.units)]
        if len(sectors) > 1:
            sectors.append(None)
        return tuple(self._summary(sector, int(top)) for sector in sectors)

    def _summary(self, sector: str | None, top: int = 10) -> SectorSummary:
        if (sector, top) not in self._summaries:
            self._summaries[sector, top] = summarise(self.units, sector, top)
        return self._summaries[sector, top]

    @property
    def lists(self) -> dict[str, SectorSummary]:
        """The lists that units are ranked in, each with its headline numbers: sector, or ``combined`` for all units."""
        names = list_names(self.projection)
        return {name: self._summary(None if name == COMBINED else name) for name in names}

    def coverage(self) -> pd.DataFrame:
        """Return the smallest set of units with 75 % of the annual emission of each Annex D category."""
        return coverage(self.units)

    def gaps(self) -> pd.DataFrame:
        """Return the share of emissions based on default values and on recalled or judged rows, by factor."""
        if self._gaps is None:
            self._gaps = reliance(self.projection)
        return self._gaps.copy()

    def cells_to_fill(self, n: int = 10) -> pd.DataFrame:
        """Return the blank cells worth filling first, ``n`` of them, at least 1."""
        arguments.whole("n", n, 1)
        known, cells = self._cells
        if n > known:
            cells = cells_to_fill(self.projection, max(n, CELLS_KEPT))
            self._cells = max(n, CELLS_KEPT), cells
        return cells.head(n).copy()

    def rank_certainty(
        self,
        by: str = "lifetime_kg",
        *,
        sector: str | None = None,
        plants: bool = False,
        by_country: bool = False,
        named: int = 10,
        share: float = 0.75,
    ) -> RankCertainty:
        """Return ranked units, plants or countries with the probabilities of their ranks, on the draws of this run.

        Parameters
        ----------
        by : str
            As of `rank`.
        sector : str, optional
            Which list, where coal units and kilns are lists of their own; `rank_certainties` returns both.
        plants, by_country : bool
            Rank plants or countries.
        named : int
            Length of the list of the largest.
        share : float
            Share of all emissions that the smallest set must account for [0-1].
        """
        from hginventory.decisions.ranking import rank_certainty

        return rank_certainty(self.projection, by=by, sector=sector, plants=plants, by_country=by_country, named=named,
                        share=share, draws=self.n_draws, seed=self.seed)  # fmt: skip

    def rank_certainties(self, by: str = "lifetime_kg", **options: Any) -> dict[str, RankCertainty]:
        """Return each list as `rank_certainty` does: sector, or ``combined``, -> ranking; options as there."""
        from hginventory.decisions.ranking import rank_certainties

        arguments.keywords(options, ("plants", "by_country", "named", "share"))
        return rank_certainties(self.projection, by=by, **options, draws=self.n_draws, seed=self.seed)
