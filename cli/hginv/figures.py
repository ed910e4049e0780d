"""``hginv figures``: the figures of a run as pictures."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("figures")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Where.  [default: figures, in the run folder]")
@click.option(
    "--figure", "names", multiple=True, metavar="NAME", help="One figure, as pareto; repeatable.  [default: all]"
)
@click.option("--lang", "language", default="en", show_default=True, metavar="CODE", help="Language: en, id.")
@click.option(
    "--outlines", type=click.Path(), metavar="GEOJSON", help="Your own outlines for the map; coasts: no borders."
)
@click.option("--fleet", metavar="FILE", help="Where the fleet of the run is now.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def command(
    folder: Path,
    out: Path | None,
    names: tuple[str, ...],
    language: str,
    outlines: str | None,
    fleet: str | None,
    quiet: bool,
) -> None:
    """Write the figures of the run in FOLDER as PNG and SVG, each with its source, date, version and notices.

    \b
    Examples:
      hginv figures hginv-out/indonesia
      hginv figures hginv-out/indonesia -o pictures --figure places --lang id

    Exit codes: 0 done, 1 errors in the data, 2 usage, 4 unreadable or unsafe file.
    """
    from hginventory.files import move_files, new_version
    from hginventory.reopen import reopen
    from hginventory.report.maps import check_outlines
    from hginventory.report.record import add_reports, read_record
    from hginventory.translations import translator

    translator(language)  # first: a wrong language should not wait for the run
    check_outlines(outlines)
    run = reopen(folder, fleet=fleet)
    target = out or folder / "figures"
    written: list[str] = []

    def draw(new: Path) -> None:
        written.extend(path.name for path in run.save_figures(new, names, language, outlines=outlines))

    if out is None:
        entry = {"format": "figures", "language": "en"}
        add_reports(read_record(folder), entry, draw, place="figures", is_whole=not names)
    else:
        with new_version(out, "folder") as copy:
            draw(copy / ".new")
            move_files(copy / ".new", copy)
    if not quiet:
        click.echo(f"Wrote {len(written) // 2} figures into {target}/, each as .png and .svg:")
        for name in written[::2]:
            click.echo(f"  {Path(name).stem}")
