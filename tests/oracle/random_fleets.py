"""Random fleets for the differential test: cells given and blank, of both sectors, with settings and activity."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.oracle.engine import Fleet

COUNTRIES = [
    "IDN",
    "CHN",
    "USA",
    "IND",
    "ZAF",
    "POL",
    "KAZ",
    "VNM",
    "DEU",
    "KOR",
    "NLD",
    "THA",
    "TUR",
    "HKG",
    "UKR",
    "RUS",
    "GRC",
    "FRA",
    "JPN",
    "KHM",
    "ITA",
    "ESP",
]
RULES = ("icsc_40", "gem_40", "gem_35", "crea_30")
Cells = dict[str, Any]


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for a cell that is blank in half of the rows."""
    return st.one_of(st.none(), st.sampled_from(values))


def shares(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(round(low * 100), round(high * 100)).map(lambda whole: whole / 100)


LIFE = {
    "status": st.sampled_from([*["operating"] * 5, "construction", "retired", "mothballed", "announced", None]),
    "start_year": st.one_of(st.none(), st.integers(1960, 2035), st.sampled_from([1986, 1996, 1991, 2026])),
    "planned_retirement": st.one_of(st.none(), st.none(), st.integers(2005, 2060)),
    "lifetime_years": maybe(25, 40, 45, 60),
}
COAL = {
    **LIFE,
    "country": st.sampled_from(COUNTRIES),
    "plant": st.sampled_from(["North", "South", None]),
    "owner": maybe("Owner"),
    "captive": maybe("yes", "no"),
    "boiler": maybe("PC", "CFB", "stoker", "cyclone", "IGCC", "unknown"),
    "technology": maybe("subcritical", "supercritical", "ultra-supercritical", "unknown"),
    "coal_type": maybe("anthracite", "bituminous", "subbituminous", "lignite", "waste coal", "unknown"),
    "coal_origin": maybe("domestic", "imported", "unknown"),
    "hg_coal": st.one_of(st.none(), shares(0.01, 0.5)),
    "hg_basis": maybe("dry", "as_received", "not_stated"),
    "moisture": st.one_of(st.none(), shares(0.05, 0.5)),
    "cl_coal": maybe(50, 100, 250, 500, 900),
    "calorific_value": st.one_of(st.none(), st.integers(15, 28)),
    "cv_basis": maybe("net_as_received", "gross_as_received", "gross_dry", "not_stated"),
    "net_efficiency": maybe(0.38),
    "pm_control": maybe("none", "ESPc", "FF", "CYC", "WS", "ESPh", "unknown", "ESPc+FF", "CYC+ESPc", "ESPc+WESP"),
    "so2_control": maybe("none", "wFGD", "swFGD", "FGD", "SDA", "CDS", "DSI", "FSI", "unknown"),
    "nox_control": maybe("none", "SCR", "LNB", "SNCR", "LNB+SCR", "unknown"),
    "hg_control": maybe("none", "ACI", "ACI-Br", "HAL", "HAL+ACI", "REA", "unknown"),
    "removal": st.one_of(st.none(), st.none(), shares(0, 0.99)),
    "removal_basis": maybe("coal_to_stack", "boiler_outlet_to_stack"),
}
KILN = {
    **LIFE,
    "country": st.sampled_from(COUNTRIES),
    "kiln_type": maybe("precalciner", "preheater", "wet", "long dry", "shaft", "unknown", "semi-wet/semi-dry"),
    "cement_capacity": st.integers(200, 3000).map(lambda kt: kt * 1000),
    "clinker_capacity": maybe(250_000, 1_000_000, 2_500_000),
    "utilisation": maybe(0.6, 0.8),
    "clinker_factor": maybe(0.8),
    "clinker_import_share": maybe(0.1),
    "raw_meal_ratio": maybe(1.6),
    "limestone_share": maybe(0.7),
    "hg_limestone": maybe(0.02, 0.2),
    "hg_raw_meal": st.one_of(st.none(), maybe(0.03)),
    "heat_use": maybe(3500),
    "fuels": maybe("coal:0.7; petcoke:0.3", "petcoke", "coal:1"),
    "hg_fuel": st.one_of(st.none(), maybe(0.1)),
    "air_share": maybe(0.3, 0.7, 0.99),
    "controls": maybe("none", "FF", "ESP", "ACI-FF", "WS", "DS+WS", "SHUTTLE", "SHUTTLE-SORB", "TDT+ACI-FF", "unknown"),
    "dust_bleed_on": st.one_of(st.none(), maybe(0.0, 0.05)),
    "dust_bleed_off": st.one_of(st.none(), maybe(0.3, 1.0)),
    "mill_off_share": maybe(0.3),
    "measured_air": st.one_of(st.none(), maybe(50)),
    "method": maybe("tier1", "tier2"),
}


def _without_contradiction(unit: Cells) -> Cells:
    start, planned = unit["start_year"], unit["planned_retirement"]
    if start is not None and planned is not None and planned <= start:
        unit["planned_retirement"] = None
    return unit


@st.composite
def coal_units(draw: st.DrawFn) -> Cells:
    """Return a coal unit with one capacity or both and, in half of the units, an amount of a normal year."""
    unit = _without_contradiction(draw(st.fixed_dictionaries(COAL)))
    size = draw(st.integers(20, 1050))
    net = draw(st.sampled_from([None, "also", "only"]))
    unit["capacity_gross"] = None if net == "only" else size
    unit["capacity_net"] = None if net is None else size * 0.92
    for name, per_mw in AMOUNTS.items():
        unit[name] = draw(st.sampled_from([None, None, None, per_mw * (1 if name == "capacity_factor" else size)]))
    return unit


AMOUNTS = {
    "coal_use": 1500, "heat_input_net": 30, "heat_input_gross": 32, "generation_net": 4, "generation_gross": 4.5,
    "capacity_factor": 0.5,
}  # fmt: skip
UNITS = {
    "coal_use": "t", "heat_input_net": "TJ", "heat_input_gross": "TJ", "generation_net": "GWh",
    "generation_gross": "GWh", "capacity_factor": "1", "clinker_output": "t",
}  # fmt: skip


@st.composite
def fleets(draw: st.DrawFn) -> Fleet:
    """Return a fleet of 1 to 12 units; some are equal but for their id, so that ranks have ties."""
    coal = draw(st.lists(coal_units(), max_size=8))
    kilns = draw(st.lists(st.fixed_dictionaries(KILN).map(_without_contradiction), max_size=4))
    if not coal and not kilns:
        coal = [draw(coal_units())]
    if coal and draw(st.booleans()):
        coal.append(dict(coal[0]))
    names = draw(st.permutations(range(len(coal) + len(kilns))))
    for name, unit in zip(names, [*coal, *kilns], strict=True):
        unit["unit_id"] = f"U{name:02d}"
    for unit in kilns:
        unit["plant"] = f"Works of {unit['unit_id']}"
    base = draw(st.sampled_from([2015, 2022, 2026]))
    rule = draw(st.sampled_from(RULES))
    for unit in [*coal, *kilns]:
        if draw(st.integers(0, 4)) == 0:  # reaches its age in the base year
            unit |= {"start_year": base - (unit["lifetime_years"] or int(rule[-2:])), "planned_retirement": None}
    activity = []
    for unit in coal:
        for year in draw(st.lists(st.integers(base - 4, base + 5), max_size=2, unique=True)):
            name = draw(st.sampled_from(list(AMOUNTS)))
            size = 1 if name == "capacity_factor" else unit["capacity_gross"] or unit["capacity_net"]
            amount = AMOUNTS[name] * size * draw(st.sampled_from([0.7, 1.0]))
            activity.append({"unit_id": unit["unit_id"], "year": year, "variable": name, "value": amount})
    for unit in kilns:
        for year in draw(st.lists(st.integers(base - 4, base + 5), max_size=1)):
            amount = 0.5 * (unit["clinker_capacity"] or unit["cement_capacity"])
            activity.append({"unit_id": unit["unit_id"], "year": year, "variable": "clinker_output", "value": amount})
    for row in activity:
        row["unit"] = UNITS[row["variable"]]
    return Fleet(
        coal, kilns, activity=activity, base_year=base, rule=rule,
        profile=draw(st.sampled_from(["default", "default", "epa_emf", "gma_levels"])),
        captive_category=draw(st.sampled_from(["coal_power", "industrial_boiler"])),
    )  # fmt: skip
