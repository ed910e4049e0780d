"""``hginv optimize``: what it prints, writes and refuses, and what its exit code says."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from hginv.main import main

FLEET = ["--fleet", "indonesia", "--where", "capacity_net_mw >= 600", "--draws", "0"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([*arguments])
    printed = capsys.readouterr()
    code = stop.value.code
    return (code if isinstance(code, int) else 0), printed.out, printed.err


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_plan_is_printed_written_and_saved(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["optimize", "--target", "50%", "--by", "2035", "-o", "out", "--save", "plan.toml", *FLEET]
    main(asked)
    text = " ".join(capsys.readouterr().out.split())
    assert "50.0 % lower emissions of the fleet in 2035, compared with no action" in text
    assert "Status: " not in text
    for part in ("USD of ", "a year, capital written off"):  # currency and year, rate and life
        assert part in text
    table = pd.read_csv("out/plan.csv")
    assert {"unit_id", "option", "year", "avoided_kg", "npv", "annuity", "usd_per_kg", "price_year"} <= set(table)
    assert {path.name for path in Path("out").iterdir()} == {
        "last_plan.toml",
        "plan.csv",
        "plan_frontier.csv",
        "plan_starts.csv",
        "plan_summary.csv",
    }
    main(["scenario", "compare", "plan.toml", *FLEET])
    assert f"{len(table)}" in capsys.readouterr().out


def test_a_plan_never_replaces_a_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.toml").write_text("mine", encoding="utf-8")
    code, _, said = run(capsys, "optimize", "--target", "50%", "--by", "2035", "--save", "mine.toml", *FLEET)
    assert code == 2
    assert "--save: mine.toml exists. Name another file." in said
    assert Path("mine.toml").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in Path().iterdir()] == ["mine.toml"]  # refused before the tables


def test_json_is_one_object_and_the_same_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["optimize", "--budget", "20e6", "--json", *FLEET]
    outputs = []
    for _ in range(2):
        main(asked)
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]
    data = json.loads(outputs[0])["data"]
    assert data["summary"]["status"] == "optimal"
    assert data["summary"]["annuity"] <= 20e6 * 1.000001
    assert len(data["plan"]) == data["summary"]["units_changed"]


def test_target_out_of_reach_is_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(capsys, "optimize", "--target", "80%", "--by", "2030", "--max-per-year", "1", *FLEET)
    assert code == 3
    assert "--max-per-year binds" in said
    assert "its price per kW adds it, as --with-retirement --retirement-cost 1200" in said


@pytest.mark.parametrize(
    "asked",
    [
        ["--with-retirement", "--target", "50%", "--by", "2035"],
        ["--retirement-cost", "1000", "--target", "50%", "--by", "2035"],
        ["--target", "50%", "--by", "2035", "--confidence", "0.9"],  # without draws
        ["--to-end", "--budget", "1e6"],
        ["--budget", "1e6", "--save", "plan.txt"],
        [],
    ],
)
def test_call_that_cannot_be_is_exit_2(capsys: pytest.CaptureFixture[str], asked: list[str]) -> None:
    code, out, said = run(capsys, "optimize", *asked, *FLEET)
    assert code == 2
    assert said.startswith("Error: ")
    assert not out
    assert not Path("hginv-out").exists()


@pytest.mark.parametrize(("budget", "words"), [("0", "for 0 million"), ("50", "for 0.00005 million")])
def test_a_budget_that_buys_nothing_is_told_in_plain_numbers(
    capsys: pytest.CaptureFixture[str], budget: str, words: str
) -> None:
    main(["optimize", "--budget", budget, *FLEET])
    text = " ".join(capsys.readouterr().out.split())
    assert words in text
    assert "Plan: nothing is changed." in text
    assert "nan" not in text
    assert "e-0" not in text
