"""Headings of charts and sentences of the summary, computed from the numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from hginventory.decisions.ranking import HALF, SectorSummary
from hginventory.report.text.language import ENGLISH
from hginventory.report.text.phrases import plain, units_text

SECTOR_WORDS = {"coal_power": "Coal power", "cement_kiln": "Cement kilns", "combined": "Both together"}
SECTOR_NAMES = {"coal_power": "Coal", "cement_kiln": "Cement"}  # in a column of texts
FEW = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
LABEL_LENGTH = 26
NOISE = 1.005  # a later year counts as a peak when it is above the first by more than this
NOTHING_KNOWN = "Remaining-lifetime emissions are unknown: start years are missing"
NOTHING_LEFT = "No unit has remaining-lifetime emissions under this rule"


def share_text(share: float) -> str:
    """Return a share in words: whole percent, one decimal below ten.

    >>> share_text(0.1415), share_text(0.034), share_text(float("nan"))
    ('14 %', '3.4 %', 'none')
    """
    if math.isnan(share):
        return "none"
    return f"{share * 100:.1f} %" if 0 < share < 0.0995 else f"{share * 100:z.0f} %"


def count_text(count: int) -> str:
    """Return a count, small ones as a word.

    >>> count_text(10), count_text(14509)
    ('ten', '14,509')
    """
    return FEW[count] if count < len(FEW) else f"{count:,}"


def list_finding(summary: SectorSummary, lists: int, finding: str) -> str:
    """Return a finding of a list of units; with its sector where there are several lists."""
    return f"{SECTOR_WORDS[summary.sector]}: {finding[:1].lower()}{finding[1:]}" if lists > 1 else finding


def concentration_text(summary: SectorSummary) -> str:
    """Return the finding of the ranking in one line."""
    total, top = summary.units_ranked, summary.top_n
    if not summary.lifetime_t > 0:
        return NOTHING_KNOWN if summary.units_unknown_life else NOTHING_LEFT
    if total == 1:
        return f"Remaining-lifetime emissions of the one unit are {ENGLISH.number(summary.lifetime_t)} t"
    if total <= top:
        return spread_text(summary)
    share = share_text(summary.top_share)
    return f"{count_text(top).capitalize()} of {_base(summary)} account for {share} of remaining-lifetime emissions"


def spread_text(summary: SectorSummary) -> str:
    """Return how many units account for half of remaining-lifetime emissions, in one line."""
    if not summary.lifetime_t > 0:
        return NOTHING_KNOWN if summary.units_unknown_life else NOTHING_LEFT
    count = count_text(summary.units_for_half)
    verb = "accounts" if summary.units_for_half == 1 else "account"
    return f"{count.capitalize()} of {_base(summary)} {verb} for half of remaining-lifetime emissions"


def _base(summary: SectorSummary) -> str:
    if summary.units_unknown_life:
        return units_text(summary.units_ranked, 0)
    return units_text(summary.units_operating, summary.units_construction)


def trajectory_text(years: Sequence[int], total_kg: Sequence[float]) -> str:
    """Return the finding of the trajectory in one line.

    Parameters
    ----------
    years : sequence of int
        From the base year on.
    total_kg : sequence of float
        Emissions to air of all units [kg].

    Examples
    --------
    >>> trajectory_text([2026, 2027, 2028], [100.0, 100.0, 40.0])
    'Emissions of units within their lifetime fall below half of 2026 in 2028'
    >>> trajectory_text([2026, 2027], [0.0, 80.0])
    'Emissions of units within their lifetime peak in 2027'
    """
    values = np.asarray(total_kg, dtype=np.float64)
    if not values.size or values.max() <= 0:
        return NOTHING_LEFT
    peak = int(values.argmax())
    half = half_year(years, total_kg)
    first = f"peak in {years[peak]}" if values[peak] > values[0] * NOISE else ""
    after = "" if half is None else f"fall below half of {years[0]} in {half}"
    return f"Emissions of units within their lifetime {' and '.join(filter(None, (first, after)))}"


def half_year(years: Sequence[int], total_kg: Sequence[float]) -> int | None:
    """Return the first year from which on less than half of the first year is emitted; page and workbook name it.

    Parameters
    ----------
    years : sequence of int
        From the base year on, to the last one in which anything is emitted.
    total_kg : sequence of float
        Emissions to air of all units [kg].

    Returns
    -------
    int or None
        May be the year after the last; None where the first year emits nothing, of which there is no half.

    Examples
    --------
    >>> half_year([2026, 2027, 2028, 2029], [100.0, 40.0, 60.0, 10.0]), half_year([2026], [0.0])
    (2029, None)
    """
    values = np.asarray(total_kg, dtype=np.float64)
    if not values.size or not values[0] > 0:
        return None
    return int(years[0]) + int(np.flatnonzero(values >= HALF * values[0])[-1]) + 1


def unit_labels(table: pd.DataFrame) -> list[str]:
    """Return short names of units for an axis: the plant and the part of the name that identifies the unit.

    Parameters
    ----------
    table : DataFrame
        unit_id, plant, unit.

    Examples
    --------
    >>> names = {"unit_id": ["a", "b"], "plant": ["Jawa-7 power station", None], "unit": ["Unit 2", None]}
    >>> unit_labels(pd.DataFrame(names))
    ['Jawa-7 2', 'b']
    """
    labels = []
    for unit_id, plant, unit in zip(table["unit_id"], table["plant"], table["unit"], strict=True):
        site = re.sub(r"\s+power (station|plant|project)\b", "", plant, flags=re.I) if isinstance(plant, str) else ""
        own = re.sub(r"\b(unit|phase)\s+", "", unit, flags=re.I) if isinstance(unit, str) else ""
        if site and own.split()[:1] == site.split()[:1]:
            site = ""
        room = LABEL_LENGTH - len(own) - 1
        site = site if len(site) <= room else site[: max(room - 1, 8)].rstrip() + "…"
        labels.append(plain(" ".join(filter(None, (site, own)))) or plain(str(unit_id)))
    return labels
