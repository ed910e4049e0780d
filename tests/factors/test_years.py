"""Which of several rows of one key counts in a base year: rules, time series, blank keys, own numbers."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.factors import lookup
from hginventory.factors.library import FactorLibrary, FactorTable, load_library
from hginventory.factors.rows import NEWEST, FactorRow, in_year, years_off
from hginventory.factors.tables import TABLES, TableSpec, YearRule
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import project
from hginventory.run import Run

RULE = TableSpec(("country",), "made")
SERIES = TableSpec(("country",), "made", years=YearRule.SERIES)
MIX = TableSpec(("country", "train"), "made", sums_over="train")


def row(first: str = "", last: str = "", value: float = 1.0, **keys: str) -> FactorRow:
    """Return a default row of which only keys, value and period count."""
    blank: dict[str, Any] = {field.name: "" for field in fields(FactorRow)}
    own = {"keys": keys or {"country": "KOR"}, "value": value, "valid_from": first, "valid_to": last, "use": "default"}
    return FactorRow(**(blank | {"line": 0, "scopes": (), "extra": {}} | own))


def chosen(spec: TableSpec, periods: Sequence[str], year: int) -> str:
    """Return the period that counts, of periods written as ``2013``, ``2013:2019`` or ``:2019``."""
    rows = [row(*(*text.split(":"), "")[:2]) for text in periods]
    (found,) = in_year(rows, year, spec)
    (reversed_order,) = in_year(rows[::-1], year, spec)
    assert found is reversed_order  # the order of the rows in the file plays no part
    return periods[rows.index(found)]


@pytest.mark.parametrize(
    ("periods", "year", "period"),
    [
        (["2013", "2018", "2023"], 2026, "2023"),
        (["2013", "2018", "2023"], 2040, "2023"),
        (["2013", "2018", "2023"], 2023, "2023"),
        (["2013", "2018", "2023"], 2022, "2018"),
        (["2013", "2018", "2023"], 2015, "2013"),
        (["2013", "2018", "2023"], 2005, "2013"),
        (["", "2015"], 2014, ""),
        (["", "2015"], 2015, "2015"),
        (["", "2015"], 2040, "2015"),
        (["2015-04", "2015-09-01"], 2015, "2015-09-01"),
        (["2015-04", "2015-09-01"], 2005, "2015-04"),
    ],
)
def test_a_rule_is_the_newest_that_has_begun_else_the_earliest(periods: list[str], year: int, period: str) -> None:
    assert chosen(RULE, periods, year) == period


@pytest.mark.parametrize(
    ("periods", "year", "period"),
    [
        (["2000:2010", "2020"], 2010, "2000:2010"),  # its last year is inside
        (["2000:2010", "2020"], 2011, "2020"),  # it has ended, and something newer is there
        (["2000:2010", "2020"], 2026, "2020"),
        (["2000:2010", "2012:2016"], 2026, "2012:2016"),  # all have ended: the newest
        (["2000:2010"], 2040, "2000:2010"),
        (["2000", "2010:2012"], 2011, "2010:2012"),  # for a time
        (["2000", "2010:2012"], 2015, "2000"),  # after it what still holds
        ([":2014", "2015"], 2005, ":2014"),
        ([":2014", "2015"], 2015, "2015"),
        (["2000:2025-07-14", "2025-07-15"], 2025, "2025-07-15"),
        (["2000:2025-07-14", "2025-07-15"], 2024, "2000:2025-07-14"),
    ],
)
def test_a_rule_that_has_ended_gives_way(periods: list[str], year: int, period: str) -> None:
    assert chosen(RULE, periods, year) == period


@pytest.mark.parametrize(
    ("periods", "year", "period"),
    [
        (["2015", "2018", "2022", "2025"], 2005, "2015"),
        (["2015", "2018", "2022", "2025"], 2016, "2015"),
        (["2015", "2018", "2022", "2025"], 2017, "2018"),  # a newer one that is nearer: a rule would keep 2015
        (["2015", "2018", "2022", "2025"], 2020, "2018"),  # two years from 2018 and from 2022: the earlier
        (["2015", "2018", "2022", "2025"], 2023, "2022"),
        (["2015", "2018", "2022", "2025"], 2024, "2025"),
        (["2015", "2018", "2022", "2025"], 2040, "2025"),
        (["2015", "2018", "2022", "2025"], NEWEST, "2025"),
        (["2010:2015", "2018"], 2016, "2010:2015"),  # a mean of several years is as near as its nearest year
        (["2010:2015", "2018"], 2012, "2010:2015"),
        (["", "2025"], 2005, "2025"),  # a row of no year only where none states one
        ([""], 2005, ""),
    ],
)
def test_a_time_series_takes_the_nearest_year(periods: list[str], year: int, period: str) -> None:
    assert chosen(SERIES, periods, year) == period


@pytest.mark.parametrize(
    ("first", "last", "rule", "year", "years"),
    [
        ("2015", "", YearRule.RULE, 2005, 10),
        ("2015", "", YearRule.RULE, 2040, 0),
        ("2015", "2020", YearRule.RULE, 2026, 6),
        ("", "2020", YearRule.RULE, 1990, 0),
        ("", "", YearRule.RULE, 2026, 0),
        ("2015", "", YearRule.SERIES, 2040, 25),
        ("2015", "2018", YearRule.SERIES, 2020, 2),
        ("", "", YearRule.SERIES, 2020, 0),
    ],
)
def test_years_off(first: str, last: str, rule: YearRule, year: int, years: int) -> None:
    assert years_off(row(first, last), year, rule) == years


def test_shares_of_a_whole_have_one_period_together() -> None:
    """Korea adds scrubbers in 2015: the mix of 2010 goes as a whole, also the train that the new one has no row of."""
    old = [row("2010", value=0.7, country="KOR", train="ESPc"), row("2010", value=0.3, country="KOR", train="none")]
    new = [
        row("2015", value=0.4, country="KOR", train="ESPc"),
        row("2015", value=0.6, country="KOR", train="ESPc+wFGD"),
    ]
    other = row(country="WLD", train="ESPc")
    assert in_year([*old, *new, other], 2014, MIX) == (*old, other)
    assert in_year([other, *new, *old], 2015, MIX) == (other, *new)


def test_the_same_tables_are_time_series_in_code_and_documents() -> None:
    series = [name for name, spec in TABLES.items() if spec.years is YearRule.SERIES]
    assert series == ["coal_trade", "coal_technology", "cement_activity"]
    (line,) = [text for text in (load_library().folder / "README.md").read_text(encoding="utf-8").splitlines()
               if text.startswith("Time series: ")]  # fmt: skip
    assert line == f"Time series: {', '.join(f'`{name}`' for name in series)}."


def cell(value: float, train: str, first: str = "", **keys: str) -> FactorRow:
    known = dict.fromkeys(("boiler", "coal_type", "mw_from", "mw_to", "start_from", "start_to"), "")
    return row(first, value=value, **({"country": "KOR"} | known | keys | {"train": train}))


MIXES = FactorTable(
    "control_mix",
    (
        cell(1.0, "CYC", country="WLD"),
        cell(1.0, "ESPc"),
        cell(1.0, "FF", coal_type="anthracite"),
        cell(1.0, "SDA+FF", boiler="CFB"),
        cell(1.0, "SCR+ESPc", mw_from="500"),
        cell(1.0, "SCR+ESPc+wFGD", "2015", mw_from="500"),
        cell(1.0, "ESPc+wFGD", "2020"),
    ),
    spec=TABLES["control_mix"],
)


@pytest.mark.parametrize(
    ("year", "country", "boiler", "coal_type", "mw", "train"),
    [
        (2026, "KOR", "PC", "bituminous", 100.0, "ESPc+wFGD"),  # blank: all others
        (2026, "KOR", "PC", "unknown", float("nan"), "ESPc+wFGD"),
        (2005, "KOR", "PC", "bituminous", 100.0, "ESPc"),
        (2026, "KOR", "PC", "anthracite", 100.0, "FF"),  # the key before the year: no newer row of another key
        (2026, "KOR", "PC", "anthracite", 600.0, "FF"),  # the coal before the size
        (2026, "KOR", "CFB", "anthracite", 600.0, "SDA+FF"),  # the boiler before the coal: one cell, never two
        (2014, "KOR", "PC", "bituminous", 600.0, "SCR+ESPc"),
        (2015, "KOR", "PC", "bituminous", 500.0, "SCR+ESPc+wFGD"),
        (2040, "KOR", "PC", "bituminous", 600.0, "SCR+ESPc+wFGD"),
        (2026, "VNM", "PC", "anthracite", 600.0, "CYC"),
    ],
)
def test_a_blank_key_is_for_all_that_no_row_names(
    year: int, country: str, boiler: str, coal_type: str, mw: float, train: str
) -> None:
    table = FactorTable(MIXES.name, MIXES.rows, spec=MIXES.spec, year=year)
    bands, keys = {"mw": mw, "start": 2000.0}, {"boiler": boiler, "coal_type": coal_type}
    (found,) = lookup.mix_cell(table, country, bands, keys)
    assert found.keys["train"] == train


Cells = Mapping[str, str]
SHARE: Cells = {"country": "KOR", "unit": "1", "read_from": "judgement", "use": "default",
                "source_id": "judgement-of-the-hginventory-authors"}  # fmt: skip
TRAINS = [  # a mix that the government changes twice
    {**SHARE, "train": "ESPc", "value": "1", "valid_from": "2013"},
    {**SHARE, "train": "ESPc", "value": "0.4", "valid_from": "2018"},
    {**SHARE, "train": "ESPc+wFGD", "value": "0.6", "valid_from": "2018"},
]
HOURS = [
    {**SHARE, "quantity": "capacity_factor", "value": value, "valid_from": year}
    for year, value in (("2015", "0.8"), ("2019", "0.6"), ("2025", "0.4"))
]
UNIT = {"unit_id": "U1", "country": "KOR", "MW": 600.0, "start_year": 1990, "coal_type": "bituminous"}
ESP, ESP_FGD = (f"control_mix/KOR/any/any/any/any/any/any/{train}" for train in ("ESPc", "ESPc+wFGD"))


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of factor tables with rows of several years for Korea, which every run takes."""
    for file in load_library().folder.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    for name, added in (("control_mix", TRAINS), ("coal_technology", HOURS)):
        path = tmp_path / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        bundled = [one for one in rows if not (one["country"] == "KOR" and one.get("quantity") != "net_efficiency")]
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), restval="")
            writer.writeheader()
            writer.writerows([*bundled, *added])
    monkeypatch.setattr(project, "load_library", lambda: FactorLibrary(tmp_path))
    return tmp_path


def run_of(base_year: int, *own: Mapping[str, object]) -> Run:
    sheets = {"Coal_units": pd.DataFrame([UNIT])}
    if own:
        known = {"unit": "1", "reason": "our survey", "source_id": "S"}
        sheets["Factors"] = pd.DataFrame([{**known, **one} for one in own])
        sheets["Sources"] = pd.DataFrame([{"source_id": "S", "citation": "A survey, 2025"}])
    return hg.project(fleet_from_tables(sheets, settings={"base_year": base_year}), draws=0)


def shares(run: Run) -> dict[str, float]:
    """Return the share of each train in the mix of the unit, from the rows its run names."""
    refs = {ref for factor in run.projection.parameters.values() for ref in factor.refs[0]}
    rows = [run.projection.library.row(ref) for ref in refs if ref.startswith("control_mix/")]
    return {one.keys["train"]: one.number() for one in rows}


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(
    ("year", "mix", "hours", "far"),
    [
        (2005, {"ESPc": 1.0}, 0.8, True),
        (2007, {"ESPc": 1.0}, 0.8, True),
        (2008, {"ESPc": 1.0}, 0.8, False),
        (2015, {"ESPc": 1.0}, 0.8, False),
        (2017, {"ESPc": 1.0}, 0.8, False),
        (2022, {"ESPc": 0.4, "ESPc+wFGD": 0.6}, 0.6, False),
        (2026, {"ESPc": 0.4, "ESPc+wFGD": 0.6}, 0.4, False),
        (2040, {"ESPc": 0.4, "ESPc+wFGD": 0.6}, 0.4, False),
    ],
)
def test_a_run_takes_the_rows_of_its_base_year(year: int, mix: Mapping[str, float], hours: float, far: bool) -> None:
    run = run_of(year)
    assert shares(run) == mix
    assert run.projection.parameters["capacity_factor"].value[0] == hours
    found = [(one.found, one.unit_id) for one in run.findings if one.code == "W725"]
    assert found == ([(f"{ESP}, from 2013", "U1")] if far else [])


@pytest.mark.usefixtures("tables")
def test_later_years_keep_the_row_of_the_base_year() -> None:
    yearly = run_of(2016).projection.yearly_kg[0]
    assert yearly.size > 5
    assert yearly[2] == yearly[0]  # 2018 has rows of its own


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("year", [2005, 2015, 2026, 2040])
def test_an_own_number_stands_for_the_row_of_the_base_year(year: int) -> None:
    """ESPc alone is the whole mix until 2017; from 2018 on both shares are replaced. An own number is never far."""
    late = year >= 2018
    own = [{"factor_id": ESP, "value": 0.1}, {"factor_id": ESP_FGD, "value": 0.9}] if late else [
        {"factor_id": ESP, "value": 1.0}]  # fmt: skip
    run = run_of(year, *own)
    assert shares(run) == ({"ESPc": 0.1, "ESPc+wFGD": 0.9} if late else {"ESPc": 1.0})
    assert not [one for one in run.findings if one.code in ("W725", "W714")]
    if not late:
        with pytest.raises(hg.DataError, match=r"ESPc\+wFGD"):
            run_of(year, {"factor_id": ESP_FGD, "value": 1.0})


def test_rows_of_a_folder_follow_the_same_rule(tables: Path) -> None:
    whole = FactorLibrary(tables)
    assert [one.value for one in whole.table("control_mix").rows if one.row_id == ESP] == [1.0, 0.4]
    assert [whole.in_year(year).row(ESP).value for year in (2005, 2017, 2018)] == [1.0, 1.0, 0.4]
    assert whole.row(ESP).value == 0.4  # without a base year the newest
    assert whole.in_year(2017).sha256() == whole.sha256()


@pytest.mark.parametrize(("year", "far"), [(2005, True), (2013, True), (2014, False), (2026, False)])
def test_a_limit_of_another_decade_is_named(year: int, far: bool) -> None:
    """The Indonesian limit of coal power plants is from 2019."""
    unit = {**UNIT, "country": "IDN"}
    run = hg.project(fleet_from_tables({"Coal_units": pd.DataFrame([unit])}, settings={"base_year": year}), draws=0)
    found = [one.found for one in run.findings if one.code == "W725"]
    assert len(found) == far
    assert all(text.startswith("emission_limit/coal_power/IDN/") and text.endswith(", from 2019") for text in found)
