"""Numbers and words of the command line have bounds, and an error names the option."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from hginv.group import cli
from hginv.main import main
from hginv.numbers import NUMBER, WHOLE, NumberFrom, WholeFrom
from hginventory.reading import LARGEST_WHOLE


@pytest.mark.parametrize(
    "text", ["inf", "-inf", "nan", "1e999", "1e-300", "-1e300", "9" * 900, "x", "", "1e31", "-1e-31"]
)
def test_numbers_that_no_calculation_bears_are_refused(text: str) -> None:
    for kind in (NUMBER, NumberFrom(-1e40)):
        with pytest.raises(click.BadParameter):
            kind.convert(text, None, None)


@pytest.mark.parametrize("text", ["inf", "1e9", "1.0", str(LARGEST_WHOLE + 1), str(-LARGEST_WHOLE - 1), "9" * 5_000])
def test_whole_numbers_have_a_bound(text: str) -> None:
    for kind in (WHOLE, WholeFrom(-(10**40))):
        with pytest.raises(click.BadParameter):
            kind.convert(text, None, None)


def test_usual_numbers_are_read() -> None:
    assert [NUMBER.convert(text, None, None) for text in ("0", "-0.07", "80e6", "1e-30")] == [0.0, -0.07, 80e6, 1e-30]
    assert [WHOLE.convert(text, None, None) for text in ("0", "-5", str(LARGEST_WHOLE))] == [0, -5, LARGEST_WHOLE]
    assert WholeFrom(1).convert("3", None, None) == 3


def number_options() -> list[tuple[str, click.Option]]:
    found = []

    def walk(name: str, command: click.Command) -> None:
        if isinstance(command, click.Group):
            with click.Context(command) as context:
                for one in command.list_commands(context):
                    below = command.get_command(context, one)
                    assert below is not None
                    walk(f"{name} {one}", below)
        found.extend((name, param) for param in command.params if isinstance(param, click.Option))

    walk("hginv", cli)
    return found


def test_every_option_with_a_number_has_the_bounds() -> None:
    free = (click.types.IntParamType, click.types.FloatParamType)
    ours = (type(WHOLE), type(NUMBER), WholeFrom, NumberFrom)
    unbounded = [
        (command, option.opts[0])
        for command, option in number_options()
        if isinstance(option.type, free) and not isinstance(option.type, ours) and not option.count
    ]
    assert unbounded == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rank", "--fleet", "x" * 5_000], "of --fleet has 5,000 characters"),
        (["rank", f"--seed={'9' * 5_000}"], "of --seed has 5,007 characters"),
        (["x" * 5_000], "of the command line has 5,000"),
        (["rank", "--fleet", "a\udcff.xlsx"], "of --fleet is not written"),
        (["validate", "--fleet", "x" * 300], "too long"),
    ],
)  # fmt: skip
def test_words_have_bounds(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code in (2, 4)
    assert said in capsys.readouterr().err


def test_very_many_draws_name_the_memory() -> None:
    done = CliRunner().invoke(cli, ["project", "--fleet", "MNG", "--draws", "1000000000"])
    assert "4,500 GB of memory" in str(done.exception)
