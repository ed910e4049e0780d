"""docs/study.md: our numbers compared with the published study of Indonesia, computed when the page is made."""

from __future__ import annotations

import math
import textwrap
from functools import cache

import hginventory as hg
from coal_rank_blends import read
from doc_pages.markdown import page, table
from hginventory.decisions.ranking import DEFAULT_DRAWS, DEFAULT_SEED, StudyComparison, compare_with_study
from hginventory.factors import load_library
from hginventory.inputs.fleet import Fleet
from hginventory.run import Run
from plant_outliers import ROBUST_SDS, renewed_rows
from small_samples import TABLE

WIDTH = 120

INTRO = """
# The Indonesian study and our numbers

In January 2021 the International Centre for Sustainable Carbon (then IEA Clean Coal Centre) published a study of
Indonesia's coal fleet, unit by unit, over remaining lifetimes. It found that about ten to fifteen of more than a hundred
units account for about half of remaining-lifetime emissions. This finding is the reason for this program. This page compares
our numbers with the published ones. Nothing was tuned; every number and every sentence about a number is computed when the
page is made.

The full report could not be obtained. We compare with web pages about it and with the report of the UNEP Global Mercury
Partnership. The study includes all utility units above 100 MW, each running as in 2019/2020 until it is 40 years old, ranked by
remaining-lifetime emissions. We could not read names and numbers of single units, mercury contents of coal or removals.

    hginv project --fleet indonesia.xlsx --study icsc
"""
READING = """
## How to read the numbers

- **By draw.** In each draw every unit has its own generation, coal and removal, as in a real fleet. So compare the true top of a
  draw with a study that had data of single units. The spreads include lack of knowledge and differences between units, and many
  are judgement ([uncertainty](uncertainty.md)).
- **Generation of single units decides which units these are.** It is not public, so central values rank by capacity, mercury in
  coal and remaining years. If you have the generation, fill it into `generation_net` or the sheet `Activity` to get real ranks.
- **Mercury in coal** changes single plants by a factor of several. One wrong analysis changes the rank of a plant completely.
- **The whole fleet of 2026 is different.** It has captive plants, younger units and kilns, so a few units account for a much
  smaller share. Do not quote its shares as a test of the study, nor the shares of the study for the present fleet.
"""


HEADINGS = [
    "quantity",
    "published",
    "here, central values",
    "here, median of the draws (90 % interval)",
    "published inside",
    "source of the published value",
]
INSIDE = {True: "yes", False: "no", None: ""}


def study_brief(fleet: Fleet | None = None) -> str:
    """Return the finding in a few sentences, for pages that only name it; of another fleet than the bundled one in tests."""
    comparison = _compared(fleet)
    told = [
        f"The {row.top} units ranked highest account for {row.shown} of remaining-lifetime emissions by central values, the "
        f"true top {row.top} of the draws for {row.shown_drawn} (90 % interval in brackets); published: {row.published}."
        for row in comparison.rows
        if row.top and row.value is not None
    ]
    return "\n".join(textwrap.wrap(" ".join(told), WIDTH))


@cache
def _bundled() -> StudyComparison:
    return compare_with_study(hg.read_fleet("indonesia"), "icsc")


def _compared(fleet: Fleet | None) -> StudyComparison:
    return _bundled() if fleet is None else compare_with_study(fleet, "icsc")


def study_page(fleet: Fleet | None = None) -> str:
    """Return the page; of another fleet than the bundled one in tests."""
    comparison = _compared(fleet)
    library = load_library()
    rows = [
        [r.quantity, r.published or "not printed", r.shown, r.shown_drawn, INSIDE[r.is_inside], r.source]
        for r in comparison.rows
    ]
    settings = comparison.projection.settings
    made = (
        f"hginventory {hg.__version__}, factor set `{library.version}`, base year {settings.base_year}, "
        f"rule {settings.rule_text}. {comparison.units} units; {DEFAULT_DRAWS:,} draws, seed {DEFAULT_SEED}. The draws are of "
        "the total, or of the true top units of each draw."
    )
    top = comparison.projection.units["lifetime_kg"].nlargest(10).index
    return page(
        INTRO,
        "## Numbers",
        made,
        table(HEADINGS, rows),
        "## What the difference depends on",
        "\n".join(f"- {sentence}" for sentence in (*comparison.sentences, _outliers())),
        "## The ten units ranked highest here",
        _ten(Run(comparison.projection), [str(unit) for unit in top]),
        "## The whole fleet",
        _whole(hg.project(fleet or hg.read_fleet("indonesia"))),
        READING,
    )


def _outliers() -> str:
    """Say what the rule for outliers among plants does with the highest analysis of Indonesia."""
    (means,) = (
        found
        for row, found in renewed_rows(read(load_library().folder, TABLE))
        if (row["country"], row["coal_type"]) == ("IDN", "all")
    )
    highest = max((*means.kept, *means.dropped), key=lambda analysis: analysis.value)
    distance = (math.log(highest.value) - means.median) / means.robust_sd
    what = "keeps" if highest in means.kept else "drops"
    return (
        f"The rule for outliers among plants (ln more than {ROBUST_SDS:g} robust standard deviations from the median) {what} "
        f"{highest.plant} in the mean of the country: it is {distance:.1f} of them above. Of {len(means.kept) + len(means.dropped)} "
        f"plants the rule drops {len(means.dropped)}."
    )


def _ten(run: Run, top: list[str]) -> str:
    units = run.units.loc[top]
    ranking = run.rank().set_index("unit_id").loc[top]
    rows = [
        [
            rank,
            ", ".join(str(name) for name in (unit.plant, unit.unit) if isinstance(name, str)),
            f"{unit.capacity_net_mw:.0f}",
            f"{unit.start_year:.0f}",
            f"{unit.hg_coal_mg_per_kg:.3f} ({unit.hg_origin})",
            f"{unit.g_per_gwh:.1f}",
            f"{unit.lifetime_kg:,.0f}",
            f"{share:.1%}",
        ]
        for rank, unit, share in zip(ranking["rank"], units.itertuples(), ranking["share"], strict=True)
    ]
    return table(["rank", "unit", "net MW", "start", "coal Hg mg/kg", "g/GWh", "remaining kg", "share"], rows)


def _whole(run: Run) -> str:
    settings = run.projection.settings
    rows = [
        [s.sector, s.units_operating, s.units_construction, f"{s.air_base_year_kg:,.0f}", f"{s.lifetime_t:,.1f}",
         *([f"{s.top_share:.0%}", s.units_for_half, s.units_for_75] if s.sector in run.lists else [""] * 3)]
        for s in run.summary(10)
    ]  # fmt: skip
    words = (
        f"All units of the bundled fleet, base year {settings.base_year}, {settings.rule_text}. {settings.notice or ''}"
    )
    headings = [
        "sector",
        "units",
        "under construction",
        "kg/yr",
        "remaining t",
        "share of top 10",
        "units for half",
        "units for 75 %",
    ]
    return f"{words.strip()}\n\n{table(headings, rows)}"
