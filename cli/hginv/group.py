"""The commands of `hginv` for click: found by name, loaded when called, errors turned into exit codes."""

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
from hginv.overview import COMMANDS, HELP, INTRODUCTION, VERSION_HELP, WIDEST, overview

if TYPE_CHECKING:
    from threading import Timer

INTERNAL_ERROR = 70
INTERRUPTED = 130
# A disk or a quota that is full, a bound on the size of files, a disk that is read-only or damaged.
OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
# Python looks for unreachable cycles every 700 new objects. A command makes hundreds of thousands that all live on, and
# then ends: the search finds next to nothing and costs about 4 % of `project`.
OBJECTS_BETWEEN_COLLECTIONS = 50_000
# The module of the name of a command holds it. A name that Python keeps for itself, as import, has a module with an
# underscore behind it; others stand here.
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

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help without importing any command."""
        formatter.write(overview(formatter.width))


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from hginventory._version import __version__

        click.echo(f"hginv {__version__}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    help=INTRODUCTION,
    context_settings={"help_option_names": list(HELP), "max_content_width": WIDEST},
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help=VERSION_HELP)
def cli() -> None:
    """Carry the commands."""


def run(args: list[str]) -> None:
    """Run a command line and exit with its code, as `main.main` says."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    warnings.formatwarning = lambda message, *_, **__: f"Warning: {message}\n"
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
        raise
    except Exception as error:
        if lost:
            _end_interrupted()
        sys.exit(_report(error, args))


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


def _report(error: Exception, args: list[str]) -> int:
    """Show an error and return its exit code."""
    from hginventory.errors import HgInventoryError

    if isinstance(error, HgInventoryError):
        if _wants_json(args):
            from hginv.output import error_json

            click.echo(error_json(error))
        else:
            from hginv.parameters import as_options

            click.echo(f"Error: {as_options(error)}", err=True)
        return error.exit_code
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        click.echo(f"Error: {error.filename}: the name is too long for this system. Use a shorter one.", err=True)
        return click.UsageError.exit_code
    if isinstance(error, OSError) and error.errno in OF_THE_DISK:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"Error: {where}cannot be written ({error.strerror}). Check that the disk has space.", err=True)
        return click.UsageError.exit_code
    import os

    if os.environ.get("HGINV_DEBUG"):
        raise error
    from hginv.failure_report import write_failure

    report = write_failure(error, cli, args)
    details = f"Add this file to your report, it contains none of your data: {report}" if report else ""
    click.echo(f"{_bug_message(error)}\nNo file is half written. {details}".rstrip(), err=True)
    return INTERNAL_ERROR


def _bug_message(error: Exception) -> str:
    import traceback

    frames: list[Any] = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "unknown place"
    return f"A bug of hginventory, please report it: {type(error).__name__} at {where}: {error}"
