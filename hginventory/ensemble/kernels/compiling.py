"""How kernels are compiled: with a cache where one can be written, and to the bits that numpy gives.

Nothing is reordered or fused, so that threads, blocks and kinds of processor change no bit. References are not counted:
a count is an atomic step for each array that a kernel hands to another, a tenth of the whole time. So kernels make no
arrays; they work in arrays that numpy made.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from hginventory.ensemble.kernels.compile_cache import kernel_digest

DIGEST_BYTES = 32  # of SHA-256
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
            kernel._cache._cache_file = _checked(kernel._cache._cache_file)
        except (RuntimeError, AttributeError, OSError):  # no folder takes a cache, or numba keeps it in another way
            return numba.njit(**settings)(function)
        return kernel

    return decorate


def _checked(cached: Any) -> Any:
    """Return the cache files of a kernel, with a digest each; a damaged kernel is compiled again."""

    class CheckedFiles(type(cached)):  # type: ignore[misc]  # numba tells no types
        """Files that begin with a digest of what follows: to run damaged machine code would end the process."""

        def save(self, key: Any, data: Any) -> None:
            with suppress(OSError):  # as of a full disk: it is compiled again the next time
                super().save(key, data)

        def _load_index(self) -> dict[Any, str]:
            try:
                version, stamp, data = self._load_data(self._index_path)
            except OSError:
                return {}
            is_ours = (version, stamp) == (self._version, self._source_stamp)
            found: dict[Any, str] = pickle.loads(data) if is_ours else {}
            return found

        def _save_index(self, overloads: dict[Any, str]) -> None:
            self._save_data(self._index_path, (self._version, self._source_stamp, self._dump(overloads)))

        def _load_data(self, name: str) -> Any:
            content = Path(self._data_path(name)).read_bytes()
            digest, data = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
            if hashlib.sha256(data).digest() != digest:
                raise OSError(f"{name} is damaged")  # for numba as if it were gone
            return pickle.loads(data)

        def _save_data(self, name: str, data: Any) -> None:
            content = self._dump(data)
            with self._open_for_write(self._data_path(name)) as file:
                file.write(hashlib.sha256(content).digest() + content)

    # numba looks at the file of a kernel only, and would go on with what was compiled from other files in it.
    stamp = (cached._source_stamp, kernel_digest())
    return CheckedFiles(cached._cache_path, cached._index_name.removesuffix(".nbi"), stamp)


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
