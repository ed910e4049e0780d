"""Columns that only plan tables have: label for people, unit, meaning, number format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hginventory.report.columns import (
    COLUMNS,
    COUNT,
    FLAG,
    P_TOP,
    SHARE,
    SMALL,
    STATISTICS,
    ResultColumn,
    column,
)
from hginventory.report.plan.measure_columns import MEASURE_COLUMNS, kg, number, text, year
from hginventory.translations import Translator

UNITS = ("year", "years", "units", "million USD", "million USD/yr", "kg/yr", "t/yr")  # that are words
AIR_IN_YEAR = "air_kg_"  # air_kg_2030: of scenarios, a column a year
LEVEL_WORDS = {"mean": "mean of draws", "median": "median", "p05": "low end", "p25": "lower quarter",
               "p50": "median", "p75": "upper quarter", "p95": "high end"}  # fmt: skip
_OF_YEAR, _IN_TOP = "Emissions to air in {year}", "In the top {count}"


PLAN_COLUMNS: Mapping[str, ResultColumn] = {
    # sources
    "source_name": text("Source"),
    "number": number("Number", "1", "In the unit of the next column"),
    "citation": text("Source of the data"),
    "url": text("Address"),
    "licence": text("Terms of use"),
    "toolkit_code": text("Toolkit code", "Category of the UNEP Toolkit"),
    "sub_category": text("Toolkit category"),
    "latitude": number("Latitude", "degrees", "", SMALL),
    "longitude": number("Longitude", "degrees", "", SMALL),
    "fuel_or_kiln_type": text("Fuel", "Coal type, or fuels of a kiln"),
    "technology": text("Technology", "Steam cycle, or type of kiln"),
    "capacity": number("Capacity", "1", "Gross, or of clinker, in the unit of the next column"),
    "capacity_unit": text("Unit of capacity"),
    "construction_start": year("Construction began", "Or a substantial modification"),
    "substantial_modification_date": text("Substantial modification", "For the Party to decide (Article 8(2)(d))"),
    "planned_retirement": year("Planned closure"),
    "controls": text("Controls"),
    "data_source": text("Source of the data"),
    # inventory
    "inventory_version": text("Version of the inventory"),
    "activity": number("Activity", "1", "Of the year, in the unit of the next column", COUNT),
    "activity_rate": number("Activity", "1", "Of the year, in the unit of the next column", COUNT),
    "activity_unit": text("Unit of activity"),
    "hg_input_kg": kg("Mercury input"),
    "hg_in_kg": kg("Mercury input"),
    "method_tier": text("Method", "tier3 measured, tier2 mass balance, tier1 emission factor"),
    "factor_ids": text("Factor rows", "Rows of N13 that the estimate is based on"),
    "ef_air": number("Emission factor", "1", "In the unit of the next column"),
    "ef_unit": text("Unit of the factor"),
    "hg0_kg": kg("Elemental mercury to air"),
    "hg2_kg": kg("Oxidised mercury to air"),
    "hgp_kg": kg("Particulate mercury to air"),
    "data_quality": text("Data quality", "Weakest origin of activity, mercury and controls"),
    # national
    "input_factor_g_per_t": number("Input factor", "g/t", "Mercury input over activity", SMALL),
    "water_kg": kg("To water"),
    "land_kg": kg("To land"),
    "product_kg": kg("In products"),
    "general_waste_kg": kg("General waste"),
    "sector_disposal_kg": kg("Sector-specific disposal"),
    "sum_check_kg": kg("Outputs less input"),
    "share_of_total": number("Share of the total to air", "1", "", SHARE),
    "units_running": number("Units running", "units", "", COUNT),
    # coverage
    "criterion": text("Criterion"),
    "units_covered": number("Sources covered", "units", "", COUNT),
    "covered_share_p05": number("Covered share, low end", "1", "5 % of the draws are below", SHARE),
    "p_covers": number("Probability of 75 %", "1", "Share of the draws in which 75 % are covered", SHARE),
    "guidance": text("Guidance"),
    "in_set": ResultColumn("In the smallest set", "", "", FLAG),
    "p_in_set": number("Probability in the set", "1", "Among the n largest (n: size of the set)", SHARE),
    # dates
    "party": text("Party"),
    "entry_into_force": text("Entry into force"),
    "source_class": text("New or existing"),
    "bat_deadline": text("Best techniques due", "Article 8(4), new sources"),
    "measures_deadline": text("Measures due", "Article 8(5), existing sources"),
    "years_left_at_deadline": number("Years left at the date", "years", "", COUNT),
    "evidence": text("Evidence"),
    "new_source_from": text("New if construction began after", "Article 8(2)(c)"),
    "plan_due": text("National plan due", "Article 8(3), where one is made"),
    "new_bat_due": text("Best techniques due", "Article 8(4), new sources"),
    "inventory_due": text("Inventory due", "Article 8(7)"),
    "existing_due": text("Measures due", "Article 8(5), existing sources"),
    "date_source": text("Source of the date"),
    **MEASURE_COLUMNS,
    # answers
    "question_id": text("Question"),
    "question": text("Question in words"),
    "answer": text("Answer"),
    "draft": text("Draft answer from the numbers"),
    "number_unit": text("Unit of the number"),
    "evidence_table": text("Table"),
    "evidence_row": text("Row"),
    "needs_human_input": text("To be added by a person"),
    # other estimates
    "source": text("Source"),
    "scope_definition": text("Their scope"),
    "their_kg": kg("Their estimate"),
    "their_low_kg": kg("Their estimate, low"),
    "their_high_kg": kg("Their estimate, high"),
    "our_year": year("Our year"),
    "our_units": number("Our sources", "units", "", COUNT),
    "our_kg": kg("Our estimate"),
    "ratio": number("Ours over theirs", "1"),
    "inside_interval": text("Their estimate in our 90 % interval"),
    "explanation": text("Explanation"),
    # factors
    "factor_id": text("Factor row"),
    "unit_of_value": text("Unit of the value"),
    "p05": number("5th percentile", "1", "Of the row by itself"),
    "p95": number("95th percentile", "1", "Of the row by itself"),
    "correlated_with": text("Error shared by", "Scopes and their parts of the variance"),
    "read_or_recalled": text("Mark"),
    "scope": text("Shared by"),
    "shared": ResultColumn("Common to many plants", "", "", FLAG),
    "variance_share": number("Share of the variance", "1", "Of the total that it explains alone", SHARE),
    "variance_share_error": number("Its standard error", "1", "", SHARE),
    "variance_share_at_all": number("With interactions", "1", "", SHARE),
    # recalculation
    "version_before": text("Version before"),
    "version_after": text("Version after"),
    "date": text("Date"),
    "change": text("Change"),
    "reason": text("Reason"),
    "affected_units": number("Units affected", "units", "", COUNT),
    "total_before_kg": kg("Total before"),
    "total_after_kg": kg("Total after"),
    "change_kg": kg("Change of the total"),
    "rank_before": number("Rank before", "1", "", COUNT),
    "rank_after": number("Rank after", "1", "", COUNT),
    "lifetime_kg_before": kg("Remaining-lifetime emissions before"),
    "lifetime_kg_after": kg("Remaining-lifetime emissions after"),
    "years left": kg("From years left"),
    "mercury content": kg("From mercury content"),
    "removal": kg("From removal"),
    "unit added": kg("Unit added"),
    "unit left out": kg("Unit left out"),
    "starts or ends at zero": kg("Starts or ends at zero"),
    "changed": text("Inputs that changed"),
}  # fmt: skip
SHARED = (  # described as in other results
    "unit_id", "plant", "unit", "sector", "annex_d_category", "country", "admin1", "owner", "status", "start_year",
    "year", "air_kg", "past_age_kg", "air_base_year_kg", "lifetime_kg", "remaining_years", "air_kg_per_yr", "g_per_gwh",
    "g_per_t_clinker", "rank", "share", "cumulative_share", "units", "top_class", "units_total", "emission_kg",
    "covered_kg", "covered_share", "smallest_set_size", "parameters", "value", "basis", "distribution", "locator",
    "note", "quantity", "factor",
)  # fmt: skip
IN_TABLE: Mapping[tuple[str, str], ResultColumn] = {
    ("N4a", "rank"): replace(
        COLUMNS["rank"], meaning="In its category, largest first; equal values in the order of ids"
    ),
    ("N4a", "cumulative_share"): replace(COLUMNS["cumulative_share"], meaning="Of this and all larger ones together"),
    ("N6d", "air_kg"): kg("Emissions to air", "Of units within their lifetime"),
    ("N1d", "number"): text("No."),
    ("N8b", "avoided_kg"): kg("Avoided to the end of life"),
    ("N12a", "year"): text("Their year"),
    ("N14a", "activity"): kg("From activity"),
    ("N14c", "activity"): kg("From activity"),
    ("N4c", "rank"): replace(
        COLUMNS["rank"], meaning="In its category, largest first; equal values in the order of ids"
    ),
}


def described(name: str, number: str, translate: Translator) -> ResultColumn:
    """Return what a column of a plan table is, its label in a language.

    Parameters
    ----------
    name : str
        Stable name of the column.
    number : str
        Table, as ``N3``.
    translate : Translator
        The language.

    Examples
    --------
    >>> from hginventory.translations import translator
    >>> described("avoided_kg_p95", "N6", translator("en")).label
    'Avoided, high end'
    """
    if name.startswith(AIR_IN_YEAR) and name.removeprefix(AIR_IN_YEAR).isdigit():
        return kg(translate(_OF_YEAR).format(year=name.removeprefix(AIR_IN_YEAR)))
    if name.startswith(P_TOP):
        return replace(column(name), label=translate(_IN_TOP).format(count=name.removeprefix(P_TOP)))
    found = IN_TABLE.get((number, name)) or PLAN_COLUMNS.get(name)
    base, _, statistic = name.rpartition("_")
    if found is None and statistic in STATISTICS and base in {*PLAN_COLUMNS, *COLUMNS}:
        central = described(base, number, translate)
        return replace(central, label=f"{central.label}, {translate(LEVEL_WORDS[statistic])}")
    found = found or column(name)
    return replace(
        found, label=translate(found.label), unit=translate(found.unit) if found.unit in UNITS else found.unit
    )


def label_texts() -> list[str]:
    """Return the labels of all columns that a plan table may have."""
    shared = (COLUMNS[name] for name in SHARED)
    return [
        _OF_YEAR,
        _IN_TOP,
        *UNITS,
        *dict.fromkeys(LEVEL_WORDS.values()),
        *(one.label for one in (*PLAN_COLUMNS.values(), *IN_TABLE.values(), *shared)),
    ]
