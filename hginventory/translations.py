"""Words for people in their language. A language is a catalogue: `locale/<lang>/LC_MESSAGES/hginventory.po`.

Source texts are English. Stable names and codes are never translated; a text without a translation stays English.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from hginventory.errors import UsageError
from hginventory.files import keep_text, kept_text

LOCALE_FOLDER = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"


@dataclass(frozen=True)
class Translator:
    """Translates source texts when called; a text it does not know stays as it is.

    Attributes
    ----------
    language : str
        Code of the language, such as ``id``.
    texts : mapping of str to str
        Source text -> translation.
    """

    language: str = SOURCE_LANGUAGE
    texts: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        """Return the translation of a text."""
        return self.texts.get(text, text)


class NumberText(str):
    """A number as English writes it, part of a `TranslatableText`; `Words.tell` writes it with the signs of a language.

    Examples
    --------
    >>> TranslatableText("{share} of the total", share=NumberText("55.1 %"))
    '55.1 % of the total'
    """

    __slots__ = ()


class TranslatableText(str):
    """An English text that knows its source, so that it can be shown in another language.

    It is a str like any other: only `report.language.Words.tell` looks at its source.

    Parameters
    ----------
    source : str
        Text with placeholders in braces; without parts it is used unchanged.
    **parts : object
        What fills the placeholders: a `NumberText`, a code, or another translatable text.

    Examples
    --------
    >>> text = TranslatableText("{column} is blank", column="hg_coal")
    >>> text, text.source
    ('hg_coal is blank', '{column} is blank')
    """

    __slots__ = ("parts", "source")
    source: str
    parts: Mapping[str, object]

    def __new__(cls, source: str, /, **parts: object) -> TranslatableText:
        """Fill the placeholders of a source."""
        said = super().__new__(cls, source.format(**parts) if parts else source)
        said.source, said.parts = source, parts
        return said

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Return what a copy is made from."""
        return (self.source,), dict(self.parts)

    def __getstate__(self) -> None:
        """Return nothing: a copy is whole when it is made."""


def languages() -> tuple[str, ...]:
    """Return the languages there are: English and every language with a catalogue.

    >>> languages()[:2]
    ('en', 'id')
    """
    return (SOURCE_LANGUAGE, *sorted(path.parents[1].name for path in LOCALE_FOLDER.glob("*/LC_MESSAGES/*.po")))


def translator(language: str = SOURCE_LANGUAGE) -> Translator:
    """Return the translator into a language.

    Parameters
    ----------
    language : str
        Code of the language, such as ``id``.

    Raises
    ------
    UsageError
        If there is no catalogue of the language.

    Examples
    --------
    >>> translator("id")("Country")
    'Negara'
    """
    if language not in languages():
        raise UsageError(
            f"there is no language {language!r}. Use one of: {', '.join(languages())}.",
            parameter="language",
            allowed=languages(),
        )
    return Translator(language, {} if language == SOURCE_LANGUAGE else _catalogue(LOCALE_FOLDER / language))


@cache
def _catalogue(folder: Path) -> Mapping[str, str]:
    """Return source text -> translation; drafts marked fuzzy do not count.

    Every run reads them, to recognise the language of a workbook, so that they are kept as JSON.
    """
    read = (folder / "LC_MESSAGES" / "hginventory.po").read_bytes()
    name, stamp = f"{folder.name}.json", hashlib.sha256(read + Path(__file__).read_bytes()).hexdigest()
    kept = kept_text(__file__, name, stamp)
    if kept is not None:
        texts: dict[str, str] = json.loads(kept)
        return texts
    texts = _parsed(read)
    keep_text(__file__, name, stamp, json.dumps(texts, ensure_ascii=False))
    return texts


def _parsed(catalogue: bytes) -> dict[str, str]:
    from babel.messages.pofile import read_po

    return {
        message.id: message.string
        for message in read_po(io.BytesIO(catalogue))
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and message.id
        and message.string
        and not message.fuzzy
    }
