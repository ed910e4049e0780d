"""N14 and N14a: what was recalculated since an earlier run, and which input caused it."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pandas as pd

from hginventory.decisions.ranking import COMBINED, KG_PER_T
from hginventory.report.plan.measures import HUMAN
from hginventory.report.record import ADDED, CAUSES, DRIVERS, REMOVED, ZERO, Difference
from hginventory.report.text import Words

CHANGED_INPUT = "{what}: {before} -> {after}"
AT_UNITS = "{column} ({count} units)"
COLUMNS = ["version_before", "version_after", "date", "quantity", "change", "reason", "affected_units",
           "total_before_kg", "total_after_kg", "change_kg"]  # fmt: skip
UNIT_COLUMNS = ["unit_id", "rank_before", "rank_after", "lifetime_kg_before", "lifetime_kg_after", "change_kg",
                "changed"]  # fmt: skip
BASE_YEAR, REMAINING, REMAINING_T = "air_base_year_kg", "lifetime_kg", "lifetime_t"
EVERYTHING = "all changes"
SENTENCES = (CHANGED_INPUT, AT_UNITS, EVERYTHING, *CAUSES, ADDED, REMOVED, ZERO)


def recalculation_log(difference: Difference | None, words: Words) -> pd.DataFrame:
    """Return N14: the total of the base year, then that of the remaining life cause by cause, each from the one before.

    Parameters
    ----------
    difference : Difference, optional
        From an earlier run to this one; without it the table is empty.
    words : Words
        Language of causes and reasons.
    """
    if difference is None:
        return pd.DataFrame(columns=COLUMNS)
    made = "; ".join(
        words(CHANGED_INPUT, what=row["what"], before=row["before"], after=row["after"])
        for row in difference.made.to_dict("records")
    )
    rows = [(BASE_YEAR, words(EVERYTHING), made, len(difference.units), *_totals(difference, BASE_YEAR))]
    total = _totals(difference, REMAINING_T)[0] * KG_PER_T
    for row in difference.causes.to_dict("records"):
        if row["units"]:
            reason = _inputs(difference, row["cause"], words)
            rows.append((REMAINING, words(row["cause"]), reason, row["units"], total, total + row["change_kg"]))
            total += row["change_kg"]
    table = pd.DataFrame(rows, columns=["quantity", "change", "reason", "affected_units", *COLUMNS[7:9]])
    return table.assign(
        version_before=difference.versions[0],
        version_after=difference.versions[1],
        date=words(HUMAN),
        change_kg=table["total_after_kg"] - table["total_before_kg"],
    )[COLUMNS]


def changed_units(difference: Difference | None) -> pd.DataFrame:
    """Return N14a: the units that moved, the most mercury first, with the inputs that moved them."""
    if difference is None:
        return pd.DataFrame(columns=UNIT_COLUMNS)
    return difference.units_table()


def _totals(difference: Difference, quantity: str) -> tuple[float, float]:
    """Return a quantity of all sectors together before and after."""
    totals = difference.totals
    own = totals[totals["quantity"].eq(quantity) & totals["sector"].ne(COMBINED)]
    return float(own["before"].sum()), float(own["after"].sum())


def _inputs(difference: Difference, cause: str, words: Words) -> str:
    """Return the inputs of a cause that changed, each with the number of units at which it did.

    Any input can bring a unit to zero.
    """
    names = chain.from_iterable(DRIVERS.values()) if cause == ZERO else DRIVERS.get(cause, ())
    units = difference.units
    moved = set(units.loc[units[cause].ne(0.0), "unit_id"])
    counts = Counter(one.what for one in difference.changes if one.unit_id in moved)
    return "; ".join(words(AT_UNITS, column=n, count=words.number(counts[n])) for n in names if counts[n])
