"""What the sampling plan says is done, word for word, in a copy of the workbook: the run shows what was promised.

The result of each measurement is what is expected, so that means stay and only the knowledge grows. Both runs draw the
same random numbers, so that what is left between promise and run is that every error is taken for lognormal, and that
the plan does not know which quantity a stack test will give.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.sensitivity.possible_measurements import NEW_ROW
from hginventory.ensemble.run import run_ensemble
from hginventory.inputs.reader import fleet_from_tables
from hginventory.inputs.template.fleet_writer import write_fleet
from hginventory.uncertainty.ensemble_input import assemble

DRAWS, SURE_DRAWS = 1000, 60_000
TOLERANCE, BY_CHANCE = 0.15, 0.004  # of the promised fall of the standard deviation; errors that go together by chance
STATED = {"hg_coal": 0.176, "hg_basis": "as_received"}
SAMPLES, OF_ONE = 52, 0.30  # composite samples of a year, log-sd of one
OF_LIMESTONE = 0.3  # promised for the whole raw meal; a run knows the other materials, and falls by more
COAL = {"country": "IDN", "start_year": 2012, "coal_type": "subbituminous", "status": "operating"}
KILN = {"country": "IDN", "start_year": 2015, "status": "operating", "clinker_capacity": 2e6}


def plant(count: int, stated: int, **cells: object) -> list[dict[str, Any]]:
    """Return the units of one plant, the last of which are the largest; the first ones state their coal."""
    return [
        {"unit_id": f"S{n}", "plant": "S", "unit": f"{n}", "capacity_gross": 400 + n, **COAL, **cells,
         **(STATED if n < stated else {})}
        for n in range(count)
    ]  # fmt: skip


def others(count: int) -> list[dict[str, Any]]:
    return [{"unit_id": f"O{n}", "plant": f"O{n}", "unit": "1", "capacity_gross": 380, **COAL} for n in range(count)]


TWO_COALS = [*plant(4, 2), {**plant(1, 0)[0], "unit_id": "L", "coal_type": "lignite", "capacity_gross": 600}]
FLEETS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "seven of ten state their coal": {"Coal_units": [*plant(10, 7), *others(3)]},
    "all ten state it": {"Coal_units": [*plant(10, 10), *others(3)]},
    "none states it": {"Coal_units": [*plant(10, 0), *others(3)]},
    "one unit states it": {"Coal_units": [*plant(1, 1), *others(3)]},
    "one unit does not": {"Coal_units": [*plant(1, 0), *others(3)]},
    "analysed already": {"Coal_units": [*plant(4, 4, hg_coal_n=5), *others(3)]},
    "two coals at one plant": {"Coal_units": [*TWO_COALS, *others(2)]},
    "a fuel of its own": {
        "Coal_units": [*plant(3, 0, fuel_id="F"), *others(3)],
        "Fuels": [{"fuel_id": "F", "country": "IDN", "coal_type": "subbituminous", **STATED}],
    },
    "kilns of one quarry": {"Cement_kilns": [{**KILN, "unit_id": f"K{n}", "plant": "K"} for n in range(2)]},
    "kilns, one of which states raw meal": {
        "Cement_kilns": [
            {**KILN, "unit_id": "K0", "plant": "K", "hg_raw_meal": 0.05},
            {**KILN, "unit_id": "K1", "plant": "K"},
        ]
    },
}


def workbook(tables: dict[str, list[dict[str, Any]]], path: Path) -> Path:
    """Return a workbook of the template with a fleet in it."""
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return write_fleet(fleet_from_tables(frames, settings={"country": "IDN", "base_year": 2026}), path)


def expected(run: hg.Run, row: dict[str, Any]) -> float:
    """Return the result that leaves the means as they are."""
    unit = run.projection.units.index.get_loc(row["unit_id"])
    if row["kind"] == "stack_test":
        known = run.units.loc[row["unit_id"]]
        is_kiln = known["sector"] == "cement_kiln"
        heat_tj = 1.0 if is_kiln else known["coal_t_per_yr"] * known["calorific_value_mj_per_kg"] / 1000.0
        return float(known["air_kg_per_yr"]) / heat_tj * (1.0 if is_kiln else 1000.0)
    of_coal = row["kind"] == "coal_analysis"
    return run.projection.parameters["hg_coal" if of_coal else "hg_raw_meal"].of_unit(unit).value


def carry_out(run: hg.Run, row: dict[str, Any], path: Path, out: Path) -> None:
    """Do what a row of the plan says in a copy of a workbook, reading its words as a person would."""
    book, value = openpyxl.load_workbook(path), expected(run, row)
    if row["cell"] == NEW_ROW:
        [unit_id] = re.findall(r"unit_id (\w+)", row["words"])
        quantity = {"unit_id": unit_id, "date": "2025-06-01", "kind": row["kind"], "value": value}
        if row["kind"] == "coal_analysis":
            assert f"in {SAMPLES} samples" in row["words"]
            of_mean = np.sqrt(np.expm1(OF_ONE**2) / SAMPLES)
            quantity |= {"quantity": "hg_coal", "unit": "mg/kg", "basis": "as_received", "n": SAMPLES}
            quantity |= {"uncertainty": of_mean, "uncertainty_kind": "rsd"}
        elif run.units.loc[unit_id, "sector"] == "coal_power":
            quantity |= {"quantity": "hg_per_heat", "unit": "g/TJ"}
        else:
            quantity |= {"quantity": "hg_yearly", "unit": "kg/yr"}
        fill(book["Measurements"], 4, quantity)
    else:
        sheet, cell = row["cell"].split("!")
        page = book[sheet]
        ids = {page.cell(line, 1).value: line for line in range(4, 40)}
        told = [row["unit_id"]]
        if "to the same column of its other kilns" in row["words"]:
            told = [name for name, known in run.projection.fleet.units["plant"].items() if known == row["plant"]]
        for name in told:
            fill(page, ids[name], {row["column"]: value})
        assert page[cell].value == value
        if "hg_coal_n" in row["words"]:
            fill(page, page[cell].row, {"hg_basis": "as_received", "hg_coal_n": SAMPLES,
                                         "hg_coal_sd": value * np.sqrt(np.expm1(OF_ONE**2))})  # fmt: skip
    book.save(out)


def fill(sheet: Any, line: int, values: dict[str, Any]) -> None:
    columns = {cell.value: cell.column for cell in sheet[3]}
    for name, value in values.items():
        sheet.cell(line, columns[name]).value = value


def spread(run: hg.Run) -> float:
    """Return the standard deviation of the total over the remaining life, relative to its mean.

    The mean moves a little where limestone is analysed, as the other materials of the raw meal count beside it.
    """
    given = assemble(run.projection, {"all": list(run.units.index)}, {}, top=1)
    total = run_ensemble(given, SURE_DRAWS, 1).life_sums[0]
    return float(np.std(total) / np.mean(total))


@pytest.mark.parametrize("name", FLEETS)
def test_every_kind_of_instruction_brings_what_it_promises(name: str, tmp_path: Path) -> None:
    path = workbook(FLEETS[name], tmp_path / "fleet.xlsx")
    run = hg.project(path, draws=DRAWS)
    plan, before = run.sampling_plan(top=2).table, spread(run)
    rows = plan.drop_duplicates("kind").to_dict("records")  # the first of each kind
    rows += plan[plan["plant"].eq("S") & plan["kind"].eq("coal_analysis")].to_dict("records")
    for row in rows:
        carry_out(run, row, path, tmp_path / "after.xlsx")
        after = hg.project(tmp_path / "after.xlsx", draws=0)
        fall = 1.0 - spread(after) / before
        assert fall == pytest.approx(
            row["width_fall"], rel=OF_LIMESTONE if row["column"] == "hg_limestone" else TOLERANCE, abs=BY_CHANCE
        ), row["words"]


def test_the_analysis_of_a_coal_moves_every_unit_that_the_plan_counts(tmp_path: Path) -> None:
    path = workbook(FLEETS["seven of ten state their coal"], tmp_path / "fleet.xlsx")
    run = hg.project(path, draws=DRAWS)
    [row] = run.sampling_plan(top=2).table.query("plant == 'S' and kind == 'coal_analysis'").to_dict("records")
    assert (row["units_served"], row["cell"]) == (10, NEW_ROW)
    carry_out(run, row, path, tmp_path / "after.xlsx")
    of_coal = hg.project(tmp_path / "after.xlsx", draws=0).projection.parameters["hg_coal"]
    assert [of_coal.of_unit(index).origin for index in range(10)] == ["measured"] * 10
    assert row["width_fall"] > 0.1
