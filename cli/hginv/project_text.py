"""What ``hginv project`` prints for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hginv.output import percent, say, show_table
from hginventory.decisions.ranking import COMBINED
from hginventory.inputs.findings import count_locations, ungrouped
from hginventory.report.text import ENGLISH, SECTORS, format_number, outside_text

if TYPE_CHECKING:
    from hginventory.decisions.ranking import Certainty, SectorSummary, StudyComparison
    from hginventory.run import Run

UNREAD = "W303"  # a column or setting of a name that is not known
MOST_UNREAD = 5


def show_run(run: Run, top: int) -> None:
    """Print a run: what was read, totals, what they rest on, the top units, the cells to fill first."""
    _show_read(run)
    _show_totals(run, top)
    _show_certainty(run)
    _show_reliance(run)
    _show_ranking(run, top)
    _show_cells(run)


def _show_read(run: Run) -> None:
    projection = run.projection
    settings, origin = projection.settings, projection.fleet.origin
    units = ", ".join(_read_of(summary, settings.base_year) for summary in run.summary() if summary.sector != COMBINED)
    kinds = count_locations(run.findings, "severity")
    noted = f"{_count(kinds['warning'], 'warning')} and {_count(kinds['note'], 'note')} in findings.csv"
    chosen = f" chosen by {settings.where}" if settings.where else ""
    say(f"Read {origin}: {units}{chosen}; {noted}.")
    if outside := outside_text(run.inventory, ENGLISH):
        say(outside)
    unread = [finding for finding in ungrouped(run.findings) if finding.code == UNREAD]
    for finding in unread[:MOST_UNREAD]:
        say(f"Not read: {finding.message}", "  ")
    if len(unread) > MOST_UNREAD:
        say(f"and {len(unread) - MOST_UNREAD} more that are not read, which hginv validate lists.", "  ")
    spread = f" Draws close units up to {settings.lifetime_spread:g} years earlier or later." * bool(
        settings.lifetime_spread and run.draws
    )
    say(f"Base year {settings.base_year}. Rule {settings.rule_text}.{spread} Removal profile {settings.profile}.")
    if settings.notice:
        say(f"Notice: {settings.notice}")


def _read_of(summary: SectorSummary, year: int) -> str:
    """Return how many units of a sector operate in the base year, and how many are under construction."""
    later = f" and {summary.units_construction} under construction" if summary.units_construction else ""
    return f"{summary.units_operating} {SECTORS[summary.sector]} operating in {year}{later}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _show_totals(run: Run, top: int) -> None:
    year = run.projection.settings.base_year
    rows = [
        [
            SECTORS[s.sector],
            format_number(s.air_base_year_kg),
            f"{format_number(s.intensity)} {s.intensity_unit}" if s.intensity >= 0 else "",
            format_number(s.lifetime_t),
            percent(s.top_share),
            f"{s.units_for_half} of {_base(s)}",
            f"{s.units_for_75} of {_base(s)}",
        ]
        for s in run.summary(top)
    ]
    headings = ["", f"kg/yr {year}", "mean rate", "remaining t", f"top {top} make", "half is in", "75 % is in"]
    show_table(headings, rows, title="Mercury to air")
    sure = run.certainty
    if sure is not None and _names_some(run, sure):
        named, share = sure.named_share, float(run.rank()["share"].head(sure.top).sum())
        say(
            f"The {sure.top} units that rank first make {percent(share)} of the remaining mercury, "
            f"{percent(named.p05)} to {percent(named.p95)} in 90 % of the draws."
        )
    coverage = run.coverage()
    sets = [
        f"{row.smallest_set_size} of {row.units_total} in the category {row.category}"
        for row in coverage[coverage["emission_kg"] > 0].itertuples(index=False)
    ]
    if sets:
        say(f"75 % of the annual mercury of a category (Article 8(2)(b)): {'; '.join(sets)}.")
    gaps = run.gaps()["share_on_default"].dropna()  # shares of nothing say nothing
    if "coal mercury" in gaps:
        say(
            f"Of the annual mercury of coal units {percent(gaps['coal mercury'])} rests on default coal mercury and "
            f"{percent(gaps['activity'])} on default activity."
        )


def _base(summary: SectorSummary) -> str:
    """Return the units that a part of them is of, in short: those that operate and those under construction."""
    return f"{summary.units_operating}" + f"+{summary.units_construction}" * bool(summary.units_construction)


def _show_certainty(run: Run) -> None:
    sure = run.certainty
    if sure is None:
        return
    rows = [
        [SECTORS[t["sector"]], t["quantity"], _figures(t["mean"]), _interval(t["p05"], t["p95"]), t["unit"]]
        for t in sure.totals.to_dict("records")
    ]
    title = f"How sure: {sure.draws:,} draws of the uncertain factors, seed {sure.seed}"
    show_table(["", "", "mean", "90 % interval", ""], rows, title=title, words=(0, 1, 4))
    chances = sure.coverage.dropna(subset="p_covers").to_dict("records")
    covers = ", ".join(f"{percent(row['p_covers'])} ({row['category']})" for row in chances)
    told = [_own_beside_named(sure)] if _names_some(run, sure) else []
    told += [f"Probability that the sets of Article 8(2)(b) hold 75 %: {covers}."] if covers else []
    if told:
        say(" ".join(told))


def _figures(amount: Any) -> str:
    """Return an amount with three figures, as the page has it: small ones are not rounded to nothing."""
    return ENGLISH.number(float(amount))


def _interval(low: Any, high: Any) -> str:
    return f"{_figures(low)} to {_figures(high)}"


def _names_some(run: Run, sure: Certainty) -> bool:
    """Return whether the units that draws are about are a part of the fleet, with something to emit."""
    return sure.top < run.inventory.counted and sure.named_share.mean > 0


def _own_beside_named(sure: Certainty) -> str:
    own = sure.own_share
    return (
        f"Those that turn out the {sure.top} largest of a draw make {percent(own.p05)} to {percent(own.p95)} of the "
        f"remaining mercury. {sure.named_right:.1f} of the {sure.top} that rank first are expected to be among these, "
        f"which hold {format_number(sure.t_lost)} t more."
    )


def _show_reliance(run: Run) -> None:
    gaps = run.gaps().dropna(subset="share_on_default")
    for sector in dict.fromkeys(gaps["sector"]):
        own = gaps[gaps["sector"] == sector]
        shares = {
            "default values": own["share_on_default"],
            "recalled or judged rows": own["share_on_recalled_or_judged"],
            "rows recalled, at least in part": own["share_on_recalled"],
        }
        rows = [[words, *(percent(share) for share in column)] for words, column in shares.items()]
        title = f"Share of the annual mercury of {SECTORS[sector]} that rests on"
        show_table(["", *map(str, own.index)], rows, title=title)


def _show_ranking(run: Run, top: int) -> None:
    sure = run.certainty
    ranking = run.rank().head(top)
    if ranking.empty:
        return
    units = run.units.loc[ranking["unit_id"]]
    headings = ["#", "id", "plant", "unit", "kg/yr", "remaining kg", "summed"]
    rows = []
    summed = ranking["cumulative_share"].to_numpy(dtype=float)
    for rank, unit, share in zip(ranking.itertuples(index=False), units.itertuples(index=False), summed, strict=True):
        kg = _figures(unit.lifetime_kg)
        names = [str(rank.rank), str(rank.unit_id), str(unit.plant or ""), str(unit.unit or "")]
        rows.append([*names, _figures(unit.air_kg_per_yr), kg, percent(share, 1)])
    if sure is not None:
        headings += ["90 % kg", "90 % rank", f"P(top {sure.top})"]
        for row, draw in zip(rows, sure.units.loc[ranking["unit_id"]].to_dict("records"), strict=True):
            row += [
                _interval(draw["lifetime_kg_p05"], draw["lifetime_kg_p95"]),
                f"{draw['rank_p05']:.0f} to {draw['rank_p95']:.0f}",
                f"{draw[f'p_top{sure.top}']:.2f}",
            ]
    show_table(
        headings,
        rows,
        title="Units by mercury to air over the remaining life",
        words=(1, 2, 3),
        spare=(7, 6),
    )


def _show_cells(run: Run) -> None:
    cells = run.cells_to_fill()
    if cells.empty:
        return
    rows = [
        [str(c.place), str(c.column), str(c.plant or c.unit_id), str(c.units_served), _figures(c.lifetime_kg)]
        for c in cells.itertuples(index=False)
    ]
    headings = ["cell", "column", "plant", "units", "remaining kg"]
    show_table(headings, rows, title="Blank cells worth filling first", words=(0, 1, 2))


def show_study(comparison: StudyComparison) -> None:
    """Print a published study beside our numbers."""
    rows = [[r.quantity, r.published or "not printed", r.shown] for r in comparison.rows]
    title = f"{comparison.title}, {comparison.units} units"
    show_table(["", "published", "here"], rows, title=title)
    for sentence in comparison.sentences:
        say(sentence, "- ")
