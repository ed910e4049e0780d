"""Conversion of units: published factors, no loss on the way back, and clear refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hginventory.errors import UnitsError
from hginventory.units import convert

MASSES = ("ug", "mg", "g", "kg", "t", "kt", "Mt", "lb", "short_ton")


@pytest.mark.parametrize(
    ("value", "from_unit", "to_unit", "expected"),
    [
        (1.0, "lb/TBtu", "g/TJ", 0.42992),  # NIST SP 811: lb 0.45359237 kg, Btu_IT 1055.05585262 J
        (1.0, "short_ton", "t", 0.90718474),
        (1000.0, "kcal/kg", "MJ/kg", 4.1868),
        (1.0, "lb/GWh", "g/GWh", 453.59237),
        (1.0, "MW", "GWh/yr", 8.76),
        (50.0, "ppb", "mg/kg", 0.05),
        (65.0, "%", "1", 0.65),
        (1.0, "kt", "t", 1000.0),  # kilotonne, not knot
    ],
)
def test_published_factors(value: float, from_unit: str, to_unit: str, expected: float) -> None:
    assert convert(value, from_unit, to_unit) == pytest.approx(expected, rel=1e-5)


@given(st.sampled_from(MASSES), st.sampled_from(MASSES), st.floats(1e-6, 1e9))
def test_mass_in_is_mass_out(there: str, back: str, value: float) -> None:
    assert convert(convert(value, there, back), back, there) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("unit", ["", "foo", "MW", "mg/kg/(", "__import__('os')"])
def test_wrong_unit_is_refused_by_name(unit: str) -> None:
    with pytest.raises(UnitsError):
        convert(1.0, unit, "mg/kg")
