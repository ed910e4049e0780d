"""The draws themselves, unit by unit: for users who take them further than our summaries do."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.ensemble import run_ensemble
from hginventory.errors import UsageError
from hginventory.projection import Projection
from hginventory.uncertainty import assemble

if TYPE_CHECKING:
    import xarray

AMOUNTS_DRAWN = ("air_base_year_kg", "lifetime_kg")


def draws_of_units(projection: Projection, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return what each unit emits to air in the base year and over its remaining life, by draw.

    Parameters
    ----------
    projection : Projection
        The central run.
    draws, seed : int
        Number of draws, at least 1, and seed.

    Returns
    -------
    base_year, lifetime : ndarray of float, shape (N, S)
        Emissions to air [kg], rounded to 0.06 mg so that sums over units are exact.

    Examples
    --------
    >>> import hginventory as hg
    >>> run = hg.project("indonesia", where="capacity_mw >= 600")
    >>> base_year, lifetime = draws_of_units(run.projection, 100, 1)
    >>> base_year.shape == lifetime.shape == (len(run.units), 100)
    True
    """
    given = assemble(projection, {unit: [unit] for unit in projection.units.index}, {}, top=1)
    drawn = run_ensemble(given, draws, seed)
    return drawn.base_sums, drawn.life_sums


def draw_frame(projection: Projection, draws: int, seed: int) -> pd.DataFrame:
    """Return the draws as a tidy frame; columns as of `Run.draws`, errors as of `draw_dataset`."""
    _check(draws)
    index = pd.MultiIndex.from_product([projection.units.index, np.arange(draws)], names=["unit_id", "draw"])
    drawn = draws_of_units(projection, draws, seed)
    columns = {name: amounts.ravel() for name, amounts in zip(AMOUNTS_DRAWN, drawn, strict=True)}
    return pd.DataFrame(columns, index=index).reset_index()


def draw_dataset(projection: Projection, draws: int, seed: int) -> xarray.Dataset:
    """Return the draws as a labelled array, dimensions unit_id and draw, with the settings of the run as attributes.

    Raises
    ------
    UsageError
        If the run has no draws, or xarray is not installed.
    """
    _check(draws)
    if find_spec("xarray") is None:
        raise UsageError(
            "as_xarray=True needs the package xarray, which is not installed. Install it with pip install xarray, "
            "or leave as_xarray out: the draws are then a pandas DataFrame."
        )
    import xarray

    drawn = zip(AMOUNTS_DRAWN, draws_of_units(projection, draws, seed), strict=True)
    settings = projection.settings
    return xarray.Dataset(
        {name: (("unit_id", "draw"), amounts, {"units": "kg"}) for name, amounts in drawn},
        coords={"unit_id": projection.units.index.to_numpy(dtype=str), "draw": np.arange(draws)},
        attrs={"fleet": settings.fleet_name, "base_year": settings.base_year, "rule": settings.rule, "seed": seed},
    )


def _check(draws: int) -> None:
    """Raise unless a run has draws."""
    if draws < 1:
        raise UsageError("the run has no draws. Project the fleet with draws, as `draws=2000`.", parameter="draws")
