"""A bar on standard error: after a while, where a person watches, and never in what a program reads."""

from __future__ import annotations

import io
import re
import sys
import time
from types import SimpleNamespace

import pytest

from hginv import progress


class Terminal(io.StringIO):
    """A standard error that a person watches."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "lasts", "is_shown"), [(Terminal, 0.4, True), (Terminal, 0.0, False), (io.StringIO, 0.4, False)]
)
def test_bar_where_it_lasts_and_somebody_watches(
    monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO], lasts: float, is_shown: bool
) -> None:
    errors, out = stream(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(progress, "WAIT", 0.05 if lasts else 60.0)
    with progress.waiting("reading [the] workbook"):
        time.sleep(lasts)
    assert ("reading [the] workbook" in errors.getvalue()) == is_shown
    assert out.getvalue() == ""


def test_bar_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with pytest.raises(ValueError, match="broken"), progress.waiting("reading"):
        raise ValueError("broken")


@pytest.mark.parametrize(("told", "left"), [((0.02, 0.04, 0.06, 0.08, 0.1), "0:07:30"), ((0.25, 0.5), "0:00:20")])
def test_remaining_time_is_what_the_pace_so_far_makes_of_the_rest(
    monkeypatch: pytest.MonkeyPatch, told: tuple[float, ...], left: str
) -> None:
    """By hand: ten seconds pass before each share is told, so the rest takes (1 - done) / pace."""
    clock = [0.0]
    monkeypatch.setattr("rich.console.monotonic", lambda: clock[0])
    errors = Terminal()
    monkeypatch.setattr(sys, "stderr", errors)
    with progress.bar("drawing") as tell:
        assert tell is not None
        tell(0.0)
        for done in told:
            clock[0] += 10.0
            tell(done)
    assert f"{left} left" in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", errors.getvalue())


@pytest.mark.parametrize(
    ("engine", "units", "is_compiled", "is_told"),
    [
        ("auto", 10, True, False),
        ("numpy", 10**6, True, False),
        ("auto", 10**6, True, True),
        ("auto", 10**6, False, False),
    ],
)
def test_a_bar_stands_only_where_the_engine_tells_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, engine: str, units: int, is_compiled: bool, is_told: bool
) -> None:
    monkeypatch.setattr("hginventory.ensemble.kernels_are_compiled", lambda: is_compiled)
    monkeypatch.setattr(sys, "stderr", Terminal())
    given: dict[str, object] = {}
    run = SimpleNamespace(units=range(units), n_draws=100, draw=lambda **options: given.update(options))
    progress.with_progress(run, engine=engine)
    assert (given.get("progress") is not None) == is_told
