"""Expressions that select units: what they mean, and what they refuse."""

from __future__ import annotations

import pandas as pd
import pytest

from hginventory.errors import UsageError
from hginventory.filters import select

TABLE = pd.DataFrame(
    {
        "mw": [50.0, 600.0, float("nan"), 300.0],
        "gross": [60.0, 590.0, 1.0, 330.0],
        "sector": ["coal_power", "coal_power", "cement_kiln", None],
        "captive": pd.Series([True, False, None, None], dtype=object),
    }
)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("mw >= 100", [False, True, False, True]),
        ("mw != 50", [False, True, False, True]),  # a missing value fulfils no comparison
        ("100 <= mw < 600", [False, False, False, True]),
        ("mw > gross", [False, True, False, False]),
        ("sector == 'coal_power' and mw >= 100 and not captive", [False, True, False, False]),
        ("not captive", [False, True, True, True]),
        ("sector in ['cement_kiln']", [False, False, True, False]),
        ("sector not in ('cement_kiln',)", [True, True, False, False]),
        ("captive or (mw == 300 and gross > -1)", [True, False, False, True]),
    ],
)
def test_meaning(where: str, expected: list[bool]) -> None:
    assert select(TABLE, where).tolist() == expected


@pytest.mark.parametrize(
    "where",
    [
        "__import__('os').system('ls')",
        "mw.__class__",
        "sector.str.contains('c')",
        "open('x')",
        "[x for x in mw]",
        "mw + 1 > 2",
        "(lambda: 1)()",
        "mw[0] > 1",
        "f'{mw}' == 'a'",
        "(x := 1)",
        "mw",
        "1 < 2",
        "import os",
        "sector == 5",
        "mw == '5'",
        "mw is None",
        "",
        "(" * 400 + "mw > 1" + ")" * 400,
        "x" * 2000,
        "sector in mw",
    ],
)
def test_everything_else_is_refused_as_wrong_usage(where: str) -> None:
    with pytest.raises(UsageError, match="where: ") as caught:
        select(TABLE, where)
    assert caught.value.exit_code == 2


def test_misspelt_column_is_proposed() -> None:
    with pytest.raises(UsageError, match="Did you mean 'sector'"):
        select(TABLE, "sectr == 'coal_power'")


@pytest.mark.parametrize("where", [f"mw > {'9' * 900}", f"mw > -{'9' * 900}", f"mw in [1, {2**63}]", f"{10**30} == mw"])
def test_a_whole_number_has_a_bound(where: str) -> None:
    frame = pd.DataFrame({"mw": [1, 2]})
    with pytest.raises(UsageError, match=r"a whole number of \d+ digits; at most"):
        select(frame, where)
    assert select(frame, f"mw < {2**63 - 1}").all()
