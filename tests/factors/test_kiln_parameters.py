"""Parameters of kilns: a number is known no better than what it is made of."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from hginventory.decisions.data_quality import reliance
from hginventory.factors.library import load_library
from hginventory.factors.provenance import is_row
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet

KILN = {"unit_id": "K1", "plant": "K", "unit": "1", "country": "IDN", "clinker_capacity": 1e6, "start_year": 2015}


def kiln(**columns: Any) -> Projection:
    """Return the projection of one kiln."""
    return project_fleet(fleet_from_tables({"Cement_kilns": pd.DataFrame([KILN | columns])}), base_year=2024)


@pytest.mark.parametrize(
    "columns", [{}, {"fuels": "coal:0.5; petcoke:0.5"}, {"fuels": "petcoke"}, {"fuels": "petcoke", "hg_fuel": 0.05}]
)
def test_the_fuel_of_a_kiln_is_known_no_better_than_its_heating_value(columns: dict[str, Any]) -> None:
    one = kiln(**columns)
    value = one.parameters["fuel_hg"].of_unit(0)
    marks = {load_library().row(ref).read_from for ref in value.ref.split("; ") if is_row(ref)}
    assert "recalled" in marks
    assert value.read_from == ("judgement" if "judgement" in marks else "recalled")
    assert reliance(one).loc["kiln fuel mercury", "share_on_recalled_or_judged"] == 1.0


def test_a_raw_meal_is_known_no_better_than_its_parts_and_an_analysis_of_the_whole_is_a_cell() -> None:
    assert kiln(hg_limestone=0.03).parameters["hg_raw_meal"].of_unit(0).read_from == "judgement"
    assert kiln(hg_raw_meal=0.03).parameters["hg_raw_meal"].of_unit(0).read_from == "cell"
