"""All figures of a run in the order of a report, and as files."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hginventory import arguments
from hginventory._version import __version__
from hginventory.decisions.ranking import MERCURY_OF
from hginventory.errors import UsageError
from hginventory.files import writing
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
from hginventory.report.text import Words, fleet_text, kiln_caution
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

OF_A_LIST = ("pareto", "bars", "ranks")  # figures with one of each list


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
    made = figures_of(one, outlines)
    if not decisions:
        return _with_footer(made, one)
    from hginventory.report.figures.decisions import decision_figures, driver_figures
    from hginventory.report.tables import decision_results

    found = decision_results(run)
    further = driver_figures(found, one.words) | decision_figures(found, one.words)
    return _with_footer(made | with_credit(further, run, one.words), one)


def save_figures(
    run: Analysis,
    folder: str | Path,
    figure: str | Sequence[str] = (),
    language: str = "en",
    *,
    outlines: str | Path | None = None,
) -> list[Path]:
    """Write figures as PNG and SVG into a folder, which is made where there is none; return the paths.

    Each picture has title, unit, source, date, version and notices on it.

    Parameters
    ----------
    run : Analysis
        The run.
    folder : str or Path
        Where.
    figure : str or sequence of str
        Figures by name; default: all, those of measures included.
    language, outlines
        As in `figures`.

    Raises
    ------
    UsageError
        If the run has no figure of a name; the message lists those it has.
    """
    arguments.path("folder", folder)
    names = [figure] if isinstance(figure, str) else list(figure)
    made = figures(run, language, outlines=outlines)
    if not names or not set(names) <= set(made):  # the others take some seconds
        made = figures(run, language, outlines=outlines, decisions=True)
    if unknown := [name for name in names if name not in made]:
        raise UsageError(
            f"Figure {', '.join(unknown)} is not known. This run has {', '.join(made)}.",
            parameter="figure",
            allowed=tuple(made),
        )
    target = Path(folder)
    with writing(target, "folder"):
        target.mkdir(parents=True, exist_ok=True)
    chosen = [made[name] for name in names] or list(made.values())
    return [one.save(target / f"{one.name}.{kind}") for one in chosen for kind in ("png", "svg")]


def _with_footer(made: Mapping[str, Figure], one: FigureData) -> dict[str, Figure]:
    """Return figures with source, version, date and notices, to be saved one by one."""
    run, words, settings = one.run, one.words, one.run.projection.settings
    kilns = run.units["sector"].eq(CEMENT_KILN).any()
    on_default = float(run.gaps()["share_on_default"].get(MERCURY_OF[CEMENT_KILN], 0.0)) if kilns else 0.0
    caution = kiln_caution(on_default, words)
    coal = [one.figure(name) for one in one.lists if one.heading and one.name == COAL_POWER for name in OF_A_LIST]
    lines = [
        words("Source: {fleet}; factor set {factors}. hginventory {version}, {date}.",
              fleet=fleet_text(settings.fleet_label, words), factors=run.projection.library.version,
              version=__version__, date=_day().isoformat()),
        fleet_text(settings.notice or "", words),
    ]  # fmt: skip
    return {
        name: replace(figure, footer=tuple(filter(None, [*lines, "" if name in ("rates", *coal) else caution])))
        for name, figure in made.items()
    }


def _day() -> datetime.date:
    """Return the date of today, or the one that a build which must give the same bytes has set."""
    stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.datetime.now(tz=datetime.UTC)
    return (datetime.datetime.fromtimestamp(int(stamp), tz=datetime.UTC) if stamp.isdigit() else now).date()


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
