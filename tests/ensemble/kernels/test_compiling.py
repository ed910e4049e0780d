"""Where no cache can be written, kernels are compiled anew: that costs time and changes nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
