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
from hginventory.report.plan.columns import described
from hginventory.report.plan.layout import ID, PARTS, SOURCE, Part
from hginventory.report.text import Words, country

BETWEEN = "; "
SCENARIO, NO_SCENARIO, WITHOUT = "scenario", "", "without further measures"
EVIDENCE = re.compile(r"(\w+) = (.*)")
OF_OPTIONS = ("feasibility", "waste_effect")  # texts of the factor table of options, several in one cell
SPELLED_OUT = (*OF_OPTIONS, "cost_notes", "cost_terms")  # that name options and countries by code
CODE = re.compile(r"\b[A-Z](?:[A-Z]{2}|\d)\b")
SENTENCES = (WITHOUT,)


@dataclass(frozen=True)
class PlanNames:
    """What ids of a run are called.

    Attributes
    ----------
    units, scenarios, factors : mapping of str to str
        Id of a unit -> plant and unit; name of a scenario -> its title; id of a factor row -> what it is of.
    options, countries : mapping of str to str
        Code of a reduction option -> its name; code of a country of the run -> its name.
    factor_numbers, source_numbers : mapping of str to int
        Id of a factor row -> its number in N13; id of a source -> its number in N1d.
    """

    units: Mapping[str, str] = field(default_factory=dict)
    scenarios: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    factor_numbers: Mapping[str, int] = field(default_factory=dict)
    source_numbers: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, projection: Projection, factor_ids: list[str], titles: Mapping[str, str], words: Words) -> PlanNames:
        """Return the names of a run; units of one name are distinguished by their id."""
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
            {name: words.say(title) or name.replace("_", " ") for name, title in titles.items()},
            {ref: factor_row(library.row(ref), words) for ref in factor_ids},
            {row.keys["option"]: words.say(row.extra["name"]) for row in library.table("reduction_option").defaults},
            {code: country(code, words) for code in units["country"].unique()},
            {ref: number for number, ref in enumerate(factor_ids, 1)},
            {str(ref): number for number, ref in enumerate(sources, 1)},
        )


def _site(plant: object, unit: object, unit_id: str) -> str:
    return ", ".join(str(part) for part in (plant, unit) if not is_blank(part)) or unit_id


def printed(frame: pd.DataFrame, part: Part, names: PlanNames, words: Words) -> pd.DataFrame:
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

    Returns
    -------
    DataFrame
        Its columns in order under their stable names, texts in words; equal rows are given once.
    """
    table = frame
    if SOURCE in part.columns and ID in table:
        table = table.assign(**{SOURCE: [names.units.get(str(ref), str(ref)) for ref in table[ID]]})
    if "factor_id" in table and "no" in part.columns:
        table = table.assign(no=[str(names.factor_numbers[ref]) for ref in table["factor_id"]])
    chosen = [name for wanted in part.columns for name in _matching(wanted, list(map(str, table.columns)))]
    told = {name: _texts(table[name], name, names, words) for name in chosen}
    return pd.DataFrame(told, columns=chosen).drop_duplicates(ignore_index=True)


def _matching(wanted: str, columns: list[str]) -> list[str]:
    if wanted.endswith("*"):
        return [name for name in columns if name.startswith(wanted[:-1])]
    return [wanted] if wanted in columns else []


def _texts(values: pd.Series[Any], name: str, names: PlanNames, words: Words) -> pd.Series[Any]:
    """Return the values of a column, texts in words; numbers and flags stay."""
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values
    known = {one: _told(one, name, names, words) for one in values.unique() if isinstance(one, str)}
    return values.map(lambda value: known.get(value, value) if isinstance(value, str) else value)


def _told(text: str, name: str, names: PlanNames, words: Words) -> str:
    if name == SCENARIO:
        return names.scenarios.get(text, text) if text else words(WITHOUT)
    if name == "evidence_row":
        return _evidence(text, names, words)
    if name in OF_OPTIONS:
        text = _said(text, words)
    if name in SPELLED_OUT:
        known = {**names.options, **names.countries}
        text = CODE.sub(lambda found: known.get(found[0], found[0]), text)
    listed = LISTS.get(name)
    if listed is None:
        return names.factors[text] if name == "factor_id" else in_words(name, text, words)
    between, called = listed
    found = called(names)
    called_so = [found.get(ref, ref) for ref in text.split(BETWEEN) if ref]
    numbers = sorted(number for number in called_so if isinstance(number, int))
    return between.join(map(str, [*numbers, *(name for name in called_so if not isinstance(name, int))]))


def _said(text: str, words: Words) -> str:
    """Return texts joined by `BETWEEN` in the language of the reader; a text may contain it, too.

    >>> from hginventory.report.text import words_in
    >>> _said("space; less ash; alkali", words_in("id"))
    'ruang; abu lebih sedikit; alkali'
    """
    parts, told = text.split(BETWEEN), []
    while parts:
        ends = range(len(parts), 0, -1)
        end = next((end for end in ends if words.say(BETWEEN.join(parts[:end])) != BETWEEN.join(parts[:end])), 1)
        told.append(words.say(BETWEEN.join(parts[:end])))
        parts = parts[end:]
    return BETWEEN.join(told)


def _evidence(text: str, names: PlanNames, words: Words) -> str:
    """Return which rows of a table are meant: its column by its label, and the value in words."""
    found = EVIDENCE.fullmatch(text)
    if found is None:
        return text
    value = names.scenarios.get(found[2], in_words(found[1], found[2], words))
    return f"{described(found[1], '', words.say).label}: {value}"


LISTS: Mapping[str, tuple[str, Callable[[PlanNames], Mapping[str, object]]]] = {  # columns that list ids
    "factor_ids": (", ", lambda names: names.factor_numbers),
    "data_source": (", ", lambda names: names.source_numbers),
    "evidence_table": (BETWEEN, lambda _: {number: ", ".join(p.number for p in own) for number, own in PARTS.items()}),
    "unit_set": (BETWEEN, lambda names: names.units),
}
