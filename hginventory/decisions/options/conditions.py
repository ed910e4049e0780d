"""On what a conditional step depends, as data: conditions, the site facts that meet them, and how they are named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntFlag, auto

from hginventory.errors import UsageError


class Condition(IntFlag):
    """What must be true before a step is chosen; several of them form a set, and 0 is the empty set.

    Examples
    --------
    >>> (Condition.SO2 | Condition.ARTICLE_9).names
    ('so2', 'article_9')
    """

    SO2 = auto()
    PM = auto()
    NOX = auto()
    ARTICLE_9 = auto()
    ASH_TO_CEMENT = auto()
    SO3 = auto()
    EARLY_CLOSURE = auto()
    LOWER_DISPATCH = auto()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the conditions of a set, in their order."""
        return tuple(str(one.name).lower() for one in Condition if one in self)


UNCONDITIONAL = Condition(0)
BY_SITE = Condition.SO2 | Condition.PM | Condition.NOX  # what the facts of the site decide: yes, no, or not said
BY_BALANCE = Condition.ARTICLE_9 | Condition.ASH_TO_CEMENT  # where mercury goes; a second step may meet them
WORDS: Mapping[Condition, str] = {
    Condition.SO2: "SO2 must fall for another reason than mercury",
    Condition.PM: "dust must fall for another reason than mercury",
    Condition.NOX: "NOx must fall for another reason than mercury",
    Condition.ARTICLE_9: "more mercury may go to the sea (Article 9)",
    Condition.ASH_TO_CEMENT: "more mercury, or carbon, may go into ash sold to cement works",
    Condition.SO3: "SO3 hinders carbon",
    Condition.EARLY_CLOSURE: "the owner closes the unit early",
    Condition.LOWER_DISPATCH: "the system can run the unit less",
}


def pollutant_conditions(pollutants: Iterable[str]) -> Condition:
    """Return the conditions that pollutants must fall.

    >>> pollutant_conditions(("so2", "nox")).names
    ('so2', 'nox')
    """
    found = UNCONDITIONAL
    for pollutant in pollutants:
        found |= Condition[pollutant.upper()]
    return found


def read_conditions(names: Iterable[str]) -> Condition:
    """Return the conditions of some names.

    Raises
    ------
    UsageError
        If a name is not known.

    Examples
    --------
    >>> read_conditions(["so2", "Article_9"]).names
    ('so2', 'article_9')
    """
    known = {one: condition for condition in Condition for one in condition.names}
    found = UNCONDITIONAL
    for name in names:
        if name.strip().casefold() not in known:
            words = f"there is no condition {name.strip()!r}. Use names of: {', '.join(known)}."
            raise UsageError(words, parameter="accept", allowed=known)
        found |= known[name.strip().casefold()]
    return found
