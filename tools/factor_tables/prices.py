"""Costs the options need: operation, small steps, what another country pays, rate and life, and the level of prices."""

from __future__ import annotations

from pathlib import Path

from factor_tables.writer import JUDGEMENT, Writer, facts, numeric

CPI = "US Bureau of Labor Statistics, consumer price index CPI-U, US city average, all items, annual average, 1982-84 = 100"
CPI_READ = {
    1996: 156.9, 2002: 179.9, 2004: 188.9, 2005: 195.3, 2008: 215.3, 2009: 214.54, 2010: 218.06, 2011: 224.94, 2012: 229.59,
    2013: 232.96, 2014: 236.74, 2015: 237.02, 2016: 240.01, 2017: 245.12, 2021: 270.97, 2022: 292.655, 2023: 304.702,
}  # fmt: skip
CPI_RECALLED = {2018: 251.107, 2019: 255.657, 2020: 258.811, 2024: 313.689}
BROWN = "Brown et al. 1999 JAWMA 49(6)"
CUECOST = "US EPA CUECost workbook and Sargent and Lundy cost modules for IPM, retrofit factors"
IISD = "IISD and CEEW 2019, on the Indian emission norms of 2015, as cited in missionenergy.org/soxnox2020 and thehindu.com"
# Technology -> option of the facts that states its costs, the columns taken, and whose driver it is.
ITEMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "wet FGD retrofit": ("C2", ("fixed", "variable")),
    "SCR retrofit": ("C5", ("fixed", "variable")),
    "fabric filter (COHPAC/TOXECON baghouse) retrofit": ("C1", ("fixed", "variable")),
    "ACI upstream of existing PM control": ("A2", ("fixed", "variable")),
    "ACI upstream of FF": ("A3", ("capital", "fixed", "variable")),
    "sea-water FGD": ("C3", ("capital", "fixed", "variable")),
    "dry FGD with fabric filter": ("C4", ("capital", "fixed", "variable")),
    "coal with less mercury": ("F2", ("variable",)),
    "coal with more chlorine": ("F3", ("variable",)),
    "biomass co-firing": ("F4", ("capital", "variable")),
    "conversion to biomass": ("F5", ("capital", "variable")),
    "heat-rate improvement": ("P1", ("capital",)),
    "low-low-temperature ESP": ("P3", ("capital", "fixed", "variable")),
    "low-NOx burners": ("P4", ("capital", "fixed", "variable")),
    "regenerable activated coke": ("M1", ("capital", "fixed", "variable")),
    "sorbent polymer modules": ("M2", ("capital", "fixed", "variable")),
    "dust shuttling": ("K1", ("kiln",)),
    "dust shuttling with sorbent": ("K2", ("kiln",)),
    "wet scrubber of a kiln": ("K4", ("kiln",)),
    "thermal dust treatment": ("K5", ("kiln",)),
    "material with less mercury": ("K6", ("kiln",)),
    "less clinker per cement": ("K7", ("kiln",)),
    "SCR of a kiln": ("K8", ("kiln",)),
}
COLUMNS = {
    "capital": ("capital_usd_per_kw", "capital", "USD/kW"),
    "fixed": ("fixed_om_usd_kw_yr", "fixed_operation", "USD/kW/yr"),
    "variable": ("variable_om_usd_mwh", "variable_operation", "USD/MWh"),
    "kiln": ("capital_usd_per_t_clinker_yr", "capital intensity", "US$/(t clinker/y)"),
}
# Bought against mercury: all of the cost is mercury's. The rest is bought against SO2, NOx, dust, or to save coal.
FOR_MERCURY = {
    "ACI upstream of existing PM control", "ACI upstream of FF", "CaBr2 / halogen addition to coal",
    "wFGD re-emission additive", "coal with less mercury", "coal with more chlorine", "sorbent polymer modules",
    "lost sale of fly ash", "dust shuttling", "dust shuttling with sorbent", "ACI + polishing baghouse, Durkee",
    "thermal dust treatment", "material with less mercury",
}  # fmt: skip
OTHERS = {
    "coal washing", "ESP upgrade", "DSI (trona) + existing PM", "coal saved", "less clinker per cement",
    "CaBr2 / halogen addition to coal", "wFGD re-emission additive", "lost sale of fly ash",
    "ACI + polishing baghouse, Durkee",
}  # fmt: skip
LIKE_INDIA = ("wet FGD retrofit", "sea-water FGD", "SCR retrofit")


def build(writer: Writer, folder: Path) -> None:
    """Add the rows that turn an option into money."""
    rows = {fact["option_id"]: fact for fact in facts(folder, "reduction_options")}
    for technology, (option, columns) in ITEMS.items():
        _item(writer, technology, rows[option], columns)
    _other_items(writer)
    for technology in sorted({*ITEMS, *OTHERS}):
        _mercury_share(writer, technology)
    _countries(writer)
    _basis(writer)
    _price_level(writer)


def _cost(
    writer: Writer,
    technology: str,
    quantity: str,
    year: str,
    value: float | None,
    unit: str,
    source: str,
    **fields: str | float | None,
) -> None:
    kiln = unit == COLUMNS["kiln"][2]
    keys = {
        "sector": "cement_kiln" if kiln else "coal_power", "technology": technology, "quantity": quantity,
        "currency": "USD" if year else "", "currency_year": year,
    }  # fmt: skip
    writer.add("control_cost", keys, value, unit, source, **fields)


def _item(writer: Writer, technology: str, fact: dict[str, str], columns: tuple[str, ...]) -> None:
    capital_read = fact["cost_read_from"].startswith("read")
    for name in columns:
        column, quantity, unit = COLUMNS[name]
        value = numeric(fact[column])
        if value is None:
            continue
        read = capital_read and name in ("capital", "kiln")
        source = (
            fact["cost_source"].split("; O&M: ")[0 if name == "capital" else -1].replace(" (control_costs.csv)", "")
        )
        _cost(writer, technology, quantity, fact["currency_year"], value, unit, source.split("; capital_alt_low")[0],
              read_from="read" if read else "recalled")  # fmt: skip


def _other_items(writer: Writer) -> None:
    _cost(
        writer, "lost sale of fly ash", "variable_operation", "2004", 0.69, "USD/MWh", "EPA/NRMRL 2005 White Paper",
        low=0.38, high=1.0, low_high_meaning="range", read_from="read", locator="text on Figure 19",
        note="carbon in the ash stops its sale to cement works; middle of the range",
    )  # fmt: skip
    _cost(
        writer, "coal saved", "fuel_price", "2025", 4.0, "USD/GJ", JUDGEMENT, low=2.0, high=6.0, low_high_meaning="range",
        note="steam coal delivered, net heat; put the price of your country in its place",
    )  # fmt: skip


def _mercury_share(writer: Writer, technology: str) -> None:
    """Add how much of a cost is mercury's once the other pollutants have paid theirs."""
    share = 1.0 if technology in FOR_MERCURY else 0.0
    kiln = technology in {name for name, (_, columns) in ITEMS.items() if "kiln" in columns} or "Durkee" in technology
    writer.add(
        "control_cost", {"sector": "cement_kiln" if kiln else "coal_power", "technology": technology, "quantity": "mercury_share"},
        share, "1", JUDGEMENT if share else "UNEP BAT/BEP Guidance 2016, multi-pollutant approach",
        read_from="judgement" if share else "recalled",
        note="bought against mercury" if share else "bought against other pollutants or to save coal: show the full cost as well",
    )  # fmt: skip


def _countries(writer: Writer) -> None:
    """Add what capital costs in a country, over the US level of the rows of `control_cost`."""
    writer.add(
        "country_cost", {"country": "WLD", "quantity": "capital"}, 1.0, "1", JUDGEMENT,
        note="no costs of the country are on file: the US level stands in",
    )  # fmt: skip
    writer.add(
        "country_cost", {"country": "USA", "quantity": "capital"}, 1.0, "1", JUDGEMENT, note="the rows are US costs"
    )
    for technology in LIKE_INDIA:
        keys = {"country": "WLD", "technology": technology, "quantity": "capital"}
        writer.add(
            "country_cost", keys, 1.0, "1", JUDGEMENT, low=0.1, high=1.0, low_high_meaning="from the Indian to the US level",
            note="no costs of the country are on file: the US level stands in, and the Indian one is the low end",
        )  # fmt: skip
        writer.add("country_cost", {**keys, "country": "USA"}, 1.0, "1", JUDGEMENT, note="the rows are US costs")
        writer.add(
            "country_cost", {**keys, "country": "IND"}, 0.102, "1", IISD, low=0.096, high=0.2, low_high_meaning="range",
            method="derived: 68 USD/kW for SO2, NOx and dust control together (USD 12 bn over 177 GW) over the 668 USD/kW of a US wet scrubber",
            read_from="read", note="scrubber alone 64 USD/kW; another national estimate 135 USD/kW for all three",
        )  # fmt: skip


def _basis(writer: Writer) -> None:
    def add(quantity: str, value: float, unit: str, citation: str = JUDGEMENT, **fields: str | float) -> None:
        keys = {"quantity": quantity, "sector": fields.pop("sector", ""), "case": fields.pop("case", "")}
        writer.add("cost_basis", keys, value, unit, citation, **fields)

    crf = "derived: the capital recovery of 0.0944 of the DOE model plants is 7 % over 20 years"
    add("discount_rate", 0.07, "1", BROWN, method=crf, read_from="read", locator="Table 28 and 30", low=0.05, high=0.12,
        low_high_meaning="range, judgement", note="real, a year; capital recovery of other sources is 0.10 to 0.13")  # fmt: skip
    add("book_life", 20, "yr", BROWN, method=crf, read_from="read", locator="Table 28 and 30", sector="coal_power")
    add(
        "book_life",
        15,
        "yr",
        sector="cement_kiln",
        note="with 7 % it gives the capital recovery of 0.110 used for the kiln filter at Durkee",
    )
    add(
        "least_years",
        7,
        "yr",
        note="a unit that closes sooner after the step could run gets only steps without capital to write off",
    )
    for case, value, low, high, note in (
        ("plant", 3, 2, 4, "filter, scrubber, catalyst: two to four years of building"),
        ("skid", 1, 0.5, 2, "dosing and injection"),
        ("none", 0, 0, 0, "other fuel or other running"),
    ):
        add("build_years", value, "yr", case=case, low=low, high=high, low_high_meaning="range", note=note)
    for case, value, mark, note in (
        ("easy", 0.8, "judgement", "free ground beside the stack, short ducts"),
        ("average", 1.0, "judgement", "what the rows of control_cost stand for"),
        (
            "difficult",
            1.3,
            "recalled",
            "tight site; US cost models take 1.3 for a medium and 1.6 for a high difficulty",
        ),
    ):
        add(
            "retrofit_factor",
            value,
            "1",
            CUECOST if mark == "recalled" else JUDGEMENT,
            case=case,
            read_from=mark,
            note=note,
        )
    for case, low, high, note in (
        ("read", 0.7, 1.3, "what a study estimate is good for, 30 %"),
        ("recalled", 0.5, 2.0, "right order of size only"),
        ("judgement", 0.5, 2.0, "right order of size only"),
    ):
        for quantity, value in (("range_low", low), ("range_high", high)):
            add(quantity, value, "1", case=case, note=note)


def _price_level(writer: Writer) -> None:
    for year, value in {**CPI_READ, **CPI_RECALLED}.items():
        writer.add(
            "price_level", {"currency": "USD", "year": str(year)}, value, "1", CPI,
            read_from="read" if year in CPI_READ else "recalled",
        )  # fmt: skip
    writer.add(
        "price_level", {"currency": "USD", "year": "2025"}, 322.0, "1", JUDGEMENT, method="derived: 2024 and 2.7 %",
        note="the year's average is not confirmed here",
    )  # fmt: skip
