"""``hginv scenario``: list, show, compare, start a new one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hginv.options import draw_options, draws_unless_of_a_run, json_option, projection_options, source_option

if TYPE_CHECKING:
    from hginventory.decisions.compare import Comparison
    from hginventory.run import Run


@click.group("scenario")
def command() -> None:
    """Set retrofits, coal switches, limits and closures beside each other, on the same draws."""


@command.command("list")
@json_option
def list_scenarios(as_json: bool) -> None:
    """List the scenarios that come with the program."""
    from hginv.output import show_json, show_table
    from hginventory.scenarios.files import load_scenario, shipped

    known = [load_scenario(name) for name in shipped()]
    if as_json:
        show_json("scenario list", {"scenarios": [scenario.model_dump() for scenario in known]})
        return
    rows = [[s.name, str(len(s.measure)), s.extends, s.title] for s in known]
    show_table(["name", "measures", "extends", "what it is"], rows, words=(0, 2, 3))
    click.echo("Next: hginv scenario compare targeted_top10 blanket_bat --fleet indonesia.xlsx")


@command.command("show")
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show a scenario by name or file."""
    from hginv.output import show_json
    from hginventory.scenarios.files import load_scenario, shipped

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
    from hginventory.errors import UsageError
    from hginventory.scenarios.files import EXAMPLE, read_scenario

    target = path or Path(f"{name}.toml")
    if target.exists():
        raise UsageError(f"{target}: there is such a file already. Name another with -o.")
    target.write_text(EXAMPLE.format(name=name), encoding="utf-8")
    read_scenario(target)
    click.echo(f"Wrote {target}. Next: edit it, then hginv scenario compare {target} --fleet FILE")


@command.command("schema")
def schema() -> None:
    """Print the JSON schema of a scenario file, for editors that complete and check it."""
    import json

    from hginventory.scenarios.model import json_schema

    click.echo(json.dumps(json_schema(), indent=2))


@command.command("compare")
@click.argument("names", nargs=-1, required=True, metavar="SCENARIO ...")
@source_option
@projection_options
@draw_options
@click.option("-o", "--out", "folder", type=click.Path(path_type=Path), help="Folder for the tables.")
@json_option
def compare_scenarios(
    names: tuple[str, ...],
    fleet: str,
    base_year: int | None,
    rule: str | None,
    profile: str | None,
    where: str | None,
    draws: int,
    seed: int,
    folder: Path | None,
    as_json: bool,
    **engine: Any,
) -> None:
    """Set scenarios beside the fleet as it is, on the same draws.

    \b
    Examples:
      hginv scenario compare targeted_top10 blanket_bat --fleet indonesia.xlsx
      hginv scenario compare mine.toml --fleet indonesia.xlsx -o compared
    """  # noqa: D301
    from hginv.output import show_json
    from hginventory.reopen import open_run

    own = draws_unless_of_a_run(fleet, draws, seed)
    run = open_run(fleet, base_year=base_year, rule=rule, profile=profile, where=where, **own)
    comparison = run.compare(list(dict.fromkeys(names)))
    target = folder or Path("hginv-out") / f"{run.projection.settings.fleet_name}-scenarios"
    written = run.save_tables(comparison.tables(), target)
    if as_json:
        show_json("scenario compare", {**comparison.as_dict(), "folder": str(written)}, run.findings)
        return
    _show(run, comparison)
    click.echo(f"\nWrote {written}/ with {', '.join(f'{name}.csv' for name in comparison.tables())}.")
    click.echo(f"Next: hginv optimize --target 50% --by 2035 --fleet {fleet}")


def _show(run: Run, comparison: Comparison) -> None:
    from hginv.output import show_table

    total = run.projection.yearly_kg.sum() / 1000.0
    click.echo(f"As it is: {total:,.1f} t over the remaining life, from {run.projection.settings.base_year}.")
    for name, measures in comparison.chosen.items():
        for measure in measures:
            listed = ", ".join(measure["units"][:5]) + (" ..." if len(measure["units"]) > 5 else "")
            what = " ".join(filter(None, [measure["action"], measure["target"]]))
            click.echo(f"{name}: {what} from {measure['from_year']} at {len(measure['units'])} units: {listed}")
    drawn = "avoided_t_p05" in comparison.table
    rows, costs = [], []
    for row in comparison.table.to_dict("records"):
        cells = [
            str(row["scenario"]), str(row["units_changed"]), f"{row['remaining_t']:,.1f}", f"{row['avoided_t']:,.1f}",
            f"{row['avoided_share']:.0%}",
        ]  # fmt: skip
        if drawn:
            best = "" if math.isnan(row["p_best"]) else f"{row['p_best']:.2f}"
            cells += [f"{row['avoided_t_p05']:,.1f} to {row['avoided_t_p95']:,.1f}", best]
        rows.append(cells)
        low, high = _money(row, "usd_per_kg_low"), _money(row, "usd_per_kg_high")
        money = [_money(row, name) for name in ("capital_musd", "total_musd", "usd_per_kg", "usd_per_kg_mercury")]
        between = f"{low} to {high}" if low else ""
        costs.append([str(row["scenario"]), str(row["retrofits"]), *money[:3], between, money[3]])
    headings = ["scenario", "units", "remaining t", "avoided t", "share"] + ["90 % interval", "P(best)"] * drawn
    show_table(headings, rows, title="Mercury avoided over the remaining life", words=(0,))
    headings = ["scenario", "retrofits", "capital M$", "total M$", "$/kg", "range of $/kg", "mercury's share $/kg"]
    show_table(headings, costs, title="What it costs", words=(0,))
    click.echo(f"Costs: {comparison.table['cost_terms'].iloc[0]}; totals over the years of operation, not discounted.")
    for note in dict.fromkeys(note for notes in comparison.table["cost_notes"] for note in notes.split("; ") if note):
        click.echo(f"Note: {note}.")
    for row in comparison.table.to_dict("records"):
        falls = [f"{p.upper().replace('NOX', 'NOx')} {row[f'{p}_taken_out']:.0%} at {row[f'{p}_units']} units"
                 for p in ("so2", "pm", "nox") if row[f"{p}_units"]]  # fmt: skip
        if falls:
            click.echo(f"{row['scenario']} takes out as well, of what is emitted now: {', '.join(falls)}.")
        if row["units_infeasible"]:
            click.echo(f"{row['scenario']}: no priced option holds the limit at {row['units_infeasible']} units.")
    moved = comparison.pathways[~comparison.pathways["pathway"].str.startswith("air")]
    ledger = moved.pivot(index="scenario", columns="pathway", values="difference_kg").round(3) / 1000.0 + 0.0
    rows = [
        [str(name), *(f"{value:+,.1f}" for value in values)]
        for name, values in zip(ledger.index, ledger.to_numpy(), strict=True)
    ]
    show_table(["scenario", *map(str, ledger.columns)], rows, title="Where the captured mercury goes [t]", words=(0,))
    if len(comparison.pairs):
        rows = [
            [f"{p['first']} less {p['second']}", f"{p['difference_t']:+,.1f}",
             f"{p['difference_t_p05']:+,.1f} to {p['difference_t_p95']:+,.1f}", f"{p['p_first_better']:.2f}"]
            for p in comparison.pairs.to_dict("records")
        ]  # fmt: skip
        headings = ["avoided [t]", "mean", "90 % interval", "P(first avoids more)"]
        show_table(headings, rows, title="Pairs, on the same draws", words=(0,))
        for pair in comparison.pairs.to_dict("records"):
            years = pair["years_of_delay"]
            if years:
                early, late = (pair["first"], pair["second"]) if years > 0 else (pair["second"], pair["first"])
                click.echo(
                    f"{late} does what {early} does {abs(years)} years later: a year of "
                    f"delay locks in {pair['t_per_year_of_delay']:,.1f} t ({pair['t_per_year_of_delay_p05']:,.1f} to "
                    f"{pair['t_per_year_of_delay_p95']:,.1f})."
                )


def _money(row: Mapping[Any, Any], name: str) -> str:
    """Return an amount, or nothing where it could not be worked out."""
    value = row.get(name)
    return "" if value is None or math.isnan(value) else f"{value:,.0f}"
