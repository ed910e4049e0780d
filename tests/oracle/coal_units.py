"""Mercury of one coal unit, by docs/method.md: Activity, Content, Removal, Pathways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.oracle.coal_quality import Coal, blend, coal_of, gross_over_net, rank_of
from tests.oracle.tables import Tables, in_band
from tests.oracle.trains import WET, Mix, Removals, last_stage, residues, species, trains_of

HOURS = 8760.0
PATHWAYS = ("bottom_ash", "fly_ash", "fgd_solids", "water", "product", "waste")
ACTIVITY = ("coal_use", "heat_input_net", "heat_input_gross", "generation_net", "generation_gross", "capacity_factor")


@dataclass
class CoalUnit:
    """A coal unit: amounts of a year follow from `air`, which the activity of the year scales."""

    cells: dict[str, Any]
    coal: Coal
    removal: float
    coal_t: float
    generation_gwh: float
    own_use: float
    efficiency: float
    mix: Mix
    species: tuple[float, float, float]
    shares: dict[str, float]  # of the mercury input, by pathway, air left out

    @property
    def hg_in(self) -> float:
        return self.coal_t * self.coal.content / 1000.0

    @property
    def air(self) -> float:
        return self.hg_in * (1.0 - self.removal)


def coal_of_unit(tables: Tables, unit: dict[str, Any], fuels: dict[str, dict[str, Any]], shared: float | None) -> Coal:
    """Return the coal of a unit: its cells before its fuels, these before the tables."""
    text = unit.get("fuel_id")
    if not text:
        return coal_of(tables, unit, unit["country"], shared=shared)
    parts = []
    for item in text.split(";"):
        name, _, share = item.partition(":")
        fuel = fuels[name.strip()]
        country = fuel.get("country")
        cells = {"coal_type": unit.get("coal_type"), "coal_origin": unit.get("coal_origin"), **fuel}
        coal = coal_of(tables, cells, country or unit["country"], imports=not country)
        parts.append((float(share) if share else 1.0, coal))
    mixed = parts[0][1] if len(parts) == 1 else blend(parts)
    own = {k: unit.get(k) for k in ("hg_coal", "hg_basis", "calorific_value", "cv_basis", "cl_coal", "moisture")}
    if all(value is None for value in own.values()):
        return mixed
    from_cells = coal_of(tables, {**unit, "moisture": unit.get("moisture") or mixed.moisture}, unit["country"])
    return Coal(
        from_cells.content if own["hg_coal"] is not None else mixed.content,
        from_cells.ncv if own["calorific_value"] is not None else mixed.ncv,
        from_cells.classes if own["cl_coal"] is not None else mixed.classes,
        from_cells.moisture,
        "cell",
    )


def net_efficiency(tables: Tables, unit: dict[str, Any], boiler: str | None, mw: float | None) -> float:
    """Return the cell, else the row that fits best: boiler before steam technology, before size, before country."""
    if unit.get("net_efficiency") is not None:
        return float(unit["net_efficiency"])
    best = None
    for row in tables.all_keys("coal_technology", quantity="net_efficiency"):
        fits = row["boiler"] in ("", boiler) and row["technology"] in ("", unit.get("technology"))
        if fits and row["country"] in (unit["country"], "WLD") and in_band(mw, row["mw_from"], row["mw_to"]):
            band = bool(row["mw_from"] + row["mw_to"])
            score = (bool(row["boiler"]), bool(row["technology"]), band, row["country"] != "WLD")
            if best is None or score > best[0]:
                best = (score, row["value"])
    assert best is not None
    return float(best[1])


def own_use(tables: Tables, unit: dict[str, Any], boiler: str | None, mix: Mix) -> float:
    """Return the share of the gross output that the unit uses itself."""
    gross, net = unit.get("capacity_gross"), unit.get("capacity_net")
    if gross and net:
        return 1.0 - net / gross
    shares = [tables.number("coal_process", quantity="auxiliary_share", boiler="", device="")]
    if boiler == "CFB":
        shares.append(tables.number("coal_process", quantity="auxiliary_share", boiler="CFB", device=""))
    if all(any(d in WET for d in train) for _, _, train in mix):
        shares.append(tables.number("coal_process", quantity="auxiliary_share", boiler="", device="FGD"))
    return max(shares)


def compute(
    tables: Tables, unit: dict[str, Any], coal: Coal, removals: Removals, activity: dict[str, float]
) -> CoalUnit:
    """Return the unit with the activity of a year: variable -> amount, the best of which is used."""
    country, rank = unit["country"], rank_of(unit)
    boiler = unit.get("boiler") if unit.get("boiler") != "unknown" else None
    if boiler is None and rank == "waste coal":
        boiler = "CFB"
    gross, net = unit.get("capacity_gross"), unit.get("capacity_net")
    mix = trains_of(tables, unit, country, rank, gross or net)
    used = own_use(tables, unit, boiler, mix)
    mw = gross or net
    efficiency = net_efficiency(tables, unit, boiler, mw)

    def coal_of_generation(gwh: float) -> float:
        return gwh * 1000.0 * 3.6 / efficiency / coal.ncv

    best = next((name for name in ACTIVITY if activity.get(name) is not None), None)
    if best == "coal_use":
        coal_t = activity[best]
    elif best == "heat_input_net":
        coal_t = activity[best] * 1000.0 / coal.ncv
    elif best == "heat_input_gross":
        coal_t = activity[best] * 1000.0 / coal.ncv / gross_over_net(tables, country, rank)
    elif best in ("generation_net", "generation_gross"):
        coal_t = coal_of_generation(activity[best] * (1.0 - used if best == "generation_gross" else 1.0))
    else:
        factor = activity.get("capacity_factor")
        if factor is None:
            keys = {"quantity": "capacity_factor", "technology": "", "boiler": "", "mw_from": "", "mw_to": ""}
            rungs = [{**keys, "country": place} for place in (country, "WLD")]
            factor = tables.first("coal_technology", *rungs)["value"]
        net_mw = net if net else gross * (1.0 - used)
        coal_t = coal_of_generation(net_mw * HOURS * factor / 1000.0)

    members = []  # weight, boiler, train, class, removal
    for w, b, t in mix:
        for c, v in coal.classes.items():
            removal = removals.of(t, c, b)
            if unit.get("removal") is not None:
                removal = unit["removal"]
                if unit.get("removal_basis") == "boiler_outlet_to_stack":
                    removal = 1.0 - release_of(tables, boiler or "PC") * (1.0 - removal)
            members.append((w * v, b, t, c, removal))
    removal = sum(w * r for w, *_, r in members)
    shares = dict.fromkeys(PATHWAYS, 0.0)
    kinds = [0.0, 0.0, 0.0]
    for w, b, t, c, r in members:
        bottom = min(1.0 - release_of(tables, b), r)
        shares["bottom_ash"] += w * bottom
        dust = removals.dust_part(t, c, b)
        to_dust, to_scrubber = residues(tables, t)
        for part, where in ((dust, to_dust), (1.0 - dust, to_scrubber)):
            for pathway, share in where.items():
                shares[pathway] += w * (r - bottom) * part * share
        for kind, share in enumerate(species(tables, last_stage(t), c)):
            kinds[kind] += w * (1.0 - r) / (1.0 - removal) * share
    generation = coal_t * coal.ncv * efficiency / 3.6 / 1000.0
    return CoalUnit(
        unit, coal, removal, coal_t, generation, used, efficiency, mix, (kinds[0], kinds[1], kinds[2]), shares
    )


def release_of(tables: Tables, boiler: str) -> float:
    row = tables.row("coal_process", quantity="release_ratio", boiler=boiler, device="")
    return (
        float(row["value"]) if row else tables.number("coal_process", quantity="release_ratio", boiler="PC", device="")
    )
