"""``hginv rank``: units or plants that emit most, with 90 % intervals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hginv.numbers import WholeFrom
from hginv.options import (
    combined_option,
    draw_options,
    draws_unless_of_a_run,
    json_option,
    lifetime_option,
    projection_options,
    source_option,
    table_options,
)
from hginventory.units import percent

if TYPE_CHECKING:
    from hginventory.decisions.ranking import RankCertainty


NOUNS: Mapping[str, tuple[str, ...]] = {"units": ("unit",), "plants": ("plant",), "countries": ("country", "countries")}


class ShareType(click.ParamType[float]):
    """A share as people write it: 50% or 0.5."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the share as a fraction; a number above 1 without a sign is refused, as it may be either."""
        if isinstance(value, float):
            return value
        text = str(value).strip()
        try:
            share = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
        except ValueError:
            self.fail(f"{value!r} is not a share. Write 50% or 0.5.", param, ctx)
        if not 0.0 < share <= 1.0:
            self.fail(f"{value!r} is not between 0 and 100 %. Write 50% or 0.5.", param, ctx)
        return share


@click.command("rank")
@source_option
@click.option(
    "--by",
    default="lifetime_kg",
    show_default=True,
    metavar="AMOUNT",
    help="lifetime_kg, air_kg_per_yr (a full year) or air_base_year_kg.",
)
@click.option("--sector", metavar="NAME", help="coal_power or cement_kiln only.  [default: both, each by itself]")
@click.option("--plants", is_flag=True, help="Plants instead of units.")
@click.option("--by-country", is_flag=True, help="Countries instead of units.")
@click.option("--top", default=10, show_default=True, type=WholeFrom(1), metavar="N", help="Rows shown.")
@click.option(
    "--units", "named", default=10, show_default=True, type=WholeFrom(1), metavar="N",
    help="What share do the N ranked highest account for, and are they the true top N?",
)  # fmt: skip
@click.option("--share", default="75%", show_default=True, type=ShareType(), help="How many account for this share?")
@projection_options
@combined_option
@lifetime_option
@draw_options
@table_options("Write the whole ranking as CSV.")
@json_option
def command(
    fleet: str,
    by: str,
    sector: str | None,
    plants: bool,
    by_country: bool,
    top: int,
    named: int,
    share: float,
    base_year: int | None,
    rule: str | None,
    profile: str | None,
    where: str | None,
    combined: bool | None,
    lifetime_spread: float | None,
    draws: int,
    seed: int,
    out: Path | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Units or plants that emit most. The ranking uses central values; Monte Carlo draws show how certain each rank is.

    Coal units and kilns are ranked by themselves unless one list is asked for.

    \b
    Examples:
      hginv rank --fleet indonesia.xlsx --sector coal_power --units 10 --share 50%
      hginv rank --fleet indonesia.xlsx --by air_base_year_kg --plants -o plants.csv
      hginv rank --fleet world --by-country
    """
    import pandas as pd

    from hginv.progress import waiting
    from hginventory.files import check_target, new_file, write_csv
    from hginventory.reopen import open_run

    if out is not None:
        check_target(out, "path", ".csv", overwrite=overwrite)  # before the work
    run = open_run(
        fleet, base_year=base_year, rule=rule, lifetime_spread=lifetime_spread, profile=profile, where=where,
        combined=combined, **draws_unless_of_a_run(fleet, draws, seed),
    )  # fmt: skip
    with waiting(f"drawing {run.n_draws:,} times" if run.n_draws else "ranking"):
        asked: dict[str, Any] = {"plants": plants, "by_country": by_country, "named": named, "share": share}
        answers = (
            list(run.rank_certainties(by, **asked).values())
            if sector is None
            else [run.rank_certainty(by, sector=sector, **asked)]
        )
    if out is not None:
        with new_file(out, "path") as new:
            write_csv(pd.concat([answer.table for answer in answers], ignore_index=True), new)
    if as_json:
        from hginv.output import show_json

        lists = [answer.as_dict(top) for answer in answers]
        data = {"draws": run.n_draws, "seed": run.seed, "lists": lists, "written": None if out is None else str(out)}
        show_json("rank", data, run.findings)
        return
    for answer in answers:
        _show(answer, top)
    if out is not None:
        click.echo(f"Wrote {out}.")


def _show(answer: RankCertainty, top: int) -> None:
    from hginv.output import say, show_table
    from hginventory.report.text import SECTORS, format_number

    chance = f"p_top{answer.named}"
    rows = []
    named = {"units": ("unit_id", "plant"), "plants": ("plant",), "countries": ("country",)}[answer.what]
    for row in answer.table.head(top).to_dict("records"):
        names = [str(row[name] or "") for name in named]
        cells = [str(row["rank"]), *names, format_number(row[answer.by]), percent(row["cumulative_share"])]
        if answer.draws:
            low, high = (format_number(row[f"{answer.by}_{level}"]) for level in ("p05", "p95"))
            cells += [f"{low} to {high}", f"{row['rank_p05']:.0f} to {row['rank_p95']:.0f}"]
            cells += [percent(row[chance]), str(row["top_class"])]
        rows.append(cells)
    amount = answer.by.replace("_", " ")  # words, so that a narrow terminal can break the heading
    heads = ["id" if name == "unit_id" else name for name in named]
    headings = ["rank", *heads, amount, "sum"]
    if answer.draws:
        headings += ["90 % interval", "rank 90 %", f"in top {answer.named}", "class"]
    words = tuple(range(1, 1 + len(named)))
    title = f"Largest {answer.what}: {SECTORS[answer.sector]}"
    if rows:
        show_table(headings, rows, title=title, words=words)
    else:
        click.echo(f"\n{title}")
    for sentence in _sentences(answer):
        say(sentence)


def _sentences(answer: RankCertainty) -> list[str]:
    """Return the answers to both questions of shares, in words."""
    from hginv.output import count
    from hginventory.decisions.ranking import OF_BASE_YEAR
    from hginventory.report.text import format_number, units_text

    what, top = answer.what, answer.named
    told = []
    if answer.unknown:
        told = [
            f"{count(answer.unknown, 'unit')} without a start year: remaining-lifetime emissions unknown, so not "
            f"ranked; --by {OF_BASE_YEAR} ranks all units."
        ]
    if answer.table.empty and told:
        return [*told, *_coverage(answer)]
    number = len(answer.table)
    ranked = units_text(*answer.ranked) if what == "units" else count(number, *NOUNS[what])
    if not answer.total > 0:
        return [f"No ranking of {ranked}: {answer.by} is 0 for all.", *told, *_coverage(answer)]
    total = f"{format_number(answer.total)} {answer.unit}"
    verb = "accounts" if answer.share_needs == 1 else "account"
    needed = f"{count(answer.share_needs, *NOUNS[what])} {verb} for {percent(answer.share_asked)}"
    if top >= number:
        return [f"{ranked}: {total} in all; {needed}.", *told, *_coverage(answer)]
    verb = "accounts" if top == 1 else "account"
    lines = [f"{top} of {ranked} {verb} for {percent(answer.named_share)} of {total}; {needed}. Gini coefficient "
             f"{answer.gini:.2f}."]  # fmt: skip
    these = f"this {NOUNS[what][0]}" if top == 1 else f"these {top}"
    named, own = answer.named_interval, answer.own_interval
    if named and own and answer.named_right is not None and answer.p_share is not None:
        expected = (
            f"Probability that {these} is the true top 1: {percent(answer.named_right)}; the true top 1"
            if top == 1
            else f"On average {answer.named_right:.1f} of {these} are in the true top {top}, which"
        )
        lines += [
            f"90 % interval of the share of {these}: {percent(named.p05)} to {percent(named.p95)}; of the true top "
            f"{top}: {percent(own.p05)} to {percent(own.p95)}.",
            f"{expected} would emit {format_number(answer.lost)} {answer.unit} more.",
            f"Probability that the {needed}: {percent(answer.p_share)}.",
        ]
    return [*lines, *told, *_coverage(answer)]


def _coverage(answer: RankCertainty) -> list[str]:
    from hginventory.report.text import ENGLISH, category_text

    lines = []
    for row in answer.coverage.to_dict("records"):
        if not row["emission_kg"] > 0:
            continue  # a share of nothing says nothing
        covers = f" (probability {percent(row['p_covers'])})" if "p_covers" in row else ""
        verb = "accounts" if row["smallest_set_size"] == 1 else "account"
        lines.append(
            f"Article 8(2)(b), {category_text(row['category'], ENGLISH)}: {row['smallest_set_size']} of "
            f"{row['units_total']} units in operation {verb} for {percent(row['covered_share'])} of emissions in the "
            f"base year{covers}."
        )
    return lines
