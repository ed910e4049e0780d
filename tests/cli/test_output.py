"""Tables on narrow terminals: whatever is shown is whole, and no line is longer than the terminal."""

from __future__ import annotations

import pandas as pd
import pytest

from hginv.cost_options import kg, money, per_kg
from hginv.output import number, say, show_table, table_blocks
from hginventory.html_repr import html_table
from hginventory.report.text import ENGLISH, format_number, share_text
from hginventory.units import percent

HEADINGS = ["#", "id", "plant", "unit", "kg/yr", "remaining kg", "cumulative", "90 % kg", "90 % rank", "P(top 10)"]
ROWS = [
    ["1", "G100000109958", "Tanjung Jati B power station", "Unit 5", "149", "5,363", "1.5%", "985 to 14,468",
     "2 to 92", "0.37"],
    ["10", "IDN-K24", "Citeureup", "P14", "143", "4,300", "14.2%", "998 to 11,199", "2 to 109", "0.27"],
]  # fmt: skip
WORDS = (1, 2, 3)


@pytest.mark.parametrize("room", [40, 50, 80, 100, 120, 200])
def test_every_line_fits_and_no_word_is_cut(
    room: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(room))
    show_table(HEADINGS, ROWS, title="Units by emissions to air over the remaining lifetime", words=WORDS)
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= room
    assert "…" not in printed
    assert {word for row in (HEADINGS, *ROWS) for cell in row for word in cell.split()} <= set(printed.split())


@pytest.mark.parametrize("room", [40, 50, 80, 100, 120, 200])
def test_every_column_stands_in_one_table_behind_those_that_name_the_row(room: int) -> None:
    blocks = [columns for columns, _, _ in table_blocks(HEADINGS, ROWS, room, WORDS)]
    assert [column for columns in blocks for column in columns[2:]] == list(range(2, len(HEADINGS)))
    assert all(columns[:2] == [0, 1] for columns in blocks)


def test_numbers_stay_on_one_line() -> None:
    for columns, widths, _ in table_blocks(HEADINGS, ROWS, 80, WORDS):
        for column, width in zip(columns, widths, strict=True):
            assert column in WORDS or width >= max(len(row[column]) for row in ROWS)


@pytest.mark.parametrize("rows", [[], [["1", "x" * 100]], [["", ""]]])
def test_a_table_without_rows_or_with_a_word_longer_than_the_terminal_is_printed(
    rows: list[list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    show_table(["#", "address"], rows, words=(1,))
    printed = capsys.readouterr().out
    assert printed.count("x") == sum(cell.count("x") for row in rows for cell in row)
    assert max(map(len, printed.splitlines())) <= 80


def test_a_sentence_is_as_wide_as_a_table_and_a_path_stays_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    path = "hginv-out/" + "a" * 90
    say("Wrote the results of this run, all of its tables and the workbook, to the folder " + path)
    first, second = capsys.readouterr().out.splitlines()
    assert len(first) <= 80
    assert second == path


@pytest.mark.parametrize("zero", [-0.0, -1e-9, -0.0004])
def test_no_number_for_people_is_a_negative_zero(zero: float) -> None:
    shown = [
        number(zero), number(zero, 2), money(zero), money(zero * 1e6, 1e6), per_kg(zero), kg(zero), percent(zero),
        percent(zero, 1), ENGLISH.number(zero, 1), ENGLISH.percent(zero), share_text(zero), format_number(0.0 * zero),
    ]  # fmt: skip
    assert not [text for text in shown if text.startswith("-")]
    assert [number(zero, decimals, signed=True) for decimals in (0, 1, 2)] == ["+0", "+0.0", "+0.00"]
    assert "-0" not in html_table("", pd.DataFrame({"kg": [0.0 * zero]}), {"kg": "kg"})
    assert [number(-0.6), number(-0.06, 1), money(-60_000.0), percent(-0.006)] == ["-1", "-0.1", "-0.1", "-1 %"]
