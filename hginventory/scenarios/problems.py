"""What is wrong with a scenario, in words; where it is, the reader of a file or a sheet adds."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from hginventory.errors import ScenarioError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MEASURES = "measure"  # the key of the list of measures


def key_of(problem: ErrorDetails) -> str:
    """Return the key that is wrong; empty where it is the measure or scenario as a whole."""
    return next((part for part in reversed(problem["loc"]) if isinstance(part, str) and part != MEASURES), "")


def own_words(problem: ErrorDetails) -> str:
    """Return what is wrong in words: those of our own check where one raised it, else those of pydantic."""
    own = problem.get("ctx", {}).get("error")
    return problem["msg"] if own is None else str(own)


def words_of(problem: ErrorDetails, keys: Sequence[str], actions: Sequence[str]) -> str:
    """Return what is wrong with a key, what is allowed and what to do.

    Parameters
    ----------
    problem : ErrorDetails
        From pydantic.
    keys, actions : sequence of str
        Keys that the measure or scenario has, and known actions.
    """
    key, kind = key_of(problem), problem["type"]
    if kind == "extra_forbidden":
        return f"there is no key {key!r}. {_hint(key, keys)}"
    if kind == "missing":
        return f"{key!r} is missing."
    if kind == "literal_error":
        return f"{key} {problem['input']!r} is not known. {_hint(problem['input'], actions)}"
    if kind == "tuple_type" and key:
        return (
            f"{key}: {problem['input']!r} is not a list. Write {key} = [{json.dumps(problem['input'], default=str)}]."
        )
    return f"{key}: {own_words(problem)}." if key else f"{own_words(problem)}."


@contextmanager
def in_words(keys: Sequence[str], actions: Sequence[str], *, is_located: bool) -> Iterator[None]:
    """Turn what pydantic raises into a ScenarioError, unless a reader says itself where something is wrong.

    Parameters
    ----------
    keys, actions : sequence of str
        As in `words_of`.
    is_located : bool
        Whether there is such a reader.

    Raises
    ------
    ScenarioError
        All that is wrong, a line each; of the first the key, and the values allowed where they can be listed.
    """
    try:
        yield
    except ValidationError as error:
        if is_located:
            raise
        problems = error.errors()
        lists: Mapping[str, Sequence[str]] = {"extra_forbidden": keys, "literal_error": actions}
        words = "\n".join(words_of(problem, keys, actions) for problem in problems)
        first = problems[0]
        raise ScenarioError(words, allowed=lists.get(first["type"], ())) from None


def _hint(given: Any, allowed: Sequence[str]) -> str:
    near = difflib.get_close_matches(str(given), allowed, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Allowed: {', '.join(allowed)}."
