"""An option of the catalogue as a measure of the scenario language, so that a plan can be drawn and compared."""

from __future__ import annotations

from functools import partial

from hginventory.decisions.options.option_table import CLOSURE, COMPUTE, INPUT, TRAIN, OptionTable
from hginventory.decisions.options.unit_option import UnitOption
from hginventory.scenarios import Measure
from hginventory.vocabulary import UNKNOWN

LESS_INPUT = {INPUT, COMPUTE, CLOSURE}
NOTHING = 1e-9  # share of what is cut that is rounding


def measure_of(
    option: UnitOption,
    table: OptionTable,
    air_kg_per_yr: float,
    from_year: int | None = None,
    *,
    in_proportion: bool = False,
    complies: bool = False,
) -> Measure:
    """Return what an option does to its unit as a measure.

    The train becomes the one the option leads to: where the train of today is not known, the one the option was judged
    for, as adding a device to a mix would say that the unit has no other device of its kind. Steps that only bring less
    mercury lower the input. All others cut the emission in proportion, and what is cut goes where the option sends it.

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
    in_proportion : bool
        Whether the emission is cut in proportion even where a train could be named.
    complies : bool
        Whether the unit keeps a limit: there less input is not as much less emission, so the emission is cut instead.
    """
    year = int(option.first_year) if from_year is None else from_year
    measure = measure_at(option, year)
    modes = {table.options[code].mode for code in option.codes}
    is_named = option.train_after not in ("", UNKNOWN, option.train_before)
    if modes == {TRAIN} and is_named and not in_proportion:
        return measure(action="replace_controls", target=option.train_after)
    avoided = option.avoided_kg_per_yr
    share = min(max(avoided / air_kg_per_yr, 0.0), 1.0) if air_kg_per_yr > 0 else 0.0
    if (modes <= LESS_INPUT and not complies) or share == 0.0:
        return measure(action="wash_coal", value=share)
    catch = {pathway: kg / avoided for pathway, kg in option.waste_kg_per_yr.items()}
    target = "; ".join(f"{pathway}:{part:.10g}" for pathway, part in catch.items() if abs(part) > NOTHING)
    return measure(action="cut_emission", target=target, value=share)


def measure_at(option: UnitOption, from_year: int) -> partial[Measure]:
    """Return what all measures that carry out an option at its unit from a year on have in common.

    Parameters
    ----------
    option : UnitOption
        From `options.Catalogue`.
    from_year : int
        First year in which it works.
    """
    where, note = f"unit_id == {option.unit_id!r}", f"option {option.option}: {option.name}"
    return partial(Measure, where=where, from_year=from_year, options=option.codes, note=note)
