"""Coal quality: mercury, chlorine class, heating value, moisture."""

from __future__ import annotations

import math
from pathlib import Path

from factor_tables.writer import JUDGEMENT, Writer, facts, is_default, numeric
from hginventory.vocabulary import COAL_TYPES

COUNTRY_SPREAD = ((100, 0.15), (10, 0.25))  # ln-sd of a national mean by number of delivered coals
FEW_COALS_SPREAD = 0.5
PLANT_SPREAD = 0.45  # ln-sd between plants of one coal basin where no statistics of plants exist
# ln-sd of not knowing whether a content is dry or as received: about the moisture of the rank
UNSTATED_BASIS_SPREAD = {"subbituminous": 0.25, "lignite": 0.35}
UNSTATED_BASIS_OF_HARD_COAL = 0.15
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
# Moisture that the facts give in words, where their column is blank.
MOISTURE_IN_WORDS = {("AUS", "lignite"): 0.63, ("RUS", "lignite"): 0.36}
# These coals have less moisture than their rank in general: their own note gives the conversion.
OWN_DRY_TO_RECEIVED = {("IDN", "bituminous"): 0.90}
NOTES = {
    ("IDN", "all"): "plain mean of 19 plants; 0.060 without Suralaya, whose 0.176 is in doubt",
    (
        "IDN",
        "subbituminous",
    ): "plain mean of the 16 of 19 plants whose coal is reported or taken as subbituminous; 0.060 "
    "without Suralaya, whose 0.176 is in doubt",
    ("IDN", "lignite"): "plain mean of two plants",
    ("IND", "bituminous"): "centre of 0.14 to 0.18 for coal as burned in plants; the in-ground 0.272 is not used",
    ("VNM", "anthracite"): "geometric centre of four plants; six in-ground samples agree with 0.289",
    ("UKR", "bituminous"): "median of 26 in-ground samples; their mean 2.96 is that of an ore district",
    ("DEU", "bituminous"): "coals of the exporting countries by assumed import shares",
    ("VNM", "bituminous"): "imported, between Indonesian and Australian coal; no national measurement",
    ("VNM", "subbituminous"): "imported, between Indonesian and Australian coal; no national measurement",
    ("THA", "bituminous"): "imported, between Indonesian and Australian coal; no national measurement",
    ("THA", "subbituminous"): "imported, between Indonesian and Australian coal; no national measurement",
    ("PHL", "bituminous"): "imported, between Indonesian and Australian coal; no national measurement",
}
WORLD_NOTE = "between sample means and medians of the world's coals, for a country without data"
WASTE_HG_DRY = 0.381  # delivered waste coal of the USA, the only one with statistics of plants
RANKS = {code: code for code in COAL_TYPES.codes if code != "unknown"} | {"all": "all", "all ranks": "all"}


def build(writer: Writer, folder: Path) -> None:
    """Add the tables of coal."""
    _mercury(writer, folder)
    _classes(writer)
    _heating_values(writer, folder)
    _moisture(writer, folder)


def _mercury(writer: Writer, folder: Path) -> None:
    for fact in facts(folder, "coal_mercury_content"):
        country = fact["iso3"] or "WLD"
        rank = RANKS.get(fact["coal_rank"], fact["coal_rank"])
        mean = numeric(fact["hg_mean_mg_kg"])
        default = is_default(fact["note"]) and rank in RANKS.values() and mean is not None
        basis = _basis(fact["basis"])
        judged = "JUDGEMENT" in fact["note"]
        low, high, method = numeric(fact["hg_low"]), numeric(fact["hg_high"]), ""
        if default and mean is not None and basis == "dry" and (country, rank) in OWN_DRY_TO_RECEIVED:
            factor = OWN_DRY_TO_RECEIVED[country, rank]
            method, basis = f"from {mean:g} dry x {factor:g}, for the moisture of these coals", "as_received"
            mean, low, high = (None if number is None else number * factor for number in (mean, low, high))
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
            low=low,
            high=high,
            low_high_meaning=fact["low_high_meaning"],
            n=numeric(fact["n"]),
            method=method,
            read_from="judgement" if judged else fact["read_from"],
            use="default" if default else "evidence",
            locator=fact["source_locator"],
            note=_mercury_note(fact, country, rank, default, judged),
        )
    spread = math.hypot(FEW_COALS_SPREAD, PLANT_SPREAD)
    share = (FEW_COALS_SPREAD / spread) ** 2
    writer.add(
        "coal_mercury", {"country": "WLD", "coal_type": "waste coal"}, WASTE_HG_DRY, "mg/kg", JUDGEMENT, basis="dry",
        distribution="lognormal", spread=spread, scopes=f"country:{share:.3f};plant:{1 - share:.3f}",
        note="as the delivered waste coal of the USA (16 units)",
    )  # fmt: skip


def _mercury_note(fact: dict[str, str], country: str, rank: str, default: bool, judged: bool) -> str:
    if not default:
        return ""
    note = NOTES.get((country, rank), WORLD_NOTE if judged else fact["region_basin"])
    unstated = "assumed" in fact["basis"] and not judged
    return f"{note}; the source states no basis, so the value is used unconverted" if unstated else note


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
    unstated = UNSTATED_BASIS_SPREAD.get(rank, UNSTATED_BASIS_OF_HARD_COAL)
    extra = unstated if basis == "not_stated" else 0.0
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
        (
            "USA",
            "lignite",
            "lignite",
            118.4,
            icr,
            "read",
            "a tenth of the way from the lignite to the high-chlorine column",
        ),
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


def _moisture(writer: Writer, folder: Path) -> None:
    """Add total moisture: that of a country's own coal, else typical of the rank."""
    world = "typical total moisture; the delivered US coals lie at 0.07, 0.27 and 0.34"
    for rank, typical in MOISTURE.items():
        keys = {"quantity": "moisture", "country": "WLD", "coal_type": rank}
        writer.add("coal_heating_value", keys, typical, "1", JUDGEMENT, note=world)
    for fact in facts(folder, "coal_heating_value"):
        rank = RANKS.get(fact["coal_rank"], "")
        stated = numeric(fact["moisture_pct"])
        share = stated / 100.0 if stated is not None else MOISTURE_IN_WORDS.get((fact["iso3"], rank))
        if share is None or not rank or not is_default(fact["note"]):
            continue
        keys = {"quantity": "moisture", "country": fact["iso3"], "coal_type": rank}
        writer.add(
            "coal_heating_value", keys, share, "1", fact["source"], read_from=fact["read_from"],
            locator=fact["source_locator"], note=f"total moisture, {fact['region']}",
        )  # fmt: skip


def _net(fact: dict[str, str], rank: str, stated: float | None) -> tuple[float | None, str]:
    """Return the net value as received and how it was got."""
    if stated is None or fact["cv_type"] == "NCV":
        return stated, ""
    received = stated * (1 - MOISTURE[rank]) if fact["basis"] == "dry" else stated
    return received - GROSS_MINUS_NET[
        rank
    ], f"from gross {fact['basis']} {stated:g} with the rows moisture and gross_minus_net"
