"""Runs an ensemble on the engine that fits its size: numpy where starting a compiler costs more than it saves."""

from __future__ import annotations

from collections.abc import Callable

from hginventory.ensemble.layout import Draws, EnsembleInput
from hginventory.ensemble.twin import run_twin

# Random numbers above which the compiled kernel pays for its start; measured, see docs/performance.md.
KERNEL_FROM = 30_000_000
Progress = Callable[[float], None]
ENGINES = ("auto", "numpy", "numba", "dask")


def run_ensemble(
    given: EnsembleInput, draws: int, seed: int, *, engine: str = "auto", progress: Progress | None = None
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
        ``auto``, ``numpy`` or ``numba``.
    progress : callable, optional
        Is told the share done [0-1].
    """
    if engine == "auto":
        engine = "numba" if given.values_drawn * draws >= KERNEL_FROM else "numpy"
    if engine == "numpy":
        return run_twin(given, draws, seed)
    from hginventory.ensemble.engine import run_kernel

    return run_kernel(given, draws, seed, progress=progress)
