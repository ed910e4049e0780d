"""Columns that say of which month or year a row is: such rows are a time series, not several units."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence

from hginventory.vocabulary import fold, without_marks

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
_LETTERS = re.compile(r"[^\W\d_]+")


def names_period(head: object) -> bool:
    """Return whether a column name is that of a period of data, and not of an event such as the start.

    >>> [names_period(head) for head in ("Year", "report_year", "Bulan", "年份", "Start year", "Date of closure")]
    [True, True, True, True, False, False]
    """
    words = {without_marks(fold(word)) for word in _LETTERS.findall(str(head).replace("_", " "))}
    return bool(words & _WORDS) and words <= _WORDS | _BESIDE


def repeated(units: Iterable[Hashable | None], periods: Sequence[tuple[Hashable, ...]]) -> list[int]:
    """Return the rows of units that stand before with another period.

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


def unit_key(values: Mapping[str, object], *, with_capacity: bool) -> Hashable | None:
    """Return what names the unit of a row: plant and unit, else its id, else the plant; None where nothing does.

    Parameters
    ----------
    values : mapping of str to object
        Column -> value.
    with_capacity : bool
        Whether rows of a plant whose units have no names are told apart by their capacity.
    """
    plant, unit = (fold(str(values.get(name) or "")) for name in ("plant", "unit"))
    if values.get("unit_id") and not (plant and unit):
        return ("id", fold(str(values["unit_id"])))
    if not plant:
        return None
    sizes = ("capacity_gross", "capacity_net", "clinker_capacity", "cement_capacity")
    apart = () if unit or not with_capacity else tuple(str(values.get(name)) for name in sizes)
    return (plant, unit, *apart)
