"""A run: an analysis that can also be written, drawn and explained. `projecting.project` makes one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

import pandas as pd

from hginventory import arguments
from hginventory.analysis import Analysis
from hginventory.html_repr import html_table

if TYPE_CHECKING:
    import xarray

    from hginventory.report.explain import Explanation
    from hginventory.report.figures import Figure


class Run(Analysis):
    """The result of `project`: an analysis with what writes, draws and explains it.

    Parameters
    ----------
    projection : Projection
        The computed fleet.
    draws, seed : int
        Draws of the uncertain factors and their seed; 0 draws: central values only.
    """

    @overload
    def draws(self, *, as_xarray: Literal[False] = False) -> pd.DataFrame: ...

    @overload
    def draws(self, *, as_xarray: Literal[True]) -> xarray.Dataset: ...

    def draws(self, *, as_xarray: bool = False) -> pd.DataFrame | xarray.Dataset:
        """Return every draw of every unit: emissions to air in the base year and over the remaining life [kg].

        These are the draws behind intervals and ranks, so shared factors move units together in a draw. A frame of
        N units and S draws has N times S rows.

        Parameters
        ----------
        as_xarray : bool
            As an ``xarray.Dataset`` with dimensions unit_id and draw; needs the package xarray.

        Returns
        -------
        DataFrame
            One row per unit and draw: unit_id, draw (from 0), air_base_year_kg and lifetime_kg [kg].

        Raises
        ------
        UsageError
            If the run has no draws, or xarray is asked for and not installed.

        Examples
        --------
        >>> import hginventory as hg
        >>> run = hg.project("indonesia", where="capacity_mw >= 600", draws=100)
        >>> total = run.draws().groupby("draw")["lifetime_kg"].sum()  # of all units together
        >>> len(total)
        100
        """
        from hginventory.decisions.ranking import draw_dataset, draw_frame

        arguments.flag("as_xarray", as_xarray)
        make = draw_dataset if as_xarray else draw_frame
        return make(self.projection, self.n_draws, self.seed)

    def _repr_html_(self) -> str:
        settings = self.projection.settings
        summary = pd.DataFrame([vars(one) for one in self.summary()])
        heads = {"sector": "Sector", "units_operating": "Units operating", "units_construction": "Under construction",
                 "air_base_year_kg": f"Emissions to air in {settings.base_year} [kg]",
                 "lifetime_t": "Remaining-lifetime emissions [t]", "top_n": "Largest units",
                 "top_share": "Their share [0-1]"}  # fmt: skip
        draws = f"{self.n_draws:,} draws, seed {self.seed}" if self.n_draws else "central values only"
        return html_table(
            f"Mercury inventory: {settings.fleet_label}", summary, heads, [f"Rule {settings.rule}; {draws}."]
        )

    def save_tables(self, tables: Mapping[str, pd.DataFrame], folder: str | Path) -> Path:
        """Write tables as CSV into a folder, which is made where there is none; return its path."""
        from hginventory.report.output import save_tables

        return save_tables(tables, folder)

    def explain(self, unit_id: str) -> Explanation:
        """Return the calculation of a unit, named as for `find_unit`; ``print(run.explain("#1").text())``."""
        from hginventory.report.explain import explain

        return explain(self.projection, unit_id)

    def figures(
        self, language: str = "en", *, outlines: str | Path | None = None, decisions: bool = False
    ) -> dict[str, Figure]:
        """Return the figures of the run by name, each an Altair chart with its finding, words and data.

        Parameters
        ----------
        language : str
            ``en`` or a language with a catalogue, as ``id``.
        outlines : str or Path, optional
            GeoJSON file with your own outlines for the map; ``coasts``: no borders; default: coasts and borders.
        decisions : bool
            Also those of what can be done and of what drives the uncertainty, which take some seconds.
        """
        from hginventory.report.figures import figures

        return figures(self, language, outlines=outlines, decisions=decisions)

    def save_figures(
        self,
        folder: str | Path,
        figure: str | Sequence[str] = (),
        language: str = "en",
        *,
        outlines: str | Path | None = None,
    ) -> list[Path]:
        """Write figures as PNG and SVG, with title, unit, source, date, version and notices; return the paths.

        Parameters
        ----------
        folder : str or Path
            Where; it is made where there is none.
        figure : str or sequence of str
            Figures by name; default: all, those of measures included.
        language, outlines
            As in `figures`.
        """
        from hginventory.report.figures import save_figures

        return save_figures(self, folder, figure, language, outlines=outlines)

    def factors_used(self) -> pd.DataFrame:
        """Return the factor rows that the run is based on, with value, origin mark, source and units counted."""
        from hginventory.report.tables import factors_used

        return factors_used(self.projection)

    def save(
        self,
        folder: str | Path | None = None,
        *,
        overwrite: bool = False,
        extra: Mapping[str, pd.DataFrame] | None = None,
    ) -> Path:
        """Write the run folder and return its path; default ``hginv-out/<fleet>``.

        Parameters
        ----------
        folder : str or Path, optional
            Where.
        overwrite : bool
            Write also into a folder with files that no run has written; these stay.
        extra : mapping of str to DataFrame, optional
            Further tables to write, by the name of their file.

        Raises
        ------
        UsageError
            If the folder exists, was not written by a run, and ``overwrite`` is not set.
        """
        from hginventory.report.output import save

        return save(self, folder, overwrite=overwrite, extra=extra)

    def to_excel(self, path: str | Path) -> Path:
        """Write the result workbook and return its path."""
        from hginventory.report.excel import write_results

        return write_results(self, path)
