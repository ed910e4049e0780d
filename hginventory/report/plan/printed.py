"""Plan tables as they are printed: parts of at most eight columns, codes in words, the same in every file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from hginventory.inputs.fleet import is_blank
from hginventory.projection import Projection
from hginventory.report.plan.code_words import factor_row, in_words
from hginventory.report.plan.layout import ID, SOURCE, Part
from hginventory.report.text import Words

BETWEEN = "; "
SCENARIO, NO_SCENARIO, WITHOUT = "scenario", "", "without further measures"
EVIDENCE = re.compile(r"(\w+) = (.*)")
SENTENCES = (WITHOUT,)


@dataclass(frozen=True)
class PlanNames:
    """What ids of a run are called.

    Attributes
    ----------
    units, scenarios, factors : mapping of str to str
        Id of a unit -> plant and unit; name of a scenario -> its title; id of a factor row -> what it is of.
    factor_numbers, source_numbers : mapping of str to int
        Id of a factor row -> its number in N13; id of a source -> its number in N1d.
    """

    units: Mapping[str, str] = field(default_factory=dict)
    scenarios: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, str] = field(default_factory=dict)
    factor_numbers: Mapping[str, int] = field(default_factory=dict)
    source_numbers: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, projection: Projection, factor_ids: list[str], titles: Mapping[str, str], words: Words) -> PlanNames:
        """Return the names of a run; units of one name are told apart by their id."""
        units = projection.units
        names = [
            _site(plant, unit, str(ref))
            for ref, plant, unit in zip(units.index, units["plant"], units["unit"], strict=True)
        ]
        twice = pd.Series(names).duplicated(keep=False)
        library, sources = projection.library, projection.fleet.sources.index
        return cls(
            {
                str(ref): f"{name} ({ref})" if double else name
                for ref, name, double in zip(units.index, names, twice, strict=True)
            },
            {name: title or name.replace("_", " ") for name, title in titles.items()},
            {ref: factor_row(library.row(ref), words) for ref in factor_ids},
            {ref: number for number, ref in enumerate(factor_ids, 1)},
            {str(ref): number for number, ref in enumerate(sources, 1)},
        )


def _site(plant: object, unit: object, unit_id: str) -> str:
    return ", ".join(str(part) for part in (plant, unit) if not is_blank(part)) or unit_id


def printed(
    frame: pd.DataFrame, part: Part, names: PlanNames, words: Words, describe: Mapping[str, str]
) -> pd.DataFrame:
    """Return a part of a plan table as it is printed.

    Parameters
    ----------
    frame : DataFrame
        The wide table.
    part : Part
        Which columns of it.
    names : PlanNames
        What ids are called.
    words : Words
        Language.
    describe : mapping of str to str
        Labels of the columns that evidence names.

    Returns
    -------
    DataFrame
        Its columns in order under their stable names, texts in words; rows that are equal stand once.
    """
    table = frame
    if SOURCE in part.columns and ID in table:
        table = table.assign(**{SOURCE: [names.units.get(str(ref), str(ref)) for ref in table[ID]]})
    if "factor_id" in table and "no" in part.columns:
        table = table.assign(no=[str(names.factor_numbers[ref]) for ref in table["factor_id"]])
    chosen = [name for wanted in part.columns for name in _matching(wanted, list(map(str, table.columns)))]
    told = {name: _texts(table[name], name, names, words, describe) for name in chosen}
    return pd.DataFrame(told, columns=chosen).drop_duplicates(ignore_index=True)


def _matching(wanted: str, columns: list[str]) -> list[str]:
    if wanted.endswith("*"):
        return [name for name in columns if name.startswith(wanted[:-1])]
    return [wanted] if wanted in columns else []


def _texts(
    values: pd.Series[Any], name: str, names: PlanNames, words: Words, describe: Mapping[str, str]
) -> pd.Series[Any]:
    """Return the values of a column, texts in words; numbers and flags stay."""
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values
    known = {one: _told(one, name, names, words, describe) for one in values.unique() if isinstance(one, str)}
    return values.map(lambda value: known.get(value, value) if isinstance(value, str) else value)


def _told(text: str, name: str, names: PlanNames, words: Words, describe: Mapping[str, str]) -> str:
    if name == SCENARIO:
        return names.scenarios.get(text, text) if text else words(WITHOUT)
    if name == "evidence_row":
        return _evidence(text, names, words, describe)
    listed = LISTS.get(name)
    if listed is None:
        return names.factors[text] if name == "factor_id" else in_words(name, text, words)
    between, called = listed
    found = called(names)
    return between.join(str(found.get(ref, ref)) for ref in text.split(BETWEEN) if ref)


def _evidence(text: str, names: PlanNames, words: Words, describe: Mapping[str, str]) -> str:
    """Return which rows of a table are meant: its column by its label, and the value in words."""
    found = EVIDENCE.fullmatch(text)
    if found is None:
        return text
    value = names.scenarios.get(found[2], in_words(found[1], found[2], words))
    return f"{describe.get(found[1], found[1])}: {value}"


LISTS: Mapping[str, tuple[str, Callable[[PlanNames], Mapping[str, object]]]] = {  # columns that list ids
    "factor_ids": (", ", lambda names: names.factor_numbers),
    "data_source": (", ", lambda names: names.source_numbers),
    "unit_set": (BETWEEN, lambda names: names.units),
}
