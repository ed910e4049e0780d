"""Units that are known to comply with a limit: the central run, the draws, where the mercury goes, measures at them."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.compliance import central_rates
from hginventory.decisions.scenarios import apply_scenario, avoided_in_draws
from hginventory.ensemble import NO_TABLE, NormalStore, row_values
from hginventory.model import PATHWAYS
from hginventory.projection import UNLISTED, project_fleet
from hginventory.projection.rate_cuts import LISTED_AIR, P_LISTED, STATED_LIMIT, UNKNOWN_SINK
from hginventory.scenarios import Measure, Scenario
from hginventory.uncertainty import UncertainFactorFinder, assemble, project_complying
from hginventory.uncertainty.limit_cuts import cut_to_limits

MATS, LOW_RANK, KILNS = "usa_mats_existing_not_low_rank", "usa_mats_existing_low_rank", "usa_lll_existing"
COLUMNS = ("pm_control", "so2_control", "nox_control", "hg_control")
TRAINS = {  # unit -> coal, controls, limit
    "A1": ("bituminous", ("ESPc", None, None, None), MATS),
    "A2": ("bituminous", ("ESPc", None, None, None), None),
    "B1": ("bituminous", ("ESPc", "wFGD", "SCR", None), MATS),
    "B2": ("bituminous", ("ESPc", "wFGD", "SCR", None), None),
    "C1": ("subbituminous", ("FF", "SDA", "SCR", None), MATS),
    "D1": ("bituminous", ("none", "none", "none", "none"), MATS),
    "E1": ("bituminous", (None, None, None, None), MATS),
    "F1": ("lignite", ("ESPc", "wFGD", "SCR", None), LOW_RANK),
}
LIMITED = [unit for unit, (_, _, limit) in TRAINS.items() if limit]
FREE = [unit for unit in TRAINS if unit not in LIMITED]


def coal_units(*, stated=True):
    rows = [
        {"unit_id": unit, "plant": unit[0], "unit": unit, "country": "USA", "status": "operating", "start_year": 2000,
         "capacity_gross": 500.0, "coal_type": coal, **dict(zip(COLUMNS, controls, strict=True)),
         "complies_with": limit if stated else None}
        for unit, (coal, controls, limit) in TRAINS.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def kilns(*, stated=True):
    row = {"plant": "K", "country": "USA", "status": "operating", "start_year": 2000, "clinker_capacity": 1.0e6,
           "method": "tier2", "complies_with": KILNS if stated else None}  # fmt: skip
    return pd.DataFrame([{"unit_id": f"K{number}", "unit": str(number), **row} for number in range(2)])


def coal_fleet(units=None, **more):
    return hg.fleet_from_frame(coal_units() if units is None else units, settings={"base_year": 2026}, **more)


@pytest.fixture(scope="module", name="cut")
def _cut():
    return project_complying(coal_fleet())


@pytest.fixture(scope="module", name="listed")
def _listed():
    return project_complying(coal_fleet(coal_units(stated=False)))


@pytest.fixture(scope="module", name="kiln")
def _kiln():
    return project_complying(hg.fleet_from_frame(kilns(), sector="cement_kiln", settings={"base_year": 2026}))


def drawn_rates(projection, draws=4000, seed=2):
    """Return rates over the central ones by the listed controls in every draw, shape (N, S): activity left out."""
    given = assemble(projection, {}, {}, top=1)
    rows = given.rows
    families = [[f.family for f in UncertainFactorFinder(projection).of_unit(n)] for n in range(len(projection.units))]
    table = rows.table.copy()
    for row, unit in enumerate(rows.unit):
        for slot, family in enumerate(families[unit]):
            if family in ("activity", "efficiency", "utilisation", "clinker_factor"):
                table[row, slot] = NO_TABLE
    cuts = given.cuts and replace(given.cuts, outside=np.zeros_like(given.cuts.outside))
    given = replace(given, rows=replace(rows, table=table), cuts=cuts)
    store = NormalStore(rows.stream[rows.weight > 0], seed, draws)
    values = row_values(given, slice(None), store)[given.rate_row]
    return values / projection.air_by_listed_controls[:, None]


def limits_over_listed(projection):
    whole = replace(projection, units=projection.units.assign(air_kg_per_yr=projection.air_by_listed_controls))
    return projection.complies.rate / central_rates(whole.units)


def test_rates_lie_below_the_limit_in_every_draw(cut, kiln):
    for projection in (cut, kiln):
        limits = limits_over_listed(projection)
        bound = ~np.isnan(limits)
        assert bound.any()
        assert (drawn_rates(projection)[bound] < limits[bound, None]).all()


def test_draws_keep_their_ranks_and_none_rises(cut, listed):
    after, before = drawn_rates(cut), drawn_rates(listed)
    assert (after <= before * (1 + 1e-6)).all()
    for unit in range(len(after)):
        assert (np.diff(after[unit][np.argsort(before[unit])]) >= -1e-6 * after[unit].max()).all()


def test_other_units_and_shared_factors_stay(cut, listed):
    own = [STATED_LIMIT, LISTED_AIR, P_LISTED]
    frames = [projection.units.loc[FREE] for projection in (cut, listed)]
    pd.testing.assert_frame_equal(frames[0].drop(columns=own), frames[1], check_exact=True)
    assert frames[0][STATED_LIMIT].eq("").all()
    assert frames[0][P_LISTED].isna().all()
    assert frames[0][LISTED_AIR].equals(frames[1]["air_kg_per_yr"].rename(LISTED_AIR))
    assert (drawn_rates(cut) == drawn_rates(listed))[[list(TRAINS).index(unit) for unit in FREE]].all()


def sampled(factors, rng, draws=1_000_000):
    """Return plain draws of the factors of a coal unit that its rate contains, over their means."""
    out = np.ones(draws)
    for factor in factors:
        size = factor.spread.size
        if factor.family in ("activity", "efficiency"):
            continue
        if factor.spread.distribution == "lognormal":
            out *= rng.lognormal(-(size**2) / 2, size, draws)
        elif factor.spread.distribution == "beta":
            total = factor.mean * (1 - factor.mean) / size**2 - 1
            share = rng.beta(factor.mean * total, (1 - factor.mean) * total, draws)
            out *= (1 - share) / (1 - factor.mean)
        else:
            assert factor.spread.distribution == "normal"
            assert size < 0.2  # so that no bound cuts it
            out *= rng.normal(1.0, size, draws)
    return out


def test_central_values_are_the_means_of_draws_below_the_limit(cut):
    finder, limits, seen = UncertainFactorFinder(cut), limits_over_listed(cut), 0
    for unit, own in cut.cuts.items():
        if not own.cut.is_explained:
            continue
        index = cut.units.index.get_loc(unit)
        rates = sampled(finder.of_unit(index), np.random.default_rng(index))
        kept = rates[rates < limits[index]]
        assert own.cut.probability == pytest.approx(kept.size / rates.size, abs=0.003)
        assert cut.units.at[unit, "air_kg_per_yr"] == pytest.approx(kept.mean() * own.air_kg_per_yr, rel=0.01)
        seen += 1
    assert seen >= 4


def test_the_mean_of_the_draws_is_the_central_value(cut, kiln):
    for projection in (cut, kiln):
        mean = drawn_rates(projection, draws=100_000).mean(axis=1) * projection.air_by_listed_controls
        assert mean == pytest.approx(projection.units["air_kg_per_yr"].to_numpy(), rel=0.02)


def test_a_limit_far_above_changes_nothing(listed):
    far = replace(listed.complies, rate=np.full(len(TRAINS), 1e12), index=np.zeros(len(TRAINS), dtype=np.int64))
    found = cut_to_limits(None, replace(listed, complies=far), lambda index: np.zeros(9), None)
    assert found.units["air_kg_per_yr"].to_numpy() == pytest.approx(listed.units["air_kg_per_yr"].to_numpy(), rel=1e-9)


def test_a_lower_limit_gives_less_and_no_more_than_before(cut, listed):
    last = listed.units["air_kg_per_yr"].to_numpy()
    for times in (100.0, 3.0, 1.0, 0.7):
        rate = cut.complies.rate * times
        complies = replace(cut.complies, rate=rate)
        found = cut_to_limits(None, replace(listed, complies=complies), lambda index: np.zeros(9), _Quiet())
        now = found.units["air_kg_per_yr"].to_numpy()
        assert (now <= last * (1 + 1e-12)).all()
        last = now


class _Quiet:
    def add(self, *args, **kwargs):
        pass


def test_results_depend_on_no_draws_seed_selection_or_order(cut):
    columns = ["air_kg_per_yr", "lifetime_kg", "removal"]
    fleet = coal_fleet()
    runs = [hg.project(fleet, draws=draws, seed=seed) for draws, seed in ((0, 1), (300, 1), (300, 2))]
    mixed = coal_fleet(coal_units().sample(frac=1.0, random_state=4))
    for projection in (*(run.projection for run in runs), project_complying(mixed)):
        pd.testing.assert_frame_equal(
            projection.units[columns].loc[cut.units.index], cut.units[columns], check_exact=True
        )
    one = hg.project(fleet, where="unit == 'B1'", draws=300, seed=1)
    alone = hg.project(coal_fleet(coal_units().query("unit_id == 'B1'")), draws=300, seed=1)
    for run in (one, alone):
        pd.testing.assert_frame_equal(run.units[columns], cut.units.loc[["B1"], columns], check_exact=True)
        quantiles = ["air_kg_per_yr_p05", "lifetime_kg_p95"]
        own = [found.certainty.units.loc[["B1"], quantiles] for found in (run, runs[1])]
        pd.testing.assert_frame_equal(*own, check_exact=True)


def test_a_selection_sees_the_rates_after_the_cut(cut):
    bound = float(cut.units.at["B1", "air_kg_per_yr"]) * 1.01
    chosen = project_complying(coal_fleet(), where=f"air_kg_per_yr <= {bound}").units
    assert set(chosen.index) == set(cut.units.index[cut.units["air_kg_per_yr"] <= bound])
    assert "B1" in chosen.index


def test_controls_that_cannot_explain_it_get_the_usual_margin_and_a_warning(cut):
    own = cut.cuts["D1"]
    assert own.cut.probability < 0.05
    assert not own.cut.is_explained
    noted = [finding for finding in cut.findings if finding.code == "W732"]
    assert {finding.unit_id for finding in noted} == {"D1"}
    usual = np.random.default_rng(1).lognormal(np.log(0.4), 0.75, 1_000_000)
    usual = usual[usual < 1.0]
    assert own.kept == pytest.approx(own.cut.limit * usual.mean(), rel=0.01)
    rates = drawn_rates(cut)[list(TRAINS).index("D1")] / own.cut.limit
    assert (rates > 0.99).mean() < 0.02  # not stacked at the limit
    assert np.quantile(rates, [0.25, 0.5, 0.75]) == pytest.approx(np.quantile(usual, [0.25, 0.5, 0.75]), rel=0.06)


@pytest.mark.parametrize("name", ["cut", "kiln"])
def test_the_balance_closes_and_what_is_removed_has_its_line(name, request):
    projection = request.getfixturevalue(name)
    balance, units = projection.mass_balance, projection.units
    ways = balance[[f"{way}_kg_per_yr" for way in PATHWAYS]].sum(axis=1) + balance[UNKNOWN_SINK]
    assert ways.to_numpy() == pytest.approx(balance["hg_in_kg_per_yr"].to_numpy(), rel=1e-9)
    air = balance[[f"{way}_kg_per_yr" for way in PATHWAYS[:3]]].sum(axis=1)
    assert air.to_numpy() == pytest.approx(units["air_kg_per_yr"].to_numpy(), rel=1e-9)
    unlisted = projection.air_by_listed_controls - units["air_kg_per_yr"]
    assert balance[UNLISTED].to_numpy() == pytest.approx(unlisted.to_numpy(), rel=1e-9, abs=1e-12)
    assert (1.0 - units["removal"]).to_numpy() * balance["hg_in_kg_per_yr"].to_numpy() == pytest.approx(
        units["air_kg_per_yr"].to_numpy(), rel=1e-9
    )


def test_what_is_removed_goes_the_way_of_the_dust_or_nobody_knows_where(cut, listed):
    balance, before = cut.mass_balance, listed.mass_balance
    more = balance["fly_ash_kg_per_yr"] - before["fly_ash_kg_per_yr"]
    collected = [unit for unit in LIMITED if unit != "D1"]
    assert more[collected].to_numpy() == pytest.approx(balance.loc[collected, UNLISTED].to_numpy(), rel=1e-9)
    assert balance.at["D1", UNKNOWN_SINK] == pytest.approx(balance.at["D1", UNLISTED], rel=1e-9)
    assert (balance.loc[collected, UNKNOWN_SINK] < 1e-12).all()
    species = [f"air_{name}_kg_per_yr" for name in ("hg0", "hg2", "hgp")]
    shares = [frame[species].div(frame[species].sum(axis=1), axis=0) for frame in (balance, before)]
    pd.testing.assert_frame_equal(*shares, rtol=1e-12)


def test_dust_of_a_kiln_goes_into_the_product(kiln):
    balance = kiln.mass_balance
    assert (balance[UNLISTED] > 0.0).all()
    plain = project_complying(
        hg.fleet_from_frame(kilns(stated=False), sector="cement_kiln", settings={"base_year": 2026})
    )
    more = balance["product_kg_per_yr"] - plain.mass_balance["product_kg_per_yr"]
    assert more.to_numpy() == pytest.approx(balance[UNLISTED].to_numpy(), rel=1e-9)


def test_without_a_limit_nothing_is_there_to_cut(listed):
    given = assemble(listed, {}, {})
    assert given.cuts is None
    assert not listed.cuts
    assert list(listed.mass_balance.columns) == ["hg_in_kg_per_yr", *(f"{way}_kg_per_yr" for way in PATHWAYS)]
    plain = project_fleet(coal_fleet(coal_units(stated=False)))
    pd.testing.assert_frame_equal(listed.units, plain.units, check_exact=True)


def measured(value):
    row = {"unit_id": "B1", "date": "2024-05-01", "kind": "stack_test", "quantity": "hg_concentration", "value": value,
           "unit": "ug/Nm3", "reference_o2": 6.0, "gas_basis": "dry_0c"}  # fmt: skip
    return project_complying(coal_fleet(measurements=pd.DataFrame([row])))


def test_the_cut_comes_after_measurements_and_not_against_them():
    below, above = measured(0.3), measured(9.0)
    assert "B1" not in above.cuts
    assert "W731" in {finding.code for finding in above.findings}
    index = list(TRAINS).index("B1")
    if "B1" in below.cuts:
        assert (drawn_rates(below)[index] < below.cuts["B1"].cut.limit).all()
        assert below.cuts["B1"].cut.probability > 0.7  # by what was measured, not by the train
    assert below.units.at["B1", "air_kg_per_yr"] <= below.air_by_listed_controls[index]


def applied(projection, action, target):
    measure = Measure(action=action, target=target, from_year=2028)
    return apply_scenario(projection, Scenario(name="one"), [(0, measure)])


def test_a_measure_removes_no_more_than_the_rate_after_the_cut(cut, listed):
    one, other = applied(cut, "add_control", "ACI"), applied(listed, "add_control", "ACI")
    before, after = cut.yearly_kg.sum(axis=1), one.lifetime_kg
    assert (after <= before * (1 + 1e-12)).all()
    plain = listed.yearly_kg.sum(axis=1) - other.lifetime_kg
    for unit in LIMITED:
        index = list(TRAINS).index(unit)
        assert before[index] - after[index] <= plain[index]
    for unit in FREE:
        index = list(TRAINS).index(unit)
        assert before[index] - after[index] == pytest.approx(plain[index], rel=1e-12)


def test_no_draw_of_an_altered_unit_is_above_the_unit_as_it_is(cut):
    one = applied(cut, "add_control", "ACI")
    drawn = avoided_in_draws([one], 2000, 5)[0]
    assert (drawn.yearly >= -1e-6).all()
    central = cut.yearly_kg.sum() - one.yearly_kg.sum()
    assert drawn.life.mean() == pytest.approx(central, rel=0.1)


def test_a_unit_made_worse_may_emit_more_and_keeps_its_limit(cut):
    one = applied(cut, "replace_controls", "ESPc")
    index = list(TRAINS).index("B1")
    assert one.lifetime_kg[index] > cut.yearly_kg[index].sum()
    limits = limits_over_listed(one.states)
    assert (drawn_rates(one.states)[~np.isnan(limits)] < limits[~np.isnan(limits), None]).all()


@pytest.mark.parametrize(("unit", "option"), [("B1", "A1"), ("C1", "A3"), ("F1", "A1"), ("B2", "A1")])
def test_an_option_avoids_what_the_scenario_of_it_avoids(cut, unit, option):
    catalogue = hg.project(coal_fleet(), draws=0).catalogue()
    found = next(one for one in catalogue.of_unit(unit) if one.option == option)
    one = applied(cut, "add_control", "ACI")
    state = list(one.parents).index(unit)
    avoided = cut.units.at[unit, "air_kg_per_yr"] - one.states.units["air_kg_per_yr"].iloc[state]
    assert found.avoided_kg_per_yr == pytest.approx(avoided, rel=1e-6)
    assert found.avoided_kg_per_yr <= cut.units.at[unit, "air_kg_per_yr"]


def test_every_run_cuts():
    folder = Path(hg.__file__).parent
    inside = ("projection", "uncertainty")
    calls = [
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if path.relative_to(folder).parts[0] not in inside and re.search(r"\bproject_fleet\(", path.read_text("utf-8"))
    ]
    assert calls == []
