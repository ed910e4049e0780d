"""``hginv schema``: the contract of the workbook for programs."""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    """Print the contract of the workbook as JSON Schema: sheets, columns, units, ranges, codes.

    \b
    Example:
      hginv schema > workbook.schema.json
    """
    import json

    from hginventory.inputs.schema import workbook_schema

    click.echo(json.dumps(workbook_schema(), indent=2, ensure_ascii=False))
