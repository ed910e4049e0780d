"""One way from a text to a fleet: a path first, then a bundled fleet, which says what it is and what it lacks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import hginventory as hg
from hginventory.data_files import data_folder
from hginventory.errors import UnreadableFileError
from hginventory.inputs.bundled.fleet_names import find_fleet
from hginventory.inputs.bundled.named_fleet import NOTICE, read_fleet
from hginventory.inputs.template import write_fleet


@pytest.fixture(scope="module")
def vietnam() -> hg.Fleet:
    return hg.read_fleet("VNM")


def test_a_country_is_named_and_says_what_it_lacks(vietnam: hg.Fleet) -> None:
    assert (vietnam.name, vietnam.origin) == ("VNM", "bundled fleet tracker:VNM")
    assert vietnam.settings["notice"].value == NOTICE
    assert "30 MW and more" in NOTICE
    assert set(vietnam.units["country"]) == {"VNM"}


def test_its_attribution_is_that_of_the_licence(vietnam: hg.Fleet) -> None:
    (one,) = vietnam.attributions
    assert one.citation == "Global Energy Monitor, Global Coal Plant Tracker, January 2026 release"
    assert (one.licence, one.url) == ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
    assert one.note.startswith("Copyright © Global Energy Monitor. ")
    assert "Reduced and changed by hginventory" in one.note


def test_the_curated_fleet_names_the_same_source_and_that_of_its_kilns() -> None:
    assert [one.citation for one in hg.read_fleet("IDN").attributions] == [
        "Global Energy Monitor, Global Coal Plant Tracker, January 2026 release",
        "Global Energy Monitor, Global Cement and Concrete Tracker, July 2025 (V1) release",
    ]


def test_the_cells_are_those_of_the_workbook_made_of_it(vietnam: hg.Fleet, tmp_path: Path) -> None:
    again = hg.read_fleet(write_fleet(vietnam, tmp_path / "vietnam.xlsx"))
    assert vietnam.cells == again.cells
    assert vietnam.rows == again.rows
    assert {name: one.cell for name, one in vietnam.settings.items()}.items() <= {
        name: one.cell for name, one in again.settings.items()
    }.items()
    for unit in vietnam.units.index:
        assert vietnam.address(unit, "hg_coal") == again.address(unit, "hg_coal")
    assert again.attributions == vietnam.attributions


def test_findings_stand_on_cells_of_the_workbook_made_of_it(tmp_path: Path) -> None:
    world = hg.read_fleet("world")
    again = hg.read_fleet(write_fleet(world.subset(list(world.units.index[:50])), tmp_path / "some.xlsx"))
    assert not [one for one in world.findings if "[" in one.cell]
    assert again.findings == ()


def test_both_fleets_of_indonesia_can_be_read() -> None:
    curated, tracker = hg.read_fleet("IDN"), hg.read_fleet("tracker:IDN")
    assert (curated.origin, tracker.origin) == ("bundled fleet indonesia", "bundled fleet tracker:IDN")
    assert set(curated.units["sector"]) == {"coal_power", "cement_kiln"}
    assert set(tracker.units["sector"]) == {"coal_power"}


@pytest.mark.parametrize(
    ("file", "hides"),
    [("VNM", "tracker:VNM"), ("vietnam", "tracker:VNM"), ("indonesia.xlsx", "indonesia"), ("fleet.xlsx", "")],
)
def test_a_file_that_exists_wins_over_a_name_and_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, hides: str
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(data_folder("fleets") / "indonesia.xlsx", file)
    source = hg.read_fleet(file).source
    assert (source.path, source.bundled, source.hides) == (Path(file), "", hides)


def test_a_country_without_units_is_told_apart_from_an_unknown_one() -> None:
    with pytest.raises(hg.UsageError, match="Norway has no coal-fired unit of 30 MW and more"):
        hg.read_fleet("Norge")
    with pytest.raises(hg.UnreadableFileError, match="no such file"):
        hg.read_fleet("narnia")


@pytest.mark.parametrize(
    ("name", "bundled"),
    [("VNM", "tracker:VNM"), ("vietnam", "tracker:VNM"), ("india", "india.xlsx"), ("world", "tracker:world"),
     ("south-africa", "tracker:ZAF")],
)  # fmt: skip
def test_a_folder_of_the_name_of_a_fleet_tells_how_to_name_the_fleet(
    name: str, bundled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).mkdir()
    with pytest.raises(UnreadableFileError, match=f"{name} is a folder here. .* write {bundled} for the bundled"):
        read_fleet(name)
    assert find_fleet(bundled) == find_fleet(name)
