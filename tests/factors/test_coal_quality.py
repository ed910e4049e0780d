"""A blend of coals, by share of heat: closed forms of what the sums of its parts are."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hginventory.factors import CoalQuality, CoalTables, Value, load_library
from hginventory.factors.spread import of_analyses

TABLES = CoalTables(load_library())
SHARES = st.floats(0.01, 0.99)
CONTENTS = st.floats(0.005, 1.0)
HEATS = st.floats(5.0, 30.0)


def number(value: float, origin: str = "reported", ref: str = "cell") -> Value:
    return Value(value, origin, (ref,), "cell")


def coal(hg: float = 0.1, ncv: float = 20.0, high: float = 0.5, **changes: Any) -> CoalQuality:
    return CoalQuality(**{"hg": number(hg), "ncv": number(ncv), "high_cl_share": number(high), "low_class": "low_cl",
                          **changes})  # fmt: skip


def blend(share: float, first: CoalQuality, second: CoalQuality) -> CoalQuality:
    return TABLES.blend([(share, "IDN", first), (1 - share, "AUS", second)])


def test_one_coal_is_no_blend() -> None:
    only = coal()
    assert TABLES.blend([(1.0, "IDN", only)]) is only


@given(SHARES, CONTENTS, CONTENTS, HEATS, HEATS)
def test_mercury_and_mass_per_heat_are_the_sums_of_the_parts(
    share: float, hg: float, other_hg: float, ncv: float, other_ncv: float
) -> None:
    found = blend(share, coal(hg, ncv), coal(other_hg, other_ncv))
    assert found.hg.value / found.ncv.value == pytest.approx(share * hg / ncv + (1 - share) * other_hg / other_ncv)
    assert 1 / found.ncv.value == pytest.approx(share / ncv + (1 - share) / other_ncv)


@pytest.mark.parametrize(("first", "second"), [(300.0, 80.0), (None, 80.0), (300.0, None), (None, None)])
def test_chlorine_is_mixed_before_the_class_where_all_parts_have_it(first: float | None, second: float | None) -> None:
    found = blend(0.25, coal(high=0.9, chlorine=first), coal(high=0.1, chlorine=second))
    if first is None or second is None:
        assert found.chlorine is None
        assert found.high_cl_share.value == pytest.approx(0.25 * 0.9 + 0.75 * 0.1)
    else:
        assert found.chlorine == pytest.approx(0.25 * first + 0.75 * second)
        assert found.high_cl_share.value == TABLES.high_cl_share(found.chlorine)


def test_weight_of_the_class_is_linear_in_the_logarithm_of_chlorine() -> None:
    low, high = TABLES.cl_low, TABLES.cl_high
    chlorine = [low / 2, low, math.sqrt(low * high), high, 2 * high]
    assert [TABLES.high_cl_share(content) for content in chlorine] == pytest.approx([0.0, 0.0, 0.5, 1.0, 1.0])


@pytest.mark.parametrize(("share", "low_class"), [(0.49, "low_cl"), (0.5, "low_cl"), (0.51, "lignite")])
def test_class_is_lignite_where_more_than_half_of_the_heat_is(share: float, low_class: str) -> None:
    assert blend(share, coal(low_class="lignite"), coal()).low_class == low_class
    assert blend(1 - share, coal(), coal(low_class="lignite")).low_class == low_class


@pytest.mark.parametrize("origins", [("measured", "reported"), ("reported", "default"), ("derived", "default")])
def test_blend_has_the_weakest_origin_and_all_references(origins: tuple[str, str]) -> None:
    parts = [replace(coal(), hg=number(0.1, origin, origin)) for origin in origins]
    for first, second in (parts, parts[::-1]):
        assert blend(0.5, first, second).hg.origin == origins[1]
        assert set(blend(0.5, first, second).hg.refs) == set(origins)


def test_notes_of_all_coals_and_the_first_moisture_are_kept() -> None:
    found = blend(0.5, coal(notes=frozenset({"N703"})), coal(notes=frozenset({"W702"}), moisture=number(0.3)))
    assert found.notes == {"N703", "W702"}
    assert found.moisture == number(0.3)


@pytest.mark.parametrize(
    ("hg", "sd", "n", "is_own"), [(0.1, 0.05, 4, True), (0.0, 0.05, 4, False), (0.1, 0.0, 4, False)]
)
def test_own_analyses_give_a_spread_where_they_have_a_mean_and_a_deviation(
    hg: float, sd: float, n: int, is_own: bool
) -> None:
    cells = {"hg_coal": hg, "hg_basis": "as_received", "hg_coal_sd": sd, "hg_coal_n": n}
    spread = TABLES.quality(cells, lambda column: column, "IDN", "subbituminous").hg.spread
    assert (spread is not None and spread == of_analyses(0.1, 0.05, 4, "plant")) is is_own
