"""Which mix of control trains a unit of unknown train takes: small tables with expectations worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.factors.library import FactorLibrary, FactorTable, load_library
from hginventory.factors.provenance import RECALLED
from hginventory.factors.rows import FactorRow
from hginventory.factors.tables import TABLES
from hginventory.factors.train_mix import GROUPS, TrainMix, TrainMixes
from hginventory.inputs.reader import fleet_from_tables
from hginventory.run import Run
from hginventory.vocabulary import UNKNOWN

NAN = math.nan


def row(table: str, value: float, mark: str = "read", first: str = "", **keys: str) -> FactorRow:
    """Return a default row of a mix; keys that are not named are blank."""
    blank: dict[str, Any] = {field.name: "" for field in fields(FactorRow)}
    named = {key: keys.get(key, "") for key in TABLES[table].keys}
    own = {"table": table, "keys": named, "value": value, "read_from": mark, "valid_from": first, "use": "default"}
    return FactorRow(**(blank | {"line": 0, "scopes": (), "extra": {}} | own))


def cell(
    country: str, trains: Mapping[str, float], mark: str = "read", first: str = "", **keys: str
) -> list[FactorRow]:
    return [row("control_mix", share, mark, first, country=country, train=t, **keys) for t, share in trains.items()]


class Made(FactorLibrary):
    """The bundled tables with made ones in the place of both mixes."""

    def __init__(self, year: int, *rows: FactorRow) -> None:
        super().__init__(load_library().folder, year=year)
        boilers = (
            row("boiler_mix", 0.8, country="WLD", boiler="PC"),
            row("boiler_mix", 0.2, country="WLD", boiler="CFB"),
        )
        for name, own in (("control_mix", rows), ("boiler_mix", boilers)):
            self._tables[name] = FactorTable(name, own, spec=TABLES[name], year=year)


ROWS = (
    *cell("WLD", {"unknown": 1.0}, "judgement"),
    *cell("DEU", {"SCR+ESPc+wFGD": 0.95, "SCR+FF+wFGD": 0.05}, "partly recalled", "2017", coal_type="bituminous"),
    *cell("DEU", {"ESPc+wFGD": 1.0}, "partly recalled", "2017", coal_type="lignite"),
    *cell("TUR", {"ESPc+wFGD": 1.0}, boiler="PC"),
    *cell("TUR", {"ESPc": 1.0}, first="2015", boiler="PC", coal_type="lignite"),
    *cell("TUR", {"ESPc+wFGD": 0.6, "ESPc": 0.4}, first="2024", boiler="PC", coal_type="lignite"),
    *cell("TUR", {"FSI+ESPc": 0.7, "FSI+FF": 0.3}, "recalled", boiler="CFB"),
    *cell("HKG", {"SCR+ESPc+wFGD": 1.0}, mw_from="600"),
    *cell("HKG", {"ESPc": 1.0}, mw_to="600"),
    *cell("CHL", {"SDA+FF": 1.0}, mw_from="300"),
    *cell("CHL", {"ESPc": 1.0}),
    *cell("ZAF", {"FF": 1.0}, start_from="2012"),
    *cell("ZAF", {"ESPc": 1.0}, start_to="2012"),
)
MIXES = TrainMixes(Made(2026, *ROWS))


def mix(
    country: str,
    boiler: str,
    coal: str,
    mw: float = 700.0,
    start: float = 2000.0,
    mixes: TrainMixes = MIXES,
    **known: str,
) -> TrainMix:
    return mixes.of(country, boiler, coal, mw, start, dict.fromkeys(GROUPS, UNKNOWN) | known)


def trains(found: TrainMix) -> dict[str, float]:
    """Return the share of each train, over all boilers."""
    out: dict[str, float] = {}
    for share, _, train in found.parts:
        out[train] = out.get(train, 0.0) + share
    return out


@pytest.mark.parametrize(
    ("country", "boiler", "coal", "expected"),
    [
        ("DEU", "PC", "bituminous", {"SCR+ESPc+wFGD": 0.95, "SCR+FF+wFGD": 0.05}),
        ("DEU", "PC", "lignite", {"ESPc+wFGD": 1.0}),
        ("DEU", "CFB", "lignite", {"ESPc+wFGD": 1.0}),  # a blank boiler is for all
        ("DEU", "PC", "anthracite", {"unknown": 1.0}),  # neither of the two: the world
        ("DEU", "PC", UNKNOWN, {"unknown": 1.0}),  # which of the two is not known: the world
        ("TUR", "PC", "lignite", {"ESPc+wFGD": 0.6, "ESPc": 0.4}),
        ("TUR", "PC", "bituminous", {"ESPc+wFGD": 1.0}),
        ("TUR", "PC", UNKNOWN, {"ESPc+wFGD": 1.0}),  # blank beside lignite: all others
        ("TUR", "CFB", "lignite", {"FSI+ESPc": 0.7, "FSI+FF": 0.3}),
        ("TUR", "stoker", "lignite", {"unknown": 1.0}),  # no row of this boiler
        ("TUR", UNKNOWN, "bituminous", {"ESPc+wFGD": 0.8, "FSI+ESPc": 0.14, "FSI+FF": 0.06}),
        ("TUR", UNKNOWN, "lignite", {"ESPc+wFGD": 0.48, "ESPc": 0.32, "FSI+ESPc": 0.14, "FSI+FF": 0.06}),
        ("VNM", UNKNOWN, "anthracite", {"unknown": 1.0}),
    ],
)
def test_coal_and_boiler_choose_the_mix(country: str, boiler: str, coal: str, expected: Mapping[str, float]) -> None:
    assert trains(mix(country, boiler, coal)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("country", "mw", "start", "train"),
    [
        ("HKG", 600.0, 1990.0, "SCR+ESPc+wFGD"),
        ("HKG", 599.0, 1990.0, "ESPc"),
        ("HKG", NAN, 1990.0, "unknown"),  # a unit of unknown size fits no band, and the country has no other row
        ("CHL", 300.0, 1990.0, "SDA+FF"),
        ("CHL", 299.0, 1990.0, "ESPc"),
        ("CHL", NAN, 1990.0, "ESPc"),  # the row of the country without a band
        ("ZAF", 700.0, 2012.0, "FF"),
        ("ZAF", 700.0, 2011.0, "ESPc"),
        ("ZAF", 700.0, NAN, "unknown"),
    ],
)
def test_bands_match_only_units_of_known_size_and_start(country: str, mw: float, start: float, train: str) -> None:
    assert trains(mix(country, "PC", "bituminous", mw, start)) == {train: 1.0}


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2010, {"ESPc": 1.0}),
        (2015, {"ESPc": 1.0}),
        (2023, {"ESPc": 1.0}),
        (2024, {"ESPc+wFGD": 0.6, "ESPc": 0.4}),
        (2040, {"ESPc+wFGD": 0.6, "ESPc": 0.4}),
    ],
)
def test_the_base_year_chooses_the_period(year: int, expected: Mapping[str, float]) -> None:
    mixes = TrainMixes(Made(year, *ROWS))
    assert trains(mix("TUR", "PC", "lignite", mixes=mixes)) == pytest.approx(expected)
    assert trains(mix("TUR", "PC", "bituminous", mixes=mixes)) == {"ESPc+wFGD": 1.0}  # without a year: from the first


@pytest.mark.parametrize(
    ("country", "boiler", "coal", "share"),
    [
        ("DEU", "PC", "lignite", 1.0),  # recalled in part is recalled
        ("TUR", "PC", "lignite", 0.0),
        ("TUR", "CFB", "lignite", 1.0),
        ("TUR", UNKNOWN, "lignite", 0.2),  # the share of the fluidised beds
        ("VNM", "PC", "lignite", 0.0),  # judged, not recalled
    ],
)
def test_share_of_recalled_trains(country: str, boiler: str, coal: str, share: float) -> None:
    assert mix(country, boiler, coal).recalled_share == pytest.approx(share)


def test_a_reported_train_rests_on_no_recalled_row() -> None:
    reported = {"pm_control": "ESPc", "so2_control": "none", "nox_control": "none"}
    assert mix("DEU", "PC", "lignite", **reported).recalled_share == 0.0
    assert mix("DEU", "PC", "bituminous", pm_control="FF").recalled_share == 1.0


UNIT = {"unit_id": "U1", "country": "TUR", "capacity_gross": 150.0, "start_year": 2005}


def run_of(*units: Mapping[str, object], **settings: object) -> Run:
    frame = pd.DataFrame([{**UNIT, "unit_id": f"U{number}", **unit} for number, unit in enumerate(units, 1)])
    return hg.project(fleet_from_tables({"Coal_units": frame}, settings={"base_year": 2026, **settings}), draws=0)


@pytest.mark.parametrize(
    ("coal", "boiler", "bed"),
    [
        ("waste coal", None, True),
        ("waste coal", "unknown", True),
        ("waste coal", "CFB", True),
        ("waste coal", "PC", False),
        ("lignite", None, False),
        (None, None, False),
    ],
)
def test_waste_coal_implies_a_fluidised_bed(coal: str | None, boiler: str | None, bed: bool) -> None:
    run = run_of({"coal_type": coal, "boiler": boiler}, {"coal_type": coal, "boiler": "CFB"})
    factors = run.projection.parameters
    for name in ("auxiliary_share", "net_efficiency", "train", "removal"):
        assert (factors[name].refs[0] == factors[name].refs[1]) is bed, name
    noted = [one.unit_id for one in run.findings if one.code == "N726"]
    assert noted == (["U1"] if bed and boiler != "CFB" else [])


def test_the_result_says_how_much_rests_on_recalled_mixes() -> None:
    """Of Turkish lignite one tenth is from the recalled row of fluidised beds, the rest from a partly recalled one."""
    run = run_of({"coal_type": "lignite"}, {"country": "IDN", "coal_type": "lignite", "pm_control": "ESPc",
                                            "so2_control": "none", "nox_control": "none"})  # fmt: skip
    rows = [run.projection.library.row(ref) for ref in run.projection.parameters["train"].refs[0]]
    assert {one.read_from for one in rows if one.table == "control_mix"} == set(RECALLED)
    assert run.units["train_recalled_share"].tolist() == pytest.approx([1.0, 0.0])
    gaps = run.gaps().loc["controls"]
    assert gaps["kg_on_recalled"] == pytest.approx(run.units["air_base_year_kg"].iloc[0])
    assert gaps["share_on_recalled"] == pytest.approx(gaps["kg_on_recalled"] / gaps["emission_kg"])


def test_a_change_of_coal_leaves_the_train_as_it_is() -> None:
    """Another fuel brings no other controls: the mix follows the coal type of the row of the unit."""
    unit = {"country": "TUR", "coal_type": "lignite"}
    fuels = pd.DataFrame([{"fuel_id": "imported", "country": "ZAF", "coal_type": "bituminous"}])
    frame = pd.DataFrame([{**UNIT, **unit}, {**UNIT, **unit, "unit_id": "U2", "fuel_id": "imported"}])
    run = hg.project(fleet_from_tables({"Coal_units": frame, "Fuels": fuels}, settings={"base_year": 2026}), draws=0)
    refs = run.projection.parameters["train"].refs
    assert refs[0] == refs[1]


@pytest.mark.parametrize(
    ("country", "coal", "first", "source"),
    [
        ("DEU", "lignite", "control_mix/DEU/any/lignite/any/any/any/any/ESPc+wFGD", "European Coal Plant Database"),
        ("KOR", "bituminous", "control_mix/KOR/PC/any/any/any/any/any/SCR+ESPc+wFGD", "South Korea, 2013"),
        ("IND", "subbituminous", "control_mix/IND/PC/any/any/any/any/any/ESPc", "India, July and August 2025"),
        ("CHN", "bituminous", "control_mix/CHN/PC/any/any/any/any/any/SCR+ESPc+wFGD", "annual development report 2018"),
        ("GRC", "lignite", "control_mix/GRC/any/lignite/any/any/any/any/ESPc", "energypress.eu on Agios Dimitrios"),
    ],
)
def test_explain_leads_from_the_cell_to_the_source(country: str, coal: str, first: str, source: str) -> None:
    text = run_of({"country": country, "coal_type": coal, "capacity_gross": 600.0}).explain("U1").text(400)
    (shown,) = [line.strip() for line in text.splitlines() if line.strip().startswith(f"{first} =")]
    assert source in shown
    assert f"row {first}" in text or first in text.split("Factor rows used")[0]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("FGD", {"ESPc+swFGD": 0.25, "ESPc+wFGD": 0.375, "FF+FGD": 0.125, "SCR+ESPc+wFGD": 0.25}),  # 0.8 of the units
        ("wFGD", {"ESPc+wFGD": 0.6, "SCR+ESPc+wFGD": 0.4}),
        ("swFGD", {"ESPc+swFGD": 1.0}),  # FF+FGD may have one, but is no train of that name
        ("none", {"ESPc": 1.0}),
    ],
)
def test_a_scrubber_of_unknown_kind_is_any_wet_one(stated: str, expected: Mapping[str, float]) -> None:
    shares = {"ESPc": 0.2, "ESPc+swFGD": 0.2, "ESPc+wFGD": 0.3, "FF+FGD": 0.1, "SCR+ESPc+wFGD": 0.2}
    mixes = TrainMixes(Made(2026, *cell("IDN", shares, boiler="PC")))
    assert trains(mix("IDN", "PC", "lignite", mixes=mixes, so2_control=stated)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("cells", "share"),
    [
        ({"country": "ITA", "boiler": "PC"}, 0.1),  # two trains, each with a scrubber
        ({"country": "NLD"}, 0.1),  # boiler unknown, the same train with each
        ({"country": "IDN", "so2_control": "wFGD"}, 0.1),  # stated, all else unknown
        ({"country": "IDN", "so2_control": "none"}, 0.075),
        ({"country": "IDN", "boiler": "PC"}, 0.075),  # some trains with a scrubber, some without
        ({"country": "POL"}, 0.075),  # train unknown
    ],
)
def test_a_scrubber_that_every_train_of_the_mix_has_adds_to_own_use(cells: dict[str, str], share: float) -> None:
    run = run_of({"coal_type": None, **cells})
    assert run.projection.parameters["auxiliary_share"].value[0] == pytest.approx(share)
