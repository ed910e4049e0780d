"""What a column of a result is: label, unit, meaning and number format, in one place.

The workbook and docs/results.md are written from here. A name means the same in every table, unless
`IN_TABLE` says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hginventory.report.columns.result_column import (
    AMOUNT,
    COUNT,
    FLAG,
    GENERAL,
    ONE,
    SHARE,
    SMALL,
    YEAR,
    ResultColumn,
)


def _text(label: str, meaning: str) -> ResultColumn:
    return ResultColumn(label, "", meaning)


def _kg(label: str, meaning: str, unit: str = "kg") -> ResultColumn:
    return ResultColumn(label, unit, meaning, AMOUNT)


def _per_year(label: str, meaning: str) -> ResultColumn:
    return _kg(label, meaning, "kg/yr")


def _share(label: str, meaning: str) -> ResultColumn:
    return ResultColumn(label, "1", meaning, SHARE)


def _count(label: str, meaning: str, unit: str = "units") -> ResultColumn:
    return ResultColumn(label, unit, meaning, COUNT)


def _year(label: str, meaning: str) -> ResultColumn:
    return ResultColumn(label, "year", meaning, YEAR)


def _origin(label: str, meaning: str) -> ResultColumn:
    return _text(label, f"{meaning}: measured, reported, derived, default, or none where not used")


COLUMNS: Mapping[str, ResultColumn] = {
    # names and locations
    "unit_id": _text("Unit id", "Id of the boiler or kiln, as in the fleet workbook"),
    "plant": _text("Plant", "Site that the unit belongs to"),
    "unit": _text("Unit", "Name of the unit within its plant"),
    "sector": _text("Sector", "coal_power or cement_kiln"),
    "annex_d_category": _text("Annex D category", "coal_power, industrial_boiler or cement"),
    "category": _text("Annex D category", "coal_power, industrial_boiler or cement"),
    "country": _text("Country", "ISO code of three letters"),
    "admin1": _text("Province", "Province or state"),
    "owner": _text("Owner", "Owner or operator"),
    "captive": ResultColumn("Captive", "", "Whether the plant serves one industrial site", FLAG),
    "status": _text("Status", "operating, construction or another state of the tracker"),
    "boiler": _text("Boiler", "Boiler code"),
    "technology": _text("Steam cycle", "subcritical, supercritical and so on"),
    "coal_type": _text("Coal type", "Rank of the coal"),
    "kiln_type": _text("Kiln type", "Kiln code"),
    "train_recalled_share": _share("Recalled trains", "Share of the mix from rows recalled, at least in part"),
    "train": _text("Control train", "Controls in gas order; unknown: the mix of similar units is assumed"),
    "coal_class": _text("Coal class", "high_cl, low_cl or lignite; the removal efficiency depends on it"),
    "method": _text("Method", "How activity and mercury input were estimated"),
    # size and activity
    "capacity_gross_mw": ResultColumn("Gross capacity", "MW", "At the generator", ONE),
    "capacity_net_mw": ResultColumn("Net capacity", "MW", "Sent out; from gross where not given", ONE),
    "clinker_t_per_yr": ResultColumn("Clinker", "t/yr", "Clinker of a full year", COUNT),
    "generation_net_gwh_per_yr": ResultColumn("Net generation", "GWh/yr", "Electricity sent out in a full year", ONE),
    "capacity_factor": _share("Capacity factor", "Net generation over net capacity times 8760 h"),
    "net_efficiency": _share("Net efficiency", "Electricity sent out over heat of the coal, net calorific value"),
    "calorific_value_mj_per_kg": ResultColumn("Calorific value", "MJ/kg", "Net, as received", ONE),
    "coal_t_per_yr": ResultColumn("Coal burned", "t/yr", "As received, in a full year", COUNT),
    "hg_coal_mg_per_kg": ResultColumn("Mercury in coal", "mg/kg", "As received; a dry content was converted", SMALL),
    # years
    "start_year": _year("Start", "First year of operation; if blank, set by the retirement rule"),
    "start_origin": _origin("Start: origin", "Where the start year comes from"),
    "end_year": _year("First year closed", "First year without operation"),
    "remaining_years": ResultColumn("Remaining years", "years", "Operating years from the base year on", COUNT),
    "operates_in_base_year": ResultColumn("Runs in base year", "", "Whether the unit counts in the base year", FLAG),
    "inventory_status": _text("In the inventory", "operating (in base year), construction (starts later) or outside"),
    "year": _year("Year", "Calendar year"),
    # mercury
    "hg_in_kg_per_yr": _per_year("Mercury input", "In coal, raw meal and kiln fuel of a full year"),
    "hg_added_behind_kiln_kg_per_yr": _per_year("Added after the kiln", "In gypsum and ash; not part of the input"),
    "removal": _share("Removal", "Share of the mercury input that is not emitted to air"),
    "air_kg_per_yr": _per_year("Emissions to air", "Of a full year of operation; zero for a unit that never runs"),
    "air_base_year_kg": _kg("Emissions to air, base year", "Zero for a unit that does not run in the base year"),
    "lifetime_kg": _kg("Remaining-lifetime emissions", "To air, from the base year until the unit closes by the rule"),
    "g_per_gwh": ResultColumn("Rate, electricity", "g/GWh", "Emissions to air per net electricity", AMOUNT),
    "g_per_t_clinker": ResultColumn("Rate, clinker", "g/t", "Emissions to air per tonne of clinker", SMALL),
    "air_kg": _kg("Emissions to air", "Of all units that emit in the year"),
    "air_hg0_kg_per_yr": _per_year("Air, elemental", "Hg0 emitted from the stack"),
    "air_hg2_kg_per_yr": _per_year("Air, oxidised", "Gaseous Hg2+ emitted from the stack"),
    "air_hgp_kg_per_yr": _per_year("Air, particulate", "Particle-bound mercury emitted from the stack"),
    "bottom_ash_kg_per_yr": _per_year("Bottom ash", "Not released by the boiler"),
    "fly_ash_kg_per_yr": _per_year("Fly ash", "Removed by the dust collector"),
    "fgd_solids_kg_per_yr": _per_year("Scrubber solids", "Gypsum and sludge of flue gas desulphurisation"),
    "water_kg_per_yr": _per_year("Water", "Waste water of scrubbers"),
    "product_kg_per_yr": _per_year("Product", "In clinker and cement"),
    "waste_kg_per_yr": _per_year("Waste", "Dust removed for disposal"),
    "unknown_sink_kg_per_yr": _per_year("Unknown sink", "Removed by what no list shows, without a dust collector"),
    "unlisted_removal_kg_per_yr": _per_year("Unlisted removal", "Beyond the listed controls; part of the pathways"),
    "stated_limit": _text("Limit complied with", "Id of the limit at which the rate is cut; blank: none"),
    "listed_controls_kg_per_yr": _per_year("By listed controls", "Emissions to air before the rate is cut at a limit"),
    "p_listed_comply": _share("P(listed controls comply)", "Probability that the listed controls alone comply"),
    # origins
    "activity_origin": _origin("Activity: origin", "Generation, coal or clinker"),
    "hg_origin": _origin("Mercury: origin", "Mercury of the coal, or of the raw meal of a kiln"),
    "calorific_value_origin": _origin("Calorific value: origin", "Calorific value, or mercury of the fuel of a kiln"),
    "efficiency_origin": _origin("Efficiency: origin", "Net efficiency, or heat use of a kiln"),
    "train_origin": _origin("Train: origin", "Control train"),
    "removal_origin": _origin("Removal: origin", "Removal of the train, or air share of a kiln"),
    # ranking and concentration
    "rank": ResultColumn(
        "Rank", "1", "In its sector (combined: among all), largest first; equal values in order of ids", COUNT
    ),
    "share": _share("Share", "Of remaining-lifetime emissions of its sector (combined: of all units of the run)"),
    "cumulative_share": _share("Cumulative share", "Of this unit and all with a higher rank, in its sector"),
    "sector_rank": ResultColumn("Rank in sector", "1", "Among the units of its sector", COUNT),
    "sector_share": _share("Share of sector", "Of remaining-lifetime emissions of its sector"),
    "units": _count("Units", "Number of units"),
    "units_operating": _count("Units operating", "Units with emissions to air in the year"),
    "past_age_kg": _kg("Past their lifetime",
        "Emissions in the base year of units that the rule closes after it; with kilns without start year"),
    "cumulative_kg": _kg("Cumulative", "From the base year on, of units within their lifetime"),
    # certainty, from draws
    "top_class": _text("In the top", "certain (over 95 % of the draws), likely (50 %), contested (5 %) or no"),
    "quantity": _text("Quantity", "What is summed"),
    # coverage and gaps
    "units_total": _count("Units in category", "Units of the category that operate in the base year"),
    "emission_kg": _kg("Emissions to air, base year", "Of the category, or of the units counted"),
    "smallest_set_size": _count("Units in the set", "Fewest units that account for 75 % of emissions of the category"),
    "covered_kg": _kg("Covered", "Base-year emissions of the set"),
    "covered_share": _share("Covered share", "Of base-year emissions of the category"),
    "p_covers": _share("Probability of 75 %", "Share of the draws in which the set accounts for 75 % of the category"),
    "factor": _text("Factor", "Kind of input"),
    "kg_on_default": _kg("On default values", "Base-year emissions of units with a default value"),
    "share_on_default": _share("On default values", "Share of base-year emissions of the sector"),
    "kg_on_recalled_or_judged": _kg("On recalled or judged rows", "Based on rows not read in their source"),
    "share_on_recalled_or_judged": _share("On recalled or judged rows", "Share of base-year emissions of the sector"),
    "kg_on_recalled": _kg("On recalled rows", "Based on rows recalled, at least in part; of a mix the share"),
    "share_on_recalled": _share("On recalled rows", "Share of base-year emissions of the sector"),
    "place": _text("Cell", "Cell of the fleet workbook"),
    "column": _text("Column", "Column of the fleet workbook to fill in"),
    "units_served": _count("Units served", "Units for which this cell would be used"),
    "relative_spread": _share("Spread of the default", "Standard deviation over mean of the default value"),
    "kg_at_stake": _kg("At stake", "Remaining-lifetime emissions of these units times the spread"),
    # measurements
    "first": _text("First day", "Of the measurement"),
    "last": _text("Last day", "Of the measurement"),
    "kind": _text("Kind", "stack_test, CEMS or coal_analysis"),
    "measured": ResultColumn("Measured", "1", "In the unit of the row, on the basis of the measurement", AMOUNT),
    "predicted": ResultColumn("Expected", "1", "Mean without it; emissions: without any measurement", AMOUNT),
    "after": ResultColumn("Used", "1", "Mean used by the run, between measured and expected", AMOUNT),
    "z": ResultColumn("z", "1", "Standard deviations between the two, on a log scale; above 3 they conflict", "0.0"),
    "predicted_ln_sd": ResultColumn("Ln-sd expected", "1", "Without it; removal: of the share left", "0.00"),
    "measured_ln_sd": ResultColumn("Ln-sd measured", "1", "Including differences between years", "0.00"),
    "weight": _share("Weight", "Of all measurements of this quantity together, compared with the expected value"),
    "cell": _text("Cell", "Cell of the workbook"),
    # factor rows, findings, settings, sources
    "row_id": _text("Factor row", "Id as in `hginv factors show ID`"),
    "parameters": _text("Used for", "Parameters that use the row"),
    "value": ResultColumn("Value", "1", "Arithmetic mean, in the unit of the row", AMOUNT),
    "basis": _text("Basis", "What the value refers to"),
    "distribution": _text("Distribution", "Shape of the uncertainty"),
    "spread": ResultColumn("Spread", "1", "Standard deviation; of logarithms where lognormal", GENERAL),
    "low": ResultColumn("Low", "1", "Lower bound", GENERAL),
    "high": ResultColumn("High", "1", "Upper bound", GENERAL),
    "read_from": _text("Mark", "read in the source, recalled unseen, or our judgement; cell: your workbook"),
    "citation": _text("Source", "Author, title, year"),
    "locator": _text("Where in the source", "Page or table"),
    "note": _text("Note", "What a reader should know"),
    "code": _text("Code", "Code of the finding; its meaning never changes"),
    "name": _text("Name", "The code in words"),
    "severity": _text("Severity", "error, warning or note"),
    "found": _text("Found", "What was found in the cell"),
    "allowed": _text("Meaning", "What is allowed, or what the program did"),
    "remedy": _text("What to do", "How to correct it"),
    "count": _count("Cells", "Number of cells with this finding; the row names the first", "cells"),
    "setting": _text("Setting", "What was set or used"),
    "origin": _text("Origin", "option, cell of the sheet Settings, or default"),
    "source_id": _text("Source id", "Short name used in the fleet workbook"),
    "url": _text("Address", "Web address or file"),
    "date_read": _text("Read on", "When it was read"),
    "licence": _text("Licence", "Terms of use"),
    "sheet": _text("Sheet", "Sheet of this workbook"),
    "label": _text("Label", "Text in the first row"),
    "meaning": _text("Meaning", "What the value means"),
}  # fmt: skip

IN_TABLE: Mapping[tuple[str, str], ResultColumn] = {
    ("factors_used", "unit"): _text("Unit", "Unit of measure of value, low and high"),
    ("measurements", "unit"): _text("Unit", "Unit of measure of measured, expected and used"),
    ("measurements", "quantity"): _text("Quantity", "What was measured, as in the sheet Measurements"),
    ("columns", "unit"): _text("Unit", "Unit as shown"),
    ("totals", "unit"): _text("Unit", "Unit of measure of mean and percentiles"),
    ("totals", "sector"): _text("Sector", "coal_power, cement_kiln or combined"),
    ("columns", "name"): _text("Name", "Stable name, as in the CSV files"),
    ("settings", "value"): _text("Value", "What was used"),
    ("coverage_sets", "rank"): ResultColumn("Rank in category", "1", "By base-year mercury, largest first", COUNT),
    ("coverage_sets", "share"): _share("Share of category", "Of base-year emissions of the category"),
    ("concentration", "units"): _count("Largest units", "Number of largest units"),
    ("concentration", "coal_power_share"): _share("Coal power", "Of remaining-lifetime emissions of its sector"),
    ("concentration", "cement_kiln_share"): _share("Cement kilns", "Of remaining-lifetime emissions of its sector"),
    ("concentration", "combined_share"): _share("Both together", "Of remaining-lifetime emissions of all units"),
    ("pareto", "label"): _text("Name in the chart", "Plant and unit, shortened"),
    ("pareto", "coal_power_kg"): _kg("Remaining-lifetime emissions, coal power", "If the unit burns coal for power"),
    ("pareto", "cement_kiln_kg"): _kg("Remaining-lifetime emissions, cement kilns", "If the unit is a kiln"),
    ("trajectory", "coal_power_kg"): _kg("Emissions to air, coal power", "Of units within their lifetime"),
    ("trajectory", "cement_kiln_kg"): _kg("Emissions to air, cement kilns", "Of units within their lifetime"),
    ("trajectory", "combined_kg"): _kg("Emissions to air, all units", "Base year: with units past their lifetime"),
    ("trajectory", "coal_power_units"): _count("Coal units operating", "Units with emissions to air in the year"),
    ("trajectory", "cement_kiln_units"): _count("Kilns operating", "Units with emissions to air in the year"),
}  # fmt: skip


STATISTICS: Mapping[str, str] = {
    "mean": "Mean of the draws",
    "median": "Half of the draws are below",
    "p05": "5 % of the draws are below",
    "p25": "25 % of the draws are below",
    "p50": "Half of the draws are below",
    "p75": "75 % of the draws are below",
    "p95": "95 % of the draws are below",
}
P_TOP = "p_top"


def column(name: str, table: str = "") -> ResultColumn:
    """Return what a column is; one that is not described is shown under its own name.

    Parameters
    ----------
    name : str
        Column of a result.
    table : str
        Its table, by the name of the CSV file.

    Examples
    --------
    >>> column("lifetime_kg").unit
    'kg'
    >>> column("unit", "factors_used").meaning
    'Unit of measure of value, low and high'
    >>> column("lifetime_kg_p95").label
    'Remaining-lifetime emissions, p95'
    """
    known = IN_TABLE.get((table, name)) or COLUMNS.get(name) or _of_draws(name, table)
    return known or ResultColumn(name.replace("_", " "), "1", "", GENERAL)


def _of_draws(name: str, table: str) -> ResultColumn | None:
    """Return what a statistic of draws is: that of a column, a bare one, or the chance to be among the largest."""
    if name in STATISTICS:
        return ResultColumn(name, "1", f"{STATISTICS[name]}, in the unit of the row", AMOUNT)
    if name.startswith(P_TOP):
        return _share(
            f"In the top {name.removeprefix(P_TOP)}",
            "Share of the draws in which the unit is among so many largest of its sector (combined: of all units)",
        )
    base, _, statistic = name.rpartition("_")
    central = IN_TABLE.get((table, base)) or COLUMNS.get(base)
    if statistic not in STATISTICS or central is None:
        return None
    return replace(central, label=f"{central.label}, {statistic}", meaning=STATISTICS[statistic])
