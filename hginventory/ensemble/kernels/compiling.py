"""How kernels are compiled: with a cache where one can be written, and to the bits that numpy gives.

Nothing is reordered or fused, so that threads, blocks and kinds of processor change no bit. References are not counted:
a count is an atomic step for each array that a kernel hands to another, a tenth of the whole time. So kernels make no
arrays; they work in arrays that numpy made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from hginventory.ensemble.kernels.compile_cache import kernel_digest

# Entries from C are left out, because they take long to compile, as are checks whether a divisor is zero.
_SETTINGS: dict[str, Any] = {"_nrt": False, "no_cfunc_wrapper": True, "error_model": "numpy"}


def part(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator like ``numba.njit`` for what only kernels call: without an entry from Python and a cache.

    Its code is part of every kernel that calls it. What takes many arrays should be compiled with ``forceinline``:
    handing on an array takes seven steps.
    """
    settings: dict[str, Any] = {**_SETTINGS, "no_cpython_wrapper": True, **options}
    decorate: Callable[[Callable[..., Any]], Any] = numba.njit(**settings)
    return decorate


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator like ``numba.njit`` that goes on without a cache in a read-only installation."""
    settings: dict[str, Any] = {**_SETTINGS, **options}

    def decorate(function: Callable[..., Any]) -> Any:
        try:
            kernel = numba.njit(cache=True, **settings)(function)
            cached = kernel._cache._cache_file
            # numba looks at the file of a kernel only, and would go on with what was compiled from other files in it.
            cached._source_stamp = (cached._source_stamp, kernel_digest())
        except (RuntimeError, AttributeError, OSError):  # no folder takes a cache, or numba keeps it in another way
            return numba.njit(**settings)(function)
        return kernel

    return decorate


def _bitcast(source: types.Type, target: types.Type, llvm_type: ir.Type) -> Any:
    @intrinsic
    def cast(typing_context: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], llvm_type)

        return target(source), generate

    return cast


float_bits = _bitcast(types.float32, types.int32, ir.IntType(32))
bits_float = _bitcast(types.int32, types.float32, ir.FloatType())
double_bits = _bitcast(types.float64, types.int64, ir.IntType(64))
