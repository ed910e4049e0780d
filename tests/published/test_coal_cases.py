"""Coal: R1 to R6 of the method with costs, and the mass balance of a national fleet, against printed numbers."""

from __future__ import annotations

from typing import Any

THEME = "coal"
EXPECTED = {"R1", "R2", "R3", "R4", "R5", "R6", "T1"}


def test_case_agrees_with_its_source(case: Any) -> None:
    ours = case.ours()
    assert case.agrees(ours), f"{case.test_id}: published {case.published:g}, ours {ours:g}, allowed {case.allowed()}"


def test_every_regression_of_the_method_is_there() -> None:
    from published import load_cases

    assert {case.case_id[:2] for case in load_cases(THEME)} == EXPECTED


def test_a_wrong_number_would_be_a_miss() -> None:
    """The tolerances are narrow enough that the classical slips of a factor 1.1 to 2 are seen."""
    from published import load_cases

    for case in load_cases(THEME):
        if case.tolerance_kind != "band" and not case.case_id.startswith("R6"):
            assert not case.agrees(case.published * 1.1023), case.test_id  # short for metric tons
            assert not case.agrees(case.published * 0.5), case.test_id
