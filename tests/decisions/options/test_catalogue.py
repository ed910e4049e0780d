"""The catalogue at units: removal of the resulting train, avoided mercury, where it goes, what it costs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.costs.cost_range import annuity
from hginventory.decisions.costs.prices import Prices
from hginventory.decisions.options.avoided_interval import avoided_share
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.mercury_effect import Outcome, Outcomes, UncertainShare
from hginventory.decisions.options.option_table import OptionTable
from hginventory.decisions.options.unit_option import Site, UnitOption, options_table
from hginventory.errors import UsageError
from hginventory.factors.library import load_library
from hginventory.factors.provenance import Value
from hginventory.inputs.fleet.fleet import Fleet
from hginventory.model.fate import AIR, PATHWAYS
from hginventory.model.train_removal import RemovalTable
from hginventory.projection import Projection, project_fleet
from hginventory.projection.retrofit import Retrofit
from hginventory.run import Run
from hginventory.vocabulary.trains import CONTROL_GROUPS, join_devices, train_devices

MARINE, UNKNOWN_TRAIN, KILN = "G100000107734", "G100000109958", "IDN-K50"


@pytest.fixture(scope="module")
def run(drawn: Run) -> Run:
    return drawn


@pytest.fixture(scope="module")
def projection(run: Run) -> Projection:
    return run.projection


@pytest.fixture(scope="module")
def catalogue(run: Run) -> Catalogue:
    return Catalogue(run.projection, sure=run.certainty)


@pytest.fixture(scope="module")
def by_train(projection: Projection) -> dict[str, str]:
    """Return a unit with a long life of each reported train."""
    units = projection.units
    alive = units[(units["air_kg_per_yr"] > 0) & (units["remaining_years"] > 15) & (units["sector"] == "coal_power")]
    return {str(train): str(own.index[0]) for train, own in alive.groupby("train")}


def option(found: list[UnitOption], name: str) -> UnitOption:
    return next(o for o in found if o.option == name)


def with_train(fleet: Fleet, unit: str, train: str) -> Fleet:
    """Return the fleet with another train in the cells of a unit."""
    units = fleet.units.copy()
    devices = set(train_devices(train))
    for group, members in CONTROL_GROUPS.items():
        units.loc[unit, group] = join_devices(devices & set(members))
    return replace(fleet, units=units)


@pytest.mark.parametrize("train", ["LNB+ESPc", "LNB+ESPc+wFGD", "LNB+ESPc+swFGD", "FSI+ESPc", "FF", "SDA+FF", "ESPh"])
def test_an_option_and_a_unit_that_has_it_agree(projection: Projection, by_train: dict[str, str], train: str) -> None:
    """Every pathway after a step is that of a unit whose cells say the step is there, per mercury that goes in.

    Per input, because a scrubber in the cells also raises the own use of power, which is no effect on removal.
    """
    unit = by_train["LNB+ESPc"]
    start = project_fleet(with_train(projection.fleet, unit, train))
    compared = 0
    catalogue = Catalogue(start)
    hg_in = start.mass_balance.at[unit, "hg_in_kg_per_yr"]
    for found in catalogue.of_unit(unit):
        if found.applies == "no" or catalogue.table.options[found.option].mode != "train":
            continue
        there = project_fleet(with_train(start.fleet, unit, found.train_after))
        assert found.removal_after == pytest.approx(there.units.at[unit, "removal"]), found.option
        after = there.mass_balance.loc[unit] / there.mass_balance.at[unit, "hg_in_kg_per_yr"]
        before = start.mass_balance.loc[unit] / hg_in
        for pathway, kg in found.waste_kg_per_yr.items():
            moved = after[f"{pathway}_kg_per_yr"] - before[f"{pathway}_kg_per_yr"]
            assert kg / hg_in == pytest.approx(moved, abs=1e-9), (found.option, pathway)
        compared += 1
    assert compared >= 1


def test_carbon_is_the_removal_of_the_train_and_never_stacked_on_the_precipitator(
    catalogue: Catalogue, by_train: dict[str, str]
) -> None:
    """Coal method 7.5: the removal with carbon is that of the whole train."""
    table = RemovalTable(load_library())
    found = catalogue.of_unit(by_train["LNB+ESPc"])
    for name, train in (("A1", "ACI+ESPc"), ("A2", "ACI-Br+ESPc")):
        alone = table.of("ESPc", "low_cl", "PC").removal
        whole = table.of(train, "low_cl", "PC").removal
        assert option(found, name).removal_after == pytest.approx(whole)
        assert option(found, name).removal_after < 1 - (1 - alone) * (1 - whole)


def test_a_catalyst_alone_removes_nothing(catalogue: Catalogue, by_train: dict[str, str]) -> None:
    found = option(catalogue.of_unit(by_train["LNB+ESPc"]), "C5")
    assert found.applies == "no"
    assert found.avoided_kg_per_yr == 0


def test_the_facts_agree_with_the_removal_of_the_resulting_trains() -> None:
    """The share stated with an option is that of the train it leads to by judgement, within what both round to."""
    library, options = load_library(), OptionTable(load_library()).options
    removals = library.table("removal")
    judged = {tuple(row.keys.values()): row.value for row in removals.rows if row.use == "evidence"}
    changed = [row for row in removals.defaults if tuple(row.keys.values()) in judged]
    table = RemovalTable(library.with_rows(replace(row, value=judged[tuple(row.keys.values())]) for row in changed))
    behind = {"C9": "ESPc+swFGD", "H4": "ESPc+swFGD", "C6": "ESPc+wFGD", "H2": "ESPc+wFGD", "H3": "FF", "A3": "FF"}
    bases = dict.fromkeys(("C1", "C2", "C3", "C4", "C7", "C10", "A1", "A2", "A4"), "ESPc") | behind
    compared = 0
    for row in library.table("option_effect").rows:
        name = row.keys["option"]
        if row.keys["pollutant"] != "mercury" or row.use != "check" or name not in bases:
            continue
        devices = (set(train_devices(bases[name])) - options[name].replaces) | options[name].adds
        removal = table.of(join_devices(devices), row.keys["coal_class"], "PC").removal
        assert removal == pytest.approx(row.value, abs=0.011), (name, row.keys["coal_class"], join_devices(devices))
        compared += 1
    assert compared >= 31


def test_no_step_raises_the_emission_but_a_dry_sorbent_before_a_filter(projection: Projection) -> None:
    catalogue = Catalogue(projection, site=Site(must_cut=frozenset({"so2", "nox", "pm"})))
    for unit in projection.units.index[::7]:
        for found in catalogue.of_unit(str(unit)):
            assert found.avoided_kg_per_yr >= -1e-9 or found.option == "A5", (unit, found.option)
            assert found.avoided_kg <= projection.units.at[unit, "lifetime_kg"] + 1e-9


@pytest.mark.parametrize(
    ("parts", "removal", "after"),
    [
        (((1.0, "PC", "FF"),), 0.55, 0.52),  # the row of DSI+FF
        # (0.52 + 0.378) / 2 = 0.449 is less than 0.46, and one of the trains has no filter
        (((0.5, "PC", "FF"), (0.5, "PC", "ESPc+wFGD")), 0.46, 0.46),
    ],
)
def test_a_dry_sorbent_does_the_same_as_an_option_and_as_a_measure(
    catalogue: Catalogue, parts: tuple[tuple[float, str, str], ...], removal: float, after: float
) -> None:
    unit = replace(catalogue.state.of(MARINE), parts=parts, removal=removal, high_cl_share=0.0, low_class="low_cl")
    outcome = Outcomes(catalogue.projection, catalogue.state, catalogue.table).of(
        unit, (catalogue.table.options["A5"],), [True] * len(parts)
    )
    found = sum(RemovalTable(load_library()).of(f"DSI+{train}", "low_cl", "PC").removal * s for s, _, train in parts)
    as_measure = Retrofit(parts, frozenset({"DSI"}), Value(removal, "default", (), "judgement"), is_own=False)
    assert outcome.removal == pytest.approx(after)
    assert as_measure.removal_after(Value(found, "default", (), "judgement"), removal).value == pytest.approx(after)


def test_what_leaves_the_air_goes_somewhere(
    catalogue: Catalogue, projection: Projection, by_train: dict[str, str]
) -> None:
    for unit in (*by_train.values(), KILN):
        for found in catalogue.of_unit(unit):
            if found.applies == "no":
                continue
            step = catalogue.table.options[found.option]
            captured = sum(found.waste_kg_per_yr.values())
            less_input = found.avoided_kg_per_yr - captured
            hg_in = projection.units.at[unit, "hg_in_kg_per_yr"]
            if step.mode in ("train", "increment", "after"):
                assert less_input == pytest.approx(0.0, abs=1e-9 * hg_in), found.option
            elif step.mode == "input":
                share = catalogue.table.effect(found.option, "mercury", "low_cl")
                assert share is not None
                assert less_input == pytest.approx(hg_in * (share.value or 0.0)), found.option
    assert set(found.waste_kg_per_yr) <= set(PATHWAYS)


def test_an_increment_is_a_share_of_what_is_emitted_now(catalogue: Catalogue, by_train: dict[str, str]) -> None:
    found = option(catalogue.of_unit(by_train["LNB+ESPc"]), "P2")
    assert 1 - found.removal_after == pytest.approx((1 - found.removal_before) * (1 - 0.05))


@pytest.mark.parametrize(
    ("name", "share", "catch"),
    [("C8", 0.15, "fgd_solids"), ("M2", 0.6, "waste"), ("P2", 0.05, "fly_ash"), ("P3", 0.3, "fly_ash")],
)
def test_what_a_step_catches_itself_goes_where_it_stands(
    catalogue: Catalogue, by_train: dict[str, str], name: str, share: float, catch: str
) -> None:
    """A step in or above the scrubber puts nothing into the ash of the precipitator before it."""
    unit = catalogue.state.of(by_train["LNB+ESPc"])
    unit = replace(unit, parts=((1.0, "PC", "ESPc+wFGD"),), removal=0.3, low_class="low_cl", high_cl_share=0.0)
    outcomes = Outcomes(catalogue.projection, catalogue.state, catalogue.table)
    before, after = (outcomes.of(unit, steps, [True]).shares for steps in ((), (catalogue.table.options[name],)))
    expected = dict.fromkeys(PATHWAYS[AIR.stop :], 0.0) | {catch: 0.7 * share}
    assert after[AIR].sum() == pytest.approx(0.7 * (1 - share))
    assert dict(zip(PATHWAYS[AIR.stop :], (after - before)[AIR.stop :], strict=True)) == pytest.approx(expected)


def test_chlorine_lets_the_devices_that_are_there_catch_more(catalogue: Catalogue, by_train: dict[str, str]) -> None:
    """The precipitator takes 0.219 of what the two take together, 0.376, and the scrubber the rest, as before."""
    unit = catalogue.state.of(by_train["LNB+ESPc"])
    unit = replace(unit, parts=((1.0, "PC", "ESPc+wFGD"),), removal=0.3, low_class="low_cl", high_cl_share=0.0)
    outcomes = Outcomes(catalogue.projection, catalogue.state, catalogue.table)
    shares = outcomes.of(unit, (catalogue.table.options["F3"],), [True]).shares
    behind_boiler = (1 - 0.7 * 0.7) - shares[PATHWAYS.index("bottom_ash")]
    assert shares[PATHWAYS.index("fly_ash")] == pytest.approx(behind_boiler * 0.219 / 0.376)
    assert shares[PATHWAYS.index("fgd_solids")] == pytest.approx(behind_boiler * 0.157 / 0.376 * 0.9)


@pytest.mark.parametrize(("accepted", "removal"), [([True, True], 0.95), ([True, False], 0.3 + 0.5 * 0.65)])
def test_a_step_works_only_at_the_trains_it_can_go_to(
    catalogue: Catalogue, by_train: dict[str, str], accepted: list[bool], removal: float
) -> None:
    unit = catalogue.state.of(by_train["LNB+ESPc"])
    parts = (0.5, "PC", "ESPc+wFGD"), (0.5, "PC", "ESPc+wFGD")
    unit = replace(unit, parts=parts, removal=0.3, low_class="low_cl", high_cl_share=0.0)
    outcomes = Outcomes(catalogue.projection, catalogue.state, catalogue.table)
    found = outcomes.of(unit, (catalogue.table.options["M1"],), accepted)
    assert found.removal == pytest.approx(removal)
    assert found.shares[PATHWAYS.index("waste")] == pytest.approx(removal - 0.3)


def test_mercury_that_biomass_does_not_bring_is_caught_nowhere(catalogue: Catalogue, by_train: dict[str, str]) -> None:
    """Conversion leaves 0.05 of the mercury that goes in, and the filter takes 0.55 of that as it did of all."""
    unit = catalogue.state.of(by_train["LNB+ESPc"])
    unit = replace(unit, parts=((1.0, "PC", "FF"),), removal=0.55, low_class="low_cl", high_cl_share=0.0)
    outcomes = Outcomes(catalogue.projection, catalogue.state, catalogue.table)
    before, after = (outcomes.of(unit, steps, [True]) for steps in ((), (catalogue.table.options["F5"],)))
    assert after.input_factor == pytest.approx(0.05)
    assert after.shares == pytest.approx(before.shares)
    assert after.left(0.55) == pytest.approx(0.05)


def test_less_input_scales_the_emission(catalogue: Catalogue, projection: Projection, by_train: dict[str, str]) -> None:
    unit = by_train["LNB+ESPc"]
    found = option(catalogue.of_unit(unit), "P1")
    assert found.removal_after == pytest.approx(found.removal_before)
    assert found.avoided_kg_per_yr == pytest.approx(0.04 * projection.units.at[unit, "air_kg_per_yr"])


def test_years_count_from_when_the_step_can_run(
    catalogue: Catalogue, projection: Projection, by_train: dict[str, str]
) -> None:
    unit = by_train["LNB+ESPc"]
    base = projection.settings.base_year
    end = projection.units.at[unit, "end_year"]
    skid, plant = (option(catalogue.of_unit(unit), name) for name in ("A2", "C2"))
    assert (skid.first_year, plant.first_year) == (base + 2, base + 3)  # 15 and 27 months, rounded up
    for found in (skid, plant):
        assert found.avoided_kg == pytest.approx(found.avoided_kg_per_yr * (end - found.first_year))


def test_a_change_of_coal_is_computed_from_the_coals(projection: Projection) -> None:
    units = projection.units
    own = units["hg_coal_mg_per_kg"] / units["calorific_value_mj_per_kg"]
    stated = (units["hg_origin"] == "reported") & (units["sector"] == "coal_power") & (units["remaining_years"] > 10)
    dirty = str(units.index[stated][0])
    found = option(Catalogue(projection, alternative_mg_per_mj=0.5 * own[dirty]).of_unit(dirty), "F2")
    assert found.avoided_kg_per_yr == pytest.approx(0.5 * units.at[dirty, "air_kg_per_yr"])
    worse = option(Catalogue(projection, alternative_mg_per_mj=2 * own[dirty]).of_unit(dirty), "F2")
    assert worse.applies == "no"
    blank = str(units.index[(units["hg_origin"] == "default") & (units["remaining_years"] > 10)][0])
    assert "analyse it first" in option(Catalogue(projection).of_unit(blank), "F2").reason


def test_other_raw_meal_takes_out_the_part_of_the_meal(tmp_path: Path) -> None:
    """Half the mercury of the meal, at a kiln whose fuel brings some as well."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Cement_kilns"
    for row in (
        [
            "unit_id",
            "country",
            "clinker_capacity",
            "start_year",
            "hg_raw_meal",
            "raw_meal_ratio",
            "heat_use",
            "hg_fuel",
        ],
        ["K", "IND", 1e6, 2010, 0.04, 1.5, 3300, 0.1],
        ["L", "IND", 1e6, 2010, 0.02, 1.5, 3300, 0.1],
    ):
        sheet.append(row)
    book.save(tmp_path / "kilns.xlsx")
    run = hg.project(tmp_path / "kilns.xlsx", draws=0)
    air = run.units["air_kg_per_yr"]
    catalogue = Catalogue(run.projection)
    assert option(catalogue.of_unit("K"), "K6").avoided_kg_per_yr == pytest.approx(air["K"] - air["L"])
    assert option(catalogue.of_unit("L"), "K6").applies == "no"


def test_a_unit_of_unknown_train_gets_steps_of_the_trains_it_may_have(catalogue: Catalogue) -> None:
    found = option(catalogue.of_unit(UNKNOWN_TRAIN), "A2")
    assert found.applies == "yes"
    assert 0.5 <= found.applies_to <= 1.0
    assert found.removal_after < 0.9
    rare = option(catalogue.of_unit(UNKNOWN_TRAIN), "H2")
    assert rare.applies == "no"
    assert rare.applies_to < 0.5


@pytest.mark.slow
def test_replicability_counts_the_other_units(
    catalogue: Catalogue, projection: Projection, by_train: dict[str, str]
) -> None:
    everywhere = {name: [u for u in map(str, projection.units.index) if option_applies(catalogue, u, name)]
                  for name in ("H2", "C8", "H3")}  # fmt: skip
    for name, units in everywhere.items():
        assert option(catalogue.of_unit(by_train["LNB+ESPc+wFGD"]), name).replicable == len(
            set(units) - {by_train["LNB+ESPc+wFGD"]}
        ), name


def option_applies(catalogue: Catalogue, unit: str, name: str) -> bool:
    return any(o.option == name and o.applies != "no" for o in catalogue.of_unit(unit))


def test_steps_together_go_through_the_resulting_train(catalogue: Catalogue, by_train: dict[str, str]) -> None:
    unit = by_train["LNB+ESPc"]
    both = catalogue.combined(unit, ("C2", "H2"))
    assert both.train_after == "HAL+LNB+ESPc+wFGD"
    assert both.removal_after == pytest.approx(RemovalTable(load_library()).of("HAL+ESPc+wFGD", "low_cl", "PC").removal)
    scrubber = option(catalogue.of_unit(unit), "C2")
    assert both.cost is not None
    assert scrubber.cost is not None
    assert both.cost.per_year.value > scrubber.cost.per_year.value
    assert both.applies == "if"


@pytest.mark.parametrize("pair", [("C1", "C4"), ("H1", "H2"), ("A1", "A2"), ("C2", "C3")])
def test_two_steps_of_a_kind_are_refused(catalogue: Catalogue, by_train: dict[str, str], pair: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match="take one of them"):
        catalogue.combined(by_train["LNB+ESPc"], pair)


def test_unknown_names_are_refused(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match="no unit"):
        catalogue.of_unit("nowhere")
    with pytest.raises(UsageError, match="no option"):
        catalogue.combined(KILN, ("K1", "Z9"))


def test_cost_per_mercury_is_cost_over_mercury(
    catalogue: Catalogue, projection: Projection, by_train: dict[str, str]
) -> None:
    unit = by_train["LNB+ESPc"]
    found = option(catalogue.of_unit(unit), "A2")
    row = projection.units.loc[unit]
    life = min(20, row["end_year"] - found.first_year)
    kw, mwh = row["capacity_net_mw"] * 1000, row["generation_net_gwh_per_yr"] * 1000
    capital = 1.4728 * 86.5e3 * (kw / 1000) ** 0.597 * 322 / 237.02  # mean of reported costs, above 95 MW
    cost = capital * annuity(0.07, life) + 0.58 * kw + 1.0 * mwh
    assert found.cost is not None
    assert found.usd_per_kg is not None
    assert found.cost.per_year.value == pytest.approx(cost, rel=1e-4)
    base, end, horizon = 2026, int(row["end_year"]), projection.yearly_kg.shape[1]
    assert projection.settings.base_year == base
    npv = sum(cost / 1.07 ** (year - base + 1) for year in range(int(found.first_year), end))
    assert found.cost.npv.value == pytest.approx(npv, rel=1e-4)
    assert found.cost.annuity.value == pytest.approx(npv * annuity(0.07, horizon), rel=1e-4)
    assert found.usd_per_kg.value == pytest.approx(found.cost.annuity.value * horizon / found.avoided_kg)
    assert found.usd_per_kg.low < found.usd_per_kg.value < found.usd_per_kg.high


def test_sold_ash_costs_its_sale(projection: Projection, by_train: dict[str, str]) -> None:
    unit = by_train["LNB+ESPc"]
    kept, sold = (option(Catalogue(projection, site=Site(ash_sold=s)).of_unit(unit), "A2") for s in (False, True))
    assert kept.cost is not None
    assert sold.cost is not None
    assert sold.cost.per_year.value > kept.cost.per_year.value
    assert sold.cost.mercury_per_year.value == pytest.approx(sold.cost.per_year.value)


def test_intervals_come_only_with_draws_and_hold_the_mean(catalogue: Catalogue, projection: Projection) -> None:
    for found in Catalogue(projection).of_unit(UNKNOWN_TRAIN):
        assert np.isnan(found.avoided_p05)
    for found in catalogue.of_unit(UNKNOWN_TRAIN):
        if found.avoided_kg_per_yr > 0 and found.option != "A5":
            assert 0 <= found.avoided_p05 < found.avoided_p50 < found.avoided_p95


def test_interval_is_that_of_the_input_where_removal_is_certain() -> None:
    """A step that takes out all of a lognormal emission avoids that lognormal."""
    p05, p95 = np.exp(-1.6448536 * 0.6 - 0.18), np.exp(1.6448536 * 0.6 - 0.18)
    outcome = Outcome("", 1.0, 1.0, np.zeros(9), UncertainShare(0.0), UncertainShare(1.0), UncertainShare(0.0))
    low, middle, high = avoided_share(outcome, 0.0, p05, p95)
    assert middle == pytest.approx(np.exp(-0.18), rel=0.01)
    assert low == pytest.approx(p05, rel=0.1)
    assert high == pytest.approx(p95, rel=0.1)


def test_interval_widens_with_the_spread_of_the_step() -> None:
    sure, unsure = (
        avoided_share(
            Outcome("", 1.0, 0.5, np.zeros(9), UncertainShare(0.1), UncertainShare(0.5, sd), UncertainShare(0.0)),
            0.1,
            0.5,
            1.7,
        )
        for sd in (0.0, 0.2)
    )
    assert unsure[2] - unsure[0] > sure[2] - sure[0]


def test_the_table_states_currency_year_rate_and_life_beside_every_cost(catalogue: Catalogue) -> None:
    table = options_table(catalogue.of_unit(KILN), catalogue.prices.terms)
    priced = table[table["per_year"].notna()]
    assert len(priced) >= 4
    assert set(priced["currency"]) == {"USD"}
    assert set(priced["price_year"]) == {2025}
    assert priced["rate"].eq(0.07).all()
    assert priced["life_years"].gt(0).all()


def test_other_terms_change_the_cost_and_nothing_else(projection: Projection) -> None:
    cheap, dear = (
        option(Catalogue(projection, prices=Prices(projection.library, rate=rate)).of_unit(MARINE), "A2")
        for rate in (0.0, 0.15)
    )
    assert cheap.cost is not None
    assert dear.cost is not None
    assert dear.cost.per_year.value > cheap.cost.per_year.value
    assert dear.avoided_kg == cheap.avoided_kg


def test_a_kiln_step_without_any_price_is_not_called_free(run: hg.Run) -> None:
    catalogue = Catalogue(run.projection)
    for found in catalogue.of_unit(KILN):
        if found.option in ("K6", "K7") and found.applies != "no":
            assert found.cost is None
            assert found.usd_per_kg is None
            assert "no cost available" in found.reason
    assert option(catalogue.of_unit(KILN), "K7").applies != "no"


def test_the_cost_of_a_kiln_says_that_it_is_capital_only(run: hg.Run) -> None:
    catalogue = Catalogue(run.projection)
    priced = [found for found in catalogue.of_unit(KILN) if found.cost is not None]
    assert priced
    assert all(found.cost is not None and found.cost.covers.startswith("capital only") for found in priced)
    assert "kilns: capital only" in catalogue.prices.terms.text(["cement_kiln"])
    assert "capital only" not in catalogue.prices.terms.text(["coal_power"])
    coal = [found for found in catalogue.of_unit(UNKNOWN_TRAIN) if found.cost is not None]
    assert all(found.cost is not None and found.cost.covers == "capital and operation" for found in coal)


@pytest.mark.parametrize(("lifetime_spread", "column"), [(0.0, "lifetime_kg"), (10.0, "air_kg_per_yr")])
def test_interval_of_an_option_takes_the_rate_where_last_years_shift(lifetime_spread: float, column: str) -> None:
    """How long a unit runs says nothing of what a year avoids; with fixed years a lifetime tells of all its years.

    The percentiles of the column that counts are made 0.5 and 1.7 of the mean, those of the other nine times as wide.
    """
    cells = {"unit_id": "U1", "plant": "P", "country": "IDN", "MW": 600.0, "start_year": 2010, "pm_control": "ESPc"}
    fleet = hg.fleet_from_frame(pd.DataFrame([cells]), settings={"base_year": 2026})
    run = hg.project(fleet, draws=20, lifetime_spread=lifetime_spread)
    assert run.certainty is not None
    percentiles = {
        f"{name}_{end}": (part if name == column else part**9) * run.units[name]
        for name in ("lifetime_kg", "air_kg_per_yr")
        for end, part in (("p05", 0.5), ("p95", 1.7))
    }
    sure = replace(run.certainty, units=run.certainty.units.assign(**percentiles))
    catalogue = Catalogue(run.projection, sure=sure)
    found = option(catalogue.of_unit("U1"), "A2")
    unit = catalogue.state.of("U1")
    _, _, outcome = catalogue.effect(unit, [catalogue.table.options["A2"]], Site())
    assert outcome is not None
    air = run.units.at["U1", "air_kg_per_yr"]
    expected = [air * level for level in avoided_share(outcome, unit.removal, 0.5, 1.7)]
    levels = np.array([found.avoided_p05, found.avoided_p50, found.avoided_p95])  # over the mean
    assert (levels * found.avoided_kg_per_yr).tolist() == pytest.approx(expected)
