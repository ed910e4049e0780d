"""Ctrl-C that a library loses: LLVM calls Python back while it compiles, and what is raised there goes nowhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Timer

AGAIN = 0.05  # seconds after which a lost interrupt is sent again, when the callback is over


@contextmanager
def heeded() -> Iterator[list[Timer]]:
    """Note interrupts that were lost and send them again; the list is empty where none was."""
    lost: list[Timer] = []
    before = sys.unraisablehook

    def note(unraisable: sys.UnraisableHookArgs) -> None:
        if unraisable.exc_type is not KeyboardInterrupt:
            before(unraisable)
            return
        from _thread import interrupt_main
        from threading import Timer

        timer = Timer(AGAIN, interrupt_main)
        timer.daemon = True
        lost.append(timer)
        timer.start()

    sys.unraisablehook = note
    try:
        yield lost
    finally:
        sys.unraisablehook = before
        for timer in lost:
            timer.cancel()
