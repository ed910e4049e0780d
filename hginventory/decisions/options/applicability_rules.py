"""Whether an option can go to a unit: the rules of the catalogue, one a function, tested in their order.

1 remaining life, 2 units with a precipitator only, 3 wet and sea-water scrubbers, 4 filters, 5 space, 6 ash, 7 one
step of a kind. What the row of the option itself asks for (train, coal, size, boiler) is tested between 1 and 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from operator import or_

from hginventory.decisions.options.conditions import UNCONDITIONAL, Condition, pollutant_conditions
from hginventory.decisions.options.option_table import CLOSURE, INSTRUMENT, Option, members
from hginventory.decisions.options.unit_conditions import (
    CONDITIONAL,
    FIRST,
    IF,
    LAST,
    NO,
    USUAL,
    YES,
    Applicability,
    UnitConditions,
)
from hginventory.translations import TranslatableText
from hginventory.vocabulary import DRY_SCRUBBERS, WET_SCRUBBERS, join_devices

SCRUBBERS = WET_SCRUBBERS | DRY_SCRUBBERS
SORBENTS = frozenset({"ACI", "ACI-Br"})
DUST_STEPS = frozenset({"SHUTTLE", "SHUTTLE-SORB", "TDT"})
LOW_CHLORINE = ("low_cl", "lignite")
WORDS = {"so2": "SO2", "pm": "dust", "nox": "NOx"}


def judge(
    option: Option, unit: UnitConditions, fits_class: bool, build_years: float, least_years: float
) -> Applicability:
    """Return whether an option can go to a unit; the first rule that rules it out gives the reason.

    Parameters
    ----------
    option : Option
        The option.
    unit : UnitConditions
        The unit.
    fits_class : bool
        Whether an effect is stated for the coal class of the unit.
    build_years : float
        Years until the option can run [yr], for rule 1.
    least_years : float
        Years an option must run to be worth its capital [yr].
    """
    found: list[Applicability] = []
    for no in (_rule_0_unit(option, unit), _rule_1_life(option, unit, build_years, least_years), _train(option, unit)):
        if no:
            return Applicability(NO, no, LAST)
    if no := _coal_boiler_size(option, unit, fits_class):
        return Applicability(NO, no, LAST)
    for rule in RULES:
        verdict = rule(option, unit)
        if verdict is not None and verdict.applies == NO:
            return verdict
        if verdict is not None:
            found.append(verdict)
    checks = _checks(option, unit)
    conditional = [verdict for verdict in found if verdict.applies == IF]
    if conditional:
        words = "; ".join(verdict.reason for verdict in conditional)
        conditions = reduce(or_, (verdict.conditions for verdict in conditional), UNCONDITIONAL)
        return Applicability(IF, words, CONDITIONAL, checks, conditions)
    reasons = "; ".join(verdict.reason for verdict in found if verdict.reason)
    return Applicability(YES, reasons, min((verdict.rank for verdict in found), default=USUAL), checks)


def _rule_0_unit(option: Option, unit: UnitConditions) -> str:
    if option.sector != unit.sector:
        return "for the other sector"
    if not unit.runs:
        return "the unit does not run"
    if option.mode == INSTRUMENT:
        return "says what to reach, not how: see the limits"
    return ""


def _rule_1_life(option: Option, unit: UnitConditions, build_years: float, least_years: float) -> str:
    """Rule 1: a unit that closes soon after the step could run gets only steps without capital to write off."""
    if math.isnan(unit.years_left):
        return "the remaining life is unknown: fill in start_year"
    left = unit.years_left - build_years
    if left <= 0:
        return f"the unit closes in {unit.years_left:g} years, before the step could run"
    if left <= least_years and not option.short_life:
        return (
            f"the unit closes {left:g} years after the step could run: capital is not worth it within {least_years:g}"
        )
    return ""


def _train(option: Option, unit: UnitConditions) -> str:
    """Test the train the row of the option asks for."""
    if unit.devices is None:
        unknown = bool(option.adds or option.needs or option.excludes)
        return f"the control train is not known: fill in {', '.join(unit.open_controls)}" if unknown else ""
    if option.needs and not any(_has_all(unit.devices, train) for train in option.needs):
        wanted = " or ".join("+".join(sorted(train)) for train in option.needs)
        return f"needs {wanted}; the unit has {join_train(unit.devices)}"
    there = unit.devices & option.excludes
    return f"{join_train(there)} is there already" if there else ""


def _coal_boiler_size(option: Option, unit: UnitConditions, fits_class: bool) -> str:
    """Test the coal, boiler and size the row of the option asks for; a size not known passes."""
    if not fits_class:
        return f"no effect is known for {unit.coal_class} coal"
    if option.boilers and unit.boiler not in option.boilers:
        return f"for {', '.join(sorted(option.boilers))} boilers; the unit is {unit.boiler}"
    if unit.capacity_mw < option.mw_from:
        return f"for units from {option.mw_from:g} MW; the unit has {unit.capacity_mw:g}"
    if unit.capacity_mw >= option.mw_to:
        return f"for units below {option.mw_to:g} MW; the unit has {unit.capacity_mw:g}"
    return ""


def _rule_5_space(option: Option, unit: UnitConditions) -> Applicability | None:
    """Rule 5: without space only small skids are left; sea water must be within reach."""
    if option.space and unit.space is False:
        return Applicability(NO, "no space", LAST)
    if option.coast and unit.coast is False:
        return Applicability(NO, "no sea water within reach", LAST)
    return None


def _rule_7_one_of_a_kind(option: Option, unit: UnitConditions) -> Applicability | None:
    """Rule 7: at most one collector change, one oxidation step and one sorbent step."""
    devices = unit.devices or frozenset()
    if option.adds and option.adds <= devices:
        return Applicability(NO, f"{join_train(option.adds)} is there already", LAST)
    if "sorbent" in option.steps and devices & SORBENTS - option.replaces:
        return Applicability(NO, f"{join_train(devices & SORBENTS)} is there already: one sorbent step at most", LAST)
    if "oxidation" in option.steps and "HAL" in devices:
        return Applicability(NO, "HAL is there already: one oxidation step at most", LAST)
    if option.option == "C8" and "REA" in devices:
        return Applicability(NO, "REA is there already", LAST)
    if unit.dust_stated and option.adds & DUST_STEPS:
        return Applicability(NO, "the dust bleed of the kiln is stated and counted already", LAST)
    return None


def _rule_2_precipitator_only(option: Option, unit: UnitConditions) -> Applicability | None:
    """Rule 2: brominated carbon first; a filter, scrubber or catalyst only for another pollutant; never SCR alone."""
    if option.option == "C5":
        return Applicability(NO, "SCR alone takes out no mercury: nothing behind it takes up what it oxidises", LAST)
    if option.option == "K8":
        return Applicability(NO, "takes out no mercury", LAST)
    devices = unit.devices or frozenset()
    if option.option == "A2" and not devices & (SCRUBBERS | {"FF"}) and unit.coal_class in LOW_CHLORINE:
        return Applicability(YES, "first step against mercury behind a precipitator alone", FIRST)
    if option.option in ("C2", "C7") and unit.coal_class in LOW_CHLORINE:
        return Applicability(YES, "then add H2", USUAL)
    return None


def _only_if(option: Option, unit: UnitConditions) -> Applicability | None:
    """Rules 2 and 3: steps against SO2, NOx or dust are not bought for mercury alone."""
    if not option.only_if:
        return None
    words = " and ".join(WORDS[pollutant] for pollutant in option.only_if)
    if unit.must_cut is None:
        return _if(f"only if {words} must fall", pollutant_conditions(option.only_if))
    if not set(option.only_if) <= unit.must_cut:
        if option.option == "A4" and unit.ash_sold:
            return None  # rule 6: it keeps the ash clean
        return Applicability(NO, f"{words} need not fall here", LAST)
    return Applicability(YES, f"{words} must fall", USUAL)


def _rule_3_scrubber(option: Option, unit: UnitConditions) -> Applicability | None:
    """Rule 3: with a wet scrubber halogen and additive before anything else; with sea water no halogen alone."""
    devices = unit.devices or frozenset()
    if "wFGD" in devices:
        if option.option in ("H2", "C8"):
            return Applicability(YES, "before anything else where a wet scrubber is", FIRST)
        if option.option in ("A1", "A2", "M2"):
            return Applicability(YES, "after H2 and C8", USUAL)
    if option.option in ("C9", "C10"):
        return Applicability(YES, "then A2, as what the sea water takes up goes to the sea (Article 9)", USUAL)
    if "swFGD" in devices:
        if option.option == "A2":
            return Applicability(YES, "before the precipitator, rather than H4", FIRST)
        if option.option == "H4" and not (devices | unit.beside) & SORBENTS:
            words = "only with a sorbent before the precipitator: alone it sends mercury to the sea (Article 9)"
            return _if(words, Condition.ARTICLE_9)
    return None


def _rule_4_filter(option: Option, unit: UnitConditions) -> Applicability | None:
    """Rule 4: with a filter halogen or carbon before it."""
    if "FF" in (unit.devices or frozenset()) and option.option in ("H3", "A3"):
        return Applicability(YES, "first step where a filter is", FIRST)
    return None


def _rule_6_ash(option: Option, unit: UnitConditions) -> Applicability | None:
    """Rule 6: carbon stops the sale of ash to cement works, and sold ash takes its mercury there."""
    if unit.ash_sold and option.carbon_in_ash:
        words = "ash is sold: needs a sorbent that concrete bears, or A4, else the sale is lost (in the cost)"
        return _if(words, Condition.ASH_TO_CEMENT)
    if unit.ash_sold and option.option == "A4":
        return Applicability(YES, "keeps the ash of the precipitator clean", USUAL)
    return None


def _rule_8_user(option: Option, unit: UnitConditions) -> Applicability | None:
    """Options whose size the user sets, and those that only open the way for others."""
    if option.mode == CLOSURE:
        return _if("the year is a choice of the owner: shown for one year earlier", Condition.EARLY_CLOSURE)
    if option.option == "R2":
        words = "how much less it runs is a choice of the system: shown for the share of the table"
        return _if(words, Condition.LOWER_DISPATCH)
    if option.option == "A5":
        return _if("takes out no mercury of itself: only where SO3 hinders carbon, with A1 to A4", Condition.SO3)
    return None


def _if(reason: str, conditions: Condition) -> Applicability:
    return Applicability(IF, reason, conditions=conditions)


RULES: tuple[Callable[[Option, UnitConditions], Applicability | None], ...] = (
    _rule_2_precipitator_only,
    _only_if,
    _rule_3_scrubber,
    _rule_4_filter,
    _rule_5_space,
    _rule_6_ash,
    _rule_7_one_of_a_kind,
    _rule_8_user,
)


def _checks(option: Option, unit: UnitConditions) -> tuple[str, ...]:
    """Return what is not known of the unit and must be checked before the step is chosen."""
    checks: list[str] = []
    if option.space and unit.space is None:
        checks.append(TranslatableText("space"))
    if option.coast and unit.coast is None:
        checks.append(TranslatableText("sea water within reach"))
    if option.carbon_in_ash and unit.ash_sold is None:
        checks.append(TranslatableText("where the ash goes"))
    if option.requires:
        checks.append(option.requires)
    return tuple(checks)


def _has_all(devices: frozenset[str], wanted: frozenset[str]) -> bool:
    return all(devices & members(device) for device in wanted)


def join_train(devices: frozenset[str]) -> str:
    """Return devices in words, in gas order where they are those of a coal unit.

    >>> join_train(frozenset({"wFGD", "ESPc"})), join_train(frozenset({"SHUTTLE"}))
    ('ESPc+wFGD', 'SHUTTLE')
    """
    try:
        return join_devices(devices)
    except KeyError:
        return "+".join(sorted(devices))
