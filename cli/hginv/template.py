"""``hginv template``: an empty workbook to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from hginv.options import json_option

if TYPE_CHECKING:
    from hginventory.inputs.template import SectorChoice


@click.command("template")
@click.option("-o", "--out", "path", default="fleet.xlsx", show_default=True, metavar="FILE", help="Workbook to write.")
@click.option("--lang", "language", default="en", show_default=True, metavar="LANG", help="Language, as en or id.")
@click.option(
    "--sector", default="both", show_default=True, type=click.Choice(["coal", "cement", "both"]), help="Unit sheets."
)
@click.option("--no-example", is_flag=True, help="Without the example rows, which are ignored when it is read.")
@click.option("--country", metavar="IDN", help="Country of the fleet: ISO code of three letters or English name.")
@click.option("--overwrite", is_flag=True, help="Replace a file of this name.")
@json_option
def command(
    path: str, language: str, sector: str, no_example: bool, country: str | None, overwrite: bool, as_json: bool
) -> None:
    """Write an empty fleet workbook with labels, units, drop-downs and notes.

    \b
    Examples:
      hginv template -o indonesia.xlsx --country IDN --lang id
      hginv template --sector coal --no-example
    """
    from hginv.output import say, say_command, show_json
    from hginventory.inputs.schema import SCHEMA_VERSION
    from hginventory.inputs.template import write_template

    written = write_template(
        path,
        language=language,
        sector=cast("SectorChoice", sector),
        example=not no_example,
        country=country,
        overwrite=overwrite,
    )
    if as_json:
        data = {
            "file": str(written),
            "template_version": SCHEMA_VERSION,
            "language": language,
            "example": not no_example,
        }
        show_json("template", data)
        return
    rows = "" if no_example else "; its example rows are left out when it is read"
    say(f"Wrote {written} (template {SCHEMA_VERSION}{rows}).")
    say_command("Fill it in, then:", "validate", "--fleet", written)
