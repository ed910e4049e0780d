"""Whether kernels have to be compiled first: what numba has in its cache, asked without loading numba.

numba writes an index next to the code of each kernel. Its version, the digest of our source and the name of the
processor are in the index as text.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Modules that kernels and their constants stand in; a test holds the list to the imports.
KERNEL_MODULES = (
    "arrays",
    "kernels.aligned_arrays",
    "kernels.compile_cache",
    "kernels.compiling",
    "kernels.limit_cuts",
    "kernels.order_statistics",
    "kernels.passes",
    "kernels.ranks",
    "kernels.top_lists",
    "kernels.unit_amounts",
    "kernels.unit_draws",
    "limit_cut",
    "quantiles",
    "rate_distribution",
    "streams",
    "table_lookup",
)
# What every run with ranks needs, and what takes nearly all of the time of compiling.
NEEDED = ("passes.first_pass", "passes.second_pass", "order_statistics.summarise_rows", "ranks.count_above")


@cache
def kernel_digest() -> str:
    """Return a digest of the source of all kernels."""
    digest = hashlib.sha256()
    for name in KERNEL_MODULES:
        digest.update((Path(__file__).parents[1] / f"{name.replace('.', '/')}.py").read_bytes())
    return digest.hexdigest()


@cache
def kernels_are_compiled() -> bool:
    """Return whether numba has compiled this source for this processor, as it was when a process first asked.

    All runs of a process therefore use the same engine. A file that cannot be read counts as one that is not there.
    """
    try:
        from llvmlite.binding import get_host_cpu_name

        processor = os.environ.get("NUMBA_CPU_NAME") or get_host_cpu_name()
        words = [text.encode() for text in (version("numba"), kernel_digest(), processor)]
    except (ImportError, OSError, PackageNotFoundError):
        return False
    return any(all(_has_code(folder, kernel, words) for kernel in NEEDED) for folder in _folders())


def _has_code(folder: Path, kernel: str, words: list[bytes]) -> bool:
    """Return whether a folder has code of a kernel, with all these words in its index."""
    python = f"py{sys.version_info.major}{sys.version_info.minor}{getattr(sys, 'abiflags', '')}"
    try:
        for index in folder.glob(f"{kernel}-*.{python}.nbi"):
            content = index.read_bytes()
            if all(word in content for word in words):
                return any(code.stat().st_size for code in folder.glob(f"{index.stem}.*.nbc"))
    except OSError:
        pass
    return False


def _folders() -> Iterator[Path]:
    """Yield where numba looks for what it compiled of the modules in this folder."""
    source = Path(__file__).resolve().parent
    own = f"{source.name}_{hashlib.sha1(str(source).encode(), usedforsecurity=False).hexdigest()}"
    if os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(os.environ["NUMBA_CACHE_DIR"], own)
        return
    yield source / "__pycache__"
    home = Path(os.path.expanduser("~"))
    by_system = {"win32": home / "AppData/Local/numba/Cache", "darwin": home / "Library/Caches/numba"}
    yield Path(by_system.get(sys.platform, Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache", "numba")), own)
