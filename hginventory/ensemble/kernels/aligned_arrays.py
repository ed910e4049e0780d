"""Arrays that begin at a line of the processor's cache, as those of numpy do by chance only.

What a kernel reads and writes in one step then lies in one line, not in two: a tenth of the time of a run.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hginventory._types import Words64

LINE = 64  # bytes
OCTET = 8  # marks that are looked at together


def empty(shape: int | tuple[int, ...], kind: DTypeLike) -> NDArray[Any]:
    """Return a new array with nothing in particular in it.

    >>> empty((2, 3), np.float32).shape, empty(5, np.int64).ctypes.data % LINE
    ((2, 3), 0)
    """
    return _aligned(np.empty, shape, kind)


def zeros(shape: int | tuple[int, ...], kind: DTypeLike) -> NDArray[Any]:
    """Return a new array of zeros, whose memory is taken when it is written to.

    >>> zeros(3, np.int64).tolist()
    [0, 0, 0]
    """
    return _aligned(np.zeros, shape, kind)


def marks(count: int) -> tuple[NDArray[np.uint8], Words64]:
    """Return room for a mark of 0 or 1 on each of ``count`` draws, and the same room as numbers of eight marks each.

    What is rare is found by marking, which the compiler does for many draws at once, and looking at octets; a test of
    each draw would be a branch.
    """
    workspace = zeros(-(-count // OCTET) * OCTET, np.uint8)
    return workspace, workspace.view(np.uint64)


def _aligned(make: Any, shape: int | tuple[int, ...], kind: DTypeLike) -> NDArray[Any]:
    size = math.prod(shape if isinstance(shape, tuple) else (shape,)) * np.dtype(kind).itemsize
    raw: NDArray[np.uint8] = make(size + LINE, dtype=np.uint8)
    begin = -raw.ctypes.data % LINE
    return raw[begin : begin + size].view(kind).reshape(shape)
