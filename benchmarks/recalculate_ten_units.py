"""Ten Indonesian units calculated a second time, by hand so to say, and compared with the engine.

    python benchmarks/recalculate_ten_units.py

The calculation reads ``fleets/indonesia.xlsx`` with openpyxl and ``factors/*.csv`` with csv and uses nothing
of hginventory: it was written from the method, not from the code. Only the last step asks the engine for the
same ten units. Chosen for what differs between units: net and gross capacity, a train known in part, all
unknown, a fluidised bed, coal mercury and efficiency of the plant, lignite, captive, under construction with
and without delay, past its lifetime; a kiln with a filter and one of which nothing is known.
Exit code 5 if a number differs by more than 1e-9.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

HERE = Path(__file__).parents[1]
TOLERANCE = 1e-9
MISS = 5
COAL = {
    "G100000104986": "net and gross stated, scrubber known, the rest of the train not",
    "G100000114896": "captive, boiler and train unknown, supercritical",
    "G100000107177": "fluidised bed with a precipitator, coal mercury of the plant",
    "G100000100543": "coal mercury and efficiency of the plant",
    "G100000100539": "past its lifetime",
    "G100001052604": "under construction and late, nothing known, captive",
    "G100000114207": "under construction, net capacity only",
    "G100000109397": "lignite",
}
KILNS = {"IDN-K24": "filter, precalciner", "IDN-K11": "nothing known, past its lifetime"}
BANDS = ("mw", "start")
Row = dict[str, Any]


def sheet(name: str) -> dict[str, Row]:
    """Return the rows of a unit sheet by unit id; names stand in row 3, units from row 4 on."""
    book = openpyxl.load_workbook(HERE / "fleets" / "indonesia.xlsx", data_only=True)
    rows = list(book[name].iter_rows(values_only=True))
    names = [str(cell) for cell in rows[2]]
    return {str(row[0]): dict(zip(names, row, strict=True)) for row in rows[3:] if row[0]}


def factor_rows(table: str, **wanted: str) -> list[Row]:
    """Return the default rows of a factor table whose columns hold what is wanted."""
    with (HERE / "factors" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["use"] == "default"]
    return [row for row in rows if all(row[column] == text for column, text in wanted.items())]


def number(table: str, **wanted: str) -> float:
    """Return the value of the one default row that fits."""
    (row,) = factor_rows(table, **wanted)
    return float(row["value"])


def in_bands(row: Row, mw: float, start: float | None) -> bool:
    """Return whether size and start year lie in the half-open bands of a row."""
    for band, value in (("mw", mw), ("start", start)):
        low, high = row[f"{band}_from"], row[f"{band}_to"]
        if value is None and (low or high):
            return False
        if value is not None and ((low and value < float(low)) or (high and value >= float(high))):
            return False
    return True


# --- coal ---------------------------------------------------------------------------------------------


def net_efficiency(unit: Row, mw: float) -> float:
    """Return the stated efficiency, else that of the best fitting row: boiler, steam, size, country in this order."""
    if unit["net_efficiency"] is not None:
        return float(unit["net_efficiency"])
    fitting = []
    for row in factor_rows("coal_technology", quantity="net_efficiency"):
        if row["country"] not in ("IDN", "WLD") or row["technology"] not in ("", unit["technology"]):
            continue
        low, high = row["mw_from"], row["mw_to"]
        if row["boiler"] not in ("", unit["boiler"]) or (low and mw < float(low)) or (high and mw >= float(high)):
            continue
        weight = (row["boiler"] != "", row["technology"] != "", bool(low or high), row["country"] == "IDN")
        fitting.append((weight, float(row["value"])))
    return max(fitting)[1]


def coal_value(table: str, rank: str, quantity: str | None = None) -> float:
    """Return content or heating value of Indonesian coal of a rank; unknown rank: all coals of the country."""
    wanted = {"country": "IDN", "coal_type": "all" if rank == "unknown" else rank}
    return number(table, **wanted, **({"quantity": quantity} if quantity else {}))


def mixture(unit: Row, mw: float, start: float | None) -> Iterator[tuple[float, str, frozenset[str]]]:
    """Yield share, boiler and devices that change mercury, of everything the unit may have."""
    known = {
        group: frozenset() if unit[group] == "none" else frozenset(str(unit[group]).split("+"))
        for group in ("pm_control", "so2_control", "nox_control")
        if unit[group] not in (None, "unknown")
    }
    boilers = [(1.0, str(unit["boiler"]))]
    if unit["boiler"] == "unknown":
        rows = [row for row in factor_rows("boiler_mix", country="IDN") if in_bands(row, mw, start)]
        boilers = [(float(row["value"]), row["boiler"]) for row in rows]
    for boiler_share, boiler in boilers:
        if len(known) == 3:
            yield boiler_share, boiler, frozenset().union(*known.values()) - {"LNB", "SNCR"}
            continue
        rows = [row for row in factor_rows("control_mix", country="IDN", boiler=boiler) if in_bands(row, mw, start)]
        if known:
            rows = [row for row in rows if all(agrees(row["train"], group, known[group]) for group in known)]
        total = sum(float(row["value"]) for row in rows)
        for row in rows:
            yield boiler_share * float(row["value"]) / total, boiler, frozenset(row["train"].split("+"))


def agrees(train: str, group: str, devices: frozenset[str]) -> bool:
    """Return whether a train has just these devices in a group of controls, burners and ammonia aside."""
    members = {
        "pm_control": {"CYC", "WS", "ESPh", "ESPc", "FF", "WESP"},
        "so2_control": {"FSI", "DSI", "SDA", "CDS", "FGD", "swFGD", "wFGD"},
        "nox_control": {"SCR"},
    }[group]
    return set(train.split("+")) & members == set(devices) - {"LNB", "SNCR"}


def removal(devices: frozenset[str], coal_class: str, boiler: str) -> float:
    """Return the removal of a train from coal to stack; a cyclone in front of a precipitator earns nothing."""
    if "ESPc" in devices:
        devices = devices - {"CYC"}
    for row in factor_rows("removal", profile="default", coal_class=coal_class, boiler=boiler):
        if set(row["train"].split("+")) == devices:
            return float(row["value"])
    raise LookupError(f"no removal row for {sorted(devices)}, {coal_class}, {boiler}")


def coal_unit(unit: Row, base_year: int) -> dict[str, float]:
    """Return coal [t/yr], mercury in and to air [kg/yr], removal [1], g/GWh and remaining mercury [kg] of a unit."""
    gross, net = unit["capacity_gross"], unit["capacity_net"]
    mw = float(gross if gross is not None else net)
    rank = str(unit["coal_type"])
    start = unit["start_year"]
    mix = list(mixture(unit, mw, None if start is None else float(start)))
    if net is None:
        scrubbed = len(mix) == 1 and mix[0][2] & {"FGD", "swFGD", "wFGD"}
        device, boiler = ("FGD", "") if scrubbed else ("", "CFB" if unit["boiler"] == "CFB" else "")
        own = number("coal_process", quantity="auxiliary_share", boiler=boiler, device=device)
        net = float(gross) * (1.0 - own)
    years = factor_rows("coal_technology", quantity="capacity_factor", country="IDN")
    usual = min(years, key=lambda row: (abs(int(row["valid_from"]) - base_year), row["valid_from"]))
    generation_mwh = float(net) * 8760.0 * float(usual["value"])
    heat_gj = generation_mwh * 3.6 / net_efficiency(unit, mw)
    coal_t = heat_gj / coal_value("coal_heating_value", rank, "net_calorific_value")
    content = unit["hg_coal"] if unit["hg_coal"] is not None else coal_value("coal_mercury", rank)
    hg_in = coal_t * float(content) / 1000.0
    coal_class = "lignite" if rank == "lignite" else "low_cl"  # 12.8 mg/kg chlorine is below 100
    kept = sum(share * removal(devices, coal_class, boiler) for share, boiler, devices in mix)
    air = hg_in * (1.0 - kept)
    return {
        "coal_t_per_yr": coal_t,
        "hg_in_kg_per_yr": hg_in,
        "removal": kept,
        "air_kg_per_yr": air,
        "g_per_gwh": air * 1000.0 / (generation_mwh / 1000.0),
        "lifetime_kg": air * remaining_years(unit, base_year),
    }


def remaining_years(unit: Row, base_year: int) -> int:
    """Return the years left to a unit that closes at 40, announced years aside; the base year is the first."""
    start, building = unit["start_year"], unit["status"] == "construction"
    if building and (start is None or start < base_year):
        start = base_year + 1
    return int(max(0, start + 40 - max(start, base_year)))


# --- cement -------------------------------------------------------------------------------------------


def kiln_unit(unit: Row, base_year: int) -> dict[str, float]:
    """Return clinker [t/yr], mercury in and to air [kg/yr] and remaining mercury [kg] of a kiln."""
    clinker = float(unit["clinker_capacity"]) * number("cement_activity", quantity="utilisation", country="IDN")
    kiln_type = unit["kiln_type"] or ""
    raw_meal = number("cement_kiln", quantity="raw_meal_per_clinker", kiln_type="", country="WLD")
    heat = number("cement_kiln", quantity="thermal_energy", kiln_type=kiln_type, country="WLD")
    meal_hg = 0.0
    for part in factor_rows("cement_raw_mix"):
        country = "IDN" if part["material"] == "limestone" else "WLD"
        meal_hg += float(part["value"]) * number("cement_material", material=part["material"], country=country)
    fuel_hg = number("coal_mercury", country="IDN", coal_type="all") / number(
        "coal_heating_value", quantity="net_calorific_value", country="IDN", coal_type="all"
    )  # mg/kg over MJ/kg
    hg_in = clinker * (raw_meal * meal_hg + heat * fuel_hg / 1000.0) / 1000.0
    air_share = number("cement_air_share", country="IDN")
    if unit["controls"] not in ("unknown", None):
        for device in unit["controls"].split("+"):
            air_share *= 1.0 - number("cement_control", device=device)
    air = hg_in * air_share
    return {
        "clinker_t_per_yr": clinker,
        "hg_in_kg_per_yr": hg_in,
        "removal": 1.0 - air_share,
        "air_kg_per_yr": air,
        "g_per_t_clinker": air * 1000.0 / clinker,
        "lifetime_kg": air * remaining_years(unit, base_year),
    }


def recalculate(base_year: int = 2026) -> dict[str, dict[str, float]]:
    """Return the numbers of the ten units, without the engine."""
    coal, kilns = sheet("Coal_units"), sheet("Cement_kilns")
    out = {unit: coal_unit(coal[unit], base_year) for unit in COAL}
    return out | {unit: kiln_unit(kilns[unit], base_year) for unit in KILNS}


def differences() -> list[tuple[str, str, float, float, float]]:
    """Return unit, quantity, by hand, by the engine, and the relative difference."""
    import hginventory as hg

    units = hg.project(str(HERE / "fleets" / "indonesia.xlsx"), base_year=2026, rule="icsc_40").units
    out = []
    for unit, numbers in recalculate().items():
        for quantity, by_hand in numbers.items():
            engine = float(units.at[unit, quantity])
            scale = max(abs(by_hand), abs(engine), 1e-300)
            out.append((unit, quantity, by_hand, engine, abs(by_hand - engine) / scale if by_hand != engine else 0.0))
    return out


def main() -> int:
    """Print one line a number; return the exit code."""
    worst = 0.0
    unit_before = ""
    for unit, quantity, by_hand, engine, difference in differences():
        if unit != unit_before:
            print(f"{unit}: {(COAL | KILNS)[unit]}")
            unit_before = unit
        mark = "" if difference <= TOLERANCE else "  MISS"
        print(f"  {quantity:18}{by_hand:18.9g}{engine:18.9g}   {difference:.1e}{mark}")
        worst = max(worst, difference)
    print(f"largest relative difference {worst:.1e}, allowed {TOLERANCE:g}")
    return 0 if worst <= TOLERANCE else MISS


if __name__ == "__main__":
    sys.exit(main())
