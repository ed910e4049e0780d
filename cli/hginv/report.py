"""``hginv report``: a run as a page to explore and mail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hginventory.report.record import Record
    from hginventory.run import Run

FORMATS = ("html",)


@click.command("report")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--fleet", metavar="FILE|NAME", help="A fleet to run first; with a folder: where its fleet is now.")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="html", show_default=True, help="What to write.")
@click.option("--lang", "language", default="en", show_default=True, metavar="CODE", help="Language: en, id.")
@click.option(
    "--outlines", type=click.Path(), metavar="GEOJSON", help="Your own outlines for the map.  [default: coasts]"
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="Run folder of --fleet.  [default: hginv-out/<fleet>]"
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def command(
    folder: Path | None,
    fleet: str | None,
    kind: str,
    language: str,
    outlines: str | None,
    out: Path | None,
    quiet: bool,
) -> None:
    """Write a report of the run in FOLDER, or of a fleet.

    \b
    Examples:
      hginv report hginv-out/indonesia
      hginv report --fleet indonesia.xlsx --lang id

    Exit codes: 0 done, 1 errors in the data, 2 usage, 4 unreadable or unsafe file.
    """  # noqa: D301
    from hginventory.errors import UsageError
    from hginventory.report.record import read_record
    from hginventory.texts import translator

    translator(language)  # first: a wrong language should not wait for the run
    if folder is None and fleet is None:
        raise UsageError("hginv report: name a run folder, or a fleet with --fleet.")
    if folder is not None and out is not None:
        raise UsageError("-o is for a run made with --fleet; a report goes into the folder of its run.")
    if folder is None:
        from hginv.progress import with_progress
        from hginventory.run import project

        run = project(str(fleet))
        with_progress(run)
        folder = run.save(out)
    else:
        from hginventory.reopen import reopen

        run = reopen(folder, fleet=fleet)
    written = _write_html(run, read_record(folder), language, outlines)
    if not quiet:
        size = written.stat().st_size / 1e6
        click.echo(
            f"Wrote {written} ({size:.1f} MB), one file that needs no network: open it in a browser, or mail it."
        )


def _write_html(run: Run, record: Record, language: str, outlines: str | None) -> Path:
    from hginventory.report.html import write_page

    return write_page(run, record, language, outlines=outlines)
