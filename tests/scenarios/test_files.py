"""Scenario files: every mistake is named with its line; what ships can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import hginventory as hg
from hginventory.errors import ScenarioError, UsageError
from hginventory.scenarios.files import EXAMPLE, load_scenario, measures_of, read_scenario, shipped
from hginventory.scenarios.scenario import ACTIONS, Measure, Scenario, json_schema

HEAD = 'title = "x"\n\n[[measure]]\nwhere = "rank <= 2"\naction = "add_control"\ntarget = "FF"\nfrom_year = 2030\n'


def write(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", list(shipped()))
def test_shipped_scenario_can_be_read_and_has_a_title(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.title


def test_example_is_a_valid_scenario(tmp_path: Path) -> None:
    assert read_scenario(write(tmp_path, EXAMPLE.format(name="mine"))).measure[0].phase_in == 5


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("from_year", "from_yer"), 7, "Did you mean 'from_year'"),
        (('"add_control"', '"add_contrl"'), 5, "Did you mean 'add_control'"),
        (('"FF"', '"magic"'), 3, "magic"),
        (("2030", "1066"), 7, "from_year"),
        (("2030", '"soon"'), 7, "from_year"),
        (('title = "x"', 'titel = "x"'), 1, "Did you mean 'title'"),
    ],
)
def test_mistake_is_named_with_file_and_line(tmp_path: Path, change: tuple[str, str], line: int, words: str) -> None:
    path = write(tmp_path, HEAD.replace(*change))
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    assert f"{path}:{line}:" in str(caught.value)
    assert words in str(caught.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(write(tmp_path, HEAD.replace("from_year", "fromyear").replace("add_control", "ad_control")))
    assert len(str(caught.value).splitlines()) == 3  # the action, the missing year and the unknown key


def test_mistakes_stand_in_the_order_of_their_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "mesure = 1\n" + HEAD.replace("2030", '"soon"').replace("add_control", "wash"))
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    lines = [int(line.removeprefix(f"{path}:").partition(":")[0]) for line in str(caught.value).splitlines()]
    assert lines == [1, 6, 8]


def test_measure_knows_the_lines_of_its_keys_and_publishes_none(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD)
    measure = read_scenario(path).measure[0]
    assert (measure.at(), measure.at("target"), measure.at("value")) == (f"{path}:3", f"{path}:6", f"{path}:3")
    assert not [key for key in json_schema()["$defs"]["Measure"]["properties"] if "location" in key]  # type: ignore[index]
    with pytest.raises(ScenarioError, match=f"{path}:8: there is no key 'place'"):
        read_scenario(write(tmp_path, HEAD + 'place = "here"\n'))


def test_one_table_for_a_list_of_measures_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"mine.toml:3: .*Write \[\[measure\]\]"):
        read_scenario(write(tmp_path, HEAD.replace("[[measure]]", "[measure]")))


def test_broken_toml_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no valid TOML"):
        read_scenario(write(tmp_path, "[[measure]\n"))


@pytest.mark.parametrize(
    "measure",
    [
        {"action": "add_control", "from_year": 2030},
        {"action": "wash_coal", "from_year": 2030},
        {"action": "wash_coal", "from_year": 2030, "value": 30},
        {"action": "emission_limit", "from_year": 2030, "value": 0.03},
        {"action": "exclude", "from_year": 2030, "to_year": 2020},
        {"action": "retire", "from_year": 2030, "to_year": 2040},
        {"action": "add_control", "from_year": 2030, "target": "FF", "value": 0.5},
        {"action": "wash_coal", "from_year": 2030, "target": "FF", "value": 0.5},
        {"action": "emission_limit", "from_year": 2030, "target": "EU", "value": 0.03, "unit": "mg/Nm3"},
        {"action": "switch_coal", "from_year": 2030, "target": "LOW", "value": 30},
        {"action": "wash_coal", "from_year": 2030, "value": float("nan")},
        {"action": "wash_coal", "from_year": 2030, "value": True},
    ],
    ids=["no target", "no value", "percent for a share", "limit without unit", "ends before it begins",
         "closure that ends", "device with a value", "share with a target", "limit of two kinds",
         "percent of a fuel", "no number", "yes for a number"],
)  # fmt: skip
def test_measure_that_lacks_or_holds_what_it_cannot_is_refused(measure: dict[str, object]) -> None:
    with pytest.raises(ScenarioError, match=r"needs|outside|before|takes no|leave out|finite|valid number"):
        Measure.model_validate(measure)


def test_extends_puts_the_parent_first_and_a_circle_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, HEAD, "parent")
    child = read_scenario(write(tmp_path, 'extends = "parent"\n' + HEAD.replace("FF", "ACI"), "child"))
    measures, locations = measures_of(child, tmp_path)
    assert [(level, measure.target) for level, measure in measures] == [(0, "FF"), (1, "ACI")]
    assert locations[0].endswith("parent.toml:3")
    write(tmp_path, 'extends = "child"\n' + HEAD, "parent")
    with pytest.raises(ScenarioError, match="circle"):
        measures_of(child, tmp_path)


def test_unknown_parent_is_named_with_its_line(tmp_path: Path) -> None:
    child = read_scenario(write(tmp_path, 'title = "x"\nextends = "nobody"\n'))
    with pytest.raises(ScenarioError, match=r"mine.toml:2: extends: there is no scenario 'nobody'"):
        measures_of(child, tmp_path)


def test_unknown_scenario_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="targeted_top10"):
        load_scenario("targeted_top_10")


def test_scenario_name_cannot_be_a_path() -> None:
    with pytest.raises(ScenarioError, match="name"):
        Scenario(name="../x")


@pytest.mark.parametrize(
    ("make", "words", "allowed"),
    [
        (lambda: hg.Measure(action="add_contrl", target="FF", from_year=2030), "Did you mean 'add_control'", ACTIONS),
        (lambda: hg.Measure(action="x", target="FF", from_year=2030), "Allowed: add_control, ", ACTIONS),
        (lambda: hg.Measure(action="add_control", target="FF", from_yer=2030), "Did you mean 'from_year'", ()),
        (lambda: hg.Measure(action="add_control", target="FF"), "'from_year' is missing", ()),
        (lambda: hg.Measure(action="add_control", from_year=2030), "add_control needs a target", ()),
        (lambda: hg.Measure(action="wash_coal", value=30, from_year=2030), "outside 0-1", ()),
        (lambda: hg.Scenario(name="a b"), "name", ()),
        (lambda: hg.Scenario(name="a", titel="x"), "Did you mean 'title'", tuple(Scenario.model_fields)),
        (lambda: hg.Scenario(name="a", measure=({"action": "retire"},)), "'from_year' is missing", ()),
    ],
    ids=["action", "far", "key", "year", "target", "share", "name", "key of a scenario", "nested"],
)  # fmt: skip
def test_a_scenario_made_in_python_is_refused_as_one_of_a_file_is(
    make: Callable[[], object], words: str, allowed: tuple[str, ...]
) -> None:
    with pytest.raises(hg.ScenarioError, match=words) as caught:
        make()
    assert isinstance(caught.value, hg.HgInventoryError)
    assert not allowed or caught.value.allowed == allowed
    assert "pydantic" not in str(caught.value)


def test_a_scenario_made_in_python_is_compared() -> None:
    measure = hg.Measure(action="add_control", where="rank <= 3", target="ACI-Br", from_year=2030)
    scenario = hg.Scenario(name="mine", measure=(measure,))
    table = hg.project("indonesia", where="capacity_mw >= 600", draws=0).compare(["baseline", scenario]).table
    assert "mine" in set(table.index) | set(table.get("scenario", []))
