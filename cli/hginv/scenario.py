"""``hginv scenario``: list, show, compare, start a new one."""

from __future__ import annotations

import re
from pathlib import Path

import click

from hginv.options import json_option, same_run
from hginv.places import say_written
from hginv.run_command import RunSource, run_command


@click.group("scenario")
def command() -> None:
    """Compare retrofits, coal switches, limits and closures on the same draws."""


@command.command("list")
@json_option
def list_scenarios(as_json: bool) -> None:
    """List the scenarios that come with the program."""
    from hginv.output import say_command, show_json, show_table
    from hginventory.scenarios import load_scenario, shipped

    known = [load_scenario(name) for name in shipped()]
    if as_json:
        show_json("scenario list", {"scenarios": [scenario.model_dump() for scenario in known]})
        return
    rows = [[s.name, str(len(s.measure)), s.title + f" (extends {s.extends})" * bool(s.extends)] for s in known]
    show_table(["name", "measures", "what it is"], rows, words=(0, 2))
    say_command("Next:", "scenario", "compare", "targeted_top10", "blanket_bat", "--fleet", "indonesia.xlsx")


@command.command("show")
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show a scenario by name or file."""
    from hginv.output import show_json
    from hginventory.scenarios import load_scenario, shipped

    scenario = load_scenario(name)
    if as_json:
        show_json("scenario show", scenario.model_dump())
        return
    path = Path(name) if name not in shipped() else shipped()[name]
    click.echo(path.read_text(encoding="utf-8").rstrip())


@command.command("new")
@click.argument("name")
@click.option("-o", "--out", "path", type=click.Path(path_type=Path), help="File to write.  [default: NAME.toml]")
def new(name: str, path: Path | None) -> None:
    """Write a scenario file to start from."""
    from hginv.output import say_command
    from hginventory.errors import UsageError
    from hginventory.scenarios import EXAMPLE, read_scenario, write_scenario

    name = name.removesuffix(".toml")
    if not re.fullmatch(r"[\w-]+", name):
        raise UsageError(f"NAME: '{name}' found. Allowed are letters, digits, _ and -; -o names another file.")
    target = path or Path(f"{name}.toml")
    write_scenario(target, EXAMPLE.format(name=name), "path")
    read_scenario(target)
    say_command(f"Wrote {target}. Next: edit it, then", "scenario", "compare", target, "--fleet", "FILE")


@command.command("schema")
def schema() -> None:
    """Print the JSON schema of a scenario file, for editors that complete and check it."""
    import json

    from hginventory.scenarios import json_schema

    click.echo(json.dumps(json_schema(), indent=2))


@command.add_command
@run_command("compare", out="Folder for the tables.")
@click.argument("names", nargs=-1, required=True, metavar="SCENARIO ...")
@click.option("--equal-kg", is_flag=True, help="Also the least-cost plan with the kilograms of each scenario.")
@click.option("--equal-money", is_flag=True, help="Also the plan with most kilograms for the cost of each scenario.")
@click.option("--full", is_flag=True, help="Print also all units, notes on the costs and pairs of scenarios.")
def compare_scenarios(
    source: RunSource,
    names: tuple[str, ...],
    equal_kg: bool,
    equal_money: bool,
    full: bool,
    folder: str | None,
    as_json: bool,
) -> None:
    """Compare scenarios with the fleet without action, on the same draws.

    SCENARIO is a name (hginv scenario list), a TOML file, or one of the workbook's sheet Scenarios.

    \b
    Examples:
      hginv scenario compare targeted_top10 blanket_bat --fleet indonesia.xlsx
      hginv scenario compare mine.toml --fleet indonesia.xlsx -o compared
      hginv scenario compare targeted_top10 blanket_bat --equal-kg --equal-money --fleet indonesia.xlsx
    """
    from hginv.output import say, say_command, show_json
    from hginv.scenario_text import show_comparison

    run = source.open()
    comparison = run.compare(list(dict.fromkeys(names)), equal_kg=equal_kg, equal_money=equal_money)
    written = say_written(run, comparison.tables(), folder, "scenarios")
    if as_json:
        show_json(
            "scenario compare", {**comparison.as_dict(), "folder": written}, (*run.findings, *comparison.findings)
        )
        return
    show_comparison(run, comparison, full=full)
    if equal_kg or equal_money:
        from hginv.equal_text import show_equal

        show_equal(comparison.equal, int(comparison.table["horizon_years"].iloc[0]))
    click.echo()
    say(f"Wrote {written}/ with {', '.join(f'{name}.csv' for name in comparison.tables())}.")
    if not full:
        say("All units, notes on the costs and pairs of scenarios: --full")
    say_command("Next:", "optimize", "--target", "50%", "--by", "2035", *same_run())
