"""The script of a page is made once for each vl-convert that is installed, and is the one it makes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from hginventory.report.page import bundle

MADE = "let s = '</script>';\r\nwindow.vegaEmbed = 1;"


class Maker:
    """Stands for vl-convert; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        return MADE


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Maker]:
    """Bundle in a folder of its own, which may be written."""
    maker = Maker()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(bundle, "_made_here", maker)
    bundle.vega_bundle.cache_clear()
    yield maker
    bundle.vega_bundle.cache_clear()


def kept_file() -> Path:
    """Return the file that keeps the script."""
    return Path(cache_from_source(bundle.__file__)).with_name(bundle.KEPT)


def again() -> str:
    """Return the script as a new process would."""
    bundle.vega_bundle.cache_clear()
    return bundle.vega_bundle()


def test_a_second_page_takes_the_script_of_the_first(make: Maker) -> None:
    assert again() == again() == again()
    assert make.asked == 1
    assert "\r\n" in again(), "as vl-convert made it, to the byte"


def test_nothing_is_begun_where_the_script_is_kept(make: Maker) -> None:
    again()
    bundle.vega_bundle.cache_clear()
    bundle.begin_bundle()
    assert not bundle._at_work


def _other_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "_stamp", lambda: "another vl-convert")


def _other_snippet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "SNIPPET", "window.other = vegaEmbed;")


def _cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    kept_file().write_bytes(b"[")


def _not_text(monkeypatch: pytest.MonkeyPatch) -> None:
    kept_file().write_bytes(b"\xff\xfe\n")


def _taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    kept_file().unlink()


@pytest.mark.parametrize("happens", [_other_version, _other_snippet, _cut_off, _not_text, _taken_away])
def test_a_script_that_no_longer_fits_is_made_again(
    make: Maker, monkeypatch: pytest.MonkeyPatch, happens: Callable[[pytest.MonkeyPatch], None]
) -> None:
    first = again()
    happens(monkeypatch)
    assert again() == first
    assert make.asked == 2


def test_nothing_is_kept_where_python_keeps_nothing(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert again() == again()
    assert make.asked == 2
    assert not kept_file().exists()


def test_a_folder_that_cannot_be_written_costs_only_time(make: Maker, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder would be")
    assert again() == again()
    assert make.asked == 2
