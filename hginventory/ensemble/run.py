"""Runs an ensemble on the engine that fits its size: numpy where starting a compiler costs more than it saves."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from hginventory.arguments import function, text
from hginventory.ensemble.arrays import Draws, EnsembleInput
from hginventory.ensemble.computer import check_memory
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.errors import UsageError

# From where the compiled kernel pays for its start, in random numbers, and where the numpy engine would hold more than
# some 250 MB, in values of rows; measured, see docs/performance.md.
KERNEL_FROM = 20_000_000
MOST_HELD = 3_000_000
BYTES_HELD = 84  # of the numpy engine for a value of a row: 250 MB over that number
Progress = Callable[[float], None]
ENGINES = ("auto", "numpy", "numba", "dask")


def check_engine(engine: str, scheduler: str | None = None) -> str:
    """Return the engine asked for, with the reason why where it cannot be had.

    Parameters
    ----------
    engine : str
        One of `ENGINES`.
    scheduler : str, optional
        Address of a running scheduler of dask.distributed; goes with the engine ``dask``.

    Raises
    ------
    UsageError
        If there is no such engine, it does not go with a scheduler, or its package is not installed.

    Examples
    --------
    >>> check_engine("auto")
    'auto'
    """
    text("scheduler", scheduler, optional=True)
    if engine not in ENGINES:
        raise UsageError(
            f"there is no engine {engine!r}. Use one of: {', '.join(ENGINES)}.", parameter="engine", allowed=ENGINES
        )
    if scheduler is not None and engine == "auto":
        engine = "dask"
    if scheduler is not None and engine != "dask":
        raise UsageError(
            f"a scheduler goes with `engine='dask'`, not with {engine}. Leave one of the two out.",
            parameter="scheduler",
        )
    if engine == "dask" and find_spec("distributed") is None:
        raise UsageError(
            "dask needs the package distributed, which is not installed. Install it with pip install "
            "'hginventory[dask]', or use `engine='numba'`, which gives the same results on this machine.",
            parameter="engine",
        )
    return engine


def suits_numpy(given: EnsembleInput, draws: int) -> bool:
    """Return whether an ensemble is so small that the engine ``auto`` draws it in numpy."""
    return given.values_drawn * draws < KERNEL_FROM and given.rows.unit.size * draws <= MOST_HELD


def run_ensemble(
    given: EnsembleInput,
    draws: int,
    seed: int,
    *,
    engine: str = "auto",
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Draws:
    """Return the draws of an ensemble.

    Parameters
    ----------
    given : EnsembleInput
        The fleet.
    draws : int
        Number of draws, at least 1.
    seed : int
        0 to 2**64 - 1.
    engine : str
        ``numpy``, ``numba``, ``dask``, or ``auto``: numpy for small runs, numba for others. numba and dask give the
        same bits; numpy the same draws, within rounding.
    scheduler : str, optional
        Address of a running scheduler for ``dask``, as ``tcp://10.0.0.1:8786``; default: two workers on this machine.
    progress : callable, optional
        Called with the share done [0-1].

    Raises
    ------
    UsageError
        If the engine cannot be had or the scheduler cannot do the work.
    """
    function("progress", progress)
    engine = check_engine(engine, scheduler)
    if engine == "auto":
        engine = "numpy" if suits_numpy(given, draws) else "numba"
    if engine == "numpy":
        check_memory(given.rows.unit.size * BYTES_HELD, draws, given.units)
        return run_numpy(given, draws, seed)
    if engine == "dask":
        from hginventory.ensemble.distributed import run_dask

        return run_dask(given, draws, seed, scheduler=scheduler, progress=progress)
    from hginventory.ensemble.numba_engine import run_kernel

    return run_kernel(given, draws, seed, progress=progress)
