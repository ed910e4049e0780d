"""The basis of contents: dry rows meet the moisture of their coal; the pair of lignite; waste coal as own coal."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import hginventory as hg
from hginventory.factors import CoalTables, FactorLibrary, FactorRow, load_library, lookup

SAMPLES = "global-mercury-flow-model-repository"
TIES = Path("/work/shared/facts/coal_mercury_basis_ties.csv")
TIED = [
    ("TUR", "lignite"), ("CZE", "lignite"), ("SRB", "lignite"), ("RUS", "bituminous"), ("CHL", "subbituminous"),
    ("UKR", "anthracite"),
]  # fmt: skip
NO_TIE = [
    ("CHN", "bituminous"),
    ("CHN", "anthracite"),
    ("CHN", "subbituminous"),
    ("IND", "lignite"),
    ("AUS", "anthracite"),
]


@pytest.fixture(scope="module")
def library() -> FactorLibrary:
    return load_library()


def kilograms(country: str, coal_type: str, **cells: object) -> float:
    """Return the mercury to air of the base year of one unit."""
    unit = {
        "unit_id": "U", "plant": "P", "country": country, "coal_type": coal_type, "capacity_gross": 300.0,
        "status": "operating", "start_year": 2005, "boiler": "PC", "coal_origin": "domestic", **cells,
    }  # fmt: skip
    fleet = hg.fleet_from_frame(pd.DataFrame([unit]), sector="coal_power", settings={"base_year": 2026})
    return float(hg.project(fleet, draws=0).units["air_base_year_kg"].iloc[0])


def moisture_of(library: FactorLibrary, country: str, coal_type: str) -> float:
    ladder = lookup.Ladder(library.table("coal_heating_value"), ("country", "coal_type"), {"quantity": "moisture"})
    row = ladder.first(lookup.rank_rungs(country, coal_type))
    assert row is not None
    return row.number()


def content_row(library: FactorLibrary, country: str, coal_type: str) -> FactorRow:
    return library.row(f"coal_mercury/{country}/any/{coal_type}")


@pytest.mark.parametrize(("country", "coal_type"), TIED)
def test_dry_row_and_its_twin_as_received_give_the_same_kilograms(
    library: FactorLibrary, country: str, coal_type: str
) -> None:
    row = content_row(library, country, coal_type)
    assert row.basis == "dry"
    by_hand = row.number() * (1.0 - moisture_of(library, country, coal_type))
    twin = kilograms(country, coal_type, hg_coal=by_hand, hg_basis="as_received")
    assert kilograms(country, coal_type) == pytest.approx(twin, rel=1e-12)
    received = replace(row, value=by_hand, basis="as_received")
    coals = (
        CoalTables(tables).quality({"coal_origin": "domestic"}, lambda _: None, country, coal_type)
        for tables in (library, library.with_rows([received]))
    )
    dry, wet = (coal.hg.value / coal.ncv.value for coal in coals)
    assert dry == pytest.approx(wet, rel=1e-12)


@pytest.mark.parametrize(("country", "coal_type"), TIED)
def test_cell_of_a_user_is_not_converted(country: str, coal_type: str) -> None:
    stated = kilograms(country, coal_type, hg_coal=0.2, hg_basis="not_stated")
    assert stated == pytest.approx(kilograms(country, coal_type, hg_coal=0.2, hg_basis="as_received"), rel=1e-12)


def test_moisture_of_a_user_beats_that_of_the_table(library: FactorLibrary) -> None:
    own = kilograms("TUR", "lignite", moisture=0.2) / kilograms("TUR", "lignite")
    assert own == pytest.approx(0.8 / (1.0 - moisture_of(library, "TUR", "lignite")), rel=1e-12)


def test_national_samples_are_dry_but_for_those_that_do_not_tie(library: FactorLibrary) -> None:
    rows = [row for row in library.table("coal_mercury").defaults if row.source_id == SAMPLES]
    unclear = {(row.keys["country"], row.keys["coal_type"]) for row in rows if row.basis != "dry"}
    assert unclear == set(NO_TIE)
    assert all("basis inferred" in row.note for row in rows if row.basis == "dry")


def test_every_row_tied_in_the_evidence_is_dry(library: FactorLibrary) -> None:
    if not TIES.is_file():
        pytest.skip(f"{TIES} is not here: the evidence for each row is kept outside the repository")
    with TIES.open(encoding="utf-8", newline="") as file:
        ties = [
            row
            for row in csv.DictReader(file)
            if row["tie_to_WoCQI"] in ("high", "medium") and row["is_default"] == "yes"
        ]
    assert len(ties) == 78
    for tie in ties:
        assert content_row(library, tie["iso3"], tie["rank"]).basis == "dry", tie


@pytest.mark.parametrize(
    ("country", "moisture", "heat"),
    [("DEU", 0.54, 9.35), ("POL", 0.555, 8.05), ("BGR", 0.55, 6.49), ("TUR", 0.39, 6.15), ("AUS", 0.62, 8.6),
     ("USA", 0.3435, 14.05), ("IND", 0.5, 10.0)],
)  # fmt: skip
def test_lignite_of_a_country_is_that_of_its_fields(
    library: FactorLibrary, country: str, moisture: float, heat: float
) -> None:
    assert moisture_of(library, country, "lignite") == pytest.approx(moisture)
    assert library.row(f"coal_heating_value/net_calorific_value/{country}/lignite").number() == pytest.approx(heat)


def test_moisture_and_heating_value_of_lignite_are_of_one_source(library: FactorLibrary) -> None:
    by_country: dict[str, dict[str, FactorRow]] = {}
    for row in library.table("coal_heating_value").defaults:
        if row.keys["coal_type"] == "lignite" and row.keys["quantity"] != "gross_minus_net":
            by_country.setdefault(row.keys["country"], {})[row.keys["quantity"]] = row
    assert len(by_country) > 20
    for country, pair in by_country.items():
        assert set(pair) == {"moisture", "net_calorific_value"}, country
        assert pair["moisture"].source_id == pair["net_calorific_value"].source_id, country


@pytest.mark.parametrize("country", ["DEU", "CZE", "SRB", "GRC", "TUR", "USA"])
@pytest.mark.parametrize("quantity", ["moisture", "net_calorific_value"])
def test_country_of_several_fields_has_their_mean(library: FactorLibrary, country: str, quantity: str) -> None:
    rows = library.table("coal_heating_value").rows
    fields = [
        row.number() for row in rows
        if row.use == "evidence" and row.keys == {"quantity": quantity, "country": country, "coal_type": "lignite"}
        and "of the field" in row.method
    ]  # fmt: skip
    assert len(fields) > 1
    mean = library.row(f"coal_heating_value/{quantity}/{country}/lignite").number()
    assert mean == pytest.approx(sum(fields) / len(fields), abs=0.006)


def test_ukraine_takes_active_mines_and_keeps_the_mercury_mine_as_evidence(library: FactorLibrary) -> None:
    row = content_row(library, "UKR", "bituminous")
    assert (row.source_id, row.basis, row.n, row.read_from) == ("kolker-2004-gsa-79551", "dry", 24, "read")
    assert row.value == pytest.approx(0.5095)  # 0.61 of few mines, with what is known of other countries
    keys = {"country": "UKR", "region": "national samples", "coal_type": "bituminous"}
    printed = [row for row in library.table("coal_mercury").rows if row.keys == keys]
    assert {(row.value, row.source_id, row.use) for row in printed} == {
        (0.61, "kolker-2004-gsa-79551", "evidence"), (2.962, SAMPLES, "evidence"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("country", "own"), [("CHN", "all"), ("IND", "all"), ("KAZ", "unknown"), ("ZAF", "unknown"), ("IDN", "all")]
)
def test_waste_coal_has_the_mercury_of_the_own_coal_and_the_heat_of_refuse(
    library: FactorLibrary, country: str, own: str
) -> None:
    waste = CoalTables(library).quality({}, lambda _: None, country, "waste coal")
    row = content_row(library, country, own)
    assert waste.hg.refs[0] == row.row_id
    assert row.basis != "dry"  # else less the moisture of refuse
    assert waste.hg.value == row.value
    assert waste.ncv.refs == ("coal_heating_value/net_calorific_value/WLD/waste coal",)


def test_dry_mean_of_the_own_coal_meets_the_moisture_of_refuse(library: FactorLibrary) -> None:
    dry = library.with_rows([replace(content_row(library, "CHN", "all"), basis="dry")])
    waste = CoalTables(dry).quality({}, lambda _: None, "CHN", "waste coal")
    assert waste.hg.value == pytest.approx(0.17 * (1.0 - moisture_of(library, "CHN", "waste coal")))


def test_waste_coal_of_the_usa_keeps_its_own_row(library: FactorLibrary) -> None:
    waste = CoalTables(library).quality({}, lambda _: None, "USA", "waste coal")
    assert waste.hg.value == pytest.approx(0.3811 * (1.0 - moisture_of(library, "USA", "waste coal")))


@pytest.mark.parametrize(
    ("cells", "origin"),
    [
        ({"hg_basis": "as_received"}, "reported"),
        ({"hg_basis": "dry", "moisture": 0.3}, "reported"),
        ({"hg_basis": "dry"}, "derived"),
        ({"hg_basis": "dry", "moisture": 0.3, "hg_coal": None}, "default"),
        ({"hg_basis": "dry", "hg_coal": None}, "default"),
    ],
    ids=["as received", "dry, own moisture", "dry, default moisture", "only own moisture", "nothing"],
)
def test_origin_of_a_content_is_that_of_the_content_and_of_the_moisture(cells: dict[str, object], origin: str) -> None:
    """A stated dry content remains reported where its moisture is stated too, and is derived where it is a default."""
    unit = {
        "unit_id": "U", "plant": "P", "country": "TUR", "coal_type": "lignite", "capacity_gross": 300.0,
        "status": "operating", "start_year": 2005, "hg_coal": 0.1, **cells,
    }  # fmt: skip
    fleet = hg.fleet_from_frame(pd.DataFrame([unit]), settings={"base_year": 2026})
    assert hg.project(fleet, draws=0).units["hg_origin"].tolist() == [origin]
