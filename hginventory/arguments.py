"""Checks of what a Python user hands over: each raises a UsageError that names the parameter and what is allowed."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Any

from hginventory.errors import UsageError

INF = math.inf
PATH = (str, os.PathLike)
Kinds = type | tuple[type, ...]


def one_of(parameter: str, value: object, allowed: Iterable[str], problem: str = "is unknown") -> None:
    """Raise unless a value is one of some words.

    >>> one_of("by", "nope", ("rank", "share"))
    Traceback (most recent call last):
    hginventory.errors.UsageError: by: 'nope' is unknown. Use one of: rank, share.
    """
    words = tuple(allowed)
    if not isinstance(value, str) or value not in words:
        raise UsageError(
            f"{_short(value)} {problem}. Use one of: {', '.join(words)}.", parameter=parameter, allowed=words
        )


def whole(parameter: str, value: object, low: float = -INF, high: float = INF, *, optional: bool = False) -> None:
    """Raise unless a value is a whole number from ``low`` to ``high``, of Python, numpy or pandas; True is not one.

    >>> whole("top", -5, 1)
    Traceback (most recent call last):
    hginventory.errors.UsageError: top: -5 cannot be used. Use a whole number from 1 on.
    """
    if optional and value is None:
        return
    if isinstance(value, bool) or not isinstance(value, Integral) or not low <= int(value) <= high:
        raise _outside(parameter, value, "a whole number", low, high)


def number(parameter: str, value: object, low: float = -INF, high: float = INF, *, optional: bool = False) -> None:
    """Raise unless a value is a number from ``low`` to ``high``, of Python, numpy or pandas; NaN and True are not.

    >>> number("share", float("nan"), 0, 1)
    Traceback (most recent call last):
    hginventory.errors.UsageError: share: nan cannot be used. Use a number from 0 to 1.
    """
    if optional and value is None:
        return
    is_number = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not low <= float(value) <= high:  # type: ignore[arg-type]
        raise _outside(parameter, value, "a number", low, high)


def of_kind(parameter: str, value: object, kinds: Kinds, words: str, *, optional: bool = False) -> None:
    """Raise unless a value is of some types, which the words describe, as "a path".

    >>> of_kind("folder", 3.5, PATH, "a path")
    Traceback (most recent call last):
    hginventory.errors.UsageError: folder: 3.5 cannot be used. Use a path.
    """
    if not isinstance(value, kinds) and not (optional and value is None):
        allowed = kinds if isinstance(kinds, tuple) else (kinds,)
        raise UsageError(f"{_short(value)} cannot be used. Use {words}.", parameter=parameter, allowed=allowed)


def text(parameter: str, value: object, *, optional: bool = False) -> None:
    """Raise unless a value is a text that is not blank.

    >>> text("owner", "")
    Traceback (most recent call last):
    hginventory.errors.UsageError: owner: '' cannot be used. Use a text that is not blank.
    """
    words = "a text that is not blank"
    of_kind(parameter, value, str, words, optional=optional)
    if isinstance(value, str) and not value.strip():
        raise UsageError(f"{value!r} cannot be used. Use {words}.", parameter=parameter, allowed=(str,))


def flag(parameter: str, value: object) -> None:
    """Raise unless a value is True or False.

    >>> flag("plants", "yes")
    Traceback (most recent call last):
    hginventory.errors.UsageError: plants: 'yes' cannot be used. Use True or False.
    """
    of_kind(parameter, value, bool, "True or False")


def function(parameter: str, value: object) -> None:
    """Raise unless a value is None or can be called.

    >>> function("progress", 3.5)
    Traceback (most recent call last):
    hginventory.errors.UsageError: progress: 3.5 cannot be used. Use a function.
    """
    if value is not None and not callable(value):
        raise UsageError(f"{_short(value)} cannot be used. Use a function.", parameter=parameter)


def several(parameter: str, value: object, kinds: Kinds, words: str) -> None:
    """Raise unless a value is a list of items of some types, which the words describe; a single text is not one.

    >>> several("countries", "IDN", str, "ISO codes, as ['IDN']")
    Traceback (most recent call last):
    hginventory.errors.UsageError: countries: 'IDN' cannot be used. Use a list of ISO codes, as ['IDN'].
    """
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        raise UsageError(
            f"{_short(value)} cannot be used. Use a list of {words}.", parameter=parameter, allowed=(list,)
        )
    for item in value:
        of_kind(parameter, item, kinds, f"a list of {words}")


def path(parameter: str, value: object, *, optional: bool = False) -> None:
    """Raise unless a value can name a file or folder; a blank text does not.

    >>> path("path", "")
    Traceback (most recent call last):
    hginventory.errors.UsageError: path: '' cannot be used. Use a path, as text or pathlib.Path.
    """
    words = "a path, as text or pathlib.Path"
    of_kind(parameter, value, PATH, words, optional=optional)
    if isinstance(value, str) and (not value.strip() or "\0" in value):
        raise UsageError(f"{value!r} cannot be used. Use {words}.", parameter=parameter, allowed=PATH)


def keywords(given: Iterable[str], allowed: Iterable[str]) -> None:
    """Raise unless all keywords given are allowed ones.

    >>> keywords(["foo"], ["rate", "book_life"])
    Traceback (most recent call last):
    hginventory.errors.UsageError: foo: there is no such parameter. Use one of: rate, book_life.
    """
    known = tuple(allowed)
    for name in given:
        if name not in known:
            words = f"there is no such parameter. Use one of: {', '.join(known)}."
            raise UsageError(words, parameter=name, allowed=known)


def _outside(parameter: str, value: object, words: str, low: float, high: float) -> UsageError:
    span = "" if low == -INF else f" from {low:g} on" if high == INF else f" from {low:g} to {high:g}"
    return UsageError(f"{_short(value)} cannot be used. Use {words}{span}.", parameter=parameter, allowed=(low, high))


def _short(value: Any) -> str:
    """Return a value as an error shows it; of tables and other large things only the type."""
    shown = repr(value)
    return shown if len(shown) <= 60 and "\n" not in shown else f"a {type(value).__name__}"
