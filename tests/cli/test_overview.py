"""The help of `hginv` itself: shown without click, the same text as with it, and true for what click knows."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import click
import pytest

from hginv.group import cli
from hginv.overview import COMMANDS, HELP, NARROWEST, WIDEST, overview

MAIN = "import sys; from hginv.main import main; main(sys.argv[1:])"
WIDTHS = (NARROWEST, 58, 78, 79, WIDEST - 2)


@pytest.mark.parametrize("word", HELP)
def test_help_needs_no_click(word: str) -> None:
    code = f"{MAIN}; print([name for name in ('click', 'inspect', 'hginventory', 'numpy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code, word], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: hginv [OPTIONS] COMMAND")
    assert done.stdout.endswith("\n[]\n")


@pytest.mark.parametrize("columns", [30, 80, 300])
def test_help_is_the_same_from_click(hginv: Any, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    alone = hginv("--help")
    assert alone.code == 0
    assert alone == hginv("-h") == hginv("--help", "--version"), "two words go to click"
    assert max(map(len, alone.out.splitlines())) <= min(max(columns - 2, NARROWEST), WIDEST)


@pytest.mark.parametrize("width", WIDTHS)
def test_help_is_laid_out_as_that_of_every_command(width: int) -> None:
    context = click.Context(cli, info_name="hginv", help_option_names=list(HELP))
    formatter = click.HelpFormatter(width=width)
    for part in (cli.format_usage, cli.format_help_text):
        part(context, formatter)
    click.Command.format_options(cli, context, formatter)
    with formatter.section("Commands"):
        formatter.write_dl(list(COMMANDS.items()))
    assert formatter.getvalue().rstrip("\n") == overview(width)


def test_every_command_of_the_list_can_be_loaded() -> None:
    context = click.Context(cli)
    for name in COMMANDS:
        assert isinstance(cli.get_command(context, name), click.Command), name


def test_nobody_who_stops_reading_sees_an_error() -> None:
    read, written = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-uc", MAIN, "--help"], stdout=written, stderr=subprocess.PIPE, check=False)
    os.close(written)
    assert done.stderr == b""
    assert done.returncode == 0
