"""Estimate removals of trains from tests at stacks, one rule for all rows: for maintainers, after a change of evidence.

    python tools/removal_by_train.py                               # prints sources, rows that are no tests, and estimates
    python tools/removal_by_train.py EVIDENCE.csv --write factors  # replaces the profile default of the table removal

EVIDENCE.csv has the columns of ``factors/removal_evidence.csv``, which is read without it.

1. Which rows are tests, and of which train, coal class and boiler, says ``tools/removal_tests.py``. A row counts by its
   number of units. Trains that differ in devices without effect are one.
2. What passes is taken on the logit scale. Units of a cell (train, coal class, boiler) scatter with a variance that the
   bounds of its rows tell, moved towards the usual one where few units tell it. A mean over units is turned into the
   mean of their logits. A removal below that without controls counts as that, one above what the model credits as
   that, so that 0 and 1 are on the scale (`removal_tests.Reader`).
3. Random effects with partial pooling (``tools/random_effects.py``). In common are train, coal class, boiler, and that the
   units of a source were chosen for low emissions; the last is taken off all rows. A cell with few tests takes more from
   what these let expect of it.
4. The row is the mean of what passes a unit, the spread that of a unit: scatter within and between, and the error of the
   mean. The coal class shares the error of the mean, the rest is the unit's own.
5. More or better devices never remove less (`tools/removal_order.py`). Estimates that contradict it are pooled by their precision.
6. A cell without a test keeps its row by judgement. Where it contradicts an estimate it is moved: what passes relative
   to the lesser train stays as judged. Lignite behind a wet
   scrubber rests on coal of the USA: the variance between cells is added to its spread.

A row that changes stays in the table as evidence, so that the estimate can be repeated.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.special import logit
from scipy.stats import beta

from hginventory.factors import load_library, share_sd
from hginventory.model import DEFAULT_PROFILE
from hginventory.vocabulary import WET_SCRUBBERS
from import_mix import Row, read, write
from random_effects import (
    Effects,
    fit,
    logit_of_mean,
    mean_share,
    share_deviation,
    squeezed,
    variance_of_share,
)
from removal_order import DIGITS, consistent, pooled_in_order
from removal_tests import SOURCES, Cell, Reader, StackTest, devices_in_effect, source_kind, train_in_effect

FACTORS = Path(__file__).parents[1] / "factors"
EVIDENCE = FACTORS / "removal_evidence.csv"
ESTIMATE, JUDGED = "hginventory-random-effects-of-tests", "hginventory-synthesis-of-the-rows"  # rows of sources.csv
CLASSES, BOILERS = ("low_cl", "lignite"), ("CFB", "stoker")  # besides high_cl and PC
P10_P90 = (0.1, 0.9)


@dataclass(frozen=True)
class Estimate:
    """Removal of a cell.

    Attributes
    ----------
    removal, deviation, shared : float
        Mean over units, standard deviation of a unit, and the part of its variance that the coal class shares [0-1].
    passing, variance, scatter : float
        Logit of what passes, the variance of its error, and that between units.
    own : float
        Weight of the cell's own tests [0-1].
    tests : tuple of StackTest
        The tests.
    unordered : float or None
        Removal before it was pooled with cells that contradicted it [0-1]; None: it was not.
    """

    removal: float
    deviation: float
    shared: float
    passing: float
    variance: float
    scatter: float
    own: float
    tests: tuple[StackTest, ...]
    unordered: float | None = None

    def at(self, removal: float) -> Estimate:
        """Return the estimate moved to another mean."""
        variance = self.variance + self.scatter
        passing = logit_of_mean(1.0 - removal, variance)
        deviation = share_deviation(passing, variance)
        return replace(self, removal=removal, passing=passing, deviation=deviation, unordered=self.removal)


def estimates(tests: Sequence[StackTest]) -> tuple[dict[Cell, Estimate], Effects]:
    """Return the removal of each cell that has a test, before `in_order`, and the effects."""
    cells = sorted({test.cell for test in tests})
    scatter = _scatter(tests)
    y = np.array([_logit(test, scatter[test.cell]) for test in tests])
    error = np.array([scatter[test.cell] / test.n for test in tests])
    trains = sorted({train for train, _, _ in cells})
    x = np.array([[*_common(test.cell, trains), test.screened] for test in tests], dtype=float)
    of_cell = np.array([[*_common(cell, trains), False] for cell in cells], dtype=float)
    effects = fit(y, error, x, np.array([cells.index(test.cell) for test in tests]), of_cell)
    found = {}
    for cell, mean, variance, own in zip(cells, effects.mean, effects.variance, effects.own, strict=True):
        between = scatter[cell] + effects.tau**2
        total = variance + between
        found[cell] = Estimate(
            1.0 - mean_share(mean, total), share_deviation(mean, total), variance / total, mean, variance, between, own,
            tuple(test for test in tests if test.cell == cell),
        )  # fmt: skip
    return found, effects


def _common(cell: Cell, trains: Sequence[str]) -> list[bool]:
    train, coal_class, boiler = cell
    return [
        *(train == one for one in trains),
        *(coal_class == one for one in CLASSES),
        *(boiler == one for one in BOILERS),
    ]


def _scatter(tests: Sequence[StackTest]) -> dict[Cell, float]:
    """Return the variance between the units of each cell [logit^2]."""
    told = [test for test in tests if not math.isnan(test.deviation)]
    freedom = np.array([test.n - 1.0 for test in told])
    usual, counts = squeezed(np.array([test.deviation**2 for test in told]), freedom)
    found = {}
    for cell in {test.cell for test in tests}:
        own = [(test.n - 1.0, test.deviation**2) for test in told if test.cell == cell]
        total = counts + sum(n for n, _ in own)
        weighed = sum(n * variance for n, variance in own)
        found[cell] = usual if math.isinf(counts) else (counts * usual + weighed) / total
    return found


def _logit(test: StackTest, scatter: float) -> float:
    """Return the mean logit of the units of a test: n units scatter by (n - 1)/n of the variance around their own mean."""
    return float(logit(test.passing)) if test.middle else logit_of_mean(test.passing, scatter * (1.0 - 1.0 / test.n))


def in_order(found: Mapping[Cell, Estimate]) -> dict[Cell, Estimate]:
    """Return the estimates with those pooled that contradict `removal_order.never_below`."""
    before = {cell: one.removal for cell, one in found.items()}
    now = pooled_in_order(before, {cell: one.variance for cell, one in found.items()})
    return {cell: one if now[cell] == before[cell] else one.at(now[cell]) for cell, one in found.items()}


def rows_of(
    judged: Iterable[Row], found: Mapping[Cell, Estimate], omega: float, tau: float = 0.0
) -> list[dict[str, str]]:
    """Return the rows of the profile: of each row by judgement itself, or what takes its place and itself as evidence.

    Parameters
    ----------
    judged : iterable of mapping
        Rows by judgement.
    found : mapping of tuple to Estimate
        Estimates in order.
    omega, tau : float
        Standard deviation between cells and between campaigns [logit].
    """
    judged = [dict(row) for row in judged]
    removals = consistent(
        {_key(row): float(row["value"]) for row in judged},
        {_key(row): round(found[_cell(row)].removal, DIGITS) for row in judged if _cell(row) in found},
    )
    rows: list[dict[str, str]] = []
    for row in judged:
        if _cell(row) in found:
            new = _estimated(row, found[_cell(row)], removals[_key(row)], tau)
        else:
            new = _kept(row, removals[_key(row)], omega)
        rows += [new] if new == row else [new, row | {"use": "evidence"}]
    return rows


def _key(row: Row) -> Cell:
    return row["train"], row["coal_class"], row["boiler"]


def _cell(row: Row) -> Cell:
    return train_in_effect(row["train"]), row["coal_class"], row["boiler"]


def _estimated(row: Row, one: Estimate, removal: float, tau: float) -> dict[str, str]:
    sources = ", ".join(sorted({f"{test.source_id} (line {test.line})" for test in one.tests}))
    units = sum(test.n for test in one.tests)
    pooled = (
        ""
        if one.unordered is None
        else f"; removal {one.unordered:.3f} before it was pooled with other trains, as more devices never remove less"
    )
    method = (
        f"random effects of tests of factors/removal_evidence.csv: {sources}; n {units:g} units; "
        f"logit of what passes {one.passing:.2f}, standard error {math.sqrt(one.variance):.2f}, between units "
        f"{math.sqrt(one.scatter):.2f}, of it tau {tau:.2f} between campaigns; weight of own tests {one.own:.2f}, the rest from train, coal class and boiler"
        f"{pooled}; spread: scatter between units and the error of the mean, which the coal class shares (tools/removal_by_train.py)"
    )
    of_estimate = {"n": f"{units:g}", "method": method, "read_from": "read", "source_id": ESTIMATE, "note": ""}
    return {**row, **_numbers(removal, one.deviation, one.shared), **of_estimate}


def _kept(row: Row, removal: float, omega: float) -> dict[str, str]:
    """Return a row by judgement, moved where it contradicts an estimate and widened where it rests on other coal."""
    value, deviation = float(row["value"]), float(row["spread"] or 0.0)
    widened = row["coal_class"] == "lignite" and bool(devices_in_effect(row["train"]) & WET_SCRUBBERS)
    if removal == value and not widened:
        return dict(row)
    shared = 1.0 - float(dict(part.split(":") for part in row["scopes"].split(";"))["unit"])
    said = []
    if removal != value:
        said.append(
            f"judgement, moved from {value:g}: more devices never remove less than an estimate from tests; what passes "
            "relative to the lesser train is as judged, and the spread relative to what passes"
        )
        deviation = share_sd(deviation, value, removal)
    if widened:
        variance = variance_of_share(1.0 - removal, deviation)
        total = variance + omega**2
        shared = 1.0 - (1.0 - shared) * variance / total
        deviation = share_deviation(logit_of_mean(1.0 - removal, total), total)
        said.append(
            f"judgement, spread widened as it rests on lignite of the USA: variance between coal classes and boilers of a train ({omega:.2f}^2 on "
            "the logit) added, shared by the coal class"
        )
    method = "; ".join(said) + " (tools/removal_by_train.py); the row by judgement stands below as evidence"
    return {**row, **_numbers(removal, deviation, shared), "method": method, "note": ""}


def _numbers(removal: float, deviation: float, shared: float) -> dict[str, str]:
    """Return value, spread, scopes and percentiles of the beta."""
    room = removal * (1.0 - removal) / deviation**2 - 1.0
    low, high = beta.ppf(P10_P90, removal * room, (1.0 - removal) * room)
    part = round(shared, 2)
    return {
        "value": f"{removal:.{DIGITS}g}" if removal < 0.1 else f"{removal:.{DIGITS}f}".rstrip("0"),
        "spread": f"{deviation:.6g}", "scopes": f"coal_class:{part:g};unit:{1.0 - part:.2g}",
        "low": f"{min(low, removal):.{DIGITS}f}", "high": f"{max(high, removal):.{DIGITS}f}", "low_high_meaning": "p10-p90 of the beta",
    }  # fmt: skip


def judgements(table: Iterable[Row]) -> list[dict[str, str]]:
    """Return the rows by judgement of the profile default as they were first written, from the table before or after a run."""
    own = [dict(row) for row in table if row["profile"] == DEFAULT_PROFILE and row["source_id"] == JUDGED]
    replaced = {_key(row) for row in own if row["use"] == "evidence"}
    return [row | {"use": "default"} for row in own if row["use"] == "evidence" or _key(row) not in replaced]


def derive(evidence: Iterable[Row], table: Sequence[Row]) -> tuple[list[dict[str, str]], dict[Cell, Estimate], Effects]:
    """Return the table with the profile default derived anew, the estimates in order, and the effects."""
    tests, _ = Reader(load_library()).tests(evidence)
    found, effects = estimates(tests)
    ordered = in_order(found)
    others = [dict(row) for row in table if row["profile"] != DEFAULT_PROFILE]
    return [*rows_of(judgements(table), ordered, effects.omega, effects.tau), *others], ordered, effects


def main() -> None:
    """Read the command line, then print or write the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("evidence", type=Path, nargs="?", default=EVIDENCE, help="rows of evidence, .csv")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="folder of factor tables to change")
    options = parser.parse_args()
    evidence, table = read(options.evidence), read(FACTORS / "removal.csv")
    rows, found, effects = derive(evidence, table)
    for source in SOURCES:
        count = sum(source_kind(row) is source for row in evidence)
        print(f"{count:4} rows  {source.source_id} {source.locator or '(all)'}: {source.kind.value}; {source.reason}")
    for line, why in Reader(load_library()).tests(evidence)[1]:
        print(f"line {line}: no test: {why}")
    print(f"sd between campaigns {effects.tau:.2f}, between cells {effects.omega:.2f}")
    print(
        f"units chosen for low emissions: {effects.effects[-1]:.2f} +- {effects.errors[-1]:.2f} [logit of what passes]"
    )
    for cell, one in found.items():
        print("/".join(cell), f"{one.removal:.3f} +- {one.deviation:.3f}", f"{len(one.tests)} rows")
    if options.write:
        write(options.write, "removal", rows)


if __name__ == "__main__":
    main()
