"""factors/datapackage.json is that of the tables; the script renews it, but not for tables with a wrong row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import renew_datapackage
from hginventory.factors import load_library


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the factor tables."""
    for file in load_library().folder.glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_the_stored_file_is_that_of_the_tables() -> None:
    stored = (renew_datapackage.FACTORS / renew_datapackage.NAME).read_text(encoding="utf-8")
    assert stored == renew_datapackage.datapackage(renew_datapackage.FACTORS), "run python tools/renew_datapackage.py"


def test_a_corrected_cell_makes_it_stale_until_it_is_renewed(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert renew_datapackage.main(["--check", "--factors", str(copy)]) == 0
    table = copy / "flue_gas.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("355", "356"), encoding="utf-8")
    assert renew_datapackage.main(["--check", "--factors", str(copy)]) == 1
    assert "is out of date: run python tools/renew_datapackage.py" in capsys.readouterr().err
    assert renew_datapackage.main(["--factors", str(copy)]) == 0
    assert renew_datapackage.main(["--check", "--factors", str(copy)]) == 0


def test_it_describes_every_column(copy: Path) -> None:
    package = json.loads(renew_datapackage.datapackage(copy))
    fields = {one["name"]: [field["name"] for field in one["schema"]["fields"]] for one in package["resources"]}
    assert fields["coal_mercury"][:4] == ["country", "region", "coal_type", "value"]
    assert fields["sources"] == ["source_id", "citation", "url", "licence", "note"]


def test_nothing_is_written_for_a_wrong_row(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (copy / renew_datapackage.NAME).read_bytes()
    table = copy / "flue_gas.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("355", "35500"), encoding="utf-8")
    assert renew_datapackage.main(["--factors", str(copy)]) == 1
    assert "flue_gas.csv:2: value 35500 is outside 200 to 600" in capsys.readouterr().err
    assert (copy / renew_datapackage.NAME).read_bytes() == before
