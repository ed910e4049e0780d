"""Legal limits, each with the reference conditions it is stated on and the time it holds."""

from __future__ import annotations

import re
from pathlib import Path

from factor_tables.cement import country_of
from factor_tables.writer import Writer, facts, numeric

# Which temperature a normal cubic metre stands for, where the instrument itself is not at hand.
TEMPERATURE = {"USA": "20 C", "IDN": "25 C"}
TEMPERATURE_ELSEWHERE = "0 C"
PER_ACTIVITY = {
    "lb/TBtu": "per fuel heat, gross calorific value",
    "lb/GWh": "per gross generation",
    "kg/TWh": "per generation, gross or net not stated",
    "lb/million short tons clinker": "per clinker",
    "kg/million t clinker": "per clinker",
}
# Rows of the facts that are no limit in force: conversions of one, surveys, rules of purchase, old law.
NO_LIMIT = ("concentration equivalent", "world survey", "fuel specification", "as concentration", "no numeric limit")
OLD_LAW = ("repeal", "superseded", "until", "1998-2005")
OLD_INSTRUMENTS = ("13. BImSchV",)  # replaced by 13. BImSchV (2021)
MONTHS = {"Apr": "04"}


def build(writer: Writer, folder: Path) -> None:
    """Add the limits of both sectors."""
    for fact in facts(folder, "coal_emission_limits"):
        output_based = (
            ", output based" if fact["unit"] == "lb/GWh" and fact["applies_to"].startswith("existing") else ""
        )
        high, low = numeric(fact["limit_high"]), numeric(fact["limit_low"])
        _add(
            writer, fact, "coal_power", fact["iso3"] or "WLD", fact["jurisdiction"], fact["applies_to"] + output_based,
            low if high is None else high, low if high is not None else None, fact["status_year"],
        )  # fmt: skip
    for fact in facts(folder, "cement_emission_limits"):
        _add(
            writer, fact, "cement_kiln", country_of(fact["jurisdiction"]), fact["instrument"], fact["applies_to"],
            numeric(fact["value"]), None, fact["in_force"],
        )  # fmt: skip


def _add(
    writer: Writer, fact: dict[str, str], sector: str, country: str, instrument: str, applies_to: str,
    value: float | None, low: float | None, status: str,
) -> None:  # fmt: skip
    words = " ".join((fact["jurisdiction"], instrument, applies_to, fact["unit"]))
    in_force = (
        value is not None
        and not any(word in words for word in NO_LIMIT)
        and not any(word in status.lower() for word in OLD_LAW)
        and instrument not in OLD_INSTRUMENTS
        and "do not use as default" not in fact["note"]
    )
    dates = _dates(status)
    ends = status.startswith(("until", "superseded", "REPEALED")) or status == "1998-2005"
    unit = fact["unit"].split(" at ")[0]
    writer.add(
        "emission_limit",
        {"sector": sector, "country": country, "instrument": instrument, "applies_to": applies_to,
         "averaging": fact["averaging"]},
        value, unit, fact["source"], basis=_reference(fact, country, unit), low="" if low is None else low,
        low_high_meaning="lower end of the range of the instrument" if low is not None else "",
        read_from=fact["read_from"], use="default" if in_force else "check",
        valid_from="" if ends or not dates else dates[0], valid_to=dates[-1] if ends and dates else "",
        locator=fact["source_locator"], note=status,
    )  # fmt: skip


def _reference(fact: dict[str, str], country: str, unit: str) -> str:
    """Return the reference conditions in one form, as ``dry, 10 % O2, 0 C``.

    >>> _reference({"unit": "mg/Nm3", "reference_conditions": "10% O2 dry"}, "CHN", "mg/Nm3")
    'dry, 10 % O2, 0 C'
    """
    if unit in PER_ACTIVITY:
        return PER_ACTIVITY[unit]
    if "m3" not in unit and "dscm" not in unit:
        return fact["reference_conditions"]
    oxygen = re.search(r"(\d+) ?% O2", f"{fact['reference_conditions']} {fact['unit']}")
    share = f"{oxygen[1]} % O2" if oxygen else "O2 not stated"
    return f"dry, {share}, {TEMPERATURE.get(country, TEMPERATURE_ELSEWHERE)}"


def _dates(text: str) -> list[str]:
    """Return the dates of a text, as year, month or day.

    >>> _dates("in force again from 27 Apr 2026"), _dates("until 2025-07-14"), _dates("1998-2005")
    (['2026-04-27'], ['2025-07-14'], ['1998', '2005'])
    """
    written = re.findall(r"(\d{1,2}) (Apr) (\d{4})", text)
    if written:
        return [f"{year}-{MONTHS[month]}-{int(day):02d}" for day, month, year in written]
    return re.findall(r"(?<!\d)(?:19|20)\d{2}(?:-(?:0\d|1[0-2])(?!\d)(?:-\d{2})?)?", text)
