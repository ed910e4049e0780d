"""A factor folder in which a row or a value is missing is named with file and line, or with what to add."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

import hginventory as hg
from hginventory.errors import FactorError
from hginventory.factors.library import FactorLibrary, load_library
from hginventory.projection import project

Cells = Mapping[str, str]


def edited(folder: Path, table: str, keys: Cells, change: Cells | None) -> int:
    """Copy the tables to a folder, change the default rows of some keys there, and return the line of the first one.

    Parameters
    ----------
    folder : Path
        Where the copy goes.
    table : str
        The table to change.
    keys : mapping of str to str
        Keys of the rows.
    change : mapping of str to str or None
        New cells; None: the rows are deleted.
    """
    for file in load_library().folder.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    chosen = [row["use"] == "default" and all(row[key] == value for key, value in keys.items()) for row in rows]
    assert any(chosen)
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        for row, is_chosen in zip(rows, chosen, strict=True):
            if not is_chosen or change is not None:
                writer.writerow({**row, **(change or {})} if is_chosen else row)
    return chosen.index(True) + 2


@pytest.fixture(scope="module")
def fleet() -> hg.Fleet:
    """Return every eighth unit of the Indonesian fleet, kilns too, which together use every table."""
    whole = hg.read_fleet("indonesia")
    return whole.subset([str(unit) for unit in whole.units.index[::8]])


def everything(fleet: hg.Fleet) -> None:
    """Ask a run what rests on the tables: emissions, draws, options with costs, limits, measurements."""
    run = hg.project(fleet, draws=250)
    catalogue = run.catalogue()
    for unit in run.units.index:
        catalogue.of_unit(unit)
    run.limits()
    run.sampling_plan(top=2)


@pytest.mark.parametrize(
    ("table", "keys", "named"),
    [
        ("coal_technology", {"quantity": "net_efficiency"}, "quantity net_efficiency, country WLD"),
        ("coal_process", {"quantity": "release_ratio"}, "quantity release_ratio, boiler PC"),
        ("coal_process", {"quantity": "operating_share"}, "quantity operating_share, boiler blank"),
        ("boiler_mix", {}, "country WLD, mw_from blank"),
        ("control_completion", {"group": "hg_control"}, "group hg_control"),
        ("species", {"stage": "boiler_outlet"}, "sector coal_power, stage boiler_outlet, coal_class blank"),
        ("fate", {"device": "ESPc"}, "sector coal_power, device ESPc"),
        ("lifetime_rule", {"quantity": "overage_years"}, "rule icsc_40, quantity overage_years"),
        ("origin_spread", {"origin": "measured"}, "quantity content, origin measured"),
        ("gas_state", {"quantity": "absolute_zero"}, "sector blank, quantity absolute_zero"),
        ("flue_gas", {}, "coal_type all"),
        ("cost_basis", {"quantity": "discount_rate"}, "quantity discount_rate, sector blank"),
        ("country_cost", {"country": "WLD"}, "country WLD, technology blank, quantity capital"),
        ("control_cost", {"quantity": "mercury_share"}, "sector coal_power, technology"),
        ("price_level", {"currency": "USD"}, "currency USD"),
        ("cement_kiln", {"quantity": "thermal_energy"}, "quantity thermal_energy, kiln_type blank"),
        ("cement_material", {"material": "limestone"}, "material limestone, country WLD"),
        ("cement_fuel_mix", {}, "country WLD"),
        ("cement_air_share", {}, "country WLD"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value,
)
def test_missing_row_is_named_with_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fleet: hg.Fleet, table: str, keys: Cells, named: str
) -> None:
    edited(tmp_path, table, keys, None)
    monkeypatch.setattr(project, "load_library", lambda: FactorLibrary(tmp_path))
    with pytest.raises(FactorError) as caught:
        everything(fleet)
    assert str(caught.value).startswith(f"{tmp_path.name}/{table}.csv: no default row has {named}")
    assert str(caught.value).endswith(". Add this row.")


NO_SPREAD = {"distribution": "", "spread": "", "scopes": ""}


@pytest.mark.parametrize(
    ("table", "keys", "change", "words"),
    [
        ("coal_mercury", {"country": "IDN"}, {"value": "", **NO_SPREAD}, "a default row needs a value"),
        ("removal", {}, {"value": "", **NO_SPREAD}, "a default row needs a value"),
        ("emission_limit", {}, {"value": ""}, "a default row needs a value"),
        ("coal_class", {"country": "IND"}, {"coal_class": ""}, "a default row needs a value"),
        (
            "origin_spread",
            {"quantity": "year", "origin": "measured"},
            NO_SPREAD,
            "spread of origin_spread/year/measured",
        ),
        ("control_cost", {}, {"mw_from": "few"}, "mw_from 'few' is not a number"),
        ("emission_limit", {}, {"o2_percent": "6 %"}, "o2_percent '6 %' is not a number"),
        ("price_level", {"year": "2025"}, {"year": "this"}, "year 'this' is not a number"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value,
)
def test_row_without_its_value_is_named_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fleet: hg.Fleet, table: str, keys: Cells, change: Cells, words: str
) -> None:
    line = edited(tmp_path, table, keys, change)
    monkeypatch.setattr(project, "load_library", lambda: FactorLibrary(tmp_path))
    with pytest.raises(FactorError) as caught:
        everything(fleet)
    assert str(caught.value).startswith(f"{tmp_path.name}/{table}.csv:{line}: {words}")
