"""Cement: the 18 collected regression cases, and the mass balance against kilns measured in Chongqing."""

from __future__ import annotations

from typing import Any

THEME = "cement"


def test_case_agrees_with_its_source(case: Any) -> None:
    ours = case.ours()
    assert case.agrees(ours), f"{case.test_id}: published {case.published:g}, ours {ours:g}, allowed {case.allowed()}"


def test_all_eighteen_are_there() -> None:
    from published import load_cases

    assert {case.case_id for case in load_cases(THEME)} >= {f"C{number:02d}" for number in range(1, 19)}


def test_a_wrong_number_would_be_a_miss() -> None:
    from published import load_cases

    for case in load_cases(THEME):
        if case.tolerance_kind != "band":
            assert not case.agrees(case.published * 1.1023), case.test_id  # short for metric tons
