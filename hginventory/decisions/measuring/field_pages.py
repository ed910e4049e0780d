"""Pages of the form to print, of the rows of a programme."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hginventory.inputs.fleet import CONCENTRATION, CONTENT
from hginventory.inputs.template import FormPage

DRY_0C = "dry_0c"  # state of the gas that concentrations of the program have
UNITS = {CONCENTRATION: "ug/Nm3", CONTENT: "mg/kg"}


def page_of(row: Mapping[str, Any]) -> FormPage:
    """Return the page of a measurement.

    Parameters
    ----------
    row : mapping of str to object
        A row of the table of a programme.
    """
    unit, of_gas = row["measured_in"] or UNITS[CONTENT], row["quantity"] == CONCENTRATION
    state = f"dry, 0 °C, {row['reference_o2']:g} % O2" if of_gas else ""
    below = "" if row["told_at_p05"] else " (above the low end of what is expected)"
    expected, limit = row["expected"], row["detection_limit"]
    texts = {
        "Unit id": row["unit_id"],
        "Method": row["standard"],
        "What it measures": row["measures"],
        "Averaging": row["averaging"],
        "How often": row["frequency"],
        "Stack": row["stack"],
        "Expected": "" if math.isnan(expected) else f"{expected:.3g} (5 %: {row['expected_p05']:.2g}) {unit}",
        "Detection limit": "" if math.isnan(limit) else f"{limit:g} {unit}, {row['limit_is']}{below}",
        "State of the gas": state,
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
    title = f"{row['number']}. {', '.join(names)}: {str(row['kind']).replace('_', ' ')}"
    known = {label: text for label, text in texts.items() if text}
    return FormPage(title, known, row["words"], of_sheet if row["quantity"] else None, of_gas, unit)
