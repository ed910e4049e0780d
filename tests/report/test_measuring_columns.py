"""Every column of a monitoring programme and a sampling plan has a label and a meaning."""

from __future__ import annotations

import hginventory as hg
from hginventory.report.columns import MEASURING


def test_all_columns_of_measuring_are_described_and_no_other() -> None:
    run = hg.project("indonesia", where="capacity_mw >= 900", draws=300)
    written = {*run.measuring_plan(shown=1).table.columns, *run.sampling_plan().table.columns}
    assert written == set(MEASURING)
    assert all(column.label and column.meaning for column in MEASURING.values())
