"""Entry point of `hginv`: shows the list of commands, or hands the command line to click."""

from __future__ import annotations

import sys

from hginv.overview import HELP, overview, terminal_width


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with its code.

    0 done, 1 data errors, 2 usage, 3 target out of reach, 4 unreadable or unsafe file, 70 a bug of ours,
    130 interrupted.
    """
    args = sys.argv[1:] if argv is None else argv
    try:
        if len(args) == 1 and args[0] in HELP:  # click alone costs three times what Python does
            print(overview(terminal_width()), flush=True)
        else:
            from hginv.group import run

            run(args)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
