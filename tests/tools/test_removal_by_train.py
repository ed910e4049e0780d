"""Removals from tests at stacks: a small file worked out by hand, simulated tests, and what the table keeps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta, norm

import random_effects
import removal_by_train as tool
from hginventory.factors import load_library
from hginventory.vocabulary import UNKNOWN, WET_SCRUBBERS
from import_mix import read
from removal_order import never_below
from removal_tests import Reader, StackTest, devices_in_effect, train_in_effect

TABLE, EVIDENCE = read(tool.FACTORS / "removal.csv"), read(tool.EVIDENCE)
ESP, SCRUBBER = ("ESPc", "high_cl", "PC"), ("ESPc+wFGD", "high_cl", "PC")


def logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def made(
    cell: tool.Cell, passing: float, n: float = 1.0, deviation: float = math.nan, *, screened: bool = False
) -> StackTest:
    return StackTest(2, "made", screened, cell, n, passing, middle=False, deviation=deviation)


def over_units(logit_of_units: float, sd: float) -> tuple[float, float]:
    """Return mean and standard deviation of a share by plain summation over a fine grid."""
    z = np.linspace(-9.0, 9.0, 20_001)
    weights = norm.pdf(z) / norm.pdf(z).sum()
    shares = 1.0 / (1.0 + np.exp(-(logit_of_units + sd * z)))
    mean = float(weights @ shares)
    return mean, float(np.sqrt(weights @ (shares - mean) ** 2))


# ---- the estimate


def blup(tests: Sequence[StackTest], scatter: float, tau: float, omega: float) -> dict[tool.Cell, tuple[float, float]]:
    """Return mean and variance of each cell by the mixed model equations, written out: effects and cells at once."""
    cells, trains = sorted({t.cell for t in tests}), sorted({t.cell[0] for t in tests})
    y = np.array([logit(t.passing) for t in tests])
    weight = np.diag([1.0 / (scatter / t.n + tau**2) for t in tests])
    x = np.array([[*(t.cell[0] == one for one in trains), t.cell[1] == "low_cl"] for t in tests], dtype=float)
    z = np.array([[t.cell == cell for cell in cells] for t in tests], dtype=float)
    both = np.hstack([x, z])
    matrix = both.T @ weight @ both
    matrix[x.shape[1] :, x.shape[1] :] += np.eye(len(cells)) / omega**2
    inverse = np.linalg.inv(matrix)
    solution = inverse @ both.T @ weight @ y
    out = {}
    for number, cell in enumerate(cells):
        takes = np.zeros(len(solution))
        takes[trains.index(cell[0])], takes[len(trains)] = 1.0, float(cell[1] == "low_cl")
        takes[x.shape[1] + number] = 1.0
        out[cell] = float(takes @ solution), float(takes @ inverse @ takes)
    return out


def test_small_file_is_what_the_equations_give() -> None:
    """Two trains, two classes, six tests of one unit each: nothing tells the scatter but one pair of bounds."""
    low = ("ESPc", "low_cl", "PC")
    tests = [
        made(ESP, 0.5, 4.0, 0.8), made(ESP, 0.7), made(low, 0.9), made(low, 0.8), made(SCRUBBER, 0.2),
        made(SCRUBBER, 0.35), made(("ESPc+wFGD", "low_cl", "PC"), 0.75),
    ]  # fmt: skip
    tests[0] = replace(tests[0], middle=True)  # its logit is that of the share itself
    found, effects = tool.estimates(tests)
    scatter = math.exp(2 * math.log(0.8) - random_effects.digamma(1.5) + math.log(1.5))
    by_hand = blup(tests, scatter, max(effects.tau, 1e-9), max(effects.omega, 1e-9))
    for cell, (mean, variance) in by_hand.items():
        assert found[cell].passing == pytest.approx(mean, abs=1e-5)
        assert found[cell].variance == pytest.approx(variance, rel=1e-4, abs=1e-8)
        total = math.sqrt(variance + scatter + effects.tau**2)
        passes, deviation = over_units(mean, total)
        assert (1.0 - found[cell].removal, found[cell].deviation) == pytest.approx((passes, deviation), abs=1e-4)
        assert found[cell].shared == pytest.approx(variance / total**2, abs=1e-4)


def test_variances_of_balanced_tests_are_those_of_the_analysis_of_variance() -> None:
    random = np.random.default_rng(3)
    cells, each, sigma2 = 12, 5, 0.04
    cell = np.repeat(np.arange(cells), each)
    y = random.normal(0.0, 1.2, cells)[cell] + random.normal(0.0, 0.6, len(cell)) + random.normal(0.0, 0.2, len(cell))
    found = random_effects.fit(y, np.full(len(cell), sigma2), np.ones((len(cell), 1)), cell, np.ones((cells, 1)))
    means = y.reshape(cells, each).mean(axis=1)
    within = ((y.reshape(cells, each) - means[:, None]) ** 2).sum() / (cells * (each - 1))
    between = each * means.var(ddof=1)
    assert found.tau**2 + sigma2 == pytest.approx(within, rel=1e-3)
    assert found.omega**2 == pytest.approx((between - within) / each, rel=1e-3)
    own = found.omega**2 / (found.omega**2 + within / each)
    assert found.own == pytest.approx(own, rel=1e-3)
    assert found.mean == pytest.approx(means.mean() + own * (means - means.mean()), rel=1e-3, abs=1e-4)


def simulated(seed: int) -> tuple[list[StackTest], dict[tool.Cell, float]]:
    """Return means over 1 to 8 units of each of 4 campaigns in 60 cells, a half of them screened, and the truth."""
    random = np.random.default_rng(seed)
    tests, truth = [], {}
    for number, (train, coal_class) in enumerate(product(range(30), ("high_cl", "low_cl"))):
        cell = (f"T{train}", coal_class, "PC")
        centre = -1.0 + 0.05 * train + 1.5 * (coal_class == "low_cl") + random.normal(0.0, 0.8)
        truth[cell] = over_units(centre, math.hypot(0.9, 0.5))[0]
        for campaign in range(4):
            screened = (number + campaign) % 2 == 0
            n = int(random.integers(1, 9))
            units = centre - 0.7 * screened + random.normal(0.0, 0.5) + random.normal(0.0, 0.9, n)
            deviation = float(units.std(ddof=1)) if n > 2 else math.nan
            shares = 1.0 / (1.0 + np.exp(-units))
            tests.append(made(cell, float(shares.mean()), n, deviation, screened=screened))
    return tests, truth


def test_simulated_tests_give_back_means_variances_and_the_effect_of_choosing_good_units() -> None:
    runs = [simulated(seed) for seed in range(8)]
    fits = [tool.estimates(tests) for tests, _ in runs]
    effects = [one for _, one in fits]
    assert np.mean([one.tau for one in effects]) == pytest.approx(0.5, abs=0.1)
    assert np.mean([one.omega for one in effects]) == pytest.approx(0.8, abs=0.1)
    assert np.mean([one.effects[-1] for one in effects]) == pytest.approx(-0.7, abs=0.1)
    errors = [1 - found[cell].removal - passes for (_, truth), (found, _) in zip(runs, fits, strict=True)
              for cell, passes in truth.items()]  # fmt: skip
    assert abs(np.mean(errors)) < 0.015
    assert np.std(errors) < 0.12
    spread = [found[cell].deviation for found, _ in fits for cell in found]
    assert np.mean(spread) == pytest.approx(
        np.mean([over_units(logit(p), 1.03)[1] for _, t in runs for p in t.values()]), abs=0.03
    )


@pytest.mark.parametrize("passing", [0.02, 0.3, 0.6, 0.97])
def test_many_tests_give_the_mean_of_the_cell(passing: float) -> None:
    shares = {("FF", "high_cl"): 0.2, ("FF", "low_cl"): 0.6, ("WS", "high_cl"): 0.8, ("WS", "low_cl"): 0.9}
    others = [made((*cell, "PC"), share, 50.0, 0.7) for cell, share in shares.items()]
    few, many = (tool.estimates([*others, *[made(ESP, passing, n, 0.7)] * 3])[0][ESP] for n in (2.0, 1e6))
    assert 1.0 - many.removal == pytest.approx(passing, rel=0.01)
    assert many.variance < few.variance
    assert many.deviation == pytest.approx(over_units(logit(passing), 0.7)[1], rel=0.2)


def test_few_tests_borrow_from_the_train_and_many_do_not() -> None:
    low = ("ESPc", "low_cl", "PC")
    lone = made(low, 0.99)
    others = [made((train, c, "PC"), p, 9.0, 0.7) for train, c, p in
              (("ESPc", "high_cl", 0.6), ("FF", "high_cl", 0.2), ("FF", "low_cl", 0.35), ("WS", "high_cl", 0.7),
               ("WS", "low_cl", 0.8), ("SDA+FF", "high_cl", 0.1), ("SDA+FF", "low_cl", 0.25))]  # fmt: skip
    one = tool.estimates([*others, lone])[0][low]
    hundred = tool.estimates([*others, *[lone] * 100])[0][low]
    assert logit(0.7) < one.passing < hundred.passing < logit(0.99) + 0.1
    assert one.own < 0.9 < hundred.own


# ---- the table


def removals(rows: Sequence[dict[str, str]]) -> dict[tool.Cell, dict[str, str]]:
    return {
        (row["train"], row["coal_class"], row["boiler"]): row for row in rows
        if row["profile"] == "default" and row["use"] == "default"
    }  # fmt: skip


def check_alike(rows: Sequence[dict[str, str]], shipped: Sequence[dict[str, str]]) -> None:
    """Check that tables are equal, numbers to four digits.

    The search for the variances ends within some 1e-5 of the best; the last of six digits depends on the processor.
    """
    assert [list(row) for row in rows] == [list(row) for row in shipped]
    for row, other in zip(rows, shipped, strict=True):
        differ = {name for name in row if row[name] != other[name]}
        assert differ <= {"spread"}, (row, other)
        if differ:
            assert float(row["spread"]) == pytest.approx(float(other["spread"]), rel=1e-4)


def test_shipped_table_is_what_the_tool_writes_and_stays_so() -> None:
    once, _, _ = tool.derive(EVIDENCE, TABLE)
    check_alike(once, TABLE)
    assert tool.derive(EVIDENCE, once)[0] == once
    before = [row | {"use": "default"} for row in tool.judgements(TABLE)]
    assert len(before) == 177
    assert tool.derive(EVIDENCE, [*before, *(r for r in TABLE if r["profile"] != "default")])[0] == once


def test_without_a_test_rows_stay_the_judgement() -> None:
    judged = tool.judgements(TABLE)
    found = removals(tool.rows_of(judged, {}, 1.5))
    assert len(found) == len(judged)
    for row in judged:
        new = found[row["train"], row["coal_class"], row["boiler"]]
        if row["coal_class"] == "lignite" and devices_in_effect(row["train"]) & WET_SCRUBBERS:
            assert new["value"] == row["value"]
            assert float(new["spread"]) > float(row["spread"])
            assert new["read_from"] == "judgement"
        else:
            assert new == row


def test_rows_are_read_where_their_train_coal_and_boiler_were_tested_and_judgement_elsewhere() -> None:
    tests, _ = Reader(load_library()).tests(EVIDENCE)
    tested = {test.cell for test in tests}
    judged = {(row["train"], row["coal_class"], row["boiler"]): row for row in tool.judgements(TABLE)}
    for (train, *others), row in removals(TABLE).items():
        is_tested = (train_in_effect(train), *others) in tested
        assert row["read_from"] == ("read" if is_tested else "judgement")
        assert row["source_id"] == (tool.ESTIMATE if is_tested else tool.JUDGED)
        if is_tested:
            lines = [test.line for test in tests if test.cell == (train_in_effect(train), *others)]
            assert all(f"(line {line})" in row["method"] for line in lines)
        else:
            assert float(row["value"]) >= float(judged[train, others[0], others[1]]["value"])


def test_what_a_row_was_by_judgement_stands_in_the_table_as_evidence() -> None:
    rows = [row for row in TABLE if row["profile"] == "default"]
    judged = {(row["train"], row["coal_class"], row["boiler"]): row for row in tool.judgements(TABLE)}
    evidence = {(row["train"], row["coal_class"], row["boiler"]) for row in rows if row["use"] == "evidence"}
    assert evidence == {key for key, row in removals(TABLE).items() if row != judged[key]}


def test_better_and_more_devices_never_remove_less() -> None:
    found = {key: float(row["value"]) for key, row in removals(TABLE).items() if key[0] != UNKNOWN}
    pairs = [(more, less) for more, less in product(found, repeat=2) if more != less and never_below(more, less)]
    assert len(pairs) > 900
    assert [(more, less) for more, less in pairs if found[more] < found[less] - 1e-9] == []


def test_estimates_that_contradict_are_pooled_by_their_precision() -> None:
    found, _ = tool.estimates([made(ESP, 0.3, 9.0, 0.7), made(SCRUBBER, 0.6, 3.0, 0.7)])
    ordered = tool.in_order(found)
    weights = np.array([1.0 / found[cell].variance for cell in (ESP, SCRUBBER)])
    logits = [logit(found[cell].removal) for cell in (ESP, SCRUBBER)]
    pooled = 1.0 / (1.0 + math.exp(-float(weights @ logits) / weights.sum()))
    assert [ordered[cell].removal for cell in (ESP, SCRUBBER)] == pytest.approx([pooled] * 2, abs=1e-5)
    assert [ordered[cell].unordered for cell in (ESP, SCRUBBER)] == [found[cell].removal for cell in (ESP, SCRUBBER)]


def test_a_row_says_what_its_own_tests_gave_before_it_was_pooled_with_other_trains() -> None:
    """A pooled row had the weight of its own tests in its method, and a value that they do not give."""
    tests, _ = Reader(load_library()).tests(EVIDENCE)
    found, _ = tool.estimates(tests)
    ordered = tool.in_order(found)
    moved = {cell for cell, one in ordered.items() if abs(one.removal - found[cell].removal) > 1e-6}
    assert len(moved) >= 5
    for (train, coal_class, boiler), row in removals(TABLE).items():
        cell = (train_in_effect(train), coal_class, boiler)
        if row["source_id"] == tool.ESTIMATE:
            before = f"removal {found[cell].removal:.3f} before it was pooled"
            assert (before in row["method"]) == (cell in moved), row["method"]


def test_a_judgement_below_an_estimate_keeps_what_its_devices_do() -> None:
    """Of 0.8 that passed without, 0.7 passed with the scrubber; where 0.5 passes without, 0.5 x 0.7 / 0.8 passes."""
    values = {"ESPc": "0.2", "ESPc+swFGD": "0.3"}
    judged = [
        row | {"value": values[row["train"]], "spread": "0.1"} for row in tool.judgements(TABLE)
        if row["train"] in values and (row["coal_class"], row["boiler"]) == ("low_cl", "PC")
    ]  # fmt: skip
    cell = ("ESPc", "low_cl", "PC")
    found, _ = tool.estimates([made(cell, 0.5, 1e9, 0.01)])
    rows = removals(tool.rows_of(judged, found, 0.0))
    assert float(rows[cell]["value"]) == pytest.approx(0.5, abs=0.001)
    moved = rows["ESPc+swFGD", "low_cl", "PC"]
    assert float(moved["value"]) == pytest.approx(1.0 - 0.5 * 0.7 / 0.8, abs=0.001)
    assert float(moved["spread"]) == pytest.approx(0.1 * (1.0 - float(moved["value"])) / 0.7)
    assert moved["read_from"] == "judgement"


def test_numbers_of_a_row_are_those_of_its_beta() -> None:
    for row in removals(TABLE).values():
        value, spread = float(row["value"]), float(row["spread"] or 0.0)
        assert 0.0 < value < 1.0
        if row["low_high_meaning"] == "p10-p90 of the beta":
            room = value * (1.0 - value) / spread**2 - 1.0
            low, high = beta.ppf([0.1, 0.9], value * room, (1.0 - value) * room)
            assert (float(row["low"]), float(row["high"])) == pytest.approx(
                (min(low, value), max(high, value)), abs=0.0006
            )


def test_lignite_behind_a_wet_scrubber_is_less_certain_than_the_judgement() -> None:
    judged = {(row["train"], row["coal_class"], row["boiler"]): row for row in tool.judgements(TABLE)}
    rows = {
        key: row for key, row in removals(TABLE).items()
        if key[1] == "lignite" and devices_in_effect(key[0]) & WET_SCRUBBERS
    }  # fmt: skip
    assert len(rows) >= 20
    assert all(float(row["spread"]) > float(judged[key]["spread"]) for key, row in rows.items())
    assert all("lignite of the USA" in row["method"] for row in rows.values())


def test_fluidised_beds_with_filter_on_waste_coal_have_their_own_tests() -> None:
    tests, _ = Reader(load_library()).tests(EVIDENCE)
    waste = [test for test in tests if "waste" in EVIDENCE[test.line - 2]["coal_rank"]]
    assert sum(test.n for test in waste) == 12
    assert {test.cell for test in waste} == {("FF", "high_cl", "CFB"), ("CDS+FF", "high_cl", "CFB")}
    assert load_library().row("coal_class/USA/waste coal").extra["coal_class"] == "high_cl"


def test_command_writes_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["removal_by_train.py", "--write", str(tmp_path)])
    tool.main()
    written, shipped = ((folder / "removal.csv").read_bytes() for folder in (tmp_path, tool.FACTORS))
    check_alike(read(tmp_path / "removal.csv"), TABLE)
    assert written.count(b"\r") == shipped.count(b"\r")
    assert written.split(b"\n")[0] == shipped.split(b"\n")[0]
    said = capsys.readouterr().out
    assert "126 rows  global-mercury-flow-model-repository (all): factors of a model" in said
    assert "no test: factors of a model" in said
