"""Where the draws of a run are made: from the command line, with the same bytes written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hginventory.ensemble import run

Hginv = Callable[..., Any]


@pytest.mark.slow
@pytest.mark.cluster
def test_a_run_on_a_cluster_writes_the_same_bytes(hginv: Hginv, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs pip install 'hginventory[dask]'")
    for engine in ("numba", "dask"):
        done = hginv("project", "--fleet", "indonesia", "--draws", 500, "--engine", engine, "-o", engine)
        assert done.code == 0, done.err
        assert done.err == ""
    files = sorted(path.name for path in (tmp_path / "numba").iterdir() if path.name != "run.log")
    assert "results.xlsx" in files
    for name in files:
        assert (tmp_path / "dask" / name).read_bytes() == (tmp_path / "numba" / name).read_bytes(), name


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--engine", "numba", "--scheduler", "tcp://127.0.0.1:1"), "--scheduler: a scheduler goes with --engine dask"),
        (("--scheduler", "tcp://127.0.0.1:1"), "--scheduler: no scheduler answers at tcp://127.0.0.1:1"),
        (("--engine", "ray"), "'ray' is not one of 'auto', 'numpy', 'numba', 'dask'"),
    ],
    ids=["two engines", "no scheduler", "unknown"],
)
def test_an_engine_that_cannot_be_had_is_a_usage_error(
    hginv: Hginv, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    done = hginv("project", "--fleet", "indonesia", *options)
    assert done.code == 2
    assert message in done.err
    assert list(tmp_path.iterdir()) == []


def test_without_its_package_the_engine_is_refused_at_once(
    hginv: Hginv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "find_spec", lambda name: None)
    done = hginv("project", "--fleet", "no such file", "--engine", "dask")
    assert done.code == 2
    assert "pip install 'hginventory[dask]'" in done.err
    assert list(tmp_path.iterdir()) == []
