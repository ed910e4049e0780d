"""The sheets other than those of units: fuels, activity by year, own factors, sources, settings."""

from __future__ import annotations

from hginventory import vocabulary as v
from hginventory.inputs.schema.column import Column, Sheet
from hginventory.inputs.schema.common import CLOSING, COAL_QUALITY, CONFIRMED

FUELS = Sheet(
    "Fuels",
    "Fuels by supplier, named in fuel_id of the units.",
    "fuel_id",
    (
        Column(
            "fuel_id",
            "text",
            "Fuel id",
            "Name used in Coal_units!fuel_id and Cement_kilns!fuels.",
            required=True,
        ),
        Column("supplier", "text", "Supplier", "Mine or company."),
        Column("country", "country", "Country of origin", "ISO code of the country in which the coal was mined."),
        *COAL_QUALITY,
        CONFIRMED,
        *CLOSING,
    ),
)

ACTIVITY_VARIABLES = v.CodeList(
    "activity variable",
    {
        "generation_gross": "gross generation [GWh]",
        "generation_net": "net generation [GWh]",
        "coal_use": "coal burned as received [t]",
        "heat_input_net": "heat of the coal burned, net calorific value [TJ]",
        "heat_input_gross": "heat of the coal burned, gross calorific value [TJ]",
        "capacity_factor": "capacity factor [1]",
        "clinker_output": "clinker made [t]",
    },
    {
        "generation_gross": ("generation",),
        "coal_use": ("coal", "coal_consumption"),
        "clinker_output": ("clinker",),
    },
)
ACTIVITY_UNITS = {
    "generation_gross": ("GWh", ("GWh", "MWh", "TWh")),
    "generation_net": ("GWh", ("GWh", "MWh", "TWh")),
    "coal_use": ("t", ("t", "kt", "Mt", "short_ton")),
    "heat_input_net": ("TJ", ("TJ", "GJ", "PJ", "MMBtu")),
    "heat_input_gross": ("TJ", ("TJ", "GJ", "PJ", "MMBtu")),
    "capacity_factor": ("1", ("1", "%")),
    "clinker_output": ("t", ("t", "kt", "Mt", "short_ton")),
}
CONFIRMED_YEAR = v.CodeList(
    "confirmation",
    dict.fromkeys(("value", "yes", "ya"), "the value of the row was checked"),
    {"yes": ("y", "true", "x", "1", "oui", "si")},
)
ACTIVITY = Sheet(
    "Activity",
    "Activity of single years; beats the normal year of the unit sheets.",
    "unit_id",
    (
        Column("unit_id", "text", "Unit id", "A unit of the unit sheets.", required=True),
        Column("year", "year", "Year", "Calendar year.", "yr", low=1900, high=2150, required=True),
        Column("variable", "code", "Variable", "What was counted.", codes=ACTIVITY_VARIABLES, required=True),
        Column("value", "number", "Value", "Amount of the year.", low=0, high=1e9, required=True),
        Column(
            "unit",
            "text",
            "Unit of measure",
            "Unit of the value: GWh, MWh or TWh; t, kt, Mt or short_ton; TJ, GJ, PJ or MMBtu; 1 or % for a factor.",
            required=True,
            suggestions=tuple(dict.fromkeys(unit for _, units in ACTIVITY_UNITS.values() for unit in units)),
        ),
        Column("source_id", "text", "Source", "Id of a row of the sheet Sources."),
        Column(
            "confirmed",
            "code",
            "Confirmed",
            "value, or yes: the odd value of this row was checked and is right.",
            codes=CONFIRMED_YEAR,
        ),
        Column("note", "text", "Note", "Anything a reader should know."),
    ),
)

FACTORS = Sheet(
    "Factors",
    "National or plant values that replace rows of the factor tables, with reason and source.",
    "factor_id",
    (
        Column("factor_id", "text", "Factor", "Id of a factor row, as in `hginv factors list`.", required=True),
        Column("value", "number", "Value", "New arithmetic mean.", required=True),
        Column(
            "unit",
            "text",
            "Unit of measure",
            "Unit of the value; must be that of the row or convertible to it.",
            required=True,
        ),
        Column("low", "number", "Low", "5th percentile, if known."),
        Column("high", "number", "High", "95th percentile, if known."),
        Column("reason", "text", "Reason", "Why the table value does not apply.", required=True),
        Column("source_id", "text", "Source", "Id of a row of the sheet Sources.", required=True),
        Column("note", "text", "Note", "Anything a reader should know."),
    ),
)

SOURCES = Sheet(
    "Sources",
    "Where the numbers of the workbook come from.",
    "source_id",
    (
        Column("source_id", "text", "Source id", "Short name used in source_id columns.", required=True),
        Column("citation", "text", "Citation", "Author, title, year.", required=True),
        Column("url", "text", "Address", "Web address or file."),
        Column("date_read", "text", "Date read", "When it was read."),
        Column("licence", "text", "Licence", "Terms of use."),
        Column("note", "text", "Note", "Anything a reader should know."),
    ),
)

SETTINGS: tuple[Column, ...] = (
    Column("fleet_name", "text", "Fleet", "Title shown on results."),
    Column("country", "country", "Country", "Country of units whose country cell is blank.", essential="country"),
    Column(
        "base_year",
        "year",
        "Base year",
        "First remaining year; year of the annual figures.",
        "yr",
        low=1990,
        high=2100,
        essential="base_year",
    ),
    Column(
        "data_year",
        "year",
        "Data year",
        "Year the fleet describes; base year where none is set.",
        "yr",
        low=1990,
        high=2100,
    ),
    Column(
        "rule",
        "text",
        "Retirement rule",
        "When a unit closes: icsc_40, gem_40, gem_35 or crea_30.",
        suggestions=("icsc_40", "gem_40", "gem_35", "crea_30"),
    ),
    Column(
        "lifetime_spread",
        "number",
        "Spread of lifetimes",
        "Years by which a unit may close earlier or later at most, in the draws; 0 or blank: lifetimes are fixed.",
        "yr",
        low=0,
        high=30,
    ),
    Column(
        "profile",
        "text",
        "Removal profile",
        "Table of removals: default, epa_emf or gma_levels.",
        suggestions=("default", "epa_emf", "gma_levels"),
    ),
    Column(
        "captive_category",
        "code",
        "Category of captive plants",
        "coal_power or industrial_boiler (Annex D).",
        codes=v.CAPTIVE_CATEGORIES,
    ),
    Column(
        "limits_in_force",
        "text",
        "Limits in force",
        "Emission limits that all units of a country comply with: ids with their first year, as "
        "'usa_lll_existing 2015', several joined by +. Blank: nothing is known.",
    ),
    Column(
        "entry_into_force",
        "date",
        "Entry into force",
        "Date on which the Minamata Convention entered into force for the Party.",
    ),
    Column(
        "decimal_sign",
        "code",
        "Decimal sign",
        "point or comma: how numbers stored as text are read.",
        codes=v.DECIMAL_SIGNS,
    ),
    Column("notice", "text", "Notice", "A sentence that every result of this fleet must carry."),
)
