"""What is written down of a bug: enough to find it, and nothing of what the user's files and options say."""

from __future__ import annotations

import platform
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from hginventory._version import __version__


def write_failure(error: BaseException, command: click.Command, words: Sequence[str]) -> Path | None:
    """Write a report of an unexpected error into the folder for temporary files.

    Parameters
    ----------
    error : BaseException
        The error. Its message may quote a cell of the user and is left out.
    command : click.Command
        The program.
    words : sequence of str
        Of the command line, without the name of the program.

    Returns
    -------
    Path, optional
        The report; None where it cannot be written.
    """
    with suppress(Exception):  # a bug in here must not hide the one that is reported
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="hginventory-failure-", suffix=".txt", delete=False
        ) as file:
            file.write(failure_text(error, command, words))
        return Path(file.name)
    return None


def failure_text(error: BaseException, command: click.Command, words: Sequence[str]) -> str:
    """Return a report of an unexpected error, without any value of the user; parameters as in `write_failure`."""
    lines = [
        f"hginventory {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"command: {command_text(command, words)}",
    ]
    for one in _causes(error):
        lines += ["", f"{type(one).__module__}.{type(one).__qualname__}"]
        lines += [
            f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}: {frame.line}"
            for frame in traceback.extract_tb(one.__traceback__)
        ]
    return "\n".join(lines) + "\n"


def command_text(command: click.Command, words: Sequence[str]) -> str:
    """Return a command line with the names of commands and options alone.

    >>> from hginv.group import cli
    >>> command_text(cli, ["run", "diff", "Suralaya before", "after", "--out=there", "--json"])
    'hginv run diff ... ... --out=... --json'
    """
    shown = ["hginv"]
    for word in words:
        inner = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
        name, sign, _ = word.partition("=")
        options = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        if inner is not None:
            command = inner
            shown.append(word)
        else:
            shown.append(name + sign + ("..." if sign else "") if name in options else "...")
    return " ".join(shown)


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and those that it came from, the first one last."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        following = following.__cause__ or following.__context__
    return found


def _place(path: str) -> str:
    """Return the file of a line of code from its package on; the folders above may name the user.

    >>> _place("/home/anna/env/lib/python3.12/site-packages/pandas/core/frame.py")
    'pandas/core/frame.py'
    """
    parts = Path(path).parts
    for top in ("site-packages", "dist-packages"):
        if top in parts:
            return "/".join(parts[parts.index(top) + 1 :])
    for top in ("hginventory", "hginv"):
        if top in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(top) :])
    return parts[-1] if parts else path
