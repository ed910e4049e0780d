"""Where the coal of a unit comes from, by what a tracker names: mines, countries, or plain words."""

from __future__ import annotations

import re

from hginventory.inputs.parsing import country_code, country_code_in_english
from hginventory.vocabulary import DOMESTIC, IMPORTED, UNKNOWN, fold

_IMPORTED = re.compile(r"\bimport")
_SHARED = re.compile(r"%|\bratio\b")
_MINED_HERE = re.compile(
    r"\b(domestic|indigenous|captive|local|mines?|mining|minemouth|colliery|collieries|coalfields?|fields?|basins?|deposits?"
    r"|blocks?)\b"
)
_BETWEEN = re.compile(r"[,;/&()%\d]|\band\b|\bfrom\b|\bmainly\b|\bwith\b")


def origin_of(source: str, country: str) -> str:
    """Return the code of `COAL_ORIGINS` for a coal source; ``unknown`` for coal of both and for other words.

    Trackers name countries in English.

    Parameters
    ----------
    source : str
        Text of the tracker.
    country : str
        Country of the unit, name or ISO code.

    Examples
    --------
    >>> texts = ("Imported (mainly Russia)", "Australia and Indonesia", "Mae Moh mine", "70% domestic")
    >>> [origin_of(text, "THA") for text in texts]
    ['imported', 'imported', 'domestic', 'unknown']
    """
    words, own = fold(source), country_code(country)
    named = {country_code_in_english(part) for part in _BETWEEN.split(words) if len(part.strip()) > 3} - {None}
    here = bool(_MINED_HERE.search(words)) or own in named
    abroad = bool(_IMPORTED.search(words)) or bool(named - {own})
    if here == abroad or _SHARED.search(words):
        return UNKNOWN
    return DOMESTIC if here else IMPORTED
