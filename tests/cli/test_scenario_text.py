"""What ``hginv scenario compare`` prints: lines that fit, the pairs that matter, the units in few words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import hginventory as hg
from hginv.scenario_text import MOST_PAIRS, show_comparison
from hginventory.report.text import ENGLISH
from hginventory.scenarios.scenario import Measure, Scenario

from .conftest import Outcome

NAMES = ("baseline", "targeted_top10", "blanket_bat", "minamata_in_time", "minamata_late", "phaseout_2040")
LIMIT = Scenario(name="limit", measure=(Measure(action="emission_limit", value=0.004, unit="mg/Nm3", from_year=2031),))


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_sentences_fit_the_terminal_and_pairs_are_few(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    run = hg.project("indonesia", where="sector == 'coal_power' and capacity_mw >= 600", draws=200)
    comparison = run.compare([*NAMES, LIMIT])
    show_comparison(run, comparison, full=True)
    printed = capsys.readouterr().out
    sentences = [line for line in printed.splitlines() if ": " in line or " does the same as " in line]
    assert sentences
    assert max(map(len, sentences)) <= min(columns, 100)
    count = len(comparison.pairs)
    shown = {*NAMES, "limit"}
    assert f"the {MOST_PAIRS} of {count} whose order is least certain" in " ".join(printed.split())
    pairs = [line.split()[:2] for line in printed.splitlines() if len(line.split()) > 1 and line.split()[1] in shown]
    closest = comparison.pairs.loc[(comparison.pairs["p_first_better"] - 0.5).abs().idxmin()]
    assert pairs[0] == [closest["first"], closest["second"]]
    assert len(pairs) == MOST_PAIRS
    assert "minamata_late does the same as minamata_in_time 5 years later" in " ".join(printed.split())
    assert f"limit: emission limit of {ENGLISH.number(0.004)} mg/Nm3 at " in " ".join(printed.split())


def test_lifetimes_that_are_uncertain_in_the_run_are_told_to_be_fixed_here(capsys: pytest.CaptureFixture[str]) -> None:
    for spread in (0.0, 5.0):
        run = hg.project("indonesia", where="capacity_mw >= 900", draws=50, lifetime_spread=spread)
        show_comparison(run, run.compare(["blanket_bat"]))
        assert ("--lifetime-spread has no effect" in " ".join(capsys.readouterr().out.split())) == (spread > 0)


@pytest.mark.parametrize("name", ["mine", "mine.toml"])
def test_a_new_scenario_has_one_suffix(hginv: Callable[..., Outcome], tmp_path: Path, name: str) -> None:
    assert hginv("scenario", "new", name).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]
    assert hginv("scenario", "show", "mine.toml").code == 0
    assert "exists. Name another file" in hginv("scenario", "new", name).err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (('a"b',), "NAME: 'a\"b' found. Allowed are letters, digits, _ and -"),
        (("sub/x",), "NAME: 'sub/x' found."),
        (("x", "-o", "nowhere/x.toml"), "there is no folder nowhere"),
        (("x", "-o", "x.xlsx"), "Use a name that ends in .toml"),
    ],
)
def test_a_new_scenario_that_cannot_be_written_is_refused(
    hginv: Callable[..., Outcome], tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    refused = hginv("scenario", "new", *arguments)
    assert refused.code == 2
    assert words in refused.err
    assert not list(tmp_path.iterdir())
