"""A number stored as text to a float, or the reason why not. No number is ever guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from hginventory.errors import UnitsError
from hginventory.translations import TranslatableText
from hginventory.units import convert
from hginventory.vocabulary import fold

_SPACE = re.compile(r"\s")  # non-breaking ones too
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_POINT = re.compile(r"[+-]?([1-9]\d{0,2}(,\d{3})+)?(\.\d+)?")  # 1,234.5
_COMMA = re.compile(r"[+-]?([1-9]\d{0,2}(\.\d{3})+|\d*)(,\d+)?")  # 1.234,5 or 0,5
_SPACED = re.compile(r"([+-]?[1-9]\d{0,2}(?:\s\d{3})+)(?:([.,])(\d+))?")  # 1 234,5 and 1 234.5
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # 1,000 is a thousand here and one there
_WITH_UNIT = re.compile(r"(?P<number>[+-]?[\d.,][\d.,\s]*?)\s*(?P<unit>[^\W\d_]\S*|%)")
_SIGNS = {"point": ".", "comma": ","}
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})


@dataclass(frozen=True)
class Problem:
    """Why a cell gives no value, or what had to be done to read it.

    Attributes
    ----------
    code : str
        Code of `codes.CODES`.
    found, allowed, remedy : str
        Words; empty ones come from the code.
    new_value : str, int, float, bool or None
        What the cell could contain instead, in the unit of the units row.
    is_safe : bool
        Whether the cell is read as ``new_value`` already.
    """

    code: str
    found: str
    allowed: str = ""
    remedy: str = ""
    new_value: Any = None
    is_safe: bool = False


def read_number(text: str, unit: str, decimal_sign: str | None) -> float | Problem:
    """Return the number that a text states beyond doubt.

    Parameters
    ----------
    text : str
        The text; a unit behind the number must be that of the column.
    unit : str
        Unit of the column, as in the units row.
    decimal_sign : str or None
        ``point`` or ``comma`` where the workbook says so.

    Examples
    --------
    >>> [read_number(text, "MW", None) for text in ("1 200", "1.234,5", "0,057", "300 MW")]
    [1200.0, 1234.5, 0.057, 300.0]
    >>> read_number("1,000", "MW", None).code, read_number("1,000", "MW", "point")
    ('E207', 1000.0)
    """
    bare = text.strip()
    shown = f'"{bare}"'
    if not bare.isascii():
        bare = "".join(sign for sign in bare.translate(_MINUS) if unicodedata.category(sign) != "Cf").strip()
    if bare[:1] in set("<>~≤≥"):
        return Problem("E216", shown)
    with_unit = _WITH_UNIT.fullmatch(bare)
    if with_unit and not _PLAIN.fullmatch(bare):
        bare = with_unit["number"]
        if fold(with_unit["unit"]) not in (fold(unit), fold(unit.removesuffix("/yr"))):
            number = _number(bare, decimal_sign)
            return _other_unit(shown, unit, with_unit["unit"], None if isinstance(number, str) else number)
    number = _number(bare, decimal_sign)
    if number == "E207":
        return Problem("E207", shown, _can_mean(bare))
    return Problem("E201", shown, _expected(decimal_sign)) if isinstance(number, str) else number


def shown_sign(text: str) -> str | None:
    """Return the decimal sign that a text shows; None where it can be read with either, or with none.

    >>> [shown_sign(text) for text in ("1.000,5", "12,5", "1,234,567", "12.5 MW", "1,000", "600", "<5")]
    ['comma', 'comma', 'point', 'point', None, None, None]
    """
    if "," not in text and "." not in text:
        return None
    with_unit = _WITH_UNIT.fullmatch(text.strip())
    bare = with_unit["number"] if with_unit else text.strip()
    fitting = [sign for sign in _SIGNS if not isinstance(_number(bare, sign), str)]
    return fitting[0] if len(fitting) == 1 else None


def both_readings(text: str) -> tuple[float, ...]:
    """Return the numbers that a text can mean, one with a decimal point and one with a decimal comma.

    >>> both_readings("-6,215")
    (-6215.0, -6.215)
    """
    readings = (_number(text.strip().translate(_MINUS), sign) for sign in _SIGNS)
    return tuple(number for number in readings if not isinstance(number, str))


def _number(text: str, decimal_sign: str | None) -> float | str:
    """Return the number of a text without a unit, or the code of what is wrong with it."""
    spaced = _SPACED.fullmatch(text)
    if spaced:
        return _spaced(spaced, decimal_sign)
    if decimal_sign is None and _AMBIGUOUS.fullmatch(text):
        return "E207"
    has_digits = re.search(r"\d", text) is not None
    if has_digits and decimal_sign != "comma" and (_PLAIN.fullmatch(text) or _POINT.fullmatch(text)):
        return float(text.replace(",", ""))
    if has_digits and decimal_sign != "point" and _COMMA.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    return "E201"


def _spaced(match: re.Match[str], decimal_sign: str | None) -> float | str:
    whole, sign, decimals = match.groups(default="")
    if sign and decimal_sign and sign != _SIGNS[decimal_sign]:
        return "E201"
    return float(f"{_SPACE.sub('', whole)}.{decimals}")


def _can_mean(text: str) -> TranslatableText:
    return TranslatableText("it can mean {values}", values=either([f"{value:g}" for value in both_readings(text)]))


def either(texts: Sequence[str]) -> str:
    """Return texts joined by or, in the language of the texts.

    >>> either(["1", "1000"])
    '1 or 1000'
    """
    return reduce(lambda first, second: TranslatableText("{first} or {second}", first=first, second=second), texts)


def _expected(decimal_sign: str | None) -> str:
    return f"a number with a decimal {decimal_sign} is expected" if decimal_sign else ""


def _other_unit(shown: str, unit: str, stated: str, number: float | None) -> Problem:
    """Return the finding on a number with a unit that is not that of the column, converted where that can be done."""
    column = f"the column is in {unit}" if unit not in ("", "1") else "the column takes plain numbers"
    new = None
    if number is not None:
        try:
            new = float(f"{convert(number, stated, unit):.12g}") if unit else None
        except UnitsError:
            new = None
    remedy = "Write the number alone, in the unit of the column" + ("." if new is None else f": {new:.10g}.")
    if stated == "%" and unit == "1":
        example = "0.85 for 85" if number is None else f"{new:g} for {number:g}"
        remedy = f"Write the fraction, as {example} %, or set the unit to %."
    return Problem("E208", shown, column, remedy, new)
