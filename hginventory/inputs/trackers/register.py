"""What a table of somebody else says without being asked: which rows are coal, which are chosen, which are periods."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from hginventory.errors import UsageError
from hginventory.filters import select
from hginventory.inputs.parsing import is_series, named_unit, names_period, period_columns, repeated
from hginventory.inputs.source_tables import SourceTable
from hginventory.inputs.trackers.draft_unit import DraftUnit
from hginventory.inputs.trackers.status import status_of
from hginventory.vocabulary import COAL_TYPES, STATUSES, fold, names_coal, other_fuel, tell_fuels

NOT_KEPT = "the row filter keep of the mapping file leaves it out"
OTHER_FUEL = "its fuel is not coal"
_NAME = re.compile(r"[^\W\d]\w*")
MOST_SHOWN = 8  # words or columns named in a message


def rows_kept(table: SourceTable, keep: str) -> set[int]:
    """Return the numbers of the rows for which an expression over the columns of a file is true.

    Columns are named in small letters with underscores, as ``primary_fuel``; words are compared without case.

    Parameters
    ----------
    table : SourceTable
        The table.
    keep : str
        As in `hginventory.filters.select`.

    Raises
    ------
    UsageError
        If the expression cannot be used.
    """
    columns: dict[str, list[Any]] = {}
    for folded in table.letters:
        name = _name(folded)
        name = f"{name}_2" if name in columns else name
        columns[name] = _cells(table, folded) if is_named_in(keep, folded) else [None] * len(table.rows)
    chosen = select(pd.DataFrame(columns, dtype=object), keep, spelling=fold)
    return {row.number for row, is_kept in zip(table.rows, chosen, strict=True) if is_kept}


def is_named_in(keep: str, column: str) -> bool:
    """Return whether an expression names a column, by its folded name."""
    return _name(column) in {re.sub("_2$", "", name) for name in _NAME.findall(keep)} | {*_NAME.findall(keep)}


def _name(folded: str) -> str:
    return re.sub(r"\W+", "_", folded).strip("_")


def _cells(table: SourceTable, column: str) -> list[Any]:
    """Return the cells of a column: numbers where all are, else folded words; None where blank."""
    signs = {*table.signs.values()} - {None}  # a column that is not mapped is written as the others are
    usual = signs.pop() if len(signs) == 1 else None
    table = replace(table, signs={column: usual, **table.signs})
    drafts = [DraftUnit(table, row) for row in table.rows]
    numbers = [draft.number(column) for draft in drafts]
    texts = [fold(draft.text(column)) or None for draft in drafts]
    are_numbers = all((number is None) == (text is None) for number, text in zip(numbers, texts, strict=True))
    return list(numbers if are_numbers else texts)


def fuel_columns(table: SourceTable, mapped: Collection[str]) -> tuple[str, ...]:
    """Return the folded names of columns that say of each row whether it is coal or another fuel.

    In such a column more than half of the different words name a fuel, coal and others among them.

    Parameters
    ----------
    table : SourceTable
        The table.
    mapped : collection of str
        Folded columns that are used for something else.
    """
    return _columns(table, mapped, tell_fuels)


def status_column(table: SourceTable, mapped: Collection[str]) -> str | None:
    """Return the folded name of the one column that contains words of the status only; None for none or several."""
    found = _columns(table, mapped, lambda words: all(status_of(word) in STATUSES.codes for word in words))
    return found[0] if len(found) == 1 else None


def _columns(table: SourceTable, mapped: Collection[str], holds: Callable[[set[str]], bool]) -> tuple[str, ...]:
    drafts = [DraftUnit(table, row) for row in table.rows]
    found = []
    for name in table.letters:
        words = set() if name in mapped else {fold(draft.text(name)) for draft in drafts} - {""}
        if words and holds(words):
            found.append(name)
    return tuple(found)


def refuse_unknown_fuels(texts: Iterable[str], column: str) -> None:
    """Raise for words of a fuel column that name neither coal nor a fuel that is known.

    Raises
    ------
    UsageError
        With the words, how often each occurs, and what to do.
    """
    unknown = Counter(text for text in texts if text and _is_unknown(text))
    if unknown:
        words = ", ".join(f"{word!r} ({count})" for word, count in unknown.most_common(MOST_SHOWN))
        more = f" and {len(unknown) - MOST_SHOWN} more" if len(unknown) > MOST_SHOWN else ""
        raise UsageError(
            f"column {column!r}: no known coal or other fuel: {words}{more}. In the mapping file translate each in "
            f"values of coal_type, to {', '.join(COAL_TYPES.codes)} or 'not coal'; or choose rows with keep."
        )


def _is_unknown(text: str) -> bool:
    return COAL_TYPES.match(text) is None and other_fuel(text) is None and not names_coal(text)


def refuse_periods(table: SourceTable, drafts: Iterable[DraftUnit], start: str | None, others: Collection[str]) -> None:
    """Raise where a table has one row per month or year of a unit.

    Parameters
    ----------
    table : SourceTable
        The table.
    drafts : iterable of DraftUnit
        Its rows that are to become units, as converted.
    start : str or None
        Folded column that is mapped to the start year.
    others : collection of str
        Folded columns that are mapped to something else.

    Raises
    ------
    UsageError
        If rows of one unit differ in their period.
    """
    rows = list(drafts)
    heads = {name: name for name in table.letters if name not in others and name != start}
    named = period_columns(heads, {name: [draft.text(name) for draft in rows] for name in heads})
    columns = named or ([start] if start and names_period(start) else [])
    keys = [named_unit(draft.values, with_capacity=not any(map(names_period, named))) for draft in rows]
    periods = [tuple(draft.text(name) for name in columns) for draft in rows]
    again = repeated(keys, periods)
    if again and (any(map(names_period, named)) or is_series(keys, periods)):
        names = ", ".join(repr(name) for name in columns[:MOST_SHOWN])
        first = rows[again[0]].row.number
        raise UsageError(
            f"{table.path.name}: {len(again)} rows, the first of them row {first}, name a unit of a row above and "
            f"differ from it in {names}: they are months or years of one unit, not several units. "
            "Keep one row per unit, and move the amounts of each year to the sheet Activity."
        )
