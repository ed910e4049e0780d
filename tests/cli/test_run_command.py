"""Commands that ask something of a run have the same options of the run, with one text, in one order."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from importlib import import_module
from shutil import copyfile
from typing import Any

import click
import pytest

from hginv.group import MODULES
from hginv.run_command import RunSource
from hginventory import reopen
from hginventory.data_files import data_folder

COMMANDS = ("options", "finance", "limits", "optimize", "shortlist")
SHARED = ("fleet", "base_year", "rule", "profile", "where", "combined", "draws", "seed", "folder", "as_json")


def command_of(name: str) -> click.Command:
    command: click.Command = import_module(f"hginv.{MODULES.get(name, name)}").command
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_the_fleet_comes_first_and_the_options_of_the_run_last(name: str) -> None:
    names = [param.name for param in command_of(name).params if isinstance(param, click.Option)]
    assert names[0] == SHARED[0]
    assert tuple(names[1 - len(SHARED) :]) == SHARED[1:]
    assert len(set(names)) == len(names)


def test_the_texts_are_the_same_but_for_the_files_written() -> None:
    def texts(name: str) -> list[str | None]:
        shared = {p.name: p for p in command_of(name).params}
        return [getattr(shared[key], "help", None) for key in SHARED if key != "folder"]

    assert all(texts(name) == texts(COMMANDS[0]) for name in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ("options",),
        ("limits", "--o2", "6"),
        ("optimize", "--target", "50%", "--to-end"),
        ("optimize", "--target", "50%", "--with-retirement"),
    ],
)
def test_a_slip_in_another_option_costs_no_run(
    hginv: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(reopen, "open_run", lambda fleet, **_: opened.append(fleet))
    assert hginv(*arguments, "--fleet", "indonesia.xlsx").code == 2
    assert not opened


def test_the_settings_reach_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    monkeypatch.setattr(reopen, "open_run", lambda fleet, **settings: seen.update(settings, fleet=fleet))
    source = RunSource("f.xlsx", {"rule": "gem_40", "draws": 7, "seed": 3})
    source.open()
    assert seen == {"fleet": "f.xlsx", "rule": "gem_40", "draws": 7, "seed": 3}


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (("options", "G100000107734"), ("where it is", "108   20 to 301", "brominated")),
        (("rank",), ("G100000109958", "contested", "lifetime")),
        (("rank", "--plants"), ("likely", "lifetime")),
        (("finance",), ("USD/kg for mercury",)),
    ],
)
def test_tables_stand_in_eighty_columns(
    hginv: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = hginv(*arguments, "--fleet", "indonesia.xlsx", "--draws", "2000")
    assert done.code == 0, done.err
    rules = [line for line in done.out.splitlines() if line.startswith("──")]
    assert rules
    assert max(map(len, rules)) <= 80
    assert all(word in done.out for word in kept)
    assert "…" not in done.out


@pytest.mark.parametrize(
    ("arguments", "following"),
    [
        (("options", "G100000107734"), "finance"),
        (("shortlist",), "finance"),
        (("finance",), "scenario compare targeted_top10"),
        (("limits",), "scenario compare limit_eu"),
        (("scenario", "compare", "blanket_bat"), "optimize --target 50% --by 2035"),
        (("optimize", "--target", "10%", "--by", "2035"), "scenario compare plan.toml blanket_bat"),
    ],
)
def test_the_next_command_has_the_fleet_and_the_settings_of_this_one(
    hginv: Callable[..., Any], arguments: tuple[str, ...], following: str
) -> None:
    copyfile(data_folder("fleets") / "indonesia.xlsx", "my fleet.xlsx")
    run = ("--fleet", "my fleet.xlsx", "--rule", "gem_40", "--where", "capacity_net_mw >= 600", "--draws", "0")
    done = hginv(*arguments, *run)
    assert done.code == 0, done.err
    command = done.out.rpartition("hginv ")[2]
    assert shlex.split(command.replace("\\\n", " ")) == [*shlex.split(following), *run]


def test_what_drives_a_ranking_leads_to_what_to_measure_in_it(hginv: Callable[..., Any]) -> None:
    done = hginv("sensitivity", "--fleet", "indonesia", "--rule", "gem_40", "--units", "5", "--draws", "100")
    assert done.code == 0, done.err
    last = done.out.splitlines()[-1]
    assert last.endswith("hginv sensitivity --plan --fleet indonesia --rule gem_40 --units 5")
    assert hginv(*shlex.split(last.partition("hginv ")[2])).code == 0
