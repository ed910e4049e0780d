"""The help of `hginv` itself: what it is, and the list of its commands. Shown without loading click."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Mapping

HELP = ("-h", "--help")
INTRODUCTION = """Mercury inventory of coal-fired units and cement kilns.

Start here, with your country: hginv project --fleet VNM
"""
VERSION_HELP = "Show the version."
NARROWEST, WIDEST = 50, 100  # characters
# Command -> one line of help.
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


def overview(width: int) -> str:
    """Return the help of `hginv` itself.

    Parameters
    ----------
    width : int
        Characters of a line.
    """
    options = (("--version", VERSION_HELP), (", ".join(HELP), "Show this message and exit."))
    about = [textwrap.fill(text, width, initial_indent="  ", subsequent_indent="  ")
             for text in INTRODUCTION.strip().split("\n\n")]  # fmt: skip
    parts = ["Usage: hginv [OPTIONS] COMMAND [ARGS]...", *about, _listed("Options", options, width)]
    return "\n\n".join([*parts, _listed("Commands", COMMANDS.items(), width)])


def _listed(heading: str, rows: Iterable[tuple[str, str]], width: int) -> str:
    """Return a list of names and what they are, in two columns."""
    rows = list(rows)
    column = max(len(name) for name, _ in rows) + 4
    lines = [
        textwrap.fill(text, width, initial_indent=f"  {name}".ljust(column), subsequent_indent=" " * column)
        for name, text in rows
    ]
    return "\n".join([f"{heading}:", *lines])


def terminal_width() -> int:
    """Return the characters of a line of help: those of the terminal, within bounds, less a margin."""
    return max(min(shutil.get_terminal_size().columns, WIDEST) - 2, NARROWEST)
