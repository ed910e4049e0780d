"""The lists that ``hginv project`` prints: the units ranked highest, and the countries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hginv.output import show_table
from hginventory.decisions.ranking import COMBINED, KG_PER_T
from hginventory.inputs.parsing import local_country_name
from hginventory.report.text import SECTORS, format_number
from hginventory.units import percent

if TYPE_CHECKING:
    import pandas as pd

    from hginventory.decisions.ranking import SectorSummary
    from hginventory.report.text import Words
    from hginventory.run import Run


def show_rankings(run: Run, top: int, words: Words) -> None:
    """Print each list; of those behind the first half as many units."""
    for number, (name, summary) in enumerate(run.lists.items()):
        _show_ranking(run, name, summary, top if number == 0 else -(-top // 2), words)


def _show_ranking(run: Run, name: str, summary: SectorSummary, top: int, words: Words) -> None:
    sure = run.certainty
    ranking = run.rank(sector=None if name == COMBINED else name).head(top)
    if ranking.empty:
        return
    title = words("Units by remaining-lifetime emissions")
    if len(run.lists) > 1:
        title = words(
            "{units} by remaining-lifetime emissions, {t} t in all",
            units=heading_of(name, words), t=words.signs(format_number(summary.lifetime_t)),
        )  # fmt: skip
    units = run.units.loc[ranking["unit_id"]]
    headings = ["#", "id", words("plant"), words("unit"), words("kg/yr"), words("remaining kg"), words("cumulative")]
    rows = []
    summed = ranking["cumulative_share"].to_numpy(dtype=float)
    for rank, unit, share in zip(ranking.itertuples(index=False), units.itertuples(index=False), summed, strict=True):
        kg = figures(unit.lifetime_kg, words)
        names = [str(rank.rank), str(rank.unit_id), str(unit.plant or ""), str(unit.unit or "")]
        rows.append([*names, figures(unit.air_kg_per_yr, words), kg, words.signs(percent(share, 1))])
    if sure is not None:
        headings += ["90 % kg", words("90 % rank"), f"P(top {sure.top})"]
        for row, draw in zip(rows, sure.units.loc[ranking["unit_id"]].to_dict("records"), strict=True):
            row += [
                interval(draw["lifetime_kg_p05"], draw["lifetime_kg_p95"], words),
                words("{low} to {high}", low=f"{draw['rank_p05']:.0f}", high=f"{draw['rank_p95']:.0f}"),
                words.number(draw[f"p_top{sure.top}"], 2),
            ]
    show_table(headings, rows, title=title, words=(1, 2, 3))


def show_countries(run: Run, top: int, words: Words) -> None:
    """Print the countries of a fleet that has several, list by list as units."""
    if run.units["country"].nunique() <= 1:
        return
    table = run.groups("countries")
    title = words("Countries by remaining-lifetime emissions")
    for number, name in enumerate(run.lists):
        own = table if name == COMBINED else table[table["sector"] == name]
        if not own.empty:
            of_list = title if len(run.lists) == 1 else f"{heading_of(name, words)}: {title[:1].lower()}{title[1:]}"
            _show_countries(own.head(top if number == 0 else -(-top // 2)), of_list, words)


def _show_countries(table: pd.DataFrame, title: str, words: Words) -> None:
    is_drawn = "lifetime_kg_p05" in table
    headings = ["#", words("country"), words("units"), words("kg/yr"), words("remaining t"), words("cumulative")]
    headings += ["90 % t", words("90 % rank")] if is_drawn else []
    rows = []
    for row in table.to_dict("records"):
        cells = [
            str(row["rank"]),
            local_country_name(row["country"], row["country"], words.language),
            words.number(row["units"]),
            figures(row["air_base_year_kg"], words),
            figures(row["lifetime_kg"] / KG_PER_T, words),
            words.signs(percent(row["cumulative_share"], 1)),
        ]
        if is_drawn:
            low, high = (row[f"lifetime_kg_{level}"] / KG_PER_T for level in ("p05", "p95"))
            ranks = words("{low} to {high}", low=f"{row['rank_p05']:.0f}", high=f"{row['rank_p95']:.0f}")
            cells += [interval(low, high, words), ranks]
        rows.append(cells)
    show_table(headings, rows, title=title, words=(1,))


def figures(amount: Any, words: Words) -> str:
    """Return an amount with three figures, as the page has it: small ones are not rounded to nothing."""
    return words.number(float(amount))


def interval(low: Any, high: Any, words: Words) -> str:
    """Return an interval, its ends as `figures` has them."""
    return words("{low} to {high}", low=figures(low, words), high=figures(high, words))


def heading_of(name: str, words: Words) -> str:
    """Return the name of a list as a text begins with it."""
    heading = words(SECTORS[name])
    return heading[:1].upper() + heading[1:]
