"""Controls: removal of trains in three profiles, the evidence, effects of devices, species, fate."""

from __future__ import annotations

import math
import re
from pathlib import Path

from scipy import stats

from factor_tables.writer import JUDGEMENT, SYNTHESIS, Writer, facts, numeric
from hginventory.vocabulary import parse_train

CLASSES = {
    "high-Cl bituminous": "high_cl",
    "low-Cl subbituminous or Indonesian": "low_cl",
    "lignite": "lignite",
}
EPA_CLASSES = {"bituminous": "high_cl", "subbituminous": "low_cl", "lignite": "lignite"}
_WORDS = (
    ("coal halogen", "HAL"), ("brominated ACI", "ACI-Br"), ("plain ACI", "ACI"), ("wet particle scrubber", "WS"),
    ("semi-dry circulating scrubber", "CDS"), ("semi-dry scrubber", "CDS"), ("FGD of unknown type", "FGD"),
    ("ESP-cold", "ESPc"), ("ESP-hot", "ESPh"), ("limestone", "FSI"), ("cyclone", "CYC"),
)  # fmt: skip
STREAMS = {
    "frac_air": "air", "frac_bottom_ash": "bottom ash", "frac_fly_ash": "fly ash", "frac_fgd_total": "scrubber, all",
    "frac_gypsum_solids": "scrubber solids", "frac_wastewater": "water", "frac_general_waste": "waste",
    "frac_sector_treatment": "treatment", "frac_product": "product",
}  # fmt: skip
MOST_MISFIT = 0.03  # of a percentile, from where a row says so
EPA_ESP_HOT = re.compile(r"ESP-hot or other( or none)?")


def build(writer: Writer, folder: Path) -> None:
    """Add the tables of controls of coal units."""
    _default_profile(writer, folder)
    _epa_profile(writer, folder)
    _levels_profile(writer, folder)
    _evidence(writer, folder)
    _device_effects(writer)
    _species(writer)
    _fate(writer)
    _partition_evidence(writer, folder)


def trains_of(config: str) -> list[tuple[str, str]]:
    """Return the canonical trains and boilers that a configuration of the facts stands for."""
    boiler = "PC"
    text = config
    for name, code in (("CFB", "CFB"), ("stoker", "stoker")):
        if text.startswith(name):
            boiler, text = code, text.removeprefix(name).strip(" +")
    if text == "unknown":
        return [("unknown", "")]
    if text in ("none, cyclone", "none or cyclone"):
        return [("none", boiler), ("CYC", boiler)]
    if text == "ACI + FF / TOXECON":
        return [("ACI+FF", boiler), ("ACI+ESPc+FF", boiler)]
    also_scr = "(also SCR+)" in text
    text = text.replace("(also SCR+)", "")
    for words, code in _WORDS:
        text = text.replace(words, code)
    train = parse_train(text)
    return [(train, boiler), (parse_train(f"SCR+{train}"), boiler)] if also_scr else [(train, boiler)]


def _default_profile(writer: Writer, folder: Path) -> None:
    for fact in facts(folder, "coal_control_default"):
        a, b = float(fact["beta_a"]), float(fact["beta_b"])
        mean = float(fact["removal_mean"])
        misfit = _misfit(a, b, float(fact["removal_p10"]), float(fact["removal_p90"]))
        for train, boiler in trains_of(fact["config"]):
            keys = {"profile": "default", "train": train, "coal_class": CLASSES[fact["coal_class"]], "boiler": boiler}
            writer.add(
                "removal", keys, mean, "1", SYNTHESIS, basis="share of coal mercury", removal_basis="coal_to_stack",
                distribution="beta", spread=math.sqrt(mean * (1 - mean) / (a + b + 1)), scopes="coal_class:0.5;unit:0.5",
                low=fact["removal_p10"], high=fact["removal_p90"], low_high_meaning="p10-p90", read_from="judgement",
                note="; ".join(filter(None, ["controls not known" if train == "unknown" else "", misfit])),
            )  # fmt: skip


def _misfit(a: float, b: float, low: float, high: float) -> str:
    """Return in words where a beta misses stated percentiles by more than `MOST_MISFIT`.

    With the mean kept no other beta comes much closer, as two percentiles and a mean are one too many for it.
    """
    found = stats.beta.ppf((0.1, 0.9), a, b)
    if max(abs(found - (low, high))) <= MOST_MISFIT:
        return ""
    return f"p10 and p90 of the beta with this mean are {found[0]:.2f} and {found[1]:.2f}"


def _epa_profile(writer: Writer, folder: Path) -> None:
    for fact in facts(folder, "coal_control_removal"):
        if not fact["source"].startswith("US EPA EMFs"):
            continue
        config = EPA_ESP_HOT.sub("ESPh", fact["config"]).replace("ESP-cold", "ESPc").replace(" ", "")
        trains = [config] if "None HSE/Oth" not in fact["config_detail"] else ["ESPh", "none"]
        no_data = fact["coal_rank"] == "lignite" and float(fact["removal_mean"]) == 0
        for train in trains:
            keys = {
                "profile": "epa_emf",
                "train": parse_train(train),
                "coal_class": EPA_CLASSES[fact["coal_rank"]],
                "boiler": "PC",
            }
            writer.add(
                "removal", keys, fact["removal_mean"], "1", fact["source"], removal_basis="coal_to_stack",
                basis="share of coal mercury", read_from=fact["read_from"], locator=fact["source_locator"],
                use="check" if no_data else "default",
                note="EMF 1.00 stands for no data, not for no removal: the default profile stands in" if no_data else "removal = 1 - EMF",
            )  # fmt: skip


def _levels_profile(writer: Writer, folder: Path) -> None:
    members = {
        "0": ("none",),
        "1": ("ESPc", "ESPh", "CYC", "WS"),
        "2": ("FF",),
        "3": ("ESPc+wFGD", "ESPc+FGD", "SDA+ESPc", "SDA+FF"),
        "4": ("SCR+ESPc+wFGD", "SCR+ESPc+FGD", "SCR+FF+wFGD"),
        "5": ("ACI+ESPc", "ACI+FF", "ACI+ESPc+wFGD"),
    }
    ranks = {"hard coal": "high_cl", "anthracite": "", "bituminous": "high_cl", "subbituminous": "low_cl",
             "brown coal": "lignite", "lignite": "lignite"}  # fmt: skip
    for fact in facts(folder, "coal_control_removal"):
        level = re.fullmatch(r"GMA/Toolkit technology level L(\d)", fact["scope"])
        coal_class = ranks.get(fact["coal_rank"], "")
        mean = numeric(fact["removal_mean"])
        if level is None or not coal_class or mean is None:
            continue
        for train in members[level[1]]:
            classes = ["high_cl", "low_cl"] if level[1] == "0" and coal_class == "high_cl" else [coal_class]
            for name in classes:
                keys = {"profile": "gma_levels", "train": parse_train(train), "coal_class": name, "boiler": "PC"}
                writer.add(
                    "removal", keys, mean, "1", fact["source"], removal_basis="coal_to_stack", method="second-hand",
                    basis="share of coal mercury", read_from=fact["read_from"], locator=fact["source_locator"],
                    note=f"technology level {level[1]}, not train by train",
                )  # fmt: skip


def _evidence(writer: Writer, folder: Path) -> None:
    bases = {"coal to stack": "coal_to_stack", "co-benefit, boiler outlet to stack": "boiler_outlet_to_stack"}
    for fact in facts(folder, "coal_control_removal"):
        scope = fact["scope"]
        basis = bases.get(scope, "across_device" if scope.startswith("across") else "")
        model = "Global_Mercury_Flow_Model" in fact["source"]
        writer.add(
            "removal_evidence",
            {"config": fact["config"], "config_detail": fact["config_detail"], "boiler": fact["boiler_type"],
             "coal_rank": fact["coal_rank"], "country": fact["iso3"]},
            numeric(fact["removal_mean"]), "1", fact["source"], basis=scope, removal_basis=basis,
            low=numeric(fact["removal_low"]), high=numeric(fact["removal_high"]),
            low_high_meaning=fact["low_high_meaning"], n=numeric(fact["n"]), method="model" if model else "",
            read_from=fact["read_from"], use="evidence", locator=fact["source_locator"],
        )  # fmt: skip


def _device_effects(writer: Writer) -> None:
    """Add what devices do to species, only to extend a train that has no row of its own."""
    dust = {"CYC": 0.5, "WS": 0.9, "ESPh": 0.99, "ESPc": 0.99, "FF": 0.995}
    effects: list[tuple[str, str, str, float, str]] = [
        (d, "", "hgp_capture", v, "dust collectors catch bound mercury") for d, v in dust.items()
    ]
    by_class: dict[tuple[str, str], tuple[float, float, float]] = {
        ("SCR", "hg0_oxidation"): (0.6, 0.2, 0.15),
        ("HAL", "hg0_oxidation"): (0.3, 0.6, 0.5),
        ("ESPc", "hg2_capture"): (0.2, 0.1, 0.04),
        ("ESPc", "hg0_capture"): (0.05, 0.02, 0.0),
        ("FF", "hg2_capture"): (0.8, 0.6, 0.3),
        ("FF", "hg0_capture"): (0.6, 0.35, 0.1),
        ("ACI", "hg0_capture"): (0.7, 0.5, 0.5),
        ("ACI", "hg2_capture"): (0.8, 0.6, 0.6),
        ("ACI-Br", "hg0_capture"): (0.8, 0.8, 0.8),
        ("ACI-Br", "hg2_capture"): (0.85, 0.85, 0.85),
    }
    for (device, quantity), values in by_class.items():
        for coal_class, value in zip(("high_cl", "low_cl", "lignite"), values, strict=True):
            effects.append((device, coal_class, quantity, value, "within the measured range, by chlorine"))
    general = {
        ("wFGD", "hg2_capture"): 0.8, ("wFGD", "reemission"): 0.1, ("wFGD", "hgp_capture"): 0.5,
        ("FGD", "hg2_capture"): 0.7, ("FGD", "reemission"): 0.1, ("FGD", "hgp_capture"): 0.5,
        ("swFGD", "hg2_capture"): 0.6, ("swFGD", "reemission"): 0.1, ("swFGD", "hgp_capture"): 0.5,
        ("SDA", "hg2_capture"): 0.3, ("CDS", "hg2_capture"): 0.5, ("CDS", "hgp_capture"): 0.5,
        ("DSI", "hg2_capture"): 0.05, ("WS", "hg2_capture"): 0.2, ("WESP", "hg2_capture"): 0.3,
        ("WESP", "hgp_capture"): 0.8, ("ESPh", "hg2_capture"): 0.02,
    }  # fmt: skip
    effects += [(d, "", q, v, "within the measured range") for (d, q), v in general.items()]
    for device, coal_class, quantity, value, note in effects:
        keys = {"device": device, "coal_class": coal_class, "quantity": quantity}
        writer.add("device_effect", keys, value, "1", JUDGEMENT, note=note)


def _species(writer: Writer) -> None:
    icr = "US EPA 1999 ICR speciation tests, as summarised by EPA/NRMRL 2002 and 2005"
    icr2 = "US EPA 2010 Utility HAPs ICR, computed from Sun et al. repository"
    outlet = "so that a precipitator, which takes the bound mercury, leaves what its removal row says for this class"
    stages: list[tuple[str, str, tuple[float, float, float], str, str, str]] = [
        ("boiler_outlet", "", (0.37, 0.26, 0.37), icr, "recalled", "sd 0.25 to 0.35 between tests"),
        ("boiler_outlet", "high_cl", (0.30, 0.45, 0.25), JUDGEMENT, "judgement", outlet),
        ("boiler_outlet", "low_cl", (0.72, 0.20, 0.08), JUDGEMENT, "judgement", outlet),
        ("boiler_outlet", "lignite", (0.80, 0.17, 0.03), JUDGEMENT, "judgement", outlet),
        ("esp", "", (0.54, 0.42, 0.04), icr, "recalled", "0.44/0.54/0.02 in Korea on Indonesian coal"),
        ("esp", "low_cl", (0.82, 0.16, 0.02), icr, "recalled", "elemental share 0.70 to 0.95"),
        ("esp", "lignite", (0.82, 0.16, 0.02), JUDGEMENT, "judgement", "as low-chlorine coal"),
        ("ff", "", (0.40, 0.57, 0.03), JUDGEMENT, "judgement", "filters oxidise more than precipitators"),
        ("ff", "low_cl", (0.70, 0.28, 0.02), JUDGEMENT, "judgement", "filters oxidise more than precipitators"),
        ("wet_fgd", "", (0.80, 0.19, 0.01), icr, "recalled", "0.75-0.84 / 0.15-0.24 / below 0.02"),
        ("dry_fgd_ff", "", (0.86, 0.13, 0.01), icr2, "read", "units with controls of all kinds"),
        ("hg_specific", "", (0.86, 0.13, 0.01), icr2, "read", "units with controls of all kinds"),
    ]
    for stage, coal_class, shares, citation, read_from, note in stages:
        for species, share in zip(("hg0", "hg2", "hgp"), shares, strict=True):
            keys = {"sector": "coal_power", "stage": stage, "coal_class": coal_class, "species": species}
            writer.add("species", keys, share, "1", citation, read_from=read_from, note=note, basis="of stack mercury")


def _fate(writer: Writer) -> None:
    ash = "what dust collectors and dry sorbents catch leaves with the ash"
    rows: list[tuple[str, dict[str, float], str]] = [
        (device, {"fly_ash": 1.0}, ash) for device in ("ESPc", "ESPh", "FF", "CYC", "SDA", "CDS")
    ]
    rows += [
        ("WS", {"fly_ash": 0.9, "water": 0.1}, "slurry, with some dissolved"),
        ("wFGD", {"fgd_solids": 0.9, "water": 0.1}, "solids 0.90 to 0.95, purge water the rest; one measured plant"),
        ("swFGD", {"water": 1.0}, "sea water goes back to the sea; no solid product"),
        (
            "FGD",
            {"fgd_solids": 0.45, "water": 0.55},
            "mean of limestone and sea-water scrubbers, the type is not known",
        ),
        ("WESP", {"water": 1.0}, "washed off"),
    ]
    for device, shares, note in rows:
        for pathway, share in shares.items():
            keys = {"sector": "coal_power", "device": device, "pathway": pathway}
            writer.add("fate", keys, share, "1", JUDGEMENT, note=note)
    kiln: dict[str, tuple[dict[str, float], str]] = {
        "bleed": ({"product": 1.0}, "bled dust goes to the cement mill"),
        "SHUTTLE": ({"product": 1.0}, "filter dust goes to the cement mill"),
        "SHUTTLE-SORB": ({"product": 0.5, "waste": 0.5}, "loaded sorbent is partly disposed of"),
        "TDT": ({"waste": 1.0}, "mercury is taken up on carbon and disposed of"),
        "ACI-FF": ({"waste": 1.0}, "loaded carbon is disposed of"),
        "DS": ({"waste": 1.0}, "spent sorbent"),
        "WS": ({"fgd_solids": 1.0}, "gypsum of the scrubber"),
    }
    for device, (shares, note) in kiln.items():
        for pathway, share in shares.items():
            keys = {"sector": "cement_kiln", "device": device, "pathway": pathway}
            writer.add("fate", keys, share, "1", JUDGEMENT, note=note)


def _partition_evidence(writer: Writer, folder: Path) -> None:
    """Add where studies found the mercury of the coal, one row a study and pathway."""
    for fact in facts(folder, "coal_output_partition"):
        for column, stream in STREAMS.items():
            share = numeric(fact[column])
            if share is None:
                continue
            keys = {
                "config": fact["config"], "study": fact["study_or_plant"], "boiler": fact["boiler_type"],
                "coal_rank": fact["coal_rank"], "country": fact["iso3"], "stream": stream,
            }  # fmt: skip
            writer.add(
                "coal_partition_evidence", keys, share, "1", fact["source"], basis="share of coal mercury",
                method="model" if "Flow_Model" in fact["source"] else "", read_from=fact["read_from"], use="evidence",
                locator=fact["source_locator"], note=fact["closure_note"],
            )  # fmt: skip
