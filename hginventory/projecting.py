"""From a fleet to a run."""

from __future__ import annotations

from pathlib import Path

from hginventory import arguments
from hginventory.decisions.ranking import DEFAULT_DRAWS, DEFAULT_SEED, check_draws
from hginventory.inputs.bundled import read_fleet
from hginventory.inputs.fleet import Fleet
from hginventory.run import Run
from hginventory.uncertainty import project_complying


def project(
    fleet: str | Path | Fleet,
    *,
    base_year: int | None = None,
    rule: str | None = None,
    lifetime_spread: float | None = None,
    profile: str | None = None,
    where: str | None = None,
    combined: bool = False,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
) -> Run:
    """Compute the mercury of a fleet, unit by unit, over its remaining life.

    Parameters
    ----------
    fleet : str, Path or Fleet
        A workbook; where there is no such file, a bundled fleet: a country by ISO code or name, as ``"VNM"``, a group
        as ``"EU27"``, ``"world"``, or the name of a bundled workbook.
    base_year : int, optional
        First remaining year; default: that of the sheet Settings.
    rule : str, optional
        Retirement rule: ``icsc_40`` (default), ``gem_40``, ``gem_35`` or ``crea_30``.
    lifetime_spread : float, optional
        Years by which a unit may close earlier or later at most, in the draws; default: that of the sheet Settings,
        else 0: lifetimes are fixed.
    profile : str, optional
        Removal profile: ``default``, ``epa_emf`` or ``gma_levels``.
    where : str, optional
        Selects units, for example ``"sector == 'coal_power' and capacity_mw >= 100 and not captive"``.
    combined : bool
        Rank coal units and kilns in one list; default: each sector has a list, ranks and shares of its own.
    draws : int
        Draws of the uncertain factors, made when first asked for; 0: central values only.
    seed : int
        Seed of the draws. Neither changes a central number or rank.

    Returns
    -------
    Run

    Raises
    ------
    UnreadableFileError
        If the workbook cannot be opened safely.
    DataError
        If the fleet has errors; all of them are named with their cells.
    UsageError
        If an option cannot be used.

    Examples
    --------
    >>> import hginventory as hg
    >>> run = hg.project("indonesia", where="sector == 'coal_power'")
    >>> int(run.rank()["rank"].iloc[0])
    1
    """
    arguments.whole("base_year", base_year, optional=True)
    for name, value in {"rule": rule, "profile": profile, "where": where}.items():
        arguments.text(name, value, optional=True)
    arguments.flag("combined", combined)
    if not isinstance(fleet, Fleet):
        arguments.path("fleet", fleet)
    read = fleet if isinstance(fleet, Fleet) else read_fleet(fleet)
    check_draws(draws, seed)
    projection = project_complying(
        read, base_year=base_year, rule=rule, lifetime_spread=lifetime_spread, profile=profile, where=where,
        combined=combined,
    )  # fmt: skip
    return Run(projection, draws=draws, seed=seed)
