"""Measurements at the stacks of a plant against the joint normal of everything that is unknown, written out.

The oracle knows nothing of the program's formulas: it has one normal number for each thing that is unknown (what the
plant shares, what is each unit's own, each year of a stack, each test), conditions on the readings, and takes
arithmetic means of lognormals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hginventory.decisions.ranking.unit_certainty import certainty
from hginventory.factors import LogMeasurement
from hginventory.factors.measurements import log_sd_of
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet
from hginventory.projection.plant_update import StackReading, UnitBefore, plant_update, variance_at
from hginventory.uncertainty import UncertainFactorFinder

SHARED, YEAR_SD, ERROR_SD = 0.67, 0.4, 0.2
Test = tuple[
    dict[int, float], float, int, float
]  # share of each unit, logarithm of measured over expected, year, ln-sd


def conditioned(
    mean: np.ndarray, covariance: np.ndarray, rows: np.ndarray, seen: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of normal numbers after linear readings of them without any further error."""
    of_readings = np.linalg.inv(rows @ covariance @ rows.T)
    cross = covariance @ rows.T
    return mean + cross @ of_readings @ (seen - rows @ mean), covariance - cross @ of_readings @ cross.T


def oracle(variances: Sequence[float], tests: Sequence[Test], stacks: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the arithmetic mean of each unit over that before, and the covariance of the logarithms, after tests.

    Unknowns: what the plant shares, own parts of the units, years of each stack, errors of each test.
    """
    count = len(variances)
    years = sorted({(stacks[min(shares)], year) for shares, _, year, _ in tests})
    sizes = [1.0, *[math.sqrt((1 - SHARED) * v) for v in variances], *[YEAR_SD] * len(years), *[t[3] for t in tests]]
    covariance = np.diag(np.square(sizes))
    of_unit = np.zeros((count, len(sizes)))
    of_unit[:, 0] = np.sqrt(SHARED * np.array(variances))
    of_unit[np.arange(count), 1 + np.arange(count)] = 1.0
    rows, seen = np.zeros((len(tests), len(sizes))), np.zeros(len(tests))
    for number, (shares, log_ratio, year, _) in enumerate(tests):
        weights = np.array([shares.get(unit, 0.0) for unit in range(count)])
        at_stack = weights @ of_unit
        rows[number] = at_stack
        rows[number, 1 + count + years.index((stacks[min(shares)], year))] = 1.0
        rows[number, 1 + count + len(years) + number] = 1.0
        seen[number] = log_ratio + at_stack @ covariance @ at_stack / 2  # the median lies below the mean
    mean, after = conditioned(np.zeros(len(sizes)), covariance, rows, seen)
    covariances = of_unit @ after @ of_unit.T
    return np.exp(of_unit @ mean - np.array(variances) / 2 + np.diag(covariances) / 2), covariances


def program(variances: Sequence[float], tests: Sequence[Test]) -> Any:
    names = [f"U{unit}" for unit in range(len(variances))]
    units = {name: UnitBefore(v, SHARED * v, SHARED * v) for name, v in zip(names, variances, strict=True)}
    readings = [
        StackReading({names[unit]: share for unit, share in shares.items()}, LogMeasurement(log_ratio, sd, year), {})
        for shares, log_ratio, year, sd in tests
    ]
    return plant_update(units, readings, YEAR_SD)


ALONE: dict[int, float] = {0: 1.0}
CASES = {
    "one unit, one test": ([0.5], [(ALONE, 0.7, 2020, 0.2)], [0]),
    "one unit, three tests of one year": ([0.5], [(ALONE, x, 2020, 0.2) for x in (0.7, 0.2, -0.1)], [0]),
    "one unit, three years": ([0.5], [(ALONE, x, 2020 + n, 0.2) for n, x in enumerate((0.7, 0.2, -0.1))], [0]),
    "two units, one test": ([0.5, 0.3], [(ALONE, 0.7, 2020, 0.2)], [0, 1]),
    "two units, each tested": ([0.5, 0.3], [(ALONE, 0.7, 2020, 0.2), ({1: 1.0}, -0.4, 2020, 0.1)], [0, 1]),
    "two units of one stack": ([0.5, 0.3], [({0: 0.6, 1: 0.4}, 0.7, 2020, 0.2)], [0, 0]),
    "one stack, jointly and alone, one year": (
        [0.5, 0.3], [({0: 0.6, 1: 0.4}, 0.7, 2020, 0.2), (ALONE, 0.1, 2020, 0.2), ({1: 1.0}, 0.3, 2021, 0.2)], [0, 0],
    ),
    "five units, two stacks of two": (
        [0.5, 0.5, 0.4, 0.4, 0.2],
        [({0: 0.5, 1: 0.5}, 0.7, 2020, 0.2), ({2: 0.7, 3: 0.3}, -0.2, 2020, 0.3), ({0: 0.5, 1: 0.5}, 0.5, 2021, 0.1)],
        [0, 0, 1, 1, 2],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_means_and_variances_are_those_of_the_joint_normal(case: str) -> None:
    variances, tests, stacks = CASES[case]
    ratios, covariances = oracle(variances, tests, stacks)
    after, weights = program(variances, tests)
    found = [after[f"U{unit}"] for unit in range(len(variances))]
    np.testing.assert_allclose([one.ratio for one in found], ratios, rtol=1e-10)
    np.testing.assert_allclose([one.variance for one in found], np.diag(covariances), rtol=1e-10)
    for one, before in zip(found, variances, strict=True):
        assert one.kept**2 * before + one.error.size**2 == pytest.approx(one.variance, rel=1e-9)
        assert 0.0 <= one.kept < 1.0
    for (shares, *_), weight in zip(tests, weights, strict=True):
        own = np.array([shares.get(unit, 0.0) for unit in range(len(variances))])
        before = np.outer(*[np.sqrt(variances)] * 2) * (SHARED + (1 - SHARED) * np.eye(len(variances)))
        assert weight == pytest.approx(1 - (own @ covariances @ own) / (own @ before @ own), rel=1e-9)


@pytest.mark.parametrize("case", [name for name in CASES if "stack" not in name])
def test_draws_have_the_covariances_of_the_joint_normal(case: str) -> None:
    """Two units share what is left of the scopes they shared before, and the plant's part of the readings."""
    variances, tests, stacks = CASES[case]
    _, covariances = oracle(variances, tests, stacks)
    after, _ = program(variances, tests)
    of_plant = [dict(after[f"U{n}"].error.scopes).get("plant", 0.0) for n in range(len(variances))]
    for one in range(len(variances)):
        for other in range(one):
            own, mate = after[f"U{one}"], after[f"U{other}"]
            before = SHARED * math.sqrt(variances[one] * variances[other])
            errors = own.error.size * mate.error.size * math.sqrt(of_plant[one] * of_plant[other])
            assert own.kept * mate.kept * before + errors == pytest.approx(covariances[one, other], rel=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_the_order_of_tests_changes_no_bit(case: str) -> None:
    variances, tests, _ = CASES[case]
    first = program(variances, tests)
    for order in permutations(range(len(tests))):
        after, weights = program(variances, [tests[number] for number in order])
        assert after == first[0]
        assert weights == [first[1][number] for number in order]


def test_two_tests_of_one_year_are_not_two_years() -> None:
    year = [(ALONE, 0.0, 2020, 0.2)] * 1000
    assert program([0.5], year)[0]["U0"].variance > 0.5 * YEAR_SD**2 / (0.5 + YEAR_SD**2)
    two_years = [(ALONE, 0.0, 2020, 0.2), (ALONE, 0.0, 2021, 0.2)]
    assert program([0.5], two_years)[0]["U0"].variance < program([0.5], year[:2])[0]["U0"].variance


def test_a_mate_moves_less_where_it_has_a_test_of_its_own() -> None:
    mate = [(ALONE, 1.0, 2020, 0.2)]
    own = ({1: 1.0}, 0.0, 2020, 0.2)
    ratios = [program([0.5, 0.5], tests)[0]["U1"].ratio for tests in (mate, [*mate, own], [own])]
    assert ratios[0] / 1.0 > ratios[1] / ratios[2] > 1.0


UNITS = pd.DataFrame({
    "unit_id": ["A1", "A2", "A3", "A4", "B1"], "plant": ["A"] * 4 + ["B"], "unit": ["1", "2", "3", "4", "1"],
    "country": "IDN", "capacity_gross": [600, 600, 300, 300, 300], "start_year": 2015, "capacity_factor": 0.7,
    "coal_type": "subbituminous", "pm_control": "ESPc", "so2_control": "none", "nox_control": "none",
    "hg_control": "none", "boiler": "PC",
})  # fmt: skip
KILNS = pd.DataFrame({"unit_id": ["K1", "K2", "L1"], "plant": ["K", "K", "L"], "unit": ["1", "2", "1"],
                      "country": "IDN", "clinker_capacity": [2e6, 1e6, 1e6], "start_year": 2015})  # fmt: skip


def row(units: str, quantity: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    kind = "coal_analysis" if quantity == "hg_coal" else "stack_test"
    return {"unit_id": units, "date": "2023-05-01", "kind": kind, "quantity": quantity, "value": value, "unit": unit,
            "uncertainty": 0.2, "uncertainty_kind": "rsd", "basis": "as_received", **more}  # fmt: skip


def project(*rows: dict[str, Any], **columns: Any) -> Projection:
    tables = {"Coal_units": UNITS.assign(**columns), "Cement_kilns": KILNS}
    if rows:
        tables["Measurements"] = pd.DataFrame(list(rows))
    return project_fleet(fleet_from_tables(tables), base_year=2024)


def codes(projection: Projection) -> list[str]:
    return [one.code for one in projection.findings if one.sheet == "Measurements"]


def air(projection: Projection) -> pd.Series:
    return projection.units["air_kg_per_yr"]


def variances_of(projection: Projection, unit: str) -> tuple[float, float]:
    """Return the variance of the logarithm of content and of what passes, as the run states them."""
    index = projection.units.index.get_loc(unit)
    content, removal = (projection.parameters[name].of_unit(index) for name in ("hg_coal", "removal"))
    assert content.spread is not None
    assert removal.spread is not None
    return content.spread.size**2, log_sd_of(removal.spread, 1 - removal.value) ** 2


BEFORE = project()
PREDICTED = float(air(BEFORE)["A1"])
OF_TEST = math.sqrt(math.log1p(0.2**2))
HEAT = math.sqrt(math.log1p(0.05**2))


def test_a_plant_of_four_units_one_tested() -> None:
    """Tested unit, mates and the rest: the joint normal of six numbers, and the intervals of the draws."""
    after = project(row("A1", "hg_per_heat", 3 * _per_heat("A1"), "g/TJ"))
    v = sum(variances_of(BEFORE, "A1"))
    error = math.hypot(OF_TEST, HEAT)
    ratios, covariances = oracle([v] * 4, [(ALONE, math.log(3), 2023, error)], [0, 1, 2, 3])
    found = (air(after) / air(BEFORE)).loc[["A1", "A2", "A3", "A4"]]
    np.testing.assert_allclose(found, ratios, rtol=1e-9)
    assert air(after)["B1"] == air(BEFORE)["B1"]
    assert found["A1"] > found["A2"] > 1
    assert after.units.loc[["A1", "A2", "B1"], "hg_origin"].tolist() == ["measured", "derived", "default"]
    sure = certainty(after, draws=40_000, seed=3).units
    np.testing.assert_allclose(sure["lifetime_kg_mean"], after.units["lifetime_kg"], rtol=0.015)
    old = certainty(BEFORE, draws=40_000, seed=3).units
    rest = 3 * 0.05**2  # activity as reported, efficiency, heating value
    for unit, number in (("A1", 0), ("A2", 1)):
        width = np.log(sure.loc[unit, "lifetime_kg_p95"] / sure.loc[unit, "lifetime_kg_p05"]) / 3.2897
        assert width == pytest.approx(math.sqrt(covariances[number, number] + rest), rel=0.04)
    assert sure.loc["B1", "lifetime_kg_p95"] == old.loc["B1", "lifetime_kg_p95"]


def _per_heat(unit: str) -> float:
    one = BEFORE.units.loc[unit]
    return float(one["air_kg_per_yr"] * 1e6 / (one["coal_t_per_yr"] * one["calorific_value_mj_per_kg"]))


def covariance(projection: Projection, one: str, other: str) -> float:
    """Return the covariance of the logarithms of the emission per heat of two units, from the streams they share."""
    finder = UncertainFactorFinder(projection)
    loadings = []
    for unit in (one, other):
        index = int(projection.units.index.get_loc(unit))
        own: dict[tuple[str, str, str], float] = {}
        for factor in finder.of_unit(index):
            if factor.family not in ("hg_coal", "removal", "stack_test"):
                continue
            scale = 1 - factor.mean if factor.kind == "removed" else 1.0
            for scope, share, label in factor.parts:
                key = (factor.family, scope, label)
                own[key] = own.get(key, 0.0) + log_sd_of(factor.spread, scale) * math.sqrt(share)
        loadings.append(own)
    return math.fsum(loadings[0][key] * loadings[1][key] for key in loadings[0].keys() & loadings[1].keys())


def test_nothing_is_counted_on_top_of_the_scopes_of_plant_and_country() -> None:
    """The draws of two units of the plant have the covariance of the joint normal, which contains those scopes."""
    after = project(row("A1", "hg_per_heat", 3 * _per_heat("A1"), "g/TJ"))
    v = sum(variances_of(BEFORE, "A1"))
    _, covariances = oracle([v] * 4, [(ALONE, 0.0, 2023, math.hypot(OF_TEST, HEAT))], [0, 1, 2, 3])
    assert covariance(BEFORE, "A1", "A2") > SHARED * v  # scopes alone would share more than was measured
    for one, other, expected in (("A1", "A2", covariances[0, 1]), ("A2", "A3", covariances[1, 2])):
        assert covariance(after, one, one) == pytest.approx(covariances[int(one[1]) - 1, int(one[1]) - 1], rel=1e-6)
        assert covariance(after, one, other) == pytest.approx(expected, rel=1e-6)
    kept = dict(after.parameters["hg_coal"].of_unit(0).spread.scopes)
    assert kept == pytest.approx(dict(BEFORE.parameters["hg_coal"].of_unit(0).spread.scopes))
    abroad = covariance(after, "A2", "B1") / covariance(BEFORE, "A2", "B1")
    assert abroad == pytest.approx(1 - SHARED * v / (v + YEAR_SD**2 + OF_TEST**2 + HEAT**2))


def test_a_coal_analysis_and_a_stack_test_do_not_count_the_coal_twice() -> None:
    """Content, passing share and what else the plant shares, jointly normal, with an analysis and a test."""
    analysed = {"hg_coal": 0.06, "hg_coal_n": 4, "hg_coal_sd": 0.03, "hg_basis": "as_received"}
    before = project(**analysed)
    of_content, of_passing = variances_of(before, "A1")
    v = of_content + of_passing
    assert of_content < SHARED * v
    content = float(before.units.loc["A1", "hg_coal_mg_per_kg"])
    rate = float(air(before)["A1"])
    after = project(
        row("A1", "hg_coal", 2 * content, "mg/kg", date="2021-05-01"), row("A1", "hg_yearly", 3 * rate, "kg/yr"),
        **analysed,
    )  # fmt: skip
    # unknowns: content, what else is shared, own parts of A1 and A2
    covariance = np.diag([of_content, SHARED * v - of_content, (1 - SHARED) * v, (1 - SHARED) * v])
    mean = np.array([-of_content / 2, -(SHARED * v - of_content) / 2, *[-(1 - SHARED) * v / 2] * 2])
    errors = [OF_TEST**2 + 0.17**2, OF_TEST**2 + YEAR_SD**2 + _between(before)]
    full = np.zeros((6, 6))
    full[:4, :4], full[4, 4], full[5, 5] = covariance, errors[0], errors[1]
    rows = np.array([[1, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1]], dtype=float)
    m, c = conditioned(np.append(mean, [0, 0]), full, rows, np.log([2, 3]))
    units = np.array([[1, 1, 1, 0, 0, 0], [1, 1, 0, 1, 0, 0]], dtype=float)
    expected = np.exp(units @ m + np.diag(units @ c @ units.T) / 2)
    np.testing.assert_allclose((air(after) / air(before)).loc[["A1", "A2"]], expected, rtol=1e-9)


def _between(projection: Projection) -> float:
    """Return the variance of heating value, efficiency and activity, each as reported or of its table."""
    values = [projection.parameters[name].of_unit(0) for name in ("calorific_value", "net_efficiency", "activity")]
    spreads = [0.05 if value.spread is None else value.spread.size for value in values]
    return math.fsum(math.log1p(size**2) for size in spreads)


def test_one_stack_of_two_units_counts_once_and_equal_values_at_both_are_noted() -> None:
    both = float(air(BEFORE)["A1"] + air(BEFORE)["A3"])
    joined = project(row("A3; A1", "hg_yearly", 2 * both, "kg/yr"))
    assert codes(joined) == []
    v = sum(variances_of(BEFORE, "A1"))
    shares = {0: 2 / 3, 2: 1 / 3}
    error = math.sqrt(OF_TEST**2 + _between(BEFORE))
    ratios, _ = oracle([v] * 4, [(shares, math.log(2), 2023, error)], [0, 1, 0, 3])
    np.testing.assert_allclose((air(joined) / air(BEFORE)).iloc[:4], ratios, rtol=1e-9)
    assert [point.unit_id for point in joined.measured] == ["A1", "A3"]
    assert [point.predicted for point in joined.measured] == [pytest.approx(both)] * 2
    assert joined.measured[0].after == pytest.approx(float(air(joined)["A1"] + air(joined)["A3"]), rel=1e-9)
    twice = project(row("A1", "hg_yearly", 2 * both, "kg/yr"), row("A3", "hg_yearly", 2 * both, "kg/yr"))
    assert codes(twice) == ["W456"]
    assert air(twice)[["A1", "A3"]].sum() > air(joined)[["A1", "A3"]].sum()


@pytest.mark.parametrize(("rows", "expected"), [
    ([("A1; A9", "hg_yearly", 60.0)], ["E420"]),
    ([("A1; B1", "hg_yearly", 60.0)], ["E455"]),
    ([("A1; K1", "hg_yearly", 60.0)], ["E455"]),
    ([("A1", "hg_concentration", 5.0), ("A2", "hg_concentration", 5.0)], ["W456"]),
    ([("A1", "hg_coal", 0.1), ("A2", "hg_coal", 0.1)], ["W456"]),
    ([("A1", "hg_yearly", 60.0), ("B1", "hg_yearly", 60.0)], []),
    ([("A1", "hg_yearly", 60.0), ("A2", "hg_yearly", 61.0)], []),
    ([("A1;A2", "hg_yearly", 60.0), ("A2; A1", "hg_yearly", 60.0)], ["W425"]),
    ([("K1; K2", "hg_yearly", 60.0)], []),
])  # fmt: skip
def test_units_of_a_measurement(rows: list[tuple[str, str, float]], expected: list[str]) -> None:
    units = {"hg_yearly": "kg/yr", "hg_concentration": "ug/Nm3", "hg_coal": "mg/kg"}
    measured = [row(ids, name, value, units[name], reference_o2=6) for ids, name, value in rows]
    fleet = fleet_from_tables({"Coal_units": UNITS, "Cement_kilns": KILNS, "Measurements": pd.DataFrame(measured)})
    assert [one.code for one in fleet.findings if one.sheet == "Measurements"] == expected


def test_an_analysis_of_two_units_is_one_analysis() -> None:
    one, both = (project(row(units, "hg_coal", 0.2, "mg/kg")) for units in ("A1", "A1; A2"))
    pd.testing.assert_series_equal(air(one), air(both))
    assert variances_of(one, "A1") == variances_of(both, "A1")


def test_rows_and_units_in_any_order_give_the_same_bits() -> None:
    rows = [
        row("A1; A2", "hg_per_heat", 4.0, "g/TJ"), row("A3", "hg_yearly", 40.0, "kg/yr"),
        row("A3", "hg_per_gwh", 30.0, "g/GWh", date="2021-01-01"), row("A4", "hg_coal", 0.08, "mg/kg"),
        row("K1", "hg_yearly", 90.0, "kg/yr"),
    ]  # fmt: skip
    first = project(*rows)
    for order in (rows[::-1], rows[2:] + rows[:2]):
        np.testing.assert_array_equal(air(project(*order)), air(first))
    tables = {"Coal_units": UNITS.iloc[::-1], "Cement_kilns": KILNS, "Measurements": pd.DataFrame(rows)}
    turned = project_fleet(fleet_from_tables(tables), base_year=2024)
    pd.testing.assert_series_equal(air(turned).loc[air(first).index], air(first), check_exact=True)
    draws = [certainty(one, draws=200).units["lifetime_kg_p95"] for one in (first, turned)]
    pd.testing.assert_series_equal(draws[1].loc[draws[0].index], draws[0], check_exact=True)


def test_kilns_of_a_plant_move_as_boilers_do() -> None:
    after = project(row("K1", "hg_yearly", 3 * float(air(BEFORE)["K1"]), "kg/yr"))
    found = air(after) / air(BEFORE)
    assert found["K1"] > found["K2"] > 1
    assert found["L1"] == 1
    (point,) = after.measured
    variance = point.predicted_ln_sd**2
    expected = 3 ** (SHARED * point.weight) * math.exp(SHARED * (1 - SHARED) * point.weight * variance / 2)
    assert found["K2"] == pytest.approx(expected)
    sure, old = (certainty(one, draws=20_000).units for one in (after, BEFORE))
    assert sure.loc["K2", "lifetime_kg_mean"] == pytest.approx(after.units.loc["K2", "lifetime_kg"], rel=0.03)
    ranges = [np.log(one["lifetime_kg_p95"] / one["lifetime_kg_p05"]) for one in (old, sure)]
    assert ranges[1]["K1"] < ranges[1]["K2"] < ranges[0]["K2"]


@pytest.mark.parametrize("in_scopes", [0.3, 0.5, 0.67])
@pytest.mark.parametrize(("count", "too_wide"), [(1, 1.0), (2, 1.059), (4, 1.028)])
def test_draws_of_a_joint_stack_are_as_much_too_wide_as_the_documentation_says(
    count: int, too_wide: float, in_scopes: float
) -> None:
    """The exact variance of the sum is what the readings leave; in draws the units' own parts are independent."""
    variance, names = 0.621, [f"U{number}" for number in range(count)]
    before = dict.fromkeys(names, UnitBefore(variance, 0.67 * variance, in_scopes * variance))
    shares = dict.fromkeys(names, 1.0 / count)
    test = StackReading(shares, LogMeasurement(0.0, 0.198, 2024), {})
    after, weights = plant_update(before, [test], 0.4)
    exact = (1.0 - weights[0]) * variance_at(shares, before)
    unit = after["U0"]
    together = unit.kept**2 * in_scopes * variance
    together += dict(unit.error.scopes).get("plant", 0.0) * unit.error.size**2
    drawn = together + (unit.variance - together) / count
    assert math.sqrt(drawn / exact) == pytest.approx(too_wide, abs=0.001)
