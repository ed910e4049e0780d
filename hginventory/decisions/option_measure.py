"""An option of the catalogue as a measure of the scenario language, so that a plan can be drawn and compared."""

from __future__ import annotations

from hginventory.decisions.option_table import OptionTable
from hginventory.decisions.unit_option import UnitOption
from hginventory.scenarios.model import Measure
from hginventory.trains import GAS_ORDER
from hginventory.vocabulary import UNKNOWN


def measure_of(option: UnitOption, table: OptionTable, air_kg_per_yr: float, from_year: int | None = None) -> Measure:
    """Return what an option does to its unit as a measure.

    A train that is known becomes the one the option leads to; to one that is not, its devices are added. A step that
    changes no train cuts the emission in proportion, as if so much less mercury went in.

    Parameters
    ----------
    option : UnitOption
        From `options.Catalogue`.
    table : OptionTable
        Options and effects.
    air_kg_per_yr : float
        Emission of the unit as it is [kg/yr].
    from_year : int, optional
        First year in which it works; default: the first one it can.
    """
    year = int(option.first_year) if from_year is None else from_year
    where = f"unit_id == {option.unit_id!r}"
    note = f"option {option.option}: {option.name}"
    adds = {device for step in option.option.split("+") for device in table.options[step].adds}
    if adds and not _known(option.train_before):
        devices = "+".join(sorted(adds, key=lambda device: GAS_ORDER.get(device, 0)))
        return Measure(action="add_control", where=where, target=devices, from_year=year, note=note)
    if adds and option.train_after != option.train_before:
        return Measure(action="replace_controls", where=where, target=option.train_after, from_year=year, note=note)
    share = option.avoided_kg_per_yr / air_kg_per_yr if air_kg_per_yr > 0 else 0.0
    return Measure(action="wash_coal", where=where, value=min(max(share, 0.0), 1.0), from_year=year, note=note)


def _known(train: str) -> bool:
    return train != UNKNOWN and "?" not in train
