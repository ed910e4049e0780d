"""docs/scenarios.md: names every key, action, sheet column and selection column, and its examples work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hginventory as hg
from hginventory.decisions.scenarios.unit_selection import selection_table
from hginventory.filters import select
from hginventory.inputs.schema import CONTRACT_SHEETS
from hginventory.scenarios import ACTIONS, KEYS_OF_ACTION, MEASURE_COLUMNS, SCENARIO_COLUMNS
from hginventory.scenarios.files import read_scenario
from hginventory.scenarios.scenario import Measure, Scenario

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """Return the text below a heading, up to the next one."""
    return PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> set[str]:
    """Return the code in the first cell of every row of a table."""
    return {word for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for word in re.findall(r"`([^`]+)`", row)}


def test_every_key_is_described_and_no_other() -> None:
    named = {word.strip("[]") for word in first_cells(section("Keys"))}
    assert named | {"target", "value", "unit", "o2"} == set(Scenario.model_fields) | set(Measure.model_fields)


def test_every_action_is_described_and_no_other() -> None:
    described = section("Actions").partition("<!-- keys by action -->")[0]
    assert first_cells(described) == set(ACTIONS) == set(KEYS_OF_ACTION)
    for key in ("target", "value", "unit", "o2"):
        assert f"`{key}`" in described


def test_every_column_of_the_sheets_is_named_with_its_key() -> None:
    shown = section("Sheets")
    for sheet in ("Scenarios", "Measures"):
        for column in CONTRACT_SHEETS[sheet].columns:
            assert f"| {sheet} | `{column.name}` |" in shown
    assert set(MEASURE_COLUMNS.values()) == set(Measure.model_fields)
    assert set(SCENARIO_COLUMNS.values()) < set(Scenario.model_fields)


def test_every_file_on_the_page_can_be_read(tmp_path: Path) -> None:
    files = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert files
    for number, text in enumerate(files):
        path = tmp_path / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        assert read_scenario(path).measure


@pytest.mark.parametrize("where", sorted(first_cells(section("Selections"))))
def test_every_selection_on_the_page_can_be_used(where: str) -> None:
    run = hg.project("indonesia", where="capacity_mw >= 300", draws=100)
    table = selection_table(run.projection, run.certainty).reset_index()
    assert select(table, where).shape == (len(table),)
    for column in re.findall(r"`(\w+)`", section("Selections").rpartition("You can name")[2]):
        assert column == "where" or column in table


def test_the_readme_of_the_scenarios_points_to_the_page() -> None:
    text = (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")
    assert "docs/scenarios.md" in text
    assert "| `phase_in` |" not in text
