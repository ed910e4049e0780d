"""The dust loop of a kiln with its raw mill on and off, by hand."""

from __future__ import annotations

import pytest

from hginventory.model.kiln import loop


def test_each_mode_bleeds_its_own_dust_in_its_own_hours() -> None:
    """Of 92 kg a half stays in the clinker; the mill is off in 0.2 of the hours.

    ======== ===== ======= ===== ================= ====================== ===============
    mill     hours capture bleed returns per gas   bled per gas           stack per gas
    ======== ===== ======= ===== ================= ====================== ===============
    on       0.8   0.8     0.25  0.8 0.8 0.75=0.48 0.8 0.8 0.25 = 0.16    0.8 0.2 = 0.16
    off      0.2   0.5     0.4   0.2 0.5 0.6=0.06  0.2 0.5 0.4 = 0.04     0.2 0.5 = 0.10
    sum                          0.54              0.20                   0.26
    ======== ===== ======= ===== ================= ====================== ===============

    46 kg are volatile, so the gas carries 46 / (1 - 0.54) = 100 kg: 20 kg are bled, 26 kg reach the stack.
    """
    found = loop(92.0, 0.5, 0.8, 0.5, 0.25, 0.4, 0.2)
    assert (found.retained, found.bled, found.stack) == pytest.approx((46.0, 20.0, 26.0))
    assert found.enrichment == pytest.approx(1 / 0.46)


@pytest.mark.parametrize(("bleed_on", "bleed_off"), [(0.25, 0.0), (0.0, 0.4), (0.25, 0.4), (1.0, 1.0)])
@pytest.mark.parametrize("mill_off", [0.0, 0.2, 1.0])
def test_what_is_not_bled_reaches_the_stack(bleed_on: float, bleed_off: float, mill_off: float) -> None:
    found = loop(92.0, 0.5, 0.8, 0.5, bleed_on, bleed_off, mill_off)
    assert found.bled + found.stack == pytest.approx(46.0)
