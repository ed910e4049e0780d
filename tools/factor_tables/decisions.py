"""The tables behind the decisions: conditions of limits, prices, reduction options. They come last, so that they move no other row."""

from __future__ import annotations

from pathlib import Path

from factor_tables import limit_conditions, prices, reduction
from factor_tables.writer import Writer


def build(writer: Writer, folder: Path) -> None:
    """Add the tables of the decisions."""
    limit_conditions.build(writer)
    prices.build(writer, folder)
    reduction.build(writer, folder)
