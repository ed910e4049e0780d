"""``hginv figures``: pictures of a run folder as PNG and SVG, all or one by name, in the language asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SMALL = ("--where", "capacity_mw >= 900", "--draws", "60", "-o", "run", "-q")


@pytest.fixture
def folder(hginv: Callable[..., Any]) -> Path:
    outcome = hginv("project", "--fleet", "indonesia", *SMALL)
    assert outcome.code == 0, outcome.err
    return Path("run")


def test_every_figure_is_written_into_the_run_folder_with_its_source(hginv: Callable[..., Any], folder: Path) -> None:
    outcome = hginv("figures", folder)
    assert outcome.code == 0, outcome.err
    written = sorted((folder / "figures").iterdir())
    names = {path.stem for path in written}
    assert {"pareto", "trajectory", "places"} <= names
    assert {path.name for path in written} == {f"{name}.{kind}" for name in names for kind in ("png", "svg")}
    assert names <= set(outcome.out.split())
    for path in written:
        content = path.read_bytes()
        if path.suffix == ".png":
            assert content.startswith(b"\x89PNG")
        else:
            assert "Global Energy Monitor" in content.decode()
            assert "factor set" in content.decode()


@pytest.mark.parametrize(("language", "word"), [("en", "Source"), ("id", "Sumber")])
def test_one_figure_by_name_in_a_language(hginv: Callable[..., Any], folder: Path, language: str, word: str) -> None:
    outcome = hginv("figures", folder, "--figure", "pareto", "--lang", language, "-o", "pictures", "-q")
    assert (outcome.code, outcome.out) == (0, "")
    assert {path.name for path in Path("pictures").iterdir()} == {"pareto.png", "pareto.svg"}
    assert word in Path("pictures/pareto.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "code", "named"),
    [
        (("--figure", "paretto"), 2, ("--figure", "paretto", "pareto")),
        (("--lang", "xx"), 2, ("xx", "id")),
        (("--outlines", "none.geojson"), 2, ("none.geojson",)),
    ],
)
def test_wrong_options_are_named(
    hginv: Callable[..., Any], folder: Path, options: tuple[str, ...], code: int, named: tuple[str, ...]
) -> None:
    outcome = hginv("figures", folder, *options)
    assert outcome.code == code
    assert all(one in outcome.err for one in named), outcome.err
    assert "Traceback" not in outcome.err


def test_a_folder_that_is_no_run_is_named(hginv: Callable[..., Any]) -> None:
    outcome = hginv("figures", "nowhere")
    assert outcome.code in (2, 4)
    assert "nowhere" in outcome.err
