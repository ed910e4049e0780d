"""Parameters of the library as options of the command line, in the messages of errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hginventory.errors import HgInventoryError

# Parameters whose option is not called like them; all others are --name, with dashes.
OPTIONS: Mapping[str, str] = {
    "book_life": "--life",
    "closure_usd_per_kw": "--with-retirement --retirement-cost",
    "countries": "--country",
    "fixed": "--fix",
    "folder": "-o",
    "format_name": "--format",
    "in_year": "--year",
    "language": "--lang",
    "mapping": "--map",
    "mg_per_mj": "--other-coal",
    "multiplier": "--capital-multiplier",
    "named": "--units",
    "names": "--plant",
    "o2_percent": "--o2",
    "of_base_year": "--of base-year",
    "path": "-o",
    "per_year": "--max-per-year",
    "scenarios": "--scenario",
    "statuses": "--status",
    "temperature_c": "--temperature",
    "top": "--units",
    "value": "--limit",
    "year": "--by",
}
_MENTION = re.compile(r"`([a-z][a-z0-9_]*)(?:=([^`]*))?`")


def option_of(parameter: str) -> str:
    """Return the option that sets a parameter of the library.

    >>> option_of("lifetime_spread"), option_of("multiplier")
    ('--lifetime-spread', '--capital-multiplier')
    """
    return OPTIONS.get(parameter, f"--{parameter.replace('_', '-')}")


def as_options(error: HgInventoryError) -> str:
    """Return the message of an error, with options where it names parameters.

    >>> from hginventory.errors import UsageError
    >>> as_options(UsageError("50% needs a year. Add `by`, as `by=2035`.", parameter="target"))
    '--target: 50% needs a year. Add --by, as --by 2035.'
    >>> as_options(UsageError("the package is missing. Use `engine='numba'`.", parameter="engine"))
    '--engine: the package is missing. Use --engine numba.'
    """
    message = _MENTION.sub(lambda found: " ".join((option_of(found[1]), *_value(found[2]))), error.message)
    return f"{option_of(error.parameter)}: {message}" if error.parameter else message


def _value(text: str | None) -> tuple[str, ...]:
    """Return the value of a mention as the command line takes it, without the quotes of Python; nothing for none."""
    return (text.strip("'"),) if text else ()
