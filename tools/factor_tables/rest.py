"""Flue gas, retirement rules, costs, and published emission factors for checks."""

from __future__ import annotations

import re
from pathlib import Path

from factor_tables.writer import JUDGEMENT, Writer, facts, numeric

RULES = (
    ("icsc_40", 40, 0, "ignore", "ICSC USDOS Indonesia Phase 1", "read", "units run until they are 40 years old"),
    ("gem_40", 40, 5, "inclusive", "Global Energy Monitor, Estimating CO2 emissions from coal plants", "read", ""),
    (
        "gem_35",
        35,
        5,
        "exclusive",
        "Global Energy Monitor, Estimating CO2 emissions from coal plants",
        "recalled",
        "variant",
    ),
    (
        "crea_30",
        30,
        0,
        "ignore",
        "CREA Indonesia CFPP master list (energyandcleanair/creapuff)",
        "recalled",
        "30 years of operation",
    ),
)
COST_COLUMNS = {
    "capital_usd_per_kw": ("capital", "USD/kW"),
    "capital_total_musd": ("capital", "million USD"),
    "fixed_om_usd_kw_yr": ("fixed_operation", "USD/kW/yr"),
    "variable_om_usd_mwh": ("variable_operation", "USD/MWh"),
    "annual_cost_musd": ("annual_cost", "million USD/yr"),
    "levelised_mills_kwh": ("levelised_cost", "mill/kWh"),
    "usd_per_lb_hg": ("cost_per_mercury", "USD/lb"),
}


def build(writer: Writer, folder: Path) -> None:
    """Add the remaining tables."""
    _flue_gas(writer)
    for rule, lifetime, overage, planned, citation, read_from, note in RULES:
        for quantity, value in (("lifetime_years", lifetime), ("overage_years", overage)):
            keys = {"rule": rule, "quantity": quantity, "planned": planned, "unknown_start": "next_year"}
            writer.add("lifetime_rule", keys, value, "yr", citation, read_from=read_from, note=note)
    _costs(writer, folder)
    for fact in facts(folder, "coal_emission_factor"):
        case = ", ".join(fact[name] for name in ("scope", "coal_rank", "technology", "control") if fact[name])
        writer.add(
            "coal_emission_factor", {"country": fact["iso3"] or "WLD", "case": case}, numeric(fact["ef"]), fact["unit"],
            fact["source"], low=numeric(fact["ef_low"]), high=numeric(fact["ef_high"]),
            low_high_meaning=fact["range_meaning"], n=numeric(fact["n"]), read_from=fact["read_from"], use="check",
            locator=fact["source_locator"],
        )  # fmt: skip


def _flue_gas(writer: Writer) -> None:
    for rank in ("all", "bituminous", "subbituminous", "lignite", "anthracite"):
        writer.add(
            "flue_gas", {"coal_type": rank}, 355, "Nm3/GJ", JUDGEMENT, basis="dry, 6 % O2, 0 C, 101.325 kPa, per net heat",
            low=350, high=360, low_high_meaning="range", note="differs little between coals when stated per net heat",
        )  # fmt: skip


def _costs(writer: Writer, folder: Path) -> None:
    for fact in facts(folder, "control_costs"):
        low_mw, high_mw = _band(fact["host_size_mw"])
        for column, (quantity, unit) in COST_COLUMNS.items():
            value = numeric(fact[column])
            if value is None:
                continue
            keys = {
                "sector": "coal_power", "technology": fact["technology"], "quantity": quantity, "mw_from": low_mw,
                "mw_to": high_mw, "currency": "USD", "currency_year": fact["currency_year"],
            }  # fmt: skip
            writer.add("control_cost", keys, value, unit, fact["source"], basis=fact["capital_recovery_or_life"],
                       read_from=fact["read_from"], locator=fact["source_locator"])  # fmt: skip
    for fact in facts(folder, "cement_control_costs"):
        keys = {
            "sector": "cement_kiln", "technology": fact["measure"], "quantity": fact["cost_item"], "currency": "USD",
            "currency_year": fact["year"],
        }  # fmt: skip
        writer.add("control_cost", keys, numeric(fact["value"]), fact["unit"], fact["source"], low=numeric(fact["low"]),
                   high=numeric(fact["high"]), low_high_meaning="range" if fact["low"] else "", read_from=fact["read_from"],
                   use="default" if numeric(fact["value"]) is not None else "evidence", locator=fact["source_locator"])  # fmt: skip


def _band(text: str) -> tuple[str, str]:
    """Return the half-open band of sizes, blank where there is none.

    >>> _band("100-299"), _band("<100"), _band(">=700"), _band("975")
    (('100', '300'), ('', '100'), ('700', ''), ('975', '976'))
    """
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    if not numbers:
        return "", ""
    if len(numbers) == 2:
        return str(numbers[0]), str(numbers[1] + 1)
    if "<" in text:
        return "", str(numbers[0])
    return (str(numbers[0]), "") if ">" in text else (str(numbers[0]), str(numbers[0] + 1))
