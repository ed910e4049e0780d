"""How each published case is computed: every function takes the numbers of the case through the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd

import hginventory as hg
from hginventory.decisions.ranking.published_study import StudyComparison, compare_with_study
from hginventory.ensemble import lognormal
from hginventory.inputs.fleet.fleet import FactorOverride
from hginventory.model import coal, kiln, train_removal
from hginventory.units import convert

BASE_YEAR = 2026


def run_of(sector: str, *rows: Mapping[str, Any]) -> hg.Run:
    """Return the run of units given as rows of the workbook."""
    common = {"country": "USA", "status": "operating", "start_year": 2010}
    table = pd.DataFrame([{**common, "unit_id": f"U{i}", "plant": f"P{i}", **row} for i, row in enumerate(rows)])
    return hg.project(hg.fleet_from_frame(table, sector=sector, settings={"base_year": BASE_YEAR}))


def coal_units(count: float, **cells: Any) -> hg.Run:
    """Return the run of equal coal units whose coal, mercury and removal are stated as received."""
    stated = {"capacity_net": 900.0, "hg_basis": "as received", "cv_basis": "net as received", "calorific_value": 25.0}
    return run_of("coal_power", *[{**stated, **cells}] * int(count))


# --- coal ---------------------------------------------------------------------------------------------


def fleet_emission_t(coal_t: float, hg: float, emitted: float, units: float) -> float:
    """Return the mercury to air [t/yr] of a fleet that burns coal [t/yr] with mercury [mg/kg]."""
    run = coal_units(units, coal_use=coal_t / units, hg_coal=hg, removal=1.0 - emitted)
    return float(run.units["air_kg_per_yr"].sum()) / 1000.0


def intensity_of_coal(hg: float, emitted: float, kg_per_kwh: float) -> float:
    """Return mercury to air per electricity [g/GWh = ug/kWh]; 0.4 net efficiency fixes the heating value."""
    efficiency = 0.4
    heat = coal.GJ_PER_MWH / efficiency / kg_per_kwh
    cells = {"net_efficiency": efficiency, "calorific_value": heat, "hg_coal": hg, "removal": 1.0 - emitted}
    return float(coal_units(1, capacity_factor=0.7, **cells).units["g_per_gwh"].iloc[0])


def model_plant_removed_lb(
    flow_m3_per_h: float, ug_per_m3: float, capacity_factor: float, removal: float, net_mw: float
) -> float:
    """Return the mercury removed [lb/yr] from a flow of flue gas with a concentration.

    Coal and mercury are chosen so that the engine's own flue gas and concentration are those of the case.
    """
    gas_per_gj = 355.0
    heat_gj = flow_m3_per_h * coal.HOURS_PER_YEAR * capacity_factor / gas_per_gj
    g_per_tj = ug_per_m3 / coal.concentration_ug_per_nm3(1.0, gas_per_gj)
    cells = {"coal_use": heat_gj / 25.0, "hg_coal": g_per_tj * 25.0 / 1000.0, "removal": removal}
    unit = coal_units(1, capacity_net=net_mw, **cells).units.iloc[0]
    return float(convert(unit["hg_in_kg_per_yr"] - unit["air_kg_per_yr"], "kg", "lb"))


def mercury_input_short_tons(coal_short_tons: float, hg: float) -> float:
    """Return the mercury in coal [short ton/yr]."""
    kg = coal.mercury_input_kg(convert(coal_short_tons, "short_ton", "t"), hg)
    return float(convert(kg, "kg", "short_ton"))


def chain_of_stages(start: float, factors: tuple[float, ...]) -> float:
    """Return what is left after stages measured one behind the other."""
    return float(start * (1.0 - train_removal.in_series(*(1.0 - factor for factor in factors))))


def firing_types(stage: float, **types: tuple[float, ...]) -> float:
    """Return the sum over firing types of what is left after a stage, each type by its own stage removals."""
    total = 0.0
    for amounts in types.values():
        passed = [later / earlier for earlier, later in pairwise(amounts)][: int(stage)]
        total += chain_of_stages(amounts[0], tuple(passed)) if passed else amounts[0]
    return total


def removal_in_series(esp: float, fgd: float) -> float:
    """Return the removal of two devices measured in one plant."""
    return float(train_removal.in_series(esp, fgd))


def emission_ratio(esp: float, fgd_worse: float, fgd_better: float) -> float:
    """Return the emission of the worse over that of the better scrubber."""
    return (1.0 - removal_in_series(esp, fgd_worse)) / (1.0 - removal_in_series(esp, fgd_better))


def intensity_of_stack(g_per_h: float, net_mw: float) -> float:
    """Return mercury per electricity [ug/kWh] of a stack at full load."""
    return float(coal.intensity_g_per_gwh(g_per_h / 1000.0, net_mw))


def mercury_input_t(coal_t: float, hg: float) -> float:
    """Return the mercury in coal [t/yr]."""
    return float(coal.mercury_input_kg(coal_t, hg)) / 1000.0


def lognormal_percentile(median: float, low: float, high: float, probability: float) -> float:
    """Return a percentile of the lognormal with the ln-sd of a P10-P90 interval."""
    return lognormal.percentile(median, lognormal.ln_sd_of_range(low, high), probability)


def lognormal_mean(median: float, low: float, high: float) -> float:
    """Return the mean of the lognormal with the ln-sd of a P10-P90 interval."""
    return lognormal.mean_of_median(median, lognormal.ln_sd_of_range(low, high))


def fleet_emission_kg(hg_in_kg: float, removal: float, units: float) -> float:
    """Return the mercury to air [kg/yr] of a fleet with a mercury input and a mean removal."""
    run = coal_units(units, coal_use=1.0e6, hg_coal=hg_in_kg / units / 1000.0, removal=removal)
    return float(run.mass_balance.filter(like="air_").to_numpy().sum())


# --- cement -------------------------------------------------------------------------------------------


def limit_metric(lb_per_million_short_tons: float) -> float:
    """Return kg per million t of clinker."""
    return float(convert(lb_per_million_short_tons, "lb/short_ton", "kg/t"))


def kiln_by_factor_lb(clinker_short_tons: float, lb_per_million_short_tons: float) -> float:
    """Return the emission [lb/yr] of a kiln by an emission factor that a user puts into the sheet Factors."""
    frame = pd.DataFrame(
        [{"unit_id": "K", "country": "USA", "method": "tier1",
          "clinker_output": convert(clinker_short_tons, "short_ton", "t")}]
    )  # fmt: skip
    fleet = hg.fleet_from_frame(frame, sector="cement_kiln", settings={"base_year": BASE_YEAR})
    table = hg.load_library().table("cement_emission_factor")
    row = next(row for row in table.defaults if row.keys["country"] == "WLD")
    own = FactorOverride(
        row.row_id, lb_per_million_short_tons / 1e6, "lb/short_ton", None, None, "limit", "case", "Factors!B6"
    )
    run = hg.project(replace(fleet, overrides=(own,)))
    return float(convert(run.units["air_kg_per_yr"].sum(), "kg", "lb"))


def kiln_intensity_lb(measured_lb: float, clinker_short_tons: float) -> float:
    """Return the emission per clinker [lb per million short tons] of a kiln with a measured emission."""
    cells = {
        "measured_air": convert(measured_lb, "lb", "kg"),
        "clinker_output": convert(clinker_short_tons, "short_ton", "t"),
    }
    unit = run_of("cement_kiln", cells).units.iloc[0]
    return float(convert(unit["g_per_t_clinker"], "g/t", "lb/short_ton")) * 1e6


def national_by_cement_factor_t(mg_per_t_cement: float, cement_t: float, clinker_factor: float, kilns: float) -> float:
    """Return a national emission [t/yr] of a factor per cement, taken through the clinker of equal kilns."""
    clinker = kilns * kiln.clinker_from_cement_capacity_t(cement_t / kilns, 1.0, clinker_factor, 0.0)
    per_clinker = mg_per_t_cement / 1000.0 / clinker_factor
    assert abs(kiln.cement_to_clinker_factor(mg_per_t_cement / 1000.0, per_clinker) - clinker_factor) < 1e-12
    return float(clinker * per_clinker / 1e6)


def air_of_input_t(input_t: float, air_share: float) -> float:
    """Return what leaves the stack of kilns that return their dust [t/yr]."""
    return float(kiln.loop(input_t, 1.0 - air_share, 0.84, 0.84, 0.0, 0.0, 0.0).stack)


def joint_ranking_t(total_t: float, cement: float, coal_power: float, wanted_cement: float) -> float:
    """Return the emission [t/yr] of a sector by its share in one table with the other sector."""
    both = total_t * (cement + coal_power)
    kilns = run_of("cement_kiln", {"measured_air": total_t * cement * 1000.0, "clinker_output": 5e6})
    plants = coal_units(20, coal_use=1.0e6, hg_coal=total_t * coal_power / 20.0, removal=0.0)
    units = pd.concat([kilns.units.rename(index=lambda i: f"K{i}"), plants.units])
    air = units.groupby("sector")["air_kg_per_yr"].sum()
    share = air / air.sum()
    return float(share["cement_kiln" if wanted_cement else "coal_power"] * both)


def raw_meal(loi_feed: float, loi_dust: float, dust: float) -> float:
    """Return fresh raw meal per clinker [t/t] where the feed holds returned dust."""
    fresh = (1.0 + dust) * loi_feed - dust * loi_dust
    return float(kiln.raw_meal_ratio_from_loss_on_ignition(fresh))


def kiln_feed(loi_feed: float, loi_dust: float, dust: float) -> float:
    """Return kiln feed per clinker [t/t]: fresh raw meal and the dust that comes round again."""
    return raw_meal(loi_feed, loi_dust, dust) * (1.0 + dust)


def clinker_per_cement(g_per_t_cement: float, g_per_t_clinker: float) -> float:
    """Return clinker per cement [t/t] of two emission factors of a kiln."""
    return float(kiln.cement_to_clinker_factor(g_per_t_cement, g_per_t_clinker))


def mill_off_over_on() -> float:
    """Return the stack ratio of both modes that the capture rows of the tables imply."""
    rows = {row.keys["quantity"]: row.value for row in hg.load_library().table("cement_kiln").defaults}
    passing = [1.0 - float(rows[name] or 0.0) for name in ("mill_off_capture", "mill_on_capture")]
    return passing[0] / passing[1]


def baseline_lb(cut_lb: float, cut_share: float) -> float:
    """Return the emission before a cut [lb/yr] that takes a share of it."""
    return float(cut_lb / (1.0 - kiln.stack_after_controls(1.0, [cut_share])))


def gas_volume(mg_per_t: float, mg_per_nm3: float) -> float:
    """Return the gas per tonne [Nm3/t] at which an emission has a concentration."""
    return float(kiln.concentration_mg_per_nm3(mg_per_t / 1000.0, 1.0) / mg_per_nm3)


def loop_stack(capture: float, bleed: float) -> float:
    """Return emission over input of a dust loop with one mode."""
    return float(kiln.loop(1.0, 0.0, capture, capture, bleed, bleed, 0.0).stack)


def mean_of_modes(mill_on: float, mill_off: float, off_share: float) -> float:
    """Return the annual mean of both modes."""
    return float(kiln.annual_mean_of_modes(mill_on, mill_off, off_share))


def chongqing_air() -> float:
    """Return the mercury to air [g/t clinker] of a kiln like the three of Chongqing, by the mass balance."""
    inputs = 1.25 * 0.0285 + 0.20 * 0.045 + 0.05 * 0.029 + 0.03 * 0.078  # limestone, clay, sand, iron source [g/t]
    meal = 1.25 + 0.20 + 0.05 + 0.03
    fuel = pd.DataFrame(
        [{"fuel_id": "COAL", "hg_coal": 0.095, "hg_basis": "as received", "calorific_value": 25.0,
          "cv_basis": "net as received"}]
    )  # fmt: skip
    cells = {"unit_id": "K", "country": "CHN", "clinker_output": 1.5e6, "raw_meal_ratio": meal,
             "hg_raw_meal": inputs / meal, "heat_use": 3300.0, "fuels": "COAL"}  # fmt: skip
    fleet = hg.fleet_from_frame(
        pd.DataFrame([cells]), sector="cement_kiln", settings={"base_year": BASE_YEAR}, fuels=fuel
    )
    return float(hg.project(fleet).units["g_per_t_clinker"].iloc[0])


# --- the Indonesian study -----------------------------------------------------------------------------


@cache
def study() -> StudyComparison:
    """Return the bundled fleet beside the study."""
    return compare_with_study(hg.read_fleet("indonesia"), "icsc")


def study_share(top: float) -> float:
    """Return the share of the top units in the remaining mercury."""
    ranking = hg.Run(study().projection).rank()
    return float(ranking["share"].head(int(top)).sum())


def study_annual_t() -> float:
    """Return the mercury to air in the base year [t]."""
    return float(study().projection.units["air_base_year_kg"].sum()) / 1000.0


def study_intensity_span() -> float:
    """Return the largest over the smallest emission per electricity."""
    intensity = study().projection.units["g_per_gwh"]
    return float(intensity.max() / intensity.min())


def study_units() -> float:
    """Return the number of units selected."""
    return float(study().units)


METHODS: Mapping[str, Callable[..., float]] = {
    function.__name__: function
    for function in (
        fleet_emission_t, intensity_of_coal, model_plant_removed_lb, mercury_input_short_tons, chain_of_stages,
        firing_types, removal_in_series, emission_ratio, intensity_of_stack, mercury_input_t, lognormal_percentile,
        lognormal_mean, fleet_emission_kg, limit_metric, kiln_by_factor_lb, kiln_intensity_lb,
        national_by_cement_factor_t, air_of_input_t, joint_ranking_t, raw_meal, kiln_feed, clinker_per_cement,
        mill_off_over_on, baseline_lb, gas_volume, loop_stack, mean_of_modes, chongqing_air, study_share,
        study_annual_t, study_intensity_span, study_units,
    )
} | {"ln_sd": lognormal.ln_sd_of_range}  # fmt: skip
