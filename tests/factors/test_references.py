"""A number holds its references as data: no text is split to find them, and units share equal ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

import hginventory as hg
from hginventory.factors.provenance import Resolved, Value, from_cell
from hginventory.inputs.reader import fleet_from_tables
from hginventory.report.explain.unit_calculation import explain
from hginventory.uncertainty.uncertain_factors import UncertainFactorFinder

ODD = "own/data; Coal_units!hg_coal[0]"  # split at its sign it would hold the id of a factor row
COAL = pd.DataFrame({
    "unit_id": ["U1", "U2", "U3"], "plant": list("ABC"), "unit": "1", "country": "IDN", "start_year": 2010,
    "capacity_gross": 600, "coal_type": "subbituminous", "hg_coal": [0.1, None, None],
    "hg_basis": ["as received", None, None], "calorific_value": [18.0, None, None],
    "cv_basis": ["net as received", None, None],
})  # fmt: skip


def test_the_sign_between_references_may_stand_in_one() -> None:
    fleet = fleet_from_tables({"Coal_units": COAL})
    usual = hg.project(fleet, base_year=2024, draws=0)
    odd = replace(fleet, cells={**fleet.cells, ("U1", "hg_coal"): ODD})
    found = hg.project(odd, base_year=2024, draws=0)
    assert found.projection.parameters["hg_coal"].refs[0] == (ODD,)
    pd.testing.assert_frame_equal(found.factors_used(), usual.factors_used())
    assert UncertainFactorFinder(found.projection).of_unit(0) == UncertainFactorFinder(usual.projection).of_unit(0)
    (step,) = [step for step in explain(found.projection, "U1").steps if ODD in step.refs]
    assert step.reference() == step.as_dict()["ref"] == ODD


def test_references_are_joined_only_for_people() -> None:
    told = explain(hg.project(fleet_from_tables({"Coal_units": COAL}), base_year=2024, draws=0).projection, "U2")
    (removal,) = [step for step in told.steps if step.name == "removal, coal to stack"]
    assert len(removal.refs) > 1
    assert removal.reference() == "; ".join(removal.refs)
    assert told.as_dict()["steps"][removal.number - 1]["ref"] == removal.reference()
    assert list(told.to_frame()) == ["number", "name", "value", "unit", "formula", "origin", "ref"]


def test_an_array_holds_tuples_of_any_length() -> None:
    values = [
        from_cell("Coal_units!B2", 1.0),
        *(Value(1.0, "default", (name, "c/d"), "read") for name in ("a/b", "e/f")),
    ]
    for some in (values, values[:1], values[1:]):
        found = Resolved.of("x", "1", some)
        assert found.refs.shape == (len(some),)
        assert [found.of_unit(index) for index in range(len(some))] == some
        assert found.take(np.array([len(some) - 1])).of_unit(0) == some[-1]


def test_units_share_the_references_of_a_row() -> None:
    found = hg.project(fleet_from_tables({"Coal_units": COAL}), base_year=2024, draws=0).projection
    refs = found.parameters["net_efficiency"].refs
    assert refs[0] is refs[1]
