"""Which rows of the evidence are tests of a train, and which trains never remove less than others."""

from __future__ import annotations

import math

import pytest

import removal_by_train as tool
from hginventory.factors import load_library
from import_mix import read
from removal_order import never_below
from removal_tests import ARE_TESTS, SOURCES, Cell, Kind, Reader, source_kind

EVIDENCE = read(tool.EVIDENCE)
BLANK = dict.fromkeys(EVIDENCE[0], "")
TEST = BLANK | {
    "config": "ESP-cold", "boiler": "PC", "coal_rank": "bituminous", "country": "USA", "value": "0.5", "n": "1",
    "removal_basis": "coal_to_stack", "read_from": "read", "source_id": "felsvang-et-al-1994-fuel", "locator": "Table",
}  # fmt: skip


def logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def test_every_source_of_the_evidence_is_classed_and_every_class_is_used() -> None:
    used = {source_kind(row) for row in EVIDENCE}
    assert used == set(SOURCES)
    with pytest.raises(SystemExit, match=r"'new-source' .* is not classed"):
        source_kind(TEST | {"source_id": "new-source"})


@pytest.mark.parametrize(
    "source_id",
    ["global-mercury-flow-model-repository", "us-epa-emfs-in-us", "us-eia-emfs-in-us", "tian-et-al-2010-2012",
     "zhu-et-al-2016-j", "sun-et-al-literature-compilation", "zhang-et-al-2015-wang", "expert-judgement-cheng-et-al"],
)  # fmt: skip
def test_model_rows_and_second_hand_levels_are_refused(source_id: str) -> None:
    rows = [row for row in EVIDENCE if row["source_id"] == source_id]
    tests, refused = Reader(load_library()).tests(rows)
    assert (tests, len(refused)) == ([], len(rows))
    tests, _ = Reader(load_library()).tests([TEST | {"source_id": source_id}])
    assert tests == []


def test_no_row_of_the_table_rests_on_a_row_that_is_no_test() -> None:
    tests, refused = Reader(load_library()).tests(EVIDENCE)
    assert len(tests) + len(refused) == len(EVIDENCE)
    assert {source_kind(EVIDENCE[test.line - 2]).kind for test in tests} == set(ARE_TESTS)
    assert {test.screened for test in tests if source_kind(EVIDENCE[test.line - 2]).kind is Kind.SCREENED} == {True}


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"removal_basis": "across_device"}, "one device"),
        ({"read_from": "recalled"}, "recalled"),
        ({"coal_rank": "all"}, "no one class"),
        ({"coal_rank": "bituminous", "country": "CHN"}, "no one class"),
        ({"coal_rank": "subbituminous/bituminous blend"}, "no one class"),
        ({"config": "ESP or FF"}, "no train"),
        ({"value": "", "n": ""}, "neither a value nor bounds"),
        ({"value": "", "n": "4", "low": "0.2"}, "neither a value nor bounds"),
    ],
)
def test_a_row_that_is_no_test_says_why(cells: dict[str, str], why: str) -> None:
    tests, refused = Reader(load_library()).tests([TEST | cells])
    assert tests == []
    assert why in refused[0][1]


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        ({"coal_rank": "lignite"}, ("ESPc", "lignite", "PC")),
        ({"coal_rank": "Indonesian coal", "config": "FF", "boiler": "CFB"}, ("FF", "low_cl", "CFB")),
        ({"coal_rank": "waste coal", "config": "FF", "boiler": "CFB"}, ("FF", "high_cl", "CFB")),
        ({"config": "brominated ACI+SDA+FF"}, ("ACI-Br+SDA+FF", "high_cl", "PC")),
        ({"config": "HAL+ACI+ESP-cold"}, ("ACI-Br+ESPc", "high_cl", "PC")),
        ({"config": "ACI+ESP-cold+FF (TOXECON)"}, ("ACI+FF", "high_cl", "PC")),
        ({"config": "SCR+LNB+cyclone+ESP-cold"}, ("ESPc", "high_cl", "PC")),
    ],
)
def test_trains_without_a_difference_in_effect_are_one_cell(cells: dict[str, str], cell: Cell) -> None:
    (test,), _ = Reader(load_library()).tests([TEST | cells])
    assert test.cell == cell


@pytest.mark.parametrize(("removal", "passing"), [("0", 0.99), ("-0.2", 0.99), ("1", 0.001), ("0.9", 0.1)])
def test_nothing_and_all_are_what_can_be_told_from_them(removal: str, passing: float) -> None:
    (test,), _ = Reader(load_library()).tests([TEST | {"value": removal}])
    assert test.passing == pytest.approx(passing)


def test_bounds_tell_scatter_and_stand_for_a_value_that_is_missing() -> None:
    ranges = TEST | {"low": "0.2", "high": "0.7", "n": "4", "low_high_meaning": "min-max of units"}
    width = logit(0.8) - logit(0.3)
    percentiles = ranges | {"low_high_meaning": "p10-p90 of units (negatives set to 0)"}
    plants = ranges | {"value": "", "n": "22", "low_high_meaning": "six plants"}
    tests, _ = Reader(load_library()).tests([ranges, percentiles, plants, ranges | {"low_high_meaning": "test range"}])
    expected = [width / 2.0588, width / 2.5631, width / 2.5344, math.nan]  # d2 of 4 and 6 as in control charts
    assert [test.deviation for test in tests] == pytest.approx(expected, rel=1e-4, nan_ok=True)
    assert [test.n for test in tests] == [4, 4, 6, 4]  # plants, where n counts several tests of a plant
    assert logit(tests[2].passing) == pytest.approx((logit(0.8) + logit(0.3)) / 2)
    assert [test.middle for test in tests] == [False, False, True, False]


@pytest.mark.parametrize(
    ("more", "less", "holds"),
    [
        ("SCR+ESPc+wFGD", "ESPc", True),
        ("ESPc", "SCR+ESPc+wFGD", False),
        ("FF", "ESPc", True),
        ("FF", "ESPh", True),
        ("ESPc+wFGD", "ESPc+swFGD", True),
        ("ACI-Br+ESPc", "ACI+ESPc", True),
        ("HAL+ACI+ESPc", "ACI-Br+ESPc", True),
        ("SDA+FF", "FF", False),
        ("SDA+ESPc", "ESPc", True),
        ("unknown", "none", False),
        ("ESPc+FF", "FF", True),
    ],
)
def test_which_trains_never_remove_less(more: str, less: str, *, holds: bool) -> None:
    assert never_below((more, "low_cl", "PC"), (less, "low_cl", "PC")) is holds
    assert not never_below((more, "low_cl", "PC"), (less, "low_cl", "CFB"))
    assert not never_below((more, "low_cl", "PC"), (less, "lignite", "PC"))
