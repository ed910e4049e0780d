"""``hginv fleet``: which fleets are bundled, and one of them as a workbook to fill in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from hginv.options import json_option
from hginventory.units import percent

if TYPE_CHECKING:
    from hginventory.inputs.fleet import Fleet
    from hginventory.report.text import Words


@click.group("fleet")
def command() -> None:
    """Bundled fleets: what there is, and the workbook of one to fill in.

    \b
    Examples:
      hginv fleet list
      hginv fleet export VNM -o vietnam.xlsx
    """


_language_option = click.option(
    "--lang", "language", default="en", show_default=True, metavar="CODE", help="Language: en, id."
)


@command.command("list")
@_language_option
@json_option
def list_fleets(language: str, as_json: bool) -> None:
    """List the countries whose coal-fired units are bundled, and what is known of them."""
    from hginv.output import say, show_json, show_table
    from hginventory.inputs.bundled import NOTICE, country_groups, fleets, table_attribution, workbook_names
    from hginventory.inputs.parsing import local_country_name
    from hginventory.report.text import words_in

    words = words_in(language)
    table, groups, workbooks = fleets(), country_groups(), workbook_names()
    if as_json:
        members = {group: sorted(countries) for group, (_, countries) in groups.items()}
        show_json("fleet list", {"countries": table.to_dict("records"), "groups": members, "workbooks": workbooks})
        return
    rows = [
        [
            str(row["fleet"]),
            local_country_name(row["fleet"], row["country"], words.language),
            words.number(row["units"]),
            words.number(row["capacity_mw"], 0),
            words.number(row["units_construction"]) if row["units_construction"] else "",
            *(
                words.signs(percent(row[f"{name}_known"])) if row["units"] else ""
                for name in ("start_year", "coal_type", "technology")
            ),
        ]
        for row in table.to_dict("records")
    ]
    headings = [
        words("fleet"),
        words("country"),
        words("units"),
        "MW",
        words("under construction"),
        words("start year known"),
        words("coal type known"),
        words("steam known"),
    ]
    title = words("Coal-fired units in operation; share of the capacity for which a column is known")
    show_table(headings, rows, title=title, words=(0, 1))
    for text in (
        words(
            'Give a code or any name of a country, as VNM, vietnam or "Việt Nam", or one of: {groups}, world.',
            groups=", ".join(groups),
        ),
        words("{name} adds the cement plants of the country, from their capacity alone.", name="VNM+cement"),
        words(
            "Indonesia is the bundled workbook with reported controls, coal analyses and kilns; tracker:IDN gives the "
            "units of the tracker."
        ),
        words(
            "Not in the tracker, so estimated from default values: mercury and heating value of coal, generation, "
            "efficiency and control devices."
        ),
        words.tell(NOTICE),
        words.tell(table_attribution().text),
    ):
        say(text, "- ")


@command.command("export")
@click.argument("name")
@click.option("-o", "--out", required=True, type=click.Path(), metavar="FILE.xlsx", help="Workbook to write.")
@click.option("--overwrite", is_flag=True, help="Replace the file where it exists.")
@_language_option
@json_option
def export_fleet(name: str, out: str, overwrite: bool, language: str, as_json: bool) -> None:
    """Write a bundled fleet as a workbook, to fill in what is not known.

    \b
    Examples:
      hginv fleet export VNM -o vietnam.xlsx
      hginv fleet export indonesia -o indonesia.xlsx --lang id
    """
    from hginv.output import say, say_command, show_json
    from hginventory.inputs.bundled import read_fleet
    from hginventory.inputs.template import write_fleet
    from hginventory.inputs.trackers import to_fill
    from hginventory.report.text import words_in

    words = words_in(language)
    fleet = _in_language(read_fleet(name), words)
    written = write_fleet(fleet, out, language=language, about=_about(fleet, words), overwrite=overwrite)
    blank = to_fill(fleet.units, set(fleet.activity["unit_id"]))
    if as_json:
        data = {"written": str(written), "units": len(fleet.units), "to_fill": [vars(column) for column in blank]}
        show_json("fleet export", data, fleet.findings)
        return
    say(words("To fill in where you know it; until then default values are used, and results say so:"))
    for column in blank:
        units = words("{blank} of {units} units", blank=words.number(column.blank), units=words.number(column.units))
        say(f"{column.column}: {units}", "  ", 4)
    for one in fleet.attributions:
        say(words.tell(one.text))
    say(words("Wrote {file} with {n} units.", file=written, n=words.number(len(fleet.units))))
    say_command(words("Next:"), "project", "--fleet", written)


def _in_language(fleet: Fleet, words: Words) -> Fleet:
    """Return the fleet with its notice in a language, as the sheet Settings contains it."""
    notice = fleet.settings.get("notice")
    if notice is None:
        return fleet
    return replace(fleet, settings={**fleet.settings, "notice": replace(notice, value=words.tell(notice.value))})


def _about(fleet: Fleet, words: Words) -> tuple[str, ...]:
    """Return title and paragraphs of the first page of the workbook."""
    title = fleet.settings.get("fleet_name")
    return (
        str(title.value if title else fleet.name),
        *(words.tell(one.text) for one in fleet.attributions),
        words("A blank cell means that the source does not give the value: a default is used until it is filled in."),
    )
