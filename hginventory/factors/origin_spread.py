"""The spread of a resolved number: the one it states, else that of its origin."""

from __future__ import annotations

import math
from dataclasses import replace

from hginventory.factors.library import FactorLibrary
from hginventory.factors.lookup import WORLD, Ladder
from hginventory.factors.provenance import CELL, DEFAULT, MEASURED, REPORTED, Value, is_override
from hginventory.factors.spread import LOGNORMAL, Spread, of_row

OVERRIDE, NOT_STATED = "override", "not_stated"
COAL, RAW_MEAL = "content", "raw_meal"  # whose contents; they differ in what a country shares


class OriginSpreads:
    """Spreads by quantity and origin, from the table `origin_spread`.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables, overrides applied.
    """

    def __init__(self, library: FactorLibrary) -> None:
        self._rows = Ladder(library.table("origin_spread"))
        self._national = {
            COAL: _national(library, "coal_mercury", "coal_type", "all"),
            RAW_MEAL: _national(library, "cement_material", "material", "limestone"),
        }

    def rule(self, quantity: str, origin: str) -> Spread:
        """Return the spread of an origin that the table must state.

        Raises
        ------
        FactorError
            If it has no such row, or the row no spread.
        """
        row = self._rows[quantity, origin]
        spread = of_row(row)
        if spread is None:
            raise row.blank("spread")
        return spread

    def rule_of(self, quantity: str, origin: str) -> Spread | None:
        """Return the spread of an origin; None where the table has none."""
        row = self._rows.get((quantity, origin))
        return None if row is None else of_row(row)

    def without_basis(self, value: Value, country: str) -> Spread | None:
        """Return the spread of a content that may be of dry coal or as received: its own and that of the doubt."""
        own, doubt = self.of(value, COAL, country), self.rule(COAL, NOT_STATED)
        return doubt if own is None else own.widened(math.hypot(own.size, doubt.size) / own.size)

    def of(self, value: Value, quantity: str, country: str) -> Spread | None:
        """Return the spread of a number.

        Parameters
        ----------
        value : Value
            The number, with its origin.
        quantity : str
            Quantity of `origin_spread`, as ``content``, which is that of coals; ``raw_meal``: of quarries.
        country : str
            Country of the unit, with whose others a reported content shares a part of its error.
        """
        if value.spread is not None:
            return value.spread if value.spread.size > 0 else None
        of_rules = COAL if quantity == RAW_MEAL else quantity
        if value.origin == DEFAULT:
            return self.rule_of(of_rules, DEFAULT)
        origin = MEASURED if value.origin == MEASURED else REPORTED
        if is_override(value.refs) and value.read_from == CELL:
            origin = OVERRIDE
        rule = self.rule_of(of_rules, origin)
        if rule is not None and quantity == RAW_MEAL:
            rule = _of_quarry(rule)
        national = self._national.get(quantity)
        if national is not None and origin == REPORTED and rule is not None:
            return _with_national(rule, national.get(country, national.get(WORLD, 0.0)))
        return rule


def _of_quarry(rule: Spread) -> Spread:
    """Return the spread of a content of raw meal: its plant is its quarry, of which default contents speak too."""
    return replace(rule, scopes=tuple(("quarry" if scope == "plant" else scope, share) for scope, share in rule.scopes))


def _with_national(rule: Spread, shared: float) -> Spread:
    """Return the spread of a content stated without a method: its own and the variance its country shares."""
    own = rule.size**2
    total = own + shared
    scopes = (("country", shared / total), (rule.scopes[0][0], own / total))
    return Spread(LOGNORMAL, total**0.5, scopes)


def _national(library: FactorLibrary, table: str, key: str, first: str) -> dict[str, float]:
    """Return the variance of the logarithm that contents of a country share, by country: of the row named first."""
    shared: dict[str, float] = {}
    for row in library.table(table).defaults:
        spread = of_row(row)
        if spread is not None and spread.distribution == LOGNORMAL:
            part = dict(spread.scopes).get("country", 0.0) * spread.size**2
            country = row.keys["country"]
            if country not in shared or row.keys[key] == first:
                shared[country] = part
    return shared
