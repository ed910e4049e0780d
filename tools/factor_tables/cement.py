"""Cement: materials, raw meal, kilns, activity, the share to air, controls, emission factors."""

from __future__ import annotations

import math
from pathlib import Path

import pycountry

from factor_tables.writer import JUDGEMENT, Writer, facts, is_default, numeric

LIMESTONE_SPREAD = 1.09  # ln-sd over country 0.35, quarry 0.95 and kiln 0.40
MATERIAL_SPREAD = 0.8
CODES = {
    "limestone": "limestone", "limestone, lime marl, chalk": "limestone", "clay and shale": "clay", "sand": "sand",
    "iron ore": "iron_source", "petroleum coke": "petcoke", "fly ash (as raw material)": "fly_ash",
    "FGD gypsum (cement mill)": "fgd_gypsum",
}  # fmt: skip
KILN_TYPES = {
    "any": "", "fleet mix": "", "dry kiln": "", "inline kiln/raw mill": "", "dry preheater-precalciner": "precalciner",
    "dry preheater without calciner": "preheater", "long dry": "long dry", "semi-wet/semi-dry": "semi-wet/semi-dry",
    "wet": "wet", "shaft": "shaft",
}  # fmt: skip
QUANTITIES = {
    "raw_meal_per_clinker": ("raw_meal_per_clinker", "t/t", 0.03),
    "thermal_energy": ("thermal_energy", "MJ/t", 0.05),
    "flue_gas_volume": ("flue_gas_volume", "Nm3/t", 0.05),
    "raw_mill_off_share": ("raw_mill_off_share", "1", 0.3),
    "run_factor": ("run_factor", "1", 0.03),
}
REGIONS = {
    "world": "WLD",
    "generic": "WLD",
    "global": "WLD",
    "EU": "EU",
    "Korea": "KOR",
    "Turkey": "TUR",
    "Russia": "RUS",
}
BEHIND_LOOP = "of what reaches the stack behind the loop"
STANDS_IN = {  # also for what is added behind the kiln with its content not stated
    "fgd_gypsum": "gypsum added behind the kiln; natural gypsum holds 0.005 to 0.02 mg/kg",
    "fly_ash": "ash and slag added behind the kiln; slag holds 0.005 to 0.2 mg/kg",
}
DEVICES = {
    "ACI + polishing baghouse": ("ACI-FF", "polishing filter behind the kiln filter; three plants report 0.75-0.80, 0.90 and 0.95"),
    "thermal dust treatment (ExMercury / roaster) with carbon filter": ("TDT", "more than 80 % over three years at one plant"),
    "dust shuttling (bleed of filter dust when mill off)": ("SHUTTLE", "where the bleed is not stated"),
    "dust shuttling + sorbent injection": ("SHUTTLE-SORB", "bleed with sorbent"),
    "wet scrubber (SO2)": ("WS", "takes up the oxidised share"),
    "dry or semi-dry scrubber": ("DS", "little; low confidence"),
    "SCR": ("SCR", "oxidises; nothing behind it takes it up"),
    "SNCR": ("SNCR", "no effect on mercury"),
    "RTO": ("RTO", "no effect on mercury"),
}  # fmt: skip


def country_of(region: str) -> str:
    """Return the code of a region of the facts; WLD for what is no country."""
    for name, code in REGIONS.items():
        if region.startswith(name):
            return code
    first = region.split(" (", maxsplit=1)[0].strip()
    try:
        return str(pycountry.countries.lookup(first).alpha_3)
    except LookupError:
        return "WLD"


def build(writer: Writer, folder: Path) -> None:
    """Add the tables of cement."""
    _materials(writer, folder)
    _kilns(writer, folder)
    _air_share(writer, folder)
    _controls(writer, folder)
    _emission_factors(writer, folder)
    _fuels_and_species(writer)


def _materials(writer: Writer, folder: Path) -> None:
    for fact in facts(folder, "cement_material_mercury"):
        code = CODES.get(fact["material"])
        country = country_of(fact["region"])
        general = code is not None and code != "limestone"
        default = code is not None and is_default(fact["note"])
        limestone = code == "limestone"
        writer.add(
            "cement_material",
            {"material": code or fact["material"], "country": "WLD" if general and default else country},
            numeric(fact["mean"]), "mg/kg" if default else fact["unit"], fact["source"], basis="dry",
            distribution="lognormal", spread=(LIMESTONE_SPREAD if limestone else MATERIAL_SPREAD) if default else "",
            scopes="country:0.10;quarry:0.76;kiln:0.14" if limestone else "country:0.2;quarry:0.8",
            low=numeric(fact["low"]), high=numeric(fact["high"]), low_high_meaning=_meaning(fact),
            read_from="judgement" if fact["value_basis"] == "judgement" else fact["read_from"],
            use="default" if default else "evidence", locator=fact["source_locator"],
            note=_material_note(fact, (code or "") if default else ""),
        )  # fmt: skip
    note = "typical raw meal; the small parts correct lime, silica and iron"
    for material, share in (("limestone", 0.80), ("clay", 0.15), ("sand", 0.03), ("iron_source", 0.02)):
        writer.add("cement_raw_mix", {"material": material}, share, "1", JUDGEMENT, note=note, basis="dry")


def _meaning(fact: dict[str, str]) -> str:
    if not fact["low"]:
        return ""
    return "range, judgement" if fact["value_basis"] == "judgement" else "min-max of samples or quarries"


def _material_note(fact: dict[str, str], default: str) -> str:
    if fact["material"] == "limestone" and fact["region"] == "Indonesia":
        return "no Indonesian limestone has been analysed in public: the value of the world stands in"
    return f"{fact['region']}; stands in for {STANDS_IN[default]}" if default in STANDS_IN else fact["region"]


def _kilns(writer: Writer, folder: Path) -> None:
    for fact in facts(folder, "cement_kiln_technology"):
        value = numeric(fact["central"])
        default = is_default(fact["note"]) and value is not None
        country = country_of(fact["region"])
        common = {
            "low": numeric(fact["low"]), "high": numeric(fact["high"]), "low_high_meaning": "range" if fact["low"] else "",
            "read_from": "judgement" if fact["value_basis"] == "judgement" else fact["read_from"],
            "valid_from": fact["year"][:4], "locator": fact["source_locator"], "note": fact["region"],
        }  # fmt: skip
        if fact["parameter"] in QUANTITIES:
            quantity, unit, spread = QUANTITIES[fact["parameter"]]
            keys = {
                "quantity": quantity,
                "kiln_type": KILN_TYPES.get(fact["kiln_type"], fact["kiln_type"]),
                "country": country,
            }
            writer.add(
                "cement_kiln", keys, value, unit if default else fact["unit"], fact["source"], distribution="normal",
                spread=spread * value if default and value else "",
                scopes=f"country:0.3;{'quarry' if quantity == 'raw_mill_off_share' else 'kiln'}:0.7",
                use="default" if default else "evidence", **common,
            )  # fmt: skip
        elif fact["parameter"] in ("capacity_utilisation", "clinker_to_cement_ratio"):
            utilisation = fact["parameter"] == "capacity_utilisation"
            writer.add(
                "cement_activity",
                {"quantity": "utilisation" if utilisation else "clinker_factor", "country": country},
                value, "1" if utilisation else "t/t", fact["source"], distribution="normal",
                spread=(0.08 if utilisation else 0.03) if default else "", scopes="country:0.3;kiln:0.7",
                use="default" if default else "evidence", **common,
            )  # fmt: skip
        else:
            keys = {"quantity": fact["parameter"], "kiln_type": fact["kiln_type"], "country": country}
            writer.add("cement_kiln", keys, value, fact["unit"], fact["source"], use="evidence", **common)
    writer.add(
        "cement_activity", {"quantity": "utilisation", "country": "WLD"}, 0.65, "1", JUDGEMENT, distribution="normal",
        spread=0.12, scopes="country:0.6;kiln:0.4", note="between India 0.57 and Indonesia 0.72; most countries have spare kilns",
    )  # fmt: skip
    lines = "Chinese tests of eleven lines, as cited in the facts on raw mills"
    removal = facts(folder, "cement_control_removal")
    on = next(f for f in removal if f["quantity"] == "capture per pass into raw meal")
    writer.add(
        "cement_kiln", {"quantity": "mill_on_capture", "country": "WLD"}, on["mean"], "1", on["source"] or lines,
        read_from=on["read_from"], locator=on["source_locator"], distribution="normal", spread=0.05, scopes="world:1",
        note="share of kiln gas mercury caught per pass; the spread is a judgement",
    )  # fmt: skip
    writer.add(
        "cement_kiln", {"quantity": "mill_off_capture", "country": "WLD"}, 1 - 49.4 / 23.4 * (1 - float(on["mean"])), "1",
        JUDGEMENT, method="derived", distribution="normal", spread=0.1, scopes="world:1",
        note="stack ratio of mill off to mill on, 49.4/23.4 ug/m3 at one kiln, and the capture with the mill on; "
        "the spread is a judgement, a ratio of 1.5 to 5 having been seen",
    )  # fmt: skip
    writer.add(
        "cement_kiln", {"quantity": "raw_mill_off_share", "kiln_type": "wet", "country": "WLD"}, 1.0, "1", JUDGEMENT,
        note="a wet kiln has no raw mill in its gas, so it runs all year like a dry one with the mill off",
    )  # fmt: skip


def _air_share(writer: Writer, folder: Path) -> None:
    for fact in facts(folder, "cement_output_partition"):
        fraction = numeric(fact["fraction"])
        national = fact["technology"].startswith("national kiln mix, ")
        country = country_of(fact["technology"].removeprefix("national kiln mix, ")) if national else "WLD"
        default = fact["pathway"] == "air" and fact["scheme"] == "engine default"
        # The national rows of the flow model are those of its kiln mixes with controls; only Indonesia's, a mix
        # of dust filters alone, is the share of a loop without mercury control.
        default |= national and fact["pathway"] == "air" and country == "IDN"
        keys = {"country": country} if default else {
            "case": fact["scheme"], "stream": f"{fact['technology']}: {fact['pathway']}", "country": country
        }  # fmt: skip
        writer.add(
            "cement_air_share" if default else "cement_partition_evidence", keys, fraction, "1", fact["source"],
            distribution="beta", spread=0.08 if default else "", scopes="world:0.5;kiln:0.5",
            low=numeric(fact["low"]), high=numeric(fact["high"]), low_high_meaning="range" if fact["low"] else "",
            method="model" if "Model" in fact["scheme"] else "", read_from=fact["read_from"],
            use="default" if default else "evidence", locator=fact["source_locator"],
            note="all dust returned; the rest stays in the clinker" if default else "",
        )  # fmt: skip


def _controls(writer: Writer, folder: Path) -> None:
    returned = "all dust is returned, so a filter removes nothing in the long run"
    for device in ("ESP", "FF"):
        writer.add("cement_control", {"device": device}, 0.0, "1", JUDGEMENT, basis=BEHIND_LOOP, note=returned)
    for fact in facts(folder, "cement_control_removal"):
        device, note = DEVICES.get(fact["control"], ("", ""))
        value, low, high = (numeric(fact[column]) for column in ("mean", "low", "high"))
        default = bool(device) and fact["quantity"] == "removal" and (is_default(fact["note"]) or device == "DS")
        judged = fact["value_basis"] == "judgement"
        spread = (high - low) / 2.563 if default and value and low is not None and high is not None else ""
        writer.add(
            "cement_control", {"device": device if default else f"{fact['control']}: {fact['quantity']}"}, value,
            "1" if fact["unit"] in ("fraction", "-") else fact["unit"], JUDGEMENT if judged else fact["source"],
            basis=BEHIND_LOOP if default else fact["raw_mill_mode"], distribution="beta" if spread else "",
            spread=spread, scopes="device:0.5;kiln:0.5" if spread else "", low=low, high=high,
            low_high_meaning="" if low is None else "range, taken as p10-p90" if spread else "range",
            read_from="judgement" if judged else fact["read_from"], use="default" if default else "evidence",
            locator="" if judged else fact["source_locator"], note=note if default else "",
        )  # fmt: skip


def _emission_factors(writer: Writer, folder: Path) -> None:
    writer.add(
        "cement_emission_factor", {"country": "WLD"}, 0.075, "g/t", JUDGEMENT, basis="clinker, no mercury control",
        distribution="lognormal", spread=math.log(2.2), scopes="world:0.25;kiln:0.75", low=0.012, high=0.26,
        low_high_meaning="p2.5-p97.5", note="five plant tests give a geometric mean of 0.0748 and a spread of 1.99",
    )  # fmt: skip
    for fact in facts(folder, "cement_emission_factor"):
        names = list(fact)
        case = ", ".join(fact[name] for name in names[:3] if fact[name])
        value = numeric(fact.get("value") or fact.get("mean") or "")
        writer.add(
            "cement_emission_factor", {"country": country_of(fact.get("region", "")), "case": case}, value,
            fact.get("unit", ""), fact["source"], low=numeric(fact.get("low", "")), high=numeric(fact.get("high", "")),
            read_from=fact["read_from"], use="check", locator=fact["source_locator"],
        )  # fmt: skip


def _fuels_and_species(writer: Writer) -> None:
    ipcc = "IPCC 2006 Guidelines Vol. 2 Table 1.2"
    for fuel, value in (("petcoke", 32.5), ("oil", 40.4), ("gas", 48.0)):
        writer.add(
            "cement_fuel", {"quantity": "net_calorific_value", "fuel": fuel}, value, "MJ/kg", ipcc,
            basis="net_as_received", distribution="normal", spread=0.03 * value, scopes="kiln:1", read_from="recalled",
        )  # fmt: skip
    writer.add(
        "cement_fuel_mix", {"country": "WLD", "fuel": "coal"}, 1.0, "1", JUDGEMENT, basis="of heat",
        note="no national shares were collected; petroleum coke at its default brings less mercury per heat than most coals, "
        "sludge more",
    )  # fmt: skip
    shares = {"hg0": 0.6, "hg2": 0.225, "hgp": 0.155}
    total = sum(shares.values())
    for species, share in shares.items():
        keys = {"sector": "cement_kiln", "stage": "stack", "species": species}
        writer.add("species", keys, round(share / total, 6), "1", "Speciation tests of eleven Chinese kiln lines",
                   read_from="read", basis="of stack mercury", note="0.60/0.225/0.155 scaled to sum 1")  # fmt: skip
