"""Example rows of the template. Plants and numbers are invented; the reader leaves the rows out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from hginventory.translations import Translator

MARK = "EXAMPLE"  # begins the note in every language, since the reader looks for it
NOTE = "invented row, left out when the file is read. Delete it, or overwrite it and clear this note."
PLANT, CEMENT_PLANT, MINE, SOURCE = (
    "Example power plant",
    "Example cement works",
    "Example mine",
    "Example report, 2025",
)
DESCRIPTION, REASON = "Brominated carbon at the large units", "Analyses of the national laboratory"


def example_rows(tr: Translator, country: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the example rows of every sheet, in the units of the schema.

    Parameters
    ----------
    tr : Translator
        For names in words.
    country : str
        ISO code of three letters.
    """
    end = {"source_id": "EX-S1", "note": f"{MARK}: {tr(NOTE)}"}
    coal = {"plant": tr(PLANT), "country": country, "status": "operating", **end}
    kiln = {"plant": tr(CEMENT_PLANT), "country": country, "status": "operating", **end}
    return {
        "Coal_units": (
            {  # much is known
                **coal, "unit_id": "EX-1", "unit": "1", "latitude": -6.0, "longitude": 106.5, "start_year": 1998,
                "capacity_gross": 400, "capacity_net": 372, "generation_net": 2280, "net_efficiency": 0.33,
                "technology": "subcritical", "boiler": "PC", "fuel_id": "EX-F1", "pm_control": "ESPc",
                "so2_control": "none", "nox_control": "LNB", "hg_control": "none", "captive": False,
                "data_quality": "measured",
            },
            {  # as in most plants
                **coal, "unit_id": "EX-2", "unit": "2", "start_year": 2012, "capacity_gross": 600, "boiler": "PC",
                "coal_type": "subbituminous", "hg_coal": 0.06, "hg_basis": "as_received", "hg_coal_n": 12,
                "pm_control": "ESPc", "so2_control": "swFGD", "nox_control": "unknown", "hg_control": "none",
            },
            {  # enough for a ranking
                **coal, "unit_id": "EX-3", "unit": "3", "status": "construction", "start_year": 2028,
                "capacity_gross": 600,
            },
        ),
        "Cement_kilns": (
            {
                **kiln, "unit_id": "EX-K1", "unit": "1", "start_year": 2004, "kiln_type": "precalciner",
                "clinker_capacity": 2_000_000, "utilisation": 0.75, "hg_limestone": 0.03,
                "fuels": "coal:0.9; petcoke:0.1",
                "controls": "FF", "dust_bleed_on": 0, "dust_bleed_off": 0, "data_quality": "measured",
            },
            {
                **kiln, "unit_id": "EX-K2", "unit": "2", "start_year": 1990, "cement_capacity": 1_500_000,
                "controls": "unknown",
            },
        ),
        "Fuels": (
            {
                "fuel_id": "EX-F1", "supplier": tr(MINE), "country": country, "coal_type": "subbituminous",
                "hg_coal": 0.05, "hg_basis": "as_received", "hg_coal_sd": 0.02, "hg_coal_n": 24, "moisture": 0.28,
                "cl_coal": 80, "calorific_value": 19.5, "cv_basis": "net_as_received", **end,
            },
        ),
        "Activity": (
            {"unit_id": "EX-1", "year": 2024, "variable": "generation_net", "value": 2210, "unit": "GWh", **end},
            {"unit_id": "EX-1", "year": 2025, "variable": "coal_use", "value": 1_290_000, "unit": "t", **end},
        ),
        "Measurements": (
            {
                "unit_id": "EX-1", "date": datetime.date(2024, 5, 14), "kind": "stack_test",
                "quantity": "hg_concentration",
                "value": 4.8, "unit": "ug/Nm3", "reference_o2": 7, "gas_basis": "dry_25c", "uncertainty": 0.2,
                "uncertainty_kind": "ru95", "n": 3, "method": "EPA 30B", **end,
            },
        ),
        "Factors": (
            {
                "factor_id": "cement_material/limestone/WLD", "value": 0.03, "unit": "mg/kg", "low": 0.01, "high": 0.07,
                "reason": tr(REASON), **end,
            },
        ),
        "Measures": (
            {
                "scenario": "carbon_2030", "select": "capacity_gross >= 600 and pm_control == 'ESPc'",
                "action": "add_control", "target": "ACI-Br", "from_year": 2030, "phase_in": 3, **end,
            },
        ),
        "Scenarios": ({"name": "carbon_2030", "description": tr(DESCRIPTION), "note": end["note"]},),
        "Sources": ({"source_id": "EX-S1", "citation": tr(SOURCE), "note": end["note"]},),
    }  # fmt: skip
