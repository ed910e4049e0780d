"""Lists of codes: what each means, and which spellings stand for it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

NONE = "none"
UNKNOWN = "unknown"
MISSING_WORDS = ("", "-", "--", "n/a", "na", "not available", "not found", "tidak diketahui", "inconnu")


_STROKES = str.maketrans("\u0131\u0142\u0141\u0111\u0110\u00f8\u00d8", "ilLdDoO")  # marks that NFKD keeps


class UnknownCodeError(ValueError):
    """A text is no code of its list: use one of the codes named, or add the spelling to the vocabulary."""


def fold(text: str) -> str:
    r"""Return text in one spelling: without case, non-breaking or repeated spaces.

    >>> fold("  Fabric\u00a0 Filter ")
    'fabric filter'
    """
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def without_marks(text: str) -> str:
    r"""Return text without accents and without signs that are not seen, as a zero-width space.

    >>> without_marks("en operaci\u00f3n\u200b"), without_marks("dzia\u0142aj\u0105cy")
    ('en operacion', 'dzialajacy')
    """
    spelled = unicodedata.normalize("NFKD", text).translate(_STROKES)
    return "".join(sign for sign in spelled if unicodedata.category(sign) not in ("Mn", "Cf"))


@dataclass(frozen=True)
class CodeList:
    """Codes of one kind with their meaning and accepted spellings.

    Parameters
    ----------
    name : str
        What the codes describe, for messages.
    meanings : mapping of str to str
        Code -> meaning in words, in the order in which they are shown.
    spellings : mapping of str to tuple of str
        Code -> other spellings that mean the same.
    """

    name: str
    meanings: Mapping[str, str]
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        table: dict[str, str] = {}
        for code in self.meanings:
            for text in (code, *self.spellings.get(code, ())):
                for spelled in (fold(text), without_marks(fold(text))):
                    if table.setdefault(spelled, code) != code:
                        raise ValueError(f"{self.name}: {text!r} stands for both {table[spelled]} and {code}")
        object.__setattr__(self, "_codes", table)
        object.__setattr__(self, "_proposals", {})

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in their order."""
        return tuple(self.meanings)

    def match(self, text: str) -> str | None:
        """Return the code that a spelling stands for, or None where it is not known.

        >>> CodeList("boiler", {"PC": "pulverised coal"}, {"PC": ("pulverized",)}).match(" Pulverized")
        'PC'
        """
        codes: dict[str, str] = self.__dict__["_codes"]
        found = codes.get(fold(text))
        return found if found is not None or text.isascii() else codes.get(without_marks(fold(text)))

    def propose(self, text: str) -> str | None:
        """Return the nearest known code, for a message only: it is never taken silently."""
        codes: dict[str, str] = self.__dict__["_codes"]
        proposals: dict[str, str | None] = self.__dict__["_proposals"]  # the same word often fills a column
        folded = fold(text)
        if folded not in proposals:
            near = difflib.get_close_matches(folded, codes, n=1, cutoff=0.6)
            proposals[folded] = codes[near[0]] if near else None
        return proposals[folded]
