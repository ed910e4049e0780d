"""How right we are: published totals and reports of plants next to our values, computed from this repository alone.

    python benchmarks/validation.py [--write]

Computes docs/validation.md again and compares it with the page on file; it takes some minutes, no network and no other
files than those of the repository. Exit code 1 where a figure differs from the page, where a case of
validation_cases.txt is not computed, or where one that is not in it is. A wide interval is no gain: the score counts
its width. --write renews page and list; a case once in the list has to stay.
"""

from __future__ import annotations

import argparse
import difflib
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from validation_fleets import DEFAULTS, DRAWS, LEFT_OUT, SEED, kilns, kilns_left_out, national, power_stations
from validation_removal import Removal, removals
from validation_scores import Outcome, Summary, summarise

from hginventory.factors import load_library
from hginventory.report.text import ENGLISH

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from doc_pages.markdown import table

PAGE = Path(__file__).parents[1] / "docs" / "validation.md"
CASES = Path(__file__).with_name("validation_cases.txt")
DIFFERS = 1
MADE = "<!-- Made by benchmarks/validation.py: python benchmarks/validation.py --write renews it. -->"
INTRO = """
# How right we are

What others published, next to what this program gives without their numbers: default factors, and the fleet of the
bundled tracker table in the year of the published value (units that had started and were not retired). Kilns of
registers run as their CO2 says, power stations burn the coal of theirs. Nothing was tuned, and nothing is left out
because it misses: the list of cases is fixed (`benchmarks/validation_cases.txt`).

    python benchmarks/validation.py

computes this page again from the repository alone and fails where a figure differs.

- **Interval**: 5th to 95th percentile of the draws. **Width**: its upper over its lower end.
- **Score**: the interval score of the logarithms (Gneiting and Raftery 2007): ln(width), plus 20 times the distance on
  the logarithmic scale by which the published value lies outside. Smaller is better; a wider interval costs its width.
- **Ratio**: ours over published. In the summary: geometric mean over countries or plants, with the standard error of
  its logarithm. Years of one plant, and totals of one country, count as one.
- **Not scored**: published values that were not read in their source (*recalled*), that share a source with an input
  (*not independent*), or of a year whose fleet is unknown (*another year*: the tracker has no unit that retired
  before 2000).
- A unit that is mothballed today counts as not running in any year, as the tracker does not say since when: our
  totals of early years lack it.
- Controls, coal and capacity factors are those of the factor tables nearest to the year, not always of the year.
"""
KILN_TEXT = """
A register lists mercury from 10 kg a year on. A plant-year without it is shown as "< 10" and counts as inside where our
interval reaches below 10 kg; it has no ratio and no score. The ratio is thus one of plants above 10 kg: a rate that is
right for all plants lies below theirs. *Default* is what a kiln of unknown inputs gets. Where that default is fitted to
the register it says nothing of us; *left out* is the rate fitted in the same way without the plant's country.
"""
REMOVAL_TEXT = """
What passes a train, coal to stack: our stack tests (`removal_evidence`) and the row of `removal`. Rows
marked *read* are made from these tests; rows marked *judgement* were set with them in view. So none is scored.
"""
HEAD = ["published [kg]", "ours [kg]", "90 % interval", "ratio", "inside", "width", "score"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute the page, write it or compare it with the one on file, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="renew the page and the list of cases")
    options = parser.parse_args(arguments)
    outcomes = list(computed())
    known, found = listed(CASES), [outcome.case_id for outcome in outcomes]
    missing, new = [c for c in known if c not in set(found)], [c for c in found if c not in set(known)]
    text = page(outcomes, removals())
    print(summary_text(outcomes))
    for case in missing:
        print(f"{case}: in {CASES.name}, and not computed", file=sys.stderr)
    if missing:
        return DIFFERS
    if options.write:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
        CASES.write_text("".join(f"{case}\n" for case in [*known, *new]), encoding="utf-8", newline="\n")
        return 0
    for case in new:
        print(f"{case}: computed, and not in {CASES.name}: --write adds it", file=sys.stderr)
    return max(compare(text, PAGE), DIFFERS if new else 0)


def compare(text: str, path: Path) -> int:
    """Print how a text differs from a page on file, and return the exit code."""
    stored = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = difflib.unified_diff(stored.splitlines(), text.splitlines(), path.name, "computed now", n=0, lineterm="")
    for line in lines:
        print(line, file=sys.stderr)
    return 0 if stored == text else DIFFERS


def listed(path: Path) -> list[str]:
    """Return the cases of the fixed list."""
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def computed() -> Iterator[Outcome]:
    """Yield every case."""
    library = load_library()
    for row in library.table("inventory_reference").rows:
        yield national(row)
    yield from power_stations(library.table("power_reference").rows)
    yield from kilns(library.table("plant_reference").rows)
    yield from kilns_left_out(library.table("plant_reference").rows)


def page(outcomes: Sequence[Outcome], trains: Sequence[Removal]) -> str:
    """Return the text of docs/validation.md."""
    made = f"Factor set `{load_library().version}`, {DRAWS:,} draws, seed {SEED}."
    parts = [MADE, INTRO, made, "## Summary", summary_text(outcomes)]
    for group in ("national totals, coal", "national totals, cement", "power stations"):
        rows = [[o.place, o.year, *_cells(o), o.remark or "scored", o.source] for o in outcomes if o.group == group]
        parts += [f"## {group.capitalize()}", table(["what", "year", *HEAD, "scored, or why not", "source"], rows)]
    parts += ["## Kilns", KILN_TEXT, _kiln_table(outcomes), "## Removal by train", REMOVAL_TEXT, _removal_table(trains)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def summary_text(outcomes: Sequence[Outcome]) -> str:
    """Return the table of groups."""
    rows = []
    for group in dict.fromkeys(outcome.group for outcome in outcomes):
        own = [outcome for outcome in outcomes if outcome.group == group]
        rows.append([group, len(own), *_summary_cells(summarise(own))])
    heads = [
        "group",
        "cases",
        "scored",
        "countries or plants",
        "ratio",
        "standard error of ln",
        "inside",
        "width",
        "score",
    ]
    return table(heads, rows)


def _summary_cells(found: Summary | None) -> list[object]:
    if found is None:
        return ["0", *[""] * 6]
    inside = f"{found.inside:.0%} of {found.counted}"
    return [found.cases, found.clusters, _short(found.ratio), _short(found.error), inside, _short(found.width),
            _short(found.score)]  # fmt: skip


def _cells(outcome: Outcome) -> list[str]:
    published = f"{'< ' if outcome.censored else ''}{_short(outcome.published)}"
    if math.isnan(outcome.ours):
        return [published, *[""] * (len(HEAD) - 1)]
    inside = "yes" if outcome.is_inside else "no"
    numbers = ["", inside, "", ""] if outcome.censored else [
        _short(outcome.ours / outcome.published), inside, _short(outcome.width), _short(outcome.score)
    ]  # fmt: skip
    return [published, _short(outcome.ours), f"{_short(outcome.low)} to {_short(outcome.high)}", *numbers]


def _kiln_table(outcomes: Sequence[Outcome]) -> str:
    """Return one line a plant-year, with the default and the rate without the country next to each other."""
    defaults, left_out = (
        {outcome.case_id.partition("/")[2]: outcome for outcome in outcomes if outcome.group == group}
        for group in (DEFAULTS, LEFT_OUT)
    )
    rows = []
    for key in sorted(defaults):
        first, second = _cells(defaults[key]), _cells(left_out[key])
        rows.append([defaults[key].place, defaults[key].year, *first[:3], first[4], *second[1:]])
    heads = ["plant", "year", "published [kg]", "default [kg]", "90 % interval", "inside", "left out [kg]", *HEAD[2:]]
    return table(heads, rows)


def _removal_table(trains: Iterable[Removal]) -> str:
    rows = [
        [*t.cell, t.tests, f"{t.units:g}", f"{t.tested:.2f}", f"{t.ours:.2f}", f"{t.low:.2f} to {t.high:.2f}",
         f"{t.inside} of {t.tests}", _short(t.ours / t.tested), t.mark]
        for t in trains
    ]  # fmt: skip
    heads = ["train", "coal class", "boiler", "tests", "units", "passed, tests", "passes, ours",
             "90 % interval of a unit", "tests inside", "ratio", "our row"]  # fmt: skip
    return table(heads, rows)


def _short(value: float) -> str:
    return ENGLISH.number(float(f"{value:.3g}"))


if __name__ == "__main__":
    sys.exit(main())
