"""Where no cache can be written, or it is damaged, kernels are compiled anew: that costs time and changes nothing."""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import os
import pickle
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numba
import pytest

from hginventory.ensemble.kernels.compiling import compiled
from hginventory.ensemble.numba_engine import run_kernel
from tests.ensemble.synthetic import made_up_fleet

ROOT = Path(__file__).parents[3]
WHOLE_RUN = """
import hashlib, sys
import hginventory.ensemble.kernels.passes as passes
from hginventory.ensemble.numba_engine import run_kernel
from tests.ensemble.synthetic import made_up_fleet
assert passes.__file__.startswith(sys.argv[1]), passes.__file__
assert type(passes.first_pass._cache).__name__ == "NullCache", type(passes.first_pass._cache)
print(hashlib.sha256(run_kernel(made_up_fleet(30), 100, 1).life_quantiles.tobytes()).hexdigest())
"""
ONE_KERNEL = """
import sys
import numpy as np
from hginventory.ensemble.kernels import unit_draws
assert unit_draws.__file__.startswith(sys.argv[1]), unit_draws.__file__
words = np.empty(1024, dtype=np.uint32)
unit_draws.random_block(np.uint64(0), 0, np.uint64(0), words)
print(f"{words[0]:08x}")
"""


def installed(folder: Path) -> Path:
    """Return a copy of the package in which no file can be written beside the modules, not even by root."""
    shutil.copytree(ROOT / "hginventory", folder / "hginventory", ignore=shutil.ignore_patterns("__pycache__"))
    for inside in (folder / "hginventory").rglob("*/"):
        (inside / "__pycache__").write_text("in the way of a folder")
    return folder


def run_child(folder: Path, code: str, **environment: str) -> str:
    kept = {key: value for key, value in os.environ.items() if key not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME")}
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, str(folder)],
        env={**kept, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_a_read_only_installation_without_a_home_only_costs_speed(tmp_path: Path) -> None:
    expected = hashlib.sha256(run_kernel(made_up_fleet(30), 100, 1).life_quantiles.tobytes()).hexdigest()
    assert run_child(installed(tmp_path), WHOLE_RUN, HOME="/dev/null/nobody") == expected


def test_a_read_only_installation_uses_the_folder_of_the_user(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    assert run_child(installed(tmp_path), ONE_KERNEL, HOME=str(home)) == "6627e8d5"
    assert list(home.rglob("*.random_block-*.nbi"))


def _random(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(path.stat().st_size))


def _one_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "random": _random,
    "one byte": _one_byte,
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"more"),
    "of numba alone": lambda path: path.write_bytes(pickle.dumps(numba.__version__) + pickle.dumps(((), {}))),
    "folder": _folder,
}


@pytest.fixture
def function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], int]:
    """Return a function in a file of its own, so that it has a cache of its own."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    source = tmp_path / "kernel.py"
    source.write_text("def half(number):\n    return number // 2\n")
    spec = importlib.util.spec_from_file_location("kernel", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "kernel", module)
    spec.loader.exec_module(module)
    half: Callable[[int], int] = module.half
    return half


def is_from_cache(function: Callable[[int], int]) -> bool:
    kernel = compiled()(function)
    assert kernel(14) == 7
    return bool(kernel.stats.cache_hits)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_a_damaged_cache_is_compiled_again(
    function: Callable[[int], int], tmp_path: Path, kind: str, damage: str
) -> None:
    assert not is_from_cache(function)
    assert is_from_cache(function)
    (path,) = tmp_path.rglob(f"*.{kind}")
    DAMAGE[damage](path)
    assert not is_from_cache(function)
    assert is_from_cache(function) == (damage != "folder")  # the others are renewed


def test_a_cache_that_cannot_be_written_only_costs_time(
    function: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        assert not is_from_cache(function)
    assert not is_from_cache(function)
    assert is_from_cache(function)


def test_a_run_with_a_damaged_cache_gives_the_same_numbers(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    folder = installed(tmp_path)
    assert run_child(folder, ONE_KERNEL, HOME=str(home)) == "6627e8d5"
    for path in (*home.rglob("*.nbi"), *home.rglob("*.nbc")):
        _random(path)
    assert run_child(folder, ONE_KERNEL, HOME=str(home)) == "6627e8d5"
