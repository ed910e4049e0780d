"""What passes the dust loop varies where dust is taken out of it, and nowhere else."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.factors import Spread, Value
from hginventory.model import kiln
from hginventory.projection import Dust, Projection, project_fleet
from hginventory.uncertainty.dust_loop import spread_of_loop
from hginventory.uncertainty.uncertain_factors import PASSING, UncertainFactor, UncertainFactorFinder


def projection_of(**cells: Any) -> Projection:
    row = {"country": "IDN", "status": "operating", "start_year": 2010, "unit_id": "U1", "plant": "P1",
           "clinker_capacity": 1.0e6, **cells}  # fmt: skip
    return project_fleet(hg.fleet_from_frame(pd.DataFrame([row]), sector="cement_kiln", settings={"base_year": 2026}))


def loop_slot(**cells: Any) -> UncertainFactor | None:
    found = [
        factor for factor in UncertainFactorFinder(projection_of(**cells)).of_unit(0) if factor.family == "dust_loop"
    ]
    return found[0] if found else None


def test_the_loop_does_not_vary_where_the_share_to_air_is_what_is_known() -> None:
    assert loop_slot() is None
    assert loop_slot(air_share=0.9) is None


@pytest.mark.parametrize("cells", [{"dust_bleed_on": 0.0}, {"dust_bleed_on": 0.0, "dust_bleed_off": 0.0}])
def test_with_a_bleed_of_0_all_but_the_clinker_leaves_whatever_is_caught(cells: dict[str, Any]) -> None:
    """0.02 +- 0.01 stay in the clinker; captures and hours of the mill make no difference."""
    factor = loop_slot(**cells)
    assert factor is not None
    assert factor.mean == pytest.approx(0.98)
    assert factor.spread.size == pytest.approx(0.01, rel=1e-6)
    assert factor.spread.scopes == (("world", pytest.approx(1.0)),)


def test_mean_and_spread_are_those_of_the_loop_with_its_parameters_drawn() -> None:
    """Against draws of the loop itself, its parameters being normal: 0.84 +- 0.05, 0.662 +- 0.1, 0.15 +- 0.045."""
    factor = loop_slot(dust_bleed_off=0.3)
    assert factor is not None
    assert factor.kind == PASSING
    assert factor.mean == pytest.approx(0.98 * 0.863, abs=0.001)  # method: bleeding 30 % with the mill off
    z = np.random.default_rng(1).normal(size=(3, 200_000))
    on, off = 0.84 + 0.05 * z[0], np.clip(0.662222 + 0.1 * z[1], 0.0, 0.99)
    mill = np.clip(0.15 + 0.045 * z[2], 0.0, 1.0)
    drawn = kiln.loop(1.0, 0.02, np.minimum(on, 0.99), off, 0.0, 0.3, mill).stack
    assert factor.spread.size == pytest.approx(drawn.std(), rel=0.15)
    assert drawn.mean() == pytest.approx(factor.mean, abs=0.5 * drawn.std())


def test_what_is_shared_by_all_kilns_is_what_mills_catch_and_hours_are_of_the_plant() -> None:
    factor = loop_slot(dust_bleed_on=0.1, dust_bleed_off=0.1)
    assert factor is not None
    labels = dict(zip((scope for scope, _ in factor.spread.scopes), factor.labels, strict=True))
    assert labels == {"world": "all", "country": "IDN", "quarry": "IDN/P1"}


def test_a_stated_share_of_hours_is_of_the_kiln_alone() -> None:
    factor = loop_slot(dust_bleed_off=0.3, mill_off_share=0.2)
    assert factor is not None
    assert [scope for scope, _ in factor.spread.scopes] == ["world", "unit"]


def test_no_bleed_raises_an_emission() -> None:
    """Above what the mercury that is not in the clinker amounts to."""
    for on, off in product((0.0, 0.05, 0.4), (0.0, 0.3, 1.0)):
        factor = loop_slot(dust_bleed_on=on, dust_bleed_off=off)
        assert factor is not None
        assert 0.0 < factor.mean <= 0.98 + 1e-12


def stated(**numbers: float) -> Dust:
    """Return a dust loop of stated numbers, nothing of the mercury staying in the clinker."""
    known = {"clinker_retention": 0.0, **numbers}
    return Dust(True, {name: Value(value, "default", (), "read") for name, value in known.items()})


@pytest.mark.parametrize(
    ("capture", "low", "high"),
    [
        (0.8, 0.28 / 0.64, 0.12 / 0.56),  # 0.72 and 0.88: 0.4375 and 0.2143
        (0.95, 0.145 / 0.5725, 0.001 / 0.5005),  # 0.855 and 1.045, of which no more than 0.999 can be caught
    ],
)
def test_the_spread_is_half_of_what_passes_between_the_ends_of_a_capture(
    capture: float, low: float, high: float
) -> None:
    """With the mill always on and half of the dust bled, (1 - c) / (1 - c / 2) passes; c varies by a tenth."""
    dust = stated(capture_on=capture, capture_off=0.0, mill_off_share=0.0, dust_bleed_on=0.5, dust_bleed_off=0.0)
    found = spread_of_loop(dust, {"capture_on": Spread("normal", 0.1, (("world", 1.0),))}, 0.9)
    assert found is not None
    assert found[0] == pytest.approx((1 - capture) / (1 - capture / 2))
    assert found[1].size == pytest.approx((low - high) / 2)


def test_variances_of_both_modes_add_and_each_keeps_its_scope() -> None:
    """The mill is off in a half of the hours; c on 0.8 and off 0.4, each +- 0.1; a half of all dust is bled.

    What passes is (1 - m) / (1 - m / 2) of the mean capture m, whichever mode it comes from: m is 0.6, and 0.55 or 0.65
    with either end of one capture: 0.45 / 0.725 and 0.35 / 0.675, half of their difference 0.05109. Two of them, which
    are independent: 0.05109 sqrt(2).
    """
    dust = stated(capture_on=0.8, capture_off=0.4, mill_off_share=0.5, dust_bleed_on=0.5, dust_bleed_off=0.5)
    spreads = {
        "capture_on": Spread("normal", 0.1 / 0.8, (("world", 1.0),)),
        "capture_off": Spread("normal", 0.1 / 0.4, (("unit", 1.0),)),
    }
    found = spread_of_loop(dust, spreads, 0.9)
    assert found is not None
    assert found[1].size == pytest.approx((0.45 / 0.725 - 0.35 / 0.675) / 2 * 2**0.5)
    assert dict(found[1].scopes) == pytest.approx({"world": 0.5, "unit": 0.5})
