"""Plans and scenarios that lie in a run folder, and whether they belong to its run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hginventory.reading import digest_of
from hginventory.report.record.record import RunRecord
from hginventory.translations import TranslatableText

PLAN_PLACE, PLAN_FILE = "optimize", "last_plan.toml"  # folder of `hginv optimize` in a run folder, and its plan
LAST_PLAN = f"{PLAN_PLACE}/{PLAN_FILE}"
LEAST_COST_PLAN = "least_cost_plan.toml"  # of chapters of versions before
MADE_ANEW = TranslatableText("made for another fleet or other settings. Run hginv optimize again.")
NO_RECORD = TranslatableText("no record says that it was made for this run. Name it as a scenario to use it.")
CHANGED = TranslatableText("changed since it was written. Name it as a scenario to use it.")


@dataclass(frozen=True)
class FoundScenarios:
    """Scenario files in a run folder.

    Attributes
    ----------
    used : tuple of str
        Their names in the folder: the last plan of `hginv optimize` or of a chapter, then files of the user.
    left_out : mapping of str to str
        Name of what is not used -> why.
    """

    used: tuple[str, ...] = ()
    left_out: Mapping[str, TranslatableText] = field(default_factory=dict)

    def notes(self, tell: Callable[[str], str]) -> list[str]:
        """Return what is not used, and why, a sentence or two each, translated by `tell`."""
        return [f"{name}: {tell(why)}" for name, why in self.left_out.items()]


def scenarios_in(record: RunRecord, *, is_same_run: bool = True) -> FoundScenarios:
    """Return the plan and the scenarios of a run folder that can be used with its run.

    A plan belongs to the run if the record has it and it is unchanged. A scenario of the user, any other TOML file at
    the top of the folder, belongs to no run.

    Parameters
    ----------
    record : RunRecord
        The folder.
    is_same_run : bool
        Whether the plans are wanted for the run of the record; else all are of another one.
    """
    plan_names = {LEAST_COST_PLAN, PLAN_FILE}
    own = [path.name for path in sorted(record.folder.glob("*.toml")) if path.name != LEAST_COST_PLAN]
    used: list[str] = []
    left_out: dict[str, TranslatableText] = {}
    for name in (LAST_PLAN, LEAST_COST_PLAN, *own):
        path, entry = record.folder / name, record.reports.get(name)
        if not path.is_file():
            continue
        if entry is None and path.name not in plan_names:
            used.append(name)
        elif entry is None:
            left_out[name] = NO_RECORD
        elif not is_same_run:
            left_out[name] = MADE_ANEW
        elif digest_of(path) != entry["sha256"]:
            left_out[name] = CHANGED
        else:
            used.append(name)
    return FoundScenarios(tuple(used), left_out)
