"""Imported hard coal: which units burn it, and mixes of exporters worked out by hand."""

from __future__ import annotations

import csv
import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hginventory.data_files import data_folder
from hginventory.errors import FactorError
from hginventory.factors import FactorLibrary, FindingLog, load_library, resolve_coal
from hginventory.factors.coal_parameters import CoalParameters
from hginventory.factors.tables import COMMON, TABLES
from hginventory.factors.traded_coal import CoalImports
from hginventory.inputs.reader import fleet_from_tables

SOURCE = {"read_from": "read", "use": "default", "source_id": "judgement-of-the-hginventory-authors"}
LOGNORMAL = {"distribution": "lognormal", "spread": "0.5", "scopes": "country:0.36;plant:0.64"}
# Of two exporters and of world trade: dry mercury, heating value, moisture, dry chlorine.
COALS = {"AUS": (0.05, 25.0, 0.10, 200.0), "IDN": (0.06, 20.0, 0.25, 10.0)}
Made = Callable[..., FactorLibrary]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Return a maker of libraries whose tables of traded coal are made for the test."""

    def make(
        trade: Sequence[tuple[str, str, float, str, str]] = (),
        coals: Mapping[str, Sequence[float]] = COALS,
        lacking: Sequence[tuple[str, str]] = (),
    ) -> FactorLibrary:
        folder = tmp_path / "factors"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(data_folder("factors"), folder)
        world = (("WLD", "AUS", 0.5, "mass", "2020"), ("WLD", "IDN", 0.5, "mass", "2020"))
        _write(folder, "coal_trade", [
            {"importer": i, "exporter": e, "coal_kind": "steam", "value": s, "unit": "1", "basis": b, "valid_from": y}
            for i, e, s, b, y in (*trade, *world)
        ])  # fmt: skip
        units = (
            ("hg", "mg/kg", "dry"), ("net_calorific_value", "MJ/kg", "net_as_received"),
            ("moisture", "1", "as_received"), ("chlorine", "mg/kg", "dry"),
        )  # fmt: skip
        _write(folder, "export_coal", [
            {"exporter": e, "quantity": q, "value": value, "unit": unit, "basis": b} | (LOGNORMAL if q == "hg" else {})
            for e, values in coals.items() for (q, unit, b), value in zip(units, values, strict=True)
            if (e, q) not in lacking
        ])  # fmt: skip
        return FactorLibrary(folder)

    return make


def _write(folder: Path, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    columns = (*TABLES[table].keys, *TABLES[table].extra, *COMMON)
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({**dict.fromkeys(columns, ""), **SOURCE, **row} for row in rows)


def resolved(library: FactorLibrary, *units: dict[str, Any], fuels: Sequence[dict[str, Any]] = ()) -> CoalParameters:
    """Return the parameters of units of 600 MW in Korea, unless they say otherwise."""
    usual = {"country": "KOR", "status": "operating", "capacity_gross": 600, "coal_type": "bituminous"}
    rows = [{**usual, "unit_id": f"u{n}", "plant": f"P{n}", **unit} for n, unit in enumerate(units)]
    tables = {"Coal_units": pd.DataFrame(rows)} | ({"Fuels": pd.DataFrame(fuels)} if fuels else {})
    fleet = fleet_from_tables(tables)
    return resolve_coal(fleet, fleet.units, library, FindingLog())


def test_shares_of_mass_are_mixed_by_mass_as_received(made: Made) -> None:
    mix = CoalImports(made([("KOR", "AUS", 0.6, "mass", "2019"), ("KOR", "IDN", 0.4, "mass", "2019")])).mix("KOR")
    assert mix.hg.value == pytest.approx(0.6 * 0.05 * 0.9 + 0.4 * 0.06 * 0.75)  # 0.045 mg/kg
    assert mix.ncv.value == pytest.approx(0.6 * 25 + 0.4 * 20)  # 23 MJ/kg
    assert mix.moisture.value == pytest.approx(0.6 * 0.1 + 0.4 * 0.25)  # 0.16
    assert mix.chlorine.value == pytest.approx((0.6 * 0.9 * 200 + 0.4 * 0.75 * 10) / (0.6 * 0.9 + 0.4 * 0.75))


def test_mercury_per_heat_is_that_of_the_parts_by_shares_of_heat(made: Made) -> None:
    mix = CoalImports(made([("KOR", "AUS", 0.6, "mass", "2019"), ("KOR", "IDN", 0.4, "mass", "2019")])).mix("KOR")
    heat = {"AUS": 0.6 * 25 / 23, "IDN": 0.4 * 20 / 23}
    by_heat = heat["AUS"] * 0.05 * 0.9 / 25 + heat["IDN"] * 0.06 * 0.75 / 20
    assert mix.hg.value / mix.ncv.value == pytest.approx(by_heat)


def test_shares_of_energy_become_mass_by_their_heating_values(made: Made) -> None:
    mix = CoalImports(made([("KOR", "AUS", 0.5, "energy", "2019"), ("KOR", "IDN", 0.5, "energy", "2019")])).mix("KOR")
    assert mix.ncv.value == pytest.approx(1 / (0.5 / 25 + 0.5 / 20))  # 22.2 MJ/kg
    assert mix.hg.value / mix.ncv.value == pytest.approx(0.5 * 0.045 / 25 + 0.5 * 0.045 / 20)


@pytest.mark.parametrize("exporter", ["OTH", "PER", "NLD"])
def test_an_exporter_without_rows_is_world_trade(made: Made, exporter: str) -> None:
    imports = CoalImports(made([("KOR", "AUS", 0.5, "mass", "2019"), ("KOR", exporter, 0.5, "mass", "2019")]))
    assert imports.mix("KOR").hg.value == pytest.approx(0.5 * 0.045 + 0.5 * imports.mix("WLD").hg.value)
    assert {"coal_trade/WLD/IDN", "export_coal/IDN/hg"} <= set(imports.mix("KOR").hg.refs)


def test_a_quantity_that_an_exporter_lacks_is_that_of_world_trade(made: Made) -> None:
    coals = {**COALS, "UKR": (0.61, 0.0, 0.0, 0.0)}
    lacking = [("UKR", quantity) for quantity in ("net_calorific_value", "moisture", "chlorine")]
    imports = CoalImports(made([("KOR", "UKR", 1.0, "mass", "2019")], coals, lacking))
    mix, world = imports.mix("KOR"), imports.mix("WLD")
    assert mix.hg.value == pytest.approx(0.61 * (1 - world.moisture.value))
    assert (mix.ncv.value, mix.chlorine.value) == (world.ncv.value, world.chlorine.value)


def test_an_importer_without_a_set_takes_world_trade(made: Made) -> None:
    imports = CoalImports(made())
    assert imports.mix("PAN") == imports.mix("WLD")
    assert imports.mix("WLD").hg.value == pytest.approx(0.045)


def test_world_trade_must_know_its_exporters(made: Made) -> None:
    library = made([("KOR", "AUS", 1.0, "mass", "2019")], lacking=[("IDN", "moisture")])
    with pytest.raises(FactorError, match="exporter IDN, quantity moisture"):
        CoalImports(library).mix("WLD")


@pytest.mark.parametrize(("year", "share"), [(2010, 1.0), (2017, 1.0), (2018, 0.0), (2026, 0.0)])
def test_the_set_of_the_nearest_year_counts(made: Made, year: int, share: float) -> None:
    library = made([("KOR", "AUS", 1.0, "mass", "2015"), ("KOR", "IDN", 1.0, "mass", "2019")]).in_year(year)
    assert CoalImports(library).mix("KOR").ncv.value == pytest.approx(25 * share + 20 * (1 - share))


def test_errors_of_exporters_average_out_but_those_of_plants_do_not(made: Made) -> None:
    spread = CoalImports(made()).mix("WLD").hg.spread
    assert spread is not None
    national, plant = (part * spread.size**2 for _, part in spread.scopes)
    assert national == pytest.approx(0.5**2 * 0.36 / 2, rel=0.03)  # two equal, independent errors of 0.3
    assert plant == pytest.approx(0.5**2 * 0.64)  # both hold 0.045 mg/kg as received, so nothing lies between them


def test_what_lies_between_exporters_is_between_plants(made: Made) -> None:
    coals = {"AUS": (0.05, 25.0, 0.0, 200.0), "IDN": (0.20, 25.0, 0.0, 10.0)}
    spread = CoalImports(made(coals=coals)).mix("WLD").hg.spread
    assert spread is not None
    assert dict(spread.scopes)["plant"] * spread.size**2 == pytest.approx(0.16 + math.log(2) ** 2)


BURNS = [
    ("blank origin in a country that imports", {}, True),
    ("subbituminous", {"coal_type": "subbituminous"}, True),
    ("rank unknown where most is hard coal", {"coal_type": "unknown"}, True),
    ("rank unknown where half is lignite", {"country": "TUR", "coal_type": "unknown"}, False),
    ("domestic", {"coal_origin": "domestic"}, False),
    ("mine-mouth, a spelling of domestic", {"coal_origin": "mine-mouth"}, False),
    ("origin unknown is as blank", {"coal_origin": "unknown"}, True),
    ("anthracite", {"coal_type": "anthracite"}, False),
    ("lignite, even if marked imported", {"coal_type": "lignite", "coal_origin": "imported"}, False),
    ("waste coal", {"coal_type": "waste coal"}, False),
    ("imported in a country with coal of its own", {"country": "IND", "coal_origin": "imported"}, True),
    *((f"{country} mines most of its own", {"country": country}, False)
      for country in ("IND", "CHN", "IDN", "ZAF", "POL", "USA", "AUS", "COL", "RUS", "KAZ")),
    *((f"{country} imports", {"country": country}, True)
      for country in ("JPN", "TWN", "HKG", "MYS", "NLD", "ITA", "ISR", "MAR", "CHL")),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "imported"), [case[1:] for case in BURNS], ids=[case[0] for case in BURNS])
def test_who_burns_imported_coal(unit: dict[str, Any], imported: bool) -> None:
    factors = resolved(load_library(), unit).factors
    for name in ("hg_coal", "calorific_value", "high_cl_share"):
        refs = factors[name].refs[0]
        assert any(ref.startswith("export_coal/") for ref in refs) is imported, (name, refs)


def test_a_unit_says_why_its_coal_is_imported() -> None:
    content = resolved(load_library(), {}, {"coal_origin": "imported"}).factors["hg_coal"]
    by_rule, by_cell = content.refs
    assert by_rule[0] == "coal_import/KOR/import_share"
    assert by_cell[0] == "Coal_units!coal_origin[1]"
    assert by_rule[1:] == by_cell[1:]


def test_own_cells_come_before_the_mix() -> None:
    cells = {"hg_coal": 0.2, "hg_basis": "dry", "calorific_value": 21.0, "cv_basis": "net_as_received", "cl_coal": 50}
    mixed, own = (resolved(load_library(), unit).factors for unit in ({}, cells))
    moisture = CoalImports(load_library()).mix("KOR").moisture.value
    assert own["hg_coal"].value[0] == pytest.approx(0.2 * (1 - moisture))  # the water of the mix, as the coal is of it
    assert (own["calorific_value"].value[0], own["high_cl_share"].value[0]) == (21.0, 0.0)
    assert mixed["high_cl_share"].value[0] > 0


def test_a_fuel_with_a_country_is_the_coal_of_that_country() -> None:
    fuels = [{"fuel_id": "A", "country": "KOR", "coal_type": "bituminous"}, {"fuel_id": "B", "coal_type": "bituminous"}]
    content = resolved(load_library(), {"fuel_id": "A"}, {"fuel_id": "B"}, fuels=fuels).factors["hg_coal"]
    assert not any(ref.startswith("export_coal/") for ref in content.refs[0])
    assert any(ref.startswith("export_coal/") for ref in content.refs[1])


def test_bundled_sets_sum_to_one() -> None:
    sums: dict[tuple[str, str], float] = {}
    for row in load_library().table("coal_trade").rows:
        key = (row.keys["importer"], row.valid_from)
        sums[key] = sums.get(key, 0.0) + row.number()
    assert {round(total, 9) for total in sums.values()} == {1.0}


def test_judgements_of_export_coal_say_so() -> None:
    rows = load_library().table("export_coal").rows
    ours = [row for row in rows if row.source_id == "judgement-of-the-hginventory-authors"]
    assert {row.read_from for row in ours} == {"judgement"}
    mercury = [row for row in ours if row.keys["quantity"] == "hg" and row.use == "default"]
    assert {row.keys["exporter"] for row in mercury} == {"MOZ", "POL", "VNM"}
