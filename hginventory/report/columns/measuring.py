"""Labels, units and meanings of the columns of monitoring programmes and sampling plans."""

from __future__ import annotations

from collections.abc import Mapping

from hginventory.report.columns.result_column import AMOUNT, COUNT, FLAG, ONE, SHARE, SMALL, TEXT, ResultColumn


def _words(label: str, meaning: str) -> ResultColumn:
    return ResultColumn(label, "", meaning, TEXT)


def _number(label: str, unit: str, meaning: str, style: str = AMOUNT) -> ResultColumn:
    return ResultColumn(label, unit, meaning, style)


MEASURING: Mapping[str, ResultColumn] = {
    "number": _number("Number", "1", "1 is the first to make", COUNT),
    "kind": _words("Kind", "coal_analysis, limestone_analysis, stack_test or CEMS (a continuous monitor)"),
    "unit_id": _words("Unit id", "The largest unit that the measurement is about"),
    "plant": _words("Plant", "Its plant"),
    "unit": _words("Unit", "Its name at the plant"),
    "units_served": _number("Units", "units", "Units that the measurement is about", COUNT),
    "quantity": _words("Quantity", "As in the sheet Measurements; blank: the result goes into a column of the kiln"),
    "measured_in": _words("Unit of measure", "Of the result, the expected value and the detection limit"),
    "reference_o2": _number("Reference oxygen", "%", "Of the concentration, in dry gas at 0 °C", ONE),
    "standard": _words("Method", "Name of the standard; blank: no method is available"),
    "measures": _words("What it measures", "Forms of mercury, and in which gas"),
    "averaging": _words("Averaging", "Time of a run or a sample"),
    "frequency": _words("How often", "As the source of the method has it"),
    "campaign": _words("Campaign", "Samples or tests of a year; the price and the error are those of their mean"),
    "stack": _words("Stack", "What the flue gas contains: dry, wet, dusty or not known"),
    "expected": _number("Expected", "in measured_in", "Before the measurement", SMALL),
    "expected_p05": _number("Expected, low end", "in measured_in", "5 % of the draws are below", SMALL),
    "detection_limit": _number("Detection limit", "in measured_in", "The lowest that the method can measure", SMALL),
    "limit_is": _words("Limit is", "Lower end of the range, detection limit, or error allowed in the daily check"),
    "margin": _number("Margin", "1", "Expected over detection limit"),
    "told_at_p05": ResultColumn("Above the limit", "", "Whether the low end is above the detection limit", FLAG),
    "price": _number("Price", "money", "Of the campaign, without travel and the owner's labour", COUNT),
    "price_low": _number("Price, low", "money", "Low end of the price", COUNT),
    "price_high": _number("Price, high", "money", "High end of the price", COUNT),
    "price_from": _words("Price from", "Weakest mark of its rows: read, recalled or judgement"),
    "gain_right": _number("More of the top right", "units", "How many more of the top units would be right", SMALL),
    "gain_right_error": _number("Its standard error", "units", "From the number of draws", SMALL),
    "gain_t": _number("Top units emit more", "t", "Remaining-lifetime emissions that the top units would have more"),
    "width_fall_t": _number("Interval narrower by", "t", "Expected, of the 90 % interval of the total"),
    "width_fall": _number("Interval narrower by, share", "1", "The same as a share of the interval", SHARE),
    "width_t_after": _number("Interval after", "t", "Of the total, after this measurement alone"),
    "right_so_far": _number("Right so far", "units", "Of the top units, after this and all measurements above it"),
    "lost_t_so_far": _number("Missed so far", "t", "By the top units, after this and all measurements above it"),
    "worth": _number("Worth", "money", "Present value that the plan gains on average; blank without a plan", COUNT),
    "worth_less_price": _number("Worth less price", "money", "Present value; blank without a plan", COUNT),
    "column": _words("Column", "Of the worksheet, for the result"),
    "cell": _words("Cell", "Where to write the result"),
    "words": _words("What to do", "In one sentence"),
}  # fmt: skip
