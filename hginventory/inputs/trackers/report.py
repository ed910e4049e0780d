"""What an import did: rows read and kept, columns not used, what is left to fill in by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from hginventory.inputs.findings import Finding
from hginventory.inputs.fleet import is_blank
from hginventory.inputs.schema import AMOUNT_COLUMNS
from hginventory.vocabulary import UNKNOWN

ACTIVITY = (*AMOUNT_COLUMNS, "capacity_factor")
KILN_ACTIVITY = ("clinker_output", "utilisation")
# Sector -> columns that decide the result, the most telling first; any one column of a group fills it.
WANTED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "coal_power": (
        ("hg_coal",),
        ACTIVITY,
        ("pm_control",),
        ("so2_control",),
        ("nox_control",),
        ("calorific_value",),
        ("net_efficiency",),
        ("boiler",),
        ("coal_type",),
        ("technology",),
        ("start_year",),
    ),
    "cement_kiln": (
        ("hg_raw_meal", "hg_limestone"),
        ("measured_air",),
        KILN_ACTIVITY,
        ("clinker_capacity", "clinker_output"),
        ("kiln_type",),
        ("controls",),
        ("fuels",),
        ("start_year",),
    ),
}


@dataclass(frozen=True)
class LeftOut:
    """A row that did not become a unit, and why; missing: it emits, and the fleet lacks it."""

    location: str
    name: str
    reason: str
    is_missing: bool = False


@dataclass(frozen=True)
class ToFill:
    """A column of which cells are blank or unknown: how many, and of how many units."""

    column: str
    blank: int
    units: int


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    kind, title : str
        Tracker, and its name with the release where that is known.
    file, sheet : str
        What was read.
    encoding : str
        Encoding of a text file.
    rows_read : int
        Rows below the header.
    kept : int
        Units of the fleet.
    kept_by_status : mapping of str to int
        Units by status.
    not_asked : mapping of str to int
        Rows that a filter left out, by the parameter of `Filters`.
    never_built : mapping of str to int
        Shelved and cancelled units, by status, that are left out where no status is asked for.
    left_out : tuple of LeftOut
        Rows that were asked for and are not units, or cannot be.
    columns_not_used : mapping of str to str
        Column of the file -> why its values are not in the fleet.
    to_fill : tuple of ToFill
        What has to be filled in by hand; default values are used until then.
    findings : tuple of Finding
        What was decided or could not be read, one a kind, with a count.
    source : mapping of str to str
        The row added to the sheet Sources.
    """

    kind: str
    title: str
    file: str
    sheet: str
    encoding: str
    rows_read: int
    kept: int
    kept_by_status: Mapping[str, int]
    not_asked: Mapping[str, int]
    never_built: Mapping[str, int]
    left_out: tuple[LeftOut, ...]
    columns_not_used: Mapping[str, str]
    to_fill: tuple[ToFill, ...]
    findings: tuple[Finding, ...]
    source: Mapping[str, str]

    @property
    def missing(self) -> tuple[LeftOut, ...]:
        """Rows that emit and are not in the fleet, because their size is not known."""
        return tuple(row for row in self.left_out if row.is_missing)

    @property
    def left_out_by_reason(self) -> Mapping[str, int]:
        """Rows left out, counted by reason."""
        return Counter(row.reason for row in self.left_out)

    def as_dict(self) -> dict[str, Any]:
        """Return the report for programs; findings are shown separately."""
        return {
            "kind": self.kind,
            "title": self.title,
            "file": self.file,
            "sheet": self.sheet,
            "encoding": self.encoding,
            "rows_read": self.rows_read,
            "kept": self.kept,
            "kept_by_status": dict(self.kept_by_status),
            "not_asked": dict(self.not_asked),
            "never_built": dict(self.never_built),
            "left_out": dict(self.left_out_by_reason),
            "missing": [
                {"place": row.location, "name": row.name, "reason": row.reason, "is_missing": row.is_missing}
                for row in self.missing
            ],
            "columns_not_used": dict(self.columns_not_used),
            "to_fill": [asdict(column) for column in self.to_fill],
            "source": dict(self.source),
        }


def to_fill(units: pd.DataFrame, active: Iterable[str] = ()) -> tuple[ToFill, ...]:
    """Return the columns of which cells are blank or unknown.

    Parameters
    ----------
    units : DataFrame, index unit_id
        Units of a fleet.
    active : iterable of str
        Units with rows in the sheet Activity.
    """
    running = units.index.isin(list(active))
    out = []
    for sector, groups in WANTED.items():
        own = (units["sector"] == sector).to_numpy()
        for group in groups:
            blank = own.copy()
            for name in group:
                blank &= units[name].map(_is_open).to_numpy(dtype=bool)
            if group in (ACTIVITY, KILN_ACTIVITY):
                blank &= ~running
            if blank.any():
                out.append(ToFill(" or ".join(group), int(blank.sum()), int(own.sum())))
    return tuple(out)


def grouped(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return one finding a code and column, the first of its kind, with the number of locations."""
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        letter = finding.cell.rstrip("0123456789")
        column = finding.found.partition(" ")[0] if ":" in letter else letter  # a whole row: our column stands first
        kinds.setdefault((finding.code, column), []).append(finding)
    return tuple(alike[0].counted(sum(f.count for f in alike)) for alike in kinds.values())


def _is_open(value: object) -> bool:
    return is_blank(value) or value == UNKNOWN
