"""Entry point of `hginv`: finds commands by name, loads them when called, turns errors into exit codes."""

from __future__ import annotations

import errno
import gc
import sys
import warnings
from collections.abc import Mapping
from importlib import import_module
from itertools import pairwise
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, NoReturn

import click

from hginv.interrupts import heeded

if TYPE_CHECKING:
    from threading import Timer

INTERNAL_ERROR = 70
INTERRUPTED = 130
# Python looks for unreachable cycles every 700 new objects. A command makes hundreds of thousands that all live on, and
# then ends: the search finds next to nothing and costs about 4 % of `project`.
OBJECTS_BETWEEN_COLLECTIONS = 50_000
# Command -> one line of help. The module of the same name holds the command; it is imported when called.
# A name that Python keeps for itself, as import, has a module with an underscore behind it; others stand in MODULES.
COMMANDS: Mapping[str, str] = {
    "project": "Mercury of every unit over its remaining life, ranked.",
    "rank": "Units or plants ranked by any amount, with 90 % intervals.",
    "sensitivity": "Which factors explain the uncertainty, and which measurements would reduce it.",
    "measure": "A monitoring programme: units to measure, methods, prices and benefit.",
    "explain": "The calculation of one unit, step by step, with sources.",
    "chapter": "A chapter for a national plan in Word, with all its files in one folder.",
    "report": "A run as one page to explore and mail, without a network.",
    "figures": "The figures of a run as PNG and SVG, with source, date and notices.",
    "run": "Check a run folder against a fresh computation, or say what changed.",
    "validate": "All errors and warnings on a workbook, with a marked or a corrected copy.",
    "codes": "What the code of a finding means, why it matters and what to do.",
    "fleet": "Bundled fleets of all countries: list them, or write one as a workbook.",
    "template": "An empty fleet workbook to fill in, in your language.",
    "import": "A tracker file to a fleet workbook: GEM, WRI, US EPA, or any table.",
    "export": "A fleet with its results as CSV, IAMC table or point sources.",
    "factors": "List the factor rows, or show one with its source.",
    "options": "What can be done at a unit: avoided mercury, cost, waste, and why not.",
    "shortlist": "The plants to look at first, one page each.",
    "limits": "Units compared with emission limits, on the basis of the limit.",
    "optimize": "Which unit gets what and when: least cost for a target, most mercury for a budget.",
    "scenario": "Scenarios compared with each other, on the same draws.",
    "finance": "Projects in the form of a funding proposal.",
    "schema": "The contract of the workbook as JSON Schema.",
}
MODULES: Mapping[str, str] = {"options": "catalogue"}  # the module `options` holds what commands share


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that help waits for none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = cmd_name.replace("-", "_") + ("_" if iskeyword(cmd_name) else "")
        command: click.Command = import_module(f"hginv.{MODULES.get(cmd_name, module)}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of the arguments; propose the nearest where there is none."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from hginventory.report.text import nearest

            near = nearest(args[0], COMMANDS)
            hint = f" Did you mean {near[0]!r}?" if near else f" Commands: {', '.join(COMMANDS)}."
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from hginventory._version import __version__

        click.echo(f"hginv {__version__}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def cli() -> None:
    """Mercury inventory of coal-fired units and cement kilns.

    Start here, with your country: hginv project --fleet VNM
    """


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with its code.

    0 done, 1 data errors, 2 usage, 3 target out of reach, 4 unreadable or unsafe file, 70 a bug of ours,
    130 interrupted.
    """
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    warnings.formatwarning = lambda message, *_, **__: f"Warning: {message}\n"
    args = sys.argv[1:] if argv is None else argv
    with heeded() as lost:
        _run(args, lost)


def _run(args: list[str], lost: list[Timer]) -> None:
    """Run the command line; whatever fails after a lost interrupt failed because of it."""
    try:
        _check_words(args)
        cli.main(args=args, prog_name="hginv", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        _end_interrupted()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if lost:
            _end_interrupted()
        sys.exit(_report(error, as_json=_wants_json(args)))


def _check_words(args: list[str]) -> None:
    """Raise if a word is longer than any path, or is not text, so that no command has to ask."""
    from hginventory.reading import LONGEST_WORD

    option = ""
    for word in args:
        name = word.partition("=")[0] if word.startswith("--") else option
        where = f"of {name}" if name and len(name) < LONGEST_WORD else "of the command line"
        if len(word) > LONGEST_WORD:
            raise click.UsageError(f"the word {where} has {len(word):,} characters; at most {LONGEST_WORD:,} are read.")
        if not word.isascii() and word != word.encode("utf-8", "replace").decode("utf-8"):
            shown = word.encode("utf-8", "replace").decode("utf-8")
            raise click.UsageError(f"the word {where} is not written in UTF-8: {shown!r}. Rename the file.")
        option = word if word.startswith("--") else ""


def _end_interrupted() -> NoReturn:
    click.echo("Interrupted; nothing was left half written.", err=True)
    sys.exit(INTERRUPTED)


def _wants_json(args: list[str]) -> bool:
    return "--json" in args or "--format=json" in args or ("--format", "json") in pairwise(args)


def _report(error: Exception, as_json: bool) -> int:
    """Show an error and return its exit code."""
    from hginventory.errors import HgInventoryError

    if isinstance(error, HgInventoryError):
        if as_json:
            from hginv.output import error_json

            click.echo(error_json(error))
        else:
            from hginv.parameters import as_options

            click.echo(f"Error: {as_options(error)}", err=True)
        return error.exit_code
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        click.echo(f"Error: {error.filename}: the name is too long for this system. Use a shorter one.", err=True)
        return click.UsageError.exit_code
    import os

    if os.environ.get("HGINV_DEBUG"):
        raise error
    click.echo(f"{_bug_message(error)}\nNothing was written. HGINV_DEBUG=1 shows the details.", err=True)
    return INTERNAL_ERROR


def _bug_message(error: Exception) -> str:
    import traceback

    frames: list[Any] = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "unknown place"
    return f"A bug of hginventory, please report it: {type(error).__name__} at {where}: {error}"
