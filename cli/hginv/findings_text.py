"""Findings as text: for people, grouped; as CSV, a line per location; as annotations of GitHub."""

from __future__ import annotations

import csv
import io
import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hginventory.inputs.findings import Finding, printable, ungrouped

if TYPE_CHECKING:
    from hginventory.validating import Validation

WIDTH = 110  # characters of a line
MOST_SHOWN = {"error": 5, "warning": 3, "note": 2}  # of one group
COLUMNS = (
    "code", "name", "severity", "sheet", "cell", "unit_id", "found", "allowed", "remedy", "count", "fix_cell",
    "fix_value", "fix_is_safe",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run such a text
_PLURALS = {"error": "errors", "warning": "warnings", "note": "notes"}
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def as_text(done: Validation) -> str:
    """Return the findings for people: the same finding in one column is one group, the same note one everywhere."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for one in done.ungrouped:
        column = ("", "") if one.severity == "note" else (one.sheet, re.sub(r"\d.*|\[.*", "", one.cell))
        groups.setdefault((one.code, *column), []).append(one)
    sectors = done.fleet.units["sector"].value_counts()
    units = f"{sectors.get('coal_power', 0):,} coal units, {sectors.get('cement_kiln', 0):,} kilns"
    parts = [f"Read {done.fleet.origin}: {units}.", *(_group(same) for same in groups.values())]
    counts = ", ".join(_counted(severity, number) for severity, number in done.counts.items())
    parts.append(f"\n{counts}.{_unfinished(done)}")
    return "\n".join(parts)


def _counted(severity: str, number: int) -> str:
    return f"{number:,} {severity if number == 1 else _PLURALS[severity]}"


def _unfinished(done: Validation) -> str:
    text = " Gaps and defaults are looked at once the errors are mended." if not done.is_projected else ""
    safe = sum(1 for one in ungrouped(done.findings) if one.fix is not None and one.fix.is_safe)
    return f"{text} {safe:,} fixes are safe to make by --fix." if safe else text


def _group(same: Sequence[Finding]) -> str:
    """Return one group: its code, its locations, what is allowed and what to do."""
    first = same[0]
    number = sum(one.count for one in same)
    where = f" ({number:,} places)" if number > 1 else ""
    lines = [f"\n{first.severity.upper()} {first.code} {first.name}{where}"]
    shared = len({(one.allowed, one.remedy) for one in same}) == 1
    most = MOST_SHOWN[first.severity]
    shown = same if len(same) <= most + 1 else same[:most]
    for one in shown:
        unit = f' "{one.unit_id}"' if one.unit_id else ""
        lines += _wrapped(f"{one.location}{unit}  {one.found}", "  ")
        if not shared:
            lines += _wrapped(_words(one), "      ")
    if len(shown) < len(same):
        lines.append(f"  and {len(same) - len(shown):,} more places, which --format csv lists")
    if shared:
        lines += _wrapped(_words(first), "      ")
    return "\n".join(lines)


def _words(one: Finding) -> str:
    return f"{one.allowed[:1].upper()}{one.allowed[1:]}. {one.remedy}"


def _wrapped(text: str, indent: str) -> list[str]:
    following = indent if len(indent) > 2 else f"{indent}  "
    return textwrap.wrap(
        printable(text), WIDTH, initial_indent=indent, subsequent_indent=following, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def as_csv(findings: Sequence[Finding]) -> str:
    """Return one line per location; no spreadsheet takes a text of it for a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in findings:
        fix = (one.fix.cell, str(one.fix.new_value), str(one.fix.is_safe).lower()) if one.fix else ("", "", "")
        texts = (one.code, one.name, one.severity, one.sheet, one.cell, one.unit_id, one.found, one.allowed, one.remedy)
        writer.writerow([_guarded(text) for text in (*texts, str(one.count), *fix)])
    return stream.getvalue()


def _guarded(text: str) -> str:
    is_number = re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not is_number else text


def as_github(findings: Sequence[Finding], file: str) -> str:
    """Return annotations that GitHub shows beside the file."""
    lines = []
    for one in findings:
        title = _escaped(f"{one.code} {one.name}", in_property=True)
        properties = f"file={_escaped(file, in_property=True)},title={title}"
        lines.append(f"::{_LEVELS[one.severity]} {properties}::{_escaped(one.message)}")
    return "\n".join(lines)


def _escaped(text: str, *, in_property: bool = False) -> str:
    """Return a text in which nothing is a command.

    >>> _escaped("100 %"), _escaped("a:b,c", in_property=True)
    ('100 %25', 'a%3Ab%2Cc')
    """
    for sign, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(sign, code)
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text
