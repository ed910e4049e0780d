"""The errors a user can meet. Each class says in its docstring what the user should do."""

from __future__ import annotations

from collections.abc import Iterable


class HgInventoryError(Exception):
    """Base of all errors raised on purpose; the message names the location and the remedy.

    Parameters
    ----------
    message : str
        What was found, what is allowed and what to do. Parameters it names are in backticks, as in
        "Add `by`, as `by=2035`"; the command line shows its own options instead.
    parameter : str
        The parameter that cannot be used as given, as ``by``; printed before the message.
    allowed : sequence of object
        The values allowed for it, where they can be listed; of a number (lowest, highest), with ``inf`` where there
        is no highest. The message says whether these two are allowed themselves.

    Examples
    --------
    >>> error = UsageError("'nope' is unknown. Use rank or share.", parameter="by", allowed=("rank", "share"))
    >>> print(error, error.allowed)
    by: 'nope' is unknown. Use rank or share. ('rank', 'share')
    """

    exit_code = 1

    def __init__(self, message: str, *, parameter: str = "", allowed: Iterable[object] = ()) -> None:
        super().__init__(message)
        self.message, self.parameter, self.allowed = message, parameter, tuple(allowed)

    @property
    def plain(self) -> str:
        """The whole message without backticks, for tables and reports."""
        return str(self).replace("`", "")

    def __str__(self) -> str:
        return f"{self.parameter}: {self.message}" if self.parameter else self.message


class UsageError(HgInventoryError):
    """An option or argument cannot be used as given: correct the call."""

    exit_code = 2


class UnreachableTargetError(HgInventoryError):
    """No plan meets the target under the rules given: loosen the rule named, ask for less, or give more options."""

    exit_code = 3


class UnreadableFileError(HgInventoryError):
    """The file is missing, damaged, unsafe or of another kind: supply a plain .xlsx workbook."""

    exit_code = 4


class FactorError(HgInventoryError):
    """A factor table has a wrong row: correct the file and line named."""


class ScenarioError(HgInventoryError):
    """A scenario is wrong or contradicts itself: correct the file and line, or the row, named."""

    exit_code = 2


class UnitsError(HgInventoryError):
    """A unit of measure is unknown or does not fit the quantity: use one of the units named."""
