"""Published cases: what others print, what the engine gives, and whether the two agree.

    python benchmarks/published.py [--theme coal|cement|study] [--id R2a]

The cases, with source and tolerance, stand in ``benchmarks/published_cases.csv``; the tests of
``tests/published`` run the same table. A case tests arithmetic (all its inputs are stated), our defaults, or that
we lie within a band; how right the defaults are is the question of ``validation.py``. Every case goes through
functions of the engine.  Exit code 5 if a case misses that
the column known_miss does not explain, or meets its bounds though that column says that it misses.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import published_costs
import published_methods

CASES_FILE = Path(__file__).with_name("published_cases.csv")
METHODS = {**published_methods.METHODS, **published_costs.METHODS}
MISS = 5
Inputs = Mapping[str, Any]


class Tests(StrEnum):
    """What a case tests.

    Attributes
    ----------
    ARITHMETIC
        The calculation: all inputs are stated, so nothing is said of our defaults.
    DEFAULTS
        A number that follows from our defaults, within a tolerance.
    BAND
        That we lie between two bounds.
    """

    ARITHMETIC = "arithmetic"
    DEFAULTS = "defaults"
    BAND = "band"


@dataclass(frozen=True)
class Case:
    """One published number and how to compute it; columns as in the file of cases."""

    case_id: str
    theme: str
    name: str
    method: str
    tests: Tests
    inputs: Inputs
    published: float
    unit: str
    tolerance: float
    tolerance_kind: str
    low: float
    high: float
    source: str
    locator: str
    read_from: str
    note: str
    known_miss: str

    @property
    def test_id(self) -> str:
        """Name of the case with its source."""
        return f"{self.case_id} {self.name} [{self.source}]"

    def ours(self) -> float:
        """Return the number of the engine."""
        return METHODS[self.method](**self.inputs)

    def agrees(self, ours: float) -> bool:
        """Return whether a number lies within the tolerance or the band of the case."""
        if self.tolerance_kind == "band":
            return self.low <= ours <= self.high
        scale = abs(self.published) if self.tolerance_kind == "rel" else 1.0
        return abs(ours - self.published) <= self.tolerance * scale + 1e-9

    def allowed(self) -> str:
        """Return tolerance or band in words."""
        if self.tolerance_kind == "band":
            return f"{self.low:g} to {self.high:g}"
        return f"+-{self.tolerance:.3g}" if self.tolerance_kind == "abs" else f"+-{self.tolerance:.2%}"


def load_cases(theme: str | None = None) -> list[Case]:
    """Return the cases of a theme, or all."""
    with CASES_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    number = {"published", "tolerance", "low", "high"}
    cases = []
    for row in rows:
        fields: dict[str, Any] = {k: row[k] for k in Case.__dataclass_fields__}
        fields |= {k: float(row[k]) if row[k] else float("nan") for k in number}
        fields["tests"] = Tests(row["tests"])
        fields["inputs"] = dict(_input(part) for part in row["inputs"].split("; ") if part)
        cases.append(Case(**fields))
    return [case for case in cases if theme in (None, case.theme)]


def _input(part: str) -> tuple[str, Any]:
    name, _, text = part.partition("=")
    numbers = [float(number) for number in text.split("/")]
    return name, numbers[0] if len(numbers) == 1 else tuple(numbers)


def counts(met: Mapping[Tests, Sequence[bool]]) -> str:
    """Return how many cases of each kind lie within what is allowed.

    >>> counts({Tests.ARITHMETIC: [True, True], Tests.BAND: [False]})
    'Within what is allowed: arithmetic 2 of 2, band 0 of 1.'
    """
    parts = [f"{kind.value} {sum(met[kind])} of {len(met[kind])}" for kind in Tests if kind in met]
    return f"Within what is allowed: {', '.join(parts)}."


def main() -> int:
    """Print one line a case; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--theme", choices=("coal", "cement", "study"))
    parser.add_argument("--id", help="one case only")
    options = parser.parse_args()
    cases = [case for case in load_cases(options.theme) if options.id in (None, case.case_id)]
    if not cases:
        print(f"--id: there is no case {options.id!r}", file=sys.stderr)
        return 2
    surprises = 0
    met: dict[Tests, list[bool]] = {}
    print(
        f"{'case':5}{'':6}{'tests':11}{'published':>11}{'ours':>11}{'difference':>12}  {'allowed':18}name, unit, source"
    )
    for case in cases:
        ours = case.ours()
        good = case.agrees(ours)
        met.setdefault(case.tests, []).append(good)
        surprises += good == bool(case.known_miss)
        about = f"{case.name} [{case.unit}]; {case.source}, {case.locator}"
        print(
            f"{case.case_id:5}{'pass' if good else 'MISS':6}{case.tests.value:11}{case.published:11.5g}{ours:11.5g}"
            f"{ours - case.published:+12.3g}  {case.allowed():18}{about}"
        )
        if case.tolerance_kind == "band":
            print(f"{'':11}{case.note}")
        if case.known_miss:
            print(f"{'':11}known to miss: {case.known_miss}")
    print(counts(met))
    return MISS if surprises else 0


if __name__ == "__main__":
    sys.exit(main())
