"""A progress bar on standard error, for runs that last; none where nobody watches."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hginventory.run import Run

BAR_FROM_UNITS = 2000  # smaller fleets are done before a bar could be read


def with_progress(run: Run, *, engine: str = "auto", scheduler: str | None = None) -> None:
    """Make the draws of a run, with a bar where the run is long and a person watches."""
    if not run.draws:
        return
    short = len(run.units) < BAR_FROM_UNITS and engine != "dask"
    if short or not sys.stderr.isatty():
        run.draw(engine=engine, scheduler=scheduler)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("drawing {task.fields[count]} times"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0, count=f"{run.draws:,}")
        run.draw(engine=engine, scheduler=scheduler, progress=lambda done: bar.update(task, completed=done))
