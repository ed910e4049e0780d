"""What was asked of a plan: kept in the record of its run, so that the plan can be made again and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hginventory.report.plan.build import TARGET_PERCENT, TARGET_YEAR, PlanTable, Target, plan_tables
from hginventory.report.plan.write import HEADING, file_names, write_plan
from hginventory.report.record import PLAN_FOLDER, RunRecord, add_reports
from hginventory.report.text import Words, fleet_text, words_in

if TYPE_CHECKING:
    from hginventory.analysis import Analysis
    from hginventory.decisions.scenarios import Comparison
    from hginventory.report.record import Difference

PLAN_FORMAT = "plan"
BETWEEN = "; "


@dataclass(frozen=True)
class PlanOrder:
    """What was asked of a plan.

    Attributes
    ----------
    language : str
        Language of sentences, labels and numbers.
    scenarios : tuple of str
        Names of scenarios, or TOML files.
    percent : float, optional
        Reduction that is the target [%].
    year, base_year : int, optional
        Year of the target, and base year of the plan.
    """

    language: str = "en"
    scenarios: tuple[str, ...] = ()
    percent: float | None = None
    year: int | None = None
    base_year: int | None = None

    @property
    def target(self) -> Target | None:
        """The target, with the example's percentage or year where one was not given; None where nothing was."""
        if not any((self.percent, self.year, self.base_year)):
            return None
        return Target(self.percent or TARGET_PERCENT, self.year or TARGET_YEAR, self.base_year)

    def entry(self, since: Difference | None) -> dict[str, str]:
        """Return the order as written in the record: no path, and only what was given."""
        asked = {
            "scenarios": BETWEEN.join(Path(name).name for name in self.scenarios),
            "target_percent": "" if self.percent is None else f"{self.percent:g}",
            "target_year": str(self.year or ""),
            "plan_base_year": str(self.base_year or ""),
            "since": "" if since is None else since.versions[0],
        }
        return {
            "format": PLAN_FORMAT,
            "language": self.language,
            **{name: text for name, text in asked.items() if text},
        }

    @classmethod
    def of(cls, entry: Mapping[str, str]) -> PlanOrder | None:
        """Return the order of an entry; None where files that the record does not contain were part of it.

        >>> order = PlanOrder("id", ("targeted_top10",), 33.2, 2030)
        >>> PlanOrder.of(order.entry(None)) == order
        True
        >>> PlanOrder.of(PlanOrder(scenarios=("mine.toml",)).entry(None)) is None
        True
        """
        scenarios = tuple(filter(None, entry.get("scenarios", "").split(BETWEEN)))
        if "since" in entry or any(Path(name).suffix for name in scenarios):
            return None
        percent, year, base_year = (entry.get(name) for name in ("target_percent", "target_year", "plan_base_year"))
        return cls(
            entry["language"],
            scenarios,
            float(percent) if percent else None,
            int(year) if year else None,
            int(base_year) if base_year else None,
        )


def ordered_comparison(run: Analysis, order: PlanOrder) -> Comparison | None:
    """Return the scenarios of an order compared with each other and with plans of equal kilograms and money."""
    return run.compare(list(order.scenarios), equal_kg=True, equal_money=True) if order.scenarios else None


def ordered_tables(
    run: Analysis, order: PlanOrder, since: Difference | None = None, comparison: Comparison | None = None
) -> tuple[PlanTable, ...]:
    """Return the plan tables that an order asks for.

    Parameters
    ----------
    run, order, since
        As in `make_plan`.
    comparison : Comparison, optional
        What `ordered_comparison` returned for the same order; default: made now.
    """
    compared = ordered_comparison(run, order) if comparison is None else comparison
    return plan_tables(run, comparison=compared, target=order.target, since=since, words=words_in(order.language))


def make_plan(
    run: Analysis,
    order: PlanOrder,
    folder: str | Path,
    since: Difference | None = None,
    tables: Sequence[PlanTable] | None = None,
) -> Path:
    """Write the plan tables of a run into a folder and return it.

    Parameters
    ----------
    run : Analysis
        The run.
    order : PlanOrder
        What is asked.
    folder : str or Path
        Where.
    since : Difference, optional
        What changed since an earlier run.
    tables : sequence of PlanTable, optional
        What `ordered_tables` returned for the same order; default: made now.
    """
    words, settings = words_in(order.language), run.projection.settings
    made = ordered_tables(run, order, since) if tables is None else tables
    return write_plan(
        made, folder, words, f"{words(HEADING)}: {fleet_text(settings.fleet_label, words)}", _notice(run, words)
    )


def _notice(run: Analysis, words: Words) -> str:
    """Return what every table of the fleet has to say: its notice, and whom it has to name."""
    told = [words.tell(one.text) for one in run.projection.fleet.attributions]
    return " ".join(filter(None, [fleet_text(run.projection.settings.notice or "", words), *told]))


def plan_of_run(
    run: Analysis,
    record: RunRecord,
    order: PlanOrder,
    since: Difference | None = None,
    tables: Sequence[PlanTable] | None = None,
) -> Path:
    """Write the plan tables of a run into the folder `plan` of its run folder, enter them in its record, return it.

    A plan that was there before is replaced: tables of another plan would not belong to this one. It stays until the
    new one is written, so that a plan that cannot be made leaves it as it was. Files of the user are not touched.

    Raises
    ------
    UsageError
        If the plan cannot be made or written.
    """
    made = ordered_tables(run, order, since) if tables is None else tables
    return add_reports(
        record, order.entry(since), lambda new: make_plan(run, order, new, since, made), place=PLAN_FOLDER
    )


def plan_files(record: RunRecord, tables: Sequence[PlanTable]) -> set[str]:
    """Return the files of plan tables in a run folder: those that are there, and those of new tables."""
    former = {name for name, entry in record.reports.items() if entry["format"] == PLAN_FORMAT}
    return former | {f"{PLAN_FOLDER}/{name}" for name in file_names(tables)}
