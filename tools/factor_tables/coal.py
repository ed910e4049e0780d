"""Coal quality and plant technology: mercury, chlorine class, heating value, efficiency, capacity factor."""

from __future__ import annotations

import math
from pathlib import Path

import openpyxl
import pycountry

from factor_tables.writer import JUDGEMENT, Writer, facts, is_default, numeric
from hginventory.vocabulary import COAL_TYPES

COUNTRY_SPREAD = ((100, 0.15), (10, 0.25))  # ln-sd of a national mean by number of delivered coals
FEW_COALS_SPREAD = 0.5
PLANT_SPREAD = 0.45  # ln-sd between plants of one coal basin where no statistics of plants exist
UNSTATED_BASIS_SPREAD = 0.15  # dry or as received: about the moisture of hard coal
GCPT = "Global Energy Monitor, Global Coal Plant Tracker, January 2026 (CC BY 4.0)"
GROSS_MINUS_NET = {
    "anthracite": 0.8,
    "bituminous": 1.2,
    "subbituminous": 1.5,
    "lignite": 1.6,
    "waste coal": 1.0,
    "all": 1.3,
}
MOISTURE = {
    "anthracite": 0.06,
    "bituminous": 0.07,
    "subbituminous": 0.27,
    "lignite": 0.34,
    "waste coal": 0.10,
    "all": 0.12,
}
RANKS = {code: code for code in COAL_TYPES.codes if code != "unknown"} | {"all": "all", "all ranks": "all"}


def build(writer: Writer, folder: Path, data: Path | None) -> None:
    """Add the tables of coal."""
    _mercury(writer, folder)
    _classes(writer)
    _heating_values(writer, folder)
    _technology(writer, folder, data)
    _process(writer)


def _mercury(writer: Writer, folder: Path) -> None:
    for fact in facts(folder, "coal_mercury_content"):
        country = fact["iso3"] or "WLD"
        rank = RANKS.get(fact["coal_rank"], fact["coal_rank"])
        mean = numeric(fact["hg_mean_mg_kg"])
        default = is_default(fact["note"]) and rank in RANKS.values() and mean is not None
        basis = _basis(fact["basis"])
        judged = "JUDGEMENT" in fact["note"]
        spread, scopes = _content_spread(fact, basis, country, rank)
        writer.add(
            "coal_mercury",
            {"country": country, "region": "" if default else fact["region_basin"], "coal_type": rank},
            mean,
            "mg/kg",
            JUDGEMENT if judged else fact["source"],
            basis=basis,
            distribution="lognormal",
            spread=spread if default else "",
            scopes=scopes,
            low=numeric(fact["hg_low"]),
            high=numeric(fact["hg_high"]),
            low_high_meaning=fact["low_high_meaning"],
            n=numeric(fact["n"]),
            read_from="judgement" if judged else fact["read_from"],
            use="default" if default else "evidence",
            locator=fact["source_locator"],
            note=_mercury_note(fact, default, judged),
        )


def _mercury_note(fact: dict[str, str], default: bool, judged: bool) -> str:
    if judged:
        return "between sample means and medians of the world's coals, for a country without data"
    if not default:
        return ""
    if "assumed" in fact["basis"]:
        return f"{fact['region_basin']}; the source states no basis, so the value is used unconverted"
    return fact["region_basin"]


def _basis(text: str) -> str:
    if text == "dry":
        return "dry"
    return "as_received" if text.startswith(("as received", "as fired")) else "not_stated"


def _content_spread(fact: dict[str, str], basis: str, country: str, rank: str) -> tuple[float, str]:
    count = numeric(fact["n"]) or 0
    shared = next((spread for least, spread in COUNTRY_SPREAD if count >= least), FEW_COALS_SPREAD)
    if country == "WLD":
        shared = FEW_COALS_SPREAD
    of_plants = fact["n_unit"] in ("units", "plants") and "sample" not in fact["distribution"]
    gsd = numeric(fact["hg_gsd"]) if of_plants else None
    if (country, rank) == ("IDN", "lignite"):
        gsd = 1.7  # two plants say nothing of a spread; that of the other ranks stands in
    own = math.log(gsd) if gsd and gsd > 1 else PLANT_SPREAD
    extra = UNSTATED_BASIS_SPREAD if basis == "not_stated" else 0.0
    total = shared**2 + own**2 + extra**2
    country_share = (shared**2 + extra**2) / total
    return math.sqrt(total), f"country:{country_share:.3f};plant:{1 - country_share:.3f}"


def _classes(writer: Writer) -> None:
    icr = "US EPA 2010 Utility HAPs ICR (MATS ICR), as exported from EPRI PISCES, in Sun et al. repository"
    lee = "Lee et al. 2006 Atmos. Environ. 40:2215"
    unep = "UNEP / Tsinghua 2011, Reducing mercury emissions from coal combustion in the energy sector (China)"
    rows: list[tuple[str, str, str, float | None, str, str, str]] = [
        ("USA", "bituminous", "", 908.3, icr, "read", "mean of 202 units, dry"),
        ("USA", "subbituminous", "low_cl", 62.2, icr, "read", "mean of 81 units, median 25, dry"),
        ("USA", "lignite", "lignite", 118.4, icr, "read", "lignite is a class of its own"),
        ("USA", "waste coal", "", 375.3, icr, "read", "eastern waste coal, dry"),
        ("IDN", "all", "low_cl", 12.8, lee, "read", "8 to 18 mg/kg in export coal"),
        ("CHN", "all", "", 269.0, unep, "read", "range 30 to 3289"),
        ("IND", "all", "low_cl", None, JUDGEMENT, "judgement", "low-chlorine coal until measurements are found"),
        ("ZAF", "all", "low_cl", None, JUDGEMENT, "judgement", "low-chlorine coal until measurements are found"),
        ("VNM", "all", "low_cl", None, JUDGEMENT, "judgement", "low-chlorine coal until measurements are found"),
        ("WLD", "lignite", "lignite", None, JUDGEMENT, "judgement", "lignite is a class of its own"),
        ("WLD", "subbituminous", "low_cl", None, JUDGEMENT, "judgement", "as the measured US and Indonesian coals"),
    ]
    for country, rank, name, chlorine, citation, read_from, note in rows:
        keys = {"country": country, "coal_type": rank, "coal_class": name}
        writer.add(
            "coal_class",
            keys,
            chlorine,
            "mg/kg",
            citation,
            read_from=read_from,
            note=note,
            basis="dry" if chlorine else "",
        )


def _heating_values(writer: Writer, folder: Path) -> None:
    limits = {
        f["coal_rank"]: (float(f["cv_low"]), float(f["cv_high"]))
        for f in facts(folder, "coal_heating_value")
        if f["region"] == "world default limits"
    }
    for fact in facts(folder, "coal_heating_value"):
        country = fact["iso3"] or "WLD"
        rank = RANKS.get(fact["coal_rank"], fact["coal_rank"])
        stated = numeric(fact["cv_mj_kg"])
        known = rank in RANKS.values() and stated is not None
        default = known and is_default(fact["note"])
        net, how = _net(fact, rank, stated) if default else (stated, "")
        bounds = limits.get(rank) if country == "WLD" else None
        writer.add(
            "coal_heating_value",
            {"quantity": "net_calorific_value" if default else "stated", "country": country, "coal_type": rank},
            net,
            "MJ/kg",
            fact["source"],
            basis="net_as_received" if default else f"{fact['cv_type']} {fact['basis']}".strip(),
            distribution="normal",
            spread=((bounds[1] - bounds[0]) / 3.92 if bounds else 0.05 * net) if default and net else "",
            scopes="country:0.4;plant:0.6",
            low=bounds[0] if bounds else numeric(fact["cv_low"]),
            high=bounds[1] if bounds else numeric(fact["cv_high"]),
            low_high_meaning="95 % limits" if bounds else fact["low_high_meaning"],
            n=numeric(fact["n"]),
            method=how,
            read_from=fact["read_from"],
            use="default" if default else "check" if "plausible" in fact["region"] else "evidence",
            locator=fact["source_locator"],
            note=fact["region"],
        )
    mean = "mean of the bituminous and the subbituminous row of the same guidelines, for a coal of unknown rank"
    writer.add(
        "coal_heating_value", {"quantity": "net_calorific_value", "country": "WLD", "coal_type": "all"}, 22.35, "MJ/kg",
        JUDGEMENT, basis="net_as_received", distribution="normal", spread=4.0, scopes="country:0.4;plant:0.6", note=mean,
    )  # fmt: skip
    writer.add(
        "coal_heating_value", {"quantity": "net_calorific_value", "country": "WLD", "coal_type": "waste coal"}, 14.9,
        "MJ/kg", JUDGEMENT, basis="net_as_received", distribution="normal", spread=3.0, scopes="country:0.4;plant:0.6",
        note="as the delivered waste coal of the USA",
    )  # fmt: skip
    for rank, difference in GROSS_MINUS_NET.items():
        keys = {"quantity": "gross_minus_net", "country": "WLD", "coal_type": rank}
        note = "from 0.212 H + 0.0245 moisture + 0.0008 O (percent as received) at typical hydrogen of the rank"
        writer.add("coal_heating_value", keys, difference, "MJ/kg", JUDGEMENT, note=note)
        keys = {"quantity": "moisture", "country": "WLD", "coal_type": rank}
        note = "typical total moisture; the delivered US coals lie at 0.07, 0.27 and 0.34"
        writer.add("coal_heating_value", keys, MOISTURE[rank], "1", JUDGEMENT, note=note)


def _net(fact: dict[str, str], rank: str, stated: float | None) -> tuple[float | None, str]:
    """Return the net value as received and how it was got."""
    if stated is None or fact["cv_type"] == "NCV":
        return stated, ""
    received = stated * (1 - MOISTURE[rank]) if fact["basis"] == "dry" else stated
    return received - GROSS_MINUS_NET[
        rank
    ], f"from gross {fact['basis']} {stated:g} with the rows moisture and gross_minus_net"


def _technology(writer: Writer, folder: Path, data: Path | None) -> None:
    kinds = {
        ("subcritical PC", ">=300 MW"): ("subcritical", "", 300, ""),
        ("subcritical PC", "100-300 MW"): ("subcritical", "", 100, 300),
        ("subcritical PC / stoker", "<100 MW"): ("", "", 0, 100),
        ("supercritical PC", ">=500 MW"): ("supercritical", "", "", ""),
        ("ultra-supercritical PC", ">=600 MW"): ("ultra-supercritical", "", "", ""),
        ("CFB subcritical", "100-350 MW"): ("", "CFB", 100, ""),
        ("CFB supercritical", "350-600 MW"): ("supercritical", "CFB", "", ""),
        ("IGCC", "250-600 MW"): ("", "IGCC", "", ""),
        ("subcritical PC", "2020 catalogue"): ("subcritical", "", 100, ""),
        ("supercritical PC", "2020 catalogue"): ("supercritical", "", 100, ""),
        ("ultra-supercritical PC", "2020 catalogue"): ("ultra-supercritical", "", 100, ""),
    }
    for fact in facts(folder, "coal_technology"):
        country = fact["iso3"] or "WLD"
        default = is_default(fact["note"])
        technology, boiler, low_mw, high_mw = kinds.get((fact["technology"], fact["size_or_age"]), ("", "", "", ""))
        fleet = fact["technology"].startswith("coal fleet")
        for quantity, column in (("net_efficiency", "eff_net_lhv"), ("capacity_factor", "capacity_factor")):
            value = numeric(fact[column])
            if value is None:
                continue
            efficiency = quantity == "net_efficiency"
            use = default and (fleet or technology or boiler or low_mw != "" or high_mw != "")
            if not efficiency and fact["size_or_age"].startswith("captive"):
                use = False
            writer.add(
                "coal_technology",
                {"quantity": quantity, "country": country, "technology": technology or ("" if use else fact["technology"]),
                 "boiler": boiler, "mw_from": low_mw, "mw_to": high_mw},
                value, "1", fact["source"],
                basis="net, net calorific value" if efficiency else "of net output",
                distribution="normal", spread=(0.05 * value if efficiency else 0.08) if use else "",
                scopes="country:0.2;unit:0.8" if efficiency else "country:0.14;unit:0.86",
                low=numeric(fact["eff_low"]) if efficiency else "", high=numeric(fact["eff_high"]) if efficiency else "",
                read_from=fact["read_from"], use="default" if use else "evidence", valid_from=fact["year"],
                locator=fact["source_locator"], note=fact["size_or_age"],
            )  # fmt: skip
    writer.add(
        "coal_technology", {"quantity": "net_efficiency", "country": "WLD"}, 0.355, "1", JUDGEMENT,
        basis="net, net calorific value", distribution="normal", spread=0.03, scopes="country:0.5;unit:0.5",
        note="about the mean of the national fleets on file, for a unit of unknown technology",
    )  # fmt: skip
    for country, factor in _tracker_capacity_factors(data).items():
        writer.add(
            "coal_technology", {"quantity": "capacity_factor", "country": country}, factor, "1", GCPT,
            basis="of net output", distribution="normal", spread=0.08, scopes="country:0.14;unit:0.86",
            read_from="read", locator="column Capacity factor, one value for all units of the country",
            note="national average", valid_from="2025",
        )  # fmt: skip


def _tracker_capacity_factors(data: Path | None) -> dict[str, float]:
    """Return the national capacity factors that the tracker gives to every unit of a country."""
    path = data / "Global-Coal-Plant-Tracker-January-2026.xlsx" if data else None
    if path is None or not path.exists():
        return {}
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    sheet = book["Units"]
    rows = sheet.iter_rows(values_only=True)
    header = [str(cell) for cell in next(rows)]
    places = [header.index(name) for name in ("Country/Area", "Status", "Capacity factor")]
    found: dict[str, set[float]] = {}
    for row in rows:
        country, status, factor = (row[place] for place in places)
        if status == "operating" and isinstance(factor, int | float):
            found.setdefault(str(country), set()).add(float(factor))
    special = {
        "Türkiye": "TUR",
        "Kosovo": "XKX",
        "South Korea": "KOR",
        "North Korea": "PRK",
        "Laos": "LAO",
        "Russia": "RUS",
    }
    out = {}
    for name, values in sorted(found.items()):
        try:
            code = special.get(name) or pycountry.countries.lookup(name).alpha_3
        except LookupError:
            continue
        if len(values) == 1:
            out[code] = values.pop()
    return out


def _process(writer: Writer) -> None:
    zhu = "Zhu et al. 2016 J. Clean. Prod. 114:343"
    for boiler, value, note in (
        ("PC", 0.995, "range 0.97 to 1"),
        ("CFB", 0.989, ""),
        ("stoker", 0.83, "the removal rows of stokers contain the grate ash already"),
    ):
        keys = {"quantity": "release_ratio", "boiler": boiler}
        writer.add("coal_process", keys, value, "1", zhu, read_from="read", note=note, basis="share of coal mercury")
    own = "share of gross output; 0.06 to 0.09 without, 0.10 and more with a scrubber or a fluidised bed"
    for boiler, device, value in (("", "", 0.075), ("CFB", "", 0.10), ("", "FGD", 0.10)):
        keys = {"quantity": "auxiliary_share", "boiler": boiler, "device": device}
        writer.add("coal_process", keys, value, "1", JUDGEMENT, note=own)
    for quantity, value, note in (
        ("chlorine_high", 500, "from here on the high-chlorine removal holds"),
        ("chlorine_low", 100, "up to here the low-chlorine removal holds; between, linear in the logarithm"),
    ):
        writer.add("coal_process", {"quantity": quantity}, value, "mg/kg", JUDGEMENT, note=note)
