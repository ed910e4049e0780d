"""The value of measuring against closed forms of two units, and against what measuring must never do."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.sensitivity.possible_measurements import (
    PossibleMeasurement,
    measuring_error,
    possible_measurements,
)
from hginventory.decisions.sensitivity.value_of_information import BINS, InformationValue, sampling_plan
from hginventory.ensemble.arrays import ALL_TERMS, EnsembleInput, single_rows
from hginventory.ensemble.conditional_mean import Revealed
from hginventory.ensemble.numpy_engine import NormalStore, row_values, run_numpy
from hginventory.ensemble.quantiles import lognormal, normal_cdf
from hginventory.ensemble.streams import stream_id
from hginventory.errors import UsageError
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection
from hginventory.uncertainty.ensemble_input import assemble
from hginventory.uncertainty.uncertain_factors import UncertainFactorFinder

DRAWS, SEED = 100_000, 4
BIG, SMALL, SIZE = 100.0, 80.0, 0.5


def fleet(amounts: list[float], streams: list[list[str]], shares: list[float], top: int = 1) -> EnsembleInput:
    """Return units of one year with one lognormal of log-sd SIZE each, whose scopes have the streams and shares."""
    count = len(amounts)
    ids = np.zeros((count, 3), dtype=np.uint64)
    weights = np.zeros((count, 3), dtype=np.float32)
    for unit, names in enumerate(streams):
        for scope, name in enumerate(names):
            if name:
                ids[unit, scope] = stream_id(name)
                weights[unit, scope] = math.sqrt(shares[scope])
    table = np.where((weights > 0).any(axis=1), 0, -1).astype(np.int32)
    years = np.zeros(count, dtype=np.int32)
    rows = single_rows(np.array(amounts)[:, None], years, years + 1, [(table, ALL_TERMS, ids, weights)])
    named = np.zeros((2, count), dtype=bool)
    named[0], named[1, :top] = True, True
    return EnsembleInput(rows, lognormal(SIZE).astype(np.float32)[None, :], 1, np.arange(count, dtype=np.int32),
                         np.ones(count), named, np.zeros((0, count), dtype=bool), top)  # fmt: skip


def candidate(stream: str, units: list[int], log_sd: float = 0.0) -> PossibleMeasurement:
    """Return a measurement of a stream."""
    streams = np.array([stream_id(stream)], dtype=np.uint64)
    return PossibleMeasurement("stack_test", stream, streams, units, log_sd, "", "", "", "", "")


def value_of(given: EnsembleInput, draws: int = DRAWS) -> InformationValue:
    """Return the valuation of a fleet whose units stand in order of size."""
    return InformationValue(given, run_numpy(given, draws, SEED), np.arange(given.units), draws, SEED)


def phi(z: float) -> float:
    return float(normal_cdf(np.array([z]))[0])


def expected_larger(size: float) -> float:
    """Return E[max(BIG g, SMALL)] for a lognormal g of mean 1 and log-sd ``size``."""
    upper = (math.log(BIG / SMALL) + size**2 / 2) / size
    return BIG * phi(upper) + SMALL * phi(size - upper)


def test_perfect_knowledge_of_one_of_two_units_in_closed_form() -> None:
    value = value_of(fleet([BIG, SMALL], [["big"], [""]], [1.0]))
    worth = value.of(candidate("big", [0]))
    chance = phi((math.log(BIG / SMALL) - SIZE**2 / 2) / SIZE)
    assert value.right == pytest.approx(chance, abs=4 * math.sqrt(0.25 / DRAWS))
    assert value.lost == pytest.approx(expected_larger(SIZE) - BIG, rel=0.03)
    assert worth.gain == pytest.approx(expected_larger(SIZE) - BIG, rel=0.02)
    assert value.right + worth.right == pytest.approx(1.0, abs=1.0 / BINS)  # the bin across the bound is half right
    assert worth.explained == pytest.approx(BIG**2 * math.expm1(SIZE**2), rel=0.05)  # all but the variance in bins
    assert worth.right_error < 0.002


@pytest.mark.parametrize("error", [0.3, 0.5, 1.0])
def test_a_measurement_with_an_error_is_worth_less_as_in_closed_form(error: float) -> None:
    value = value_of(fleet([BIG, SMALL], [["big"], [""]], [1.0]))
    perfect, worth = value.of(candidate("big", [0])), value.of(candidate("big", [0], error))
    known = SIZE**2 / math.hypot(SIZE, error)  # log-sd of the mean after measuring
    assert worth.gain == pytest.approx(expected_larger(known) - BIG, rel=0.05)
    assert worth.explained == pytest.approx(BIG**2 * math.expm1(known**2), rel=0.08)
    assert 0 < worth.gain < perfect.gain
    assert 0 < worth.right < perfect.right
    assert 0 < worth.fall < perfect.fall


def test_what_is_shared_is_left_unknown() -> None:
    """Two units share half their variance: knowing the own half of one is worth what its own half says."""
    given = fleet([BIG, SMALL], [["all", "big"], ["all", ""]], [0.5, 0.5])
    own = SIZE * math.sqrt(0.5)
    assert value_of(given).of(candidate("big", [0])).gain == pytest.approx(expected_larger(own) - BIG, rel=0.03)


def test_a_candidate_without_influence_gains_nothing_exactly() -> None:
    amounts = [100.0, 95.0, 90.0, 85.0, 1e-9]
    value = value_of(fleet(amounts, [[f"u{n}"] for n in range(5)], [1.0], top=2), 2000)
    for stream, units in (("nobody", []), ("nobody", [0, 1, 2]), ("u4", [4])):
        worth = value.of(candidate(stream, units))
        assert (worth.gain, worth.right, worth.right_error) == (0.0, 0.0, 0.0)
        assert worth.fall < 1e-12


def test_means_of_bins_by_chance_would_look_like_value() -> None:
    """The trap that keeping the full mean avoids: bins of a stream nobody uses, with plain means of all units."""
    amounts = [100.0, 99.0, 98.0, 97.0]
    given = fleet(amounts, [[f"u{n}"] for n in range(4)], [1.0])
    store = NormalStore(given.rows.stream[given.rows.weight > 0], SEED, 2000)
    drawn = row_values(given, slice(0, 4), store)
    bins = np.random.default_rng(1).permutation(2000) % BINS
    means = np.array([[unit[bins == number].mean() for number in range(BINS)] for unit in drawn])
    assert means.max(axis=0).mean() - means.mean(axis=1).max() > 5.0
    assert value_of(given, 2000).of(candidate("nobody", [0, 1, 2, 3])).gain == 0.0


def test_units_that_a_candidate_does_not_tell_of_keep_their_mean() -> None:
    """Two units of one stream, a test at the stack of the first: the second keeps its mean."""
    value = value_of(fleet([BIG, SMALL], [["plant"], ["plant"]], [1.0]), 2000)
    assert value.of(candidate("plant", [0, 1])).gain == 0.0  # both rise and fall together: the order never changes
    assert value.of(candidate("plant", [0])).gain > 0.0
    assert set(value.means(candidate("plant", [0]))[1]) == {0}


@pytest.fixture(scope="module")
def indonesia(central: hg.Run) -> Projection:
    return central.projection


@pytest.mark.parametrize(("family", "scope", "sector"), [
    ("hg_coal", "plant", "coal_power"), ("removal", "unit", "coal_power"),
    ("hg_raw_meal", "quarry", "cement_kiln"), ("air_share", "kiln", "cement_kiln"),
])  # fmt: skip
def test_expected_amounts_are_the_means_of_the_draws_at_each_z(
    indonesia: Projection, family: str, scope: str, sector: str
) -> None:
    """In bins of z the mean of the full draws is the expected amount, within its standard error."""
    draws = 40_000
    given = assemble(indonesia, {"all": list(indonesia.units.index)}, {})
    largest = indonesia.units[indonesia.units["sector"] == sector]["lifetime_kg"].idxmax()
    index = indonesia.units.index.get_loc(largest)
    row = indonesia.units.loc[largest]
    label = str(largest) if scope in ("unit", "kiln") else f"{row['country']}/{row['plant']}"
    stream = np.array([stream_id(family, scope, label)], dtype=np.uint64)
    revealed = Revealed(given, stream, [int(index)])
    (number,) = np.flatnonzero(given.rows.unit == index)
    store = NormalStore(given.rows.stream[number][given.rows.weight[number] > 0], SEED, draws)
    years = given.rows.end[number] - given.rows.first[number]
    drawn = row_values(given, slice(number, number + 1), store)[0] * years
    expected = revealed.amounts(store)[int(index)]
    bins = np.argsort(np.argsort(store.of(stream)[0])) * 20 // draws
    assert np.ptp(expected) > 0.05 * expected.mean()
    for one in range(20):
        own = bins == one
        error = (drawn[own] - expected[own]).std() / math.sqrt(own.sum())
        assert abs((drawn[own] - expected[own]).mean()) < 4.5 * error


def test_the_plan_says_where_to_measure_and_which_cell_to_fill(indonesia: Projection) -> None:
    plan = sampling_plan(indonesia, draws=1000)
    table = plan.table
    assert (table["gain_t"].diff().dropna() <= 1e-12).all()
    assert (table["gain_t"] >= 0).all()
    assert (table["width_fall_t"] >= 0).all()
    first = table.iloc[0]
    assert first["plant"] in first["words"]
    assert first["cell"] in first["words"]
    assert first["unit_id"] in indonesia.units.index
    assert set(table["kind"]) == {"coal_analysis", "limestone_analysis", "stack_test"}
    of_coal = table[(table["kind"] == "coal_analysis") & (table["cell"] != "Measurements (new row)")]
    assert of_coal["cell"].str.match(r"Coal_units!([A-Z]+\d+|row \d+, new column hg_coal)$").all()
    assert plan.table.equals(sampling_plan(indonesia, draws=1000).table)


def test_measuring_together_begins_with_the_first_alone_and_never_makes_it_worse(indonesia: Projection) -> None:
    plan = sampling_plan(indonesia, draws=1000)
    first = plan.table.iloc[0]
    assert first["right_so_far"] == pytest.approx(plan.right + first["gain_right"], abs=1e-9)
    assert first["lost_t_so_far"] == pytest.approx(plan.lost_t - first["gain_t"], rel=1e-6)
    so_far = plan.table["lost_t_so_far"].dropna().to_numpy()
    assert (np.diff(so_far) <= 1e-9).all()
    assert 0 < so_far[-1] < plan.lost_t


def test_an_analysis_serves_all_units_of_its_coal(indonesia: Projection) -> None:
    """Of its plant and coal type, as the sheet Measurements takes it: a plant with two coals needs two analyses."""
    order = np.argsort(-indonesia.units["lifetime_kg"].to_numpy(), kind="stable")[:50]
    coal_type = indonesia.fleet.units.loc[indonesia.units.index, "coal_type"]
    told: dict[str, list[int]] = {}
    for one in possible_measurements(indonesia, order):
        first = one.units[0]
        plant = indonesia.units["plant"].iloc[first]
        if one.kind == "coal_analysis":
            at_plant = indonesia.units["plant"].eq(plant) & indonesia.units["sector"].eq("coal_power")
            same = at_plant & coal_type.eq(coal_type.iloc[first])
            assert one.units == np.flatnonzero(same).tolist()
            told.setdefault(plant, []).extend(one.units)
        if one.kind == "stack_test":
            assert len(one.units) == 1
    assert all(len(units) == len(set(units)) for units in told.values())


def test_the_error_of_measuring_holds_that_of_the_year(indonesia: Projection) -> None:
    rows = {(r.keys["quantity"], r.keys["origin"]): r.spread for r in indonesia.library.table("origin_spread").defaults}
    year = rows["year", "measured"]
    assert year is not None
    assert measuring_error(indonesia.library, "content") > year


def test_too_few_draws_are_refused(indonesia: Projection) -> None:
    with pytest.raises(UsageError, match="draws: "):
        sampling_plan(indonesia, draws=100)


def kilns(*rows: dict[str, float]) -> Projection:
    """Return the projection of kilns of one plant; each row has its own cells."""
    common = {"plant": "Q", "country": "IDN", "clinker_capacity": 1e6, "start_year": 2015, "status": "operating"}
    table = pd.DataFrame([{**common, "unit_id": f"K{number}", **row} for number, row in enumerate(rows, 1)])
    return hg.project(fleet_from_tables({"Cement_kilns": table}, settings={"base_year": 2026}), draws=0).projection


def analyses(projection: Projection) -> list[PossibleMeasurement]:
    return [one for one in possible_measurements(projection, range(len(projection.units))) if one.kind != "stack_test"]


@pytest.mark.parametrize("column", ["hg_limestone", "hg_raw_meal"])
def test_a_stated_content_of_a_kiln_is_that_of_its_quarry_and_is_written_over(column: str) -> None:
    """The sheet Measurements takes no content of kilns, and raw meal stands before limestone."""
    stated = kilns({column: 0.04})
    [factor] = [factor for factor in UncertainFactorFinder(stated).of_unit(0) if factor.family == "hg_raw_meal"]
    assert [scope for scope, _ in factor.spread.scopes] == ["country", "quarry"]
    [one] = analyses(stated)
    assert (one.kind, one.column, one.cell) == ("limestone_analysis", column, f"Cement_kilns!{column}[0]")
    assert one.words.endswith(f"write the mean to {one.cell} in place of the value there.")
    assert ("raw meal" in one.words) == (column == "hg_raw_meal")


def test_kilns_of_a_quarry_are_told_of_together_whether_stated_or_not() -> None:
    first, second = {"clinker_capacity": 2e6}, {"hg_limestone": 0.04}
    [one] = analyses(kilns(first, second))
    assert one.units == [0, 1]
    assert one.unit_id == "K1"
    assert one.words.endswith(f"write the mean to {one.cell}, and to the same column of its other kilns.")


def test_a_coal_analysis_says_how_it_counts_as_one() -> None:
    """Its mean alone is reported, with an error of 0.50 and that of its country; with the number of analyses, 0.30."""
    row = {
        "unit_id": "A",
        "plant": "P",
        "country": "IDN",
        "capacity_gross": 600,
        "start_year": 2015,
        "status": "operating",
    }

    def project(**cells: float | str) -> Projection:
        tables = {"Coal_units": pd.DataFrame([{**row, **cells}])}
        return hg.project(fleet_from_tables(tables, settings={"base_year": 2026}), draws=0).projection

    [one] = analyses(project())
    assert one.cell.endswith("new column hg_coal")
    assert one.words.endswith(
        "and fill in hg_basis, hg_coal_n (number of analyses) and hg_coal_sd (their standard deviation)."
    )
    [again] = analyses(project(hg_coal=0.05, hg_basis="as_received"))
    assert again.words == (
        "Analyse the coal of P (A) for mercury, as received, in 52 samples (one composite sample a week for a year); "
        "for unit_id A write the mean to Measurements (new row), with n and as uncertainty the standard error of the "
        "mean (uncertainty_kind sd)."
    )
    sizes = [
        next(factor.spread.size for factor in finder.of_unit(0) if factor.family == "hg_coal")
        for finder in (
            UncertainFactorFinder(project(hg_coal=0.05, hg_basis="as_received", **cells))
            for cells in ({}, {"hg_coal_n": 1})
        )
    ]
    national = hg.load_library().row("coal_mercury/IDN/any/all")
    shared = national.number("spread") ** 2 * dict(national.scopes)["country"]
    assert sizes == [pytest.approx(math.sqrt(0.5**2 + shared)), pytest.approx(0.30)]  # 0.5 stated without a method
