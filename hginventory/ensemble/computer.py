"""What draws may take of this computer: its threads, each for its own part of a compiled pass, and its memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hginventory.errors import UsageError

MOST_DRAW_BYTES = 16_000_000_000  # of memory for draws; what a large desktop computer has


def threads_here() -> int:
    """Return how many threads this process may use: ``HGINV_THREADS``, else the processors it may run on."""
    asked = os.environ.get("HGINV_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Threads:
    """A few threads for passes that leave the interpreter to the others.

    Parameters
    ----------
    count : int, optional
        How many; default: `threads_here`.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or threads_here()
        self._pool = ThreadPoolExecutor(self.count - 1) if self.count > 1 else None

    def share_out(self, size: int, call: Callable[[int, int], Any]) -> None:
        """Call a function for parts of ``range(size)``, one part a thread, and wait for all.

        Parameters
        ----------
        size : int
            Number of pieces of work.
        call : callable
            Takes begin and end.
        """
        parts = min(self.count, size)
        edges = [size * number // parts for number in range(parts + 1)] if parts else []
        if self._pool is None or parts <= 1:
            if size:
                call(0, size)
            return
        call(0, 0)  # compiles what is not yet compiled in the thread that Ctrl-C reaches
        waiting = [self._pool.submit(call, edges[n], edges[n + 1]) for n in range(1, parts)]
        try:
            call(edges[0], edges[1])
        finally:
            for part in waiting:
                part.result()


def check_memory(each: float, draws: int, units: int) -> None:
    """Raise if draws take more memory than a large computer has.

    Parameters
    ----------
    each : float
        Memory that a draw of all units takes [bytes].
    draws, units : int
        Number of draws, and of units of the fleet.

    Raises
    ------
    UsageError
        With the memory, and with the draws that can be made.
    """
    if each * draws > MOST_DRAW_BYTES:
        most, limit = int(MOST_DRAW_BYTES / each), MOST_DRAW_BYTES / 1e9
        raise UsageError(
            f"{draws} draws of {units} units take about {each * draws / 1e9:,.0f} GB of memory; at most {limit:g} GB "
            f"are used. Use {most} or fewer.",
            parameter="draws",
            allowed=(0, most),
        )
