"""The sheets Measurements, Measures and Scenarios: part of the contract from version 1.0.

The reader of fleets reads measurements; the scenarios read the other two.
"""

from __future__ import annotations

from hginventory import vocabulary as v
from hginventory.inputs.schema.column import Column, Sheet
from hginventory.inputs.schema.common import CLOSING

MEASUREMENT_KINDS = v.CodeList(
    "kind of measurement",
    {
        "stack_test": "test at the stack over hours or days",
        "CEMS": "continuous measurement, or sorbent traps over weeks",
        "coal_analysis": "analysis of the coal",
    },
    {
        "stack_test": ("stack test", "test", "uji emisi"),
        "CEMS": ("continuous", "sorbent trap"),
        "coal_analysis": ("coal analysis", "analysis", "analisis batubara"),
    },
)
MEASURED_QUANTITIES = v.CodeList(
    "measured quantity",
    {
        "hg_concentration": "mercury in the flue gas, at reference_o2 and gas_basis",
        "hg_rate": "mercury leaving the stack per hour",
        "hg_yearly": "mercury leaving the stack in a year",
        "hg_per_gwh": "mercury to air per net generation",
        "hg_per_gwh_gross": "mercury to air per gross generation",
        "hg_per_heat": "mercury to air per heat input, net calorific value",
        "hg_per_heat_gross": "mercury to air per heat input, gross calorific value, as lb/TBtu of US sources",
        "removal": "share of the mercury in the coal that does not leave the stack",
        "hg_coal": "mercury in the coal",
        "cl_coal": "chlorine in the coal",
        "moisture": "moisture of the coal as received",
        "calorific_value": "heating value of the coal",
    },
)
# Quantity -> unit inside the program, and the units that may be written.
MEASUREMENT_UNITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "hg_concentration": ("ug/Nm3", ("ug/Nm3", "mg/Nm3")),
    "hg_rate": ("g/h", ("g/h", "kg/h", "lb/h")),
    "hg_yearly": ("kg/yr", ("kg/yr", "g/yr", "t/yr", "lb/yr")),
    "hg_per_gwh": ("g/GWh", ("g/GWh", "mg/MWh", "lb/GWh", "lb/TWh")),
    "hg_per_gwh_gross": ("g/GWh", ("g/GWh", "mg/MWh", "lb/GWh", "lb/TWh")),
    "hg_per_heat": ("g/TJ", ("g/TJ", "mg/GJ", "lb/TBtu")),
    "hg_per_heat_gross": ("g/TJ", ("g/TJ", "mg/GJ", "lb/TBtu")),
    "removal": ("1", ("1", "%")),
    "hg_coal": ("mg/kg", ("mg/kg", "ug/kg", "g/t", "ppm", "ppb")),
    "cl_coal": ("mg/kg", ("mg/kg", "ug/kg", "g/t", "ppm", "ppb", "%")),
    "moisture": ("1", ("1", "%")),
    "calorific_value": ("MJ/kg", ("MJ/kg", "GJ/t", "kcal/kg", "kJ/kg", "Btu/lb", "MMBtu/short_ton")),
}
VALUE_BASES = v.CodeList(
    "basis of a measured value",
    {**v.MERCURY_BASES.meanings, **{c: v.CALORIFIC_BASES.meanings[c] for c in v.CALORIFIC_BASES.codes[:3]}},
    {
        **v.MERCURY_BASES.spellings,
        **{code: v.CALORIFIC_BASES.spellings[code] for code in v.CALORIFIC_BASES.codes[:3]},
    },
)
GAS_BASES = v.CodeList(
    "state of the flue gas",
    {
        "dry_0c": "dry, 0 °C, 101.325 kPa",
        "dry_20c": "dry, 20 °C, 101.325 kPa",
        "dry_25c": "dry, 25 °C, 101.325 kPa",
        "wet_0c": "wet, 0 °C, 101.325 kPa",
    },
)
UNCERTAINTY_KINDS = v.CodeList(
    "kind of uncertainty",
    {
        "sd": "standard deviation, in the unit of the value",
        "rsd": "standard deviation over the value, a share",
        "u95": "half width of the 95 % interval, in the unit of the value",
        "ru95": "half width of the 95 % interval over the value, a share",
    },
)
MEASUREMENTS = Sheet(
    "Measurements",
    "Stack tests, continuous measurements and coal analyses. They change the numbers of their unit.",
    "unit_id",
    (
        Column(
            "unit_id",
            "text",
            "Unit id",
            "A unit of the unit sheets, or units of one plant that share a stack, as 'U1; U2'. A coal analysis counts "
            "for the coal of its plant.",
            required=True,
        ),
        Column("date", "date", "Date", "Day of the measurement, or first day of its period.", required=True),
        Column("date_to", "date", "Last day", "Last day of the period. Blank: one day."),
        Column("kind", "code", "Kind", "What kind of measurement it is.", codes=MEASUREMENT_KINDS, required=True),
        Column("quantity", "code", "Quantity", "What was measured.", codes=MEASURED_QUANTITIES, required=True),
        Column("value", "number", "Value", "Mean of the runs or analyses.", low=0, high=1e9, required=True),
        Column(
            "unit",
            "text",
            "Unit of measure",
            "Unit of the value, as ug/Nm3 for a concentration or mg/kg for a content.",
            required=True,
            suggestions=tuple(dict.fromkeys(unit for _, units in MEASUREMENT_UNITS.values() for unit in units)),
        ),
        Column("basis", "code", "Basis", "Basis of a content or heating value of coal.", codes=VALUE_BASES),
        Column(
            "reference_o2",
            "number",
            "Reference oxygen",
            "Oxygen content to which a concentration was converted.",
            "%",
            low=0,
            high=20.9,
        ),
        Column(
            "gas_basis",
            "code",
            "State of the gas",
            "Temperature and moisture of the gas volume. Blank: dry, 0 °C.",
            codes=GAS_BASES,
        ),
        Column(
            "uncertainty",
            "number",
            "Uncertainty",
            "Uncertainty of the value, of the kind in uncertainty_kind.",
            low=0,
            high=1e9,
        ),
        Column("uncertainty_kind", "code", "Kind of uncertainty", "What the uncertainty is.", codes=UNCERTAINTY_KINDS),
        Column("n", "number", "Number", "Runs of the test, hours of the period or analyses.", "1", low=1, high=1e6),
        Column("method", "text", "Method", "Standard or method, as EN 13211 or EPA 30B."),
        *CLOSING[1:],
    ),
)

ACTIONS = v.CodeList(
    "action",
    {
        "add_control": "add the devices named in target",
        "replace_controls": "replace all devices by those named in target",
        "switch_coal": "burn the fuel named in target; value is its share of the heat",
        "wash_coal": "wash the coal; value is the share of mercury taken out",
        "cofire_biomass": "burn biomass; value is its share of the heat",
        "raise_efficiency": "burn less coal for the same output; value is the share saved",
        "set_capacity_factor": "run at the capacity factor in value",
        "cap_capacity_factor": "run at no more than the capacity factor in value",
        "bleed_dust": "bleed the share in value of captured kiln dust, more than usual or instead of a given one",
        "cut_emission": "move the share in value of emissions to the pathways in target",
        "emission_limit": "meet the limit in value, or the limit named in target, at least cost",
        "best_step": "retrofit each unit at lowest cost per kg; value is the number of units, best first",
        "retire": "close at the start of from_year, earlier or later than the rule says",
        "exclude": "leave the units out, as those never built",
        "include": "count the units, as those planned",
    },
)
MEASURES = Sheet(
    "Measures",
    "What a scenario does, to which units and when. One row per measure.",
    "scenario",
    (
        Column("scenario", "text", "Scenario", "Name of a scenario of the sheet Scenarios.", required=True),
        Column(
            "select",
            "text",
            "Units chosen",
            "Which units, as unit_id == 'SRL-1' or capacity_gross > 300 and pm_control == 'ESPc'. Blank: all units.",
            aliases=("where",),
        ),
        Column("action", "code", "Action", "What is done.", codes=ACTIONS, required=True),
        Column("target", "text", "Target", "Devices as ACI+FF, a fuel id, or the id of a limit."),
        Column("value", "number", "Value", "Number the action needs.", low=0, high=1e9),
        Column(
            "unit", "text", "Unit of measure", "Unit of the value.", suggestions=("1", "%", "ug/Nm3", "mg/Nm3", "g/GWh")
        ),
        Column(
            "reference_o2",
            "number",
            "Reference oxygen",
            "Oxygen content to which an emission limit refers. Blank: that of the sector.",
            "%",
            low=0,
            high=20.9,
            aliases=("o2",),
        ),
        Column(
            "from_year",
            "year",
            "From year",
            "First year in which the measure works. Blank for exclude and include: the first year of the run.",
            "yr",
            low=1990,
            high=2150,
        ),
        Column(
            "to_year",
            "year",
            "To year",
            "Last year in which it works. Blank: to the end of life.",
            "yr",
            low=1990,
            high=2150,
        ),
        Column(
            "phase_in",
            "number",
            "Phase-in",
            "Years over which the units selected get the measure, the largest first. Blank: all in from_year.",
            "yr",
            low=0,
            high=60,
        ),
        Column(
            "options",
            "text",
            "Options",
            "Options of the catalogue that the measure carries out, as F1 or A2+P2; it costs what they cost. Blank: "
            "what the action costs.",
        ),
        *CLOSING[1:],
    ),
)

SCENARIOS = Sheet(
    "Scenarios",
    "Names of scenarios; the sheet Measures says what they do.",
    "name",
    (
        Column("name", "text", "Name", "Short name without spaces, as retrofit_2030.", required=True),
        Column("extends", "text", "Extends", "Scenario whose measures come first. Blank: the fleet as it is."),
        Column("description", "text", "Description", "One sentence for reports.", aliases=("title",)),
        Column(
            "rule",
            "text",
            "Retirement rule",
            "Rule of this scenario. Blank: that of the sheet Settings.",
            suggestions=("icsc_40", "gem_40", "gem_35", "crea_30"),
        ),
        CLOSING[-1],
    ),
)
