"""Scores of predicted rates: what a plant reports as a range, and when it counts as inside."""

from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import kiln_rates
from hginventory.data_files import data_folder


def _load() -> ModuleType:
    path = Path(kiln_rates.__file__).parents[1] / "benchmarks" / "kiln_validation.py"
    spec = importlib.util.spec_from_file_location("kiln_validation", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


tool = _load()


def years(*rows: tuple[str, str, float | None, float]) -> kiln_rates.PlantYears:
    """Return plant-years of country, plant, rate (None: below) and rate of the threshold [mg/t]."""
    countries, plants, rates, limits = zip(*rows, strict=True)
    logs = np.array([math.nan if rate is None else math.log(rate) for rate in rates])
    return kiln_rates.PlantYears(
        np.array(countries), np.array(plants), logs, np.log(np.array(limits)), np.zeros(len(rows), dtype=bool)
    )


@pytest.mark.parametrize(
    ("rows", "low", "high"),
    [
        ([("A", "P", 30.0, 10.0)], 30.0, 30.0),
        ([("A", "P", None, 10.0)], 0.0, 10.0),
        ([("A", "P", 30.0, 10.0), ("A", "P", None, 10.0)], 15.0, 20.0),
        ([("A", "P", None, 10.0), ("A", "P", None, 20.0)], 0.0, 40.0 / 3.0),
        ([("A", "P", 30.0, 10.0), ("A", "P", 60.0, 20.0)], 40.0, 40.0),
    ],
)
def test_a_plant_is_its_mercury_over_its_clinker_of_all_years(
    rows: list[tuple[str, str, float | None, float]], low: float, high: float
) -> None:
    [plant] = tool.plants_of(years(*rows))
    assert (plant.low, plant.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("low", "high", "inside", "off"),
    [
        (20.0, 20.0, 1.0, 0.0),
        (0.0, 3.1, 1.0, 0.0),
        (0.0, 1.0, 0.0, 1.0),
        (100.0, 100.0, 0.0, 1.0),
        (0.0, 200.0, 1.0, 0.0),
    ],
)
def test_a_plant_is_inside_where_its_range_meets_the_interval(
    low: float, high: float, inside: float, off: float
) -> None:
    predicted = tool.Predicted(20.0, 0.9)
    bottom, top = predicted.percentile(-tool.P95), predicted.percentile(tool.P95)
    assert (round(bottom, 2), round(top, 1)) == (3.04, 58.6)
    found = tool.score([tool.Plant("A", "P", low, high)], lambda plant: predicted)
    assert found.inside == inside
    outside = max(bottom - high, low - top, 0.0)
    assert (outside > 0.0) == (off > 0.0)
    assert found.interval_score == pytest.approx(top - bottom + 20.0 * outside)


def test_a_prediction_keeps_its_mean() -> None:
    predicted = tool.Predicted(20.0, 0.9)
    z = np.linspace(-8.0, 8.0, 4001)
    weight = np.exp(-0.5 * z**2)
    assert sum(weight * [predicted.percentile(one) for one in z]) / weight.sum() == pytest.approx(20.0, rel=1e-6)


def test_the_script_leaves_countries_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = data_folder("factors") / "plant_reference.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.startswith(("country", "PRT", "FIN", "DNK", "NOR"))]
    (tmp_path / "few.csv").write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["kiln_validation.py", str(tmp_path / "few.csv"), "--countries-only"])
    tool.main()
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1 + 5 * 3
    assert printed[-1].startswith("all")
