"""What a retrofit leaves of a removal that was stated, by hand."""

from __future__ import annotations

import math

import pytest

from hginventory.factors import Spread, Value
from hginventory.projection.retrofit import Retrofit

OWN = (("unit", 1.0),)


@pytest.mark.parametrize(
    ("found", "variance"),
    [
        (Spread("beta", 0.06, OWN), 0.04 + 0.01),  # 0.06 of the 0.6 that passes is a tenth
        (Spread("lognormal", math.sqrt(math.log(1.09)), OWN), 0.04 + 0.09),  # 0.3 of what passes
        (None, 0.04),
    ],
)
def test_what_passes_varies_by_the_test_and_by_the_device(found: Spread | None, variance: float) -> None:
    """Half was measured to pass, +- a fifth; by the tables 0.88 of ESPc, 0.60 with a scrubber: 0.5 0.60 / 0.88 passes.

    Relative errors that are independent: their squares add, ``ln(1 + sum)`` is the variance of the logarithm.
    """
    own = Value(0.5, "measured", (), "cell", Spread("lognormal", math.sqrt(math.log(1.04)), OWN))
    change = Retrofit(((1.0, "PC", "ESPc"),), frozenset({"wFGD"}), own, is_own=True)
    after = change.removal_after(Value(0.40, "default", (), "read", found), 0.12)
    assert after.value == pytest.approx(1 - 0.5 * 0.60 / 0.88)
    assert after.spread is not None
    assert after.spread.size**2 == pytest.approx(math.log(1 + variance))
