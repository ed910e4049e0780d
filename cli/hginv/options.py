"""Options that several commands share, so that they have one name and one help text everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from hginv.numbers import NUMBER, WHOLE

Command = Callable[..., Any]
BUNDLED = (
    "a country (VNM, vietnam; VNM+cement adds its cement plants), EU27, ASEAN, world, or a bundled workbook (indonesia)"
)
OF_A_RUN = ("fleet", "base_year", "rule", "profile", "where", "combined", "draws", "seed")

fleet_option = click.option(
    "--fleet",
    required=True,
    metavar="FILE|NAME",
    help=f"Workbook; where there is no such file, {BUNDLED}.",
)
source_option = click.option(
    "--fleet",
    required=True,
    metavar="FILE|NAME|FOLDER",
    help=f"Workbook; {BUNDLED}; or the folder of an earlier run, whose settings are then used.",
)
language_option = click.option(
    "--lang", "language", metavar="CODE", help="Language: en, id.  [default: that of the labels of the workbook]"
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")


def table_options(what: str) -> Callable[[Command], Command]:
    """Return the options that write a table as CSV, and replace a file only where that is asked for."""
    out = click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE.csv", help=what)
    overwrite = click.option("--overwrite", is_flag=True, help="Replace the file where it exists.")
    return lambda command: out(overwrite(command))


def draw_options(command: Command) -> Command:
    """Add the options of the draws."""
    draws = click.option(
        "--draws", type=WHOLE, default=2000, show_default=True, metavar="N",
        help="Draws of the uncertain factors; 0: central values only.",
    )  # fmt: skip
    seed = click.option("--seed", type=WHOLE, default=1, show_default=True, metavar="S", help="Seed of the draws.")
    return draws(seed(command))


def draws_unless_of_a_run(fleet: str, draws: int, seed: int) -> dict[str, int | None]:
    """Return draws and seed of a command; None where nobody asked and the fleet is a run folder, which has its own."""
    asked = click.get_current_context().get_parameter_source
    left = {name for name in ("draws", "seed") if asked(name) is ParameterSource.DEFAULT and Path(fleet).is_dir()}
    return {name: None if name in left else value for name, value in (("draws", draws), ("seed", seed))}


def same_run(names: Sequence[str] = OF_A_RUN) -> list[str]:
    """Return the options that name the run of this command to another one: the fleet, and the settings that were given.

    Parameters
    ----------
    names : sequence of str
        Parameters of the command that the other one has in the same meaning.
    """
    context = click.get_current_context()
    words = []
    for option in context.command.params:
        name = str(option.name)
        if name in names and context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            is_flag = isinstance(option, click.Option) and option.is_flag
            words += [option.opts[0], *([] if is_flag else [str(context.params[name])])]
    return words


lifetime_option = click.option(
    "--lifetime-spread", type=NUMBER, metavar="YEARS",
    help="Draws close units up to so many years earlier or later.  [default: of the workbook, else 0: fixed]",
)  # fmt: skip


# None where it is not asked for, so that the setting of an earlier run holds.
combined_option = click.option(
    "--combined", is_flag=True, default=None,
    help="Rank coal units and kilns in one list; else each has ranks and shares of its own.",
)  # fmt: skip


def engine_options(command: Command) -> Command:
    """Add the options that decide where the draws are made, which changes no result beyond rounding."""
    engine = click.option(
        "--engine", type=click.Choice(["auto", "numpy", "numba", "dask"]), default="auto", show_default=True,
        help="Where draws are made; dask: in several processes or on a cluster.",
    )  # fmt: skip
    scheduler = click.option(
        "--scheduler", metavar="ADDRESS",
        help="Scheduler of a running dask cluster, as tcp://10.0.0.1:8786.  [default: two workers on this machine]",
    )  # fmt: skip
    return engine(scheduler(command))


def projection_options(command: Command) -> Command:
    """Add the options that decide what is computed."""
    options = (
        click.option(
            "--base-year", type=WHOLE, metavar="YEAR", help="First remaining year.  [default: of the workbook]"
        ),
        click.option(
            "--rule", metavar="NAME", help="Retirement rule: icsc_40, gem_40, gem_35, crea_30.  [default: icsc_40]"
        ),
        click.option(
            "--profile", metavar="NAME", help="Removal profile: default, epa_emf, gma_levels.  [default: default]"
        ),
        click.option(
            "--where",
            metavar="EXPR",
            help="Only some units, as in \"sector == 'coal_power' and capacity_mw >= 100 and not captive\".",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command
