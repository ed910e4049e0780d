"""Numbers on the command line: of bounded length and size, so that no calculation ends in infinity or for ever."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from hginventory.reading import LARGEST_NUMBER, LARGEST_WHOLE, LONGEST_NUMBER, SMALLEST_NUMBER

if TYPE_CHECKING:
    _ParamType = click.ParamType[Any]
else:
    _ParamType = click.ParamType  # not generic in older versions


class _Bounded(_ParamType):
    """Refuses what is too long before it is read, and what is too large or too close to 0 afterwards."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number of a text."""
        if isinstance(value, str) and len(value) > LONGEST_NUMBER:
            self.fail(f"a number of {len(value):,} characters; at most {LONGEST_NUMBER} are read.", param, ctx)
        number = super().convert(value, param, ctx)
        if isinstance(number, int):
            if abs(number) > LARGEST_WHOLE:
                self.fail(f"{number} is beyond {LARGEST_WHOLE:,}.", param, ctx)
        elif not math.isfinite(number) or abs(number) > LARGEST_NUMBER or 0 < abs(number) < SMALLEST_NUMBER:
            span = f"0, or from {SMALLEST_NUMBER:g} to {LARGEST_NUMBER:g}, with or without a minus"
            self.fail(f"{value} cannot be used. Use {span}.", param, ctx)
        return number


class Whole(_Bounded, click.types.IntParamType):
    """A whole number."""


class Number(_Bounded, click.types.FloatParamType):
    """A number with or without a point."""


class WholeFrom(_Bounded, click.IntRange):
    """A whole number of a range."""


class NumberFrom(_Bounded, click.FloatRange):
    """A number of a range."""


WHOLE, NUMBER = Whole(), Number()
