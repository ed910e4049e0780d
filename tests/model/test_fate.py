"""Species at the stack: by the last stage of the train, by the coal where there is none, and never raw gas unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hginventory.factors import TrainMix
from hginventory.factors.library import load_library
from hginventory.model.fate import AIR, PATHWAYS, FateTable
from hginventory.model.train_removal import RemovalTable


@pytest.fixture(scope="module")
def fate() -> FateTable:
    library = load_library()
    return FateTable(library, RemovalTable(library))


@pytest.mark.parametrize(
    ("train", "coal_class", "species"),
    [  # of 0.9 that passes, by hand from the table species
        ("unknown", "low_cl", (0.738, 0.144, 0.018)),  # as behind a precipitator: 0.82, 0.16, 0.02
        ("unknown", "high_cl", (0.486, 0.378, 0.036)),  # 0.54, 0.42, 0.04
        ("none", "low_cl", (0.648, 0.18, 0.072)),  # the gas of the boiler: 0.72, 0.20, 0.08
        ("none", "high_cl", (0.27, 0.405, 0.225)),  # 0.30, 0.45, 0.25
        ("CYC", "lignite", (0.72, 0.153, 0.027)),  # 0.80, 0.17, 0.03
        ("ESPc+wFGD", "low_cl", (0.72, 0.171, 0.009)),  # 0.80, 0.19, 0.01
    ],
)
def test_species_are_those_of_the_last_stage(
    fate: FateTable, train: str, coal_class: str, species: tuple[float, float, float]
) -> None:
    assert fate.of_train(train, coal_class, "PC", 0.1, 0.1)[AIR].tolist() == pytest.approx(species)


@pytest.mark.parametrize(
    ("train", "coal_class", "removal", "of_filter"),
    [
        ("SCR+FF+wFGD", "low_cl", 0.75, 0.36),
        ("SCR+FF+wFGD", "high_cl", 0.91, 0.91),
        ("FF+wFGD", "low_cl", 0.674, 0.36),
    ],
)
def test_what_the_filter_alone_would_catch_is_ash_and_the_rest_the_scrubber_s(
    fate: FateTable, train: str, coal_class: str, removal: float, of_filter: float
) -> None:
    """Removal of the train and of FF alone, as the tables have them; what a catalyst adds comes out in the scrubber.

    The boiler keeps 1 - 0.995 = 0.005 in its ash. Of what is caught behind it, the share of FF in the train is fly
    ash; of the rest 0.9 stays in the solids of the scrubber and 0.1 in its water.
    """
    found = dict(zip(PATHWAYS, fate.of_train(train, coal_class, "PC", removal, removal), strict=True))
    behind = removal - 0.005
    scrubbed = behind * (1 - of_filter / removal)
    expected = {
        "bottom_ash": 0.005,
        "fly_ash": behind - scrubbed,
        "fgd_solids": 0.9 * scrubbed,
        "water": 0.1 * scrubbed,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_variance_of_a_mix_is_that_within_its_trains_and_that_between_them() -> None:
    """A coal of 0.25 high and 0.75 low chlorine; a quarter of such units have ESPc, the others FF.

    Means: ESPc 0.25 0.361 + 0.75 0.219 = 0.2545, FF 0.25 0.91 + 0.75 0.36 = 0.4975. Between them 0.25 0.75 0.243^2.
    Within a train the scopes say what is of the coal classes, whose errors are independent; the other part is of the
    plant, whose error is the same in both: of ESPc 0.06 and 0.04 by the classes, of FF 0.18 and 0.07.
    """
    library = load_library()
    removal = RemovalTable(library)
    mix = TrainMix(((0.25, "PC", "ESPc"), (0.75, "PC", "FF")), "unknown", "default", (), "read")
    found = FateTable(library, removal).of_mix(mix, 0.25, "low_cl")
    high, low = (
        [removal.of(train, coal_class, "PC") for train in ("ESPc", "FF")] for coal_class in ("high_cl", "low_cl")
    )
    assert [one.removal for one in (*high, *low)] == [0.361, 0.91, 0.219, 0.36]
    parts = [(0.06, 0.04), (0.18, 0.07)]
    of_class = [a * (0.25 * h.sd) ** 2 + b * (0.75 * k.sd) ** 2 for h, k, (a, b) in zip(high, low, parts, strict=True)]
    of_plant = [
        (0.25 * h.sd * (1 - a) ** 0.5 + 0.75 * k.sd * (1 - b) ** 0.5) ** 2
        for h, k, (a, b) in zip(high, low, parts, strict=True)
    ]
    assert found.removal == pytest.approx(0.25 * 0.2545 + 0.75 * 0.4975)
    assert found.mix_variance == pytest.approx(0.25 * 0.75 * 0.243**2)
    assert found.class_variance == pytest.approx(0.25 * of_class[0] + 0.75 * of_class[1])
    assert found.own_variance == pytest.approx(0.25 * of_plant[0] + 0.75 * of_plant[1])


@pytest.mark.parametrize("own", [0.0, 0.3, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("train", ["ESPc", "ESPc+wFGD", "SCR+FF+wFGD+WESP"])
def test_the_row_of_a_train_says_what_of_its_variance_a_coal_class_shares(train: str, own: float) -> None:
    library = load_library()
    rows = [row for row in library.table("removal").defaults if row.spread]
    stated = library.with_rows(replace(row, scopes=(("coal_class", 1.0 - own), ("unit", own))) for row in rows)
    removal = RemovalTable(stated)
    fate = FateTable(stated, removal).of_mix(TrainMix(((1.0, "PC", train),), train, "", (), "read"), 1.0, "low_cl")
    variance = removal.of(train, "high_cl", "PC").sd ** 2
    assert fate.class_variance == pytest.approx((1.0 - own) * variance)
    assert fate.own_variance == pytest.approx(own * variance)


def test_shares_that_are_kept_for_other_units_cannot_be_changed(fate: FateTable) -> None:
    mix = TrainMix(((0.5, "PC", "ESPc"), (0.5, "PC", "FF")), "unknown", "default", (), "read")
    for shares in (fate.of_train("ESPc", "low_cl", "PC", 0.3, 0.3), fate.of_mix(mix, 0.5, "low_cl").shares):
        with pytest.raises(ValueError, match="read-only"):
            shares[0] = 1.0


def test_hours_of_operation_without_a_spread_are_certain() -> None:
    library = load_library()
    (row,) = (row for row in library.table("coal_process").defaults if row.keys["quantity"] == "operating_share")
    certain = library.with_rows([replace(row, spread=None, distribution="", scopes=())])
    mix = TrainMix(((1.0, "PC", "ESPc+wFGD"),), "ESPc+wFGD", "", (), "read")
    found = [FateTable(one, RemovalTable(one)).of_mix(mix, 0.5, "low_cl") for one in (library, certain)]
    assert [one.hours_variance > 0 for one in found] == [bool(row.spread), False]
    assert found[0].shares.tolist() == found[1].shares.tolist()
