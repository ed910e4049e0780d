"""Plans and scenarios that lie in a run folder, and whether they belong to its run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from hginventory.report.record.record import RunRecord

LEAST_COST_PLAN, LAST_PLAN = "least_cost_plan.toml", "optimize/last_plan.toml"


@dataclass(frozen=True)
class FoundScenarios:
    """Scenario files in a run folder.

    Attributes
    ----------
    used : tuple of str
        Their names in the folder: the last plan of `hginv optimize` and that of a chapter, then files of the user.
    left_out : mapping of str to str
        Name of what is not used -> why.
    """

    used: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def notes(self) -> list[str]:
        """What is not used, and why, a sentence or two each."""
        return [f"{name}: {why}" for name, why in self.left_out.items()]


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
    plan_names = {LEAST_COST_PLAN, PurePosixPath(LAST_PLAN).name}
    own = [path.name for path in sorted(record.folder.glob("*.toml")) if path.name != LEAST_COST_PLAN]
    used: list[str] = []
    left_out: dict[str, str] = {}
    for name in (LAST_PLAN, LEAST_COST_PLAN, *own):
        path, entry = record.folder / name, record.reports.get(name)
        if not path.is_file():
            continue
        if entry is None and path.name not in plan_names:
            used.append(name)
        elif entry is None:
            left_out[name] = "no record says that it was made for this run. Name it as a scenario to use it."
        elif not is_same_run:
            left_out[name] = "made for another fleet or other settings. Run hginv optimize again."
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            left_out[name] = "changed since it was written. Name it as a scenario to use it."
        else:
            used.append(name)
    return FoundScenarios(tuple(used), left_out)
