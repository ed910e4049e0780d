"""The unit-by-unit study of Indonesia: what public inputs can and cannot reproduce.

Published: ten units make over 45 % (PAG-11), fifteen about half (ICSC). Central values, with one capacity
factor for all units, lie between a reconstruction by hand and the published share. The true top units of a draw are
what compares with a study of single units; tests/decisions/ranking/test_published_study.py holds what is said of them.
"""

from __future__ import annotations

from typing import Any

import pytest

THEME = "study"


def test_case_lies_within_its_band(case: Any) -> None:
    ours = case.ours()
    text = f"{case.test_id}: published {case.published:g}, ours {ours:g}, allowed {case.allowed()}"
    assert case.agrees(ours) != bool(case.known_miss), text


def test_no_case_is_known_to_miss() -> None:
    from published import load_cases

    assert {case.case_id for case in load_cases() if case.known_miss} == set()


def test_comparison_prints_what_ranking_gives() -> None:
    """The table beside the study and the ranking of its units are the same numbers."""
    from published_methods import study, study_share

    shares = [row.ours for row in study().rows[:4]]
    assert shares == pytest.approx([study_share(top) for top in (10, 15, 20, 30)], rel=1e-12)


def test_all_units_run_at_one_rate() -> None:
    from published_methods import study

    factors = study().projection.units["capacity_factor"]
    assert factors.round(9).nunique() == 1
    assert any("times as hard" in sentence for sentence in study().sentences)


def test_suralaya_is_told_with_and_without_it_in_the_mean_of_the_plants() -> None:
    """0.0657 of nineteen plants, 0.0596 of eighteen: by hand from the analyses that the fleet states."""
    from published_methods import study

    import hginventory as hg

    units = hg.read_fleet("indonesia").units
    plants = units.groupby("plant")["hg_coal"].mean().dropna()
    others = plants.drop("Banten Suralaya power station")
    assert (len(plants), len(others)) == (19, 18)
    expected = (
        "With Suralaya without its own coal analysis, the plain mean of the plants with coal mercury of their own "
        "becomes "
        f"{others.mean():.4f} mg/kg (18 plants) instead of {plants.mean():.4f} mg/kg (19 plants)."
    )
    assert [s for s in study().sentences if "plain mean" in s] == [expected]
    begin = "With Suralaya without its own coal analysis (96 units), the top 10 account for"
    assert any(sentence.startswith(begin) for sentence in study().sentences)


def test_whole_fleet_of_today_is_far_less_concentrated() -> None:
    """All units of 2026 with captive plants: an audit of the data found 0.21 for fifteen units."""
    import hginventory as hg

    run = hg.project("indonesia", where="sector == 'coal_power'")
    fifteen = run.rank()["share"].head(15).sum()
    assert fifteen == pytest.approx(0.21, abs=0.04)
