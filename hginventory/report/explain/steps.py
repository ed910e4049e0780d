"""What the steps of coal units and kilns have in common: their numbers, and the sum over the remaining years."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hginventory.decisions.ranking import list_names
from hginventory.factors import (
    COMPLIANCE,
    DEFAULT,
    NOT_USED,
    REPORTED,
    Activity,
    FindingLog,
    Statement,
    Value,
    is_row,
    resolve_activity,
)
from hginventory.inputs.fleet import Cells, is_blank
from hginventory.projection import RATE_OVER_LIMIT, USUAL_MARGIN, Projection, load_rule
from hginventory.report.explain.explanation import Step
from hginventory.report.text import rule_text
from hginventory.translations import TranslatableText
from hginventory.vocabulary import CEMENT_KILN, RUNNING

if TYPE_CHECKING:
    import pandas as pd

PER = {"g/TJ": TranslatableText("heat of the fuel"), "g/t": TranslatableText("clinker")}  # unit of a rate -> per what


class OfAllUnits:
    """What the calculations of all units of a run share, each part worked out when first asked for.

    Parameters
    ----------
    projection : Projection
        The run.
    """

    def __init__(self, projection: Projection) -> None:
        self.projection = projection

    @cached_property
    def by_sector(self) -> bool:
        """Whether each sector is a list of its own."""
        return len(list_names(self.projection)) > 1

    @cached_property
    def rule(self) -> TranslatableText:
        """The retirement rule in words."""
        return rule_text(load_rule(self.projection.library, self.projection.settings.rule))

    @cached_property
    def activity(self) -> Mapping[str, pd.DataFrame]:
        """Unit -> its rows of the sheet Activity, of units that have some."""
        return {str(unit): rows for unit, rows in self.projection.fleet.activity.groupby("unit_id", sort=False)}


class Steps(ABC):
    """Collects the steps of a unit; results point to earlier steps by their numbers.

    Parameters
    ----------
    of_all : OfAllUnits
        The run.
    index : int
        Index of the unit.
    row : dict
        Its row of ``units``.
    """

    order: Sequence[str] = ()

    def __init__(self, of_all: OfAllUnits, index: int, row: dict[str, Any]) -> None:
        self.of_all, self.projection, self.index, self.row = of_all, of_all.projection, index, row
        self.unit_id = str(self.projection.units.index[index])
        self.done: list[Step] = []
        self.kept = ""  # formula: what a limit leaves of what the listed controls let out

    @abstractmethod
    def normal_year(self) -> None:
        """Add the steps of a normal year; the last one is emissions to air."""

    @abstractmethod
    def own_year(self, year: int, statement: Statement, air: int) -> int:
        """Add the steps of a year with its own activity and return the number of its emissions to air.

        ``air`` is the step of that of a normal year.
        """

    def factor(self, name: str) -> Value:
        """Return the resolved value of a factor of the unit."""
        value = self.projection.parameters[name].of_unit(self.index)
        if value.origin != NOT_USED:
            return value
        # It plays no part in a normal year, and does in a year with an activity of its own.
        return replace(value, origin=DEFAULT if value.refs and is_row(value.refs[0]) else REPORTED)

    def given(self, name: str, factor: str, unit: str, value: float | None = None) -> int:
        """Add an input and return its number."""
        resolved = self.factor(factor)
        return self.stated(
            _step_name(name), resolved.value if value is None else value, unit, resolved.refs, resolved.origin
        )

    def cell(self, name: str, column: str, value: float | str, unit: str) -> int:
        """Add an input from a cell and return its number."""
        cell = self.projection.fleet.cell(self.unit_id, column)
        return self.stated(TranslatableText(name), value, unit, (cell,) if cell else ())

    def stated(
        self, name: TranslatableText, value: float | str, unit: str, refs: tuple[str, ...], origin: str = REPORTED
    ) -> int:
        """Add an input with its cells and factor rows and return its number."""
        return self._add(name, value, unit, "", origin, refs)

    def result(self, name: str, value: float | str, unit: str, formula: str) -> int:
        """Add a result and return its number."""
        return self._add(_step_name(name), value, unit, formula, "", ())

    def _add(self, *parts: Any) -> int:
        """Add a step and return its number; one that is there already is pointed to again."""
        same = next((step for step in self.done if step == Step(step.number, *parts)), None)
        if same is None:
            same = Step(len(self.done) + 1, *parts)
            self.done.append(same)
        return same.number

    def ranked(self, rank: int) -> None:
        """Add the rank by remaining-lifetime emissions, in the list of the unit."""
        counted = self.projection.inventory_units
        by_sector = self.of_all.by_sector
        n = counted.get(self.row["sector"], 0) if by_sector else sum(counted.values())
        value = TranslatableText("{rank} of {n}", rank=rank, n=n)
        formula = (
            TranslatableText("by remaining-lifetime emissions, among the units of its sector")
            if by_sector
            else TranslatableText("by remaining-lifetime emissions")
        )
        self.result("rank", value, "", formula)

    def air_of_normal_year(self, formula: str) -> None:
        """Add emissions to air of a normal year: by the listed controls, and after the cut at a limit if any."""
        cut, name, kg = self.projection.cut_of(self.index), "emissions to air", self.row["air_kg_per_yr"]
        if cut is None:
            self.result(name, kg, "kg/yr", formula)
            return
        projection, unit = self.projection, "g/t" if self.row["sector"] == CEMENT_KILN else "g/TJ"
        listed = projection.air_by_listed_controls[self.index]
        air = self.result("emissions to air by the listed controls", float(listed), "kg/yr", formula)
        stated, resolved = projection.complies, self.factor(COMPLIANCE)
        limit = self.stated(
            TranslatableText("limit that the unit is stated to comply with, {limit}",
                             limit=stated.ids[stated.index[self.index]]),
            resolved.value, unit, tuple(ref for ref in resolved.refs if ref not in USUAL_MARGIN), COMPLIANCE,
        )  # fmt: skip
        rate = resolved.value / cut.limit
        before = self.result(
            "rate by the listed controls", rate, unit, TranslatableText("({air}) per {what}", air=air, what=PER[unit])
        )
        chance = self.result(
            "probability that the listed controls alone comply", cut.probability, "1",
            TranslatableText("from the uncertainty of ({rate})", rate=before),
        )  # fmt: skip
        if cut.is_explained:
            way = TranslatableText("mean of ({rate}) where it is below ({limit})", rate=before, limit=limit)
        else:
            usual = self.stated(
                TranslatableText("usual median of the rate over the limit where units comply"),
                projection.library.row(RATE_OVER_LIMIT).number(), "1", (RATE_OVER_LIMIT,), DEFAULT,
            )  # fmt: skip
            way = TranslatableText(
                "mean of ({limit}) x the usual ratio, median ({usual}), as ({chance}) is small",
                limit=limit, usual=usual, chance=chance,
            )  # fmt: skip
        after = self.result("rate, cut at the limit", rate * cut.mean, unit, way)
        self.kept = f" x ({after}) / ({before})"
        self.result(name, kg, "kg/yr", f"({air}){self.kept}")

    def running(self, formula: str) -> str:
        """Return a formula, or why it does not apply."""
        status = self.row["status"]
        return formula if status in RUNNING else TranslatableText("0, as the unit is {status}", status=status)

    def remaining_years(self) -> None:
        """Add what is emitted over the remaining life: the normal years, and each year of its own."""
        row, air = self.row, len(self.done)
        if is_blank(row["start_year"]):
            return
        base, rule = self.projection.settings.base_year, self.of_all.rule
        if row["start_origin"] == DEFAULT:
            start = self.result(
                "start year",
                f"{row['start_year']:.0f}",
                "",
                TranslatableText("set by the retirement rule, see the notes"),
            )
        else:
            start = self.cell("start year", "start_year", f"{row['start_year']:.0f}", "")
        years = self.result(
            TranslatableText("remaining years from {year}", year=base), float(row["remaining_years"]), "yr",
            TranslatableText("from ({start}) by the rule {rule}", start=start, rule=rule),
        )  # fmt: skip
        own = [self.own_year(year, statement, air) for year, statement in self._own_years().items()]
        normal = f"({air}) x (({years}) - {len(own)})" if own else f"({air}) x ({years})"
        formula = " + ".join([normal, *(f"({number})" for number in own)])
        self.result("remaining-lifetime emissions", row["lifetime_kg"], "kg", formula)

    def _own_years(self) -> dict[int, Statement]:
        """Return the remaining years that have an activity of their own, with it."""
        if self.row["status"] not in RUNNING or self._activity is None:
            return {}
        later = self._activity.later
        end = int(self.row["end_year"])
        first = end - int(self.row["remaining_years"])
        return {year: later[year] for year in sorted(later) if first <= year < end}

    def other_year(self) -> int | None:
        """Return the year of the activity of a normal year, where it is that of another year than the base year."""
        if self._activity is None:
            return None
        normal, base = self._activity.normal, self.projection.settings.base_year
        return normal.year if normal and normal.year != base else None

    @cached_property
    def _activity(self) -> Activity | None:
        """The activity of the unit, where the sheet Activity has a row of it."""
        stated = self.of_all.activity.get(self.unit_id)
        if stated is None:
            return None
        fleet = replace(self.projection.fleet, activity=stated)
        base = self.projection.settings.base_year
        (activity,) = resolve_activity(
            fleet, [self.unit_id], Cells(fleet.units.loc[[self.unit_id]]), self.order, base, FindingLog()
        )
        return activity

    def air_in(self, year: int, formula: str) -> int:
        """Add the emissions to air of a year."""
        kg = float(self.projection.yearly_kg[self.index, year - self.projection.settings.base_year])
        return self.result(in_year("emissions to air", year), kg, "kg/yr", formula)


def _step_name(name: str) -> TranslatableText:
    return name if isinstance(name, TranslatableText) else TranslatableText(name)


def in_year(name: str, year: int | None) -> TranslatableText:
    """Return the name of a step, with its year where it has one."""
    return (
        TranslatableText(name)
        if year is None
        else TranslatableText("{what}, {year}", what=TranslatableText(name), year=year)
    )
