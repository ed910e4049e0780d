"""What became of mutants: the record of a run, the share that was noticed, and those that were not."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mutant_sample import Mutant
from scipy.stats import binomtest

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
GOAL = 0.90
BELOW_GOAL = 5


class Outcome(StrEnum):
    """What became of a mutant.

    Attributes
    ----------
    FAILED
        A test failed.
    HANGS
        A test ran into its limit of processor time.
    SURVIVED
        All tests passed.
    NOT_FINISHED
        All tests passed that fit into the processor time for one mutant; counts as survived.
    """

    FAILED = "failed"
    HANGS = "hangs"
    SURVIVED = "survived"
    NOT_FINISHED = "not finished"


@dataclass(frozen=True)
class Result:
    """A mutant, what became of it, the test that failed, and the tests that passed before."""

    mutant: Mutant
    outcome: Outcome
    failed: str
    passed: tuple[str, ...]

    @property
    def noticed(self) -> bool:
        """Whether a test noticed the mutant."""
        return self.outcome in (Outcome.FAILED, Outcome.HANGS)


def read_record(path: Path) -> list[Result]:
    """Return the results in a record of earlier runs, one line each; none if there is no such file."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [
        Result(Mutant(**line["mutant"]), Outcome(line["outcome"]), line["failed"], tuple(line["passed"]))
        for line in map(json.loads, lines)
    ]


def report(results: Sequence[Result], sources: Mapping[str, str]) -> int:
    """Print the mutants that no test noticed and the share noticed; return the exit code of the run."""
    argued = tomllib.loads(EQUIVALENT.read_text("utf-8"))["mutant"]
    known = {(one["path"], one["function"], one["before"], one["after"]) for one in argued}
    missed = [result for result in results if not result.noticed]
    equivalent = [r for r in missed if (r.mutant.path, r.mutant.function, r.mutant.before, r.mutant.after) in known]
    survivors = sorted((r for r in missed if r not in equivalent), key=lambda r: (r.mutant.path, r.mutant.line))
    for result in survivors:
        mutant = result.mutant
        print(f"\n{mutant.path}:{mutant.line}  {result.outcome} {len(result.passed)} tests")
        print(mutant.diff(sources[mutant.path]))
    counted = len(results) - len(equivalent)
    noticed = counted - len(survivors)
    if not counted:
        print("no mutant ran")
        return 0
    interval = binomtest(noticed, counted).proportion_ci(method="wilson")
    for place in sorted({os.path.dirname(result.mutant.path) for result in results}):
        here = [r for r in results if r.mutant.path.startswith(place) and r not in equivalent]
        print(f"{place}: {sum(r.noticed for r in here)} of {len(here)} noticed")
    print(
        f"{noticed} of {counted} mutants noticed, {noticed / counted:.1%} "
        f"(95 % interval {interval.low:.1%} to {interval.high:.1%}); {len(equivalent)} more change no result"
    )
    return BELOW_GOAL if interval.high < GOAL else 0
