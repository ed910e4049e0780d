"""A workbook is assembled when the work on it is done, and leaves nothing behind where it is not."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import openpyxl
import pytest

from hginventory.report.excel.book import assembled


def test_what_was_written_is_assembled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    buffer = io.BytesIO()
    with assembled(buffer, title="Trial") as book:
        book.add_worksheet("One").write_number(0, 0, 7.0)
        assert any(tmp_path.rglob("*")), "rows wait in temporary files"
    read = openpyxl.load_workbook(buffer)
    assert read["One"]["A1"].value == 7.0
    assert read.properties.title == "Trial"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_work_that_is_stopped_assembles_nothing_and_leaves_no_file(
    stop: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    buffer = io.BytesIO()

    def work() -> None:
        with assembled(buffer, title="Trial") as book:
            book.add_worksheet("One").write_number(0, 0, 7.0)
            raise stop

    with pytest.raises(stop):
        work()
    assert not buffer.getvalue()
    assert not list(tmp_path.iterdir())
