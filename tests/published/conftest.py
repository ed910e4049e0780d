"""The cases of the benchmark, so that a test and a line of the benchmark are one thing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a case the cases of its module's THEME, with the source in the id."""
    if "case" in metafunc.fixturenames:
        from published import load_cases

        cases: list[Any] = load_cases(metafunc.module.THEME)
        metafunc.parametrize("case", cases, ids=[case.test_id for case in cases])
