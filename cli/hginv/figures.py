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
    from hginventory.files import new_files
    from hginventory.reopen import reopen
    from hginventory.report.maps import check_outlines
    from hginventory.report.output import add_to_folder, check_place
    from hginventory.report.record import read_record
    from hginventory.translations import translator

    translator(language)  # first: a wrong language should not wait for the run
    check_outlines(outlines)
    run = reopen(folder, fleet=fleet)
    target = out or folder / "figures"
    with new_files(target, "folder") as new:
        written = [target / path.name for path in run.save_figures(new, names, language, outlines=outlines)]
        if out is None:
            check_place(read_record(folder), "figures", [path.name for path in written])
    if out is None:
        add_to_folder(read_record(folder), "figures", [path.name for path in written], is_whole=not names)
    if not quiet:
        click.echo(f"Wrote {len(written) // 2} figures into {target}/, each as .png and .svg:")
        for path in written[::2]:
            click.echo(f"  {path.stem}")
