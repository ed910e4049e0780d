"""Removal of trains: whole rows first, anchoring after, and never a credit from what changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hginventory.factors.library import load_library
from hginventory.model.fate import AIR, FateTable
from hginventory.model.train_removal import RemovalTable, coal_to_stack, in_series
from hginventory.vocabulary.trains import DEVICES, join_devices, named_devices

CLASSES = ("high_cl", "low_cl", "lignite")
TRAINS = (
    "none", "ESPc", "ESPh", "FF", "CYC", "WS", "ESPc+wFGD", "FF+wFGD", "SCR+ESPc", "SCR+ESPc+wFGD",
    "SCR+ESPc+swFGD", "ESPc+FGD", "SDA+FF", "SDA+ESPc", "FSI+FF", "ACI+ESPc", "ACI-Br+FF", "HAL+SCR+ESPc+wFGD",
    "LNB+SNCR+ESPc", "ESPc+wFGD+REA", "HAL+ESPc+wFGD+REA", "ESPc+REA", "WS+wFGD+REA", "ACI+WS",
    "CDS+FF", "CYC+ESPc+wFGD", "SCR+FF+wFGD+WESP", "ESPh+wFGD", "unknown",
)  # fmt: skip


@pytest.fixture(scope="module")
def table() -> RemovalTable:
    return RemovalTable(load_library())


@pytest.mark.parametrize("profile", ["default", "epa_emf", "gma_levels"])
@pytest.mark.parametrize("coal_class", CLASSES)
@pytest.mark.parametrize("boiler", ["PC", "CFB", "stoker", "cyclone", "IGCC", "unknown"])
def test_every_train_has_a_removal_between_zero_and_one(profile: str, coal_class: str, boiler: str) -> None:
    table = RemovalTable(load_library(), profile)
    for train in TRAINS:
        assert 0.0 <= table.of(train, coal_class, boiler).removal < 1.0


def test_burners_and_ammonia_change_nothing(table: RemovalTable) -> None:
    for train in ("ESPc", "FF", "ESPc+wFGD"):
        with_burners = join_devices([*train.split("+"), "LNB", "SNCR"])
        assert table.of(with_burners, "low_cl", "PC") == table.of(train, "low_cl", "PC")


def test_catalyst_without_a_taker_of_oxidised_mercury_earns_no_extra_credit(table: RemovalTable) -> None:
    alone = table.of("SCR+CYC", "low_cl", "PC").removal
    assert alone == table.of("CYC", "low_cl", "PC").removal


def test_train_in_no_table_is_anchored_and_flagged(table: RemovalTable) -> None:
    extended = table.of("SCR+FF+wFGD+WESP", "low_cl", "PC")
    part = table.of("SCR+FF+wFGD", "low_cl", "PC")
    assert extended.derived
    assert extended.removal >= part.removal


@pytest.mark.parametrize(
    ("train", "coal_class", "removal"),
    [
        # Boiler gas 0.72 hg0, 0.20 hg2, 0.08 hgp. The scrubber takes 0.8 of hg2 = 0.16 and half of hgp, and gives back
        # a tenth of what it took as hg0: 0.72 + 0.016 + 0.04 + 0.04 = 0.816 passes. No train removes 0.01.
        ("wFGD", "low_cl", 1 - 0.99 * 0.816),
        # 0.7 of hg2 = 0.14: 0.72 + 0.014 + 0.06 + 0.04 = 0.834
        ("FGD", "low_cl", 1 - 0.99 * 0.834),
        # 0.6 of hg2 = 0.12: 0.72 + 0.012 + 0.08 + 0.04 = 0.852
        ("swFGD", "low_cl", 1 - 0.99 * 0.852),
        # 0.80, 0.17, 0.03; 0.8 of hg2 = 0.136: 0.80 + 0.0136 + 0.034 + 0.015 = 0.8626
        ("wFGD", "lignite", 1 - 0.99 * 0.8626),
        # The catalyst oxidises 0.2 of 0.72 = 0.144, so 0.344 hg2; 0.8 of it = 0.2752:
        # 0.576 + 0.02752 + 0.0688 + 0.04 = 0.71232
        ("SCR+wFGD", "low_cl", 1 - 0.99 * 0.71232),
    ],
)
def test_a_scrubber_of_a_derived_train_gives_back_a_tenth_of_its_catch(
    table: RemovalTable, train: str, coal_class: str, removal: float
) -> None:
    found = table.of(train, coal_class, "PC")
    assert found.derived
    assert found.removal == pytest.approx(removal)


@pytest.mark.parametrize("coal_class", CLASSES)
@pytest.mark.parametrize("added", ["ESPc", "FF", "wFGD", "WESP", "ACI", "ACI-Br"])
def test_anchoring_never_lowers_a_removal(table: RemovalTable, coal_class: str, added: str) -> None:
    for train in ("HAL+CDS+ESPc", "DSI+CYC", "ESPh+WS"):
        devices = {*train.split("+")}
        if added in devices:
            continue
        longer = table.of(join_devices(devices | {added}), coal_class, "PC")
        shorter = table.of(train, coal_class, "PC")
        if longer.derived and shorter.derived:
            assert longer.removal >= shorter.removal - 1e-12


@pytest.mark.parametrize("boiler", ["PC", "CFB", "stoker", "cyclone", "IGCC", "unknown"])
@pytest.mark.parametrize("profile", ["default", "epa_emf", "gma_levels"])
def test_every_spread_is_one_that_a_share_can_have(profile: str, boiler: str) -> None:
    """Each train of the tables, and each with one device more: a beta exists, and its 90 % interval holds the mean."""
    library = load_library()
    table = RemovalTable(library, profile)
    whole = {row.keys["train"] for row in library.table("removal").defaults}
    devices = set(DEVICES.codes) - {"none", "unknown"}
    trains = whole | {join_devices(named_devices(train) | {added}) for train in whole for added in devices}
    found = [table.of(train, coal_class, boiler) for train in sorted(trains) for coal_class in CLASSES]
    mean, sd = np.array([(one.removal, one.sd) for one in found if one.sd > 0]).T
    room = mean * (1.0 - mean)
    assert (sd**2 < room).all()
    size = room / sd**2 - 1.0
    low, high = stats.beta.ppf([[0.05], [0.95]], mean * size, (1.0 - mean) * size)
    assert ((low <= mean) & (mean <= high)).all()


@pytest.mark.parametrize("coal_class", CLASSES)
def test_what_passes_a_derived_train_varies_as_much_as_what_passes_its_anchor(
    table: RemovalTable, coal_class: str
) -> None:
    longer = table.of("SCR+FF+wFGD+WESP", coal_class, "PC")
    anchor = load_library().row(longer.rows[0])  # longest part with a row, or that of the train less a device
    assert longer.derived
    assert longer.sd / (1.0 - longer.removal) == pytest.approx(anchor.number("spread") / (1.0 - anchor.number()))
    assert dict(anchor.scopes)["coal_class"] == pytest.approx(longer.shared)


@pytest.mark.parametrize("coal_class", CLASSES)
@pytest.mark.parametrize("train", ["ESPc+wFGD", "FF+wFGD", "SCR+ESPc+wFGD", "ESPc+swFGD", "ESPc+FGD", "WS+wFGD"])
def test_additive_holds_back_a_part_of_the_reemission_and_no_more(
    table: RemovalTable, train: str, coal_class: str
) -> None:
    """At most a tenth of what the scrubber takes up comes back, so that no more than a tenth of it can be gained."""
    without, found = table.of(train, coal_class, "PC"), table.of(f"{train}+REA", coal_class, "PC")
    assert found.derived
    assert found.rows == (*without.rows, "device_effect/REA/any/reemission_suppression")
    assert without.removal < found.removal < without.removal + 0.1


@pytest.mark.parametrize("coal_class", CLASSES)
@pytest.mark.parametrize("train", ["ESPc", "FF", "SDA+FF", "none", "ACI+ESPc", "WS"])
def test_additive_without_a_wet_scrubber_changes_nothing(table: RemovalTable, train: str, coal_class: str) -> None:
    added = join_devices(named_devices(train) | {"REA"})
    assert table.of(added, coal_class, "PC") == table.of(train, coal_class, "PC")


@pytest.mark.parametrize("coal_class", CLASSES)
def test_additive_adds_nothing_to_a_row_that_supposes_it(table: RemovalTable, coal_class: str) -> None:
    own, other = (table.of(train, coal_class, "PC") for train in ("HAL+ESPc+wFGD+REA", "HAL+ESPc+wFGD"))
    assert (own.removal, own.sd, own.derived) == (other.removal, other.sd, False)


def test_profile_without_a_row_falls_back_and_says_so() -> None:
    found = RemovalTable(load_library(), "epa_emf").of("swFGD", "low_cl", "PC")
    assert found.other_profile


def test_release_is_applied_once() -> None:
    assert coal_to_stack(0.0, 0.99) == pytest.approx(0.01)
    assert coal_to_stack(0.5, 0.98) == pytest.approx(1 - 0.98 * 0.5)


def test_in_series_is_not_a_sum() -> None:
    assert in_series(0.5, 0.5, 0.5) == pytest.approx(0.875)


@pytest.mark.parametrize("train", TRAINS)
@pytest.mark.parametrize("coal_class", CLASSES)
def test_balance_of_every_train_closes(table: RemovalTable, train: str, coal_class: str) -> None:
    fate = FateTable(load_library(), table)
    for boiler in ("PC", "CFB", "stoker"):
        removal = table.of(train, coal_class, boiler).removal
        shares = fate.of_train(train, coal_class, boiler, removal, removal)
        assert shares.min() >= 0.0
        assert shares.sum() == pytest.approx(1.0, abs=1e-12)
        assert shares[AIR].sum() == pytest.approx(1.0 - removal, abs=1e-12)


def test_every_device_is_known_to_the_tables() -> None:
    """A device that neither removes nor is dropped would be credited with nothing, silently."""
    library = load_library()
    without_effect = {"LNB", "SNCR", "FSI"}
    known = {row.keys["device"] for row in library.table("device_effect").defaults}
    assert set(DEVICES.codes) - {"none", "unknown"} - without_effect <= known


@pytest.mark.parametrize("boiler", ["PC", "CFB", "stoker"])
@pytest.mark.parametrize("coal_class", CLASSES)
@pytest.mark.parametrize(
    "others", ["ESPc", "FF", "ESPc+FF", "SDA+FF", "ESPc+wFGD", "SCR+ESPc+swFGD", "SNCR+CYC+ESPc", "ESPh", "FSI+FF"]
)
def test_halogen_with_carbon_is_brominated_carbon(
    table: RemovalTable, others: str, coal_class: str, boiler: str
) -> None:
    devices = named_devices(others)
    with_halogen = table.of(join_devices(devices | {"HAL", "ACI"}), coal_class, boiler)
    assert with_halogen == table.of(join_devices(devices | {"ACI-Br"}), coal_class, boiler)


@pytest.mark.parametrize("boiler", ["PC", "CFB", "stoker"])
@pytest.mark.parametrize("coal_class", CLASSES)
@pytest.mark.parametrize("alone", ["ACI", "HAL"])
def test_brominated_carbon_never_removes_less_than_carbon_or_halogen_alone(
    table: RemovalTable, alone: str, coal_class: str, boiler: str
) -> None:
    for others in (
        "ESPc",
        "FF",
        "ESPc+FF",
        "ESPh",
        "FF+FGD",
        "SCR+FF+swFGD",
        "SCR+ESPc+wFGD",
        "CDS+FF",
        "WS",
        "FSI+FF",
    ):
        devices = named_devices(others)
        brominated = table.of(join_devices(devices | {"ACI-Br"}), coal_class, boiler)
        if brominated.derived:
            plain = table.of(join_devices(devices | {alone}), coal_class, boiler)
            assert brominated.removal >= plain.removal, others
