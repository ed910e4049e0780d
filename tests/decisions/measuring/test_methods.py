"""Which method serves a stack: what the gas holds, how little mercury is in it, and the price."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from hginventory.decisions.costs import Prices, Range
from hginventory.decisions.measuring.methods import Method, Sampling, Stack, fitting, methods_in_table, stack_of
from hginventory.decisions.sensitivity import Campaign
from hginventory.factors import load_library

METHODS = methods_in_table(load_library(), Prices(load_library()))


def names(kind: str, stack: Stack, least: float) -> list[str]:
    return [one.standard for one in fitting(METHODS, kind, stack, least)]


@pytest.mark.parametrize(
    ("train", "stack"),
    [
        ("ESPc", Stack.DRY), ("SCR+FF", Stack.DRY), ("ESPc+wFGD", Stack.WET), ("LNB+FF+FGD", Stack.WET),
        ("swFGD ?", Stack.WET), ("ESPc ?", Stack.UNKNOWN), ("unknown", Stack.UNKNOWN), ("", Stack.UNKNOWN),
        ("none", Stack.DUSTY), ("CYC", Stack.DUSTY), ("ESP", Stack.DRY), ("FF+WS", Stack.WET),
    ],
)  # fmt: skip
def test_what_the_gas_holds_follows_from_the_devices(train: str, stack: Stack) -> None:
    assert stack_of(train) is stack


def test_vapour_alone_is_measured_in_dry_gas_only() -> None:
    assert names("stack_test", Stack.DRY, 1.0)[0] == "EPA 30B"
    for stack in (Stack.WET, Stack.DUSTY, Stack.UNKNOWN):
        assert names("stack_test", stack, 1.0)[0] == "EPA 29"
        assert "EPA 30B" not in names("stack_test", stack, 1.0)
    assert names("CEMS", Stack.DUSTY, 1.0) == []
    assert set(names("CEMS", Stack.WET, 1.0)) == {"Hg CEMS", "sorbent traps"}


def test_a_method_that_tells_the_lowest_expected_comes_first() -> None:
    assert names("stack_test", Stack.WET, 0.45) == ["EPA 29", "Ontario Hydro"]
    assert names("CEMS", Stack.DRY, 0.5)[0] == "sorbent traps"  # a monitor is checked to within 1 ug/m3
    assert names("stack_test", Stack.DRY, 0.01)[0] == "EPA 30B"  # none tells it: the lowest limit
    assert names("coal_analysis", Stack.UNKNOWN, 0.018) == ["ASTM D6722", "ASTM D6414"]


def test_cheaper_of_two_that_serve_comes_first() -> None:
    def method(name: str, price: float | None, limit: float) -> Method:
        paid = None if price is None else Range.exact(price)
        return Method(name, "stack_test", Sampling.ISOKINETIC, "", "", "", limit, "", paid, ())

    made = [method("dear", 9.0, 0.1), method("cheap", 5.0, 0.2), method("coarse", 1.0, 3.0), method("free", None, 0.1)]
    assert [one.standard for one in fitting(made, "stack_test", Stack.WET, 1.0)] == ["cheap", "dear", "coarse"]


def test_prices_are_in_the_money_of_the_terms_and_say_that_they_are_recalled() -> None:
    library = load_library()
    then = methods_in_table(library, Prices(library, price_year=2015))
    by_name = {one.standard: one for one in then}
    assert by_name["Ontario Hydro"].price == Range(22500.0, 15000.0, 30000.0)
    assert by_name["Hg CEMS"].price == Range(275000.0, 200000.0, 350000.0)  # installed, and its first year
    assert by_name["EN 13211"].price is None
    assert {one.price_from for one in then if one.price is not None} == {"recalled"}
    now = {one.standard: one for one in METHODS}
    assert now["Ontario Hydro"].price is not None
    assert now["Ontario Hydro"].price.value == pytest.approx(22500.0 * 322.0 / 237.02)


def test_price_and_error_are_those_of_the_campaign_of_a_year() -> None:
    """Prices are samples a year times that of one; the error of the mean falls with their root, to that of the year."""
    library = load_library()
    then = {one.standard: one for one in methods_in_table(library, Prices(library, price_year=2015))}
    assert then["ASTM D6722"].price == Range(52 * 55.0, 52 * 30.0, 52 * 80.0)
    assert then["ASTM D6722"].campaign_words == "52 samples, one composite sample a week for a year"
    assert then["EPA 29"].campaign_words == "one test a year"
    assert then["Hg CEMS"].campaign_words == ""
    campaign = Campaign.of(library, "coal_analysis")
    errors = [replace(campaign, number=number).log_sd for number in (1.0, 4.0, 12.0, 52.0, 1e6)]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] == pytest.approx(math.hypot(0.30, 0.17))
    assert errors[-1] == pytest.approx(0.17, rel=1e-4)
    means = np.exp(0.30 * np.random.default_rng(1).normal(size=(20_000, 52))).mean(axis=1)
    assert campaign.mean_log_sd == pytest.approx(float(np.log(means).std()), rel=0.02)
