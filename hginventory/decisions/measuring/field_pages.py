"""Pages of the form to print, of the rows of a programme."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hginventory.decisions.measuring.methods import Stack, method_texts
from hginventory.decisions.sensitivity import LIMESTONE_ANALYSIS
from hginventory.factors import load_library
from hginventory.inputs.fleet import CEMS, COAL_ANALYSIS, CONCENTRATION, CONTENT, STACK_TEST
from hginventory.inputs.template import FormPage
from hginventory.translations import TranslatableText, Translator

DRY_0C = "dry_0c"  # state of the gas that concentrations of the program have
UNITS = {CONCENTRATION: "ug/Nm3", CONTENT: "mg/kg"}
KINDS = {
    COAL_ANALYSIS: "coal analysis",
    LIMESTONE_ANALYSIS: "limestone analysis",
    STACK_TEST: "stack test",
    CEMS: "continuous monitor",
}
INSTRUCTIONS = {
    COAL_ANALYSIS: "Sample the coal that {plant} burns: {campaign}. Write the mean, its standard error (kind sd) and "
    "the number of samples into the result below.",
    LIMESTONE_ANALYSIS: "Analyse the limestone or raw meal of {plant} for mercury, dry. Write the mean to {cell}.",
    STACK_TEST: "Measure mercury at the stack of {plant}, {unit}: {campaign}. Write the mean of the runs into the "
    "result below.",
    CEMS: "Measure mercury at the stack of {plant}, {unit} for a year. Write the mean of the year into the result "
    "below.",
}
EXPECTED, STATE = "{expected} (5 %: {low}) {unit}", "dry, 0 °C, {oxygen} % O2"
BELOW = "above the low end of what is expected"


def form_texts() -> list[str]:
    """Return every text of the pages that is to be translated, those of the table of methods last.

    >>> "coal analysis" in form_texts()
    True
    """
    stacks = [stack.value for stack in Stack]
    return [*KINDS.values(), *INSTRUCTIONS.values(), EXPECTED, STATE, BELOW, *stacks, *method_texts(load_library())]


def page_of(row: Mapping[str, Any], tr: Translator) -> FormPage:
    """Return the page of a measurement.

    Parameters
    ----------
    row : mapping of str to object
        A row of the table of a programme.
    tr : Translator
        Language of the page.
    """
    unit, of_gas = row["measured_in"] or UNITS[CONTENT], row["quantity"] == CONCENTRATION
    below = "" if row["told_at_p05"] else f" ({tr(BELOW)})"
    expected, limit = row["expected"], row["detection_limit"]
    amounts = {"expected": f"{expected:.3g}", "low": f"{row['expected_p05']:.2g}", "unit": unit}
    texts = {
        "Unit id": row["unit_id"],
        "Method": row["standard"],
        "What it measures": tr(row["measures"]),
        "Averaging": tr(row["averaging"]),
        "How often": _translated(row["campaign"], tr) or tr(row["frequency"]),
        "Stack": tr(row["stack"]),
        "Expected": "" if math.isnan(expected) else tr(EXPECTED).format(**amounts),
        "Detection limit": "" if math.isnan(limit) else f"{limit:g} {unit}, {tr(row['limit_is'])}{below}",
        "State of the gas": tr(STATE).format(oxygen=f"{row['reference_o2']:g}") if of_gas else "",
    }
    of_sheet = {
        "unit_id": row["unit_id"],
        "kind": row["kind"],
        "quantity": row["quantity"],
        "unit": unit,
        "basis": None if of_gas else "as_received",
        "reference_o2": row["reference_o2"] if of_gas else None,
        "gas_basis": DRY_0C if of_gas else None,
        "method": row["standard"],
    }
    names = dict.fromkeys(name for name in (row["plant"], row["unit"]) if isinstance(name, str))
    kind = str(row["kind"])
    title = f"{row['number']}. {', '.join(names)}: {tr(KINDS[kind])}"
    known = {label: text for label, text in texts.items() if text}
    instruction = tr(INSTRUCTIONS[kind]).format(
        plant=row["plant"],
        unit=row["unit"] if isinstance(row["unit"], str) else row["unit_id"],
        campaign=_translated(row["campaign"], tr),
        cell=row["cell"],
    )
    return FormPage(title, known, instruction, of_sheet if row["quantity"] else None, of_gas, unit)


def _translated(text: str, tr: Translator) -> str:
    """Return a text with what fills it in a language."""
    if not isinstance(text, TranslatableText):
        return tr(text)
    return tr(text.source).format(**{name: tr(str(part)) for name, part in text.parts.items()})
