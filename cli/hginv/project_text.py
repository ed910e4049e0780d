"""What ``hginv project --full`` prints for people below the first screen, and a study next to a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hginv.certainty_text import is_part_of_list, show_certainty, with_list_name
from hginv.findings_text import counted
from hginv.output import command_line, say, show_table
from hginv.ranking_text import figures, show_countries, show_rankings
from hginventory.decisions.ranking import COMBINED
from hginventory.inputs.bundled import workbook_of
from hginventory.inputs.findings import count_locations
from hginventory.projection import load_rule
from hginventory.report.text import (
    SECTORS,
    category_text,
    format_number,
    outside_text,
    published_text,
    rule_text,
    units_of_sector,
)
from hginventory.units import percent

if TYPE_CHECKING:
    from hginventory.decisions.ranking import SectorSummary, StudyComparison
    from hginventory.report.text import Words
    from hginventory.run import Run


def show_run(run: Run, top: int, words: Words) -> None:
    """Print a run: what was read, totals, what they are based on, the top units, the cells to fill first."""
    _show_read(run, words)
    _show_totals(run, top, words)
    show_certainty(run, words)
    for total in run.published_totals:
        say(published_text(total, words))
    _show_reliance(run, words)
    show_countries(run, top, words)
    show_rankings(run, top, words)
    _show_cells(run, words)
    for one in run.projection.fleet.attributions:
        click.echo()
        say(words.tell(one.text))


def _show_read(run: Run, words: Words) -> None:
    projection = run.projection
    settings, origin = projection.settings, projection.fleet.origin
    year = settings.base_year
    units = ", ".join(_read_of(summary, year, words) for summary in run.summary() if summary.sector != COMBINED)
    chosen = words(" chosen by {where}", where=settings.where) if settings.where else ""
    read = words("Read {origin}: {units}; ", origin=origin, units=f"{units}{chosen}")
    say(read + found_text(run, words))
    if outside := outside_text(run.inventory, words):
        say(outside)
    told = [
        words(
            "Base year {year}. Rule {rule}.",
            year=year,
            rule=words.tell(rule_text(load_rule(projection.library, settings.rule))),
        )
    ]
    if settings.lifetime_spread and run.n_draws:
        years = words.signs(f"{settings.lifetime_spread:g}")
        told.append(words("Draws close units up to {years} years earlier or later.", years=years))
    say(" ".join([*told, words("Removal profile {profile}.", profile=settings.profile)]))
    if settings.notice:
        say(words("Notice: {notice}", notice=words.tell(settings.notice)))


def found_text(run: Run, words: Words) -> str:
    """Return how many warnings and notes the run has."""
    kinds = count_locations(run.findings, "severity")
    warnings, notes = (counted(severity, kinds[severity], words) for severity in ("warning", "note"))
    return words("{warnings} and {notes} in findings.csv.", warnings=warnings, notes=notes)


def _read_of(summary: SectorSummary, year: int, words: Words) -> str:
    """Return how many units of a sector operate in the base year, and how many are under construction."""
    later = words(" and {n} under construction", n=summary.units_construction) if summary.units_construction else ""
    units = units_of_sector(summary.units_operating, summary.sector, words)
    return words("{units} operating in {year}", units=units, year=year) + later


def _show_totals(run: Run, top: int, words: Words) -> None:
    year = run.projection.settings.base_year
    lists = run.lists
    rows = []
    for s in run.summary(top):
        row = [
            words(SECTORS[s.sector]),
            words.signs(format_number(s.air_base_year_kg)),
            f"{words.signs(format_number(s.intensity))} {s.intensity_unit}" if s.intensity >= 0 else "",
            words.signs(format_number(s.lifetime_t)),
        ]
        of_list = [
            words.signs(percent(s.top_share)),
            words("{n} of {all}", n=s.units_for_half, all=_base(s)),
            words("{n} of {all}", n=s.units_for_75, all=_base(s)),
        ]
        rows.append([*row, *(of_list if s.sector in lists and s.units_ranked else [""] * len(of_list))])
    headings = [
        "",
        words("kg/yr {year}", year=year),
        words("mean rate"),
        words("remaining t"),
        words("top {n}", n=top),
        words("50 % in"),
        words("75 % in"),
    ]
    show_table(headings, rows, title=words("Emissions to air"))
    unknown = sum(s.units_unknown_life for s in run.summary() if s.sector != COMBINED)
    if unknown:
        say(
            words(
                "{n} cement kilns have no start year, so their remaining life is unknown: they count in the base year, "
                "and in no total, share or ranking over the remaining life. Fill in start_year, or rank them by the "
                "base year: {command}",
                n=words.number(unknown), command="hginv rank --sector cement_kiln --by air_base_year_kg",
            )
        )  # fmt: skip
    for name, summary in lists.items():
        sure = run.certainty.lists[name] if run.certainty else None
        if sure is not None and is_part_of_list(summary, sure):
            ranking = run.rank(sector=None if name == COMBINED else name)
            share = float(ranking["share"][ranking["rank"] <= sure.top].sum())
            told = words(
                "The {n} units ranked highest account for {share} of remaining-lifetime emissions (90 % interval {low} "
                "to {high}).",
                n=sure.top, share=words.signs(percent(share)), low=words.signs(percent(sure.named_share.p05)),
                high=words.signs(percent(sure.named_share.p95)),
            )  # fmt: skip
            say(with_list_name(name, lists, told, words))
    coverage = run.coverage()
    sets = [
        words(
            "{n} of {all} in the category {category}",
            n=row.smallest_set_size,
            all=row.units_total,
            category=category_text(str(row.category), words),
        )
        for row in coverage[coverage["emission_kg"] > 0].itertuples(index=False)
    ]
    if sets:
        say(
            words(
                "Units that account for 75 % of the emissions of a category (Article 8(2)(b)): {sets}.",
                sets="; ".join(sets),
            )
        )
    gaps = run.gaps()["share_on_default"].dropna()  # shares of nothing say nothing
    if "coal mercury" in gaps:
        say(
            words(
                "Emissions of coal units in the base year: {coal} are based on default mercury in coal, {activity} on "
                "default activity.",
                coal=words.signs(percent(gaps["coal mercury"])), activity=words.signs(percent(gaps["activity"])),
            )
        )  # fmt: skip


def _base(summary: SectorSummary) -> str:
    """Return the units that a part of them is of, in short: those that operate and those under construction."""
    if summary.units_unknown_life:
        return f"{summary.units_ranked}"
    return f"{summary.units_operating}" + f"+{summary.units_construction}" * bool(summary.units_construction)


def _show_reliance(run: Run, words: Words) -> None:
    gaps = run.gaps().dropna(subset="share_on_default")
    for sector in dict.fromkeys(gaps["sector"]):
        own = gaps[gaps["sector"] == sector]
        shares = {
            words("default values"): own["share_on_default"],
            words("recalled or judged rows"): own["share_on_recalled_or_judged"],
            words("rows recalled, at least in part"): own["share_on_recalled"],
        }
        rows = [[kind, *(words.signs(percent(share)) for share in column)] for kind, column in shares.items()]
        title = words(
            "Share of the emissions of {sector} in the base year that is based on", sector=words(SECTORS[sector])
        )
        show_table(["", *(words(str(factor)) for factor in own.index)], rows, title=title)


def _show_cells(run: Run, words: Words) -> None:
    cells = run.cells_to_fill()
    if cells.empty:
        return
    rows = [
        [str(c.place), str(c.column), str(c.plant or c.unit_id), str(c.units_served), figures(c.lifetime_kg, words)]
        for c in cells.itertuples(index=False)
    ]
    headings = ["cell", words("column"), words("plant"), words("units"), words("remaining kg")]
    show_table(headings, rows, title=words("Blank cells worth filling first"), words=(0, 1, 2))
    fleet = run.projection.fleet
    if fleet.source.bundled and workbook_of(fleet.source) is None:
        command = command_line("fleet", "export", fleet.source.bundled, "-o", f"{fleet.name}.xlsx")
        say(words("These are cells of the workbook that this writes: {command}", command=command))


def show_study(comparison: StudyComparison, words: Words) -> None:
    """Print a published study next to our numbers."""
    rows = [
        [words.tell(r.quantity), r.published or words("not printed"), words.signs(r.shown), words.signs(r.shown_drawn)]
        for r in comparison.rows
    ]
    title = words("{title}, {n} units", title=comparison.title, n=comparison.units)
    headings = ["", words("published"), words("here"), words("median of the draws (90 % interval)")]
    show_table(headings, rows, title=title)
    for sentence in comparison.sentences:
        say(words.tell(sentence), "- ")
