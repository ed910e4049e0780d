"""All figures of a run in the order of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hginventory import arguments
from hginventory.report.figures.balance import balance
from hginventory.report.figures.bars import bars
from hginventory.report.figures.data import FigureData, figure_data
from hginventory.report.figures.data_origins import quality
from hginventory.report.figures.emission_map import places
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.pareto import pareto
from hginventory.report.figures.predicted_vs_measured import measured
from hginventory.report.figures.ranks import ranks
from hginventory.report.figures.rates import rates
from hginventory.report.figures.trajectory import trajectory
from hginventory.report.text import Words
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER

if TYPE_CHECKING:
    from hginventory.analysis import Analysis


def figures(
    run: Analysis, language: str = "en", *, outlines: str | Path | None = None, decisions: bool = False
) -> dict[str, Figure]:
    """Return the figures of a run by name.

    Parameters
    ----------
    run : Analysis
        The run.
    language : str
        Language of the words.
    outlines : str or Path, optional
        GeoJSON file with the user's own outlines for the map.
    decisions : bool
        Also those of what can be done and of what drives the uncertainty, which take some seconds.

    Examples
    --------
    >>> import hginventory as hg
    >>> list(figures(hg.project("indonesia", draws=0)))
    ['pareto', 'pareto_kilns', 'trajectory', 'bars', 'bars_kilns', 'balance', 'quality', 'rates', 'places']
    """
    arguments.text("language", language)
    arguments.path("outlines", outlines, optional=True)
    arguments.flag("decisions", decisions)
    one = figure_data(run, language)
    if not decisions:
        return figures_of(one, outlines)
    from hginventory.report.figures.decisions import decision_figures, driver_figures
    from hginventory.report.tables import decision_results

    found = decision_results(run)
    further = driver_figures(found, one.words) | decision_figures(found, one.words)
    return figures_of(one, outlines) | with_credit(further, run, one.words)


def figures_of(one: FigureData, outlines: str | Path | None = None) -> dict[str, Figure]:
    """Return the figures of a run by name; parameters as in `figures`."""
    made = (
        *(pareto(one, of_list) for of_list in one.lists),
        trajectory(one),
        *(bars(one, of_list) for of_list in one.lists),
        balance(one),
        quality(one),
        measured(one),
        *(ranks(one, of_list) for of_list in one.lists),
        rates(one, COAL_POWER),
        rates(one, CEMENT_KILN),
        places(one, outlines),
    )
    return with_credit({figure.name: figure for figure in made if figure is not None}, one.run, one.words)


def with_credit(figures: Mapping[str, Figure], run: Analysis, words: Words) -> dict[str, Figure]:
    """Return figures that name the sources of the fleet whose terms of use are stated."""
    credit = " ".join(f"{words.tell(one.short)}." for one in run.projection.fleet.attributions)
    return {name: replace(figure, credit=credit) for name, figure in figures.items()}
