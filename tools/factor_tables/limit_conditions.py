"""What a limit is stated on, in columns a program can use: oxygen, temperature, moisture, heat, output; and to whom it applies."""

from __future__ import annotations

import re

from factor_tables.writer import JUDGEMENT, Writer

PER = {
    "per fuel heat, gross calorific value": "gross_heat",
    "per gross generation": "gross_generation",
    "per generation, gross or net not stated": "generation",
    "per clinker": "clinker",
}
TEMPERATURE_FROM = {
    "USA": "dry standard cubic metre of US rules, 20 C (recalled)",
    "IDN": "25 C as stated for Indonesian limits (recalled, annex not seen)",
}
NORMAL = "0 C: normal cubic metre (convention)"
WASTE = ("co-processing", "co-incinerating", "disposing of waste", "hazardous waste")
METHOD_19 = "US EPA 40 CFR 60 appendix A, Method 19"


def build(writer: Writer) -> None:
    """Fill in the columns of the limits, and add the state of flue gas."""
    for row in writer.rows["emission_limit"]:
        row.update(conditions(row["basis"], row["country"], row["read_from"]))
        row.update(applies(row["applies_to"]))
    _gas_state(writer)


def conditions(basis: str, country: str, read_from: str) -> dict[str, str]:
    """Return the reference conditions of a limit.

    >>> conditions("dry, 7 % O2, 25 C", "IDN", "read")["o2_percent"]
    '7'
    >>> conditions("per clinker", "USA", "read")["per"]
    'clinker'
    """
    if basis in PER:
        return {"per": PER[basis], "conditions_from": f"unit of the instrument ({read_from})"}
    found = re.fullmatch(r"(dry|wet), (?:(\d+) % O2|O2 not stated), (\d+) C", basis)
    if found is None:
        return {}
    moisture, oxygen, temperature = found.groups()
    oxygen_words = "oxygen as in the row" if oxygen else "oxygen not stated: that of the sector's gas table"
    return {
        "per": "gas", "o2_percent": oxygen or "", "temperature_c": temperature, "moisture": moisture,
        "conditions_from": f"{oxygen_words}; {TEMPERATURE_FROM.get(country, NORMAL)}",
    }  # fmt: skip


def applies(text: str) -> dict[str, str]:
    """Return to which units a limit applies, as far as its words say it.

    >>> applies("hard coal existing >=300 MWth")["mwth_from"], applies("existing hard coal 50-<300 MWth")["mwth_to"]
    ('300', '300')
    >>> applies("existing, not low rank virgin coal")["fuel"], applies("units installed after 2003 (x)")["started_from"]
    ('hard_coal', '2004')
    """
    low = text.lower()
    size = re.search(r"(>=|<|(\d+)-<)(\d+) mwth", low)
    after = re.search(r"installed after (\d{4})", low)
    fuel = "hard_coal" if "hard coal" in low or "not low rank" in low else "lignite" if "lignite" in low else ""
    return {
        "fuel": fuel,
        "age": "new" if "new" in low else "existing" if "existing" in low or "old lignite" in low else "",
        "mwth_from": "" if size is None else size[3] if size[1] == ">=" else size[2] or "",
        "mwth_to": "" if size is None or size[1] == ">=" else size[3],
        "started_from": str(int(after[1]) + 1) if after else "",
        "only_where": "waste is burned" if any(word in low for word in WASTE) else "fuel Hg >=0.1 mg/kg or long residence" if "residence" in low else "",
    }  # fmt: skip


def _gas_state(writer: Writer) -> None:
    def add(sector: str, quantity: str, value: float, unit: str, citation: str, **fields: str | float) -> None:
        writer.add("gas_state", {"sector": sector, "quantity": quantity}, value, unit, citation, **fields)

    add("", "oxygen_of_air", 20.9, "%", METHOD_19, read_from="recalled", note="of dry air; EU texts round to 21")
    add(
        "",
        "absolute_zero",
        -273.15,
        "C",
        "International Bureau of Weights and Measures, SI brochure",
        read_from="recalled",
    )
    table = "reference of the gas volumes of factors/flue_gas.csv and factors/cement_kiln.csv"
    for sector, oxygen, moisture, low, high in (
        ("coal_power", 6, 0.08, 0.06, 0.13),
        ("cement_kiln", 10, 0.12, 0.08, 0.2),
    ):
        add(sector, "reference_oxygen", oxygen, "%", JUDGEMENT, note=table)
        add(sector, "reference_temperature", 0, "C", JUDGEMENT, note=table)
        add(sector, "water_vapour", moisture, "1", JUDGEMENT, low=low, high=high, low_high_meaning="range",
            note="share of the wet gas at the reference oxygen; only for limits stated on wet gas")  # fmt: skip
