"""Scenario files: found by path or by name, read with the line of whatever is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from hginventory.data_files import data_folder
from hginventory.errors import ScenarioError, UnreadableFileError, UsageError
from hginventory.files import check_target, new_file
from hginventory.reading import MOST_MEASURES, read_toml
from hginventory.scenarios.problems import MEASURES, key_of, words_of
from hginventory.scenarios.scenario import ACTIONS, LOCATED, Measure, Scenario

# What `hginv scenario new` writes; it is a valid scenario as it stands.
EXAMPLE = """# A scenario: what is done to which units and when. `hginv scenario schema` lists every key.
name = "{name}"
title = "What it is, in one line"
extends = "baseline"

[[measure]]
where = "sector == 'coal_power' and capacity_mw >= 300 and remaining_years >= 10"
action = "add_control"
target = "ACI-Br"
from_year = 2030
phase_in = 5
note = "Why"
"""
Part = TypeVar("Part", Scenario, Measure)
_MEASURE = re.compile(r"^\s*\[\[\s*measure\s*\]\]")
_NO_LIST = re.compile(r"^\s*(\[\s*measure\s*\]|measure\s*=)")


def check_new_scenario(path: Path, parameter: str) -> None:
    """Raise unless a scenario may be written to a path.

    Parameters
    ----------
    path : Path
        File to write.
    parameter : str
        Parameter that names the file, for messages.

    Raises
    ------
    UsageError
        If the name does not end in .toml, there is no folder for it, or there is such a file.
    """
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}. Make it first, or name another file.", parameter=parameter)
    check_target(path, parameter, ".toml")


def write_scenario(path: Path, text: str, parameter: str) -> None:
    """Write a new scenario file; arguments and errors as in `check_new_scenario`."""
    check_new_scenario(path, parameter)
    with new_file(path, parameter) as new:
        new.write_text(text, encoding="utf-8")


def shipped() -> dict[str, Path]:
    """Return the scenarios that come with the package, by name."""
    return {path.stem: path for path in sorted(data_folder("scenarios").glob("*.toml"))}


def load_scenario(name: str, folder: Path | None = None) -> Scenario:
    """Return a scenario by path or name.

    Parameters
    ----------
    name : str
        Path of a TOML file; where there is none, a name: of a file next to ``folder``, else a shipped scenario.
    folder : Path, optional
        Folder of the file that names this one.

    Raises
    ------
    UsageError
        If there is no such scenario.
    ScenarioError
        If the file is wrong; every mistake is named with its line.

    Examples
    --------
    >>> load_scenario("baseline").measure
    ()
    """
    candidates = [Path(name), *([folder / f"{name}.toml"] if folder else [])]
    for path in candidates:
        if path.suffix.lower() == ".toml" and path.is_file():
            return read_scenario(path)
    known = shipped()
    if name in known:
        return read_scenario(known[name])
    words = f"there is no scenario {name!r}. Name a .toml file, or one of: {', '.join(known)}."
    raise UsageError(words, allowed=tuple(known))


def read_scenario(path: Path) -> Scenario:
    """Return the scenario of a file; arguments and errors as in `load_scenario`."""
    try:
        text, content = read_toml(path)
    except UnreadableFileError as error:
        raise ScenarioError(error.message) from error
    measures = content.get(MEASURES)
    if isinstance(measures, list) and len(measures) > MOST_MEASURES:
        raise ScenarioError(f"{path} has {len(measures):,} measures; at most {MOST_MEASURES:,} are read. Split it.")
    lines = text.splitlines()
    starts = _starts(lines)
    try:
        scenario = Scenario.model_validate({"name": path.stem, **content}, context=LOCATED)
    except ValidationError as error:
        raise ScenarioError("\n".join(_messages(path, lines, error))) from None

    def located(part: Part, location: tuple[str | int, ...]) -> Part:
        keys = {key: f"{path}:{line_of(lines, (*location, key), starts)}" for key in type(part).model_fields}
        return part.located(f"{path}:{line_of(lines, location, starts)}", keys)

    measures = tuple(located(one, ("measure", number)) for number, one in enumerate(scenario.measure))
    return located(scenario.model_copy(update={"measure": measures}), ())


def _starts(lines: Sequence[str]) -> list[int]:
    """Return the indices of the lines that begin a measure."""
    return [number for number, line in enumerate(lines) if _MEASURE.match(line)]


def line_of(lines: Sequence[str], location: Sequence[Any], starts: Sequence[int] | None = None) -> int:
    """Return the line, counted from 1, of a key of a scenario file.

    Parameters
    ----------
    lines : sequence of str
        The file.
    location : sequence
        As ``("measure", 2, "action")``; a measure without a key is named by its heading.
    starts : sequence of int, optional
        Indices of the lines that begin a measure, where they are known.

    Examples
    --------
    >>> line_of(["name = 'a'", "[[measure]]", "action = 'retire'"], ("measure", 0, "action"))
    3
    """
    starts = _starts(lines) if starts is None else starts
    begin, end = 0, starts[0] if starts else len(lines)
    key = next((part for part in reversed(location) if isinstance(part, str) and part != "measure"), None)
    if len(location) > 1 and location[0] == "measure" and isinstance(location[1], int) and location[1] < len(starts):
        begin = starts[location[1]]
        end = starts[location[1] + 1] if location[1] + 1 < len(starts) else len(lines)
    for number in range(begin, end):
        if key and re.match(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*=", lines[number]):
            return number + 1
    return begin + 1


def measures_of(
    scenario: Scenario, folder: Path | None = None, own: Mapping[str, Scenario] | None = None
) -> tuple[list[tuple[int, Measure]], dict[int, str]]:
    """Return the measures of a scenario and those it extends, with their level and location.

    Parameters
    ----------
    scenario : Scenario
        From `load_scenario`, or made in Python.
    folder : Path, optional
        Folder of its file, where the scenarios it extends may lie.
    own : mapping of str to Scenario, optional
        Scenarios of the workbook; they replace shipped ones of the same name.

    Raises
    ------
    ScenarioError
        If scenarios extend each other in a circle.
    """
    try:
        known = own or {}
        measures = list(flatten(scenario, lambda name: known.get(name) or load_scenario(name, folder)))
    except ValueError as error:
        raise ScenarioError(_at(scenario, "extends", str(error))) from None
    except UsageError as error:  # no such scenario
        raise ScenarioError(_at(scenario, "extends", str(error))) from None
    locations = {number: measure.at() for number, (_, measure) in enumerate(measures) if measure.at()}
    return measures, locations


def flatten(scenario: Scenario, find: Callable[[str], Scenario]) -> tuple[tuple[int, Measure], ...]:
    """Return the measures of a scenario and those it extends with their level; a higher level takes precedence.

    Measures that extend a programme have its level, as they come on top of it: a sorbent does not replace the scrubber.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    find : callable
        Returns a scenario by its name.

    Raises
    ------
    ValueError
        If scenarios extend each other in a circle.
    """
    chain = [scenario]
    while chain[-1].extends:
        parent = find(chain[-1].extends)
        if any(parent.name == known.name for known in chain):
            circle = " -> ".join([known.name for known in chain] + [parent.name])
            raise ValueError(f"scenarios extend each other in a circle: {circle}")
        chain.append(parent)
    chain.reverse()
    levels = accumulate((not one.programme for one in chain[:-1]), initial=0)
    return tuple((level, measure) for level, one in zip(levels, chain, strict=True) for measure in one.measure)


def _at(part: Scenario | Measure, key: str, message: str) -> str:
    return f"{part.at(key)}: {key}: {message}" if part.at(key) else message


def _messages(path: Path, lines: Sequence[str], error: ValidationError) -> list[str]:
    out: list[tuple[int, str]] = []
    for problem in error.errors():
        location = problem["loc"]
        line = line_of(lines, location)
        if problem["type"] == "tuple_type" and not key_of(problem):
            line = next((number for number, text in enumerate(lines, 1) if _NO_LIST.match(text)), line)
            said = "measure is not a list of measures. Write [[measure]], in two brackets, over each."
        else:
            keys = (Measure if location[:1] == (MEASURES,) else Scenario).model_fields
            said = words_of(problem, tuple(keys), ACTIONS)
        out.append((line, f"{path}:{line}: {said}"))
    return [said for _, said in sorted(out, key=lambda one: one[0])]
