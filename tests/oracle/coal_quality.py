"""Content, heating value, moisture and coal class , by docs/method.md: Content, Imported coal, Coal class, 5."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tests.oracle.tables import Row, Tables, mean_of

HARD = ("bituminous", "subbituminous", "unknown")
Cells = dict[str, Any]


@dataclass(frozen=True)
class Coal:
    """Coal as received: content [mg/kg], net calorific value [MJ/kg], weights of the coal classes."""

    content: float
    ncv: float
    classes: dict[str, float]
    moisture: float
    content_from: str  # cell or the id of the row


def rank_of(cells: Cells) -> str:
    return cells.get("coal_type") or "unknown"


def is_imported(tables: Tables, country: str, rank: str, origin: str | None) -> bool:
    """Return whether the coal has the quality of the exporters that the country buys from."""
    if rank not in HARD or origin == "domestic":
        return False
    if origin == "imported":
        return True
    row = tables.row("coal_import", country=country, quantity="import_share")
    if row is None:
        return False
    hard = tables.number("coal_import", country=country, quantity="hard_coal_share") if rank == "unknown" else 1.0
    return float(row["value"]) * hard >= 0.5


def _trade(tables: Tables, importer: str) -> list[Row]:
    for kind in ("steam", "hard_coal_all"):
        rows = tables.rows("coal_trade", part="exporter", importer=importer, coal_kind=kind)
        if rows and sum(row["value"] for row in rows) >= 0.8:
            return rows
    return []


def _exporter(tables: Tables, exporter: str, quantity: str) -> float | None:
    row = tables.row("export_coal", exporter=exporter, quantity=quantity)
    return None if row is None else float(row["value"])


def traded(tables: Tables, importer: str) -> dict[str, float]:
    """Return content as received, heating value, moisture and chlorine (dry) of the mix that a country buys."""
    rows = _trade(tables, importer)
    if not rows:
        return traded(tables, "WLD")
    world = None if importer == "WLD" else traded(tables, "WLD")

    def of(exporter: str, quantity: str) -> float:
        found = _exporter(tables, exporter, quantity)
        if found is None and world is not None:
            return world[quantity]
        if found is None:
            raise LookupError(f"export_coal: {exporter}, {quantity}")
        return found * (1.0 - of(exporter, "moisture")) if quantity == "hg" else found

    mass = [(row["value"], row["exporter"]) for row in rows]
    mix = {name: mean_of((m, of(e, name)) for m, e in mass) for name in ("hg", "net_calorific_value", "moisture")}
    mix["chlorine"] = mean_of((m * (1.0 - of(e, "moisture")), of(e, "chlorine")) for m, e in mass)
    return mix


def _of_rank(tables: Tables, quantity: str, country: str, rank: str) -> float:
    """Return heating value or moisture: country and rank, then rank; only an unknown rank has a mean of all ranks."""
    ranks = ("all", "unknown") if rank == "unknown" else (rank,)
    rungs = [{"quantity": quantity, "country": place, "coal_type": r} for place in (country, "WLD") for r in ranks]
    return float(tables.first("coal_heating_value", *rungs)["value"])


def content_row(tables: Tables, country: str, rank: str) -> Row:
    """Return the default row of the content."""
    ranks = {"unknown": ("all", "unknown"), "waste coal": ("waste coal", "all", "unknown")}.get(rank, (rank, "all"))
    world = ("all",) if rank in ("unknown", "waste coal") else (rank, "all")
    rungs = [{"country": country, "coal_type": r} for r in ranks] + [{"country": "WLD", "coal_type": r} for r in world]
    return tables.first("coal_mercury", *rungs)


def classes_of_chlorine(tables: Tables, chlorine: float, low_class: str = "low_cl") -> dict[str, float]:
    low = tables.number("coal_process", quantity="chlorine_low")
    high = tables.number("coal_process", quantity="chlorine_high")
    share = 0.0 if chlorine <= low else 1.0 if chlorine >= high else math.log(chlorine / low) / math.log(high / low)
    return {name: weight for name, weight in (("high_cl", share), (low_class, 1.0 - share)) if weight > 0.0}


def default_classes(tables: Tables, country: str, rank: str) -> dict[str, float]:
    """Return the classes of country and rank, of all coal of the country (not of lignite), of the rank; else midway."""
    of_all = () if rank == "lignite" else ((country, "all"),)
    for place, one in ((country, rank), *of_all, ("WLD", rank)):
        row = tables.row("coal_class", country=place, coal_type=one)
        if row is not None and row["value"] is not None:
            return classes_of_chlorine(tables, row["value"], row["coal_class"] or "low_cl")
        if row is not None:
            return {row["coal_class"]: 1.0}
    return {"high_cl": 0.5, "low_cl": 0.5}


def coal_of(tables: Tables, cells: Cells, country: str, *, imports: bool = True, shared: float | None = None) -> Coal:
    """Return the coal of cells: those of a unit or of a row of the sheet Fuels; ``shared``: another unit's analysis."""
    rank = rank_of(cells)
    mix = None
    if imports and is_imported(tables, country, rank, cells.get("coal_origin")):
        mix = traded(tables, country)
    moisture = cells.get("moisture")
    if moisture is None:
        moisture = mix["moisture"] if mix else _of_rank(tables, "moisture", country, rank)

    if cells.get("hg_coal") is not None:
        content, source = cells["hg_coal"], "cell"
        if cells.get("hg_basis") == "dry":
            content *= 1.0 - moisture
    elif shared is not None:
        content, source = shared, "cell"
    elif mix is not None:
        content, source = mix["hg"], "exporters"
    else:
        row = content_row(tables, country, rank)
        content, source = row["value"] * (1.0 - moisture if row["basis"] == "dry" else 1.0), row["id"]

    if cells.get("calorific_value") is not None:
        ncv = cells["calorific_value"]
        if cells.get("cv_basis") == "gross_dry":
            ncv *= 1.0 - moisture
        if cells.get("cv_basis") in ("gross_dry", "gross_as_received"):
            ncv -= gross_minus_net(tables, country, rank)
    else:
        ncv = mix["net_calorific_value"] if mix else _of_rank(tables, "net_calorific_value", country, rank)

    if cells.get("cl_coal") is not None:
        classes = classes_of_chlorine(tables, cells["cl_coal"], "lignite" if rank == "lignite" else "low_cl")
    elif mix is not None:
        classes = classes_of_chlorine(tables, mix["chlorine"])
    else:
        classes = default_classes(tables, country, rank)
    return Coal(content, ncv, classes, moisture, source)


def gross_minus_net(tables: Tables, country: str, rank: str) -> float:
    return _of_rank(tables, "gross_minus_net", country, rank)


def gross_over_net(tables: Tables, country: str, rank: str) -> float:
    """Return gross over net calorific value of a rank, both of the tables."""
    net = _of_rank(tables, "net_calorific_value", country, rank)
    return (net + gross_minus_net(tables, country, rank)) / net


def blend(parts: list[tuple[float, Coal]]) -> Coal:
    """Return the coal of several fuels by their shares of heat."""
    mass = [(share / coal.ncv, coal) for share, coal in parts]
    classes: dict[str, float] = {}
    for share, coal in parts:
        for name, weight in coal.classes.items():
            classes[name] = classes.get(name, 0.0) + share * weight
    content = mean_of((m, coal.content) for m, coal in mass)
    moisture = mean_of((m, coal.moisture) for m, coal in mass)
    return Coal(content, sum(share for share, _ in parts) / sum(m for m, _ in mass), classes, moisture, "blend")
