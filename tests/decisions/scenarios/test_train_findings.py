"""Trains that measures make: what needs a dust collector or a wet scrubber and gets none is a warning."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.run import Run

DUST = {"BARE": "none", "CYCLONE": "CYC", "ESP": "ESPc", "WET": "WS", "OPEN": "unknown"}


def fleet() -> pd.DataFrame:
    rows = [
        {"unit_id": unit, "country": "IDN", "start_year": 2015, "capacity_gross": 300.0, "pm_control": dust,
         "so2_control": "none", "hg_control": "none"}
        for unit, dust in DUST.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def run() -> Run:
    return hg.project(hg.fleet_from_frame(fleet(), settings={"base_year": 2026}), draws=0)


def found(run: Run, folder: Path, *measures: tuple[str, str, str, int]) -> list[tuple[str, str, set[str]]]:
    """Return code, place and units of what is said of a scenario file, measures as where, action, target, year."""
    keys = ("where", "action", "target", "from_year")
    lines = ["\n".join(["[[measure]]", *(f"{k} = {v!r}" for k, v in zip(keys, m, strict=True))]) for m in measures]
    path = folder / "s.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    findings = run.compare([str(path)]).findings
    return [
        (one.code, one.location.replace(f"{folder}/", ""), {each.unit_id for each in (one, *one.others)})
        for one in findings
    ]


@pytest.mark.parametrize("target", ["ACI", "ACI-Br", "SDA", "DSI", "CDS", "HAL+ACI"])
def test_a_device_without_a_dust_collector_is_a_warning(run: Run, tmp_path: Path, target: str) -> None:
    said = found(run, tmp_path, ("capacity_mw > 0", "add_control", target, 2030))
    assert said == [("W426", "s.toml:4", {"BARE", "CYCLONE"})]


@pytest.mark.parametrize("target", ["ACI+FF", "SDA+ESPc", "venturi scrubber + SDA", "wFGD", "HAL", "FF"])
def test_a_train_with_all_it_needs_is_none(run: Run, tmp_path: Path, target: str) -> None:
    assert found(run, tmp_path, ("capacity_mw > 0", "add_control", target, 2030)) == []


def test_a_collector_of_another_measure_counts_from_its_year(run: Run, tmp_path: Path) -> None:
    sorbent, collector = ("unit_id == 'BARE'", "add_control", "ACI", 2035), ("unit_id == 'BARE'", "add_control", "FF")
    assert found(run, tmp_path, (*collector, 2030), sorbent) == []
    assert found(run, tmp_path, (*collector, 2040), sorbent) == [("W426", "s.toml:9", {"BARE"})]


def test_controls_replaced_without_a_collector(run: Run, tmp_path: Path) -> None:
    said = found(run, tmp_path, ("unit_id in ['ESP', 'WET']", "replace_controls", "SDA", 2030))
    assert said == [("W426", "s.toml:4", {"ESP", "WET"})]


def test_an_additive_needs_a_wet_scrubber(run: Run, tmp_path: Path) -> None:
    every = ("unit_id == 'ESP'", "add_control")
    assert found(run, tmp_path, (*every, "re-emission additive", 2030)) == [("W428", "s.toml:4", {"ESP"})]
    assert found(run, tmp_path, (*every, "re-emission additive + wFGD", 2030)) == []


def test_kiln_measure_without_a_filter(tmp_path: Path) -> None:
    kilns = pd.DataFrame(
        {
            "unit_id": ["BARE", "FILTER"],
            "country": "IDN",
            "clinker_capacity": 1e6,
            "controls": ["none", "FF"],
            "start_year": 2015,
        }
    )
    run = hg.project(hg.fleet_from_frame(kilns, sector="cement_kiln", settings={"base_year": 2026}), draws=0)
    said = found(run, tmp_path, ("clinker_t_per_yr > 0", "add_control", "SHUTTLE", 2030))
    assert said == [("W426", "s.toml:4", {"BARE"})]


def test_what_was_so_before_is_no_finding_on_the_measure(tmp_path: Path) -> None:
    own = fleet().assign(so2_control="SDA")
    run = hg.project(hg.fleet_from_frame(own, settings={"base_year": 2026}), draws=0)
    assert found(run, tmp_path, ("unit_id == 'BARE'", "add_control", "SCR", 2030)) == []


def test_a_measure_of_the_sheet_is_named_with_its_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    units, measures = book.active, book.create_sheet("Measures")
    units.title = "Coal_units"
    for row in [list(fleet().columns), *fleet().to_numpy().tolist()]:
        units.append(row)
    measures.append(["scenario", "select", "action", "target", "from_year"])
    measures.append(["mine", "unit_id == 'BARE'", "add_control", "ACI", 2030])
    book.save(tmp_path / "fleet.xlsx")
    [one] = hg.project(tmp_path / "fleet.xlsx", draws=0, base_year=2026).compare(["mine"]).findings
    assert (one.code, one.location, one.unit_id) == ("W426", "Measures!D2", "BARE")
    assert "ACI without a dust collector" in one.message
