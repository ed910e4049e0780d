"""``hginv report``: a run as a page to explore and mail, as a workbook, as the tables or the chapter of a plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hginv.numbers import WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hginventory.report.plan import PlanOrder
    from hginventory.report.record import Difference, RunRecord
    from hginventory.report.text import Words
    from hginventory.run import Run

FORMATS = ("html", "xlsx", "plan", "docx")
BELONGS_TO = {
    "outlines": ("html",),
    **dict.fromkeys(("scenarios", "target", "target_year", "plan_base_year", "since"), ("plan", "docx")),
    **dict.fromkeys(("template", "date"), ("docx",)),
}  # option -> the formats that read it


@click.command("report")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--fleet", metavar="FILE|NAME", help="A fleet to run first; with a folder: where its fleet is now.")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="html", show_default=True, help="What to write.")
@click.option("--lang", "language", default="en", show_default=True, metavar="CODE", help="Language: en, id.")
@click.option(
    "--outlines", type=click.Path(), metavar="GEOJSON", help="html: your own outlines for the map; coasts: no borders."
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Run folder of --fleet.  [default: hginv-out/<fleet>]"
)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME|FILE",
    help="plan, docx: a scenario for the measures; repeatable.",
)
@click.option("--target", metavar="PERCENT", help="plan, docx: reduction, as 33.2%.  [default: 50%, to be changed]")
@click.option(
    "--by", "target_year", type=WHOLE, metavar="YEAR", help="plan, docx: year of the target.  [default: 2035]"
)
@click.option("--plan-base-year", type=WHOLE, metavar="YEAR", help="plan, docx: its base year.  [default: of the run]")
@click.option("--since", type=click.Path(path_type=Path), metavar="FOLDER", help="plan, docx: an earlier run, for N14.")
@click.option("--template", type=click.Path(), metavar="FILE.docx", help="docx: a Word document whose styles are used.")
@click.option("--date", metavar="YYYY-MM-DD", help="docx: date of the chapter.  [default: day of the run]")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.pass_context
def command(
    context: click.Context,
    folder: Path | None,
    fleet: str | None,
    kind: str,
    language: str,
    outlines: str | None,
    out: Path | None,
    scenarios: tuple[str, ...],
    target: str | None,
    target_year: int | None,
    plan_base_year: int | None,
    since: Path | None,
    template: str | None,
    date: str | None,
    quiet: bool,
) -> None:
    """Write a report of the run in FOLDER, or of a fleet.

    \b
    Examples:
      hginv report hginv-out/indonesia
      hginv report --fleet indonesia.xlsx --lang id
      hginv report hginv-out/indonesia --format xlsx
      hginv report hginv-out/indonesia --format plan --scenario targeted_top10 --target 33.2% --by 2030
      hginv report hginv-out/indonesia --format docx --lang id

    Exit codes: 0 done, 1 errors in the data, 2 usage, 4 unreadable or unsafe file.
    """
    from hginv.output import say
    from hginventory.errors import UsageError
    from hginventory.report.plan import PlanOrder
    from hginventory.report.record import INDEX, read_record
    from hginventory.translations import translator

    translator(language)  # first: a wrong language should not wait for the run
    _check_source(folder, fleet, out)
    _refuse_options_of_other_formats(context, kind)
    if kind == "xlsx" and language != "en":
        raise UsageError(
            f"--lang {language}: the workbook is in English. Use --format html, plan or docx in other languages."
        )
    if kind == "html":
        from hginventory.report.maps import check_outlines
        from hginventory.report.page import begin_bundle

        check_outlines(outlines)
        begin_bundle()
    elif kind == "docx":
        from hginventory.report.chapter import check_chapter

        check_chapter(date or "", template)
    if folder is None:
        from hginv.progress import with_progress
        from hginventory.projecting import project

        run = project(str(fleet))
        with_progress(run)
        folder = run.save(out)
    else:
        from hginventory.reopen import reopen

        run = reopen(folder, fleet=fleet)
    read_record(folder).check_unchanged([INDEX])
    if kind in ("docx", "plan"):
        asked = PlanOrder(language, scenarios, percent_of(target), target_year, plan_base_year)
        told = _write_for_plan(run, folder, kind, asked, since, date, template)
    elif kind == "xlsx":
        from hginventory.report.excel import write_workbook

        written = write_workbook(run, read_record(folder))
        told = f"Wrote {written} ({_megabytes(written)} MB): the results with scenarios, options, costs and limits."
    else:
        written = _write_html(run, read_record(folder), language, outlines)
        told = (
            f"Wrote {written} ({_megabytes(written)} MB), one file that needs no network: open it in a browser, or "
            "mail it."
        )
    if not quiet:
        say(told)


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f}"


def _write_for_plan(
    run: Run, folder: Path, kind: str, asked: PlanOrder, since: Path | None, date: str | None, template: str | None
) -> str:
    """Write the tables or the chapter of a plan, and return what to say of it."""
    from hginventory.report.chapter import write_chapter
    from hginventory.report.plan import plan_of_run
    from hginventory.report.record import difference, read_record

    changed = None if since is None else difference(read_record(since), read_record(folder))
    order = _order(folder, kind, asked, changed)
    if kind == "plan":
        written = plan_of_run(run, read_record(folder), order, changed)
        return f"Wrote {written}/ with plan.xlsx, plan.md and one CSV for each of the tables N1 to N14."
    written, missing = write_chapter(run, read_record(folder), order, date=date or "", template=template, since=changed)
    show_missing_glyphs(missing)
    return f"Wrote {written}, to open in Word, and the tables that it cites: {folder / 'plan'}/."


def _check_source(folder: Path | None, fleet: str | None, out: Path | None) -> None:
    """Raise unless a run folder or a fleet is named, and a folder to write only for a run to make."""
    from hginventory.errors import UsageError

    if folder is None and fleet is None:
        raise UsageError("hginv report: name a run folder, or a fleet with --fleet.")
    if folder is not None and out is not None:
        raise UsageError("-o is for a run made with --fleet; a report goes into the folder of its run.")


def _refuse_options_of_other_formats(context: click.Context, kind: str) -> None:
    """Name all options given that the format would ignore, with the formats they go with."""
    from hginventory.errors import UsageError

    strange: dict[str, list[str]] = {}
    for option in context.command.params:
        owners = BELONGS_TO.get(option.name or "", (kind,))
        if kind not in owners and context.params[option.name or ""] not in (None, ()):
            strange.setdefault(" or ".join(owners), []).append(option.opts[-1])
    if strange:
        owned = "; ".join(f"{', '.join(names)}: for --format {owner}" for owner, names in strange.items())
        raise UsageError(f"hginv report --format {kind} has no use for some options. {owned}. Leave them out.")


def _write_html(run: Run, record: RunRecord, language: str, outlines: str | None) -> Path:
    from hginventory.report.page import write_page

    return write_page(run, record, language, outlines=outlines)


def percent_of(text: str | None) -> float | None:
    """Return a target in percent."""
    from hginventory.errors import UsageError

    if text is None:
        return None
    try:
        percent = float(text.strip().removesuffix("%"))
    except ValueError:
        percent = -1.0
    if not 0 < percent <= 100:
        raise UsageError(f"--target: {text!r} is not a reduction. Write a percentage between 0 and 100, as 33.2%.")
    return percent


def _order(folder: Path, kind: str, asked: PlanOrder, changed: Difference | None) -> PlanOrder:
    """Return what is asked of the plan, with what lies in the folder where no scenario and no target is asked.

    A chapter takes what is not asked from the plan tables that the folder has.
    """
    from hginventory.report.chapter import order_of_folder
    from hginventory.report.record import read_record, scenarios_in
    from hginventory.report.text import words_in

    record = read_record(folder)
    order = order_of_folder(record, asked, since=changed) if kind == "docx" else asked
    if asked != type(asked)(asked.language):
        return order
    found = scenarios_in(record)
    words = words_in(asked.language)
    paths = (*order.scenarios, *(str(folder / name) for name in found.used))
    unusable = {str(folder / name) for name in found.left_out}
    show_found(found.used, found.notes(words.tell), words)
    return replace(order, scenarios=tuple(path for path in dict.fromkeys(paths) if path not in unusable))


def show_found(used: Sequence[str], left_out: Sequence[str], words: Words) -> None:
    """Say which plans and scenarios of the run folder are used, and what is left out, in the language of the words."""
    from hginv.output import wrapped

    if used:
        click.echo(wrapped(words("Used from the folder: {names}.", names=", ".join(used))), err=True)
    for text in left_out:
        click.echo(wrapped(f"{words('Left out')}: {text}"), err=True)


def show_missing_glyphs(missing: str) -> None:
    """Warn of characters that pictures show as boxes."""
    if missing:
        click.echo(
            f"No font of this machine has {' '.join(missing)}. Programs that cannot draw SVG show boxes for these "
            "characters in figures. Install a font that has them, as Noto Sans CJK, and write the chapter again.",
            err=True,
        )
