"""What is wrong with a row of a factor table, by itself and next to the other rows of its table."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from statistics import NormalDist

from hginventory.factors.rows import FactorRow, Source
from hginventory.factors.tables import (
    BAND,
    DISTRIBUTIONS,
    MOST_SCOPES,
    READ_FROM,
    REMOVAL_BASES,
    SCOPES,
    USES,
    TableSpec,
)
from hginventory.vocabulary import CEMENT_KILN, DEVICES, KILN_DEVICES, UnknownCodeError, parse_train

SUM_TOLERANCE = 1e-6
SPREAD_TOLERANCE = 1.5  # factor between the spread of a row and the one that its percentiles imply
LIMITS_95 = "95 % limits"
_PERCENTILES = re.compile(r"(?:.*taken as )?p([\d.]+)-p([\d.]+)(?:, judgement)?")
BLEED = "bleed"  # of dust, which has a fate as the catch of a device has
_BANDED = ("mw", "start")
_ID = re.compile("[a-z0-9_]+")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def wrong_in_row(row: FactorRow, spec: TableSpec, sources: Mapping[str, Source]) -> Iterable[str]:
    """Yield what is wrong in one row."""
    for column, allowed in (
        ("use", USES),
        ("read_from", READ_FROM),
        ("distribution", DISTRIBUTIONS),
        ("removal_basis", REMOVAL_BASES),
    ):
        if getattr(row, column) not in allowed:
            yield f"{column} {getattr(row, column)!r}; allowed: {', '.join(word for word in allowed if word)}"
    if row.source_id not in sources:
        yield f"source_id {row.source_id!r} is not in sources.csv; add the citation there"
    if row.value is None and row.use == "default" and not row.extra.get(spec.instead):
        yield "a default row needs a value"
    if row.use == "default" and spec.units and row.unit not in spec.units:
        yield f"unit {row.unit!r}; allowed: {', '.join(spec.units)}"
    if row.use == "default" and spec.bases and row.basis not in spec.bases:
        yield f"basis {row.basis!r}; allowed: {', '.join(spec.bases)}"
    if row.use == "default" and row.value is not None and not spec.low <= row.value <= spec.high:
        yield f"value {row.value:g} is outside {spec.low:g} to {spec.high:g}"
    yield from _wrong_range(row)
    if row.use == "default":
        yield from _wrong_period(row)
        yield from _unknown_devices(row)
        if spec.alike and not _ID.fullmatch(row.extra["id"]):
            yield f"id {row.extra['id']!r}; write lower-case letters, digits and _, as usa_lll_existing"
    for column in (*BAND, *spec.numbers):
        text = _cell(row, column)
        if text and not _is_number(text):
            yield f"{column} {text!r} is not a number"
    yield from _wrong_bands(row)
    yield from _wrong_spread(row)
    yield from _unlike_percentiles(row)


def _unknown_devices(row: FactorRow) -> Iterable[str]:
    """Yield a train or device that nobody knows, or that is written otherwise than units have it: no unit takes it."""
    at_kilns = row.table == "cement_control" or row.keys.get("sector") == CEMENT_KILN
    for key in ("train", "devices", "device"):
        text = row.keys.get(key, "")
        if not text or (at_kilns and text == BLEED):
            continue
        try:
            known = parse_train(text, KILN_DEVICES if at_kilns else DEVICES)
        except UnknownCodeError as error:
            yield f"{key} {text!r}: {error}"
            continue
        if known != text:
            yield f"{key} {text!r}; write {known}"


def _wrong_range(row: FactorRow) -> Iterable[str]:
    if row.low is not None and row.high is not None and row.low > row.high:
        yield f"low {row.low:g} is above high {row.high:g}"
        return
    if row.value is None:
        return
    if row.low is not None and row.value < row.low:
        yield f"value {row.value:g} is below low {row.low:g}"
    if row.high is not None and row.value > row.high:
        yield f"value {row.value:g} is above high {row.high:g}"


def _wrong_period(row: FactorRow) -> Iterable[str]:
    """Yield what is wrong with the dates of a row: their form, and their order."""
    odd = [column for column in ("valid_from", "valid_to") if not _DATE.fullmatch(getattr(row, column) or "0000")]
    for column in odd:
        yield f"{column} {getattr(row, column)!r} is not a year, month or day; write it as 2026, 2026-04 or 2026-04-27"
    if not odd and row.valid_to and row.valid_from[: len(row.valid_to)] > row.valid_to:
        yield f"valid_from {row.valid_from} is after valid_to {row.valid_to}"


def _band(row: FactorRow, column: str) -> tuple[float, float]:
    """Return the half-open band of a row, infinite where it is blank or no number."""
    low, high = (row.keys.get(f"{column}_{end}", "") for end in ("from", "to"))
    return (
        float(low) if low and _is_number(low) else -math.inf,
        float(high) if high and _is_number(high) else math.inf,
    )


def _wrong_bands(row: FactorRow) -> Iterable[str]:
    for column in _BANDED:
        low, high = _band(row, column)
        if low >= high:
            yield f"{column}_from {low:g} is not below {column}_to {high:g}"


def _unlike_percentiles(row: FactorRow) -> Iterable[str]:
    """Yield whether the spread of a row is not that of the percentiles it states, by more than `SPREAD_TOLERANCE`.

    Bounds of something narrower, as the means of plants, and plain ranges say nothing of the spread.
    """
    percentiles = (2.5, 97.5) if row.low_high_meaning == LIMITS_95 else _percentiles(row.low_high_meaning)
    low, high, spread = row.low, row.high, row.spread
    if not spread or not percentiles or low is None or high is None or low >= high:
        return
    lognormal = row.distribution == "lognormal"
    if lognormal and low <= 0:
        yield f"low {low:g} is not a percentile of a lognormal"
        return
    below, above = (NormalDist().inv_cdf(percentile / 100.0) for percentile in percentiles)
    implied = (math.log(high / low) if lognormal else high - low) / (above - below)
    if not 1.0 / SPREAD_TOLERANCE <= spread / implied <= SPREAD_TOLERANCE:
        yield (
            f"spread {spread:g} does not agree with {row.low_high_meaning} {low:g} to {high:g}, from which it would be "
            f"{implied:.3g}; allowed is a factor of {SPREAD_TOLERANCE:g}"
        )


def _percentiles(meaning: str) -> tuple[float, float] | None:
    """Return which percentiles the bounds are; None where they are not percentiles of the row.

    >>> _percentiles("p10-p90"), _percentiles("range, taken as p10-p90"), _percentiles("p5-p95 of unit means")
    ((10.0, 90.0), (10.0, 90.0), None)
    """
    found = _PERCENTILES.fullmatch(meaning)
    if found is None:
        return None
    below, above = (float(percentile) for percentile in found.groups())
    return (below, above) if 0.0 < below < above < 100.0 else None


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _wrong_spread(row: FactorRow) -> Iterable[str]:
    if bool(row.distribution) != (row.spread is not None):
        yield "distribution and spread belong together: fill in both or neither"
        return
    if row.spread is None:
        if row.scopes:
            yield "scopes split a spread; there is none"
        return
    if row.spread < 0:
        yield f"spread {row.spread:g} is negative"
    mean = row.value
    if row.distribution == "beta" and mean is not None and (not 0 < mean < 1 or row.spread**2 >= mean * (1 - mean)):
        yield f"no beta distribution has mean {mean:g} and sd {row.spread:g}"
    if row.distribution == "lognormal" and mean is not None and mean <= 0:
        yield f"no lognormal distribution has mean {mean:g}"
    if row.distribution in ("normal", "triangular") and mean == 0:
        yield "a spread around a mean of 0 cannot be drawn, as it is taken relative to the mean"
    if row.distribution == "triangular" and mean and row.spread**2 > mean**2 / 6.0 * (1.0 + SUM_TOLERANCE):
        yield f"no triangle around {mean:g} that stays above 0 has sd {row.spread:g}"
    yield from wrong_scopes(row.scopes)


def wrong_scopes(scopes: Sequence[tuple[str, float]]) -> Iterable[str]:
    """Yield what is wrong with scopes: how many, which, a share.

    A scope that is given twice would count its part of the variance twice, as both parts are one random number.

    >>> list(wrong_scopes([("plant", 0.5), ("plant", 0.5)]))
    ["the scope 'plant' is given twice; add its shares up"]
    >>> list(wrong_scopes([("country", 0.25), ("plant", 0.75)]))
    []
    """
    if not 1 <= len(scopes) <= MOST_SCOPES:
        yield f"scopes: one to {MOST_SCOPES} are needed, as in country:0.25;plant:0.75"
        return
    names = [name for name, _ in scopes]
    for name in dict.fromkeys(names):
        if name not in SCOPES:
            yield f"there is no scope {name!r}; allowed: {', '.join(SCOPES)}"
        if names.count(name) > 1:
            yield f"the scope {name!r} is given twice; add its shares up"
    shares = [share for _, share in scopes]
    if not all(0.0 <= share <= 1.0 + SUM_TOLERANCE for share in shares):
        yield "a share of the scopes is outside 0 to 1"
    elif abs(sum(shares) - 1.0) > SUM_TOLERANCE:
        yield f"scopes sum to {sum(shares):g}, not to 1"


def wrong_between_rows(spec: TableSpec, rows: Iterable[FactorRow]) -> Iterable[tuple[int, str]]:
    """Yield what is wrong between default rows: a key twice, an id of unlike rows, bands that overlap, sums not 1.

    A key has one row for each `valid_from`; among its rows the base year selects.
    """
    lines: dict[tuple[str, ...], int] = {}
    groups: dict[tuple[str, ...], list[FactorRow]] = {}
    banded: dict[tuple[str, ...], list[FactorRow]] = {}
    named: dict[str, FactorRow] = {}
    for row in (row for row in rows if row.use == "default"):
        key = (*row.keys.values(), row.valid_from)
        if key in lines:
            yield row.line, f"the key {'/'.join(row.keys.values())}{_from(row)} is also in line {lines[key]}"
        lines.setdefault(key, row.line)
        if set(BAND) & set(spec.keys):
            banded.setdefault(tuple(v for k, v in row.keys.items() if k not in (*BAND, spec.sums_over)), []).append(row)
        first = named.setdefault(row.extra.get("id", ""), row)
        for column in (column for column in spec.alike if _cell(row, column) != _cell(first, column)):
            yield row.line, f"its id is also that of line {first.line}, whose {column} is {_cell(first, column)!r}"
        if spec.sums_over:
            whole = (*(v for k, v in row.keys.items() if k != spec.sums_over), row.valid_from)
            groups.setdefault(whole, []).append(row)
    for same in banded.values():
        yield from _overlaps(same)
    for group in groups.values():
        for other in group[1:]:
            if other.valid_to != group[0].valid_to:
                yield other.line, f"valid_to differs from that of line {group[0].line}, which shares the whole"
        total = sum(row.value or 0.0 for row in group)
        if abs(total - 1.0) > SUM_TOLERANCE:
            keys = "/".join(value or "any" for value in group[0].keys.values())
            yield group[0].line, f"the shares of {keys}{_from(group[0])} sum to {total:g}"


def _cell(row: FactorRow, column: str) -> str:
    return row.keys.get(column, row.extra.get(column, ""))


def _from(row: FactorRow) -> str:
    return f", from {row.valid_from}," if row.valid_from else ""


def _overlaps(rows: Sequence[FactorRow]) -> Iterable[tuple[int, str]]:
    """Yield rows of one key whose bands overlap, so that a unit would fit both, whatever their years.

    A blank band is for all units that no named band covers, so a row gives way to one that names more.
    """
    found: set[int] = set()
    for first, second in combinations(rows, 2):
        bands = [(_band(first, column), _band(second, column)) for column in _BANDED]
        if any(one[0] >= two[1] or two[0] >= one[1] for one, two in bands) or all(one == two for one, two in bands):
            continue
        one_named, two_named = (
            {column for column in _BANDED if _band(row, column) != (-math.inf, math.inf)} for row in (first, second)
        )
        if second.line not in found and not (one_named < two_named or two_named < one_named):
            found.add(second.line)
            yield second.line, f"its bands of size or start overlap those of line {first.line}"
