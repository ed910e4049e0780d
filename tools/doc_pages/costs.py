"""Tables of docs/options.md: the curves of capital by capacity, other sources, published plants, prices of countries."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby

from doc_pages.markdown import table
from hginventory.decisions.costs import CapitalCurve, Prices, Range, Size
from hginventory.factors import FactorRow, load_library
from hginventory.vocabulary import COAL_POWER

SIZES = (50.0, 100.0, 300.0, 500.0, 700.0, 1000.0)
CARBON = "ACI upstream of existing PM control"
PLANTS = {"ACI+ESP (1A)": 975.0, "ACI+ESP (2A)": 100.0, "EPA model 1A": 975.0, "EPA model 2A": 100.0}
WITHOUT_SIZE = ("sorbent injection, commercial",)
BOILER_MW = 364.0  # of GAO's boilers no size is stated: median of the bituminous units that report to EIA-860
SAME = "ACI upstream of FF"  # has the curve of CARBON
LIBRARY = load_library()
PRICES = Prices(LIBRARY)
LEVELS = {row.keys["year"]: row.number() for row in LIBRARY.table("price_level").defaults}


def curve_rows(use: str) -> list[list[FactorRow]]:
    """Return the rows of `control_cost_curve` of a use, in groups of technology and form."""
    rows = [r for r in LIBRARY.table("control_cost_curve").rows if r.use == use and r.keys["technology"] != SAME]
    return [list(form) for _, form in groupby(rows, key=lambda row: (row.keys["technology"], row.keys["form"]))]


def today(usd: float, year: str) -> float:
    """Return money of a year in that of the terms."""
    return usd * LEVELS[str(PRICES.terms.price_year)] / LEVELS[year]


def form_at(form: list[FactorRow], megawatts: float) -> float:
    """Return the mean of one form at a capacity [USD/kW of the year of the terms]."""
    return sum(
        today(row.number(), row.keys["currency_year"])
        * (megawatts / float(row.extra["reference_mw"])) ** float(row.extra["exponent"])
        for row in form
    )


def capital(item: str, megawatts: float) -> Range:
    """Return the capital of an item at a US unit [USD/kW]."""
    size = Size(COAL_POWER, "USA", megawatts, *[math.nan] * 3)
    full: CapitalCurve = PRICES.rates([item], size).full.capital
    return full.at(megawatts)


def cost_tables() -> str:
    """Return the tables."""
    year = PRICES.terms.price_year
    heads = [f"{mw:g} MW" for mw in SIZES]
    fits = [_fit(form) for use in ("default", "evidence") for form in curve_rows(use)]
    return "\n\n".join(
        [
            "Means in USD/kW of the year named, MW the capacity; *used*: in costs and plans, of several forms of one device the "
            "larger; *compared*: other sources, for comparison. `ACI upstream of FF` has the curve of `" + CARBON + "`.",
            table(["device", "form", "mean [USD/kW]", "USD of", "n", "ln-sd", "mean / median", "MW of the data", "mark", "source",
                   ""], fits),
            f"The same in USD of {year}/kW, with the classes and flat prices of `control_cost`:",
            table(["device", "from", *heads], _levels()),
            f"Published plants with carbon injection, in million USD of {year}; ours: mean, and 5 to 95 % of one unit:",
            table(["row of control_cost", "MW", "published", "ours", "5 %", "95 %"], _plants()),
            "Capital of countries over the US level at the same capacity and in one price year:",
            table(["country", "device", "value", "range", "mark", "how"], _countries()),
        ]
    )  # fmt: skip


def _fit(form: list[FactorRow]) -> list[object]:
    first = form[0]
    formula = " + ".join(_term(row) for row in form)
    sd = first.spread
    ends = first.extra["data_from_mw"], first.extra["data_to_mw"]
    return [
        first.keys["technology"], first.keys["form"], formula, first.keys["currency_year"],
        "" if first.n is None else f"{first.n:g}", "" if sd is None else f"{sd:g}",
        "" if sd is None else f"{math.exp(sd**2 / 2):.2f}", " to ".join(ends) if all(ends) else "", first.read_from,
        first.source_id, "used" if first.use == "default" else "compared",
    ]  # fmt: skip


def _term(row: FactorRow) -> str:
    exponent = float(row.extra["exponent"])
    power = f" x (MW/{float(row.extra['reference_mw']):g})^{exponent:g}" if exponent else ""
    return f"{row.number():g}{power}"


def _levels() -> Iterator[list[object]]:
    others: dict[str, list[list[FactorRow]]] = {}
    for form in curve_rows("evidence"):
        others.setdefault(form[0].keys["technology"], []).append(form)
    for item in dict.fromkeys(form[0].keys["technology"] for form in curve_rows("default")):
        yield [item, "**used**", *(_usd(capital(item, mw).value) for mw in SIZES)]
        yield [item, "control_cost", *(_row_at(item, mw) for mw in SIZES)]
        for form in others.pop(item, []):
            yield [item, form[0].keys["form"], *(_usd(form_at(form, mw)) for mw in SIZES)]
    for item, forms in others.items():
        for form in forms:
            yield [item, form[0].keys["form"], *(_usd(form_at(form, mw)) for mw in SIZES)]


def _usd(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:.3g}"


def class_rows(item: str) -> list[FactorRow]:
    """Return the rows of capital by size class, or of a flat price, that the curve of an item is used instead of."""
    rows = [r for r in LIBRARY.table("control_cost").defaults if r.keys["technology"] == item]
    return [r for r in rows if r.keys["quantity"] == "capital" and r.unit == "USD/kW"]


def _row_at(item: str, megawatts: float) -> str:
    for row in class_rows(item):
        low, high = (float(row.keys[key] or limit) for key, limit in (("mw_from", 0), ("mw_to", math.inf)))
        if low <= megawatts < high or high == low + 1:
            return _usd(today(row.number(), row.keys["currency_year"]))
    return ""


def published_plants() -> Iterator[tuple[str, float, float]]:
    """Yield name, capacity [MW] and capital [million USD of the year of the terms] of each published plant."""
    for row in LIBRARY.table("control_cost").rows:
        name = row.keys["technology"]
        if row.keys["quantity"] == "capital" and row.unit == "million USD" and name in (*PLANTS, *WITHOUT_SIZE):
            yield name, PLANTS.get(name, BOILER_MW), today(row.number(), row.keys["currency_year"])


def _plants() -> Iterator[list[object]]:
    for name, megawatts, published in published_plants():
        ours = capital(CARBON, megawatts).times(megawatts / 1e3)
        size = f"{megawatts:g}" if name in PLANTS else f"{megawatts:g}, assumed"
        yield [name, size, *(f"{million:.2f}" for million in (published, ours.value, ours.low, ours.high))]


def _countries() -> Iterator[list[object]]:
    for row in LIBRARY.table("country_cost").rows:
        if row.keys["country"] == "USA" or not row.keys["technology"]:
            continue
        ends = "" if row.low is None or row.high is None else f"{row.low:g} to {row.high:g}"
        how = row.method if row.use == "default" else f"evidence: {row.method}"
        yield [row.keys["country"], row.keys["technology"], f"{row.number():g}", ends, row.read_from, how]
