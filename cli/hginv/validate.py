"""``hginv validate``: all errors and warnings on a workbook, at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hginv.options import fleet_option, json_option, language_option

if TYPE_CHECKING:
    from hginventory.inputs.corrections import Correction
    from hginventory.report.text import Words
    from hginventory.validating import Validation

FORMATS = ("table", "json", "csv", "github")
MOST_CHANGES = 20  # fixes shown on the screen; --format json lists all


@click.command("validate")
@fleet_option
@click.option(
    "--format", "format_name", type=click.Choice(FORMATS), default="table", show_default=True,
    help="table groups what repeats; json and csv list every place; github writes annotations.",
)  # fmt: skip
@click.option("--marked", metavar="NEW.xlsx", help="Write a copy with marked cells, notes and a sheet Checks of links.")
@click.option("--fix", "fixed", metavar="NEW.xlsx", help="Write a copy with the fixes that are safe, and list them.")
@click.option("--strict", is_flag=True, help="Let warnings fail, too.")
@click.option("--overwrite", is_flag=True, help="Replace the copies where they exist.")
@language_option
@json_option
def command(
    fleet: str,
    format_name: str,
    marked: str | None,
    fixed: str | None,
    strict: bool,
    overwrite: bool,
    language: str | None,
    as_json: bool,
) -> None:
    """Check a workbook: every finding with its code, cell, what is allowed and what to do.

    Your file is only read. A fix is safe where it changes how a value is written and nothing that is read.

    \b
    Examples:
      hginv validate --fleet fleet.xlsx --marked fleet.checked.xlsx
      hginv validate --fleet fleet.xlsx --fix fleet.fixed.xlsx
      hginv validate --fleet fleet.xlsx --format github --strict

    Exit codes: 0 no errors, 1 errors (with --strict also warnings), 2 usage, 4 unreadable or unsafe file.
    """
    from hginventory.report.text import words_in
    from hginventory.validating import validate

    if language is not None:
        words_in(language)  # first: a wrong language should not wait for the workbook
    done = validate(fleet)
    words = words_in(language or done.fleet.language)
    losses = done.mark(marked, overwrite=overwrite) if marked else ()
    changes = done.fix(fixed, overwrite=overwrite) if fixed else ()
    copies = {"marked": marked, "fixed": fixed if changes else None}
    if as_json or format_name == "json":
        _show_json(done, copies, losses, changes)
    else:
        _show(done, format_name, copies, losses, changes, fleet, words, wants_fixes=fixed is not None)
    counts = done.counts
    if counts["error"] or (strict and counts["warning"]):
        sys.exit(1)


def _show_json(
    done: Validation, copies: dict[str, str | None], losses: tuple[str, ...], changes: tuple[Correction, ...]
) -> None:
    from hginv.output import show_json

    data = {
        "fleet": str(done.path or done.fleet.origin),
        "units": len(done.fleet.units),
        "counts": done.counts,
        "projection_tried": done.is_projected,
        **copies,
        "not_kept": losses,
        "changes": [{"place": c.location, "old": str(c.old), "new": c.new, "code": c.code} for c in changes],
    }
    show_json("validate", data, done.ungrouped)


def _show(
    done: Validation,
    format_name: str,
    copies: dict[str, str | None],
    losses: tuple[str, ...],
    changes: tuple[Correction, ...],
    fleet: str,
    words: Words,
    *,
    wants_fixes: bool,
) -> None:
    from hginv.findings_text import as_csv, as_github, as_text
    from hginv.output import say_command, wrapped

    if format_name == "table":
        click.echo(as_text(done, words))
    elif format_name == "csv":
        click.echo(as_csv(done.ungrouped), nl=False)
    elif done.ungrouped:
        click.echo(as_github(done.ungrouped, str(done.path or "")))
    is_side_line = format_name != "table"  # what a program reads stays alone on standard output
    if changes:
        _show_changes(changes, words, is_side_line)
    for loss in losses:
        click.echo(wrapped(words("The marked copy: {loss}", loss=loss)), err=is_side_line)
    if written := _written(copies, words, wants_fixes=wants_fixes):
        click.echo(wrapped(written), err=is_side_line)
    lead, *following = _following(done, copies, fleet, words)
    say_command(lead, *following, err=is_side_line)


def _show_changes(changes: tuple[Correction, ...], words: Words, is_side_line: bool) -> None:
    from hginv.output import wrapped
    from hginventory.inputs.findings import printable

    click.echo(words("Written in another way; what is read stays the same:"), err=is_side_line)
    for change in changes[:MOST_CHANGES]:
        line = printable(f"{change.location}  {_quoted(change.old)} -> {_quoted(change.new)}")
        click.echo(wrapped(line, "  ", 4), err=is_side_line)
    if len(changes) > MOST_CHANGES:
        more = words.number(len(changes) - MOST_CHANGES)
        click.echo(words("  and {n} more; {option} lists all.", n=more, option="--format json"), err=is_side_line)


def _quoted(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _written(copies: dict[str, str | None], words: Words, *, wants_fixes: bool) -> str:
    """Return what was written, in a sentence or two; nothing where no copy was asked for."""
    written = [words("Wrote {file} (marked; sheet Checks).", file=copies["marked"])] if copies["marked"] else []
    written += [words("Wrote {file} (fixes).", file=copies["fixed"])] if copies["fixed"] else []
    written += [words("No fix is safe, so no copy was written.")] if wants_fixes and not copies["fixed"] else []
    return " ".join(written)


def _following(done: Validation, copies: dict[str, str | None], fleet: str, words: Words) -> tuple[str, ...]:
    """Return the lead and the words of the next useful command: a fix corrects no error, so errors are marked."""
    base = fleet.removesuffix(Path(fleet).suffix)
    if copies["fixed"]:
        return words("Next:"), "validate", "--fleet", copies["fixed"]
    if not done.counts["error"]:
        return words("Next:"), "project", "--fleet", fleet
    if not copies["marked"]:
        return words("Next:"), "validate", "--fleet", fleet, "--marked", f"{base}.checked.xlsx"
    return words("Correct the cells and save. Next:"), "validate", "--fleet", fleet
