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
    "countries": "--country",
    "fixed": "--fix",
    "folder": "-o",
    "format_name": "--format",
    "language": "--lang",
    "mapping": "--map",
    "multiplier": "--capital-multiplier",
    "path": "-o",
    "statuses": "--status",
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
    """
    message = _MENTION.sub(lambda found: " ".join(filter(None, [option_of(found[1]), found[2]])), error.message)
    return f"{option_of(error.parameter)}: {message}" if error.parameter else message
