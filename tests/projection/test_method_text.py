"""The method of a unit is typed: its text may say anything, and nothing but that text changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking.data_gaps import cells_to_fill, reliance
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import coal_arrays, kiln_sector, subset
from hginventory.projection.sector import ActivityBasis, Tier
from hginventory.report.explain.unit_calculation import explain
from hginventory.report.plan.source_tables import unit_inventory
from hginventory.uncertainty.ensemble_input import assemble, central_terms
from hginventory.uncertainty.uncertain_factors import UncertainFactorFinder

COAL = pd.DataFrame({
    "unit_id": ["U1", "U2", "U3", "U4"], "plant": list("ABCD"), "unit": "1", "country": "IDN", "start_year": 2010,
    "capacity_gross": 600, "coal_type": "subbituminous", "coal_use": [None, 1.5e6, None, None],
    "generation_gross": [None, None, 3000, None], "generation_net": [None, None, None, 2500],
})  # fmt: skip
KILNS = pd.DataFrame({
    "unit_id": ["K1", "K2", "K3", "K4"], "plant": list("KLMN"), "unit": "1", "country": "IDN", "start_year": 2015,
    "clinker_capacity": [2e6, None, 1e6, 1e6], "cement_capacity": [None, 1.5e6, None, None],
    "clinker_output": [None, None, 0.9e6, None],
    "method": [None, None, "tier1", None], "measured_air": [None, None, None, 40.0], "controls": "FF+ACI-FF",
})  # fmt: skip
TESTS = pd.DataFrame([
    {"unit_id": unit, "date": "2023-05-01", "date_to": "2023-05-04", "kind": "stack_test", "quantity": "hg_yearly",
     "value": 90.0, "unit": "kg/yr", "uncertainty": 0.2, "uncertainty_kind": "rsd"} for unit in ("K1", "K3", "K4")
])  # fmt: skip
OTHER = {coal_arrays: "balance, {basis}", kiln_sector: "{basis}: by {tier}"}


def run() -> hg.Run:
    """Return the central run of coal units with every activity and of kilns of every tier, some tested."""
    fleet = fleet_from_tables({"Coal_units": COAL, "Cement_kilns": KILNS, "Measurements": TESTS})
    return hg.project(fleet, base_year=2024, draws=0)


@pytest.fixture
def reworded(monkeypatch: pytest.MonkeyPatch) -> hg.Run:
    """Return the same run with the method in other words."""
    for module, text in OTHER.items():
        monkeypatch.setattr(module, "METHOD", text)
    return run()


def test_a_unit_knows_its_tier_and_basis() -> None:
    found = run().projection
    assert found.tier.tolist() == [
        *[Tier.MASS_BALANCE] * 4, Tier.MASS_BALANCE, Tier.MASS_BALANCE, Tier.EMISSION_FACTOR, Tier.MEASURED
    ]  # fmt: skip
    assert all(isinstance(one, Tier) for one in found.tier)
    assert found.basis.tolist() == [
        ActivityBasis.CAPACITY_FACTOR,
        ActivityBasis.COAL_USE,
        ActivityBasis.GENERATION_GROSS,
        ActivityBasis.GENERATION_NET,
        ActivityBasis.CLINKER_CAPACITY,
        ActivityBasis.CEMENT_CAPACITY,
        ActivityBasis.CLINKER_OUTPUT,
        ActivityBasis.CLINKER_CAPACITY,
    ]
    assert all(isinstance(one, ActivityBasis) for one in found.basis)


def test_tier_and_basis_follow_a_selection_of_units() -> None:
    whole = run().projection
    chosen = subset(whole, np.arange(8) % 2 == 1)
    assert chosen.tier.tolist() == whole.tier[1::2].tolist()
    assert chosen.basis.tolist() == whole.basis[1::2].tolist()


def test_words_of_a_coal_class_are_not_read() -> None:
    """The share of a class is in the words that people read; the class itself is not taken from them."""
    mixed = COAL.assign(cl_coal=250.0)
    usual, reworded = (
        hg.project(fleet_from_tables({"Coal_units": mixed}), base_year=2024, draws=0).projection for _ in range(2)
    )
    reworded.units["coal_class"] = "a mix"
    factors = [[s for s in UncertainFactorFinder(p).of_unit(0) if s.family == "removal"] for p in (usual, reworded)]
    assert [factor.classes for factor in factors[0]] == [factor.classes for factor in factors[1]]
    assert [name for factor in factors[0] for name, _ in factor.classes] == ["high_cl", "low_cl"]


def test_another_wording_changes_nothing_but_its_column(reworded: hg.Run) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coal_arrays, "METHOD", "mass balance from {basis}")
        patch.setattr(kiln_sector, "METHOD", "{tier} from {basis}")
        usual = run()
    assert (reworded.units["method"] != usual.units["method"]).all()
    pd.testing.assert_frame_equal(reworded.units.drop(columns="method"), usual.units.drop(columns="method"))
    assert reworded.projection.measured == usual.projection.measured
    rows = [vars(assemble(one.projection, {}, {}).rows) for one in (reworded, usual)]
    for name, values in rows[1].items():
        np.testing.assert_array_equal(rows[0][name], values)
    np.testing.assert_array_equal(central_terms(reworded.projection), central_terms(usual.projection))
    pd.testing.assert_frame_equal(reliance(reworded.projection), reliance(usual.projection))
    pd.testing.assert_frame_equal(cells_to_fill(reworded.projection), cells_to_fill(usual.projection))
    for unit in usual.units.index:
        assert explain(reworded.projection, unit).text() == explain(usual.projection, unit).text()
    tables = [unit_inventory(r.projection, None, "1").drop(columns="method_tier") for r in (reworded, usual)]
    pd.testing.assert_frame_equal(*tables)
