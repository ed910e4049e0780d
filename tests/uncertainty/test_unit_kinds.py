"""What is resolved once for units of one kind is what each unit would get by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from hginventory.factors import FindingLog, Resolved, Value, kinds_of, load_library, lookup, resolve_coal
from hginventory.inputs.bundled import read_fleet
from hginventory.projection import Projection
from hginventory.uncertainty import Tables, UncertainFactorFinder, assemble, project_complying, spans_of
from hginventory.uncertainty.row_builder import factor_arrays
from hginventory.uncertainty.unit_kinds import factors_of_units, kinds_of_units

FLEETS = ("indonesia", "india", "ZAF", "POL", "VNM")
RUNS: Mapping[str, Mapping[str, Any]] = {
    **{name: {} for name in FLEETS},
    "indonesia in 2019": {"base_year": 2019},
    "indonesia by levels": {"profile": "gma_levels"},
}


def projection_of(name: str) -> Projection:
    return project_complying(read_fleet(name.partition(" ")[0]), **RUNS.get(name, {}))


@pytest.mark.parametrize("name", RUNS)
def test_factors_of_a_kind_are_those_of_each_unit(name: str) -> None:
    projection = projection_of(name)
    finder, tables = UncertainFactorFinder(projection), (Tables(), Tables())
    by_kind = factors_of_units(projection, finder, tables[0])
    by_unit = factor_arrays([finder.of_unit(index) for index in range(len(projection.units))], tables[1])
    for field in fields(by_kind):
        np.testing.assert_array_equal(getattr(by_kind, field.name), getattr(by_unit, field.name), field.name)
    np.testing.assert_array_equal(tables[0].stacked(), tables[1].stacked())


@pytest.mark.parametrize("name", ["USA", "ZAF", "POL"])
def test_a_fleet_has_fewer_kinds_than_units(name: str) -> None:
    projection = projection_of(name)
    first, kind = kinds_of_units(projection)
    assert len(first) < 0.6 * len(projection.units)
    assert kind[first].tolist() == list(range(len(first)))


@pytest.mark.parametrize("name", FLEETS)
def test_parameters_of_a_unit_do_not_depend_on_the_units_beside_it(name: str) -> None:
    fleet, library = read_fleet(name), load_library().in_year(2026)
    units = fleet.units[fleet.units["sector"].eq("coal_power")]
    whole = resolve_coal(fleet, units, library, FindingLog())
    for index in range(0, len(units), max(len(units) // 12, 1)):
        mates = units[units["plant"].eq(units["plant"].iloc[index])]  # a gap in mercury may be filled from the plant
        alone = resolve_coal(fleet, mates, library, FindingLog())
        at = alone.ids.index(whole.ids[index])
        for factor, own in alone.factors.items():
            assert repr(whole.factors[factor].of_unit(index)) == repr(own.of_unit(at)), (whole.ids[index], factor)
        assert (whole.mixes[index], whole.boiler[index]) == (alone.mixes[at], alone.boiler[at])


@pytest.mark.parametrize("name", ["boiler_mix", "control_mix", "coal_technology"])
def test_numbers_of_one_part_lie_within_the_same_rows(name: str) -> None:
    table = load_library().table(name)
    columns = [column for column in ("mw", "start") if f"{column}_from" in table.defaults[0].keys]
    numbers = np.array([float("nan"), *np.linspace(0.0, 1300.0, 261), *range(1950, 2031), -1.0, 99.999, 100.0])
    for column in columns:
        rows = [tuple(row.row_id for row in table.defaults if lookup.within(row, column, n)) for n in numbers.tolist()]
        parts = lookup.Bands(column, table).of(numbers)
        assert len({*zip(parts, rows, strict=True)}) == len(set(parts))


def test_a_factor_keeps_each_value_once() -> None:
    row, cell = Value(0.4, "default", ("a/b",), "read"), Value(0.5, "reported", ("Coal_units!H3",), "cell")
    factor = Resolved.of("x", "1", [row, cell, row, row])
    assert factor.values == (row, cell)
    assert factor.value.tolist() == [0.4, 0.5, 0.4, 0.4]
    without = factor.without(np.array([False, False, True, False]))
    assert without.origin.tolist() == ["default", "reported", "none", "default"]
    assert factor.origin.tolist() == ["default", "reported", "default", "default"]
    assert {ref: without.units_of(kinds).tolist() for ref, kinds in without.kinds_of_rows().items()} == {"a/b": [0, 3]}
    put = factor.put(np.array([3]), Resolved.of("x", "1", [cell]))
    assert [put.of_unit(index) for index in range(4)] == [row, cell, row, cell]
    assert put.take(np.array([3, 0])).value.tolist() == [0.5, 0.4]


def test_kinds_are_numbered_by_their_first_unit() -> None:
    first, kind = kinds_of("abca", [1, 1, 1, 2])
    assert (first, kind.tolist()) == ([0, 1, 2, 3], [0, 1, 2, 3])
    assert kinds_of([], [])[0] == []


@pytest.mark.parametrize("name", ["indonesia", "india", "indonesia in 2019"])
def test_spans_of_a_unit_are_those_of_the_rows_and_cover_its_years(name: str) -> None:
    projection = projection_of(name)
    ids = list(projection.units.index)
    rows = assemble(projection, {"all": ids}, {}).rows
    for index in range(len(ids)):
        own = np.flatnonzero(rows.unit == index)
        spans = spans_of(projection, index)
        assert list(zip(rows.first[own].tolist(), rows.end[own].tolist(), strict=True)) == [s[1:] for s in spans]
        yearly = np.zeros(len(projection.years))
        for ratio, first, end in spans:
            yearly[first:end] += ratio * projection.units["air_kg_per_yr"].iloc[index]
        np.testing.assert_allclose(yearly, projection.yearly_kg[index], rtol=1e-12)
        assert spans[0][0] == pytest.approx(1.0)
