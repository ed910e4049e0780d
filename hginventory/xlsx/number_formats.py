"""Number formats of a workbook: which of them show a date, and the date of a serial number."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from hginventory.xlsx.cells import EPOCH, GENERAL

# Formats that every spreadsheet program knows by number and no file spells out (ECMA-376, part 1, 18.8.30).
BUILT_IN: Mapping[int, str] = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)', 6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)', 8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
    37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)",
    41: r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)',
    42: r'_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)',
    43: r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)',
    44: r'_("$"* #,##0.00_)_("$"* \(#,##0.00\)_("$"* "-"??_)_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
LONGEST_FORMAT = 255  # letters Excel allows
_NO_LETTERS = re.compile(r'".*?"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]')  # quoted words, colours and languages
_DATE_LETTER = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)
_DURATION = re.compile(r"\[(hh?|mm?|ss?)\]", re.IGNORECASE)
_FIRST_RIGHT_DAY = 60  # Excel counts 29 February 1900, which there never was


def shows_date(number_format: str) -> bool:
    """Return whether a number format shows a date or time.

    >>> [shows_date(text) for text in ("yyyy-mm-dd", "0.00", '0 "days"', "[Red]0", "[h]:mm")]
    [True, False, False, False, True]
    """
    first = number_format[:LONGEST_FORMAT].split(";", maxsplit=1)[0]
    return _DATE_LETTER.search(_NO_LETTERS.sub("", first)) is not None


def shows_duration(number_format: str) -> bool:
    """Return whether a number format shows a length of time, as ``[h]:mm``."""
    return _DURATION.search(number_format[:LONGEST_FORMAT].split(";", maxsplit=1)[0]) is not None


def date_of(
    serial: float, epoch: datetime.date, is_duration: bool = False
) -> datetime.datetime | datetime.time | datetime.timedelta:
    """Return the date, the time of day or the length of time of a serial number.

    Parameters
    ----------
    serial : float
        Days since the epoch.
    epoch : date
        Day 0.
    is_duration : bool
        Whether it is a length of time.

    Raises
    ------
    OverflowError, ValueError
        If there is no such date.

    Examples
    --------
    >>> date_of(43831, EPOCH), date_of(0.5, EPOCH)
    (datetime.datetime(2020, 1, 1, 0, 0), datetime.time(12, 0))
    """
    if is_duration:
        length = datetime.timedelta(days=serial)
        return datetime.timedelta(seconds=length // datetime.timedelta(seconds=1)) + datetime.timedelta(
            microseconds=round(length.microseconds, -3)
        )
    day, fraction = divmod(serial, 1)
    time = datetime.timedelta(milliseconds=round(fraction * 86_400_000))
    if 0 <= serial < 1 and time.days == 0:
        return (datetime.datetime.min + time).time()
    if 0 < serial < _FIRST_RIGHT_DAY and epoch == EPOCH:
        day += 1
    return datetime.datetime.combine(epoch, datetime.time()) + datetime.timedelta(days=day) + time
