"""The mean of plants without outliers: a two-sided rule, the plants on file, and the rows that are written."""

from __future__ import annotations

import csv
import math
import statistics
import sys
from pathlib import Path

import pytest

import plant_outliers as outliers
from coal_rank_blends import columns_of, read
from hginventory.factors import FactorLibrary, load_library
from small_samples import PLANTS

SPREAD_OUT = (0.04, 0.05, 0.06, 0.07, 0.08, 0.09)


def analyses(*values: float) -> list[outliers.Analysis]:
    return [outliers.Analysis(f"P{place}", value) for place, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "dropped"),
    [
        (SPREAD_OUT, ()),
        ((*SPREAD_OUT, 2.0), (2.0,)),
        ((*SPREAD_OUT, 0.001), (0.001,)),
        ((*SPREAD_OUT, 0.001, 2.0), (0.001, 2.0)),
        ((0.06, 0.06, 0.06, 0.06, 0.07), (0.07,)),  # no scatter: every other value is far
        ((0.05,), ()),
        ((0.01, 1.0), ()),  # two values are equally far from their median
    ],
)
def test_rule_drops_high_and_low(values: tuple[float, ...], dropped: tuple[float, ...]) -> None:
    means = outliers.without_outliers(analyses(*values))
    assert tuple(a.value for a in means.dropped) == dropped
    assert sorted(a.value for a in (*means.kept, *means.dropped)) == sorted(values)


def test_bound_is_three_robust_standard_deviations_of_ln() -> None:
    """By hand: ln 0, 1, 2, 3, 4 around the median 2 have a median deviation of 1, so the bound is 3 x 1.4826."""
    logs = [0.0, 1.0, 2.0, 3.0, 4.0]
    for beyond, dropped in ((2.0 + 3.0 * 1.4826 - 0.01, 0), (2.0 + 3.0 * 1.4826 + 0.5, 1)):
        values = [math.exp(log) for log in (*logs, 2.0, beyond)]
        centre = statistics.median(math.log(v) for v in values)
        mad = statistics.median(abs(math.log(v) - centre) for v in values)
        means = outliers.without_outliers(analyses(*values))
        assert (means.median, means.robust_sd) == pytest.approx((centre, 1.4826 * mad), rel=1e-4)
        assert len(means.dropped) == dropped


@pytest.mark.parametrize(
    ("country", "coal_type", "plants", "mean"),
    [("IDN", "all", 19, 0.0657), ("IDN", "subbituminous", 16, 0.0669), ("IDN", "lignite", 2, 0.0602),
     ("CAN", "subbituminous", 6, 0.0627)],
)  # fmt: skip
def test_means_of_the_table_are_those_of_the_plants_kept(
    country: str, coal_type: str, plants: int, mean: float
) -> None:
    rows = read(load_library().folder, outliers.TABLE)
    found = {(row["country"], row["coal_type"]): (row, means) for row, means in outliers.renewed_rows(rows)}
    row, means = found[country, coal_type]
    assert row in rows  # the script changes nothing
    assert len(means.kept) + len(means.dropped) == plants
    values = [analysis.value for analysis in means.kept]
    assert float(row["value"]) == pytest.approx(statistics.fmean(values), abs=6e-5)
    assert float(row["value"]) == mean
    assert (float(row["low"]), float(row["high"])) == pytest.approx((min(values), max(values)), rel=1e-3)
    if plants > 2:
        assert float(row["spread"]) == pytest.approx(statistics.stdev(map(math.log, values)), rel=1e-4)


def test_suralaya_is_kept_by_the_rule_and_its_weight_is_printed() -> None:
    """The ln of 0.176 lies 2.2 robust standard deviations from the median, so the rule does not drop it."""
    rows = read(load_library().folder, outliers.TABLE)
    (means,) = [m for row, m in outliers.renewed_rows(rows) if (row["country"], row["coal_type"]) == ("IDN", "all")]
    (suralaya,) = [analysis for analysis in means.kept if "Suralaya" in analysis.plant]
    assert (math.log(suralaya.value) - means.median) / means.robust_sd == pytest.approx(2.2, abs=0.05)
    assert means.dropped == ()
    note = load_library().row("coal_mercury/IDN/any/all").note
    assert "without the highest (Banten Suralaya power station, 0.176) it would be 0.0596" in note


def test_means_of_units_that_are_not_on_file_are_no_mean_of_this_script() -> None:
    rows = read(load_library().folder, outliers.TABLE)
    assert {row["country"] for row, _ in outliers.renewed_rows(rows)} == {"IDN", "CAN"}
    assert {row["country"] for row in rows if row["region"] == PLANTS} == {"IDN", "CAN", "USA"}


def made_file(folder: Path, values: tuple[float, ...]) -> Path:
    """Return a folder of factor tables whose coal of AAA is the mean of plants."""
    folder.mkdir()
    for file in load_library().folder.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    common = {
        "country": "AAA", "coal_type": "bituminous", "unit": "mg/kg", "basis": "as_received", "method": "m",
        "read_from": "read", "source_id": "lee-et-al-2006-atmos", "use": "evidence",
    }  # fmt: skip
    plants = [{**common, "region": f"plant {place}", "value": str(v), "n": "1"} for place, v in enumerate(values)]
    mean = {**common, "region": PLANTS, "value": "0.5", "n": "7"}
    basin = {**common, "region": "basin", "value": "0.9", "low": "0.8", "high": "1", "n": "40"}
    with (folder / "coal_mercury.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns_of(outliers.TABLE), lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows([mean, *plants, basin])
    return folder


def test_made_file_goes_through_the_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made_file(tmp_path / "factors", (*SPREAD_OUT, 2.0, 0.001))
    monkeypatch.setattr(sys, "argv", ["plant_outliers.py", "--write", str(folder)])
    outliers.main()
    shown = capsys.readouterr().out
    assert "dropped, high: plant 6 2" in shown
    assert "dropped, low: plant 7 0.001" in shown
    (row,) = [r for r in FactorLibrary(folder).table("coal_mercury").rows if r.keys["region"] == PLANTS]
    assert (row.value, row.n, row.low, row.high) == (0.065, 6, 0.04, 0.09)
    assert row.spread == pytest.approx(statistics.stdev(map(math.log, SPREAD_OUT)), rel=1e-5)
    before = (folder / "coal_mercury.csv").read_bytes()
    outliers.main()
    assert (folder / "coal_mercury.csv").read_bytes() == before


def test_plant_that_is_dropped_keeps_its_own_analysis(tmp_path: Path) -> None:
    folder = made_file(tmp_path / "factors", (*SPREAD_OUT, 2.0))
    rows = read(folder, outliers.TABLE)
    ((_, means),) = outliers.renewed_rows(rows)
    assert [a.plant for a in means.dropped] == ["plant 6"]
    assert next(row for row in rows if row["region"] == "plant 6")["value"] == "2.0"
