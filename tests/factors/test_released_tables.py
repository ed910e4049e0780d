"""Rows are checked when tables are released, and again wherever a file differs from what was released."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hginventory.errors import FactorError
from hginventory.factors import FactorLibrary, csv_tables, load_library

TABLE = "coal_mercury"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(load_library().folder, tmp_path / "factors"))


def _spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note of which tables rows are checked."""
    found: list[str] = []
    check = csv_tables.wrong_in_row
    monkeypatch.setattr(csv_tables, "wrong_in_row", lambda row, *more: found.append(row.table) or check(row, *more))
    return found


def test_a_released_table_is_read_without_checks_and_is_the_same(copy: Path, checked: list[str]) -> None:
    released = FactorLibrary(copy).table(TABLE).rows
    assert checked == []
    (copy / "datapackage.json").unlink()
    assert list(map(repr, FactorLibrary(copy).table(TABLE).rows)) == list(map(repr, released))
    assert len(checked) == len(released)


def test_a_wrong_row_of_a_changed_table_is_named(copy: Path) -> None:
    _spoil(copy / f"{TABLE}.csv", "mg/kg", "mg/pound")
    with pytest.raises(FactorError, match="mg/pound"):
        FactorLibrary(copy).table(TABLE)


def test_a_source_that_is_taken_away_is_missed(copy: Path) -> None:
    source = FactorLibrary(copy).table(TABLE).rows[0].source_id
    _spoil(copy / "sources.csv", f"\n{source},", f"\nno_{source},")
    with pytest.raises(FactorError, match=f"source_id '{source}' is not in sources.csv"):
        FactorLibrary(copy).table(TABLE)


def test_all_rows_are_checked_when_asked_for(copy: Path, checked: list[str]) -> None:
    FactorLibrary(copy).check_all()
    assert set(checked) == set(FactorLibrary.names())


@pytest.mark.parametrize("text", ["", "[]", "{", '{"resources": [{"path": 1}]}', '{"resources": 3}'])
def test_a_damaged_list_of_released_tables_means_that_rows_are_checked(
    copy: Path, checked: list[str], text: str
) -> None:
    (copy / "datapackage.json").write_text(text, encoding="utf-8")
    assert FactorLibrary(copy).table(TABLE).rows
    assert checked
