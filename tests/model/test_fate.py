"""Species at the stack: by the last stage of the train, by the coal where there is none, and never raw gas unasked."""

from __future__ import annotations

import pytest

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
    [("SCR+FF+wFGD", "low_cl", 0.75, 0.55), ("SCR+FF+wFGD", "high_cl", 0.92, 0.80), ("FF+wFGD", "low_cl", 0.65, 0.55)],
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
