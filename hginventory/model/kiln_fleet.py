"""The cement sector: parameters to mercury, kiln by kiln."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hginventory.factors.activity import Activity
from hginventory.factors.kiln_parameters import KilnParameters
from hginventory.model import kiln
from hginventory.model.fate import AIR, PATHWAYS, SPECIES
from hginventory.model.sector import SectorResult
from hginventory.vocabulary import UNKNOWN, train_devices

if TYPE_CHECKING:
    from hginventory.factors.library import FactorLibrary

Floats = NDArray[np.float64]
ACTIVITY_ORDER = ("clinker_output",)
SECTOR = "cement_kiln"
DUST_SHUTTLING = "SHUTTLE"
_PLACE = {name: place for place, name in enumerate(PATHWAYS)}


def run_kilns(
    units: pd.DataFrame,
    parameters: KilnParameters,
    activities: Sequence[Activity],
    controls: KilnControls,
) -> SectorResult:
    """Compute the cement sector.

    Parameters
    ----------
    units : DataFrame, N rows
        Capacities [t/yr], measured emission [kg/yr], bleed [0-1] and method of each kiln.
    parameters : KilnParameters
        Resolved factors.
    activities : sequence of Activity, length N
        Clinker made [t/yr] where stated.
    controls : KilnControls
        Removal and fate of devices behind the loop.

    Returns
    -------
    SectorResult
    """
    value = {name: resolved.value for name, resolved in parameters.factors.items()}
    clinker, basis = _clinker(units, value, activities)
    shares = np.array(
        [controls.shares(units, parameters, place) for place in range(len(parameters.ids))]
    ).reshape(-1, len(PATHWAYS))
    air_share = shares[:, AIR].sum(axis=1)
    per_clinker = kiln.mercury_per_clinker_g_per_t(
        value["raw_meal_ratio"], value["hg_raw_meal"], value["heat_use"], value["fuel_hg"]
    )
    balance = clinker * per_clinker / kiln.G_PER_KG
    by_factor = clinker * value["emission_factor"] / kiln.G_PER_KG / value["air_share"]
    measured_air = units["measured_air"].to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        measured = np.where(measured_air > 0, measured_air / air_share, 0.0 * measured_air)
    asked = units["method"].to_numpy(dtype=object)
    tier = np.where(
        np.array([bool(a) and a == a for a in asked]), asked, np.where(np.isnan(measured_air), "tier2", "tier3")
    )
    hg_in = np.select([tier == "tier1", tier == "tier3"], [by_factor, measured], default=balance)
    return SectorResult(
        hg_in=hg_in,
        shares=shares,
        columns={
            "clinker_t_per_yr": clinker,
            "method": np.array([f"{t} from {b}" for t, b in zip(tier, basis, strict=True)], dtype=object),
        },
        later=[
            {year: s.value.value / float(made) for year, s in activity.later.items()} if made > 0 else {}
            for activity, made in zip(activities, clinker, strict=True)
        ],
    )


def _clinker(
    units: pd.DataFrame, value: dict[str, Floats], activities: Sequence[Activity]
) -> tuple[Floats, list[str]]:
    """Return the clinker of a year [t/yr] and what it rests on: output, clinker capacity or cement capacity."""
    stated = np.array([a.normal.value.value if a.normal else np.nan for a in activities])
    clinker_capacity = units["clinker_capacity"].to_numpy(dtype=np.float64)
    cement_capacity = units["cement_capacity"].to_numpy(dtype=np.float64)
    imported = np.nan_to_num(value["clinker_import_share"])
    from_clinker = kiln.clinker_from_clinker_capacity_t(clinker_capacity, value["utilisation"])
    from_cement = kiln.clinker_from_cement_capacity_t(
        cement_capacity, value["utilisation"], value["clinker_factor"], imported
    )
    clinker = np.where(~np.isnan(stated), stated, np.where(np.isnan(from_clinker), from_cement, from_clinker))
    basis = np.where(
        ~np.isnan(stated), "clinker output", np.where(np.isnan(from_clinker), "cement capacity", "clinker capacity")
    )
    return clinker, list(basis)


class KilnControls:
    """Removal of devices behind the dust loop and where their catch goes.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    """

    def __init__(self, library: FactorLibrary) -> None:
        self._removal = {row.keys["device"]: row for row in library.table("cement_control").defaults}
        self._pathways: dict[str, Floats] = {}
        for row in library.table("fate").defaults:
            if row.keys["sector"] == SECTOR and row.value is not None:
                shares = self._pathways.setdefault(row.keys["device"], np.zeros(len(PATHWAYS)))
                shares[_PLACE[row.keys["pathway"]]] = row.value
        species = {
            row.keys["species"]: row.value
            for row in library.table("species").defaults
            if row.keys["sector"] == SECTOR and row.value is not None
        }
        self._species = np.array([species[name] for name in SPECIES])

    def removals(self, train: str) -> list[tuple[str, float, str]]:
        """Return device, removal [0-1] and factor row of the devices of a train, in gas order.

        An unknown train is a dust filter that returns its dust, which removes nothing.
        """
        devices = () if train == UNKNOWN else train_devices(train)
        out = []
        for device in devices:
            row = self._removal.get(device)
            assert row is not None and row.value is not None, f"cement_control has no {device}"
            out.append((device, row.value, row.row_id))
        return out

    def shares(self, units: pd.DataFrame, parameters: KilnParameters, place: int) -> Floats:
        """Return the pathway shares of the mercury input of a kiln, shape (9,), summing to 1."""
        value = {name: float(resolved.value[place]) for name, resolved in parameters.factors.items()}
        row = units.iloc[place]
        bleed_on, bleed_off = (_known(row[c]) for c in ("dust_bleed_on", "dust_bleed_off"))
        result = kiln.loop(
            1.0,
            1.0 - value["air_share"],
            value["capture_on"],
            value["capture_off"],
            bleed_on or 0.0,
            bleed_off or 0.0,
            value["mill_off_share"],
        )
        shares = np.zeros(len(PATHWAYS))
        shares[_PLACE["product"]] = result.retained
        shares += result.bled * self._pathways["bleed"]
        left = result.stack
        for device, removal, _ in self.removals(parameters.controls[place]):
            if device == DUST_SHUTTLING and (bleed_on is not None or bleed_off is not None):
                continue  # the bleed is known, so the loop has already counted it
            shares += left * removal * self._pathways.get(device, 0.0)
            left *= 1.0 - removal
        shares[AIR] = left * self._species
        return shares


def _known(value: float) -> float | None:
    return None if value is None or np.isnan(value) else float(value)
