"""A measure of a scenario in a sentence: what is done, at how many units, from which year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hginventory.report.plan.code_words import columns_named, controls, kilograms, shares
from hginventory.report.text import Words

DEVICES = ("add_control", "replace_controls")
CUT = "cut_emission"
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
    CUT: "emissions to air lower by {share} at {units} from {year}; elsewhere per kilogram avoided: {what}",
    "emission_limit": "emission limit {what} at {units} from {year}",
    "retire": "closure of {units}, first year closed {year}",
    "exclude": "{units} left out from {year}",
    "include": "{units} counted from {year}",
}
CUT_BY_STEPS = (
    "{steps} at {units} from {year}: emissions to air lower by {share}; elsewhere per kilogram avoided: {what}"
)
OTHER = "{what} at {units} from {year}"
UNITS, ONE_UNIT, NO_UNIT = "{count} units", "1 unit", "no unit"
LIMIT, AT_OXYGEN = "of {value} {unit}", "{limit} at {oxygen} % oxygen"
SENTENCES = (*MEASURES.values(), CUT_BY_STEPS, UNITS, ONE_UNIT, NO_UNIT, LIMIT, AT_OXYGEN)


def measure_sentence(one: Mapping[str, Any], words: Words, count: int | None = None) -> str:
    """Return a measure in a sentence.

    Parameters
    ----------
    one : mapping
        The measure as `Comparison.chosen` has it: action, target, value, unit, o2, from_year, the names of its options
        and the units it changes. The sentence names options that change controls or cut emissions, not the train that
        results.
    words : Words
        Language.
    count : int, optional
        Number of units in the sentence; default: all that it changes.

    Examples
    --------
    >>> from hginventory.report.text import ENGLISH
    >>> one = {"action": "replace_controls", "target": "ACI-Br+ESPc", "value": None, "from_year": 2030, "steps": [],
    ...        "changed": ["a", "b"]}
    >>> measure_sentence(one | {"steps": ["brominated carbon before the ESP"]}, ENGLISH)
    'brominated carbon before the ESP at 2 units from 2030'
    """
    action, value = one["action"], one["value"]
    told = len(one["changed"]) if count is None else count
    units = words(NO_UNIT if told == 0 else ONE_UNIT) if told < 2 else words(UNITS, count=words.number(told))
    share = words.percent(value) if value is not None and action != "emission_limit" else ""
    steps = " + ".join(words.say(name) for name in one["steps"])
    if steps and action in DEVICES:
        return words(OTHER, what=steps, units=units, year=one["from_year"])
    said = CUT_BY_STEPS if steps and action == CUT else MEASURES.get(action, OTHER)
    return words(said, what=_what(one, words), units=units, year=one["from_year"], share=share, steps=steps)


def _what(one: Mapping[str, Any], words: Words) -> str:
    """Return the target of a measure: devices, a fuel, where mercury goes, or a limit."""
    if one["action"] == "emission_limit":
        if one["value"] is None:
            return str(one["target"])
        limit = words(LIMIT, value=words.number(one["value"]), unit=one["unit"])
        return limit if one.get("o2") is None else words(AT_OXYGEN, limit=limit, oxygen=words.number(one["o2"]))
    if one["action"] in DEVICES:
        return controls(one["target"], words)
    if one["action"] == CUT:
        return kilograms(one["target"], words)
    return columns_named(shares(one["target"], words), words) if one["target"] else one["action"].replace("_", " ")
