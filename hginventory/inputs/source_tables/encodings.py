"""The text of a file whose encoding is not stated: recognised by its letters, or asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from hginventory.errors import UnreadableFileError, UsageError
from hginventory.reading import MOST_GUESSED

UTF_8 = "utf-8-sig"  # reads utf-8 without a mark as well
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# Letters beside a to z, by encoding and language; the letters of a language stand in no file of another one by chance.
_ALPHABETS = {
    "cp1252": (
        "äöüß", "àâæçèéêëîïôœùûüÿ", "áéíñóúü", "áâãàçéêíóôõúü", "àèéìíîòóùú", "åäöé", "åæøéó", "áéëïíóöüè",
    ),
    "cp1254": ("çğıİöşüâîû",),
    "cp1250": ("ąćęłńóśźż", "áäčďéěíĺľňóôŕřšťúůýž", "áéíóöőúüű", "čćđšž", "ăâîşţ"),
}  # fmt: skip
_WESTERN = frozenset("".join(_ALPHABETS["cp1252"])) | frozenset("šž")
_EAST_ASIAN = {"cp932": "shift_jis", "gb18030": "gb2312"}  # as read -> the letters in use
KNOWN = (UTF_8, "utf-16", *_ALPHABETS, *_EAST_ASIAN)
_SIGNS = frozenset("°²³µ·–—‘’“”„‚…•€£§©®™«»\u00a0±×½¼¾ªº´\u00ad†‹›¿¡")
_WORD = r"[^\W\d_]"
# A sign within a word, or a capital within a word: never in a right reading.
_ODD = re.compile(rf"{_WORD}[²³¹¿¡£¤¥¼½¾¬¦±×÷¯¸¨]{_WORD}|[£¤¥¯¦¬¿¡]{_WORD}|[a-zß-ÿ][À-ÞŠŽŒŸ][a-zß-ÿ]")
_RUN = re.compile(r"[^\x00-\x7f\W]{3}")  # in a western language never; in East Asia always
# What a mistaken encoding leaves in a text that reads well otherwise; Icelandic letters stand for Turkish ones.
_MISREAD = re.compile(rf"[ðþÐÞ\ufffd]|Ã[\x80-\xbf\u2018-\u203a]|â€|{_WORD}[³¹¿£¤¼½¾¬]{_WORD}")


def decoded(path: Path, content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a file and its encoding.

    Parameters
    ----------
    path : Path
        The file, for messages.
    content : bytes
        Its content.
    encoding : str, optional
        Name of the encoding, where it is known.

    Raises
    ------
    UnreadableFileError
        If it is not text, or can be read in several ways; the message says that the encoding can be set.
    UsageError
        If there is no such encoding.
    """
    if encoding is not None:
        return _as_told(path, content, encoding), encoding
    marked = _MARKS.get(content[:2]) or _utf_16_without_mark(content)
    for name in (marked,) if marked else (UTF_8,):
        text = _read(content, name)
        if text is not None and "\x00" not in text:
            return text, name
    if marked or b"\x00" in content:
        raise UnreadableFileError(f"{path} is not a text file. Save it as CSV UTF-8.")
    if len(content) > MOST_GUESSED:
        raise UnreadableFileError(
            f"{path} is not written in UTF-8, and too large to find its encoding by its letters (more than "
            f"{MOST_GUESSED / 1e6:g} MB). Set `encoding` to one of {', '.join(KNOWN)}, or save the file as CSV UTF-8."
        )
    readings = {name: text for name in (*_ALPHABETS, *_EAST_ASIAN) if (text := _read(content, name)) is not None}
    fitting = [name for name, text in readings.items() if _fits(name, text)]
    western = readings.get("cp1252", "")
    if not fitting and western and not _RUN.search(western) and _is_clean(western, _WESTERN):
        fitting = ["cp1252"]
    first = [name for name in fitting if name == "cp1252" or name in _EAST_ASIAN] or fitting
    if len({readings[name] for name in first}) != 1:
        raise UnreadableFileError(
            f"{path} is not written in UTF-8, and its letters do not show in which encoding it is. Set `encoding` "
            f"to one of {', '.join(KNOWN)}, or save the file as CSV UTF-8."
        )
    return readings[first[0]], first[0]


def misread(text: str) -> bool:
    r"""Return whether a text contains letters that come from a wrong encoding.

    >>> [misread(text) for text in ("Iðdýr", "Be³chatów", "BeÅ\x82chatÃ³w", "Yıldırım", "Óbuda", "Nováky")]
    [True, True, True, False, False, False]
    """
    return not text.isascii() and _MISREAD.search(text) is not None


def _as_told(path: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except LookupError as error:
        raise UsageError(
            f"{encoding!r} is not a known encoding. Use one of {', '.join(KNOWN)}.", parameter="encoding", allowed=KNOWN
        ) from error
    except UnicodeError as error:
        raise UnreadableFileError(
            f"{path} is not written in {encoding}. Set another `encoding`, or save the file as CSV UTF-8."
        ) from error


def _utf_16_without_mark(content: bytes) -> str | None:
    """Return which byte of each pair is zero in the text of a table, as an encoding; None where neither is."""
    start = content[:1000]
    zeros = (start[::2].count(0), start[1::2].count(0))
    if max(zeros) < len(start) // 4 or min(zeros) > max(zeros) // 10 or not any(zeros):
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _read(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None


def _fits(encoding: str, text: str) -> bool:
    """Return whether a reading contains the letters of one language of its encoding and no others."""
    if encoding in _EAST_ASIAN:
        letters = "".join(sign for sign in text if not sign.isascii())
        halves = any("\uff61" <= sign <= "\uff9f" for sign in letters)
        try:
            letters.encode(_EAST_ASIAN[encoding])
        except UnicodeError:
            return False
        return not halves
    if encoding == "cp1252" and _RUN.search(text):
        return False
    return any(_is_clean(text, alphabet) for alphabet in _ALPHABETS[encoding])


def _is_clean(text: str, letters: Iterable[str]) -> bool:
    own = {form for letter in letters for form in (letter, letter.upper())}
    marked = {sign for sign in text if not sign.isascii()} - _SIGNS
    return marked <= own and _ODD.search(text) is None
