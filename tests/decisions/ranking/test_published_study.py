"""A published study beside a run: every sentence is computed, and says what the draws say."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking import StudyComparison, certainty, compare_with_study
from hginventory.decisions.ranking.study_findings import StudyTotal
from hginventory.ensemble import run_ensemble
from hginventory.inputs.fleet import Fleet
from hginventory.uncertainty import assemble

sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))
DRAWS = 400


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return hg.read_fleet("indonesia")


@pytest.fixture(scope="module")
def compared(fleet: Fleet) -> StudyComparison:
    return compare_with_study(fleet, "icsc", draws=DRAWS)


def with_cells(fleet: Fleet, where: pd.Series[bool], **cells: Any) -> Fleet:
    """Return a fleet with other cells in some of its units."""
    units = fleet.units.copy()
    for name, value in cells.items():
        units.loc[where, name] = value
    return replace(fleet, units=units)


def text(compared: StudyComparison) -> str:
    return " ".join(compared.sentences)


def test_concentration_is_that_of_the_largest_units_of_each_draw(compared: StudyComparison) -> None:
    """Counted again from the draws of every unit, one at a time."""
    projection = compared.projection
    ids = list(projection.units.index)
    single = run_ensemble(assemble(projection, {u: [u] for u in ids}, {}, top=1), DRAWS, 1).life_sums
    ordered = np.sort(single, axis=0)[::-1]
    for row in compared.rows[:4]:
        shares = ordered[: row.top].sum(axis=0) / ordered.sum(axis=0)
        assert row.drawn is not None
        found = (row.drawn.p05, row.drawn.p50, row.drawn.p95)
        assert found == pytest.approx(np.quantile(shares, (0.05, 0.5, 0.95)), rel=1e-9)


def test_published_shares_are_said_to_be_inside_only_where_they_are(compared: StudyComparison) -> None:
    for row in compared.rows[:2]:
        assert row.drawn is not None
        assert row.value is not None
        inside = row.drawn.p05 <= row.value <= row.drawn.p95
        assert row.is_inside is inside
        sentence = next(s for s in compared.sentences if s.startswith(f"The true top {row.top} "))
        assert ("is not reproduced" in sentence) is not inside
        assert f"{100 * row.drawn.p50:.0f} %" in sentence


def test_one_large_unit_puts_the_published_share_outside(fleet: Fleet) -> None:
    """With half of the fleet's mercury in a few units the published share is too low, and the sentence says so."""
    large = fleet.units["capacity_gross"].fillna(0) >= 1000
    changed = compare_with_study(with_cells(fleet, large, hg_coal=2.5), "icsc", draws=DRAWS)
    assert changed.rows[0].is_inside is False
    assert "The published 45 % is not reproduced" in text(changed)
    assert "times as hard" not in text(changed)


def test_a_share_below_the_published_one_says_how_much_harder_the_top_units_would_have_to_run(fleet: Fleet) -> None:
    """The ratio makes the top units, run that much harder, account for the published share: x r / (x r + 1 - x)."""
    large = fleet.units["capacity_gross"].fillna(0) >= 600
    changed = compare_with_study(with_cells(fleet, large, hg_coal=0.03, hg_basis="as_received"), "icsc", draws=0)
    row = changed.rows[0]
    assert row.value is not None
    assert row.ours < row.value
    times = row.value / (1 - row.value) * (1 - row.ours) / row.ours
    assert f"would have to run {times:.2f} times as hard as the rest to reach {100 * row.value:.0f} %" in text(changed)


def test_nothing_is_said_of_generation_unit_by_unit(compared: StudyComparison) -> None:
    assert "can only come from" not in text(compared)


def test_capacity_factor_is_that_of_the_base_year(compared: StudyComparison) -> None:
    row = compared.projection.library.row("coal_technology/capacity_factor/IDN/any/any/any/any")
    assert row.valid_from in ("2019", "2020")
    assert f"{row.number():.2f}, that of {row.valid_from} in the factor tables" in compared.sentences[0]


def test_own_generation_takes_the_sentence_on_equal_running_away(fleet: Fleet) -> None:
    some = fleet.units.index == fleet.units.index[fleet.units["plant"] == "Paiton-3 power station"][0]
    changed = compare_with_study(with_cells(fleet, some, capacity_factor=0.9), "icsc", draws=0)
    assert "one capacity factor" not in text(changed)


def test_plants_of_the_study_rank_as_in_the_ranking(compared: StudyComparison) -> None:
    ranking = hg.Run(compared.projection).rank()
    names = {"Suralaya": "Suralaya", "Paiton": "Paiton", "Ombilin": "Ombilin"}
    for name, part in names.items():
        plant = next(p for p in compared.plants if p.name == name)
        own = ranking[ranking["plant"].str.contains(part)]
        assert plant.rank == own["rank"].min()
        assert plant.of == len(ranking)
        assert plant.rank_p05 <= plant.rank <= plant.rank_p95
        assert f"ranks {plant.rank} of {plant.of}" in text(compared)


def test_reasons_of_a_rank_multiply_to_its_mercury(compared: StudyComparison) -> None:
    """Capacity, rate and years are what the remaining mercury is made of, at one capacity factor."""
    units = compared.projection.units
    middle = units[["capacity_net_mw", "g_per_gwh", "remaining_years"]].median().prod()
    for plant in compared.plants:
        own = units.loc[hg.Run(compared.projection).rank()["unit_id"].iloc[plant.rank - 1]]
        ratio = plant.capacity_ratio * plant.rate_ratio * plant.years_ratio
        kg = own["capacity_net_mw"] * own["g_per_gwh"] * own["remaining_years"] / middle
        assert ratio == pytest.approx(kg)


def test_lower_coal_mercury_moves_suralaya_down(fleet: Fleet, compared: StudyComparison) -> None:
    own = fleet.units["plant"] == "Banten Suralaya power station"
    changed = compare_with_study(with_cells(fleet, own, hg_coal=0.01), "icsc", draws=0)
    assert changed.plants[0].rank > compared.plants[0].rank + 10
    assert f"ranks {changed.plants[0].rank} of" in text(changed)


def test_total_is_taken_apart_into_activity_and_mercury(compared: StudyComparison) -> None:
    units, total = compared.projection.units, compared.totals[0]
    assert total.ours_gwh == pytest.approx(units["generation_net_gwh_per_yr"].sum())
    assert abs(total.ours_gwh / total.published_gwh - 1) < 0.10
    assert total.activity_agrees
    per_gwh = total.ours_t / total.ours_gwh
    needed = per_gwh * total.hg_needed / total.hg_ours * total.ours_gwh
    assert needed == pytest.approx(total.published_t)
    assert "Activity agrees within 10 %" in text(compared)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ours_gwh": 250_000.0}, "Activity differs by more than 10 %"),
        ({"at_most_removal_t": 3.0}, "Mercury in coal makes the difference"),
        ({"at_most_removal_t": 2.0}, "Mercury in coal or removal may make the difference"),
    ],
)
def test_difference_is_named_as_the_numbers_have_it(
    compared: StudyComparison, change: dict[str, float], words: str
) -> None:
    from hginventory.decisions.ranking.study_sentences import study_sentences

    total: StudyTotal = replace(compared.totals[0], **change)
    said = study_sentences(compared.projection, compared.rows, (), (), [total])
    assert words in " ".join(said)


def test_variants_are_runs_of_their_own(compared: StudyComparison) -> None:
    by_name = {variant.name: variant for variant in compared.variants}
    for bound in (200, 300):
        variant = by_name[f"units of {bound} MW and more"]
        mw = compared.projection.units
        large = mw["capacity_gross_mw"].fillna(mw["capacity_net_mw"]) >= bound
        assert variant.units == pytest.approx(large.sum(), abs=2)
        assert variant.share > compared.rows[0].ours
        assert variant.annual_t < compared.rows[-1].ours


def test_without_draws_nothing_is_said_of_draws(fleet: Fleet) -> None:
    compared = compare_with_study(fleet, "icsc", draws=0)
    assert "draw" not in text(compared)
    assert compared.to_frame()["ours_p50"].isna().all()


def test_draws_are_those_of_the_run(compared: StudyComparison) -> None:
    sure = certainty(compared.projection, draws=DRAWS)
    assert compared.rows[0].drawn == sure.lists["coal_power"].own_share


def test_pages_follow_the_run(fleet: Fleet, compared: StudyComparison) -> None:
    """What README, limits and the page of the study say changes with an input."""
    from doc_pages.study import study_brief, study_page

    changed = with_cells(fleet, fleet.units["capacity_gross"].fillna(0) >= 1000, hg_coal=0.5)
    now = compare_with_study(changed, "icsc")
    brief, page = study_brief(changed), study_page(changed)
    assert now.rows[0].shown in " ".join(brief.split())
    assert now.rows[0].shown_drawn in page
    assert brief != study_brief()
    for sentence in now.sentences:
        assert sentence in page
