"""An option of the catalogue as a measure of the scenario language, so that a plan can be drawn and compared."""

from __future__ import annotations

from hginventory.decisions.option_table import OptionTable
from hginventory.decisions.unit_option import UnitOption
from hginventory.scenarios.model import Measure
from hginventory.vocabulary import UNKNOWN


def measure_of(option: UnitOption, table: OptionTable, air_kg_per_yr: float, from_year: int | None = None) -> Measure:
    """Return what an option does to its unit as a measure.

    The train becomes the one the option leads to: where the train of today is not known, the one the option was judged
    for, as adding a device to a mix would say that the unit has no other device of its kind. A step that changes no
    train cuts the emission in proportion, as if so much less mercury went in.

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
    if adds and option.train_after not in ("", UNKNOWN, option.train_before) and "?" not in option.train_after:
        return Measure(action="replace_controls", where=where, target=option.train_after, from_year=year, note=note)
    share = option.avoided_kg_per_yr / air_kg_per_yr if air_kg_per_yr > 0 else 0.0
    return Measure(action="wash_coal", where=where, value=min(max(share, 0.0), 1.0), from_year=year, note=note)
