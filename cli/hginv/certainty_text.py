"""The part of ``hginv project`` on uncertainty: intervals of the totals, and how likely the units are the top ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hginv.output import say, show_table
from hginv.ranking_text import figures, heading_of, interval
from hginventory.report.text import SECTORS, category_text, format_number
from hginventory.units import percent

if TYPE_CHECKING:
    from collections.abc import Sized

    from hginventory.decisions.ranking import ListCertainty, SectorSummary
    from hginventory.report.text import Words
    from hginventory.run import Run


def show_certainty(run: Run, words: Words) -> None:
    """Print the intervals of the totals and what the draws show of the units ranked highest; nothing without draws."""
    sure = run.certainty
    if sure is None:
        return
    rows = [
        [
            words(SECTORS[t["sector"]]),
            words.tell(t["quantity"]),
            figures(t["mean"], words),
            interval(t["p05"], t["p95"], words),
            t["unit"],
        ]
        for t in sure.totals.dropna(subset="mean").to_dict("records")
    ]
    draws = words.number(sure.draws)
    title = words("Uncertainty: {n} Monte Carlo draws, seed {seed}", n=draws, seed=sure.seed)
    show_table(["", "", words("mean"), words("90 % interval"), ""], rows, title=title, words=(0, 1, 4))
    chances = sure.coverage.dropna(subset="p_covers").to_dict("records")
    covers = ", ".join(
        f"{words.signs(percent(row['p_covers']))} ({category_text(row['category'], words)})" for row in chances
    )
    told = [
        with_list_name(name, run.lists, _true_top(sure.lists[name], words), words)
        for name, summary in run.lists.items()
        if is_part_of_list(summary, sure.lists[name])
    ]
    if covers:
        told.append(words("Probability that these units account for 75 % (Article 8(2)(b)): {sets}.", sets=covers))
    for sentence in told if len(run.lists) > 1 else filter(None, [" ".join(told)]):
        say(sentence)


def is_part_of_list(summary: SectorSummary, sure: ListCertainty) -> bool:
    """Return whether the units that draws are about are a part of the list, with something to emit."""
    return sure.top < summary.units_ranked and sure.named_share.mean > 0


def with_list_name(name: str, lists: Sized, told: str, words: Words) -> str:
    """Return a sentence about a list, with its name where there are several."""
    if len(lists) == 1:
        return told
    return f"{heading_of(name, words)}: {told[:1].lower()}{told[1:]}"


def _true_top(sure: ListCertainty, words: Words) -> str:
    own = sure.own_share
    largest = words(
        "The true top {n} account for {low} to {high} of remaining-lifetime emissions (90 % interval).",
        n=sure.top, low=words.signs(percent(own.p05)), high=words.signs(percent(own.p95)),
    )  # fmt: skip
    among = words(
        "{right} of the {n} units ranked highest are likely to be in the true top {n}, which would emit {lost} t more.",
        right=words.number(sure.named_right, 1), n=sure.top, lost=words.signs(format_number(sure.t_lost)),
    )  # fmt: skip
    return f"{largest} {among}"
