"""Where a fleet comes from is typed: a file may be called like a bundled fleet, and stays a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hginventory.data_files import data_folder
from hginventory.inputs.bundled import read_fleet
from hginventory.inputs.fleet.fleet import FleetSource


def test_a_file_called_like_a_bundled_fleet_stays_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("bundled fleet indonesia.xlsx")
    shutil.copy(data_folder("fleets") / "indonesia.xlsx", path)
    found = read_fleet(path).source
    assert (found.bundled, found.path, found.label) == ("", path, path.name)


@pytest.mark.parametrize(
    "source",
    [
        FleetSource(bundled="indonesia"),
        FleetSource(path=Path("fleet.xlsx")),
        FleetSource(path=Path("bundled fleet indonesia.xlsx")),
    ],
)
def test_a_label_is_read_back(source: FleetSource) -> None:
    assert FleetSource.from_label(source.label) == source
