"""The rules of the option catalogue one by one, in their order (method/options.md section 5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hginventory.decisions.options.applicability_rules import judge
from hginventory.decisions.options.lead_times import LeadTimes
from hginventory.decisions.options.option_table import OptionTable
from hginventory.decisions.options.unit_conditions import FIRST, IF, NO, YES, Applicability, UnitConditions
from hginventory.factors.library import load_library
from hginventory.factors.train_mix import NEEDED_GROUPS

TABLE = OptionTable(load_library())
TIMES = LeadTimes(load_library())
LEAST_YEARS = 7.0
SHORT_LIVED = {"H1", "H2", "C8", "A1", "A2", "F2", "F4", "R2"}  # as rule 1 lists them for coal units
LARGE = {"C1", "C2", "C4", "C6", "C7", "M1"}  # as rule 5 lists them
SMALL = {"H1", "H2", "H3", "H4", "C8", "A1", "A2", "A3"}


def unit(devices: str | None = "ESPc", **changes: object) -> UnitConditions:
    known = None if devices is None else frozenset(filter(None, devices.split("+")))
    plain = UnitConditions("coal_power", True, known, "PC", "low_cl", 400.0, 25.0)
    return replace(plain, **changes)  # type: ignore[arg-type]


def verdict(option: str, conditions: UnitConditions) -> Applicability:
    fits, step = TABLE.fits_class(option, conditions.coal_class), TABLE.options[option]
    return judge(step, conditions, fits, TIMES.years("IDN", step.build), LEAST_YEARS)


def possible(conditions: UnitConditions) -> set[str]:
    return {name for name in TABLE.options if verdict(name, conditions).applies != NO}


def test_a_unit_that_does_not_run_gets_nothing() -> None:
    assert possible(unit(runs=False)) == set()


@pytest.mark.parametrize(
    "blank", [("pm_control",), ("so2_control",), ("nox_control",), ("so2_control", "nox_control"), NEEDED_GROUPS]
)
def test_an_unknown_train_names_the_cells_that_are_blank(blank: tuple[str, ...]) -> None:
    found = verdict("A2", unit(None, open_controls=blank))
    assert found.reason == f"the control train is not known: fill in {', '.join(blank)}"


def test_each_sector_has_its_own_options() -> None:
    kiln = UnitConditions("cement_kiln", True, frozenset(), "", "", float("nan"), 25.0)
    assert all(name.startswith("K") for name in possible(kiln))
    assert possible(kiln) == {"K1", "K2", "K3", "K4", "K5", "K6", "K7"}
    assert not any(name.startswith("K") for name in possible(unit()))


def test_rule_1_leaves_only_steps_without_capital_to_a_unit_that_closes_soon() -> None:
    for devices in ("ESPc", "ESPc+wFGD", "FF", "ESPc+swFGD"):
        left = possible(unit(devices, years_left=7.0))
        assert left <= SHORT_LIVED
        assert left == possible(unit(devices)) & SHORT_LIVED
    assert "closes 4 years after the step could run" in verdict("C2", unit(years_left=7.0)).reason


@pytest.mark.parametrize(("years", "applies"), [(10.0, NO), (10.5, IF)])
def test_rule_1_counts_from_the_year_in_which_the_step_could_run(years: float, applies: str) -> None:
    """Three years of building and seven of use."""
    assert verdict("C2", unit(years_left=years)).applies == applies


def test_rule_1_a_unit_that_closes_before_the_step_could_run_gets_none_of_it() -> None:
    assert verdict("A2", unit(years_left=1.0)).applies == NO
    assert verdict("A2", unit(years_left=2.0)).applies == NO  # 15 months, rounded up to two years
    assert verdict("A2", unit(years_left=3.0)).applies == YES
    assert "before the step could run" in verdict("A2", unit(years_left=1.0)).reason
    assert possible(unit(years_left=0.0)) == set()


@pytest.mark.parametrize("option", ["A2", "C2", "F1", "R1", "P1"])
def test_rule_1_a_unit_of_unknown_remaining_life_does_not_close(option: str) -> None:
    found = verdict(option, unit(years_left=float("nan")))
    assert found.applies == NO
    assert found.reason == "the remaining life is unknown: fill in start_year"


def test_rule_2_brominated_carbon_is_first_behind_a_precipitator_with_low_chlorine() -> None:
    found = verdict("A2", unit())
    assert (found.applies, found.rank) == (YES, FIRST)
    others = {name for name in TABLE.options if verdict(name, unit()).rank == FIRST}
    assert others == {"A2"}


@pytest.mark.parametrize(("option", "word"), [("C1", "dust"), ("A4", "dust"), ("C2", "SO2"), ("C7", "SO2 and NOx")])
def test_rule_2_filters_and_scrubbers_only_if_their_pollutant_must_fall(option: str, word: str) -> None:
    assert verdict(option, unit()).applies == IF
    assert word in verdict(option, unit()).reason
    assert verdict(option, unit(must_cut=frozenset({"pm", "so2", "nox"}))).applies == YES
    assert verdict(option, unit(must_cut=frozenset())).applies == NO


def test_rule_2_after_a_scrubber_halogen_follows() -> None:
    assert "H2" in verdict("C2", unit(must_cut=frozenset({"so2"}))).reason
    assert verdict("H2", unit("ESPc+wFGD")).applies == YES


@pytest.mark.parametrize("coal_class", ["low_cl", "high_cl", "lignite"])
def test_rule_2_a_catalyst_alone_is_never_for_mercury(coal_class: str) -> None:
    found = verdict("C5", unit(coal_class=coal_class, must_cut=frozenset({"nox"})))
    assert found.applies == NO
    assert "no mercury" in found.reason


def test_rule_3_halogen_and_additive_come_first_with_a_wet_scrubber() -> None:
    wet = unit("ESPc+wFGD")
    first = {name for name in TABLE.options if verdict(name, wet).rank == FIRST}
    assert first == {"H2", "C8"}
    assert verdict("A2", wet).rank > FIRST
    assert verdict("C6", wet).applies == IF
    assert verdict("C6", replace(wet, must_cut=frozenset({"so2"}))).applies == NO


def test_rule_3_carbon_rather_than_halogen_before_sea_water() -> None:
    marine = unit("ESPc+swFGD")
    assert (verdict("A2", marine).applies, verdict("A2", marine).rank) == (YES, FIRST)
    assert verdict("H4", marine).applies == IF
    assert "Article 9" in verdict("H4", marine).reason


@pytest.mark.parametrize("option", ["H3", "A3"])
def test_rule_4_halogen_or_carbon_before_a_filter(option: str) -> None:
    assert (verdict(option, unit("FF")).applies, verdict(option, unit("FF")).rank) == (YES, FIRST)
    assert verdict(option, unit("FF", boiler="CFB")).applies == YES
    assert verdict(option, unit("ESPc")).applies == NO


def test_rule_5_without_space_only_small_skids_remain() -> None:
    for devices in ("ESPc", "ESPc+wFGD", "FF", "ESPc+swFGD"):
        before, after = possible(unit(devices)), possible(unit(devices, space=False))
        assert not after & LARGE
        assert after & SMALL == before & SMALL
        assert all(verdict(name, unit(devices, space=False)).reason == "no space" for name in before - after)


def test_rule_5_space_and_sea_that_nobody_spoke_of_are_to_be_checked() -> None:
    assert "space" in verdict("C2", unit()).checks
    assert "space" not in verdict("C2", unit(space=True)).checks
    assert "sea water within reach" in verdict("C3", unit()).checks
    assert verdict("C3", unit(coast=False)).applies == NO


@pytest.mark.parametrize(("option", "devices"), [("A1", "ESPc"), ("A2", "ESPc"), ("A3", "FF")])
def test_rule_6_carbon_needs_a_fitting_sorbent_where_ash_is_sold(option: str, devices: str) -> None:
    assert verdict(option, unit(devices, ash_sold=True)).applies == IF
    assert "concrete" in verdict(option, unit(devices, ash_sold=True)).reason
    assert verdict(option, unit(devices, ash_sold=False)).applies == YES
    assert "where the ash goes" in verdict(option, unit(devices)).checks


def test_rule_6_a_filter_behind_the_precipitator_keeps_sold_ash_clean() -> None:
    sold = unit(ash_sold=True, must_cut=frozenset())
    assert verdict("A4", sold).applies == YES
    assert verdict("A4", replace(sold, ash_sold=False)).applies == NO


@pytest.mark.parametrize(
    ("option", "devices"), [("A1", "ACI+ESPc"), ("A1", "ACI-Br+ESPc"), ("A2", "ACI-Br+ESPc"), ("H1", "HAL+ESPc"),
                            ("H2", "HAL+ESPc+wFGD"), ("A3", "ACI-Br+FF"), ("C6", "SCR+ESPc+wFGD"), ("P4", "LNB+ESPc"),
                            ("C8", "ESPc+wFGD+REA")]
)  # fmt: skip
def test_rule_7_one_step_of_a_kind(option: str, devices: str) -> None:
    found = verdict(option, unit(devices))
    assert found.applies == NO
    assert "already" in found.reason


def test_rule_7_brominated_carbon_may_replace_plain_carbon() -> None:
    assert verdict("A2", unit("ACI+ESPc")).applies == YES


def test_rule_7_stated_dust_bleed_is_counted_already() -> None:
    kiln = UnitConditions("cement_kiln", True, frozenset({"FF"}), "", "", float("nan"), 25.0, dust_stated=True)
    assert verdict("K1", kiln).applies == NO
    assert verdict("K3", kiln).applies == YES


@pytest.mark.parametrize(
    ("option", "conditions", "word"),
    [
        ("C2", unit("FF"), "needs ESP"),
        ("C1", unit("ESPc+wFGD"), "is there already"),
        ("H2", unit("ESPc+FGD"), "needs ESP+wFGD"),
        ("C2", unit(capacity_mw=150.0), "from 200 MW"),
        ("C4", unit(capacity_mw=450.0), "below 401 MW"),
        ("P4", unit(boiler="CFB"), "for PC boilers"),
        ("C3", unit(coal_class="high_cl"), "no effect is known for high_cl coal"),
        ("A1", unit("ESPh"), "needs ESPc"),
        ("A2", unit(None), "not known"),
        ("R3", unit(), "see the limits"),
    ],
)
def test_what_the_row_asks_for_is_the_reason_of_a_no(option: str, conditions: UnitConditions, word: str) -> None:
    found = verdict(option, conditions)
    assert found.applies == NO
    assert word in found.reason


@pytest.mark.parametrize("mw", [400.0, float("nan")])
def test_bounds_of_size_are_those_of_the_facts(mw: float) -> None:
    assert verdict("C4", unit(capacity_mw=mw)).applies == IF
    assert verdict("C2", unit(capacity_mw=200.0)).applies == IF


def test_every_no_has_a_reason_and_every_condition_is_named() -> None:
    trains = ("ESPc", "ESPh", "FF", "ESPc+wFGD", "ESPc+swFGD", "SDA+FF", "", "SCR+ESPc+wFGD", None)
    for devices in trains:
        for coal_class in ("low_cl", "high_cl", "lignite"):
            for years in (0.0, 5.0, 30.0):
                for name in TABLE.options:
                    found = verdict(name, unit(devices, coal_class=coal_class, years_left=years))
                    assert found.reason or found.applies == YES, (name, devices, coal_class, years)


def test_a_sorbent_needs_sulphur_only_to_open_the_way() -> None:
    found = verdict("A5", unit(must_cut=frozenset({"so2"})))
    assert found.applies == IF
    assert "no mercury of itself" in found.reason


def test_a_catalyst_goes_with_sea_water_only_where_nox_must_fall_and_sends_on_to_carbon() -> None:
    """Rule 3: what a sea-water scrubber takes up goes to the sea (Article 9)."""
    for devices in ("ESPc+swFGD", "FF+swFGD"):
        marine = unit(devices)
        assert verdict("C9", marine).applies == IF
        assert verdict("C9", replace(marine, must_cut=frozenset({"so2"}))).applies == NO
        found = verdict("C9", replace(marine, must_cut=frozenset({"nox"})))
        assert found.applies == YES
        assert "Article 9" in found.reason
        assert verdict("C6", marine).applies == NO
    assert verdict("C9", unit("ESPc")).applies == NO
    assert verdict("C9", unit("SCR+ESPc+swFGD", must_cut=frozenset({"nox"}))).applies == NO


def test_catalyst_and_sea_water_scrubber_together_need_the_sea_and_both_duties() -> None:
    both = frozenset({"so2", "nox"})
    assert verdict("C10", unit(must_cut=both, coast=True)).applies == YES
    assert verdict("C10", unit(must_cut=both, coast=False)).applies == NO
    assert verdict("C10", unit(must_cut=frozenset({"so2"}), coast=True)).applies == NO
    assert verdict("C10", unit(must_cut=both, coast=True, capacity_mw=200.0)).applies == NO
    assert verdict("C10", unit("ESPc+wFGD", must_cut=both, coast=True)).applies == NO
    assert {"space", "sea water within reach"} <= set(verdict("C10", unit(must_cut=both)).checks)
