"""What counts twice: one unit in two rows."""

from __future__ import annotations

from collections.abc import Sequence

from hginventory.inputs.findings import Finding, finding
from hginventory.inputs.parsing import TableRecord, unit_key
from hginventory.vocabulary import RUNNING, fold

_SIZES = ("capacity_gross", "capacity_net", "clinker_capacity", "cement_capacity")


def near_duplicates(sheet: str, records: Sequence[TableRecord]) -> list[Finding]:
    """Return the rows that name a unit of a plant a second time, however it is spelled.

    Rows of one plant and unit are alike where their capacities are equal, and also where only one of both is stated;
    rows of other sizes are alike where both run, since a unit may follow another one of its name.
    """
    likeness: dict[tuple[str, str, str], list[TableRecord]] = {}
    found = []
    for record in records:
        plant, unit = (fold(str(record.values.get(name, ""))) for name in ("plant", "unit"))
        if not plant or not any(name in record.values for name in _SIZES):
            continue
        alike = likeness.setdefault((plant, unit_key(unit), fold(str(record.values.get("country", "")))), [])
        first = next((one for one in alike if _is_same_unit(one, record, bool(unit))), None)
        alike.append(record)
        if first is not None:
            cell = record.cells.get("plant", record.row)
            other = first.cells.get("plant", first.row)
            names = [str(one.values.get("unit", "")) for one in (first, record)]
            spelled = "" if names[0] == names[1] else f" ({names[1]}, {names[0]})"
            found.append(finding("W310", sheet, cell, f"{record.values['plant']} is also in {other}{spelled}"))
    return found


def _is_same_unit(one: TableRecord, other: TableRecord, is_named: bool) -> bool:
    shared = [name for name in _SIZES if name in one.values and name in other.values]
    if shared and all(one.values[name] == other.values[name] for name in shared):
        return True
    running = all(record.values.get("status", "operating") in RUNNING for record in (one, other))
    return is_named and running
