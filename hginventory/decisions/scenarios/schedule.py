"""Which measure works at which unit in which years, and which of two takes precedence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hginventory.errors import ScenarioError
from hginventory.scenarios import Measure


@dataclass(frozen=True)
class ScheduledMeasure:
    """A measure on one unit: the years in which it works, and the level of its scenario.

    Attributes
    ----------
    measure : Measure
        What is done.
    first : int
        First year in which it works.
    end : int or None
        First year in which it works no longer.
    level : int
        Order of its scenario: of one kind the measure of a higher level applies.
    number : int
        Its index among the measures.
    """

    measure: Measure
    first: int
    end: int | None
    level: int
    number: int

    def works_in(self, year: int) -> bool:
        """Return whether the measure works in a year."""
        return self.first <= year and (self.end is None or year < self.end)


Plan = dict[str, list[ScheduledMeasure]]


def set_apart(plan: Mapping[str, Sequence[ScheduledMeasure]], action: str) -> tuple[Plan, Plan]:
    """Return the measures of each unit of all other actions, and those of one."""
    others = {unit: [change for change in own if change.measure.action != action] for unit, own in plan.items()}
    return others, {unit: [change for change in own if change.measure.action == action] for unit, own in plan.items()}


def plan_of(
    measures: Sequence[tuple[int, Measure]], chosen: Sequence[Sequence[str]], locations: Mapping[int, str]
) -> Plan:
    """Return the changes of each unit.

    Parameters
    ----------
    measures : sequence of (int, Measure)
        Level and measure.
    chosen : sequence of sequence of str
        Units of each measure, those first that get it first where it is phased in.
    locations : mapping of int to str
        File and line of a measure, for messages.

    Raises
    ------
    ScenarioError
        If two measures of one kind and level overlap at a unit; all are named.
    """
    plan: Plan = {}
    clashes: dict[tuple[int, int], list[str]] = {}
    for number, ((level, measure), units) in enumerate(zip(measures, chosen, strict=True)):
        for order, unit in enumerate(units):
            delay = order * measure.phase_in // len(units) if measure.phase_in else 0
            end = None if measure.to_year is None else measure.to_year + 1
            own = measure.model_copy(update={"from_year": measure.from_year + delay})
            change = ScheduledMeasure(own if measure.action == "retire" else measure, own.from_year, end, level, number)
            for other in plan.get(unit, []):
                same = other.measure.kind == measure.kind and other.level == level
                if same and _overlap(change, other) and not _adds(change, other):
                    clashes.setdefault((number, other.number), []).append(unit)
            plan.setdefault(unit, []).append(change)
    if clashes:
        raise ScenarioError("\n".join(_clash(*pair, units, measures, locations) for pair, units in clashes.items()))
    return plan


def _clash(
    number: int, other: int, units: Sequence[str], measures: Sequence[tuple[int, Measure]], locations: Mapping[int, str]
) -> str:
    own, before = measures[number][1], measures[other][1]
    where = units[0] if len(units) == 1 else f"{len(units)} units, as {units[0]}"
    return (
        f"{own.location(number, 'action', locations)}: {own.action} from {own.from_year} overlaps {before.action} from "
        f"{before.from_year} of {before.location(other, 'action', locations)} at {where}. "
        "Set to_year, change the selection, or use extends to say which one comes first."
    )


def _overlap(one: ScheduledMeasure, other: ScheduledMeasure) -> bool:
    return (one.end is None or other.first < one.end) and (other.end is None or one.first < other.end)


def _adds(one: ScheduledMeasure, other: ScheduledMeasure) -> bool:
    """Return whether two additions of devices go together: neither replaces the train, and the devices differ."""
    both_add = one.measure.action == other.measure.action == "add_control"
    return both_add and one.measure.target != other.measure.target


def years_of_change(changes: Sequence[ScheduledMeasure]) -> list[int]:
    """Return the years in which a measure begins or ends, in their order."""
    return sorted({change.first for change in changes} | {c.end for c in changes if c.end is not None})


def holding(changes: Sequence[ScheduledMeasure], year: int) -> list[Measure]:
    """Return the measures that apply in a year: of one kind those of the highest level."""
    active = [change for change in changes if change.works_in(year)]
    highest: dict[str, int] = {}
    for change in active:
        highest[change.measure.kind] = max(change.level, highest.get(change.measure.kind, change.level))
    return [c.measure for c in active if c.level == highest[c.measure.kind]]
