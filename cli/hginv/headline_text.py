"""The first screen of ``hginv project``: what a run leads with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hginv.output import say, show_table, terminal_width
from hginventory.decisions.ranking import COMBINED
from hginventory.inputs.findings import printable, ungrouped
from hginventory.report.text import (
    SECTORS,
    caution_sentences,
    cell_text,
    list_sentences,
    published_text,
    study_sentence,
    total_texts,
    units_of_sector,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hginventory.inputs.findings import Finding
    from hginventory.report.text import Words
    from hginventory.run import Run

UNREAD = "W303"  # a column or setting of a name that is not known
SHORT_NOTICE = 160  # characters of a notice that the first screen has room for


def show_headline(run: Run, words: Words) -> None:
    """Print what a run leads with: totals, the plants and units that matter, a study, the cells to fill."""
    facts = run.headline
    say(_fleet(run, words))
    _show_unread(run, words)
    rows = [[words(SECTORS[total.sector]), *total_texts(total, words)] for total in facts.totals]
    in_year = (
        words("{year} [kg] (90 % interval)", year=facts.base_year)
        if facts.draws
        else words("{year} [kg]", year=facts.base_year)
    )
    remaining = words("remaining lifetime [t] ({rule})", rule=run.projection.settings.rule)
    show_table([words("emissions to air"), in_year, remaining], rows)
    for of_list in facts.lists:
        if told := list_sentences(facts, of_list, words):
            say(" ".join(told), "- ")
    for study in facts.studies:
        say(f"{study_sentence(study, words)} {words('Compare: {option}', option=f'--study {study.name}')}", "- ")
    if not facts.studies:
        for total in facts.published:
            say(published_text(total, words), "- ")
    if facts.cells:
        say(words("Fill in or measure first, as these cells are worth most:"), "- ")
        for cell in facts.cells:
            say(cell_text(cell, words), "  ", 4)
    cautions = caution_sentences(facts, words)
    notice = words.tell(run.projection.settings.notice or "")
    if notice and (len(notice) <= SHORT_NOTICE or not cautions):
        cautions.append(notice)
    for sentence in cautions:
        say(sentence, "- ")


def _fleet(run: Run, words: Words) -> str:
    """Return the fleet, its base year and its units in one sentence."""
    counts = []
    for total in run.headline.totals:
        if total.sector == COMBINED:
            continue
        later = words(" (+{n} under construction)", n=words.number(total.units_construction))
        units = units_of_sector(total.units_operating, total.sector, words)
        counts.append(f"{units}{later if total.units_construction else ''}")
    return words("{fleet} in {year}: {units}.", fleet=run.projection.settings.fleet_name, year=run.headline.base_year,
                 units=", ".join(counts))  # fmt: skip


def _show_unread(run: Run, words: Words) -> None:
    """Print what was not read though the user may think so: a bundled fleet of the same name, columns not known."""
    source = run.projection.fleet.source
    if source.hides:
        say(
            words(
                "{file} is a file here, so the bundled fleet {name} of the same name was not read.",
                file=source.label,
                name=source.hides,
            )
        )
    unread = [finding for finding in ungrouped(run.findings) if finding.code == UNREAD]
    lines = [_unread(unread, shown, words) for shown in range(len(unread), 0, -1)]
    if lines:  # as many as one line has room for
        say(next((line for line in lines if len(line) <= terminal_width()), lines[-1]))


def _unread(unread: Sequence[Finding], shown: int, words: Words) -> str:
    names = []
    for finding in unread[:shown]:
        name = f"{finding.location}, {words.tell(finding.found)}"
        if finding.fix:
            name = words("{name} (did you mean {near}?)", name=name, near=finding.fix.new_value)
        names.append(printable(name))
    told, more = "; ".join(names), words.number(len(unread) - shown)
    if shown == len(unread):
        return words("Not read: {names}.", names=told)
    return words("Not read: {names} and {n} more (hginv validate lists all).", names=told, n=more)
