"""What the name of a unit within its plant means, however it is spelled: "1", "Unit 01", "#1" and "U-1" are one."""

from __future__ import annotations

import re
from functools import lru_cache

from hginventory.vocabulary import fold, without_marks

_WORDS = frozenset(
    without_marks(word)
    for word in (
        *("unit", "units", "u", "block", "blok", "bloc", "blk", "no", "nr", "num", "number", "boiler", "kiln", "line"),
        *("genset", "generator", "gen", "tg", "unidad", "unidade", "unité", "tranche", "einheit", "kessel", "gruppo"),
        *("linea", "bloque", "energoblok", "jednostka", "kotel", "ünite", "tổ", "máy", "блок", "энергоблок", "котел"),
        *("号", "號", "号机", "號機", "号機", "号机组", "機", "号炉", "호기", "เครื่องที่"),
    )
)
_ROMAN = {
    name: str(number)
    for number, name in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), 1)
}
_RANGE = re.compile(r"(\d{1,2})(?:-|–|to|bis|s/d|sd)(\d{1,2})")
_LIST = re.compile(r"\d{1,2}(?:(?:[-–&+,;/]|and|dan|y|und|et)\d{1,2})+")
MOST_IN_RANGE = 20


@lru_cache(maxsize=10_000, typed=True)
def unit_key(name: object) -> str:
    """Return what distinguishes a unit from the others of its plant: without words, signs and leading zeros.

    >>> [unit_key(name) for name in ("1", "Unit 1", "#01", "U-1", "Block I", "Unit 1A", "Phase II Unit 3", None)]
    ['1', '1', '1', '1', '1', '1a', 'phase 2 3', '']
    """
    words = re.findall(r"\d+|[^\W\d_]+", without_marks(fold(str(name or ""))))
    kept = [word for word in words if word not in _WORDS] or words
    kept = [_ROMAN.get(word, word.lstrip("0") or "0") for word in kept]
    return re.sub(r"(?<=\d) (?=[a-z]\b)", "", " ".join(kept))


def units_in_range(name: object) -> frozenset[str]:
    """Return the units that a name counts up, as ``1-2`` or ``Units 1, 2 & 3``; none where it names one unit.

    >>> [sorted(units_in_range(name)) for name in ("1-3", "Units 1 & 2", "#1+2", "Unit 1", "10-1")]
    [['1', '2', '3'], ['1', '2'], ['1', '2'], [], ['1', '10']]
    """
    words = re.findall(r"\d+|[^\W\d_]+|[^\w\s]", without_marks(fold(str(name or ""))))
    text = "".join(word for word in words if word == "to" or word not in (*_WORDS, *"#.()[]"))
    pair = _RANGE.fullmatch(text)
    if pair and int(pair[1]) < int(pair[2]) <= int(pair[1]) + MOST_IN_RANGE:
        return frozenset(str(number) for number in range(int(pair[1]), int(pair[2]) + 1))
    return frozenset(str(int(number)) for number in re.findall(r"\d+", text)) if _LIST.fullmatch(text) else frozenset()
