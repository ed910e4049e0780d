"""Columns that say of which month or year a row is: such rows are a time series, not several units."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from hginventory.inputs.parsing.unit_names import unit_key
from hginventory.vocabulary import fold, without_marks

Column = TypeVar("Column", bound=Hashable)
LONG_SERIES = 3  # years in a row, which start years of the units of a plant hardly are
FEW = 3  # units that must share a year, on average, before years of several values look like years of data
LATELY, AT_MOST = 5, 15  # years before the base year in which years of data lie: of several values, and of one
_WORDS = frozenset(
    without_marks(fold(word))
    for word in (
        "year", "month", "quarter", "period", "date", "week", "day", "fy", "semester", "yr", "mon",
        "tahun", "bulan", "triwulan", "periode", "tanggal",
        "año", "mes", "trimestre", "período", "fecha", "semestre",
        "année", "mois", "période", "date", "exercice",
        "ano", "mês", "data", "exercício",
        "год", "месяц", "квартал", "период", "дата",
        "yıl", "ay", "çeyrek", "dönem", "tarih",
        "年", "月", "年份", "月份", "年度", "季度", "日期", "期间",
        "năm", "tháng", "quý", "kỳ", "ngày",
        "jahr", "monat", "quartal", "zeitraum", "berichtsjahr", "datum", "berichtszeitraum",
        "rok", "miesiąc", "kwartał", "okres",
        "anno", "mese", "periodo",
    )
)  # fmt: skip
_BESIDE = frozenset(
    without_marks(fold(word))
    for word in (
        "report", "reporting", "reported", "data", "of", "the", "calendar", "fiscal", "financial", "inventory",
        "survey",
        "statistical", "as", "laporan", "data", "pelaporan", "de", "del", "du", "da", "do", "reporte", "informe",
        "rapport", "déclaration", "relatório", "отчётный", "отчетный", "rapor", "báo", "cáo", "ending", "end", "no",
        "name",
    )
)  # fmt: skip
_YEAR = re.compile(r"(?:19[89]|20[0-4])\d(?:\.0)?")  # in which data are reported
_LETTERS = re.compile(r"[^\W\d_]+")


def names_period(head: object) -> bool:
    """Return whether a column name is that of a period of data, and not of an event such as the start.

    >>> [names_period(head) for head in ("Year", "report_year", "Bulan", "年份", "Start year", "Date of closure")]
    [True, True, True, True, False, False]
    """
    words = {without_marks(fold(word)) for word in _LETTERS.findall(str(head).replace("_", " "))}
    return bool(words & _WORDS) and words <= _WORDS | _BESIDE


def repeated(units: Iterable[Hashable | None], periods: Sequence[tuple[Hashable, ...]]) -> list[int]:
    """Return the rows of units that were listed before with another period.

    Parameters
    ----------
    units : iterable of hashable or None, length N
        What names the unit of a row; None: nothing does.
    periods : sequence of tuple, length N
        Cells of the columns of periods.

    >>> repeated(["A", "A", "B", "A", None], [(1,), (2,), (1,), (1,), (3,)])
    [1]
    """
    seen: dict[Hashable, set[tuple[Hashable, ...]]] = {}
    rows = []
    for number, (unit, period) in enumerate(zip(units, periods, strict=True)):
        if unit is None or not any(period):
            continue
        others = seen.setdefault(unit, set())
        if others and period not in others:
            rows.append(number)
        others.add(period)
    return rows


def may_be_years_of_data(years: Sequence[int], base_year: int) -> bool:
    """Return whether the years of a table look like years of its data: one for all, or few and late.

    Parameters
    ----------
    years : sequence of int
        One a row.
    base_year : int
        Year in which the fleet is seen.

    >>> [may_be_years_of_data(years, 2026) for years in ([2024] * 3, [2024], [2012, 1995, 1988], [1985, 1985])]
    [True, True, False, False]
    """
    kinds = set(years)
    if not kinds or max(kinds) > base_year:
        return False
    back = base_year - min(kinds)
    return back <= AT_MOST if len(kinds) == 1 else back <= LATELY and len(kinds) * FEW <= len(years)


def named_unit(values: Mapping[str, object], *, with_capacity: bool) -> Hashable | None:
    """Return what names the unit of a row: plant and unit, else its id, else the plant; None where nothing does.

    Parameters
    ----------
    values : mapping of str to object
        Column -> value.
    with_capacity : bool
        Whether rows of a plant whose units have no names are distinguished by their capacity.
    """
    plant, unit = fold(str(values.get("plant") or "")), unit_key(values.get("unit"))
    if values.get("unit_id") and not (plant and unit):
        return ("id", fold(str(values["unit_id"])))
    if not plant:
        return None
    sizes = ("capacity_gross", "capacity_net", "clinker_capacity", "cement_capacity")
    apart = () if unit or not with_capacity else tuple(str(values.get(name)) for name in sizes)
    return (plant, unit, *apart)


def is_series(keys: Iterable[Hashable | None], periods: Iterable[tuple[Hashable, ...]]) -> bool:
    """Return whether the periods of units with several rows are periods of data: alike, or year after year.

    >>> is_series(["A", "A", "B", "B"], [("2021",), ("2022",), ("2021",), ("2022",)])
    True
    >>> is_series(["A", "A", "B", "B"], [("1985",), ("1989",), ("1990",), ("1991",)])
    False
    """
    years: dict[Hashable, set[tuple[Hashable, ...]]] = {}
    for key, period in zip(keys, periods, strict=True):
        years.setdefault(key, set()).add(period)
    several = [kinds for key, kinds in years.items() if key is not None and len(kinds) > 1]
    if len(several) > 1 and all(kinds == several[0] for kinds in several):
        return True
    numbers = [sorted(int(float(str(kind[0]))) for kind in kinds if _is_year(kind[0])) for kinds in several]
    return any(len(run) >= LONG_SERIES and run[-1] - run[0] == len(run) - 1 for run in numbers)


def period_columns(heads: Mapping[Column, object], cells: Mapping[Column, Sequence[object]]) -> list[Column]:
    """Return the columns of periods: those named so, else those whose cells are all years.

    Parameters
    ----------
    heads : mapping
        Column -> its name.
    cells : mapping
        Column -> its cells.

    >>> period_columns({1: "Month", 2: "MW"}, {1: ["May"], 2: ["2000"]})
    [1]
    >>> period_columns({1: "cyear", 2: "MW"}, {1: [2015, 2016.0, None], 2: [600, 650, 700]})
    [1]
    """
    named = [column for column, head in heads.items() if names_period(head)]
    return named or [
        column
        for column in heads
        if any(map(_is_year, cells[column])) and all(_is_year(cell) for cell in cells[column] if cell not in (None, ""))
    ]


def _is_year(cell: object) -> bool:
    return _YEAR.fullmatch(str(cell)) is not None
