"""The facts that a run leads with, in words: the same on the screen, the page and the workbook."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hginventory.decisions.ranking import COMBINED
from hginventory.report.text.phrases import SECTORS, units_of_sector

if TYPE_CHECKING:
    from hginventory.decisions.ranking import (
        CellToFill,
        Complying,
        Headline,
        Interval,
        Leading,
        ListHeadline,
        SectorTotal,
        StudyOnFile,
        TopUnits,
    )
    from hginventory.report.text.language import Words

PLANTS: Mapping[str, str] = {"coal_power": "coal plants", "cement_kiln": "cement plants", COMBINED: "plants"}
UNITS: Mapping[str, str] = {**SECTORS, COMBINED: "coal units and cement kilns"}
NAMES_SHOWN = 3
NEARLY_WHOLE = 0.2  # of a mean number of units: nearer to a whole number than this, only that is told
SMALL_SHARE = 0.0995  # below it shares have a decimal, as in `Words.percent`
MOSTLY = 0.5  # share on default values from which results of kilns are not to be quoted


def total_texts(total: SectorTotal, words: Words) -> tuple[str, str]:
    """Return the emissions in the base year [kg] and over the remaining lifetime [t], each with its interval."""
    air = f"{words.number(total.air_kg)}{_interval(total.air_drawn, words)}"
    if not math.isfinite(total.lifetime_t):
        return air, words("unknown")
    return air, f"{words.number(total.lifetime_t)}{_interval(total.lifetime_drawn, words)}"


def totals_sentences(facts: Headline, words: Words) -> list[str]:
    """Return the totals of a run as sentences: both sectors together first, then each."""
    told = []
    for total in [facts.totals[-1], *facts.totals[:-1]]:
        sector = words(UNITS[total.sector])
        parts = {
            "sector": sector[:1].upper() + sector[1:], "year": facts.base_year,
            "air": _amount(total.air_kg, "kg", total.air_drawn, words),
        }  # fmt: skip
        told.append(
            words(
                "{sector}: emissions to air are {air} in {year} and {life} over the remaining lifetime.",
                **parts, life=_amount(total.lifetime_t, "t", total.lifetime_drawn, words),
            )
            if math.isfinite(total.lifetime_t)
            else words(
                "{sector}: emissions to air are {air} in {year}; over the remaining lifetime they are unknown.", **parts
            )
        )  # fmt: skip
    return told


def list_sentences(facts: Headline, of_list: ListHeadline, words: Words) -> list[str]:
    """Return the sentences on units ranked together: leading plants, leading units, probability of the top units."""
    units, top = of_list.units, of_list.top
    are_named = units.is_part and top is not None and units.count == top.top
    return [*leading_sentences(facts, of_list, words), *certainty_sentences(of_list, words, names_units=not are_named)]


def leading_sentences(facts: Headline, of_list: ListHeadline, words: Words) -> list[str]:
    """Return which share the leading plants, and the leading units, account for; those that are part of the list."""
    return [*_plants(of_list, facts.base_year, words), *_units(facts, of_list, words)]


def certainty_sentences(of_list: ListHeadline, words: Words, *, names_units: bool = True) -> list[str]:
    """Return how certain the top units are; empty without draws.

    Parameters
    ----------
    of_list : ListHeadline
        Units ranked together.
    words : Words
        Language.
    names_units : bool
        Whether the first sentence names the units; False where the sentence before is on the same units.
    """
    return [*_sure(of_list, of_list.top, words, names_units=names_units)] if of_list.top else []


def caution_sentences(facts: Headline, words: Words) -> list[str]:
    """Return what a reader must know: no draws, stated limits, kilns without a start year or on default values."""
    told = [] if facts.draws else [words("Central values only: this run has no draws, so there are no intervals.")]
    if facts.complying:
        told.append(complying_sentence(facts.complying, facts.base_year, words))
    for total in facts.totals:
        if total.sector == COMBINED:
            continue
        if total.units_unknown_life:
            units = units_of_sector(total.units_unknown_life, total.sector, words)
            told.append(
                words("{units} without a start year: remaining-lifetime emissions unknown. Fill in start_year.",
                      units=units)
            )  # fmt: skip
        if total.sector == "cement_kiln" and (caution := kiln_caution(total.on_default, words)):
            told.append(caution)
    return told


def complying_sentence(complying: Complying, year: int, words: Words) -> str:
    """Return which limits units are stated to comply with, and by how much this lowers their emissions."""
    limits, lower = ", ".join(complying.limits), words.number(complying.kg_lower)
    if complying.units == 1:
        return words(
            "1 unit is stated to comply with {limits}; its emissions in {year} are {kg} kg lower than by its listed "
            "controls.", limits=limits, year=year, kg=lower,
        )  # fmt: skip
    return words(
        "{n} units are stated to comply with {limits}; their emissions in {year} are {kg} kg lower than by their "
        "listed controls.", n=words.number(complying.units), limits=limits, year=year, kg=lower,
    )  # fmt: skip


def kiln_caution(on_default: float, words: Words) -> str:
    """Return what a reader of kiln results must know; empty where few of them are based on default values.

    Parameters
    ----------
    on_default : float
        Share of the emissions of kilns that is based on default values of mercury [0-1].
    words : Words
        Language.
    """
    if not on_default >= MOSTLY:
        return ""
    return words(
        "Do not quote kiln results as an inventory: mercury is {share} default values.", share=words.percent(on_default)
    )


def study_sentence(study: StudyOnFile, words: Words) -> str:
    """Return a published study next to the run: what it reports, for which units, and the same for these units here."""
    return words(
        "{short} reports {published} of remaining-lifetime emissions for its top {top} units. It covers {selection}: "
        "{units} of the {of} units here, whose top {top} account for {share}.",
        short=study.short, published=words.tell(study.published), top=study.top,
        selection=words.tell(study.selection), units=words.number(study.units), of=words.number(study.of),
        share=words.percent(study.share),
    )  # fmt: skip


def cell_text(cell: CellToFill, words: Words) -> str:
    """Return a cell that is worth filling: its address, its column, and the plant and units that it serves."""
    place = cell.place if cell.column in cell.place else f"{cell.place}, {cell.column}"  # a new column is named there
    return f"{place}: {cell.plant}, {units_of_sector(cell.units, cell.sector, words)}"


def cells_sentence(facts: Headline, words: Words) -> str:
    """Return the cells that are worth most, in one sentence; empty where no cell is blank."""
    if not facts.cells:
        return ""
    cells = "; ".join(cell_text(cell, words) for cell in facts.cells)
    return words("Fill in or measure first: {cells}.", cells=cells)


def headline_sentences(facts: Headline, words: Words) -> list[str]:
    """Return all that a run leads with but its totals, one paragraph each."""
    lists = [" ".join(list_sentences(facts, one, words)) for one in facts.lists]
    studies = [study_sentence(study, words) for study in facts.studies]
    return [*filter(None, lists), *studies, *filter(None, [cells_sentence(facts, words)]),
            *caution_sentences(facts, words)]  # fmt: skip


def _plants(of_list: ListHeadline, year: int, words: Words) -> Iterator[str]:
    if of_list.plants.is_part:
        parts = {**_parts(of_list.plants, words), "plants": words(PLANTS[of_list.name]), "year": year}
        yield (
            words("{n} of {of} {plants} accounts for {share} of emissions in {year}{interval}.", **parts)
            if of_list.plants.count == 1
            else words("{n} of {of} {plants} account for {share} of emissions in {year}{interval}.", **parts)
        )


def _units(facts: Headline, of_list: ListHeadline, words: Words) -> Iterator[str]:
    units = words(UNITS[of_list.name])
    if of_list.units.is_part:
        parts = {**_parts(of_list.units, words, is_first=not of_list.plants.is_part), "units": units}
        yield (
            words("{n} of {of} {units} accounts for {share} of remaining-lifetime emissions{interval}.", **parts)
            if of_list.units.count == 1
            else words("{n} of {of} {units} account for {share} of remaining-lifetime emissions{interval}.", **parts)
        )
    elif of_list.units.of and not of_list.units.count:
        yield words("{units}: all are past their lifetime, so there are no remaining-lifetime emissions.",
                    units=units[:1].upper() + units[1:])  # fmt: skip


def _parts(leading: Leading, words: Words, *, is_first: bool = True) -> dict[str, str]:
    interval = "" if leading.drawn is None else _share_interval(leading.drawn, words, is_first=is_first)
    return {"n": words.number(leading.count), "of": words.number(leading.of), "share": words.percent(leading.share),
            "interval": interval}  # fmt: skip


def _share_interval(drawn: Interval, words: Words, *, is_first: bool) -> str:
    digits = 1 if drawn.p95 < SMALL_SHARE else 0
    bounds = {"low": words.number(100 * drawn.p05, digits), "high": f"{words.number(100 * drawn.p95, digits)} %"}
    return " " + (
        words("(90 % interval {low} to {high})", **bounds) if is_first else words("({low} to {high})", **bounds)
    )


def _sure(of_list: ListHeadline, top: TopUnits, words: Words, *, names_units: bool) -> Iterator[str]:
    parts = {"top": top.top, "units": words(UNITS[of_list.name])}
    if len(top.certain) == top.top:
        yield words("All of the top {top} {units} are certain to be in the true top {top} (above 95 %).", **parts)
        return
    expected = about_units(top.expected, words)
    yield (
        words("About {n} of the top {top} {units} are likely to be in the true top {top}.", n=expected, **parts)
        if names_units
        else words("About {n} are likely to be in the true top {top}.", n=expected, top=top.top)
    )
    if top.certain:
        yield words("Certain (above 95 %): {names}.", names=_names(top.certain, words))
    elif top.likely:
        yield words(
            "None is certain (above 95 %); with a probability above 50 %: {n}.", n=words.number(len(top.likely))
        )
    else:
        yield words("None is certain (above 95 %); the highest: {p}, {name}.",
                    p=words.percent(top.p_likeliest), name=top.likeliest)  # fmt: skip


def about_units(count: float, words: Words) -> str:
    """Return a mean number of units as whole ones: the one that it is near, or both neighbours.

    >>> from hginventory.report.text import ENGLISH
    >>> about_units(4.9, ENGLISH), about_units(3.5, ENGLISH)
    ('5', '3 or 4')
    """
    low = math.floor(count)
    if count - low < NEARLY_WHOLE or low + 1 - count < NEARLY_WHOLE:
        return words.number(round(count))
    return words("{low} or {high}", low=words.number(low), high=words.number(low + 1))


def _names(names: tuple[str, ...], words: Words) -> str:
    first, more = ", ".join(names[:NAMES_SHOWN]), len(names) - NAMES_SHOWN
    return words("{names} and {n} more", names=first, n=words.number(more)) if more > 0 else first


def _interval(drawn: Interval | None, words: Words) -> str:
    if drawn is None:
        return ""
    return " " + words("({low} to {high})", low=words.number(drawn.p05), high=words.number(drawn.p95))


def _amount(value: float, unit: str, drawn: Interval | None, words: Words) -> str:
    """Return an amount with its unit and its interval."""
    amount = f"{words.number(value)} {unit}"
    if drawn is None:
        return amount
    low, high = words.number(drawn.p05), words.number(drawn.p95)
    return f"{amount} ({words('90 % interval {low} to {high} {unit}', low=low, high=high, unit=unit)})"
