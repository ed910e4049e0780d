"""What a case of `attack.py` is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ANYTHING = ("",)  # words of the answer: may be read or refused, within the bounds of time and memory
Make = Callable[[Path], Sequence[str | bytes]]  # writes files into a folder, and returns the command that reads them
Cases = Iterator[
    tuple[str, bool, Make, tuple[str, ...]]
]  # name, whether it is quick, what makes it, words of the answer
