"""Mercury of one kiln, by docs/method.md: 2. Cement kilns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.oracle.coal_quality import coal_of
from tests.oracle.tables import Tables, regions_of

BEHIND = ("ACI-FF", "DS", "WS")
AT_THE_DUST = ("SHUTTLE", "SHUTTLE-SORB", "TDT")


@dataclass
class Kiln:
    """A kiln of a normal year [kg]."""

    clinker_t: float
    hg_in: float
    air: float
    product: float
    waste: float
    fgd_solids: float
    species: tuple[float, float, float]
    added: float


def of_kiln(tables: Tables, unit: dict[str, Any], cell: str, quantity: str) -> float:
    """Return the cell, else kiln type and country, kiln type, country, world."""
    if unit.get(cell) is not None:
        return float(unit[cell])
    kind = unit.get("kiln_type") or ""
    kinds = (kind, "") if kind not in ("", "unknown") else ("",)
    country = unit["country"]
    rungs = []
    for one in kinds:
        rungs += [{"quantity": quantity, "kiln_type": one, "country": place} for place in regions_of(country)]
    return float(tables.first("cement_kiln", *rungs)["value"])


def of_country(tables: Tables, unit: dict[str, Any], cell: str, table: str, **keys: str) -> float:
    if unit.get(cell) is not None:
        return float(unit[cell])
    rungs = [{**keys, "country": place} for place in regions_of(unit["country"])]
    return float(tables.first(table, *rungs)["value"])


def clinker_of(tables: Tables, unit: dict[str, Any], output: float | None) -> float:
    if output is not None:
        return output
    utilisation = of_country(tables, unit, "utilisation", "cement_activity", quantity="utilisation")
    if unit.get("clinker_capacity") is not None:
        return float(unit["clinker_capacity"]) * utilisation
    factor = of_country(tables, unit, "clinker_factor", "cement_activity", quantity="clinker_factor")
    return float(unit["cement_capacity"]) * utilisation * factor * (1.0 - (unit.get("clinker_import_share") or 0.0))


def raw_meal_content(tables: Tables, unit: dict[str, Any]) -> float:
    """Return mercury of fresh raw meal [mg/kg]: analysis, else the sum of its materials."""
    if unit.get("hg_raw_meal") is not None:
        return float(unit["hg_raw_meal"])
    shares = {r["material"]: r["value"] for r in tables.all_keys("cement_raw_mix")}
    if unit.get("limestone_share") is not None:
        others = sum(v for m, v in shares.items() if m != "limestone")
        own = unit["limestone_share"]
        shares = {m: own if m == "limestone" else v / others * (1.0 - own) for m, v in shares.items()}
    total = 0.0
    for material, share in shares.items():
        if material == "limestone" and unit.get("hg_limestone") is not None:
            content = unit["hg_limestone"]
        else:
            content = of_country(tables, unit, "", "cement_material", material=material)
        total += share * content
    return total


def fuels_of(
    tables: Tables, unit: dict[str, Any], sheet: dict[str, dict[str, Any]]
) -> list[tuple[float, float, float]]:
    """Return share of heat, content [mg/kg] and net calorific value [MJ/kg] of each fuel."""
    found = []
    for item in (unit.get("fuels") or "coal:1").split(";"):
        name, _, share = item.strip().partition(":")
        if name in sheet:
            country = sheet[name].get("country")
            coal = coal_of(tables, sheet[name], country or unit["country"], imports=not country)
            content, ncv = coal.content, coal.ncv
        elif name == "coal":
            coal = coal_of(tables, {}, unit["country"])
            content, ncv = coal.content, coal.ncv
        else:
            content = of_country(tables, unit, "", "cement_material", material=name)
            ncv = tables.number("cement_fuel", quantity="net_calorific_value", fuel=name)
        found.append((float(share) if share else 1.0, content, ncv))
    if unit.get("hg_fuel") is not None:
        found = [(share, float(unit["hg_fuel"]), ncv) for share, _, ncv in found]
    return found


def fate(tables: Tables, device: str) -> dict[str, float]:
    return {r["pathway"]: r["value"] for r in tables.all_keys("fate", sector="cement_kiln", device=device)}


def shares_of_input(tables: Tables, unit: dict[str, Any]) -> dict[str, float]:
    """Return air before and behind the controls and what leaves otherwise, as shares of the input."""
    r = of_kiln(tables, unit, "", "clinker_retention")
    on, off = of_kiln(tables, unit, "", "mill_on_capture"), of_kiln(tables, unit, "", "mill_off_capture")
    f = of_kiln(tables, unit, "mill_off_share", "raw_mill_off_share")
    given = unit.get("dust_bleed_on") is not None or unit.get("dust_bleed_off") is not None
    usual = of_country(tables, unit, "air_share", "cement_air_share")
    flows = {"product": 0.0, "waste": 0.0, "fgd_solids": 0.0}
    if given:
        b_on, b_off = unit.get("dust_bleed_on") or 0.0, unit.get("dust_bleed_off") or 0.0
        kept = (1 - f) * on * (1 - b_on) + f * off * (1 - b_off)
        gas = (1 - r) / (1 - kept)
        stack = gas * ((1 - f) * (1 - on) + f * (1 - off))
        usual_air = usual
    else:
        stack = usual_air = usual
    flows["product"] = r if given else 1.0 - stack
    if given:  # bled dust goes where its treatment takes it
        treatment = next((d for d in reversed(AT_THE_DUST) if d in (unit.get("controls") or "").split("+")), "bleed")
        for pathway, share in fate(tables, treatment).items():
            flows[pathway] += (1.0 - r - stack) * share
    devices = (unit.get("controls") or "").split("+")
    for device in (*AT_THE_DUST, *BEHIND):
        if device not in devices:
            continue
        if device in BEHIND or (device in AT_THE_DUST and not given):
            removed = stack * tables.number("cement_control", device=device)
            stack -= removed
            for pathway, share in fate(tables, device).items():
                flows[pathway] += removed * share
    return {"air": stack, "before_controls": usual_air, **flows}


def compute(tables: Tables, unit: dict[str, Any], sheet: dict[str, dict[str, Any]], output: float | None) -> Kiln:
    """Return the kiln by the best method that its cells allow."""
    clinker = clinker_of(tables, unit, output)
    shares = shares_of_input(tables, unit)
    country = unit["country"]
    names = [item.strip().partition(":")[0] for item in (unit.get("fuels") or "").split(";")]
    own = any(unit.get(c) is not None for c in ("hg_raw_meal", "hg_limestone", "hg_fuel"))
    own = (
        own
        or any(name in sheet for name in names)
        or any(one.startswith("cement_material/") or one.startswith("coal_mercury/") for one in tables.replaced)
    )
    factor = None
    for place in regions_of(country):
        factor = factor or tables.row("cement_emission_factor", country=place, case="")
    assert factor is not None
    method = unit.get("method")
    if method is None:
        reports = factor["country"] != "WLD" and not own
        method = "tier3" if unit.get("measured_air") is not None else "tier1" if reports else "tier2"
    if method == "tier3":
        hg_in = unit["measured_air"] / shares["air"]
    elif method == "tier1":
        hg_in = clinker * factor["value"] / shares["before_controls"] / 1000.0
    else:
        meal = of_kiln(tables, unit, "raw_meal_ratio", "raw_meal_per_clinker") * raw_meal_content(tables, unit)
        heat = of_kiln(tables, unit, "heat_use", "thermal_energy")
        fuel = heat * sum(share * content / ncv for share, content, ncv in fuels_of(tables, unit, sheet)) / 1000.0
        hg_in = clinker * (meal + fuel) / 1000.0
    kinds = {r["species"]: r["value"] for r in tables.all_keys("species", sector="cement_kiln", stage="stack")}
    added = 0.0
    for use, content, material in (("gypsum_use", "hg_gypsum", "fgd_gypsum"), ("ash_use", "hg_ash", "fly_ash")):
        if unit.get(use):
            added += unit[use] * of_country(tables, unit, content, "cement_material", material=material) / 1000.0
    flows = {name: hg_in * shares[name] for name in ("air", "product", "waste", "fgd_solids")}
    return Kiln(
        clinker, hg_in, flows["air"], flows["product"], flows["waste"], flows["fgd_solids"],
        (kinds["hg0"], kinds["hg2"], kinds["hgp"]), added,
    )  # fmt: skip
