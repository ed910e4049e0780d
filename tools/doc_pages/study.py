"""docs/study.md: the published study of Indonesia beside our numbers, computed when the page is made."""

from __future__ import annotations

import hginventory as hg
from doc_pages.markdown import page, table
from hginventory.decisions.ranking import compare_with_study
from hginventory.factors import load_library
from hginventory.run import Run

INTRO = """
# The Indonesian study and our numbers

In January 2021 the International Centre for Sustainable Carbon (then IEA Clean Coal Centre) published a study of
Indonesia's coal fleet, unit by unit, over remaining lifetimes. Its finding, that about ten to fifteen of more than a
hundred units make about half of the mercury to come, is the reason for this program. This page sets our numbers beside
the published ones. Nothing was tuned.

The full report could not be obtained; what is compared stands on pages about it and in the report of the UNEP Global
Mercury Partnership. Published was: all utility units above 100 MW, each running as in 2019/2020 until it is 40 years old;
ranked by mercury over the remaining life. The names and numbers of single units, coal mercury contents and removals are on no
page we could read.

    hginv project --fleet indonesia.xlsx --study icsc
"""
READING = """
## How to read it

- **Generation decides.** Concentration follows from units that run hard. No generation of single units is public, so all
  units here run at one capacity factor, and ranks follow capacity, coal mercury and remaining years. A ministry has the
  generation: filled into `generation_net` or the sheet `Activity`, the comparison becomes a real one.
- **Coal mercury per plant** moves single plants by a factor of several. Suralaya's 176 ug/kg is one value for seven units and
  far above all others.
- **The whole fleet of 2026 is another question.** It has captive plants, younger units and kilns, so a few units make a
  much smaller share of it. Do not quote its shares as a test of the study, nor the study's for the fleet of today.
- Annual totals differ from the other inventory in coal mercury, removals and activity at once; see
  [limits](limits.md).
"""


def study_page() -> str:
    """Return the page."""
    fleet = hg.read_fleet("indonesia")
    comparison = compare_with_study(fleet, "icsc")
    library = load_library()
    rows = [[r.quantity, r.published or "not printed", r.shown, r.source] for r in comparison.rows]
    settings = comparison.projection.settings
    made = (
        f"hginventory {hg.__version__}, factor set `{library.version}`, base year {settings.base_year}, "
        f"rule {settings.rule_text}. {comparison.units} units."
    )
    top = comparison.projection.units["lifetime_kg"].nlargest(10).index
    return page(
        INTRO,
        "## Numbers",
        made,
        table(["quantity", "published", "here", "source of the published value"], rows),
        "## What the difference hangs on",
        "\n".join(f"- {sentence}" for sentence in comparison.sentences),
        "## Our ten",
        _ten(Run(comparison.projection), [str(unit) for unit in top]),
        "## The whole fleet",
        _whole(hg.project(fleet)),
        READING,
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
        "share of ten",
        "units for half",
        "units for 75 %",
    ]
    return f"{words.strip()}\n\n{table(headings, rows)}"
