"""Removals of trains next to the tests at stacks on file."""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from scipy.stats import beta

from hginventory.data_files import data_folder
from hginventory.factors import FactorRow, load_library

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from removal_tests import Cell, Reader, StackTest, train_in_effect

LEVELS = (0.05, 0.95)


class Removal(NamedTuple):
    """What passes a train: ours and the tests on file.

    Attributes
    ----------
    cell : tuple of str
        Train, coal class, boiler.
    tests, units : int, float
        Rows of tests, and the units tested.
    tested : float
        Mean of what passed [0-1], each row weighed with its units.
    ours, low, high : float
        Our share that passes, and its 90 % interval for one unit [0-1].
    inside : int
        Rows of tests inside.
    mark : str
        Whether our row is a judgement or read.
    """

    cell: Cell
    tests: int
    units: float
    tested: float
    ours: float
    low: float
    high: float
    inside: int
    mark: str


def removals() -> list[Removal]:
    """Return each default removal that has a test of its train, coal class and boiler, by train."""
    with (data_folder("factors") / "removal_evidence.csv").open(encoding="utf-8", newline="") as file:
        tests, _ = Reader(load_library()).tests(list(csv.DictReader(file)))
    by_cell: Mapping[Cell, list[StackTest]] = defaultdict(list)
    for test in tests:
        by_cell[test.cell].append(test)
    ours = {
        (train_in_effect(row.keys["train"]), row.keys["coal_class"], row.keys["boiler"]): row
        for row in load_library().table("removal").defaults
        if row.keys["profile"] == "default"
    }
    return [_removal(cell, by_cell[cell], ours[cell]) for cell in sorted(by_cell) if cell in ours]


def _removal(cell: Cell, tests: Sequence[StackTest], row: FactorRow) -> Removal:
    units = sum(test.n for test in tests)
    passing = 1.0 - row.number()
    low, high = _interval(passing, row.spread or 0.0)
    return Removal(
        cell=cell,
        tests=len(tests),
        units=units,
        tested=sum(test.n * test.passing for test in tests) / units,
        ours=passing,
        low=low,
        high=high,
        inside=sum(low <= test.passing <= high for test in tests),
        mark=row.read_from,
    )


def _interval(mean: float, sd: float) -> tuple[float, float]:
    """Return the 90 % interval of a share with a mean and a standard deviation, of a beta distribution."""
    if not sd or not 0.0 < mean < 1.0:
        return mean, mean
    size = mean * (1.0 - mean) / sd**2 - 1.0
    low, high = beta.ppf(LEVELS, mean * size, (1.0 - mean) * size)
    return float(low), float(high)
