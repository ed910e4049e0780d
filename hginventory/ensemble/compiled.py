"""How kernels are compiled: with a cache where one can be written, and without reordering sums."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

# Products may be fused with sums; nothing is reordered, so threads and blocks change no bit.
FAST = {"contract"}


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator like ``numba.njit`` that goes on without a cache in a read-only installation."""

    def decorate(function: Callable[..., Any]) -> Any:
        try:
            return numba.njit(cache=True, **options)(function)
        except RuntimeError:  # neither beside the module nor in the home folder can a cache be written
            return numba.njit(**options)(function)

    return decorate


def _bitcast(source: types.Type, target: types.Type, llvm_type: ir.Type) -> Any:
    @intrinsic
    def cast(typing_context: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], llvm_type)

        return target(source), generate

    return cast


float_bits = _bitcast(types.float32, types.int32, ir.IntType(32))
