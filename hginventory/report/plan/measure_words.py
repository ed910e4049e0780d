"""A measure of a scenario in a sentence: what is done, at how many units, from which year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hginventory.report.plan.code_words import columns_named, controls, kilograms, shares
from hginventory.report.text import Words

MEASURES: Mapping[str, str] = {
    "add_control": "{what} at {units} from {year}",
    "replace_controls": "{what} in place of the present controls at {units} from {year}",
    "switch_coal": "change of coal to {what} at {units} from {year}",
    "wash_coal": "coal washing that removes {share} of the mercury, for {units} from {year}",
    "cofire_biomass": "biomass for {share} of the heat at {units} from {year}",
    "raise_efficiency": "efficiency improvement of {share} at {units} from {year}",
    "set_capacity_factor": "capacity factor of {share} at {units} from {year}",
    "cap_capacity_factor": "capacity factor of at most {share} at {units} from {year}",
    "bleed_dust": "{share} of the filter dust removed from the kiln loop at {units} from {year}",
    "best_step": "retrofit of lowest cost per kilogram at {units} from {year}",
    "cut_emission": "emissions to air lower by {share} at {units} from {year}; elsewhere per kilogram avoided: {what}",
    "emission_limit": "emission limit {what} at {units} from {year}",
    "retire": "closure of {units}, first year closed {year}",
    "exclude": "{units} left out from {year}",
    "include": "{units} counted from {year}",
}
OTHER = "{what} at {units} from {year}"
UNITS, ONE_UNIT, NO_UNIT = "{count} units", "1 unit", "no unit"
LIMIT, AT_OXYGEN = "of {value} {unit}", "{limit} at {oxygen} % oxygen"
SENTENCES = (*MEASURES.values(), UNITS, ONE_UNIT, NO_UNIT, LIMIT, AT_OXYGEN)


def measure_sentence(one: Mapping[str, Any], words: Words, count: int | None = None) -> str:
    """Return a measure in a sentence.

    Parameters
    ----------
    one : mapping
        The measure as `Comparison.chosen` has it: action, target, value, unit, o2, from_year and the units it changes.
    words : Words
        Language.
    count : int, optional
        Number of units in the sentence; default: all that it changes.

    Examples
    --------
    >>> from hginventory.report.text import ENGLISH
    >>> one = {"action": "add_control", "target": "ACI-Br", "value": None, "from_year": 2030, "changed": ["a", "b"]}
    >>> measure_sentence(one, ENGLISH)
    'brominated activated carbon injection at 2 units from 2030'
    """
    action, value = one["action"], one["value"]
    told = len(one["changed"]) if count is None else count
    units = words(NO_UNIT if told == 0 else ONE_UNIT) if told < 2 else words(UNITS, count=words.number(told))
    share = words.percent(value) if value is not None and action != "emission_limit" else ""
    return words(MEASURES.get(action, OTHER), what=_what(one, words), units=units, year=one["from_year"], share=share)


def _what(one: Mapping[str, Any], words: Words) -> str:
    """Return the target of a measure: devices, a fuel, where mercury goes, or a limit."""
    if one["action"] == "emission_limit":
        if one["value"] is None:
            return str(one["target"])
        limit = words(LIMIT, value=words.number(one["value"]), unit=one["unit"])
        return limit if one.get("o2") is None else words(AT_OXYGEN, limit=limit, oxygen=words.number(one["o2"]))
    if one["action"] in ("add_control", "replace_controls"):
        return controls(one["target"], words)
    if one["action"] == "cut_emission":
        return kilograms(one["target"], words)
    return columns_named(shares(one["target"], words), words) if one["target"] else one["action"].replace("_", " ")
