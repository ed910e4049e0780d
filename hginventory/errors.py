"""The errors a user can meet. Each class says in its docstring what the user should do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hginventory.inputs.findings import Finding


class HgInventoryError(Exception):
    """Base of all errors raised on purpose; the message names the place and the remedy."""

    exit_code = 1


class DataError(HgInventoryError):
    """The fleet was read but holds errors: mend the cells named in ``findings`` and run again."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


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
