"""``hginv project``: the main job, from a workbook to ranked units."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hginv.numbers import WholeFrom
from hginv.options import (
    combined_option,
    draw_options,
    engine_options,
    fleet_option,
    json_option,
    language_option,
    lifetime_option,
    projection_options,
)

if TYPE_CHECKING:
    from hginventory.decisions.ranking import StudyComparison
    from hginventory.report.text import Words
    from hginventory.run import Run


@click.command("project")
@fleet_option
@projection_options
@combined_option
@lifetime_option
@draw_options
@engine_options
@click.option("--study", metavar="NAME", help="Compare with a published study, with its selection and rule: icsc.")
@click.option(
    "--top",
    default=10,
    show_default=True,
    type=WholeFrom(1, 1000),
    metavar="N",
    help="Units shown; of the kilns behind coal units half as many.",
)
@click.option("-o", "--out", "folder", type=click.Path(), help="Run folder.  [default: hginv-out/<fleet>]")
@click.option("--overwrite", is_flag=True, help="Write also into a folder that no run has written.")
@click.option(
    "--into", type=click.Path(), metavar="FILE", help="Also a copy of the workbook with the results as sheets."
)
@click.option("--full", is_flag=True, help="Print all tables, too.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@language_option
@json_option
def command(
    fleet: str,
    base_year: int | None,
    rule: str | None,
    profile: str | None,
    where: str | None,
    combined: bool | None,
    lifetime_spread: float | None,
    draws: int,
    seed: int,
    engine: str,
    scheduler: str | None,
    study: str | None,
    top: int,
    folder: str | None,
    overwrite: bool,
    into: str | None,
    full: bool,
    quiet: bool,
    language: str | None,
    as_json: bool,
) -> None:
    """Mercury of every unit over its remaining life, ranked.

    \b
    Examples:
      hginv project --fleet VNM
      hginv project --fleet indonesia.xlsx --where "not captive" --rule gem_40 -o grid
      hginv project --fleet indonesia.xlsx --study icsc

    Exit codes: 0 done, 1 errors in the data, 2 usage, 4 unreadable or unsafe file.
    """
    from hginv.progress import waiting, with_progress
    from hginventory.ensemble import check_engine
    from hginventory.inputs.bundled import read_fleet
    from hginventory.projecting import project
    from hginventory.report.output import check_folder
    from hginventory.report.text import words_in
    from hginventory.run import Run

    check_engine(engine, scheduler)
    if language is not None:
        words_in(language)  # first: a wrong language should not wait for the run
    if into is not None:
        from hginventory.files import check_target

        check_target(Path(into), "into", ".xlsx")  # first: a wrong name should not wait for the fleet
    with waiting("reading the workbook"):
        read = read_fleet(fleet)
    if into is not None:
        from hginventory.report.excel import check_into

        check_into(read, into)
    settings: dict[str, Any] = {
        "base_year": base_year, "rule": rule, "lifetime_spread": lifetime_spread, "profile": profile, "where": where,
    }  # fmt: skip
    with waiting("computing the central run"):
        comparison = None if study is None else _compare(read, study, draws, seed, **settings)
        run = (
            Run(comparison.projection, draws=draws, seed=seed)
            if comparison
            else project(read, draws=draws, seed=seed, combined=bool(combined), **settings)
        )
    if comparison:
        folder = folder or str(Path("hginv-out") / f"{run.projection.settings.fleet_name}-{study}")
    extra = {"study": comparison.to_frame()} if comparison else {}
    check_folder(run, folder, overwrite=overwrite)  # what is shown is written, too
    with_progress(run, engine=engine, scheduler=scheduler)
    words = words_in(language or read.language)
    is_shown = not (as_json or quiet)
    if is_shown:
        with suppress(BrokenPipeError):  # of a reader who has seen enough; the files are wanted all the same
            _show(run, words, top if full else 0, comparison)
            sys.stdout.flush()
    with waiting("writing the results"):
        written = run.save(folder, overwrite=overwrite, extra=extra)
    if into is not None:
        from hginventory.report.excel import write_into

        for loss in write_into(run, into):
            click.echo(f"{into}: {loss}", err=True)
    if as_json:
        _show_json(run, written, top, comparison)
    elif is_shown:
        _show_files(run, words, written, into, tables=full)


def _show(run: Run, words: Words, tables: int, comparison: StudyComparison | None) -> None:
    """Print the first screen; with so many units to a list all tables too; the study."""
    from hginv.headline_text import show_headline
    from hginv.project_text import show_run, show_study

    show_headline(run, words)
    if tables:
        show_run(run, tables, words)
    if comparison:
        show_study(comparison, words)
    if tables or comparison:
        click.echo()


def _show_files(run: Run, words: Words, written: Path, into: str | None, *, tables: bool) -> None:
    """Print which files were written, what they say beyond the screen, and the next command."""
    from hginv.output import command_line, say, say_command, terminal_width
    from hginv.project_text import found_text

    wrote = words("Wrote {folder}/ with results.xlsx, ranking.csv and {n} more files.",
                  folder=written, n=_others(written))  # fmt: skip
    is_short = len(wrote) <= terminal_width()
    say(wrote if is_short or tables else words("Wrote {folder}/.", folder=written))
    if into is not None:
        say(words("Wrote {file}, a copy of the workbook with the results as sheets.", file=into))
    if not tables:
        say(f"{found_text(run, words)} {words('All tables and data licences: {option}', option='--full')}")
    ranked = run.rank()["unit_id"]
    if not len(ranked):
        return
    following = ("explain", ranked.iloc[0], "--fleet", written)  # not the fleet: the folder has the settings of the run
    next_line = f"{words('Next:')} {command_line(*following)}"
    if len(next_line) <= terminal_width():
        click.echo(next_line)
    elif tables:
        say_command(words("Next:"), *following)  # the first screen has no room for a long one


def _compare(read: Any, study: str, draws: int, seed: int, **options: Any) -> StudyComparison:
    from hginventory.decisions.ranking import compare_with_study
    from hginventory.errors import UsageError

    given = [f"--{name.replace('_', '-')}" for name, value in options.items() if value is not None]
    if given:
        raise UsageError(f"--study sets the selection, base year and rule of the study itself: leave out {given[0]}.")
    return compare_with_study(read, study, draws=draws, seed=seed)


def _others(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir()) - 2


def _show_json(run: Run, written: Path, top: int, comparison: StudyComparison | None) -> None:
    from hginv.output import show_json
    from hginventory.report.tables import run_tables

    settings, tables = run.projection.settings, run_tables(run)
    ranking = tables["ranking"][tables["ranking"]["rank"] <= top]
    if run.certainty:
        bands = run.certainty.units
        ranking = ranking.join(bands[bands.columns.difference(ranking.columns, sort=False)], on="unit_id")
    data = {
        "fleet": settings.fleet_name,
        "read": run.projection.fleet.origin,
        "base_year": settings.base_year,
        "rule": settings.rule,
        "rule_in_words": settings.rule_text,
        "lifetime_spread": settings.lifetime_spread,
        "profile": settings.profile,
        "where": settings.where,
        "combined": settings.combined,
        "notice": settings.notice,
        "attributions": [asdict(one) for one in run.projection.fleet.attributions],
        "inventory": asdict(run.inventory),
        "summary": [asdict(summary) for summary in run.summary(top)],
        "gaps": run.gaps().reset_index().to_dict("records"),
        "coverage": run.coverage().to_dict("records"),
        "ranking": ranking.to_dict("records"),
        "trajectory": tables["trajectory"].to_dict("records"),
        "cells_to_fill": run.cells_to_fill().to_dict("records"),
        "certainty": run.certainty.as_dict() if run.certainty else None,
        "folder": str(written),
    }
    if comparison:
        data["study"] = comparison.as_dict()
    show_json("project", data, run.findings)
