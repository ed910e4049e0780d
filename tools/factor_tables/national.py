"""Coal of unknown rank: the blend of the ranks that the units of a country burn.

A unit with country, size and start year only must not burn the coal of the world where the coal of its
country is on file. The blend is that of the model: shares of heat (taken as capacity), masses from the
heating values, so that mercury and heat are the sums of the parts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from factor_tables.coal import FEW_COALS_SPREAD, PLANT_SPREAD
from factor_tables.tracker import GCPT, rank_shares
from factor_tables.writer import Writer

LEAST_OWN_SHARE = 0.5  # of the capacity must burn ranks that have a value of the country
MARKS = ("judgement", "recalled", "read")


class Part(NamedTuple):
    """A rank in the blend of a country."""

    share: float
    rank: str
    content: float  # mg/kg as received, or as stated where no basis is stated
    heat: float  # MJ/kg net as received
    own_content: bool
    own_heat: bool
    stated: bool
    marks: tuple[str, str]


def build(writer: Writer, data: Path | None) -> None:
    """Add rows of unknown rank for the countries whose coal is on file by rank only."""
    contents = _rows(writer, "coal_mercury", "")
    heats = _rows(writer, "coal_heating_value", "net_calorific_value")
    moistures = _rows(writer, "coal_heating_value", "moisture")
    for country, shares in rank_shares(data).items():
        parts = [_part(country, rank, share, contents, heats, moistures) for rank, share in shares.items()]
        own_content = sum(part.share for part in parts if part.own_content)
        own_heat = sum(part.share for part in parts if part.own_heat)
        heat = 1.0 / sum(part.share / part.heat for part in parts)
        content = heat * sum(part.share * part.content / part.heat for part in parts)
        words = ", ".join(
            f"{part.rank} {part.share:.0%}" for part in sorted(parts, reverse=True) if part.share >= 0.005
        )
        common = {
            "method": "blend of the rows of the ranks",
            "locator": "Units, columns Coal type and Capacity, operating units",
            "note": f"{words} of the capacity whose rank is known",
        }
        if max(own_heat, own_content) >= LEAST_OWN_SHARE and (country, "all") not in heats:
            between = math.sqrt(sum(part.share * (part.heat - heat) ** 2 for part in parts))
            writer.add(
                "coal_heating_value",
                {"quantity": "net_calorific_value", "country": country, "coal_type": "unknown"},
                round(heat, 2), "MJ/kg", GCPT, basis="net_as_received", distribution="normal",
                spread=math.hypot(0.05 * heat, between), scopes="country:0.4;plant:0.6",
                read_from=_weakest(part.marks[1] for part in parts), **common,
            )  # fmt: skip
        if own_content >= LEAST_OWN_SHARE and (country, "all") not in contents:
            log_mean = sum(part.share * math.log(part.content) for part in parts)
            between = sum(part.share * (math.log(part.content) - log_mean) ** 2 for part in parts)
            own = PLANT_SPREAD**2 + between
            total = FEW_COALS_SPREAD**2 + own
            writer.add(
                "coal_mercury", {"country": country, "coal_type": "unknown"}, round(content, 4), "mg/kg", GCPT,
                basis="as_received" if all(part.stated for part in parts) else "not_stated", distribution="lognormal",
                spread=math.sqrt(total), scopes=f"country:{1 - own / total:.3f};plant:{own / total:.3f}",
                read_from=_weakest(part.marks[0] for part in parts), **common,
            )  # fmt: skip


def _rows(writer: Writer, table: str, quantity: str) -> dict[tuple[str, str], dict[str, str]]:
    return {
        (row["country"], row["coal_type"]): row
        for row in writer.rows[table]
        if row["use"] == "default" and row.get("quantity", "") == quantity
    }


def _part(
    country: str,
    rank: str,
    share: float,
    contents: dict[tuple[str, str], dict[str, str]],
    heats: dict[tuple[str, str], dict[str, str]],
    moistures: dict[tuple[str, str], dict[str, str]],
) -> Part:
    """Return a rank as the ladder of the model resolves it."""
    content = contents.get((country, rank)) or contents.get((country, "all")) or contents["WLD", rank]
    heat = heats.get((country, rank)) or heats["WLD", rank]
    moisture = float((moistures.get((country, rank)) or moistures["WLD", rank])["value"])
    received = float(content["value"]) * (1.0 - moisture if content["basis"] == "dry" else 1.0)
    return Part(
        share,
        rank,
        received,
        float(heat["value"]),
        content["country"] == country,
        heat["country"] == country,
        content["basis"] != "not_stated",
        (content["read_from"], heat["read_from"]),
    )


def _weakest(marks: Iterable[str]) -> str:
    found = set(marks)
    return next(mark for mark in MARKS if mark in found)
