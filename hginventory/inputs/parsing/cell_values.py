"""One cell to one value of its column's kind, or a finding."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from hginventory.inputs.findings import CODES
from hginventory.inputs.parsing.countries import parse_country
from hginventory.inputs.parsing.local_words import in_every_language, none_words, truth_words
from hginventory.inputs.parsing.number_cells import (
    MISSING_WORDS,
    NumberReading,
    Parsed,
    parse_number,
)
from hginventory.inputs.parsing.number_text import Problem
from hginventory.inputs.parsing.year_cells import parse_date, parse_year
from hginventory.inputs.schema import Column
from hginventory.translations import TranslatableText
from hginventory.vocabulary import (
    CONTROL_GROUPS,
    NONE,
    UNKNOWN,
    CodeList,
    UnknownCodeError,
    fold,
    parse_train,
    train_devices,
)
from hginventory.xlsx import RawCell

_TRUE = frozenset({"yes", "y", "true", "1", "x", "ya", "oui", "si"})
_FALSE = frozenset({"no", "n", "false", "0", "tidak", "non"})
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")  # zero-width signs and the like, from web pages
_ERROR = re.compile(r"#[A-Z/0!?_]+")
_NAMES = frozenset({"unit", "plant"})  # text that other cells are compared with, beside the ids
_SHOWN_FORMULA = 40  # letters of a formula that a finding quotes
_BOTH = re.compile(r"\s*(?:/|&|\band\b|\bdan\b)\s*", re.IGNORECASE)


def parse_cell(cell: RawCell, column: Column, unit: str, decimal_sign: str | None) -> Parsed:
    """Return the value of a cell.

    Parameters
    ----------
    cell : RawCell
        The cell.
    column : Column
        What the column allows.
    unit : str
        Unit of the units row.
    decimal_sign : str or None
        ``point`` or ``comma`` where the sheet Settings says so.
    """
    return read_cell(cell, column, NumberReading(unit, decimal_sign))


def read_cell(cell: RawCell, column: Column, how: NumberReading) -> Parsed:
    """Return the value of a cell of a column that is read in one way."""
    value = cell.value
    if not cell.is_formula and not isinstance(value, str):
        return _PARSERS[column.kind](cell, column, how)
    notes: tuple[Problem, ...] = ()
    if cell.is_formula:
        shown = "a formula" if not cell.formula else f"formula {cell.formula[:_SHOWN_FORMULA]}"
        if value is None:
            return Parsed(None, (Problem("E205", shown),))
        is_zero = isinstance(value, int | float) and value == 0
        notes = (Problem("W210" if is_zero else "W209", shown),)
    if isinstance(value, str) and _ERROR.fullmatch(value.strip()):
        return Parsed(None, (Problem("E204", value.strip()),))
    parsed = _PARSERS[column.kind](cell, column, how)
    if not notes:
        return parsed
    told = (replace(problem, new_value=None, is_safe=False) for problem in parsed.problems)  # a formula is not replaced
    return Parsed(parsed.value, (*notes, *told))


def _text(cell: RawCell, column: Column, how: NumberReading) -> Parsed:
    value = cell.value
    is_name = column.name in _NAMES or column.name.endswith("_id")
    if isinstance(value, datetime.datetime | datetime.date):
        text = value.isoformat()[:10]
        return Parsed(text, (_date_for_name(value, text, cell.number_format),) if is_name else ())
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    given = str(value)
    text = _SPACES.sub(" ", given).strip()
    if not text.isascii():
        given = unicodedata.normalize("NFC", given)  # a letter and its accent may be one sign or two
        text = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).strip()
    if is_name and text and text != given:
        return Parsed(text, (_respelt(given, text),))
    return Parsed(text or None)


def _date_for_name(value: datetime.date, text: str, number_format: str) -> Problem:
    typed = typed_before_excel(value, number_format)
    if typed is None:
        return Problem("W212", text)
    remedy = TranslatableText('If it was "{typed}", format the column as text and write it again.', typed=typed)
    return Problem("W212", text, remedy=remedy, new_value=typed)


def typed_before_excel(day: datetime.date, number_format: str) -> str | None:
    """Return what was typed before Excel made a date of it, as its number format suggests; None: no idea.

    >>> import datetime
    >>> typed_before_excel(datetime.date(2024, 2, 1), "d-mmm"), typed_before_excel(datetime.date(2024, 2, 1), "mmm-yy")
    ('1-2', '2-24')
    """
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format.casefold())
    order = [run[0] for run in re.findall(r"d+|m+|y+", plain)]
    if len(order) < 2 or len(set(order)) < len(order) or "h" in plain:
        return None
    parts = {"d": str(day.day), "m": str(day.month), "y": f"{day.year % 100:02d}"}
    return ("/" if "/" in plain else "-").join(parts[letter] for letter in order)


def _respelt(given: str, read: str) -> Problem:
    return Problem("W217", f'"{given}"', TranslatableText("read as {value}", value=read), new_value=read, is_safe=True)


def _code(cell: RawCell, column: Column, how: NumberReading) -> Parsed:
    codes = column.known_codes
    given = str(cell.value)
    code = codes.match(given)
    if code is None and fold(given) not in MISSING_WORDS:
        codes = in_every_language(codes)
        code = codes.match(given)
    if code is not None:
        is_same = code in (given, given.replace(" ", "_")) or fold(given) in MISSING_WORDS
        return Parsed(code, () if is_same else (_respelt(given, code),))
    if fold(given) in MISSING_WORDS:
        return Parsed(UNKNOWN if UNKNOWN in codes.codes else None)
    several = [codes.match(part) for part in _BOTH.split(given)]
    forms = sorted(known for known in codes.codes if known.startswith(f"{fold(given).replace(' ', '_')}_"))
    if len(forms) > 1:  # as net and gross: which of them is not known
        several = list(forms)
    near = codes.propose(given) if None in several or len(several) == 1 else None
    offered = [near] if near else [code for code in several if code and None not in several]
    hint = TranslatableText("Did you mean {near}?", near=" / ".join(offered)) if offered else CODES["E203"].remedy
    allowed = _allowed(codes.codes)
    return Parsed(None, (Problem("E203", f'"{given}"', allowed, hint, near),))


def _train(cell: RawCell, column: Column, how: NumberReading) -> Parsed:
    codes = column.known_codes
    given = str(cell.value)
    allowed = _allowed((*(column.devices or codes.codes), NONE, UNKNOWN))
    try:
        train = _devices(given, codes)
    except UnknownCodeError as error:
        is_elsewhere = error.near is not None and column.devices and error.near not in column.devices
        remedy = _column_of(str(error.near)) if is_elsewhere else ""
        return Parsed(None, (Problem("E203", str(error), allowed, remedy),))
    wrong = _in_other_column(train, column, allowed)
    if wrong:
        return Parsed(None, wrong)
    is_same = train in (given, UNKNOWN) or _names_codes(given, codes)
    return Parsed(train, () if is_same else (_respelt(given, train),))


def _devices(text: str, codes: CodeList) -> str:
    """Return the train of a text in codes, their spellings, or the words of a language."""
    try:
        return parse_train(text, codes)
    except UnknownCodeError:
        if fold(text) in none_words():
            return NONE
        return parse_train(text, in_every_language(codes))


def _in_other_column(train: str, column: Column, allowed: str) -> tuple[Problem, ...]:
    if column.devices and train not in (NONE, UNKNOWN):
        for device in train_devices(train):
            if device not in column.devices:
                return (Problem("E214", device, allowed, _column_of(device)),)
    return ()


def _allowed(words: Sequence[str]) -> TranslatableText:
    return TranslatableText("allowed: {allowed}", allowed=", ".join(words))


def _column_of(device: str) -> str:
    home = next(group for group, devices in CONTROL_GROUPS.items() if device in devices)
    return TranslatableText("Move it to {column}.", column=home)


def _names_codes(text: str, codes: CodeList) -> bool:
    """Return whether a train is written in codes, in whatever order."""
    return all(part.strip(" ") in codes.codes for part in re.split(r"[+;,]", text))


def _boolean(cell: RawCell, column: Column, how: NumberReading) -> Parsed:
    value = cell.value
    word = f"{value:g}" if isinstance(value, float) else fold(str(value))
    if word in _TRUE or word in _FALSE:
        return Parsed(word in _TRUE)
    if word in MISSING_WORDS:
        return Parsed(None)
    local = truth_words().get(word)
    if local is not None:
        return Parsed(local)
    return Parsed(None, (Problem("E203", f'"{value}"', _allowed(("yes", "no"))),))


_PARSERS = {
    "text": _text,
    "number": parse_number,
    "year": parse_year,
    "date": parse_date,
    "code": _code,
    "train": _train,
    "boolean": _boolean,
    "country": parse_country,
}
