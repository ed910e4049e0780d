"""``hginv chapter``: the chapter of a national plan and all that belongs to it, in one folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hginv.numbers import WHOLE
from hginv.options import (
    combined_option,
    draw_options,
    draws_unless_of_a_run,
    engine_options,
    lifetime_option,
    projection_options,
    source_option,
)
from hginv.report import percent_of, show_found, show_missing_glyphs


@click.command("chapter")
@source_option
@click.option(
    "-o", "--out", "folder", type=click.Path(),
    help="Folder to write.  [default: the run folder of --fleet, else hginv-out/<fleet>]",
)  # fmt: skip
@click.option("--lang", "language", default="en", show_default=True, metavar="CODE", help="Language: en, id.")
@click.option("--target", metavar="PERCENT", help="Reduction to plan for, as 50%: the plan of least cost is found.")
@click.option("--by", "target_year", type=WHOLE, metavar="YEAR", help="Year of the target.  [default: 2035]")
@click.option(
    "--scenario", "scenarios", multiple=True, metavar="NAME|FILE", help="A scenario for the measures; repeatable."
)
@click.option("--template", type=click.Path(), metavar="FILE.docx", help="A Word document whose styles are used.")
@click.option("--date", metavar="YYYY-MM-DD", help="Date of the chapter.  [default: day of the run]")
@projection_options
@combined_option
@lifetime_option
@draw_options
@engine_options
@click.option("--overwrite", is_flag=True, help="Write also into a folder that no run has written.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def command(
    fleet: str,
    folder: str | None,
    language: str,
    target: str | None,
    target_year: int | None,
    scenarios: tuple[str, ...],
    template: str | None,
    date: str | None,
    overwrite: bool,
    quiet: bool,
    draws: int,
    seed: int,
    engine: str,
    scheduler: str | None,
    **settings: Any,
) -> None:
    """Write a chapter for a national plan in Word, with results, page, plan tables, limits and shortlist in one folder.

    \b
    Examples:
      hginv chapter --fleet VNM -o chapter
      hginv chapter --fleet indonesia.xlsx --lang id --target 50% --by 2035 -o chapter
      hginv chapter --fleet hginv-out/indonesia

    Exit codes: 0 done, 1 errors in the data, 2 usage, 3 target out of reach, 4 unreadable or unsafe file.
    """
    from hginv.progress import with_progress
    from hginventory.ensemble import check_engine
    from hginventory.reopen import open_run
    from hginventory.report.output import write_chapter_folder
    from hginventory.report.plan import PlanOrder
    from hginventory.report.text import words_in
    from hginventory.translations import translator

    translator(language)  # first: a wrong language should not wait for the run
    percent = percent_of(target)
    check_engine(engine, scheduler)
    run = open_run(fleet, **settings, **draws_unless_of_a_run(fleet, draws, seed))
    with_progress(run, engine=engine, scheduler=scheduler)
    if folder is None and Path(fleet).is_dir():
        folder = fleet
    made = write_chapter_folder(
        run, folder, PlanOrder(language, scenarios, percent, target_year), date=date or "", template=template,
        overwrite=overwrite,
    )  # fmt: skip
    show_missing_glyphs(made.missing_glyphs)
    show_found(made.found, made.left_out, words_in(language))
    if not quiet:
        click.echo(f"Wrote {made.folder}/ with chapter.docx. README.md says what each file is for.")
