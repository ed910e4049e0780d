"""A number stored as text to a float, or the reason why not. No number is ever guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hginventory.vocabulary import fold

_SPACE = re.compile(r"\s")  # non-breaking ones too
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_POINT = re.compile(r"[+-]?([1-9]\d{0,2}(,\d{3})+)?(\.\d+)?")  # 1,234.5
_COMMA = re.compile(r"[+-]?([1-9]\d{0,2}(\.\d{3})+|\d*)(,\d+)?")  # 1.234,5 or 0,5
_SPACED = re.compile(r"([+-]?[1-9]\d{0,2}(?:\s\d{3})+)(?:([.,])(\d+))?")  # 1 234,5 and 1 234.5
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # 1,000 is a thousand here and one there
_WITH_UNIT = re.compile(r"(?P<number>[+-]?[\d.,][\d.,\s]*?)\s*(?P<unit>[^\W\d_]\S*|%)")
_SIGNS = {"point": ".", "comma": ","}


@dataclass(frozen=True)
class Problem:
    """Why a cell gives no value, or what had to be done to read it: code and words."""

    code: str
    found: str
    allowed: str = ""
    remedy: str = ""


def read_number(text: str, unit: str, decimal_sign: str | None) -> float | Problem:
    """Return the number that a text states beyond doubt.

    Parameters
    ----------
    text : str
        The text; a unit behind the number must be that of the column.
    unit : str
        Unit of the column, as in the units row.
    decimal_sign : str or None
        ``point`` or ``comma`` where the sheet Settings says so.

    Examples
    --------
    >>> [read_number(text, "MW", None) for text in ("1 200", "1.234,5", "0,057", "300 MW")]
    [1200.0, 1234.5, 0.057, 300.0]
    >>> read_number("1,000", "MW", None).code, read_number("1,000", "MW", "point")
    ('E207', 1000.0)
    """
    bare = text.strip()
    shown = f'"{bare}"'
    if bare[:1] in set("<>~≤≥"):
        return Problem("E216", shown)
    with_unit = _WITH_UNIT.fullmatch(bare)
    if with_unit and not _PLAIN.fullmatch(bare):
        if fold(with_unit["unit"]) not in (fold(unit), fold(unit.removesuffix("/yr"))):
            return _other_unit(shown, unit, with_unit["unit"])
        bare = with_unit["number"]
    spaced = _SPACED.fullmatch(bare)
    if spaced:
        whole, sign, decimals = spaced.groups(default="")
        if sign and decimal_sign and sign != _SIGNS[decimal_sign]:
            return Problem("E201", shown, _expected(decimal_sign))
        return float(f"{_SPACE.sub('', whole)}.{decimals}")
    number = _number(bare, decimal_sign)
    if isinstance(number, str):
        return Problem(number, shown, _expected(decimal_sign) if number == "E201" else "")
    return number


def _number(text: str, decimal_sign: str | None) -> float | str:
    """Return the number of a text without spaces and unit, or the code of what is wrong with it."""
    if not re.search(r"\d", text):
        return "E201"
    if decimal_sign is None and _AMBIGUOUS.fullmatch(text):
        return "E207"
    if decimal_sign != "comma":
        if _PLAIN.fullmatch(text):
            return float(text)
        if _POINT.fullmatch(text):
            return float(text.replace(",", ""))
    if decimal_sign != "point" and _COMMA.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    return "E201"


def _expected(decimal_sign: str | None) -> str:
    return f"a number with a decimal {decimal_sign} is expected" if decimal_sign else ""


def _other_unit(shown: str, unit: str, stated: str) -> Problem:
    column = f"the column is in {unit}" if unit not in ("", "1") else "the column takes plain numbers"
    remedy = "Write the number alone, in the unit of the column."
    if stated == "%" and unit == "1":
        remedy = "Write the fraction, as 0.85 for 85 %, or set the unit to %."
    return Problem("E208", shown, column, remedy)
