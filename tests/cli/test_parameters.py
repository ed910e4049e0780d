"""Errors of the library name its parameters; the command line shows options that it really has in their place."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import hginventory
from hginv.group import cli
from hginv.parameters import OPTIONS, option_of
from hginventory.errors import UsageError

Hginv = Callable[..., Any]
LIBRARY = Path(hginventory.__file__).parent
MENTION = re.compile(r"`([a-z][a-z0-9_]*)(?:=[^`]*)?`")


def parameters_in(tree: ast.AST) -> Iterator[str]:
    """Yield each parameter that a call in a module is given by its name, as errors are."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "parameter" and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


def texts_in(tree: ast.AST) -> Iterator[str]:
    """Yield each text in a module other than docstrings, with 0 instead of what is put in."""
    doc = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (doc | inner):
            yield node.value


def options_of(command: click.Command) -> set[str]:
    """Return all options of a command and of those below it."""
    found = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            found |= options_of(below)
    return found


@pytest.fixture(scope="module")
def options() -> set[str]:
    """All options of hginv."""
    return options_of(cli)


def parameters() -> dict[str, str]:
    """Return each parameter that an error or another text of the library names, with a module that does."""
    found = dict.fromkeys(OPTIONS, "parameters.py")
    for path in sorted(LIBRARY.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        mentioned = (name for text in texts_in(tree) for name in MENTION.findall(text))
        found |= dict.fromkeys((*parameters_in(tree), *mentioned), path.name)
    return found


def test_every_parameter_that_an_error_names_has_an_option(options: set[str]) -> None:
    named = parameters()
    assert {"by", "book_life", "engine", "lifetime_spread", "where"} <= set(named)
    options_named = {name: [word for word in option_of(name).split() if word.startswith("-")] for name in named}
    missing = {name: named[name] for name, words in options_named.items() if not words or set(words) - options}
    assert not missing


def test_an_error_holds_the_parameter_and_what_is_allowed() -> None:
    with pytest.raises(UsageError) as caught:
        hginventory.project("indonesia", rule="icsc_41", draws=0)
    assert str(caught.value).startswith("rule: unknown rule 'icsc_41'. Use one of: crea_30, ")
    assert caught.value.parameter == "rule"
    assert set(caught.value.allowed) == {"icsc_40", "gem_40", "gem_35", "crea_30"}


@pytest.mark.parametrize(
    ("arguments", "shown", "hidden"),
    [
        (("optimize", "--budget", 1e6, "--life", 0), "--life: 0 cannot be used", "book_life"),
        (("optimize", "--budget", 1e6, "--capital-multiplier", -1), "--capital-multiplier: -1", "multiplier:"),
        (("optimize", "--target", "50%"), "in which it must be met. Add --by, as --by 20", "by="),
        (("optimize", "--budget", 1e6, "--of", "base-year"), "--of base-year: this goes with --target", "of_base_year"),
        (("optimize", "--budget", 1e6, "--only", "colour == 1"), "--only: there is no column 'colour'", "where"),
        (("optimize",), "Give one of --target with --by, --target-kg, --budget or --budget-total.", "target_kg"),
        (("limits", "--country", "atlantis"), "--country: 'ATLANTIS' has no limit", "countries"),
        (("limits", "--limit", 1, "--o2", 30), "--o2: 30 % is outside 0 to", "o2_percent"),
        (("limits", "--limit", 1, "--temperature", -300), "--temperature: -300 C is below", "temperature_c"),
        (("limits", "--limit", -1), "--limit: -1 cannot be a limit", "value"),
        (("finance", "--plant", "nobody"), "--plant: no plant with remaining mercury is called 'nobody'", "names"),
        (("rank", "--base-year", 1066), "--base-year: 1066 is outside", "base_year"),
        (("rank", "--plants", "--lifetime-spread", 5), "Use --lifetime-spread 0, --by air_kg_per_yr, or rank", "by="),
        (("options", "--plants", "--other-coal", 0), "--other-coal: 0 mg/MJ cannot be used", "mg_per_mj"),
        (("project", "--study", "nil"), "--study: there is no study 'nil'", "study:"),
    ],
)
def test_the_command_line_shows_its_option(
    hginv: Hginv, arguments: tuple[object, ...], shown: str, hidden: str
) -> None:
    draws = () if {"--lifetime-spread", "--study"} & set(arguments) else ("--draws", 0)
    done = hginv(*arguments, "--fleet", "indonesia", *draws)
    assert done.code == 2
    assert shown in done.err
    assert hidden not in done.err.replace(shown, "")
    assert "`" not in done.err


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("template", "-o", "there.xlsx"), "-o: there.xlsx exists. Name another file, or add --overwrite to"),
        (("template", "--country", "Atlantis"), "--country: 'Atlantis' is not known"),
        (
            ("export", "--fleet", "indonesia", "--format", "csv", "-o", "table.txt"),
            "-o: table.txt does not end in .csv",
        ),
        (
            ("validate", "--fleet", "there.xlsx", "--marked", "there.xlsx"),
            "--marked: there.xlsx is the workbook itself",
        ),
        (("validate", "--fleet", "there.xlsx", "--fix", "fixed.csv"), "--fix: fixed.csv does not end in .xlsx"),
        (("project", "--fleet", "indonesia", "--into", "there.xlsx"), "--into: there.xlsx exists. Name another file."),
        (("project", "--fleet", "there.xlsx", "-o", "there.xlsx", "--draws", 0), "-o: there.xlsx is a file"),
        (("scenario", "new", "mine", "-o", "mine.txt"), "-o: mine.txt does not end in .toml"),
    ],
)
def test_a_file_that_cannot_be_written_is_named_with_its_option(
    hginv: Hginv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], shown: str
) -> None:
    monkeypatch.chdir(tmp_path)
    hginventory.write_fleet(hginventory.read_fleet("indonesia"), "there.xlsx")
    done = hginv(*arguments)
    assert done.code == 2
    assert shown in done.err
    assert "`" not in done.err
