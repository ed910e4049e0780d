"""The ladders: the most specific row that fits stands in, and every mix is whole."""

from __future__ import annotations

import itertools
import math
from dataclasses import fields
from typing import Any

import pytest

from hginventory.errors import FactorError
from hginventory.factors import lookup
from hginventory.factors.library import FactorTable, load_library
from hginventory.factors.rows import FactorRow
from hginventory.factors.train_mix import GROUPS, TrainMixes
from hginventory.vocabulary.code_list import UNKNOWN
from hginventory.vocabulary.codes import BOILERS, COAL_TYPES

NAN = math.nan


def row(value: float = 1.0, use: str = "default", **keys: str) -> FactorRow:
    """Return a factor row of which only keys, value and use count."""
    blank: dict[str, Any] = {field.name: "" for field in fields(FactorRow)}
    return FactorRow(**(blank | {"keys": keys, "value": value, "use": use, "line": 0, "scopes": (), "extra": {}}))


def table(*rows: FactorRow) -> FactorTable:
    return FactorTable("made", rows)


def content(country: str, coal_type: str, value: float, **more: str) -> FactorRow:
    return row(value, more.get("use", "default"), country=country, region=more.get("region", ""), coal_type=coal_type)


CONTENTS = [
    content("IDN", "lignite", 1.0),
    content("IDN", "all", 2.0),
    content("WLD", "lignite", 3.0),
    content("WLD", "bituminous", 4.0),
    content("WLD", "all", 5.0),
]


def found(rows: list[FactorRow], rungs: list[tuple[str, str]]) -> float | None:
    best = lookup.Ladder(table(*rows), ("country", "coal_type")).first(rungs)
    return None if best is None else best.value


@pytest.mark.parametrize(
    ("country", "coal_type", "value"),
    [
        ("IDN", "lignite", 1.0),
        ("IDN", "bituminous", 2.0),
        ("IDN", UNKNOWN, 2.0),
        ("VNM", "lignite", 3.0),
        ("VNM", "anthracite", 5.0),
        ("VNM", UNKNOWN, 5.0),
    ],
)
def test_a_content_belongs_to_the_country_before_the_rank(country: str, coal_type: str, value: float) -> None:
    assert found(CONTENTS, lookup.content_rungs(country, coal_type)) == value


@pytest.mark.parametrize(
    ("country", "coal_type", "value"),
    [
        ("IDN", "lignite", 1.0),
        ("IDN", "bituminous", 4.0),
        ("IDN", UNKNOWN, 2.0),
        ("VNM", UNKNOWN, 5.0),
        ("IDN", "anthracite", None),
    ],
)
def test_heat_belongs_to_the_rank_before_the_country(country: str, coal_type: str, value: float | None) -> None:
    assert found(CONTENTS, lookup.rank_rungs(country, coal_type)) == value


def test_lignite_is_a_class_of_its_own_in_every_country() -> None:
    rows = [content("IDN", "all", 2.0), content("WLD", "lignite", 3.0), content("WLD", "bituminous", 4.0)]
    assert found(rows, lookup.class_rungs("IDN", "lignite")) == 3.0
    assert found(rows, lookup.class_rungs("IDN", "bituminous")) == 2.0


def test_evidence_and_rows_for_a_part_of_a_country_stand_in_for_nobody() -> None:
    rows = [
        content("CHN", "all", 1.0),
        content("CHN", "all", 2.0, region="Guizhou"),
        content("CHN", "all", 3.0, use="evidence"),
    ]
    assert found(rows, lookup.content_rungs("CHN", UNKNOWN)) == 1.0
    assert found(rows[1:], lookup.content_rungs("CHN", UNKNOWN)) is None


def test_a_ladder_takes_only_rows_of_its_quantity() -> None:
    rows = [row(1.0, quantity="moisture", country="WLD"), row(2.0, quantity="heat", country="WLD")]
    ladder = lookup.Ladder(table(*rows), ("country",), {"quantity": "heat"})
    best = ladder.first([("WLD",)])
    assert best is not None
    assert best.value == 2.0


@pytest.mark.parametrize(
    ("low", "high", "number", "inside"),
    [
        ("100", "300", 100.0, True),
        ("100", "300", 299.9, True),
        ("100", "300", 300.0, False),
        ("100", "300", 99.9, False),
        ("", "300", 0.0, True),
        ("300", "", 9999.0, True),
        ("", "", 0.0, True),
        ("", "", NAN, True),
        ("100", "", NAN, False),
        ("", "300", NAN, False),
    ],
)
def test_bands_are_half_open_and_an_unknown_number_fits_none(low: str, high: str, number: float, inside: bool) -> None:
    assert lookup.within(row(mw_from=low, mw_to=high), "mw", number) is inside


def technology(value: float, country: str = "WLD", technology: str = "", boiler: str = "", low: str = "") -> FactorRow:
    keys = {"quantity": "net_efficiency", "country": country, "technology": technology, "boiler": boiler}
    return row(value, **keys, mw_from=low, mw_to="")


def test_efficiency_follows_the_machine_before_the_country() -> None:
    rows = [
        technology(0.1),
        technology(0.2, country="IDN"),
        technology(0.3, low="300"),
        technology(0.4, technology="supercritical"),
        technology(0.5, boiler="CFB"),
    ]
    for count in range(1, len(rows) + 1):  # each row beats all before it, in any order
        for some in (rows[:count], rows[:count][::-1]):
            best = lookup.TechnologyLadder(table(*some), "net_efficiency").best("IDN", "supercritical", "CFB", 600.0)
            assert best is some[0 if some[0].value == rows[count - 1].value else -1]


def test_technology_rows_that_do_not_fit_are_left_out() -> None:
    rows = (technology(0.1, country="CHN"), technology(0.2, boiler="CFB"), technology(0.3, low="300"))
    ladder = lookup.TechnologyLadder(table(*rows), "net_efficiency")
    for size in (100.0, NAN):
        with pytest.raises(FactorError, match=r"made\.csv: no default row has quantity net_efficiency, country WLD"):
            ladder.best("IDN", UNKNOWN, UNKNOWN, size)
    big = ladder.best("IDN", UNKNOWN, UNKNOWN, 600.0)
    assert big is rows[2]


def mix(value: float, country: str, boiler: str, train: str) -> FactorRow:
    bands = dict.fromkeys(("mw_from", "mw_to", "start_from", "start_to"), "")
    return row(value, country=country, boiler=boiler, train=train, **bands)


def test_mix_of_the_country_comes_before_that_of_the_world_and_an_exact_key_before_a_blank_one() -> None:
    rows = [
        mix(1.0, "WLD", "PC", "ESPc"),
        mix(0.4, "IDN", "", "ESPc"),
        mix(0.6, "IDN", "", "FF"),
        mix(1.0, "IDN", "CFB", "FF"),
    ]
    cells, bands = table(*rows), {"mw": 600.0, "start": 2010.0}
    assert lookup.mix_cell(cells, "IDN", bands, {"boiler": "PC"}) == tuple(rows[1:3])
    assert lookup.mix_cell(cells, "IDN", bands, {"boiler": "CFB"}) == (rows[3],)
    assert lookup.mix_cell(cells, "VNM", bands, {"boiler": "PC"}) == (rows[0],)
    with pytest.raises(FactorError, match=r"made\.csv: no default row has country WLD, boiler CFB, mw_from blank"):
        lookup.mix_cell(cells, "VNM", bands, {"boiler": "CFB"})


SIZES = (NAN, 10.0, 149.9, 150.0, 399.9, 400.0, 660.0, 1200.0)
YEARS = (NAN, 1975.0, 2005.0, 2024.0)
LIBRARY = load_library()
COUNTRIES = sorted({r.keys["country"] for name in ("boiler_mix", "control_mix") for r in LIBRARY.table(name).defaults})


@pytest.mark.parametrize("country", [*COUNTRIES, "VNM"])
def test_every_cell_of_the_bundled_mixes_is_whole(country: str) -> None:
    for size, year in itertools.product(SIZES, YEARS):
        bands = {"mw": size, "start": year}
        boilers = lookup.mix_cell(LIBRARY.table("boiler_mix"), country, bands, {})
        assert sum(r.value or 0.0 for r in boilers) == pytest.approx(1.0, abs=1e-6)
        for boiler, coal in itertools.product(BOILERS.codes, (*COAL_TYPES.codes, UNKNOWN)):
            keys = {"boiler": boiler, "coal_type": coal}
            trains = lookup.mix_cell(LIBRARY.table("control_mix"), country, bands, keys)
            assert sum(r.value or 0.0 for r in trains) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("country", [*COUNTRIES, "VNM"])
def test_shares_of_the_trains_of_a_unit_sum_to_one(country: str) -> None:
    mixes = TrainMixes(LIBRARY)
    known = {
        "pm_control": (UNKNOWN, "ESPc", "none"),
        "so2_control": (UNKNOWN, "wFGD", "none"),
        "nox_control": (UNKNOWN, "SCR", "LNB"),
        "hg_control": (UNKNOWN, "ACI"),
    }
    for size, boiler in itertools.product((NAN, 100.0, 660.0), ("PC", "CFB", UNKNOWN)):
        for controls in itertools.product(*(known[group] for group in GROUPS)):
            parts = mixes.of(country, boiler, "lignite", size, 2010.0, dict(zip(GROUPS, controls, strict=True))).parts
            assert sum(share for share, _, _ in parts) == pytest.approx(1.0, abs=1e-6)
            assert all(share > 0 for share, _, _ in parts)


def test_reported_controls_are_one_train_and_unknown_ones_stay_a_mix() -> None:
    mixes = TrainMixes(LIBRARY)
    reported = dict(zip(GROUPS, ("ESPc", "wFGD", "none", "none"), strict=True))
    whole = mixes.of("IDN", "PC", "lignite", 660.0, 2015.0, reported)
    assert whole.parts == ((1.0, "PC", "ESPc+wFGD"),)
    assert (whole.label, whole.origin, whole.refs) == ("ESPc+wFGD", "reported", ())
    open_hg = mixes.of("IDN", "PC", "lignite", 660.0, 2015.0, {**reported, "hg_control": UNKNOWN})
    assert (open_hg.parts, open_hg.origin) == (whole.parts, "reported")
    assert open_hg.refs == ("control_completion/WLD/hg_control/none",)
    part = mixes.of("IDN", "PC", "lignite", 660.0, 2015.0, {**reported, "so2_control": UNKNOWN})
    assert part.origin == "derived"
    assert all("ESPc" in train for _, _, train in part.parts)
    blank = mixes.of("IDN", "PC", "lignite", 660.0, 2015.0, dict.fromkeys(GROUPS, UNKNOWN))
    assert (blank.label, blank.origin) == (UNKNOWN, "default")
    assert len(blank.parts) > 1


@pytest.mark.parametrize("coal_type", COAL_TYPES.codes)
@pytest.mark.parametrize("country", ["IDN", "CHN", "XKX"])
def test_every_coal_finds_mercury_and_heat_in_the_bundled_tables(country: str, coal_type: str) -> None:
    keys = ("country", "coal_type")
    mercury = lookup.Ladder(LIBRARY.table("coal_mercury"), keys)
    heat = lookup.Ladder(LIBRARY.table("coal_heating_value"), keys, {"quantity": "net_calorific_value"})
    content, net = (
        mercury.first(lookup.content_rungs(country, coal_type)),
        heat.first(lookup.rank_rungs(country, coal_type)),
    )
    assert content is not None
    assert net is not None
    assert (content.unit, net.unit) == ("mg/kg", "MJ/kg")
    assert 0.01 < content.number() < 1.0
    assert 5.0 < net.number() < 35.0
    assert {content.keys["coal_type"], net.keys["coal_type"]} <= {coal_type, lookup.ALL}
