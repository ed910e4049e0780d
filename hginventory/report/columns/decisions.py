"""Labels, units and meanings of the columns of scenarios, options, costs, limits and drivers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hginventory.decisions.scenarios import SHOWN_YEARS
from hginventory.report.columns.result_column import AMOUNT, COUNT, FLAG, ONE, SHARE, TEXT, YEAR, ResultColumn

MONEY = "#,##0"


def _column(label: str, unit: str, meaning: str, style: str = AMOUNT) -> ResultColumn:
    return ResultColumn(label, unit, meaning, style)


def _words(label: str, meaning: str) -> ResultColumn:
    return ResultColumn(label, "", meaning, TEXT)


def _with_ends(name: str, central: ResultColumn, ends: Mapping[str, str]) -> dict[str, ResultColumn]:
    """Return a column and those of its ends, by the ending of their names."""
    words = {end: replace(central, label=f"{central.label}, {end.strip('_')}", meaning=f"{central.meaning}: {said}")
             for end, said in ends.items()}  # fmt: skip
    return {name: central} | {f"{name}{end}": described for end, described in words.items()}


PRICES = {"_low": "low end of prices and amounts", "_high": "high end of prices and amounts"}
DRAWS = {"_p05": "5 % of the draws are below", "_p95": "95 % of the draws are below"}
POLLUTANTS = ("so2", "pm", "nox")
EQUAL = "Equal payment in each year of the run that is worth as much"
PER_KG = "Equal payment over mercury avoided a year, over all years of the run"
RUNS = "Capital by the year, and operation, in a year it runs"

TERMS: Mapping[str, ResultColumn] = {
    "currency": _words("Currency", "Of every amount of money in the row"),
    "price_year": _column("Price year", "year", "Year of the money", YEAR),
    "rate": _column("Interest", "1", "Real, a year", SHARE),
    "life_years": _column("Life", "years", "Over which the capital is written off", ONE),
    "book_life": _words("Life [years]", "Over which capital is written off at most"),
    "cost_terms": _words("Terms of costs", "Currency, price year, interest and life"),
    "cost_notes": _words("Notes on costs", "What is missing or uses a default value"),
}
SCENARIOS: Mapping[str, ResultColumn] = {
    "scenario": _words("Scenario", "Name, as in `hginv scenario show NAME` or the sheet Scenarios of the fleet"),
    "title": _words("What it is", "Title of the scenario"),
    "programme": ResultColumn("Comes anyway", "", "Whether it is decided without a mercury rule", FLAG),
    "units_changed": _column("Units changed", "units", "Units that a measure changes", COUNT),
    "remaining_t": _column("Remaining-lifetime emissions", "t", "To air, under the scenario", ONE),
    "past_age_kg": _column("Past their lifetime", "kg",
        "Emissions in the base year of units that the rule closes after it; with kilns without start year"),
    **_with_ends("avoided_t", _column("Avoided", "t", "Of remaining-lifetime emissions of the fleet as it is"), DRAWS),
    "avoided_share": _column("Share avoided", "1", "Of remaining-lifetime emissions as they are", SHARE),
    "p_best": _column("P(best)", "1", "Share of the draws in which it avoids most; equal ones share a draw", SHARE),
    "retrofits": _column("Retrofits", "units", "Units with a measure that has a price", COUNT),
    **_with_ends("capital_musd", _column("Capital", "million USD", "Paid once, all units"), PRICES),
    "horizon_years": _column("Years of the run", "years", "Over which money and mercury are counted", COUNT),
    **_with_ends("npv_musd", _column("NPV", "million USD", "Present value of all costs"), PRICES),
    "npv_mercury_musd": _column("NPV, mercury's share", "million USD", "After other pollutants have paid theirs"),
    **_with_ends("annuity_musd", _column("Annuity", "million USD/yr", EQUAL), PRICES),
    **_with_ends("usd_per_kg", _column("Cost of mercury", "USD/kg", PER_KG, MONEY), PRICES),
    "usd_per_kg_mercury": _column("Mercury's share", "USD/kg", "After other pollutants have paid theirs", MONEY),
    "units_without_price": _column("Without a price", "units", "Units whose measure has no available price", COUNT),
    "units_infeasible": _column("Without a way", "units", "Units where no option meets the limit or applies", COUNT),
    **{f"air_kg_{year}": _column(f"Emissions to air {year}", "kg/yr", "Of units within their lifetime")
       for year in SHOWN_YEARS},
    **{f"{name}_units": _column(f"{name.upper()} falls at", "units", "Units where it is taken out as well", COUNT)
       for name in POLLUTANTS},
    **{f"{name}_taken_out": _column(f"{name.upper()} taken out", "1", "Of the present emission there", SHARE)
       for name in POLLUTANTS},
    **TERMS,
}  # fmt: skip
SCENARIO_UNITS: Mapping[str, ResultColumn] = {
    **SCENARIOS,
    "remaining_kg_before": _column("Remaining, as it is", "kg", "Remaining-lifetime emissions of the fleet as it is"),
    "remaining_kg_after": _column("Remaining, scenario", "kg", "Remaining-lifetime emissions under the scenario"),
    "avoided_kg": _column("Avoided", "kg", "Of remaining-lifetime emissions"),
    "action": _words("Measure", "What is done"),
    "options": _words("Options", "Ids of the options whose prices stand for it"),
    "from_year": _column("From", "year", "First year of the measure", YEAR),
    "years": _column("Years at work", "years", "Years in which measure and unit work", COUNT),
    **_with_ends("capital", _column("Capital", "USD", "Paid once", MONEY), PRICES),
    **_with_ends("per_year", _column("Cost a year", "USD/yr", RUNS, MONEY), PRICES),
    **_with_ends("npv", _column("NPV", "USD", "Present value of all costs", MONEY), PRICES),
    **_with_ends("npv_mercury", _column("NPV, mercury's share", "USD", "Present value", MONEY), PRICES),
}  # fmt: skip
SCENARIO_PLANS: Mapping[str, ResultColumn] = {
    "plan": _words("Plan", "A scenario, or the plan of its kilograms or of its money that is best"),
    "scenario": SCENARIOS["scenario"],
    "units": _column("Units changed", "units", "Units at which something is done", COUNT),
    "kg_per_yr": _column("Avoided a year", "kg/yr", "Mercury to air of all years of the run over their number"),
    "annuity_musd": SCENARIOS["annuity_musd"],
    "usd_per_kg": SCENARIOS["usd_per_kg"],
    "p_cheapest": _column("P(cheapest per kg)", "1",
        "Share of the draws in which its kilogram costs least of all rows; equal ones share a draw", SHARE),
    "avoided_kg": _column("Avoided", "kg", "Mercury to air over all years of the run"),
    "npv_musd": SCENARIOS["npv_musd"],
    "more_kg": _column("More than the scenario", "kg", "Mercury avoided beyond that of the scenario"),
    "more_npv_musd": _column("Dearer than the scenario", "million USD", "NPV beyond that of the scenario"),
    "gap": _column("Gap", "1", "How far at most the plan is from the best there is", SHARE),
    "units_without_price": SCENARIOS["units_without_price"],
}  # fmt: skip
OPTIONS: Mapping[str, ResultColumn] = {
    "option": _words("Option", "Id, as in `hginv options`"),
    "name": _words("What it is", "The option in words"),
    "option_class": _words("Class", "Of the catalogue"),
    "paragraph": _words("Article 8", "Paragraph of the Minamata Convention that it serves"),
    "applies": _words("Applies", "yes, or if: first see to what the next columns name"),
    "reason": _words("Why", "Why it is not possible, or what is unknown"),
    "conditions": _words("Conditions", "Conditions it depends on, as `accept` of a plan names them"),
    "checks": _words("Look at first", "What must be looked at before a decision"),
    "first_year": _column("From", "year", "First year in which it can work", YEAR),
    "train_before": _words("Train now", "Controls in gas order"),
    "train_after": _words("Train then", "Controls in gas order"),
    "removal_before": _column("Removal now", "1", "Share of the mercury input that is not emitted to air", SHARE),
    "removal_after": _column("Removal then", "1", "Share of the mercury input that is not emitted to air", SHARE),
    **_with_ends("avoided_kg_per_yr", _column("Avoided a year", "kg/yr", "In a full year"), DRAWS),
    "avoided_kg": _column("Avoided in all", "kg", "From its first year to the end of life"),
    **_with_ends("capital", _column("Capital", "USD", "Paid once", MONEY), PRICES),
    **_with_ends("per_year", _column("Cost a year", "USD/yr", RUNS, MONEY), PRICES),
    **_with_ends("npv", _column("NPV", "USD", "Present value of all costs", MONEY), PRICES),
    **_with_ends("annuity", _column("Annuity", "USD/yr", EQUAL, MONEY), PRICES),
    **_with_ends("usd_per_kg", _column("Cost of mercury", "USD/kg", PER_KG, MONEY), PRICES),
    "usd_per_kg_mercury": _column("Mercury's share", "USD/kg", "After other pollutants have paid theirs", MONEY),
    **{f"{name}_taken_out": _column(f"{name.upper()} taken out", "1", "Of the present emission", SHARE)
       for name in POLLUTANTS},
    "moved_to_sea_kg_per_yr": _column("Moved to the sea", "kg/yr",
        "Change of the mercury to the sea with the water of a sea-water scrubber (Article 9)"),
    "moved_to_ash_kg_per_yr": _column("Moved to sold ash", "kg/yr",
        "Change of the mercury in ash sold to cement works; blank: not known where the ash goes"),
    "waste_effect": _words("Waste", "Where the captured mercury goes"),
    "replicable": _column("Others", "units", "Other units looked at to which it applies", COUNT),
    **TERMS,
}  # fmt: skip
CURVE: Mapping[str, ResultColumn] = {
    "avoided_kg": _column("Avoided so far", "kg", "In the year of the curve, this step and all cheaper ones", AMOUNT),
    "avoided_share": _column("Share avoided", "1",
        "Of the emissions to air of that year of the units looked at; of coal units where kilns stay out", SHARE),
    "npv": _column("NPV so far", "USD", "Present value of this step and all before it", MONEY),
    "npv_per_target_kg": _column("NPV per kilogram of the year", "USD/kg",
        "Of this step: present value over the mercury avoided in the year of the curve", MONEY),
    "option_before": _words("In place of", "Option that the step takes the place of"),
    "option": _words("Option", "Id, as in `hginv options`"),
    "year": _column("From", "year", "First year of the option", YEAR),
    **TERMS,
}  # fmt: skip
LIMITS: Mapping[str, ResultColumn] = {
    "jurisdiction": _words("Law of", "Country or union"),
    "instrument": _words("Instrument", "Law or BAT conclusion with the limit"),
    "applies_to": _words("Applies to", "Units that the limit is for"),
    "averaging": _words("Averaging", "Averaging period of the limit"),
    "limit": _column("Limit", "1", "In the unit of the row"),
    "limit_unit": _words("Unit of limit", "Unit of measure of the limit"),
    "reference": _words("Basis", "What limit and value refer to: oxygen, temperature, moisture"),
    "only_where": _words("Only where", "Condition of the law that the fleet has no data for"),
    "years_off": _column("Years off", "years", "Years between the base year and the period of the limit", COUNT),
    "own_law": ResultColumn("Own law", "", "Whether it is law in the country of the unit", FLAG),
    "units": _column("Units", "units", "Units of this kind, whether or not it is law in their country", COUNT),
    "units_above": _column("Units above", "units", "By their central value", COUNT),
    "units_above_expected": _column("Expected above", "units", "Mean of the draws", ONE),
    "highest": _column("Highest value", "1", "Of a unit, in the unit and on the basis of the limit"),
    "kg_per_yr": _column("Emissions to air", "kg/yr", "Of these units in a full year"),
    "kg_above": _column("Above the limit", "kg/yr", "Emissions avoided if every unit met the limit"),
    "value": _column("Value", "1", "In the unit and on the basis of the limit"),
    **{f"value_{end}": _column(f"Value, {end}", "1", said) for end, said in
       (("p05", "5 % of the draws are below"), ("p50", "Half of the draws are below"),
        ("p95", "95 % of the draws are below"))},
    "margin": _column("Margin", "1", "Distance to the limit as a share of it; negative above the limit", SHARE),
    "above": ResultColumn("Above", "", "Whether the central value is above the limit", FLAG),
    "p_exceed": _column("P(above)", "1", "Probability of being above the limit by the listed controls alone", SHARE),
    "stated_to_comply": ResultColumn("Complies", "", "Whether the fleet states that the unit complies with it", FLAG),
    "units_stated": _column("Stated to comply", "units", "Units that the fleet states to comply with it", COUNT),
}  # fmt: skip
DRIVERS: Mapping[str, ResultColumn] = {
    "input": _words("Input", "Kind of input, and what shares the same error"),
    "factor": _words("Kind", "Kind of input"),
    "scope": _words("Shared by", "What shares the same error"),
    "shared": ResultColumn("Plants share it", "", "Whether plants share the error", FLAG),
    "total_alone": _column("Share of variance", "1", "Of total remaining-lifetime emissions, explained alone", SHARE),
    "total_alone_error": _column("Standard error", "1", "Of the share, from the number of draws", SHARE),
    "right_alone": _column("Share, top units right", "1", "Of the variance of how many top units are right", SHARE),
    "right_alone_error": _column("Its standard error", "1", "Of the share, from the number of draws", SHARE),
}  # fmt: skip


def scenario_year_columns(names: list[str]) -> dict[str, ResultColumn]:
    """Return the columns of emissions by year: one per scenario, and one of units past their lifetime as they are."""
    years = {
        f"{name}_kg": _column(name, "kg/yr", "Of units within their lifetime, under the scenario") for name in names
    }
    return {**years, "past_age": SCENARIOS["past_age_kg"]}
