"""What ``hginv project`` prints for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hginv.findings_text import counted
from hginv.output import command_line, percent, say, show_table
from hginventory.decisions.ranking import COMBINED, KG_PER_T
from hginventory.inputs.bundled import workbook_of
from hginventory.inputs.findings import count_locations, printable, ungrouped
from hginventory.inputs.parsing import local_country_name
from hginventory.projection import load_rule
from hginventory.report.text import SECTORS, format_number, outside_text, published_text, rule_text

if TYPE_CHECKING:
    from collections.abc import Sized

    from hginventory.decisions.ranking import ListCertainty, SectorSummary, StudyComparison
    from hginventory.report.text import Words
    from hginventory.run import Run

UNREAD = "W303"  # a column or setting of a name that is not known
MOST_UNREAD = 5


def show_run(run: Run, top: int, words: Words) -> None:
    """Print a run: what was read, totals, what they rest on, the top units, the cells to fill first."""
    _show_read(run, words)
    _show_totals(run, top, words)
    _show_certainty(run, words)
    for total in run.published_totals:
        say(published_text(total, words))
    _show_reliance(run, words)
    _show_countries(run, top, words)
    _show_rankings(run, top, words)
    _show_cells(run, words)
    for one in run.projection.fleet.attributions:
        click.echo()
        say(words.tell(one.text))


def _show_read(run: Run, words: Words) -> None:
    projection = run.projection
    settings, origin = projection.settings, projection.fleet.origin
    year = settings.base_year
    units = ", ".join(_read_of(summary, year, words) for summary in run.summary() if summary.sector != COMBINED)
    kinds = count_locations(run.findings, "severity")
    warnings, notes = (counted(severity, kinds[severity], words) for severity in ("warning", "note"))
    chosen = words(" chosen by {where}", where=settings.where) if settings.where else ""
    read = words("Read {origin}: {units}; ", origin=origin, units=f"{units}{chosen}")
    say(read + words("{warnings} and {notes} in findings.csv.", warnings=warnings, notes=notes))
    source = projection.fleet.source
    if source.hides:
        say(
            words(
                "{file} is a file here, so the bundled fleet {name} of the same name was not read.",
                file=source.label,
                name=source.hides,
            )
        )
    if outside := outside_text(run.inventory, words):
        say(outside)
    unread = [finding for finding in ungrouped(run.findings) if finding.code == UNREAD]
    for finding in unread[:MOST_UNREAD]:
        say(words("Not read: {finding}", finding=printable(words.tell(finding.said))), "  ")
    if len(unread) > MOST_UNREAD:
        more = words.number(len(unread) - MOST_UNREAD)
        say(words("and {n} more that are not read, which hginv validate lists.", n=more), "  ")
    told = [
        words(
            "Base year {year}. Rule {rule}.",
            year=year,
            rule=words.tell(rule_text(load_rule(projection.library, settings.rule))),
        )
    ]
    if settings.lifetime_spread and run.draws:
        years = words.signs(f"{settings.lifetime_spread:g}")
        told.append(words("Draws close units up to {years} years earlier or later.", years=years))
    say(" ".join([*told, words("Removal profile {profile}.", profile=settings.profile)]))
    if settings.notice:
        say(words("Notice: {notice}", notice=words.tell(settings.notice)))


def _read_of(summary: SectorSummary, year: int, words: Words) -> str:
    """Return how many units of a sector operate in the base year, and how many are under construction."""
    later = words(" and {n} under construction", n=summary.units_construction) if summary.units_construction else ""
    sector = words(SECTORS[summary.sector])
    return words("{n} {sector} operating in {year}", n=summary.units_operating, sector=sector, year=year) + later


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
        words("top {n} make", n=top),
        words("half is in"),
        words("75 % is in"),
    ]
    show_table(headings, rows, title=words("Mercury to air"))
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
        if sure is not None and _names_some(summary, sure):
            ranking = run.rank(sector=None if name == COMBINED else name)
            share = float(ranking["share"][ranking["rank"] <= sure.top].sum())
            told = words(
                "The {n} units that rank first make {share} of the remaining mercury, {low} to {high} in 90 % of the "
                "draws.",
                n=sure.top, share=words.signs(percent(share)), low=words.signs(percent(sure.named_share.p05)),
                high=words.signs(percent(sure.named_share.p95)),
            )  # fmt: skip
            say(_of_list(name, lists, told, words))
    coverage = run.coverage()
    sets = [
        words(
            "{n} of {all} in the category {category}",
            n=row.smallest_set_size,
            all=row.units_total,
            category=row.category,
        )
        for row in coverage[coverage["emission_kg"] > 0].itertuples(index=False)
    ]
    if sets:
        say(words("75 % of the annual mercury of a category (Article 8(2)(b)): {sets}.", sets="; ".join(sets)))
    gaps = run.gaps()["share_on_default"].dropna()  # shares of nothing say nothing
    if "coal mercury" in gaps:
        say(
            words(
                "Of the annual mercury of coal units {coal} rests on default coal mercury and {activity} on default "
                "activity.",
                coal=words.signs(percent(gaps["coal mercury"])), activity=words.signs(percent(gaps["activity"])),
            )
        )  # fmt: skip


def _base(summary: SectorSummary) -> str:
    """Return the units that a part of them is of, in short: those that operate and those under construction."""
    if summary.units_unknown_life:
        return f"{summary.units_ranked}"
    return f"{summary.units_operating}" + f"+{summary.units_construction}" * bool(summary.units_construction)


def _show_certainty(run: Run, words: Words) -> None:
    sure = run.certainty
    if sure is None:
        return
    rows = [
        [
            words(SECTORS[t["sector"]]),
            words.tell(t["quantity"]),
            _figures(t["mean"], words),
            _interval(t["p05"], t["p95"], words),
            t["unit"],
        ]
        for t in sure.totals.dropna(subset="mean").to_dict("records")
    ]
    draws = words.number(sure.draws)
    title = words("How sure: {n} draws of the uncertain factors, seed {seed}", n=draws, seed=sure.seed)
    show_table(["", "", words("mean"), words("90 % interval"), ""], rows, title=title, words=(0, 1, 4))
    chances = sure.coverage.dropna(subset="p_covers").to_dict("records")
    covers = ", ".join(f"{words.signs(percent(row['p_covers']))} ({row['category']})" for row in chances)
    told = [
        _of_list(name, run.lists, _own_beside_named(sure.lists[name], words), words)
        for name, summary in run.lists.items()
        if _names_some(summary, sure.lists[name])
    ]
    if covers:
        told.append(words("Probability that the sets of Article 8(2)(b) hold 75 %: {sets}.", sets=covers))
    for sentence in told if len(run.lists) > 1 else filter(None, [" ".join(told)]):
        say(sentence)


def _figures(amount: Any, words: Words) -> str:
    """Return an amount with three figures, as the page has it: small ones are not rounded to nothing."""
    return words.number(float(amount))


def _interval(low: Any, high: Any, words: Words) -> str:
    return words("{low} to {high}", low=_figures(low, words), high=_figures(high, words))


def _names_some(summary: SectorSummary, sure: ListCertainty) -> bool:
    """Return whether the units that draws are about are a part of the list, with something to emit."""
    return sure.top < summary.units_ranked and sure.named_share.mean > 0


def _of_list(name: str, lists: Sized, told: str, words: Words) -> str:
    """Return a sentence about a list, with its name where there are several."""
    if len(lists) == 1:
        return told
    return f"{_heading(name, words)}: {told[:1].lower()}{told[1:]}"


def _heading(name: str, words: Words) -> str:
    """Return the name of a list as a text begins with it."""
    heading = words(SECTORS[name])
    return heading[:1].upper() + heading[1:]


def _own_beside_named(sure: ListCertainty, words: Words) -> str:
    own = sure.own_share
    largest = words(
        "Those that turn out the {n} largest of a draw make {low} to {high} of the remaining mercury.",
        n=sure.top, low=words.signs(percent(own.p05)), high=words.signs(percent(own.p95)),
    )  # fmt: skip
    among = words(
        "{right} of the {n} that rank first are expected to be among these, which hold {lost} t more.",
        right=words.number(sure.named_right, 1), n=sure.top, lost=words.signs(format_number(sure.t_lost)),
    )  # fmt: skip
    return f"{largest} {among}"


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
        title = words("Share of the annual mercury of {sector} that rests on", sector=words(SECTORS[sector]))
        show_table(["", *(words(str(factor)) for factor in own.index)], rows, title=title)


def _show_rankings(run: Run, top: int, words: Words) -> None:
    """Print each list; of those behind the first half as many units."""
    for number, (name, summary) in enumerate(run.lists.items()):
        _show_ranking(run, name, summary, top if number == 0 else -(-top // 2), words)


def _show_ranking(run: Run, name: str, summary: SectorSummary, top: int, words: Words) -> None:
    sure = run.certainty
    ranking = run.rank(sector=None if name == COMBINED else name).head(top)
    if ranking.empty:
        return
    title = words("Units by mercury to air over the remaining life")
    if len(run.lists) > 1:
        title = words(
            "{units} by mercury to air over the remaining life, {t} t in all",
            units=_heading(name, words), t=words.signs(format_number(summary.lifetime_t)),
        )  # fmt: skip
    units = run.units.loc[ranking["unit_id"]]
    headings = ["#", "id", words("plant"), words("unit"), words("kg/yr"), words("remaining kg"), words("summed")]
    rows = []
    summed = ranking["cumulative_share"].to_numpy(dtype=float)
    for rank, unit, share in zip(ranking.itertuples(index=False), units.itertuples(index=False), summed, strict=True):
        kg = _figures(unit.lifetime_kg, words)
        names = [str(rank.rank), str(rank.unit_id), str(unit.plant or ""), str(unit.unit or "")]
        rows.append([*names, _figures(unit.air_kg_per_yr, words), kg, words.signs(percent(share, 1))])
    if sure is not None:
        headings += ["90 % kg", words("90 % rank"), f"P(top {sure.top})"]
        for row, draw in zip(rows, sure.units.loc[ranking["unit_id"]].to_dict("records"), strict=True):
            row += [
                _interval(draw["lifetime_kg_p05"], draw["lifetime_kg_p95"], words),
                words("{low} to {high}", low=f"{draw['rank_p05']:.0f}", high=f"{draw['rank_p95']:.0f}"),
                words.number(draw[f"p_top{sure.top}"], 2),
            ]
    show_table(
        headings,
        rows,
        title=title,
        words=(1, 2, 3),
        spare=(7, 6),
    )


def _show_countries(run: Run, top: int, words: Words) -> None:
    """Print the countries of a fleet that has several."""
    if run.units["country"].nunique() <= 1:
        return
    table = run.groups("countries")
    is_drawn = "lifetime_kg_p05" in table
    headings = ["#", words("country"), words("units"), words("kg/yr"), words("remaining t"), words("summed")]
    headings += ["90 % t", words("90 % rank")] if is_drawn else []
    rows = []
    for row in table.head(top).to_dict("records"):
        cells = [
            str(row["rank"]),
            local_country_name(row["country"], row["country"], words.language),
            words.number(row["units"]),
            _figures(row["air_base_year_kg"], words),
            _figures(row["lifetime_kg"] / KG_PER_T, words),
            words.signs(percent(row["cumulative_share"], 1)),
        ]
        if is_drawn:
            low, high = (row[f"lifetime_kg_{level}"] / KG_PER_T for level in ("p05", "p95"))
            ranks = words("{low} to {high}", low=f"{row['rank_p05']:.0f}", high=f"{row['rank_p95']:.0f}")
            cells += [_interval(low, high, words), ranks]
        rows.append(cells)
    show_table(headings, rows, title=words("Countries by mercury to air over the remaining life"), words=(1,))


def _show_cells(run: Run, words: Words) -> None:
    cells = run.cells_to_fill()
    if cells.empty:
        return
    rows = [
        [str(c.place), str(c.column), str(c.plant or c.unit_id), str(c.units_served), _figures(c.lifetime_kg, words)]
        for c in cells.itertuples(index=False)
    ]
    headings = ["cell", words("column"), words("plant"), words("units"), words("remaining kg")]
    show_table(headings, rows, title=words("Blank cells worth filling first"), words=(0, 1, 2))
    fleet = run.projection.fleet
    if fleet.source.bundled and workbook_of(fleet.source) is None:
        command = command_line("fleet", "export", fleet.source.bundled, "-o", f"{fleet.name}.xlsx")
        say(words("These are cells of the workbook that this writes: {command}", command=command))


def show_study(comparison: StudyComparison, words: Words) -> None:
    """Print a published study beside our numbers."""
    rows = [
        [words.tell(r.quantity), r.published or words("not printed"), words.signs(r.shown), words.signs(r.shown_drawn)]
        for r in comparison.rows
    ]
    title = words("{title}, {n} units", title=comparison.title, n=comparison.units)
    headings = ["", words("published"), words("here"), words("median of the draws (90 % interval)")]
    show_table(headings, rows, title=title)
    for sentence in comparison.sentences:
        say(words.tell(sentence), "- ")
