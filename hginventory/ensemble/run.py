"""Runs an ensemble on the engine that takes the least time: numpy where kernels cost more than they save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from hginventory.arguments import function, text
from hginventory.ensemble.arrays import Draws, EnsembleInput
from hginventory.ensemble.computer import check_memory
from hginventory.ensemble.kernels.compile_cache import kernels_are_compiled
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.errors import UsageError

# From how many random numbers on kernels pay that are compiled, and that have yet to be: numpy takes 50 ns each, the
# kernels 3 ns, and 0.8 s to load or 15 s to compile. Measured, see docs/performance.md.
KERNEL_FROM, COMPILING_FROM = 20_000_000, 320_000_000
BYTES_HELD = 56  # of the numpy engine for a value of a row
# Values of rows that it may hold: 170 MB, and 1.5 GB where kernels have yet to be compiled.
MOST_HELD, MOST_HELD_UNCOMPILED = 3_000_000, 26_000_000
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


@dataclass(frozen=True)
class EngineChoice:
    """The engine of an ensemble, and why.

    Attributes
    ----------
    engine : str
        ``numpy``, ``numba`` or ``dask``.
    reason : str
        In words.
    """

    engine: str
    reason: str

    def __str__(self) -> str:
        return f"{self.engine}, {self.reason}"


def suits_numpy(given: EnsembleInput, draws: int) -> bool:
    """Return whether an ensemble is so small that the engine ``auto`` always draws it in numpy."""
    return given.values_drawn * draws < KERNEL_FROM and given.rows.unit.size * draws <= MOST_HELD


def choose_engine(given: EnsembleInput, draws: int, engine: str = "auto", scheduler: str | None = None) -> EngineChoice:
    """Return the engine of an ensemble: the one asked for, or the one that takes the least time now.

    Parameters
    ----------
    given : EnsembleInput
        The fleet.
    draws : int
        Number of draws.
    engine, scheduler
        As in `run_ensemble`.

    Raises
    ------
    UsageError
        As `check_engine`.
    """
    chosen = check_engine(engine, scheduler)
    if chosen != "auto":
        return EngineChoice(chosen, "as asked for")
    numbers, held = given.values_drawn * draws, given.rows.unit.size * draws
    drawn = f"{numbers / 1e6:,.0f} million random numbers"
    if suits_numpy(given, draws):
        return EngineChoice("numpy", f"because {drawn} take less time than loading the kernels")
    if kernels_are_compiled():
        return EngineChoice("numba", f"because there are {drawn} and the kernels are compiled")
    if numbers >= COMPILING_FROM:
        return EngineChoice("numba", f"because {drawn} take more time in numpy than compiling the kernels")
    if held > MOST_HELD_UNCOMPILED:
        return EngineChoice("numba", f"because numpy would need {held * BYTES_HELD / 1e9:.1f} GB of memory")
    return EngineChoice("numpy", f"because {drawn} take less time than compiling the kernels")


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
        ``numpy``, ``numba``, ``dask``, or ``auto``, as `choose_engine` says. numba and dask give the same bits; numpy
        the same draws, within rounding, and exact ranks where kernels read them from classes of size.
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
    engine = choose_engine(given, draws, engine, scheduler).engine
    if engine == "numpy":
        check_memory(given.rows.unit.size * BYTES_HELD, draws, given.units)
        return run_numpy(given, draws, seed)
    if engine == "dask":
        from hginventory.ensemble.distributed import run_dask

        return run_dask(given, draws, seed, scheduler=scheduler, progress=progress)
    from hginventory.ensemble.numba_engine import run_kernel

    return run_kernel(given, draws, seed, progress=progress)
