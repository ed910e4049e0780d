"""The reduction options of the table `reduction_option`, each with its effects, as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from hginventory.factors import FactorLibrary, FactorRow, Ladder

# How an option changes the mercury of a unit, as the column `mode` says it.
TRAIN, INCREMENT, INPUT, AFTER = "train", "increment", "input", "after"
COMPUTE, CLOSURE, INSTRUMENT = "compute", "closure", "instrument"
MERCURY, CO_BENEFITS = "mercury", ("so2", "pm", "nox")
FAMILIES: Mapping[str, frozenset[str]] = {"ESP": frozenset({"ESPc", "ESPh"})}


@dataclass(frozen=True)
class Option:
    """One reduction option.

    Attributes
    ----------
    option, sector, name, option_class, mode : str
        Id, sector, words, class of the catalogue, and how it changes the mercury.
    steps : frozenset of str
        What it is: collector, scrubber, oxidation, sorbent, nox, additive, fuel, plant, dust, operation, instrument.
    catch : str
        Pathway of what it removes behind the train; empty: it raises the removal of its train, or removes nothing.
    adds, replaces : frozenset of str
        Devices it brings and takes away; a family (ESP) stands for its members.
    needs : tuple of frozenset of str
        Trains of which the unit must have one, as sets of devices or families; empty: any train.
    excludes : frozenset of str
        Devices none of which may be there.
    boilers : frozenset of str
        Boilers it fits; empty: all.
    mw_from, mw_to : float
        Capacity it fits [MW], half-open.
    only_if : tuple of str
        Pollutants that must fall for another reason than mercury.
    space, coast, carbon_in_ash, short_life : bool
        Whether it needs space, the sea, puts carbon into the ash, and is worth it for a few years.
    build : frozenset of str
        Kinds of plant it is built of, as `lead_time` and `build_rate` name them.
    items : tuple of str
        Technologies of `control_cost`.
    requires, waste_effect, paragraph, row_id : str
        What to check, where the mercury goes in words, paragraph of Article 8 of the Convention, row.
    """

    option: str
    sector: str
    name: str
    option_class: str
    mode: str
    steps: frozenset[str]
    catch: str
    adds: frozenset[str]
    replaces: frozenset[str]
    needs: tuple[frozenset[str], ...]
    excludes: frozenset[str]
    boilers: frozenset[str]
    mw_from: float
    mw_to: float
    only_if: tuple[str, ...]
    space: bool
    coast: bool
    carbon_in_ash: bool
    short_life: bool
    build: frozenset[str]
    items: tuple[str, ...]
    requires: str
    waste_effect: str
    paragraph: str
    row_id: str


class OptionTable:
    """All options and their effects.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.

    Examples
    --------
    >>> from hginventory.factors.library import load_library
    >>> table = OptionTable(load_library())
    >>> sorted(table.options["C7"].adds), table.options["C5"].mode
    (['SCR', 'wFGD'], 'train')
    """

    def __init__(self, library: FactorLibrary) -> None:
        self._table = library.table("reduction_option")
        self.options: Mapping[str, Option] = {row.keys["option"]: _option(row) for row in self._table.defaults}
        self._effects = Ladder(library.table("option_effect"))
        self._classes: dict[str, set[str]] = {}
        for row in library.table("option_effect").rows:
            if row.keys["pollutant"] == MERCURY:
                self._classes.setdefault(row.keys["option"], set()).add(row.keys["coal_class"])

    def named(self, option: str) -> Option:
        """Return an option that the package itself chooses.

        Raises
        ------
        FactorError
            If the table `reduction_option` has no such row.
        """
        if option not in self.options:
            raise self._table.lacks(option=option)
        return self.options[option]

    def effect(self, option: str, pollutant: str, coal_class: str) -> FactorRow | None:
        """Return the row of what an option takes out for a coal class, else for all classes; None: nothing."""
        return self._effects.first([(option, coal_class, pollutant), (option, "", pollutant)])

    def fits_class(self, option: str, coal_class: str) -> bool:
        """Return whether an effect on mercury is stated for a coal class, or for all."""
        classes = self._classes.get(option)
        return classes is None or coal_class in classes or "" in classes


def members(device: str) -> frozenset[str]:
    """Return the devices a name of the table stands for.

    >>> sorted(members("ESP")), sorted(members("FF"))
    (['ESPc', 'ESPh'], ['FF'])
    """
    return FAMILIES.get(device, frozenset({device}))


@cache
def _devices(text: str) -> frozenset[str]:
    return frozenset(part for part in text.split("+") if part)


def _option(row: FactorRow) -> Option:
    extra = row.extra
    return Option(
        option=row.keys["option"],
        sector=extra["sector"],
        name=extra["name"],
        option_class=extra["option_class"],
        mode=extra["mode"],
        steps=_devices(extra["step"]),
        catch=extra["catch"],
        adds=_devices(extra["adds"]),
        replaces=frozenset().union(*(members(device) for device in _devices(extra["replaces"]))),
        needs=tuple(_devices(part) for part in extra["needs"].split("|") if part),
        excludes=frozenset(part for part in extra["excludes"].split("|") if part),
        boilers=_devices(extra["boilers"]),
        mw_from=float(extra["mw_from"] or 0.0),
        mw_to=float(extra["mw_to"] or math.inf),
        only_if=tuple(part for part in extra["only_if"].split("+") if part),
        space=extra["space"] == "yes",
        coast=extra["coast"] == "yes",
        carbon_in_ash=extra["ash"] == "carbon",
        short_life=extra["short_life"] == "yes",
        build=_devices(extra["build"]),
        items=tuple(part for part in extra["items"].split("; ") if part),
        requires=extra["requires"],
        waste_effect=extra["waste_effect"],
        paragraph=extra["paragraph"],
        row_id=row.row_id,
    )


def co_benefit(table: OptionTable, steps: Sequence[Option], coal_class: str, pollutant: str) -> float:
    """Return the share of the present emission of another pollutant that steps take out together [0-1]."""
    left = 1.0
    for step in steps:
        row = table.effect(step.option, pollutant, coal_class)
        left *= 1.0 - (row.value if row is not None and row.value is not None else 0.0)
    return 1.0 - left
