"""How right we are: no case is dropped, the page is what the run says, and a wide interval is no gain."""

from __future__ import annotations

import builtins
import io
import math
import re
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hginventory.factors import load_library

ROOT = Path(__file__).parents[2]
STORED = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
LEAST = {"total": 26, "power": 41, "kiln": 269, "left-out": 269}  # cases once on file; a case may not be dropped


def row(country: str, category: str, year: str) -> Any:
    keys = {"country": country, "category": category, "year": year}
    return next(r for r in load_library().table("inventory_reference").rows if r.keys == keys)


def outcome(**changes: Any) -> Any:
    from validation_scores import Outcome

    made = Outcome("total/A", "g", "A", "2010", "A", 10.0, 20.0, 5.0, 40.0, "source")
    return replace(made, **changes)


# --- the list of cases ------------------------------------------------------------------------------------


def test_every_row_on_file_is_a_case_and_none_was_dropped() -> None:
    from validation import CASES, listed

    cases = listed(CASES)
    assert len(cases) == len(set(cases))
    wanted = [
        "total/{country}/{category}/{year}".format(**r.keys) for r in load_library().table("inventory_reference").rows
    ]
    wanted += ["power/{country}/{plant}/{year}".format(**r.keys) for r in load_library().table("power_reference").rows]
    for kind in ("kiln", "left-out"):
        wanted += [
            f"{kind}/{{country}}/{{plant}}/{{year}}".format(**r.keys)
            for r in load_library().table("plant_reference").rows
            if r.extra["co2_t"]
        ]
    assert sorted(cases) == sorted(wanted)
    for kind, least in LEAST.items():
        assert sum(case.startswith(f"{kind}/") for case in cases) >= least, kind


def test_a_dropped_case_is_a_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import validation

    monkeypatch.setattr(validation, "computed", lambda: iter([outcome(case_id="total/CAN/coal_power/2003")]))
    monkeypatch.setattr(validation, "removals", list)
    monkeypatch.setattr(validation, "_kiln_table", lambda _: "")
    assert validation.main([]) != 0
    assert "total/CAN/coal_power/2023: in validation_cases.txt, and not computed" in capsys.readouterr().err
    before = (validation.PAGE.read_bytes(), validation.CASES.read_bytes())
    assert validation.main(["--write"]) != 0
    assert (validation.PAGE.read_bytes(), validation.CASES.read_bytes()) == before


# --- the page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "figure", [r"\| 0\.\d+ \|", r"\| yes \|", r"\d+ of \d+", r"\| 1,190 \|", r"factor set|Factor set"]
)
def test_a_planted_wrong_figure_fails(figure: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from validation import compare

    page = tmp_path / "validation.md"
    page.write_text(STORED, encoding="utf-8")
    assert compare(STORED, page) == 0
    assert re.search(figure, STORED)
    page.write_text(re.sub(figure, "| 7.77 |", STORED, count=1), encoding="utf-8")
    assert compare(STORED, page) != 0
    assert "7.77" in capsys.readouterr().err


def test_a_missing_page_fails(tmp_path: Path) -> None:
    from validation import compare

    assert compare(STORED, tmp_path / "validation.md") != 0


def test_some_cases_are_on_the_page_as_they_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few of each kind, without a network and without a file outside the repository."""
    from validation import _cells
    from validation_fleets import coal_projection, kilns, national, power_stations

    from doc_pages.markdown import cell

    opened: list[str] = []
    true_open = io.open

    def watched(file: Any, *args: Any, **options: Any) -> Any:
        opened.append(str(file))
        return true_open(file, *args, **options)

    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("the validation asks the network")

    coal_projection.cache_clear()
    monkeypatch.setattr(builtins, "open", watched)
    monkeypatch.setattr(io, "open", watched)
    monkeypatch.setattr(socket, "socket", refused)
    found = [national(row("KOR", "coal_power", "2012")), national(row("JPN", "coal_power", "2014"))]
    found += power_stations(load_library().table("power_reference").rows[:3])
    for one in found:
        line = f"| {cell(one.place)} | {one.year} | {' | '.join(_cells(one))} |"
        assert line in STORED, line
    [kiln] = list(kilns(load_library().table("plant_reference").rows[:1]))
    assert f"| {kiln.place} | {kiln.year} | {' | '.join(_cells(kiln)[:3])} |" in STORED
    assert not [name for name in opened if "/shared/" in name]


@pytest.mark.slow
def test_the_whole_page_is_computed_again_byte_for_byte() -> None:
    from validation import main

    assert main([]) == 0


# --- what is compared -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "year"), [("JPN", 2005), ("KOR", 2013), ("DNK", 2010), ("ZAF", 2003), ("CAN", 2023)]
)
def test_fleet_is_that_of_the_year(country: str, year: int) -> None:
    from validation_fleets import coal_projection

    projection = coal_projection(country, year)
    runs = projection.units["operates_in_base_year"]
    assert set(projection.units.loc[~runs, "status"]) <= {"mothballed"}  # today; the tracker does not say since when
    starts = projection.units.loc[runs, "start_year"].dropna()
    assert (starts <= year).all()
    assert len(starts) > 0


def test_two_years_of_a_country_have_two_fleets() -> None:
    from validation_fleets import coal_projection

    early, late = (set(coal_projection("CAN", year).units.index) for year in (2003, 2023))
    assert early - late


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (("JPN", "coal_power", "2000"), "not independent"),
        (("KOR", "coal_power", "2013"), "recalled"),
        (("JPN", "coal_power", "2005"), "recalled"),
        (("KOR", "cement", "2012"), "no kilns"),
        (("KOR", "coal_power", "2014"), ""),
        (("CAN", "coal_power", "2023"), ""),
    ],
)
def test_what_cannot_tell_of_us_is_shown_and_not_scored(key: tuple[str, str, str], words: str) -> None:
    from validation_fleets import national
    from validation_scores import summarise

    found = national(row(*key))
    assert found.remark.startswith(words) if words else not found.remark
    assert (summarise([found]) is None) is bool(words)


def test_a_year_before_the_tracker_begins_is_another_year() -> None:
    from validation_fleets import coal_projection, published_totals

    projection = coal_projection("CAN", 2003)
    [total] = [t for t in published_totals(projection, {}) if t.row.keys["year"] == "2003"]
    import validation_fleets

    assert validation_fleets._remark(total, projection, 1999) == "another year"
    assert validation_fleets._remark(total, projection, 2003) == ""


def test_a_reference_from_the_source_of_an_input_is_not_independent() -> None:
    import validation_fleets

    projection = validation_fleets.coal_projection("CAN", 2003)
    [total] = [t for t in validation_fleets.published_totals(projection, {}) if t.row.keys["year"] == "2003"]
    used = sorted(validation_fleets.sources_used(projection))
    same = replace(total, row=replace(total.row, source_id=used[0]))
    assert "same source" in validation_fleets._remark(same, projection, 2003)


def test_power_station_burns_the_coal_of_its_carbon_dioxide() -> None:
    from validation_fleets import _co2_per_heat, _with_coal, tracker_fleet

    from hginventory.projection import project_fleet

    fleet = tracker_fleet("DNK", 2010)
    own = (fleet.units["plant"] == "Nordjylland power station").to_numpy()
    units = project_fleet(_with_coal(fleet, own, 2.0e6), base_year=2010).units[own]
    heat_gj = (units["coal_t_per_yr"] * units["calorific_value_mj_per_kg"]).sum()
    assert heat_gj * _co2_per_heat() / 1000.0 == pytest.approx(2.0e6)


# --- scores -----------------------------------------------------------------------------------------------


def test_interval_score_is_that_of_gneiting_and_raftery() -> None:
    from validation_scores import interval_score

    assert interval_score(1.0, 2.0, 1.5) == pytest.approx(1.0)
    assert interval_score(1.0, 2.0, 2.1) == pytest.approx(1.0 + 20 * 0.1)
    assert interval_score(1.0, 2.0, 0.8) == pytest.approx(1.0 + 20 * 0.2)


def test_a_wider_interval_is_no_gain_once_the_value_is_inside() -> None:
    narrow, wide = outcome(low=8.0, high=12.0), outcome(low=1.0, high=100.0)
    assert narrow.is_inside
    assert wide.is_inside
    assert narrow.score < wide.score


@pytest.mark.parametrize(
    ("change", "inside"),
    [
        ({}, True),
        ({"high": 9.0}, False),
        ({"low": 11.0}, False),
        ({"censored": True, "high": 9.0}, True),
        ({"censored": True, "low": 11.0}, False),
    ],
)
def test_inside_of_a_censored_value_is_whether_it_may_be(change: dict[str, Any], inside: bool) -> None:
    assert outcome(**change).is_inside is inside


def test_years_of_one_plant_count_as_one() -> None:
    from validation_scores import summarise

    cases = [outcome(ours=20.0), outcome(ours=20.0), outcome(ours=20.0), outcome(ours=5.0, cluster="B")]
    found = summarise(cases)
    assert found is not None
    assert found.ratio == pytest.approx(1.0)
    assert (found.cases, found.clusters) == (4, 2)
    assert found.error == pytest.approx(math.log(2.0))


def test_unscored_cases_move_nothing() -> None:
    from validation_scores import summarise

    cases = [outcome(), outcome(cluster="B", ours=5.0)]
    assert summarise([*cases, outcome(cluster="C", ours=900.0, remark="recalled")]) == summarise(cases)


def test_removals_are_compared_with_each_test_of_their_train() -> None:
    from validation_removal import removals

    found = removals()
    assert len(found) >= 20
    for one in found:
        assert 0.0 < one.tested < 1.0
        assert one.low <= one.ours <= one.high
        assert 0 <= one.inside <= one.tests


def test_published_cases_say_what_they_test() -> None:
    from published import Tests, load_cases

    cases = load_cases()
    assert {case.tests for case in cases} == set(Tests)
    for case in cases:
        assert (case.tests is Tests.BAND) is (case.tolerance_kind == "band"), case.case_id
        if case.theme == "study":
            assert case.tests is not Tests.ARITHMETIC, case.case_id
    assert sum(case.tests is Tests.ARITHMETIC for case in cases) > len(cases) / 2


def test_published_counts_each_kind(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import published

    monkeypatch.setattr("sys.argv", ["published.py", "--theme", "cement"])
    assert published.main() == 0
    assert re.search(r"arithmetic \d+ of \d+, defaults \d+ of \d+, band \d+ of \d+\.", capsys.readouterr().out)
