"""Lists of codes: what each means, and which spellings stand for it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

NONE = "none"
UNKNOWN = "unknown"
MISSING_WORDS = ("", "-", "--", "n/a", "na", "not available", "not found", "tidak diketahui", "inconnu")


_STROKES = str.maketrans("\u0131\u0142\u0141\u0111\u0110\u00f8\u00d8", "ilLdDoO")  # marks that NFKD keeps


class UnknownCodeError(ValueError):
    """A text is not a code of its list: use ``near``, the nearest code, or another one, or add the spelling."""

    def __init__(self, message: str, near: str | None = None) -> None:
        super().__init__(message)
        self.near = near


def fold(text: str) -> str:
    r"""Return text in one spelling: without case, non-breaking or repeated spaces.

    >>> fold("  Fabric\u00a0 Filter ")
    'fabric filter'
    """
    if text.isascii() and text.isprintable() and "  " not in text:  # most texts
        return text.strip().casefold()
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def without_marks(text: str) -> str:
    r"""Return text without accents and without signs that are not seen, as a zero-width space.

    >>> without_marks("en operaci\u00f3n\u200b"), without_marks("dzia\u0142aj\u0105cy")
    ('en operacion', 'dzialajacy')
    """
    if text.isascii():  # most texts
        return text
    spelled = unicodedata.normalize("NFKD", text).translate(_STROKES)
    return "".join(sign for sign in spelled if unicodedata.category(sign) not in ("Mn", "Cf"))


_HYPHENS = re.compile(r" ?[-\u2010-\u2015] ?")


def _unhyphenated(folded: str) -> tuple[str, str]:
    """Return a folded text without marks, its hyphens as blanks and as nothing: wall-fired, sub-critical."""
    plain = without_marks(folded)
    return _HYPHENS.sub(" ", plain).strip(), _HYPHENS.sub("", plain)


@dataclass(frozen=True, eq=False)
class CodeList:
    """Codes of one kind with their meaning and accepted spellings. A meaning is a spelling, too.

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
                if table.setdefault(fold(text), code) != code:
                    raise ValueError(f"{self.name}: {text!r} stands for both {table[fold(text)]} and {code}")
        for code, meaning in self.meanings.items():
            table.setdefault(fold(meaning), code)
        plain: dict[str, str | None] = {}
        for text, code in table.items():
            for key in _unhyphenated(text):
                plain[key] = code if plain.get(key, code) == code else None
        object.__setattr__(self, "_codes", table)
        object.__setattr__(self, "_unhyphenated_codes", plain)
        object.__setattr__(self, "_proposals", {})

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in their order."""
        return tuple(self.meanings)

    def match(self, text: str) -> str | None:
        """Return the code that a spelling stands for, or None where it is not known.

        >>> boilers = CodeList("boiler", {"PC": "pulverised coal"}, {"PC": ("pulverized",)})
        >>> boilers.match(" Pulverized"), boilers.match("Pulverised-Coal"), boilers.match("coal")
        ('PC', 'PC', None)
        """
        codes: dict[str, str] = self.__dict__["_codes"]
        folded = fold(text)
        found = codes.get(folded)
        if found is not None:
            return found
        plain: dict[str, str | None] = self.__dict__["_unhyphenated_codes"]
        return next((code for key in _unhyphenated(folded) if (code := plain.get(key)) is not None), None)

    def with_spellings(self, others: Mapping[str, Iterable[str]]) -> CodeList:
        """Return the list with further spellings; one that stands for two codes, or for another one, is left out.

        Parameters
        ----------
        others : mapping of str to iterable of str
            Code -> spellings.

        Examples
        --------
        >>> boilers = CodeList("boiler", {"PC": "pulverised coal", "CFB": "fluidised bed"})
        >>> indonesian = boilers.with_spellings({"PC": ["batubara serbuk", "boiler"], "CFB": ["boiler"]})
        >>> indonesian.match("Batubara serbuk"), indonesian.match("boiler")
        ('PC', None)
        """
        codes: dict[str, str] = self.__dict__["_codes"]
        meant: dict[str, set[str]] = {}
        for code, texts in others.items():
            for text in texts:
                meant.setdefault(fold(text), set()).add(code)
        spellings = {code: list(self.spellings.get(code, ())) for code in self.codes}
        for text, found in meant.items():
            if len(found) == 1 and text not in codes:
                spellings[found.pop()].append(text)
        return replace(self, spellings={code: tuple(texts) for code, texts in spellings.items()})

    def propose(self, text: str) -> str | None:
        """Return the nearest known code, for a message only: it is never taken silently."""
        codes: dict[str, str] = self.__dict__["_codes"]
        proposals: dict[str, str | None] = self.__dict__["_proposals"]  # the same word often fills a column
        folded = fold(text)
        if folded not in proposals:
            near = difflib.get_close_matches(folded, codes, n=1, cutoff=0.6)
            proposals[folded] = codes[near[0]] if near else None
        return proposals[folded]
