"""A progress bar on standard error, for runs that last; none where nobody watches."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

    from hginventory.run import Run

WAIT = 2.0  # seconds before a bar is shown where nobody knows how long it will last
BAR_FROM = 20_000_000  # units x draws; smaller runs are mostly done before a bar could be read


def with_progress(run: Run, *, engine: str = "auto", scheduler: str | None = None) -> None:
    """Make the draws of a run, with a bar where the run is long and a person watches."""
    if not run.n_draws:
        return
    from hginventory.ensemble import kernels_are_compiled

    words = f"drawing {run.n_draws:,} times"
    short = len(run.units) * run.n_draws < BAR_FROM and engine != "dask"
    # Neither numpy knows how far it is nor numba when it compiles.
    untold = engine == "numpy" or (engine == "auto" and scheduler is None and not (short or kernels_are_compiled()))
    if short or untold:
        with waiting(words):
            run.draw(engine=engine, scheduler=scheduler)
        return
    with bar(words) as told:
        run.draw(engine=engine, scheduler=scheduler, progress=told)


@contextmanager
def bar(words: str) -> Iterator[Callable[[float], None] | None]:
    """Show a bar while something lasts; give a function that takes the share done, None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), TextColumn("left"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(words, total=1.0)
        yield lambda done: shown.update(task, completed=done)


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """Show that something goes on, once it has lasted for two seconds and where a person watches."""
    if not sys.stderr.isatty():
        yield
        return
    shown: list[Progress] = []

    def show() -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("so far"),
        )
        progress = Progress(*columns, console=Console(stderr=True), transient=True)
        progress.add_task(words, total=None)
        progress.start()
        shown.append(progress)

    timer = threading.Timer(WAIT, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for progress in shown:
            progress.stop()
