"""Net efficiencies of Indonesian plants from what PLN reports of their CO2 per MWh.

A plant that emits so many tonnes of CO2 per MWh burns that over the CO2 per heat of its coal, so

    efficiency = 3.6 GJ/MWh x CO2 per heat [kg/GJ] / (1000 x CO2 per MWh [t/MWh])

CO2 per heat is on net heating value and belongs to the rank of the coal (rows `co2_per_heat` of `coal_heating_value`),
whose low and high give the range of the efficiency. A coal of unreported rank counts as subbituminous, which most
Indonesian power coal is.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from hginventory.factors import load_library
from hginventory.vocabulary import UNKNOWN

FILE = "indonesia_pln_plants_co2_rate.csv"
GJ_PER_MWH, KG_PER_T = 3.6, 1000.0
QUANTITY = "co2_per_heat"
USUAL_RANK = "subbituminous"
ONE_TWO, TO_THREE, TO_FOUR = (
    ("Unit 1", "Unit 2"),
    ("Unit 1", "Unit 2", "Unit 3"),
    ("Unit 1", "Unit 2", "Unit 3", "Unit 4"),
)
# Name in the file of PLN -> plant and units of the fleet. Plants below 30 MW a unit are not in the fleet.
PLANTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Paiton 1-2": ("PLN Paiton power station", ONE_TWO),
    "Pacitan 1-2": ("Pacitan power station", ONE_TWO),
    "Rembang 1-2": ("Rembang power station", ONE_TWO),
    "Paiton 9": ("PLN Paiton Baru power station", ("Unit 09",)),
    "Tanjung Awar Awar 1-2": ("Tanjung Awar-Awar power station", ONE_TWO),
    "Indramayu 1-3": ("Indramayu power station", TO_THREE),
    "Suralaya 1-4": ("Banten Suralaya power station", tuple(f"Phase I {unit}" for unit in TO_FOUR)),
    "Suralaya 5-7": ("Banten Suralaya power station", tuple(f"Phase II {unit}" for unit in TO_THREE)),
    "Lontar 1-3 + Lontar Expansion": ("Banten Lontar power station", TO_FOUR),
    "Labuan 1-2": ("Banten Labuan power station", ONE_TWO),
    "Pelabuhan Ratu 1-3": ("Pelabuhan Ratu power station", TO_THREE),
    "Adipala": ("Adipala power station", ("Unit 1",)),
    "Suralaya 8": ("Banten Suralaya power station", ("Unit 08",)),
    "Sulsel Barru 1-2": ("Barru power station", ONE_TWO),
    "Punagaya 1-2": ("Takalar power station", ONE_TWO),
    "Amurang 1-2": ("Amurang power station", ONE_TWO),
    "Bukit Asam 1-4": ("Bukit Asam Muara Enim power station", TO_FOUR),
    "Pulang Pisau 1-2": ("Kalteng-1 Pulang Pisau power station", ONE_TWO),
    "Asam Asam 1-4": ("Asam-Asam power station", (*ONE_TWO, "Unit B-3", "Unit B-4")),
    "Tarahan 3-4": ("Tarahan power station", ("Unit 3", "Unit 4")),
    "Nagan Raya 1-2": ("Nagan Raya power station", ONE_TWO),
    "Air Anyir 1-2": ("Bangka Baru power station", ONE_TWO),
    "Pangkalan Susu 1-2": ("Pangkalan Susu power station", ONE_TWO),
    "Teluk Balikpapan 1-2": ("Kaltim Teluk Balikpapan power station", ONE_TWO),
    "Sebalang 1-2": ("Lampung Sebalang power station", ONE_TWO),
    "Ombilin 1-2": ("Ombilin power station", ONE_TWO),
    "Bengkayang 1-2": ("Bengkayang Power Station", ONE_TWO),
    "Teluk Sirih 1-2": ("Teluk Sirih power station", ONE_TWO),
    "Labuhan Angin 1-2": ("Labuhan Angin power station", ONE_TWO),
}
LEFT_OUT: Mapping[str, tuple[str, tuple[str, ...]]] = {"Tenayan 1-2": ("Pekanbaru Tenayan power station", ONE_TWO)}
WHY_LEFT_OUT = "PLN's {rate:g} t CO2/MWh is the highest of its plants with units of 100 MW and more: not used."


class Efficiencies:
    """Net efficiencies of units by what PLN reports of their plants.

    Parameters
    ----------
    folder : Path
        Folder with the file of PLN, biomass co-firing by plant, as kept in the public repository
        energyandcleanair/creapuff: its columns PLTU and plant_t_co2_per_mwh.

    Raises
    ------
    SystemExit
        If a plant of `PLANTS` has no CO2 per MWh there.
    """

    def __init__(self, folder: Path) -> None:
        with (folder / FILE).open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["plant_t_co2_per_mwh"]]
        rates = {row["PLTU"]: float(row["plant_t_co2_per_mwh"]) for row in rows}
        missing = sorted((PLANTS.keys() | LEFT_OUT.keys()) - rates.keys())
        if missing:
            raise SystemExit(f"{FILE} has no CO2 per MWh of {', '.join(missing)}.")
        self._rates, self._left_out = (
            {(plant, unit): rates[name] for name, (plant, units) in plants.items() for unit in units}
            for plants in (PLANTS, LEFT_OUT)
        )
        rows_of_rank = (
            row for row in load_library().table("coal_heating_value").rows if row.keys["quantity"] == QUANTITY
        )
        self._coals = {row.keys["coal_type"]: row for row in rows_of_rank}

    def of(self, plant: str, unit: str, rank: str) -> tuple[float | None, str]:
        """Return the net efficiency of a unit [1], None where there is none, and what its note says of it.

        Parameters
        ----------
        plant, unit : str
            Names in the fleet.
        rank : str
            Rank of its coal as reported, or ``unknown``.
        """
        left_out = self._left_out.get((plant, unit))
        if left_out is not None:
            return None, WHY_LEFT_OUT.format(rate=left_out)
        rate = self._rates.get((plant, unit))
        if rate is None:
            return None, ""
        coal = self._coals[USUAL_RANK if rank == UNKNOWN else rank]
        value, low, high = (round(_efficiency(rate, coal.number(column)), 3) for column in ("value", "low", "high"))
        words = f"Net efficiency {low:g}-{high:g} from {rate:g} t CO2/MWh (PLN) and {coal.number():g} kg CO2/GJ of the coal."
        return value, words


def _efficiency(rate: float, per_heat: float) -> float:
    """Return the net efficiency [1] of CO2 per MWh [t/MWh] and per heat [kg/GJ].

    >>> round(_efficiency(0.972, 96.1), 3)
    0.356
    """
    return GJ_PER_MWH * per_heat / (KG_PER_T * rate)
