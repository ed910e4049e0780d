"""Limits by id: rows of one id are alternatives of one limit, which is met where either is."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from hginventory.decisions.limits import check_limits, limits_of, over_limit
from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.decisions.scenarios.limits_as_measures import _over
from hginventory.errors import ScenarioError
from hginventory.factors import load_library
from hginventory.model import alternatives, limits_in_table
from hginventory.projection import Projection
from hginventory.run import Run
from hginventory.scenarios import Measure

MATS = "usa_mats_existing_not_low_rank"


@pytest.fixture(scope="module")
def projection(drawn: Run) -> Projection:
    return drawn.projection


def of_target(projection: Projection, target: str) -> list[str]:
    measure = Measure(action="emission_limit", target=target, from_year=2030)
    return [one.name for one in limits_of(projection, measure)]


def test_only_heat_and_output_of_one_limit_have_one_id() -> None:
    names = Counter(one.name for one in limits_in_table(load_library()))
    assert {name: count for name, count in names.items() if count > 1} == {MATS: 2}
    per = {one.basis.per for one in limits_in_table(load_library()) if one.name == MATS}
    assert per == {"gross_heat", "gross_generation"}


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("idn_p15_2019", ["idn_p15_2019"]),
        (MATS, [MATS, MATS]),
        (MATS.upper(), [MATS, MATS]),
        ("usa_eee_hazardous_waste", ["usa_eee_hazardous_waste"]),  # its condition is stated by who names it
        ("CHN/GB 4915", ["chn_gb4915"]),
    ],
)
def test_a_target_is_an_id_or_the_begin_of_a_name(projection: Projection, target: str, names: list[str]) -> None:
    assert of_target(projection, target) == names


@pytest.mark.parametrize(
    "target", ["idn_p15", "usa_mats_existing", f"{MATS} ", "idn-p15-2019", f"{MATS} + idn_p15_2019"]
)
def test_a_target_that_is_no_id_names_the_one_it_resembles(projection: Projection, target: str) -> None:
    with pytest.raises(ScenarioError, match=r"names no limit\. Did you mean (idn_p15_2019|usa_mats_\w+)\? Use the id"):
        of_target(projection, target)


def test_a_limit_is_met_where_either_alternative_is(projection: Projection) -> None:
    measure = Measure(action="emission_limit", target=MATS, from_year=2030)
    heat, output = (over_limit(projection, one) for one in limits_of(projection, measure))
    applied = np.isfinite(heat)
    assert applied.any()
    assert (heat != output)[applied].all()
    np.testing.assert_array_equal(_over(Baseline(projection), measure)[applied], np.minimum(heat, output)[applied])


def test_a_unit_is_compared_once_with_a_limit_that_has_alternatives(projection: Projection) -> None:
    both = [one for one in limits_in_table(projection.library) if one.name == MATS]
    checked = check_limits(projection, both)
    assert checked["unit_id"].is_unique
    heat, output = (over_limit(projection, one) for one in both)
    ratio = (checked["value"] / checked["limit"]).to_numpy()
    least = np.fmin(heat, output)[projection.units.index.get_indexer(checked["unit_id"])]
    assert ratio == pytest.approx(least)


def test_limits_of_the_user_are_no_alternatives(projection: Projection) -> None:
    from hginventory.model import user_limit

    two = [user_limit(value, "ug/Nm3") for value in (1.0, 5.0)]
    assert [len(group) for group in alternatives(two)] == [1, 1]
    assert check_limits(projection, two)["unit_id"].value_counts().eq(2).all()
