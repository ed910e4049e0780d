"""Which units a measure chooses: an expression over columns, rank and probability, seen once on the baseline."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from hginventory.decisions.options import Option
from hginventory.decisions.ranking import Certainty, rank_units
from hginventory.decisions.scenarios.checks import ONLY_AT
from hginventory.errors import UsageError
from hginventory.filters import named_values, select
from hginventory.projection import Projection
from hginventory.scenarios import TRAIN_ACTIONS, Measure
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER, DEVICES, KILN_DEVICES, UnknownCodeError, parse_train

NAMED_COLUMNS = ("unit_id", "plant")  # a slip in a name must not leave a unit out, or in
_FROM_DRAWS = re.compile(r"\b(p_top\d+|top_class|rank_(p05|median|p95))\b")


def needs_draws(measures: Sequence[Measure]) -> bool:
    """Return whether a selection needs results of Monte Carlo draws."""
    return any(_FROM_DRAWS.search(measure.where) for measure in measures)


def selection_table(projection: Projection, sure: Certainty | None) -> pd.DataFrame:
    """Return the columns that a selection may name, index unit_id.

    These are the columns of ``units``, those of the workbook that are not among them, ``capacity_mw``, ``rank``
    by remaining mercury in the list of the run, ``sector_rank`` and, from draws, ``p_top10``, ``top_class`` and the
    rank interval in that list.
    """
    table = projection.units
    read = projection.fleet.units.loc[table.index]
    table = table.join(read[[name for name in read if name not in table]])
    of_list, of_sector = (
        rank_units(projection.units, combined=combined).set_index("unit_id")["rank"]
        for combined in (projection.settings.combined, False)
    )
    table = table.assign(rank=of_list, sector_rank=of_sector)
    return table if sure is None else table.join(sure.units[[c for c in sure.units if _FROM_DRAWS.fullmatch(str(c))]])


def choose_units(
    measures: Sequence[Measure],
    table: pd.DataFrame,
    locations: Mapping[int, str] | None = None,
    options: Mapping[str, Option] | None = None,
) -> tuple[list[list[str]], list[str]]:
    """Return the ids that each measure chooses, those with most remaining mercury first, and what is wrong.

    Parameters
    ----------
    measures : sequence of Measure
        The measures.
    table : DataFrame, index unit_id
        From `selection_table`.
    locations : mapping of int to str, optional
        File and line of measures that do not know it, for messages.
    options : mapping of str to Option, optional
        Code -> option of the catalogue, of those that the measures carry out.

    Returns
    -------
    chosen : list of list of str
        Units of each measure; none where its expression is wrong.
    problems : list of str
        A message for each expression that cannot be used, names what is not there, chooses nothing, or chooses units
        that cannot get the measure.
    """
    problems: list[str] = []
    out: list[list[str]] = []
    by_size = table.reset_index().sort_values(["lifetime_kg", "unit_id"], ascending=[False, True], kind="stable")
    names = {column: dict.fromkeys(by_size[column].dropna()) for column in NAMED_COLUMNS}
    for number, measure in enumerate(measures):
        location = measure.location(number, "where", locations)
        drawn = _FROM_DRAWS.search(measure.where)
        if drawn and not any(_FROM_DRAWS.fullmatch(str(column)) for column in table):
            problems.append(f"{location}: where: {drawn[0]} is known from draws only. Run with `draws=2000`.")
            out.append([])
            continue
        try:
            mask = select(by_size, measure.where) if measure.where else np.ones(len(by_size), dtype=bool)
        except UsageError as error:
            problems.append(f"{location}: where: {error.message}")
            out.append([])
            continue
        missing = _missing(measure.where, names)
        problems += [f"{location}: where: {words}" for words in missing]
        if not mask.any() and not missing:
            problems.append(f"{location}: where {measure.where!r} chooses no unit. Widen it, or take the measure out.")
        own = [(options or {})[code] for code in measure.options if code in (options or {})]
        of_options = measure.location(number, "options", locations)
        problems += _unfit(measure, own, by_size[mask], location, of_options)
        out.append([str(unit) for unit in by_size["unit_id"][mask]])
    return out, problems


def _missing(where: str, names: Mapping[str, Mapping[object, None]]) -> list[str]:
    """Return a message for each unit or plant that is named in an expression and is not among the names in use."""
    out = []
    for column, value in named_values(where):
        if column in names and value not in names[column]:
            near = difflib.get_close_matches(str(value), list(map(str, names[column])), n=1)
            hint = f"Did you mean {near[0]!r}?" if near else "See units.csv of hginv project for the names."
            out.append(f"there is no {column} {value!r} in this run. {hint}")
    return out


def _unfit(
    measure: Measure, options: Sequence[Option], chosen: pd.DataFrame, location: str, of_options: str
) -> list[str]:
    """Return a message for each sector that cannot get a measure, or its options, but has chosen units."""
    problems = []
    for sector, units in chosen.groupby("sector", sort=False):
        other = COAL_POWER if sector == CEMENT_KILN else CEMENT_KILN
        foreign = [option.option for option in options if option.sector != sector]
        count, remedy = len(units), f"as {units['unit_id'].iloc[0]}. Add to where: sector == {other!r}."
        if foreign:
            problems.append(
                f"{of_options}: options: {', '.join(foreign)} cannot go to {sector}, and where chooses {count} of that "
                f"sector, {remedy}"
            )
        elif not _fits(measure, str(sector)):
            what = " ".join(filter(None, [measure.action, measure.target]))
            problems.append(
                f"{location}: {what} is not a measure for {sector}, and where chooses {count} of that sector, {remedy}"
            )
    return problems


def _fits(measure: Measure, sector: str) -> bool:
    if measure.action in TRAIN_ACTIONS:
        try:
            parse_train(measure.target, KILN_DEVICES if sector == CEMENT_KILN else DEVICES)
        except UnknownCodeError:
            return False
    if measure.action == "wash_coal" and measure.options:
        return True  # options of kilns that lower what goes in are written so
    return ONLY_AT.get(measure.action, sector) == sector
