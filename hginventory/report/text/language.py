"""Words and numbers of a report in the language of its reader. Ids and codes stay as they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from hginventory.translations import NumberText, TranslatableText, Translator, translator

FIGURES = 3  # significant figures of amounts in sentences
WHOLE = 1000.0  # from here on whole numbers


@dataclass(frozen=True)
class Words:
    """Says texts and numbers in one language.

    Attributes
    ----------
    language : str
        Code of the language, such as ``id``.
    say : Translator
        Translates source texts.
    decimal, group : str
        Signs of the language.
    """

    language: str
    say: Translator
    decimal: str
    group: str

    def __call__(self, text: str, **parts: object) -> str:
        """Return a text in the language, its placeholders in braces filled; numbers must come formatted."""
        return self.say(text).format(**parts)

    def tell(self, text: str) -> str:
        """Return a translatable text in the language; any other text, as a name or a code, as it is.

        >>> words_in("id").tell(TranslatableText("{n} units", n=30)), words_in("id").tell("30 units")
        ('30 unit', '30 units')
        >>> words_in("id").tell(NumberText("57.2 %"))
        '57,2 %'
        """
        if isinstance(text, NumberText):
            return self.signs(text)
        if not isinstance(text, TranslatableText):
            return text
        parts = {name: self.tell(part) if isinstance(part, str) else part for name, part in text.parts.items()}
        return self(text.source, **parts) if parts else self.say(text.source)

    def signs(self, number: str) -> str:
        """Return a number written in English with the signs of the language."""
        return number.translate(str.maketrans(",.", self.group + self.decimal))

    def number(self, value: float, digits: int | None = None) -> str:
        """Return a number with the signs of the language: three significant figures, or so many decimals.

        >>> words_in("en").number(1234.5), words_in("id").number(1234.5), words_in("en").number(0.0657)
        ('1,234', '1.234', '0.0657')
        """
        if not math.isfinite(value):
            return "–"
        if digits is not None:
            text = f"{value:z,.{digits}f}"
        elif abs(value) >= WHOLE or value == 0 or float(value).is_integer():
            text = f"{value:z,.0f}"
        else:
            text = f"{float(f'{value:.{FIGURES}g}'):,.{_decimals(value)}f}"
        return self.signs(text)

    def percent(self, share: float) -> str:
        """Return a share as percent: whole ones, one decimal below ten.

        >>> words_in("en").percent(0.1415), words_in("id").percent(0.034)
        ('14 %', '3,4 %')
        """
        if not math.isfinite(share):
            return "–"
        return f"{self.number(share * 100, 1 if 0 < share < 0.0995 else 0)} %"

    def vega(self) -> dict[str, Any]:
        """Return the number format of Vega (d3) in the language."""
        return {"decimal": self.decimal, "thousands": self.group, "grouping": [3], "currency": ["", ""],
                "percent": "\N{NO-BREAK SPACE}%"}  # fmt: skip


ENGLISH = Words("en", Translator(), ".", ",")


def _decimals(value: float) -> int:
    return max(FIGURES - 1 - math.floor(math.log10(abs(value))), 0)


def words_in(language: str = "en") -> Words:
    """Return the words of a language; raises a UsageError where there is no catalogue of it."""
    say = translator(language)
    from babel import Locale

    symbols = Locale.parse(language).number_symbols["latn"]
    return Words(language, say, symbols["decimal"], symbols["group"])
