"""Commands that ask something of a run: one decorator declares what they share and hands over the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from hginv.options import (
    combined_option,
    draw_options,
    draws_unless_of_a_run,
    json_option,
    projection_options,
    source_option,
)

if TYPE_CHECKING:
    from hginventory.run import Run

SETTINGS = ("base_year", "rule", "profile", "where", "combined", "draws", "seed")


@dataclass(frozen=True)
class RunSource:
    """The run that a command line names; opened on demand, so that a slip in another option costs no run.

    Attributes
    ----------
    fleet : str
        Workbook, bundled fleet or run folder.
    settings : dict of str to object
        Settings of the run; None: that of an earlier run, else the default.
    """

    fleet: str
    settings: dict[str, Any]

    def open(self) -> Run:
        """Return the run."""
        from hginventory.reopen import open_run

        return open_run(self.fleet, **self.settings)


def run_command(name: str, *, out: str, without_run: str = "") -> Callable[[Callable[..., None]], click.Command]:
    """Make a function a command of a run.

    The function takes ``source`` (a `RunSource`), ``folder`` (where its tables go, or None), ``as_json``, and the
    options declared on it, which come between ``--fleet`` and those of the run in its help.

    Parameters
    ----------
    name : str
        Name of the command.
    out : str
        Help of ``--out``, without its default.
    without_run : str
        Flag of the function with which it needs no run, and so no fleet.
    """

    def decorate(function: Callable[..., None]) -> click.Command:
        @wraps(function)
        def with_source(fleet: str | None, **given: Any) -> None:
            if fleet is None and not given[without_run]:
                raise click.MissingParameter(ctx=click.get_current_context(), param=first)
            settings = {key: given.pop(key) for key in SETTINGS}
            settings |= draws_unless_of_a_run(fleet or "", settings["draws"], settings["seed"])
            function(source=RunSource(fleet or "", settings), **given)

        def shared() -> None:
            """Carry the options that all have."""

        usual = "  [default: in the run folder of --fleet, else in hginv-out]"
        folder_option = click.option("-o", "--out", "folder", type=click.Path(), help=out + usual)
        of_run = projection_options(combined_option(draw_options(folder_option(json_option(shared)))))
        carrier = click.command(source_option(of_run))
        command = click.command(name)(with_source)
        first, *last = carrier.params
        first.required = not without_run
        command.params = [first, *command.params, *last]
        return command

    return decorate
