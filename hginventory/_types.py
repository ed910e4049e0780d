"""Types of arrays, by their content."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]
Positions = NDArray[np.intp]
Flags = NDArray[np.bool_]
Words64 = NDArray[np.uint64]
Objects = NDArray[np.object_]
