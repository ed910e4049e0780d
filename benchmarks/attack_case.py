"""What a case of `attack.py` is, and what its command runs in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'cli'}",
    "OPENBLAS_NUM_THREADS": "1",  # each thread reserves memory
    "NUMBA_NUM_THREADS": "1",
}
ANYTHING = ("",)  # words of the answer: may be read or refused, within the bounds of time and memory
Make = Callable[[Path], Sequence[str | bytes]]  # writes files into a folder, and returns the command that reads them
# Name, whether it is quick, what makes it, and words of the answer.
Cases = Iterator[tuple[str, bool, Make, tuple[str, ...]]]
