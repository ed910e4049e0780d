"""Which engine `auto` takes: by the numbers to draw, and by what numba has in its cache; nothing is compiled here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from llvmlite.binding import get_host_cpu_name

import hginventory as hg
from hginventory.ensemble import run as module
from hginventory.ensemble.kernels import compile_cache
from hginventory.ensemble.kernels.compile_cache import NEEDED, kernel_digest, kernels_are_compiled
from hginventory.ensemble.run import COMPILING_FROM, KERNEL_FROM, MOST_HELD_UNCOMPILED, choose_engine
from hginventory.errors import UsageError
from tests.ensemble.synthetic import made_up_fleet

FLEET = made_up_fleet(900)
VALUES, ROWS = FLEET.values_drawn, FLEET.rows.unit.size
INDEX = (version("numba"), kernel_digest(), get_host_cpu_name())
PYTHON = f"py{sys.version_info.major}{sys.version_info.minor}"


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    kernels_are_compiled.cache_clear()
    yield
    kernels_are_compiled.cache_clear()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that numba would keep the kernels in, with files like those of compiled kernels."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    (folder,) = compile_cache._folders()
    folder.mkdir()
    for name in NEEDED:
        (folder / f"{name}-12.{PYTHON}.nbi").write_bytes(b"\x80\x04" + "\x94\n".join(INDEX).encode() + b"\x00.")
        (folder / f"{name}-12.{PYTHON}.1.nbc").write_bytes(b"code")
    return folder


def test_kernels_in_the_cache_are_found(cache: Path) -> None:
    assert kernels_are_compiled()
    assert choose_engine(FLEET, KERNEL_FROM // VALUES + 1).engine == "numba"


@pytest.mark.parametrize("kernel", NEEDED)
@pytest.mark.parametrize("suffix", ["nbi", "1.nbc"])
@pytest.mark.parametrize("fault", ["missing", "empty", "cut", "folder"])
def test_a_missing_or_damaged_file_counts_as_not_compiled(cache: Path, kernel: str, suffix: str, fault: str) -> None:
    damaged = cache / f"{kernel}-12.{PYTHON}.{suffix}"
    content = damaged.read_bytes()
    damaged.unlink()
    if fault == "empty":
        damaged.touch()
    elif fault == "cut":
        damaged.write_bytes(content[: len(content) // 2])
    elif fault == "folder":
        damaged.mkdir()
    # Whether code is damaged shows when it is loaded: numba then compiles it again.
    is_unseen = suffix == "1.nbc" and fault in ("cut", "folder")
    assert kernels_are_compiled() == is_unseen


@pytest.mark.parametrize("word", INDEX)
def test_code_of_another_version_source_or_processor_does_not_count(cache: Path, word: str) -> None:
    for index in cache.glob("*.nbi"):
        index.write_bytes(index.read_bytes().replace(word.encode(), b"another"))
    assert not kernels_are_compiled()


def test_code_of_another_python_does_not_count(cache: Path) -> None:
    for path in list(cache.iterdir()):
        path.rename(path.with_name(path.name.replace(PYTHON, "py27")))
    assert not kernels_are_compiled()


@pytest.mark.parametrize("where", ["/dev/null/nowhere", "relative/nowhere"])
def test_a_cache_that_cannot_be_there_counts_as_empty(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", where)
    assert not kernels_are_compiled()


def test_the_answer_stays_the_same_throughout_a_process(cache: Path) -> None:
    assert kernels_are_compiled()
    for path in list(cache.iterdir()):
        path.unlink()
    assert kernels_are_compiled()


@pytest.mark.parametrize(
    ("draws", "compiled", "engine", "reason"),
    [
        (KERNEL_FROM // VALUES, True, "numpy", "less time than loading"),
        (KERNEL_FROM // VALUES, False, "numpy", "less time than loading"),
        (KERNEL_FROM // VALUES + 1, True, "numba", "the kernels are compiled"),
        (KERNEL_FROM // VALUES + 1, False, "numpy", "less time than compiling"),
        (min((COMPILING_FROM - 1) // VALUES, MOST_HELD_UNCOMPILED // ROWS), False, "numpy", "less time than compiling"),
        (COMPILING_FROM // VALUES + 1, False, "numba", "more time in numpy than compiling"),
        (COMPILING_FROM // VALUES + 1, True, "numba", "the kernels are compiled"),
    ],
)
def test_the_engine_follows_from_the_draws_and_from_what_is_compiled(
    draws: int, compiled: bool, engine: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "kernels_are_compiled", lambda: compiled)
    chosen = choose_engine(FLEET, draws)
    assert chosen.engine == engine
    assert reason in chosen.reason


def test_many_rows_with_few_factors_are_compiled_for_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "kernels_are_compiled", lambda: False)
    monkeypatch.setattr(module, "COMPILING_FROM", 10 * COMPILING_FROM)
    chosen = choose_engine(FLEET, MOST_HELD_UNCOMPILED // ROWS + 1)
    assert (chosen.engine, "1.5 GB of memory" in chosen.reason) == ("numba", True)


def test_two_thousand_units_with_two_thousand_draws_are_never_compiled_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.synthetic import fleet

    monkeypatch.setattr(module, "kernels_are_compiled", lambda: False)
    assert choose_engine(fleet(2000), 2000).engine == "numpy"


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_an_engine_asked_for_is_taken(engine: str) -> None:
    assert str(choose_engine(FLEET, 10, engine)) == f"{engine}, as asked for"


def test_an_engine_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no engine 'fortran'"):
        choose_engine(FLEET, 10, "fortran")


def test_the_log_of_a_run_tells_engine_and_reason(tmp_path: Path) -> None:
    run = hg.project("indonesia", draws=40)
    log = (run.save(tmp_path / "run") / "run.log").read_text(encoding="utf-8")
    for name in run.certainty.lists:
        assert f"engine of {name}: numpy, because " in log
    assert "less time than loading the kernels" in log
    assert run.certainty.engines["coal_power"].engine == "numpy"


def test_the_question_does_not_load_numba() -> None:
    code = (
        "import sys; from hginventory.ensemble import kernels_are_compiled; kernels_are_compiled()\n"
        "print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
