"""What a cell of the coal tracker says of furnace, steam, coal and use."""

from __future__ import annotations

import re

from hginventory.inputs.trackers.coal_origin import origin_of
from hginventory.inputs.trackers.draft_unit import DraftUnit
from hginventory.inputs.trackers.gem_coal_columns import (
    CAPTIVE,
    CAPTIVE_USE,
    COAL,
    COAL_SOURCE,
    CONVERSION,
    OTHER_FUEL,
    TECHNOLOGY,
)
from hginventory.vocabulary import COAL_TYPES, TECHNOLOGIES, UNKNOWN, fold, other_fuel

_BOILERS = {"cfb": "CFB", "igcc": "IGCC"}
_STEAM = {"ultra-super": "ultra-supercritical", "super": "supercritical"}
_COALS = {"hard": "bituminous", "wstbituminous": "waste coal", "misc": UNKNOWN}
_NOT_COAL = frozenset({"biomass", "bioenergy", "gas", "oil"})
_SHARE = re.compile(r"\s*\[[^\]]*\]")
_BETWEEN = re.compile(r"\s*/\s*|\s*[,;]\s*(?=[a-z ]+:)")  # "coal: lignite, bioenergy: wood"; "ANTH/Culm"
_CAPTURE = re.compile(r"\s*(?:/\s*ccs|with ccs|\(\s*ccs\s*\d*\s*\))", re.IGNORECASE)


def fill_machine(draft: DraftUnit) -> None:
    """Fill steam technology and boiler from the one column that contains either."""
    given = draft.text(*TECHNOLOGY)
    word = fold(_CAPTURE.sub("", given))
    if word != fold(given):
        _note_capture(draft, TECHNOLOGY[0], given)
    if word in _BOILERS:
        draft.values["boiler"] = _BOILERS[word]
        draft.note("N805", TECHNOLOGY[0], f"{given}: steam state not given")
        return
    technology = TECHNOLOGIES.match(_STEAM.get(word, word))
    draft.values["technology"] = technology or UNKNOWN
    if technology is None:
        draft.notes.append(f"Technology in the tracker: {given}.")
        draft.note("W807", TECHNOLOGY[0], f"technology {given!r}", allowed="no steam technology of our list")


def fill_coal(draft: DraftUnit) -> None:
    """Fill the coal type, and note other fuels, sources and conversions."""
    given = draft.text(*COAL)
    word = fold(_CAPTURE.sub("", given))
    if word != fold(given) and not _CAPTURE.search(draft.text(*TECHNOLOGY)):
        _note_capture(draft, COAL[0], given)
    parts = _parts(given)
    other = [part for part in parts if _is_other(part)]
    if other:
        draft.notes.append(f"Burned with coal: {', '.join(other)} (share not given).")
    coal = coal_type(given)
    if coal is not None:
        draft.values["coal_type"] = coal
    elif len(other) < len(parts):
        draft.values["coal_type"] = UNKNOWN
        draft.notes.append(f"Coal in the tracker: {given}.")
        draft.note("N804", COAL[0], f"coal type {given!r}")
    if source := draft.text(*COAL_SOURCE):
        draft.notes.append(f"Coal source: {source}.")
        draft.values["coal_origin"] = origin_of(source, draft.values.get("country", ""))
    if fuel := draft.text(*OTHER_FUEL):
        draft.notes.append(f"Other fuel: {fuel} (share not given).")
    if conversion := draft.text(*CONVERSION):
        draft.notes.append(f"To be converted to {conversion} (year not given).")


def coal_type(given: str) -> str | None:
    """Return the coal type of a cell; None for a mix and for words that are not coal.

    >>> [coal_type(text) for text in ("Sub-bit", "Bituminous(CCS90)", "ANTH/Culm", "Bituminous/BIOMASS", "WSTCOAL")]
    ['subbituminous', 'bituminous', None, 'bituminous', 'waste coal']
    >>> [coal_type(text) for text in ("coal: lignite", "coal: bituminous [8%], bioenergy: wood", "coal: unknown")]
    ['lignite', 'bituminous', 'unknown']
    """
    ranks = {_COALS.get(part) or COAL_TYPES.match(part) for part in _parts(given) if not _is_other(part)}
    return ranks.pop() if len(ranks) == 1 else None


def _parts(given: str) -> list[str]:
    """Return the fuels of a cell, folded, without shares and the word before a colon that says coal."""
    text = _SHARE.sub("", fold(_CAPTURE.sub("", given)))
    return [part.strip().removeprefix("coal:").strip() for part in _BETWEEN.split(text)]


def _is_other(part: str) -> bool:
    return part in _NOT_COAL or (":" in part and other_fuel(part) is not None)


def _note_capture(draft: DraftUnit, column: str, given: str) -> None:
    draft.notes.append("Carbon capture marked in the tracker.")
    draft.note("N806", column, given)


def fill_captive(draft: DraftUnit) -> None:
    """Fill the column captive; a blank cell means the grid where the release has the column."""
    if CAPTIVE[0] not in draft.table.letters:
        return
    industry = draft.text(*CAPTIVE)
    draft.values["captive"] = bool(industry)
    if industry:
        use = draft.text(*CAPTIVE_USE)
        draft.notes.append(f"Serves: {industry}{f' ({use})' if use else ''}.")
