"""The numbers of docs/walkthrough.md are those of a run, and its functions stand in the files it names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import hginventory as hg
from hginventory.run import Run
from hginventory.uncertainty.uncertain_factors import UncertainFactorFinder

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "walkthrough.md").read_text(encoding="utf-8")
STATED, DEFAULT = "G100000109998", "G100000109958"
STEP = re.compile(r"^\|[^|]*\| (?P<functions>`\w+`(?:, `\w+`)*) \| `(?P<file>[\w/.]+)` \|$", re.MULTILINE)
STEPS = [(name, step["file"]) for step in STEP.finditer(PAGE) for name in re.findall(r"\w+", step["functions"])]


@pytest.fixture(scope="module")
def run() -> Run:
    return hg.project("indonesia")


def numbers(run: Run, unit_id: str) -> dict[str, str]:
    """Return the rows of the table of numbers for a unit, as a run says them."""
    index = run.projection.units.index.get_loc(unit_id)
    unit = run.units.loc[unit_id]
    content = run.projection.parameters["hg_coal"].of_unit(index)
    cell = run.projection.fleet.cell(unit_id, "hg_coal")
    factors = {one.family: one for one in UncertainFactorFinder(run.projection).of_unit(index)}
    spread = factors["hg_coal"].spread
    shares = ", ".join(f"{scope} {share:.0%}".replace("%", " %") for scope, share in spread.scopes)
    assert run.certainty is not None
    drawn = run.certainty.units.loc[unit_id]
    ranking = run.rank(sector="coal_power").set_index("unit_id")
    return {
        "cell of `hg_coal`": f"`{cell}`" if cell else "blank",
        "content [mg/kg]": f"{content.value:g}",
        "origin": unit["hg_origin"],
        "based on": ", ".join(f"`{ref}`" for ref in content.refs),
        "spread of the content": f"{spread.size:.3f}, {shares}",
        "coal burned [t/yr]": f"{unit['coal_t_per_yr']:,.0f}",
        "mercury in the coal [kg/yr]": f"{unit['hg_in_kg_per_yr']:.2f}",
        "removal": f"{unit['removal']:.3f}",
        "emissions to air [kg/yr]": f"{unit['air_kg_per_yr']:.2f}",
        "remaining years": f"{unit['remaining_years']}",
        "remaining-lifetime emissions [kg]": f"{unit['lifetime_kg']:,.0f}",
        "90 % interval [kg]": f"{drawn['lifetime_kg_p05']:,.0f} to {drawn['lifetime_kg_p95']:,.0f}",
        f"rank of {len(ranking)} coal units": f"{ranking.at[unit_id, 'rank']}",
        "90 % interval of the rank": f"{drawn['rank_p05']:.0f} to {drawn['rank_p95']:.0f}",
    }


def test_the_numbers_are_those_of_the_run(run: Run) -> None:
    stated, default = numbers(run, STATED), numbers(run, DEFAULT)
    rows = re.findall(r"^\| (.+) \|$", PAGE.partition("## Functions and files")[0], re.MULTILINE)[1:]
    assert rows == [f"{name} | {stated[name]} | {default[name]}" for name in stated]


def test_the_steps_shown_are_those_of_the_run(run: Run) -> None:
    blocks = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for unit, block in zip((STATED, DEFAULT), blocks, strict=True):
        assert block in run.explain(unit).text()


def test_the_blank_cell_is_that_of_the_second_unit(run: Run) -> None:
    """The page says which cell to fill in; the letter of the column is that of the first unit."""
    fleet = run.projection.fleet
    sheet, row = fleet.rows[DEFAULT]
    assert f"`{sheet}!{fleet.letters[sheet]['hg_coal']}{row}`" in PAGE


@pytest.mark.parametrize(("name", "file"), STEPS, ids=lambda text: text)
def test_a_function_stands_in_its_file(name: str, file: str) -> None:
    made: set[str] = set()
    for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.Assign):
            made.update(target.id for target in node.targets if isinstance(target, ast.Name))
    assert name in made


def test_every_step_of_the_tables_is_tested() -> None:
    assert len({file for _, file in STEPS}) == len(set(re.findall(r"`((?:hginventory|cli)/[\w/]+\.py)`", PAGE)))
