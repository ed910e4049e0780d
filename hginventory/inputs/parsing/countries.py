"""A cell to the ISO code of a country: codes, English names, and names in the languages that countries speak."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from hginventory.inputs.parsing.number_cells import MISSING_WORDS, NumberReading, Parsed
from hginventory.inputs.parsing.number_text import Problem
from hginventory.inputs.schema import Column
from hginventory.translations import TranslatableText
from hginventory.vocabulary import fold, without_marks
from hginventory.xlsx import RawCell, RawSheet

_LIKENESS = 0.75  # from which a country is proposed
_NAMIBIA_OR_NOTHING = "na"
_SIGNS = re.compile(r"[\W_\u02b0-\u02ff]+")  # letters that only modify are signs: O\u02bbzbekiston
_SPECIAL = {
    "kosovo": "XKX", "xkx": "XKX", "xk": "XKX", "turkey": "TUR", "laos": "LAO", "south korea": "KOR",
    "north korea": "PRK", "ivory coast": "CIV", "syria": "SYR", "russia": "RUS", "bosnia and herzegovina": "BIH",
    "dr congo": "COD", "democratic republic of the congo": "COD", "republic of the congo": "COG", "taiwan": "TWN",
    "brunei": "BRN", "uk": "GBR", "great britain": "GBR", "u.s.a.": "USA", "u.s.": "USA", "uae": "ARE", "drc": "COD",
    "lao pdr": "LAO", "republic of korea": "KOR", "macau": "MAC",
}  # fmt: skip


def parse_country(cell: RawCell, column: Column, how: NumberReading) -> Parsed:
    """Return the ISO code of a country. A word for no value is refused where a blank cell has a default."""
    name = str(cell.value)
    if fold(name) == _NAMIBIA_OR_NOTHING:
        readings = TranslatableText("NA is the code of Namibia and a word for no value")
        remedy = TranslatableText("Write NAM for Namibia, or leave the cell blank.")
        return Parsed(None, (Problem("E215", f'"{name}"', readings, remedy),))
    if fold(name) in MISSING_WORDS:
        if not column.essential:
            return Parsed(None)
        remedy = TranslatableText("Write the ISO code, or leave the cell blank where Settings!country is meant.")
        return Parsed(None, (Problem("E215", f'"{name}"', remedy=remedy),))
    code = country_code(name)
    if code:
        return Parsed(code)
    near = _near_country(name)
    proposal = TranslatableText("Did you mean {near}?", near=near) if near else ""
    return Parsed(None, (Problem("E215", f'"{name}"', remedy=proposal, new_value=near),))


def with_namibia(raw: RawSheet, body: Sequence[int], columns: Mapping[int, Column]) -> RawSheet:
    """Return the sheet with NA of a column of two-letter codes written as NAM.

    Parameters
    ----------
    raw : RawSheet
        Cells.
    body : sequence of int
        Rows of data.
    columns : mapping of int to Column
        Column number -> column.
    """
    rows = dict(raw.rows)
    for number in (number for number, column in columns.items() if column.kind == "country"):
        words = {row: fold(str(raw.rows[row][number].value)) for row in body if number in raw.rows[row]}
        open_rows = [row for row, word in words.items() if word == _NAMIBIA_OR_NOTHING]
        others = set(words.values()) - MISSING_WORDS
        if others and all(len(word) == 2 and word.isascii() and word.isalpha() for word in others):
            for row in open_rows:
                rows[row] = {**rows[row], number: replace(rows[row][number], value="NAM")}
    return replace(raw, rows=rows)


@cache
def country_code(name: str) -> str | None:
    """Return the ISO code of three letters of a country, or None.

    >>> [country_code(n) for n in ("IDN", "Viet Nam", "Vi\u1ec7t Nam", "T\u00fcrkiye", "Polska", "Laos", "Atlantis")]
    ['IDN', 'VNM', 'VNM', 'TUR', 'POL', 'LAO', None]
    """
    return country_code_in_english(name) or country_spellings().get(plain_name(name))


@cache
def country_code_in_english(name: str) -> str | None:
    """Return the ISO code of a country by its code or English name, or None; far faster for other words.

    >>> [country_code_in_english(name) for name in ("Indonesia", "south-africa", "Vi\u1ec7t Nam")]
    ['IDN', 'ZAF', None]
    """
    folded = fold(name)
    if folded in _SPECIAL:
        return _SPECIAL[folded]
    import pycountry

    try:
        return str(pycountry.countries.lookup(folded).alpha_3)
    except LookupError:
        return _english_names().get(plain_name(name))


@cache
def _english_names() -> Mapping[str, str]:
    """Return the English short name of each country -> its code."""
    from babel import Locale

    names = Locale.parse("en").territories
    return {plain_name(names[short]): code for short, code in _codes().items() if short in names}


def _codes() -> dict[str, str]:
    """Return ISO codes of two letters -> of three; Kosovo, which has none of its own, among them."""
    import pycountry

    return {country.alpha_2: country.alpha_3 for country in pycountry.countries} | {"XK": "XKX"}


@cache
def plain_name(name: str) -> str:
    """Return a name without case, marks and signs, so that C\u00f4te d\u2019Ivoire is Cote d'Ivoire."""
    return _SIGNS.sub(" ", without_marks(fold(name))).strip()


@cache
def country_spellings() -> Mapping[str, str]:
    """Return the name of each country in every language that is official somewhere, without case and marks -> its code.

    A name that means two countries, as Kongo, is left out. Sources: Unicode CLDR, as Babel ships it, for short names;
    iso-codes, as pycountry ships it, for official ones.
    """
    import gettext

    import pycountry
    from babel import Locale, UnknownLocaleError
    from babel.languages import get_official_languages

    codes = _codes()
    short: dict[str, set[str]] = {}
    official: dict[str, set[str]] = {}
    for language in {one for code in codes for one in get_official_languages(code, de_facto=True)}:
        try:
            territories = Locale.parse(language).territories
        except UnknownLocaleError:
            continue
        for territory in territories.keys() & codes.keys():
            short.setdefault(plain_name(territories[territory]), set()).add(codes[territory])
        say = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language], fallback=True).gettext
        for country in pycountry.countries:
            for name in (country.name, getattr(country, "official_name", country.name)):
                official.setdefault(plain_name(say(name)), set()).add(country.alpha_3)
    return {name: next(iter(found)) for name, found in (official | short).items() if len(found) == 1 and name}


@cache
def _near_country(name: str) -> str | None:
    names = {fold(english): code for code, english in country_names().items()}
    names |= {spelling: code for spelling, code in _SPECIAL.items() if len(spelling) > 3}
    near = difflib.get_close_matches(fold(name), names, n=1, cutoff=_LIKENESS)
    return names[near[0]] if near else None


def country_names() -> dict[str, str]:
    """Return ISO code of three letters -> English name of a country."""
    import pycountry

    names = {country.alpha_3: getattr(country, "common_name", country.name) for country in pycountry.countries}
    return dict(sorted({**names, "XKX": "Kosovo"}.items()))


def local_country_name(code: str, english: str, language: str) -> str:
    """Return the name of a country in a language, English where it is not known."""
    import pycountry
    from babel import Locale, UnknownLocaleError

    country = pycountry.countries.get(alpha_3=code)
    try:
        names = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return english
    return str(names.get(country.alpha_2 if country else "XK", english))
