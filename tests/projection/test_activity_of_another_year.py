"""An activity of another year that counts in the base year says so: in the findings and in the calculation."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

import hginventory as hg

COLUMNS = ("unit_id", "year", "variable", "value", "unit")
COAL = {"unit_id": "A", "country": "IND", "capacity_gross": 500, "start_year": 2010, "status": "operating"}
KILN = {"unit_id": "A", "country": "IND", "clinker_capacity": 1e6, "start_year": 2010, "status": "operating"}


def run_of(base_year: int, years: Sequence[int], **other: object) -> hg.Run:
    """Return the run of one coal unit with net generation of some years."""
    rows = [("A", year, "generation_net", year - 100, "GWh") for year in years]
    fleet = hg.fleet_from_frame(pd.DataFrame([{**COAL, **other}]), activity=pd.DataFrame(rows, columns=list(COLUMNS)))
    return hg.project(fleet, base_year=base_year, draws=0)


def told(run: hg.Run) -> list[str]:
    """Return what was found about the year of the activity."""
    return [str(one.found) for one in run.findings if one.code == "N535"]


@pytest.mark.parametrize(
    ("base_year", "years", "year"),
    [
        (2026, [2014, 2018], 2018),
        (2026, [2018, 2030], 2018),
        (2016, [2014, 2018], 2014),
        (2010, [2014, 2018], 2014),
        (2019, [2018], 2018),
    ],
)
def test_the_year_that_counts_instead_is_named(base_year: int, years: list[int], year: int) -> None:
    run = run_of(base_year, years)
    assert run.units["generation_net_gwh_per_yr"].tolist() == pytest.approx([year - 100])
    assert told(run) == [f"generation_net of {year}"]
    first = run.explain("A").steps[0]
    assert (first.name, first.value) == (f"net generation, {year}", year - 100)


@pytest.mark.parametrize(("base_year", "years"), [(2018, [2014, 2018]), (2014, [2014, 2018]), (2026, [])])
def test_the_year_of_the_base_year_and_a_default_need_no_word(base_year: int, years: list[int]) -> None:
    run = run_of(base_year, years)
    assert told(run) == []
    assert not run.explain("A").steps[0].name.endswith(str(base_year))


def test_a_unit_that_does_not_run_is_not_told() -> None:
    assert told(run_of(2026, [2018], status="retired", planned_retirement=2019)) == []
    assert told(run_of(2026, [2018], status="mothballed")) == []


def test_a_kiln_says_so_too() -> None:
    activity = pd.DataFrame([("A", 2018, "clinker_output", 8e5, "t")], columns=list(COLUMNS))
    fleet = hg.fleet_from_frame(pd.DataFrame([KILN]), sector="cement_kiln", activity=activity)
    run = hg.project(fleet, base_year=2026, draws=0)
    assert told(run) == ["clinker_output of 2018"]
    assert "clinker made, 2018" in [step.name for step in run.explain("A").steps]
