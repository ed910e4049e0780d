"""The unit that a reader means: by its id, its rank, its plant and unit, or its label in a chart."""

from __future__ import annotations

import difflib
import re
import unicodedata

import pandas as pd

from hginventory.decisions.ranking.ranking import rank_units
from hginventory.errors import UsageError
from hginventory.vocabulary import fold, without_marks

MOST_NAMED = 8  # units that a message lists
_RANK = re.compile(r"(?:(?P<sector>\w+)\s*)?#\s*(?P<rank>\d+)")
_LABEL = re.compile(r"(\d+)\s+(\S.*)")  # of a chart: the rank stands before the name
_WORD = re.compile(r"[\w\u0300-\u036f]+\u2026?")  # a label that is too long ends its plant in an ellipsis
_NOT_TOLD = frozenset({"power", "station", "plant", "project", "unit", "units", "phase", "block", "no", "pltu"})
_LIKENESS = 0.5  # from which an id is proposed


def find_unit(units: pd.DataFrame, name: str, *, combined: bool = False, parameter: str = "") -> str:
    """Return the id of the one unit that a text names.

    Parameters
    ----------
    units : DataFrame, N rows, index unit_id
        As in `Projection.units`.
    name : str
        An id; a rank by remaining mercury, as ``#1``, or ``cement_kiln #1`` where both sectors have one; or words of
        plant and unit, as a chart, a table or a person writes them. Words that do not distinguish units, as power
        station, may be left out.
    combined : bool
        Ranks are those of one list of all units, not of each sector.
    parameter : str
        Name of the parameter that the caller took the text from, for messages.

    Raises
    ------
    UsageError
        If no unit or several fit; the message lists them with plant and unit.

    Examples
    --------
    >>> table = pd.DataFrame({"plant": "Jawa-7 power station", "unit": ["Unit 1", "Unit 2"], "sector": "coal_power",
    ...                       "lifetime_kg": [1.0, 3.0], "inventory_status": "operating"}, index=["A", "B"])
    >>> [find_unit(table.rename_axis("unit_id"), name) for name in ("A", "b", "#1", "Jawa-7 2", "1  Jawa-7 2")]
    ['A', 'B', 'B', 'B', 'B']
    """
    composed = unicodedata.normalize("NFC", name).strip()
    if composed in units.index:
        return composed
    found = _by_id(units, composed) or _by_rank(units, composed, combined) or _by_words(units, composed, combined)
    if len(found) == 1:
        return found[0]
    if found:
        listed = "; ".join(_named(units, found[:MOST_NAMED]))
        more = f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        of_lists = _RANK.fullmatch(composed)
        remedy = f", or write its sector, as {units['sector'][found[-1]]} #{of_lists['rank']}" if of_lists else ""
        words = f"{name!r} fits {len(found)} units: {listed}{more}. Name one of them by its id{remedy}."
        raise UsageError(words, parameter=parameter, allowed=tuple(found))
    near = difflib.get_close_matches(composed, list(map(str, units.index)), n=3, cutoff=_LIKENESS)
    words = f"there is no unit {name!r} in this run. Near: {'; '.join(_named(units, near)) or 'none'}."
    remedy = "Write an id, a rank as #1, or plant and unit."
    raise UsageError(f"{words} {remedy}", parameter=parameter, allowed=tuple(near))


def _by_id(units: pd.DataFrame, name: str) -> list[str]:
    return [str(unit) for unit in units.index if fold(str(unit)) == fold(name)] if name else []


def _by_rank(units: pd.DataFrame, name: str, combined: bool) -> list[str]:
    told = _RANK.fullmatch(name)
    return _ranked(units, int(told["rank"]), combined, told["sector"]) if told else []


def _ranked(units: pd.DataFrame, rank: int, combined: bool, sector: str | None = None) -> list[str]:
    """Return the units of a rank: of one sector, of each, or of the one list of all."""
    ranking = rank_units(units, combined=combined)
    if sector is not None:
        ranking = ranking[ranking["sector"].eq(sector.lower())]
    return [str(unit) for unit in ranking.loc[ranking["rank"] == rank, "unit_id"]]


def _by_words(units: pd.DataFrame, name: str, combined: bool) -> list[str]:
    """Return the units whose plant and unit are these words, else those that have all of them."""
    told = _words(name)
    if not told:
        return []
    found = _with_words(units, told)
    label = _LABEL.fullmatch(name)
    if label and len(found) != 1:  # the number may be the rank of a chart's label
        ranked = set(_ranked(units, int(label[1]), combined))
        found = [unit for unit in _with_words(units, _words(label[2])) if unit in ranked] or found
    return found


def _with_words(units: pd.DataFrame, told: list[str]) -> list[str]:
    exact, all_of_them = [], []
    for unit_id, plant, unit in zip(units.index, units["plant"], units["unit"], strict=True):
        site, own = (_words(text) if isinstance(text, str) else [] for text in (plant, unit))
        whole = own if own[: len(site)] == site else [*site, *own]  # a unit may repeat its plant
        if _is_label(told, whole) or (own[:1] == site[:1] and _is_label(told, own)):
            exact.append(str(unit_id))
        elif all(any(_fits(word, other) for other in whole) for word in told):
            all_of_them.append(str(unit_id))
    return exact or all_of_them


def _is_label(told: list[str], whole: list[str]) -> bool:
    """Return whether words are those of a unit; of a plant that a label cuts off some may be missing."""
    cut = next((number for number, word in enumerate(told) if word.endswith("\u2026")), None)
    if cut is None:
        return told == whole
    after = told[cut + 1 :]
    starts = len(whole) > cut and all(_fits(*pair) for pair in zip(told[: cut + 1], whole, strict=False))
    return starts and len(whole) >= len(told) and whole[len(whole) - len(after) :] == after


def _fits(word: str, other: str) -> bool:
    return other.startswith(word[:-1]) if word.endswith("\u2026") else word == other


def _words(text: str) -> list[str]:
    """Return the words that distinguish a unit from others, without case, marks and leading zeros."""
    plain = re.sub(r"\s*\u2026", "\u2026", _plain(text))
    return [word.lstrip("0") or word for word in _WORD.findall(plain) if word not in _NOT_TOLD]


def _plain(text: str) -> str:
    """Return a folded text without marks, whose ellipsis stays one sign."""
    return "\u2026".join(without_marks(fold(part)) for part in text.split("\u2026"))


def _named(units: pd.DataFrame, found: list[str]) -> list[str]:
    """Return ids with plant and unit."""
    names = units.loc[found, ["plant", "unit"]].itertuples()
    return [" ".join(str(part) for part in row if isinstance(part, str)) for row in names]
