"""The words of codes in the languages of the workbook template: what the template shows, its reader accepts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from hginventory.translations import SOURCE_LANGUAGE, languages, translator
from hginventory.vocabulary import NONE, CodeList, fold

_REMARK = re.compile(r"\s*\([^()]*\)$")


@cache
def in_every_language(codes: CodeList) -> CodeList:
    """Return a list of codes with the meanings of all languages as spellings, remarks in brackets left out or not.

    Examples
    --------
    >>> from hginventory.vocabulary import DEVICES, STATUSES
    >>> in_every_language(STATUSES).match("dalam konstruksi"), in_every_language(DEVICES).match("filter kain")
    ('construction', 'FF')
    """
    others: dict[str, set[str]] = {code: set() for code in codes.codes}
    for language in languages():
        say = translator(language)
        for code, meaning in codes.meanings.items():
            others[code] |= {say(meaning), _REMARK.sub("", say(meaning))}
    return codes.with_spellings(others)


@cache
def truth_words() -> Mapping[str, bool]:
    """Return the words for yes and no of all languages, folded, and what each says."""
    return {fold(translator(language)(word)): word == "yes" for language in languages() for word in ("yes", "no")}


@cache
def none_words() -> frozenset[str]:
    """Return the words of all languages for none, folded: no device is installed."""
    return frozenset(fold(translator(language)(NONE)) for language in languages() if language != SOURCE_LANGUAGE)
