"""How numbers and marks are put into words."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from hginventory.inputs.parsing import country_names, local_country_name
from hginventory.translations import TranslatableText
from hginventory.vocabulary import STATUSES

if TYPE_CHECKING:
    from hginventory.decisions.ranking import PublishedTotal
    from hginventory.model import RetirementRule
    from hginventory.projection import InventoryCount
    from hginventory.report.text.language import Words

MARKS: Mapping[str, str] = {
    "cell": "workbook",
    "read": "read in the source",
    "partly recalled": "read in part, the rest known, but not seen in the source",
    "recalled": "known, but not seen in the source",
    "judgement": "our own judgement",
    "": "no mark",
}

SCOPES: Mapping[str, str] = {"world": "world", "country": "country", "coal_class": "coal class", "plant": "plant",
                             "quarry": "quarry", "kiln": "kiln", "unit": "unit", "device": "device"}  # fmt: skip
SECTORS: Mapping[str, str] = {"coal_power": "coal units", "cement_kiln": "cement kilns", "combined": "both together"}
CATEGORY_WORDS: Mapping[str, str] = {
    "coal_power": "Coal-fired power plants",
    "industrial_boiler": "Coal-fired industrial boilers",
    "cement": "Cement clinker production",
    "cement_kiln": "Cement kilns",
    "all": "All categories",
}
_MARKDOWN = re.compile(r"[\\`*~\[\]<>|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")  # an underscore within a word is one
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
ONE: Mapping[str, str] = {"coal_power": "coal unit", "cement_kiln": "cement kiln"}

LAST_YEAR: Mapping[str, str] = {
    "ignore": "announced years are ignored",
    "inclusive": "an announced year is the last one",
    "exclusive": "an announced year is the first without operation",
}


def fleet_text(text: str, words: Words) -> str:
    """Return the title or the notice of a fleet: those of bundled fleets are in the catalogues, others stay.

    >>> from hginventory.report.text.language import words_in
    >>> fleet_text("Register of the ministry", words_in("id"))
    'Register of the ministry'
    """
    return words.tell(text) if isinstance(text, TranslatableText) else words.say(text)


def rule_text(rule: RetirementRule, years: str = "") -> TranslatableText:
    """Return a retirement rule in words; with other years than its own it has no name any more."""
    over = TranslatableText("older units close after the base year")
    if rule.overage_years:
        over = TranslatableText("older units run {n} more years", n=f"{rule.overage_years:g}")
    age = TranslatableText("units close at {n} years", n=years or f"{rule.lifetime_years:g}")
    parts = {"age": age, "over": over, "planned": TranslatableText(LAST_YEAR[rule.planned])}
    return (
        TranslatableText("{age}, {over}, {planned}", **parts)
        if years
        else TranslatableText("{name}: {age}, {over}, {planned}", name=rule.name, **parts)
    )


def units_text(operating: int, construction: int) -> str:
    """Return a number of units as the base of a share, those under construction separately.

    >>> units_text(290, 13), units_text(1, 0)
    ('290 units (+13 under construction)', '1 unit')
    """
    words = f"{operating:,} unit" if operating == 1 else f"{operating:,} units"
    return f"{words} (+{construction:,} under construction)" if construction else words


def units_of_sector(count: int, sector: str, words: Words) -> str:
    """Return a number of units of a sector.

    >>> from hginventory.report.text.language import ENGLISH
    >>> units_of_sector(1, "cement_kiln", ENGLISH), units_of_sector(2, "coal_power", ENGLISH)
    ('1 cement kiln', '2 coal units')
    """
    return f"{words.number(count)} {words(ONE[sector] if count == 1 else SECTORS[sector])}"


def statuses_text(statuses: Mapping[str, int], words: Words) -> str:
    """Return how many units there are of each status, in words of a language.

    >>> from hginventory.report.text.language import ENGLISH
    >>> statuses_text({"cancelled": 104, "pre-permit": 2}, ENGLISH)
    '104 cancelled, 2 in the permit procedure'
    """
    return ", ".join(f"{words.number(n)} {words.say(STATUSES.meanings[status])}" for status, n in statuses.items())


def country(code: str, words: Words) -> str:
    """Return the name of a country in the language; any other text as it is."""
    names = _countries()
    return local_country_name(code, names[code], words.language) if code in names else code


@cache
def _countries() -> Mapping[str, str]:
    return country_names()


def category_text(code: str, words: Words) -> str:
    """Return a source category as it is written within a sentence.

    >>> from hginventory.report.text.language import ENGLISH
    >>> category_text("coal_power", ENGLISH)
    'coal-fired power plants'
    """
    name = words.say(CATEGORY_WORDS.get(code, code))
    return name[:1].lower() + name[1:]


def published_text(total: PublishedTotal, words: Words) -> str:
    """Return a published total next to ours in a line, and the differences that limit the comparison."""
    keys, drawn = total.row.keys, total.drawn
    parts = [
        words(
            "Published for {country}, {category}: {published} kg in {year} ({source}). Here {ours} kg in {our_year}.",
            country=country(keys["country"], words), category=category_text(keys["category"], words),
            year=keys["year"], source=total.citation,
            published=words.number(total.kg), ours=words.number(total.our_kg), our_year=total.our_year,
        )
    ]  # fmt: skip
    if drawn is not None:
        bounds = {"low": words.number(drawn.p05), "high": words.number(drawn.p95)}
        parts.append(
            words("The published value lies inside our 90 % interval, {low} to {high} kg.", **bounds)
            if total.is_inside
            else words("The published value lies outside our 90 % interval, {low} to {high} kg.", **bounds)
        )
    if not total.is_of_year:
        parts.append(words("The years differ."))
    if total.newer_kg > 0:
        parts.append(words("Of ours, units that started after {year} emit {kg} kg.", year=total.fleet_year,
                           kg=words.number(total.newer_kg)))  # fmt: skip
    if total.is_recalled:
        parts.append(words("The published value is recalled, not read in its source."))
    if total.not_independent:
        parts.append(words("Not independent: an input is from the same paper."))
    return " ".join(parts)


def outside_text(inventory: InventoryCount, words: Words) -> str:
    """Return in one sentence how many units the inventory does not count, and why; nothing where it counts all.

    >>> from hginventory.projection import InventoryCount
    >>> from hginventory.report.text.language import ENGLISH
    >>> outside_text(InventoryCount(74, 8, 106, {"cancelled": 104, "shelved": 2}), ENGLISH)
    'Units outside the inventory, which do not emit: 106 (104 cancelled, 2 shelved).'
    """
    if not inventory.outside:
        return ""
    statuses = statuses_text(inventory.statuses_outside, words)
    return words("Units outside the inventory, which do not emit: {n} ({statuses}).",
                 n=words.number(inventory.outside), statuses=statuses)  # fmt: skip


def format_number(value: float | str | None) -> str:
    """Return a number with four significant figures and thousands separators, or the word itself.

    >>> [format_number(v) for v in (1234567.8, 0.0657, 40.0, "none", None)]
    ['1,234,568', '0.0657', '40', 'none', '']
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:z.4g}"


def shown(unit: str) -> str:
    """Return a unit as shown to people: a plain fraction has none."""
    return "" if unit == "1" else unit


def nearest(word: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return the known words most like one, best first.

    >>> nearest("projct", ["project", "explain"])
    ['project']
    """
    return difflib.get_close_matches(word, list(known), n=count, cutoff=0.5)


def plain(text: str) -> str:
    """Return a text on one line without control characters, for titles, headers and chart labels.

    >>> plain("PLTU" + chr(7) + " A" + chr(10) + "B")
    'PLTU A B'
    """
    return "".join(sign for sign in re.sub(r"\s+", " ", text) if sign.isprintable())


def markdown(text: str) -> str:
    r"""Return a text on one line for Markdown that is shown as it is: no tag, no link, no emphasis, no end of a cell.

    >>> print(markdown("<b>A</b> [1](javascript:x) | 2_3"))
    &lt;b&gt;A&lt;/b&gt; \[1\](javascript:x) \| 2_3
    """
    return _MARKDOWN.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), plain(text))


def unknown_life_text(kg: float, words: Words) -> str:
    """Return how much of the emissions that the rule ends is from units of unknown remaining life; empty where none is.

    Parameters
    ----------
    kg : float
        Their emissions to air in the base year [kg].
    words : Words
        Language of the text.

    Examples
    --------
    >>> from hginventory.report.text.language import ENGLISH
    >>> unknown_life_text(120.4, ENGLISH)
    ' 120 kg of it are from kilns without a start year, whose remaining lifetime is unknown.'
    >>> unknown_life_text(0.0, ENGLISH)
    ''
    """
    if not kg:
        return ""
    return " " + words(
        "{kg} kg of it are from kilns without a start year, whose remaining lifetime is unknown.", kg=words.number(kg)
    )
