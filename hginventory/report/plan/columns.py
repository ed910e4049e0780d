"""Columns that only plan tables have: label for people, unit, meaning, number format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hginventory.report.columns import (
    AMOUNT,
    COLUMNS,
    COUNT,
    FLAG,
    GENERAL,
    P_TOP,
    SHARE,
    SMALL,
    STATISTICS,
    YEAR,
    ResultColumn,
    column,
)
from hginventory.translations import Translator

UNITS = ("year", "years", "units", "million USD")  # that are words
AIR_IN_YEAR = "air_kg_"  # air_kg_2030: of scenarios, a column a year
LEVEL_WORDS = {"mean": "mean of draws", "median": "median", "p05": "low end", "p25": "lower quarter",
               "p50": "median", "p75": "upper quarter", "p95": "high end"}  # fmt: skip
_OF_YEAR, _IN_TOP = "Emissions to air in {year}", "In the top {count}"


def _text(label: str, meaning: str = "") -> ResultColumn:
    return ResultColumn(label, "", meaning)


def _number(label: str, unit: str, meaning: str = "", style: str = AMOUNT) -> ResultColumn:
    return ResultColumn(label, unit, meaning, style)


def _kg(label: str, meaning: str = "") -> ResultColumn:
    return _number(label, "kg", meaning)


def _year(label: str, meaning: str = "") -> ResultColumn:
    return _number(label, "year", meaning, YEAR)


PLAN_COLUMNS: Mapping[str, ResultColumn] = {
    # sources
    "source_name": _text("Source"),
    "number": _number("Number", "1", "In the unit of the next column"),
    "citation": _text("Source of the data"),
    "url": _text("Address"),
    "licence": _text("Terms of use"),
    "toolkit_code": _text("Toolkit code", "Category of the UNEP Toolkit"),
    "sub_category": _text("Toolkit category"),
    "latitude": _number("Latitude", "degrees", "", SMALL),
    "longitude": _number("Longitude", "degrees", "", SMALL),
    "fuel_or_kiln_type": _text("Fuel", "Coal type, or fuels of a kiln"),
    "technology": _text("Technology", "Steam cycle, or type of kiln"),
    "capacity": _number("Capacity", "1", "Gross, or of clinker, in the unit of the next column"),
    "capacity_unit": _text("Unit of capacity"),
    "construction_start": _year("Construction began", "Or a substantial modification"),
    "substantial_modification_date": _text("Substantial modification", "For the Party to decide (Article 8(2)(d))"),
    "planned_retirement": _year("Planned closure"),
    "controls": _text("Controls"),
    "data_source": _text("Source of the data"),
    # inventory
    "inventory_version": _text("Version of the inventory"),
    "activity": _number("Activity", "1", "Of the year, in the unit of the next column", COUNT),
    "activity_rate": _number("Activity", "1", "Of the year, in the unit of the next column", COUNT),
    "activity_unit": _text("Unit of activity"),
    "hg_input_kg": _kg("Mercury input"),
    "hg_in_kg": _kg("Mercury input"),
    "method_tier": _text("Method", "tier3 measured, tier2 mass balance, tier1 emission factor"),
    "factor_ids": _text("Factor rows", "Rows of N13 that the estimate is based on"),
    "ef_air": _number("Emission factor", "1", "In the unit of the next column"),
    "ef_unit": _text("Unit of the factor"),
    "hg0_kg": _kg("Elemental mercury to air"),
    "hg2_kg": _kg("Oxidised mercury to air"),
    "hgp_kg": _kg("Particulate mercury to air"),
    "data_quality": _text("Data quality", "Weakest origin of activity, mercury and controls"),
    # national
    "input_factor_g_per_t": _number("Input factor", "g/t", "Mercury input over activity", SMALL),
    "water_kg": _kg("To water"),
    "land_kg": _kg("To land"),
    "product_kg": _kg("In products"),
    "general_waste_kg": _kg("General waste"),
    "sector_disposal_kg": _kg("Sector-specific disposal"),
    "sum_check_kg": _kg("Outputs less input"),
    "share_of_total": _number("Share of the total to air", "1", "", SHARE),
    "units_running": _number("Units running", "units", "", COUNT),
    # coverage
    "criterion": _text("Criterion"),
    "units_covered": _number("Sources covered", "units", "", COUNT),
    "covered_share_p05": _number("Covered share, low end", "1", "5 % of the draws are below", SHARE),
    "p_covers": _number("Probability of 75 %", "1", "Share of the draws in which 75 % are covered", SHARE),
    "guidance": _text("Guidance"),
    "in_set": ResultColumn("In the smallest set", "", "", FLAG),
    "p_in_set": _number("Probability in the set", "1", "Among the n largest (n: size of the set)", SHARE),
    # dates
    "party": _text("Party"),
    "entry_into_force": _text("Entry into force"),
    "source_class": _text("New or existing"),
    "bat_deadline": _text("Best techniques due", "Article 8(4), new sources"),
    "measures_deadline": _text("Measures due", "Article 8(5), existing sources"),
    "years_left_at_deadline": _number("Years left at the date", "years", "", COUNT),
    "evidence": _text("Evidence"),
    "new_source_from": _text("New if construction began after", "Article 8(2)(c)"),
    "plan_due": _text("National plan due", "Article 8(3), where one is made"),
    "new_bat_due": _text("Best techniques due", "Article 8(4), new sources"),
    "inventory_due": _text("Inventory due", "Article 8(7)"),
    "existing_due": _text("Measures due", "Article 8(5), existing sources"),
    "date_source": _text("Source of the date"),
    # measures
    "scenario": _text("Scenario"),
    "paragraph": _text("Paragraph of Article 8"),
    "measure": _text("Measure"),
    "goal_or_limit": _text("Goal or limit"),
    "limit_unit": _text("Unit of the limit"),
    "reference_o2": _text("Reference oxygen [%]"),
    "baseline_kg": _kg("Without the scenario"),
    "scenario_kg": _kg("With the scenario"),
    "avoided_kg": _kg("Avoided"),
    "avoided_kg_per_yr": _number("Avoided per year", "kg/yr"),
    "capital_musd": _number("Capital", "million USD"),
    "npv_musd": _number("NPV", "million USD", "Present value of all costs"),
    "annuity_musd": _number("Annuity", "million USD/yr", "Equal payment in each year of the run"),
    "usd_per_kg": _number("Cost per kilogram", "USD/kg"),
    "plan": _text("Plan", "A scenario, or the plan of its kilograms or of its money that is best"),
    "units_changed": _number("Units changed", "units", "", COUNT),
    "kg_per_yr": _number("Avoided per year", "kg/yr", "Mercury to air of all years of the run over their number"),
    "p_cheapest": _number("P(cheapest per kg)", "1", "Share of the draws; ties share a draw", SHARE),
    "units_without_price": _number("Without a price", "units", "", COUNT),
    "usd_per_kg_low": _number("Cost per kilogram, low", "USD/kg"),
    "usd_per_kg_high": _number("Cost per kilogram, high", "USD/kg"),
    "cost_terms": _text("Terms of the costs"),
    "reading": _text("Target compared with", "The two readings of the target"),
    "reference_year": _year("Reference year"),
    "reference_kg": _kg("Reference", "Of units within their lifetime"),
    "target_percent": _number("Reduction", "%", "", GENERAL),
    "target_year": _year("Target year"),
    "allowed_kg": _kg("Allowed"),
    "as_it_would_be_kg": _kg("Without the plan"),
    "to_avoid_kg": _kg("Still to be avoided"),
    "is_met": ResultColumn("Target met", "", "", FLAG),
    "no": _text("No."),
    "action": _text("Action"),
    "unit_set": _text("Units concerned"),
    "agency": _text("Agency"),
    "start": _year("Start"),
    "end": _text("End"),
    "indicator": _text("Indicator"),
    # options and limits
    "option": _text("Option"),
    "applies": _text("Applies"),
    "first_year": _year("First year"),
    "train_before": _text("Controls now"),
    "train_after": _text("Controls after the retrofit"),
    "currency": _text("Currency"),
    "price_year": _year("Year of prices"),
    "discount_rate": _number("Discount rate", "1", "", SHARE),
    "life_years": _number("Written off over", "years", "", COUNT),
    "so2_taken_out": _number("SO2 removed", "1", "", SHARE),
    "pm_taken_out": _number("Dust removed", "1", "", SHARE),
    "nox_taken_out": _number("NOx removed", "1", "", SHARE),
    "conditions": _text("Depends on", "As `accept` of a plan names it"),
    "moved_to_sea_kg_per_yr": _number("Moved to the sea", "kg/yr"),
    "moved_to_ash_kg_per_yr": _number("Moved to sold ash", "kg/yr", "Blank: use of the ash is not known"),
    "waste_effect": _text("Effect on waste"),
    "feasibility": _text("To be checked first"),
    "cost_notes": _text("Note on costs"),
    "jurisdiction": _text("Jurisdiction"),
    "instrument": _text("Instrument"),
    "applies_to": _text("Applies to"),
    "limit": _number("Limit", "1", "In the unit of the limit, as in table N10a"),
    "averaging": _text("Averaging"),
    "reference": _text("Reference conditions"),
    "estimated": _number("Estimated", "1", "On the basis of the limit"),
    "above": ResultColumn("Above the limit", "", "", FLAG),
    "p_exceed": _number("Probability of exceeding the limit", "1", "", SHARE),
    "kg_above": _number("Emissions above the limit", "kg/yr"),
    "closure_error_percent": _number("Error of closure", "%"),
    **{
        f"{name}_kg": replace(COLUMNS[f"{name}_kg_per_yr"], unit="kg")
        for name in ("air_hg0", "air_hg2", "air_hgp", "bottom_ash", "fly_ash", "fgd_solids", "waste")
    },
    # answers
    "question_id": _text("Question"),
    "question": _text("Question in words"),
    "answer": _text("Answer"),
    "draft": _text("Draft answer from the numbers"),
    "number_unit": _text("Unit of the number"),
    "evidence_table": _text("Table"),
    "evidence_row": _text("Row"),
    "needs_human_input": _text("To be added by a person"),
    # other estimates
    "source": _text("Source"),
    "scope_definition": _text("Their scope"),
    "their_kg": _kg("Their estimate"),
    "their_low_kg": _kg("Their estimate, low"),
    "their_high_kg": _kg("Their estimate, high"),
    "our_year": _year("Our year"),
    "our_units": _number("Our sources", "units", "", COUNT),
    "our_kg": _kg("Our estimate"),
    "ratio": _number("Ours over theirs", "1"),
    "inside_interval": _text("Their estimate in our 90 % interval"),
    "explanation": _text("Explanation"),
    # factors
    "factor_id": _text("Factor row"),
    "unit_of_value": _text("Unit of the value"),
    "p05": _number("5th percentile", "1", "Of the row by itself"),
    "p95": _number("95th percentile", "1", "Of the row by itself"),
    "correlated_with": _text("Error shared by", "Scopes and their parts of the variance"),
    "read_or_recalled": _text("Mark"),
    "scope": _text("Shared by"),
    "shared": ResultColumn("Common to many plants", "", "", FLAG),
    "variance_share": _number("Share of the variance", "1", "Of the total that it explains alone", SHARE),
    "variance_share_error": _number("Its standard error", "1", "", SHARE),
    "variance_share_at_all": _number("With interactions", "1", "", SHARE),
    # recalculation
    "version_before": _text("Version before"),
    "version_after": _text("Version after"),
    "date": _text("Date"),
    "change": _text("Change"),
    "reason": _text("Reason"),
    "affected_units": _number("Units affected", "units", "", COUNT),
    "total_before_kg": _kg("Total before"),
    "total_after_kg": _kg("Total after"),
    "change_kg": _kg("Change of the total"),
    "rank_before": _number("Rank before", "1", "", COUNT),
    "rank_after": _number("Rank after", "1", "", COUNT),
    "lifetime_kg_before": _kg("Remaining-lifetime emissions before"),
    "lifetime_kg_after": _kg("Remaining-lifetime emissions after"),
    "years left": _kg("From years left"),
    "mercury content": _kg("From mercury content"),
    "removal": _kg("From removal"),
    "unit added": _kg("Unit added"),
    "unit left out": _kg("Unit left out"),
    "starts or ends at zero": _kg("Starts or ends at zero"),
    "changed": _text("Inputs that changed"),
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
    ("N6d", "air_kg"): _kg("Emissions to air", "Of units within their lifetime"),
    ("N1d", "number"): _text("No."),
    ("N8b", "avoided_kg"): _kg("Avoided to the end of life"),
    ("N12a", "year"): _text("Their year"),
    ("N14a", "activity"): _kg("From activity"),
    ("N14c", "activity"): _kg("From activity"),
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
        return _kg(translate(_OF_YEAR).format(year=name.removeprefix(AIR_IN_YEAR)))
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
