"""Tables on narrow terminals: whatever is shown is whole, except names."""

import pytest

from hginv.output import _layout

HEADINGS = ["#", "id", "plant", "unit", "kg/yr", "remaining kg", "summed", "90 % kg", "90 % rank", "P(top 10)"]
ROWS = [
    ["1", "G100000109958", "Tanjung Jati plant", "Unit 5", "149", "5,363", "1.5%", "985 to 14,468", "2 to 92", "0.37"],
    ["10", "IDN-K24", "Citeureup", "P14", "143", "4,300", "14.2%", "998 to 11,199", "2 to 109", "0.27"],
]  # fmt: skip
NAMES = {2, 3}


@pytest.mark.parametrize("room", [50, 80, 100, 120, 200])
def test_no_number_and_no_id_is_cut(room: int) -> None:
    """Only the columns of names are narrower than what stands in them, and never than a few signs."""
    columns, widths, _ = _layout(HEADINGS, ROWS, room, NAMES, (7, 6))
    for column, width in zip(columns, widths, strict=True):
        longest = max(len(row[column]) for row in ROWS)
        assert width >= (min(longest, 8) if column in NAMES else longest)


@pytest.mark.parametrize(("room", "left_out"), [(80, [7]), (120, [])])
def test_a_line_fits_the_terminal(room: int, left_out: list[int]) -> None:
    """At 80 characters the interval of kilograms is left out, at 120 nothing."""
    columns, widths, gap = _layout(HEADINGS, ROWS, room, NAMES, (7, 6))
    assert sum(widths) + gap * (len(widths) - 1) <= room
    assert sorted(set(range(len(HEADINGS))) - set(columns)) == left_out
