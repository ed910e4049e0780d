"""Reduction options: what each adds to a unit, where it can go, what it takes out, and what it costs by which rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from factor_tables.controls import CLASSES
from factor_tables.writer import Writer, facts, numeric

SECTORS = {"coal": "coal_power", "cement": "cement_kiln"}
POLLUTANTS = {"mercury": "hg_mean", "so2": "co_benefit_so2", "pm": "co_benefit_pm", "nox": "co_benefit_nox"}
BASES = {
    "train": "share of the mercury input, of the resulting train",
    "after": "share of the mercury input, after the step",
    "increment": "share of the present emission",
    "input": "share of the mercury input",
    "compute": "share of the mercury input, an order of size only: it is computed from the coals",
    "closure": "share of the emission after the closure",
    "instrument": "none of itself",
}
FGD = "FGD|swFGD|wFGD|SDA|CDS"
DUST_TRAIN = {"needs": "ESP", "excludes": f"{FGD}|FF"}
WET = {"needs": "ESP+wFGD"}
PLANT, SKID, NONE = {"build": "plant"}, {"build": "skid"}, {"build": "none"}
LARGE = {**PLANT, "space": "yes"}
# What a step behind or beside the train catches goes where the words of the facts say; without `catch`, as the train's.
TO_ASH = {"catch": "fly_ash"}
QUICK = {"short_life": "yes"}  # no capital worth writing off in a few years
# What the words of the facts mean for a train, a size and a location; the words themselves stay in `requires`.
RULES: dict[str, dict[str, str]] = {
    "F1": {"mode": "input", "step": "fuel", "items": "coal washing", **PLANT},
    "F2": {"mode": "compute", "step": "fuel", "items": "coal with less mercury", **NONE, **QUICK},
    "F3": {"mode": "increment", "step": "oxidation", "needs": "ESP+wFGD|FF", "items": "coal with more chlorine", **NONE},
    "F4": {"mode": "input", "step": "fuel", "items": "biomass co-firing", **NONE, **QUICK},
    # Biomass brings so much less mercury; what it brings meets the train of the unit as before.
    "F5": {"mode": "input", "step": "fuel", "mw_to": "401", "items": "conversion to biomass", **PLANT},
    "P1": {"mode": "input", "step": "plant", "items": "heat-rate improvement; coal saved", **PLANT},
    "P2": {"mode": "increment", "step": "plant", **TO_ASH, "needs": "ESP", "items": "ESP upgrade", **PLANT},
    "P3": {"mode": "increment", "step": "plant", **TO_ASH, "needs": "ESP", "mw_from": "300",
           "items": "low-low-temperature ESP", **LARGE},
    "P4": {"mode": "increment", "step": "plant", **TO_ASH, "adds": "LNB", "needs": "ESP|FF", "boilers": "PC", "mw_from": "100",
           "items": "low-NOx burners", "only_if": "nox", **PLANT},
    "C1": {"mode": "train", "step": "collector", "adds": "FF", "replaces": "ESP", **DUST_TRAIN, "only_if": "pm",
           "items": "fabric filter (COHPAC/TOXECON baghouse) retrofit", **LARGE},
    "C2": {"mode": "train", "step": "scrubber", "adds": "wFGD", "needs": "ESP", "excludes": FGD, "mw_from": "200",
           "only_if": "so2", "items": "wet FGD retrofit", **LARGE},
    "C3": {"mode": "train", "step": "scrubber", "adds": "swFGD", "needs": "ESP", "excludes": FGD, "mw_from": "200",
           "only_if": "so2", "coast": "yes", "items": "sea-water FGD", **LARGE},
    "C4": {"mode": "train", "step": "collector", "adds": "SDA+FF", "replaces": "ESP", **DUST_TRAIN, "mw_to": "401",
           "only_if": "so2", "items": "dry FGD with fabric filter", **LARGE},
    "C5": {"mode": "train", "step": "nox", "adds": "SCR", "needs": "ESP", "excludes": FGD, "mw_from": "100",
           "only_if": "nox", "items": "SCR retrofit", **LARGE},
    "C6": {"mode": "train", "step": "nox", "adds": "SCR", **WET, "mw_from": "200", "only_if": "nox",
           "items": "SCR retrofit", **LARGE},
    "C7": {"mode": "train", "step": "scrubber", "adds": "SCR+wFGD", "needs": "ESP", "excludes": FGD, "mw_from": "300",
           "only_if": "so2+nox", "items": "SCR retrofit; wet FGD retrofit", **LARGE},
    "C9": {"mode": "train", "step": "nox", "adds": "SCR", "needs": "ESP+swFGD|FF+swFGD", "mw_from": "200",
           "only_if": "nox", "items": "SCR retrofit", **LARGE},
    "C10": {"mode": "train", "step": "scrubber", "adds": "SCR+swFGD", "needs": "ESP", "excludes": FGD, "mw_from": "300",
            "only_if": "so2+nox", "coast": "yes", "items": "SCR retrofit; sea-water FGD", **LARGE},
    "C8": {"mode": "increment", "step": "additive", "catch": "fgd_solids", **WET, "items": "wFGD re-emission additive",
           **SKID, **QUICK},
    "H1": {"mode": "train", "step": "oxidation", "adds": "HAL", **DUST_TRAIN,
           "items": "CaBr2 / halogen addition to coal", **SKID, **QUICK},
    "H2": {"mode": "train", "step": "oxidation", "adds": "HAL", **WET,
           "items": "CaBr2 / halogen addition to coal", **SKID, **QUICK},
    "H3": {"mode": "train", "step": "oxidation", "adds": "HAL", "needs": "FF",
           "items": "CaBr2 / halogen addition to coal", **SKID},
    "H4": {"mode": "train", "step": "oxidation", "adds": "HAL", "needs": "ESP+swFGD", "coast": "yes",
           "items": "CaBr2 / halogen addition to coal", **SKID},
    "A1": {"mode": "train", "step": "sorbent", "adds": "ACI", "needs": "ESPc", "excludes": "FF", "ash": "carbon",
           "items": "ACI upstream of existing PM control", **SKID, **QUICK},
    "A2": {"mode": "train", "step": "sorbent", "adds": "ACI-Br", "replaces": "ACI", "needs": "ESPc", "excludes": "FF", "ash": "carbon",
           "items": "ACI upstream of existing PM control", **SKID, **QUICK},
    "A3": {"mode": "train", "step": "sorbent", "adds": "ACI", "needs": "FF", "ash": "carbon",
           "items": "ACI upstream of FF", **SKID},
    "A4": {"mode": "train", "step": "collector+sorbent", "adds": "ACI+FF", "needs": "ESP", "excludes": "FF",
           "only_if": "pm", "items": "fabric filter (COHPAC/TOXECON baghouse) retrofit; ACI upstream of FF", **LARGE},
    "A5": {"mode": "train", "step": "additive", "adds": "DSI", "needs": "ESP|FF", "only_if": "so2",
           "items": "DSI (trona) + existing PM", **PLANT},
    "M1": {"mode": "after", "step": "collector", "catch": "waste", "needs": "ESP", "mw_from": "300", "only_if": "so2",
           "items": "regenerable activated coke", **LARGE},
    "M2": {"mode": "increment", "step": "sorbent", "catch": "waste", **WET, "mw_from": "200",
           "items": "sorbent polymer modules", **PLANT},
    "R1": {"mode": "closure", "step": "operation", **NONE},
    "R2": {"mode": "input", "step": "operation", **NONE, **QUICK},
    "R3": {"mode": "instrument", "step": "instrument", **NONE},
    "K1": {"mode": "train", "step": "dust", "adds": "SHUTTLE", "items": "dust shuttling", **SKID, **QUICK},
    "K2": {"mode": "train", "step": "dust", "adds": "SHUTTLE-SORB", "items": "dust shuttling with sorbent", **SKID},
    "K3": {"mode": "train", "step": "sorbent", "adds": "ACI-FF", "items": "ACI + polishing baghouse, Durkee", **LARGE},
    "K4": {"mode": "train", "step": "scrubber", "adds": "WS", "only_if": "so2", "items": "wet scrubber of a kiln", **LARGE},
    "K5": {"mode": "train", "step": "dust", "adds": "TDT", "items": "thermal dust treatment", **PLANT},
    "K6": {"mode": "compute", "step": "fuel", "items": "material with less mercury", **NONE, **QUICK},
    "K7": {"mode": "input", "step": "operation", "items": "less clinker per cement", **NONE, **QUICK},
    "K8": {"mode": "train", "step": "nox", "adds": "SCR", "only_if": "nox", "items": "SCR of a kiln", **PLANT},
}  # fmt: skip

# The facts state the whole train; what the scrubber does that is there already is no effect of the catalyst.
THERE_ALREADY = {("C6", "so2"), ("C6", "pm"), ("C9", "so2"), ("C9", "pm")}
# The facts have a catalyst with a limestone scrubber; with sea water the train has a removal, and both parts a price.
SEA_TRAIN = "SCR + ESP + swFGD"
SEA_WORDS = {
    "C9": ("C6", "SCR added where a seawater FGD exists", "space, ammonia"),
    "C10": ("C7", "SCR and seawater FGD together", "space, ammonia, once-through sea water, outfall permit"),
}
SEA_WASTE = "more Hg2+ goes to the sea: Article 9; catalyst"


def build(writer: Writer, folder: Path) -> None:
    """Add the options and their effects."""
    seen: set[str] = set()
    for fact in (*facts(folder, "reduction_options"), *_with_sea_water(folder)):
        option = fact["option_id"]
        rule = RULES[option]
        if option not in seen:
            seen.add(option)
            keys = {
                "option": option, "sector": SECTORS[fact["sector"]], "name": fact["option"],
                "option_class": fact["option_class"], "waste_effect": fact["waste_effect"],
                "paragraph": fact["minamata_para"], "requires": fact["requires"], **rule,
            }  # fmt: skip
            writer.add(
                "reduction_option", keys, None, "", fact["source"], read_from=fact["read_from"],
                locator=fact["source_locator"], note="",
            )  # fmt: skip
        _effects(writer, fact, rule["mode"])


def _with_sea_water(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the catalyst with a sea-water scrubber, in the form of the facts."""
    options = facts(folder, "reduction_options")
    sea_water = next(fact for fact in options if fact["option_id"] == "C3")
    removals = {row["coal_class"]: row for row in facts(folder, "coal_control_default") if row["config"] == SEA_TRAIN}
    for option, (like, name, requires) in SEA_WORDS.items():
        for fact in (fact for fact in options if fact["option_id"] == like):
            removal = removals[fact["applies_coal"]]
            yield {
                **fact,
                "option_id": option,
                "option": name,
                "requires": requires,
                "waste_effect": SEA_WASTE,
                "co_benefit_so2": sea_water["co_benefit_so2"],
                "co_benefit_pm": sea_water["co_benefit_pm"],
                "hg_mean": removal["removal_mean"],
                "hg_low": removal["removal_p10"],
                "hg_high": removal["removal_p90"],
                "read_from": "judgement",
                "note": "the train has no published value: see the row of the table removal",
            }


def _effects(writer: Writer, fact: dict[str, str], mode: str) -> None:
    """Add the share of each pollutant that a step takes out, by coal class; the mercury of a train is a check only."""
    for coal_class in _classes(fact["applies_coal"]):
        for pollutant, column in POLLUTANTS.items():
            value = numeric(fact[column])
            mercury = pollutant == "mercury"
            if value is None or (not mercury and (value == 0 or (fact["option_id"], pollutant) in THERE_ALREADY)):
                continue  # no row: none
            # Removal, not a difference, for what the train decides: the table `removal` is used, and this row checks it.
            use = "check" if mercury and mode == "train" else "default"
            writer.add(
                "option_effect",
                {"option": fact["option_id"], "coal_class": coal_class, "pollutant": pollutant},
                value, "1", fact["source"], basis=BASES[mode] if mercury else "share of the present emission",
                low=numeric(fact["hg_low"]) if mercury else "", high=numeric(fact["hg_high"]) if mercury else "",
                low_high_meaning=_meaning(fact["source"]) if mercury else "",
                read_from=fact["read_from"], use=use, locator=fact["source_locator"],
                note=fact["note"] if mercury and not fact["note"].startswith("Audit") else "",
            )  # fmt: skip


def _classes(text: str) -> list[str]:
    """Return the coal classes a row speaks of; a blank one stands for all.

    >>> _classes("low-Cl subbituminous or Indonesian; lignite"), _classes("any; bituminous best")
    (['low_cl', 'lignite'], [''])
    """
    return [CLASSES[part] for part in text.split("; ") if part in CLASSES] or [""]


def _meaning(source: str) -> str:
    return "p10-p90" if "p10-p90" in source else "range"
