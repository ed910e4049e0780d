"""The library speaks of parameters; options of the command line stand in the command line only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

from hginv.main import cli
from hginventory.translations import LOCALE_FOLDER

PACKAGE = Path(__file__).parents[1] / "hginventory"
CATALOGUES = sorted(LOCALE_FOLDER.rglob("*.po"))


def options_of(command: click.Command, context: click.Context) -> Iterator[str]:
    """Yield the options of a command and of those below it; flags of other programs are not among them."""
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Option):
            yield from (*parameter.opts, *parameter.secondary_opts)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from options_of(below, click.Context(below, parent=context, info_name=name))


OPTIONS = set(options_of(cli, click.Context(cli, info_name="hginv")))
_OPTION = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(OPTIONS)))})(?![\w-])")


def flags_in(source: str) -> list[str]:
    """Return the options that texts of a module hold, with their lines: messages, docstrings, parts of f-strings."""
    texts = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return [f"line {text.lineno}: {flag}" for text in texts for flag in _OPTION.findall(str(text.value))]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_texts_of_the_library_name_no_option_of_the_command_line(path: Path) -> None:
    assert flags_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(LOCALE_FOLDER)))
def test_translations_name_no_option_of_the_command_line(path: Path) -> None:
    with path.open("rb") as file:
        texts = [text for message in read_po(file) for text in (message.id, message.string)]
    assert [text for text in texts if _OPTION.search(str(text))] == []


@pytest.mark.parametrize(
    "source",
    [
        "'Use --where'",
        "f'--by: {year} is early'",
        "f'{option}, or --overwrite.'",
        "def f():\n    'Writes -o FILE.'",
        "HELP = 'see hginv import csv --help'",
    ],
    ids=["text", "start of an f-string", "end of an f-string", "docstring", "help"],
)
def test_an_option_is_caught(source: str) -> None:
    assert len(flags_in(source)) == 1


@pytest.mark.parametrize("source", ["'dask worker --memory-limit 2GB'", "'var(--line)'", "'low-out'", "'the-o'"])
def test_other_texts_pass(source: str) -> None:
    assert flags_in(source) == []


def test_options_are_those_of_all_commands() -> None:
    assert {"--where", "--map", "-o", "--capital-multiplier", "--no-space", "--help"} <= OPTIONS
