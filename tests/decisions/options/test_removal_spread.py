"""The spread of a removal after steps is one that a share can have: it is scaled with what passes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.mercury_effect import Outcomes, UncertainShare
from hginventory.decisions.options.option_table import Option
from hginventory.factors.library import load_library
from hginventory.factors.spread import share_sd
from hginventory.model.train_removal import RemovalTable
from hginventory.run import Run
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER
from hginventory.vocabulary.trains import KILN_DEVICES

COAL_UNIT, KILN = "G100000107734", "IDN-K50"
TRAINS = sorted({row.keys["train"] for row in load_library().table("removal").defaults})
CLASSES = ("high_cl", "low_cl", "lignite")
AT_KILNS = sorted({"unknown", *KILN_DEVICES.codes, *("+".join(two) for two in combinations(KILN_DEVICES.codes, 2))})
PAIRS_AT = ("ESPc", "FF", "SCR+ESPc+wFGD", "unknown")  # trains at which each two options are tried as well


@pytest.fixture(scope="module")
def catalogue(drawn: Run) -> Catalogue:
    return Catalogue(drawn.projection, sure=drawn.certainty)


def assert_possible(shares: Iterable[UncertainShare], *, low_own: bool = False) -> None:
    """Assert that each is certain, or that a beta has its mean and spread and a 90 % interval that holds the mean.

    A removal of a unit's own far below that of its train has the widest spread that a share can have: a beta with most
    of its mass at 0, whose mean may lie above its 95th percentile.
    """
    mean, sd = np.array(sorted({(share.mean, share.sd) for share in shares if share.sd > 0.0})).T
    room = mean * (1.0 - mean)
    assert (room > 0.0).all()
    assert (sd**2 < room).all()
    size = room / sd**2 - 1.0
    low, high = stats.beta.ppf([[0.05], [0.95]], mean * size, (1.0 - mean) * size)
    assert low_own or ((low <= mean) & (mean <= high)).all()


def steps_of(catalogue: Catalogue, sector: str, *, pairs: bool) -> Iterator[tuple[Option, ...]]:
    """Yield each option of a sector, and each two of different kinds if asked for."""
    options = [option for option in catalogue.table.options.values() if option.sector == sector]
    yield from ((option,) for option in options)
    if pairs:
        yield from (pair for pair in combinations(options, 2) if not pair[0].steps & pair[1].steps)


def outcomes_of(catalogue: Catalogue) -> Outcomes:
    return Outcomes(catalogue.projection, catalogue.state, catalogue.table)


@pytest.mark.parametrize("coal_class", CLASSES)
@pytest.mark.parametrize("own", [None, 0.03, 0.97])
def test_every_option_at_every_train(catalogue: Catalogue, coal_class: str, own: float | None) -> None:
    """With the removal of the train, and with one of the unit's own that is far from it."""
    table, outcomes = RemovalTable(load_library()), outcomes_of(catalogue)
    high = float(coal_class == "high_cl")
    shares: list[UncertainShare] = []
    for train in TRAINS:
        removal = table.of(train, coal_class, "PC").removal if own is None else own
        unit = replace(
            catalogue.state.of(COAL_UNIT), parts=((1.0, "PC", train),), high_cl_share=high, removal=removal,
            low_class="low_cl" if high else coal_class, own_removal=own,
        )  # fmt: skip
        for steps in steps_of(catalogue, COAL_POWER, pairs=train in PAIRS_AT and own is None):
            found = outcomes.of(unit, steps, [True], 0.4)
            shares += found.before, found.after, found.effect
    assert_possible(shares, low_own=own == 0.03)


def test_every_option_at_every_kiln(catalogue: Catalogue) -> None:
    unit, kilns = catalogue.state.of(KILN), catalogue.state.kilns
    index, shares = unit.sector_index, []
    for installed in AT_KILNS:
        controls = (*kilns.controls[:index], installed, *kilns.controls[index + 1 :])
        there = replace(catalogue.state, kilns=replace(kilns, controls=controls))
        outcomes = Outcomes(catalogue.projection, there, catalogue.table)
        before = outcomes.of(unit, (), [True]).removal
        for steps in steps_of(catalogue, CEMENT_KILN, pairs=installed in ("ESP", "FF", "unknown")):
            found = outcomes.of(replace(unit, removal=before), steps, [True], 0.4)
            shares += [found.before, found.after, found.effect]
    assert_possible(shares)


def test_two_devices_of_a_kiln_by_hand(catalogue: Catalogue) -> None:
    """A scrubber (0.6, sd 0.156067) and a carbon filter (0.9, sd 0.0780336) let 0.4 x 0.1 = 0.04 pass.

    What passes has a relative spread of 0.156067 / 0.4 and 0.0780336 / 0.1; sd = 0.04 x their root of squares.
    """
    steps = tuple(catalogue.table.options[name] for name in ("K3", "K4"))
    found = outcomes_of(catalogue).of(catalogue.state.of(KILN), steps, [True])
    assert found.after.mean == pytest.approx(0.96)
    assert found.after.sd == pytest.approx(0.04 * math.hypot(0.156067 / 0.4, 0.0780336 / 0.1), rel=1e-5)


def test_two_increments_by_hand(catalogue: Catalogue) -> None:
    """P3 takes 0.3 of the emission, p10-p90 0.1 to 0.6, M2 0.6, 0.4 to 0.8; together 0.28 passes."""
    unit = replace(catalogue.state.of(COAL_UNIT), parts=((1.0, "PC", "ESPc+wFGD"),))
    steps = tuple(catalogue.table.options[name] for name in ("P3", "M2"))
    found = outcomes_of(catalogue).of(unit, steps, [True])
    one, two = 0.5 / 2.5631031, 0.4 / 2.5631031
    assert found.effect.mean == pytest.approx(0.72)
    assert found.effect.sd == pytest.approx(0.28 * math.hypot(one / 0.7, two / 0.4), rel=1e-6)


def test_an_increment_at_a_part_of_the_trains_varies_by_that_part(catalogue: Catalogue) -> None:
    parts = ((0.25, "PC", "ESPc+wFGD"), (0.75, "PC", "ESPc"))
    unit = replace(catalogue.state.of(COAL_UNIT), parts=parts)
    found = outcomes_of(catalogue).of(unit, (catalogue.table.options["M2"],), [True, False])
    assert found.effect.mean == pytest.approx(0.25 * 0.6)
    assert found.effect.sd == pytest.approx(0.25 * 0.4 / 2.5631031, rel=1e-6)


@pytest.mark.parametrize(
    ("sd", "mean", "other", "expected"),
    [
        (0.1, 0.5, 0.75, 0.05),  # half of it passes
        (0.1, 0.5, 0.5, 0.1),
        (0.1, 0.5, 0.25, 0.15),
        (0.1, 0.5, 1.0, 0.0),
        (0.1, 0.5, 0.0, 0.0),
        (0.0, 1.0, 0.5, 0.0),
        (0.05, 0.9, 0.05, 0.05 * (0.05 * 0.95 / (0.9 * 0.1)) ** 0.5),  # 0.475 would be that of no share
    ],
)
def test_spread_of_a_share_for_another_mean(sd: float, mean: float, other: float, expected: float) -> None:
    assert share_sd(sd, mean, other) == pytest.approx(expected)
