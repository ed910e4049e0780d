"""Lead times: by kind of step and country, set by the user, and what they do to the first year of a step."""

from __future__ import annotations

import math

import pytest

import hginventory as hg
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.lead_times import KIND_NAMES, LeadTimes
from hginventory.decisions.options.option_table import OptionTable
from hginventory.errors import UsageError
from hginventory.factors.library import load_library
from hginventory.factors.lookup import Ladder
from hginventory.projection import Projection


@pytest.fixture(scope="module")
def projection() -> Projection:
    return hg.project("indonesia", where="capacity_gross_mw >= 550", draws=0).projection


@pytest.mark.parametrize(
    ("country", "kinds", "years"),
    [
        ("IDN", ("injection",), 2),
        ("IDN", ("scrubber",), 3),
        ("IDN", ("scrubber", "scr"), 3),
        ("SRB", ("scrubber",), 6),
        ("POL", ("scr",), 4),
        ("IDN", ("dry_sorbent",), 1),
        ("IDN", ("none",), 0),
        ("IDN", ("plant",), 3),
    ],
)
def test_months_are_rounded_up_to_years(country: str, kinds: tuple[str, ...], years: int) -> None:
    assert LeadTimes(load_library()).years(country, kinds) == years


@pytest.mark.parametrize(("months", "years"), [(0.0, 0), (1.0, 1), (12.0, 1), (12.5, 2), (60.0, 5)])
def test_the_users_months_hold_in_all_countries(projection: Projection, months: float, years: int) -> None:
    catalogue = Catalogue(projection, lead_time={"injection": months})
    base_year = projection.settings.base_year
    for unit in catalogue.state.units[:20]:
        option = catalogue.combined(unit.unit_id, ["A2"])
        if option.applies == "yes":
            assert option.first_year == max(base_year + years, unit.first_year)
    assert catalogue.lead_times.of("SRB", "injection").mark == "given"
    assert catalogue.lead_times.of("IDN", "filter").mark == "read"


def test_every_option_is_built_of_kinds_that_have_a_lead_time_and_a_rate() -> None:
    library = load_library()
    known, rates = LeadTimes(library).kinds, Ladder(library.table("build_rate"))
    for option in OptionTable(library).options.values():
        assert option.build <= set(known), option.option
        assert option.build
    assert {*KIND_NAMES, "none"} == set(known)
    assert all((kind, "WLD") in rates for kind in KIND_NAMES)


@pytest.mark.parametrize("own", [{"kiln": 3.0}, {"scrubber": -1.0}, {"scr": math.nan}, {"scr": math.inf}, {"": 1.0}])
def test_what_cannot_be_a_lead_time_is_named(own: dict[str, float]) -> None:
    with pytest.raises(UsageError) as caught:
        LeadTimes(load_library(), own)
    assert caught.value.parameter == "lead_time"


def test_lead_times_and_outages_are_told_and_countries_that_differ_named() -> None:
    words = LeadTimes(load_library(), {"filter": 12.0}).statement(["IDN", "SRB"])
    assert "injection 15 months (read, outage 7 d)" in words
    assert "scrubber 27 months (read, outage 38 d); scrubber 62 months (read, outage 38 d) in SRB" in words
    assert "filter 12 months (given, outage 28 d)" in words
    assert "dry sorbent 12 months (recalled)" in words
