"""Columns of plan tables on measures, options and limits: label for people, unit, meaning, number format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hginventory.report.columns import AMOUNT, COLUMNS, COUNT, FLAG, GENERAL, SHARE, YEAR, ResultColumn


def text(label: str, meaning: str = "") -> ResultColumn:
    """Return a column of words."""
    return ResultColumn(label, "", meaning)


def number(label: str, unit: str, meaning: str = "", style: str = AMOUNT) -> ResultColumn:
    """Return a column of numbers with a unit."""
    return ResultColumn(label, unit, meaning, style)


def kg(label: str, meaning: str = "") -> ResultColumn:
    """Return a column of kilograms."""
    return number(label, "kg", meaning)


def year(label: str, meaning: str = "") -> ResultColumn:
    """Return a column of years."""
    return number(label, "year", meaning, YEAR)


MEASURE_COLUMNS: Mapping[str, ResultColumn] = {
    # measures
    "scenario": text("Scenario"),
    "paragraph": text("Paragraph of Article 8"),
    "measure": text("Measure"),
    "goal_or_limit": text("Goal or limit"),
    "limit_unit": text("Unit of the limit"),
    "reference_o2": text("Reference oxygen [%]"),
    "baseline_kg": kg("Without the scenario"),
    "scenario_kg": kg("With the scenario"),
    "avoided_kg": kg("Avoided"),
    "avoided_kg_per_yr": number("Avoided per year", "kg/yr"),
    "capital_musd": number("Capital", "million USD"),
    "npv_musd": number("NPV", "million USD", "Present value of all costs"),
    "annuity_musd": number("Annuity", "million USD/yr", "Equal payment in each year of the run"),
    "usd_per_kg": number("Cost per kilogram", "USD/kg"),
    "plan": text("Plan", "A scenario, or the plan of its kilograms or of its money that is best"),
    "units_changed": number("Units changed", "units", "", COUNT),
    "kg_per_yr": number("Avoided per year", "kg/yr", "Mercury to air of all years of the run over their number"),
    "p_cheapest": number("P(cheapest per kg)", "1", "Share of the draws; ties share a draw", SHARE),
    "units_without_price": number("Without a price", "units", "", COUNT),
    "usd_per_kg_low": number("Cost per kilogram, low", "USD/kg"),
    "usd_per_kg_high": number("Cost per kilogram, high", "USD/kg"),
    "cost_terms": text("Terms of the costs"),
    "reading": text("Target compared with", "The two readings of the target"),
    "reference_year": year("Reference year"),
    "reference_kg": kg("Reference", "Of units within their lifetime"),
    "target_percent": number("Reduction", "%", "", GENERAL),
    "target_year": year("Target year"),
    "allowed_kg": kg("Allowed"),
    "as_it_would_be_kg": kg("Without the plan"),
    "to_avoid_kg": kg("Still to be avoided"),
    "is_met": ResultColumn("Target met", "", "", FLAG),
    "p_met": number("P(target met)", "1", "Share of the draws in which the target is met", SHARE),
    "no": text("No."),
    "action": text("Action"),
    "unit_set": text("Units concerned"),
    "agency": text("Agency"),
    "start": year("Start"),
    "end": text("End"),
    "indicator": text("Indicator"),
    # options and limits
    "option": text("Option"),
    "applies": text("Applies"),
    "first_year": year("First year"),
    "train_before": text("Controls now"),
    "train_after": text("Controls after the retrofit"),
    "currency": text("Currency"),
    "price_year": year("Year of prices"),
    "discount_rate": number("Discount rate", "1", "", SHARE),
    "life_years": number("Written off over", "years", "", COUNT),
    "so2_taken_out": number("SO2 removed", "1", "", SHARE),
    "pm_taken_out": number("Dust removed", "1", "", SHARE),
    "nox_taken_out": number("NOx removed", "1", "", SHARE),
    "conditions": text("Depends on", "As `accept` of a plan names it"),
    "moved_to_sea_kg_per_yr": number("Moved to the sea", "kg/yr"),
    "moved_to_ash_kg_per_yr": number("Moved to sold ash", "kg/yr", "Blank: use of the ash is not known"),
    "waste_effect": text("Effect on waste"),
    "feasibility": text("To be checked first"),
    "cost_notes": text("Note on costs"),
    "jurisdiction": text("Jurisdiction"),
    "instrument": text("Instrument"),
    "applies_to": text("Applies to"),
    "limit": number("Limit", "1", "In the unit of the limit, as in table N10a"),
    "averaging": text("Averaging"),
    "reference": text("Reference conditions"),
    "estimated": number("Estimated", "1", "On the basis of the limit"),
    "above": ResultColumn("Above the limit", "", "", FLAG),
    "p_exceed": number("Probability of exceeding the limit", "1", "By the listed controls alone", SHARE),
    "kg_above": number("Emissions above the limit", "kg/yr"),
    "closure_error_percent": number("Error of closure", "%"),
    **{
        f"{name}_kg": replace(COLUMNS[f"{name}_kg_per_yr"], unit="kg")
        for name in ("air_hg0", "air_hg2", "air_hgp", "bottom_ash", "fly_ash", "fgd_solids", "waste", "unknown_sink",
                     "unlisted_removal")
    },
}  # fmt: skip
