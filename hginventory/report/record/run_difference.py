"""Two runs compared: what changed, and which input caused it.

The change of a unit is shared among activity, mercury content, what passes to air, and years left by the logarithmic
mean, so that the parts add up to the change exactly (LMDI; Ang 2015, Energy Policy 86, 233-238).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.errors import UnreadableFileError, UsageError
from hginventory.reading import read_table_bytes
from hginventory.report.record.record import RunRecord
from hginventory.report.record.run_json import inventory_version

YEARS_LEFT = "years left"
CAUSES = ("activity", "mercury content", "removal", YEARS_LEFT)
ADDED, REMOVED, ZERO = "unit added", "unit left out", "starts or ends at zero"
KILN_RATE = "hg_in_g_per_t_clinker"  # no column of units.csv: the mercury that enters a kiln over its clinker
DRIVERS = {
    "activity": ("capacity_gross_mw", "capacity_net_mw", "capacity_factor", "net_efficiency",
                 "calorific_value_mj_per_kg", "coal_t_per_yr", "clinker_t_per_yr"),
    "mercury content": ("hg_coal_mg_per_kg", KILN_RATE),
    "removal": ("train", "boiler", "coal_class", "removal"),
    YEARS_LEFT: ("start_year", "end_year", "status", "remaining_years"),
}  # fmt: skip
AMOUNTS = ("coal_t_per_yr", "clinker_t_per_yr", "hg_in_kg_per_yr", "air_kg_per_yr", "lifetime_kg")
ID = "unit_id"
CLOSE = 1e-9
ROUNDING = 1e-8  # relative: tables hold ten digits, so quotients of their numbers are not surer


@dataclass(frozen=True)
class InputChange:
    """One input of a unit that changed.

    Attributes
    ----------
    unit_id : str
        The unit.
    what : str
        The input, as in `DRIVERS`; `ADDED` or `REMOVED` where the unit is in one run only.
    before, after : float or str or None
        Its values; None where the unit is in one run only.
    """

    unit_id: str
    what: str
    before: float | str | None = None
    after: float | str | None = None

    @property
    def text(self) -> str:
        """The input with both values."""
        if self.what in (ADDED, REMOVED):
            return self.what
        before, after = (f"{v:.6g}" if isinstance(v, float) else str(v) for v in (self.before, self.after))
        return f"{self.what} {before} -> {after}"


@dataclass(frozen=True)
class Difference:
    """What changed from one run to another.

    Attributes
    ----------
    versions : tuple of str
        Versions of the inventory before and after.
    made : DataFrame
        what, before, after: settings, inputs, factor tables and versions that changed.
    totals : DataFrame
        sector, quantity, before, after, change.
    causes : DataFrame
        cause, units, change_kg: adds up to the change of the remaining mercury.
    units : DataFrame
        unit_id, rank and lifetime_kg before and after, change_kg, and its parts by cause.
    changes : tuple of InputChange
        Inputs that changed, those of a unit behind each other.
    """

    versions: tuple[str, str]
    made: pd.DataFrame
    totals: pd.DataFrame
    causes: pd.DataFrame
    units: pd.DataFrame
    changes: tuple[InputChange, ...]

    def units_table(self) -> pd.DataFrame:
        """Return the units with what changed of each as one text."""
        texts: dict[str, list[str]] = {}
        for one in self.changes:
            texts.setdefault(one.unit_id, []).append(one.text)
        return self.units.assign(changed=["; ".join(texts.get(unit, ())) for unit in self.units["unit_id"]])

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by the name of their file."""
        return {
            "diff_made": self.made,
            "diff_totals": self.totals,
            "diff_causes": self.causes,
            "diff_units": self.units_table(),
        }


def difference(before: RunRecord, after: RunRecord) -> Difference:
    """Return what changed between two run folders.

    Raises
    ------
    UsageError
        If a table of a folder is gone or broken.
    """
    units, changes = _units(before, after)
    versions = (inventory_version(before.content), inventory_version(after.content))
    return Difference(versions, _made(before, after), _totals(before, after), _causes(units), units, changes)


def _made(before: RunRecord, after: RunRecord) -> pd.DataFrame:
    a, b = before.content, after.content
    rows: list[dict[str, Any]] = []

    def add(what: str, old: Any, new: Any) -> None:
        if old != new:
            rows.append({"what": what, "before": old, "after": new})

    for name in dict.fromkeys([*a["settings"], *b["settings"]]):
        old, new = (c["settings"].get(name, {}).get("value") for c in (a, b))
        add(f"setting {name}", old, new)
    add("rule in words", a["rule_in_words"], b["rule_in_words"])
    add("seed", a["seed"], b["seed"])
    add("draws", a["draws"], b["draws"])
    add("fleet", *("; ".join(f"{name} ({sha[:12]})" for name, sha in c["inputs"].items()) for c in (a, b)))
    add("factor set", a["factor_set"]["version"], b["factor_set"]["version"])
    tables = [c["factor_set"]["sha256"] for c in (a, b)]
    if all(isinstance(table, dict) for table in tables):
        for name in sorted({*tables[0], *tables[1]}):
            add(f"factor table {name}", *(str(table.get(name, ""))[:12] for table in tables))
    add("hginventory", a["hginventory"], b["hginventory"])
    return pd.DataFrame(rows, columns=["what", "before", "after"])


def _totals(before: RunRecord, after: RunRecord) -> pd.DataFrame:
    sums = [{s["sector"]: s for s in record.content["summary"]} for record in (before, after)]
    rows = []
    for sector in dict.fromkeys([*sums[0], *sums[1]]):
        for quantity in ("units_total", "air_base_year_kg", "lifetime_t", "top_share", "units_for_half"):
            given = [s[sector][quantity] if sector in s else None for s in sums]
            old, new = (float("nan") if value is None else float(value) for value in given)
            rows.append({"sector": sector, "quantity": quantity, "before": old, "after": new, "change": new - old})
    return pd.DataFrame(rows)


def _units(before: RunRecord, after: RunRecord) -> tuple[pd.DataFrame, tuple[InputChange, ...]]:
    tables, ranks = [], []
    for record in (before, after):
        tables.append(_table(record.folder / "units.csv", AMOUNTS))
        ranks.append(_table(record.folder / "ranking.csv", ("rank",))["rank"])
    a, b = tables
    both = a.index.union(b.index, sort=False)
    now, then = b.reindex(both), a.reindex(both)
    out = pd.DataFrame(
        {
            "rank_before": ranks[0].reindex(both).astype("Int64"),
            "rank_after": ranks[1].reindex(both).astype("Int64"),
            "lifetime_kg_before": then["lifetime_kg"].fillna(0.0),
            "lifetime_kg_after": now["lifetime_kg"].fillna(0.0),
        }
    )
    out["change_kg"] = out["lifetime_kg_after"] - out["lifetime_kg_before"]
    parts = _parts(then, now, out["change_kg"].to_numpy(dtype=np.float64))
    for cause, values in parts.items():
        out[cause] = values
    changes: list[InputChange] = []
    for unit, is_before, is_after in zip(both, both.isin(a.index), both.isin(b.index), strict=True):
        if is_before and is_after:
            changes += _changes(unit, then.loc[unit], now.loc[unit])
        else:
            changes.append(InputChange(unit, REMOVED if is_before else ADDED))
    alike = out["change_kg"].abs() <= CLOSE * out["lifetime_kg_before"].abs()
    moved = out[~alike | both.isin([one.unit_id for one in changes])]
    order = moved["change_kg"].abs().sort_values(ascending=False, kind="stable").index
    return moved.loc[order].rename_axis("unit_id").reset_index(), tuple(changes)


def _table(path: Path, numbers: Sequence[str]) -> pd.DataFrame:
    """Return a table of a run folder by unit id, which stays a text: 001 and 1 are two units, and NA is one.

    Parameters
    ----------
    path : Path
        The table.
    numbers : sequence of str
        Columns that have to be there, as numbers.
    """
    try:
        content = read_table_bytes(path)
        table = pd.read_csv(BytesIO(content), dtype={ID: str}, keep_default_na=False, na_values=[""], low_memory=False)
        missing = [name for name in (ID, *numbers) if name not in table]
        if missing:
            raise ValueError(f"it has no column {', '.join(missing)}")
        if table[ID].duplicated().any():
            raise ValueError(f"unit {table[ID][table[ID].duplicated()].iloc[0]} is in it twice")
        return table.astype(dict.fromkeys(numbers, np.float64)).set_index(ID)
    except (UnreadableFileError, ValueError) as error:  # errors of the parser are values too
        said = str(error).rstrip(".")
        raise UsageError(
            f"{path}: the table of the run cannot be read ({said}). Run hginv project into this folder again."
        ) from error


def _parts(then: pd.DataFrame, now: pd.DataFrame, change: Floats) -> dict[str, Floats]:
    factors = [_factors(table) for table in (then, now)]
    whole = [np.prod(list(f.values()), axis=0) for f in factors]
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(np.isclose(whole[0], whole[1], rtol=1e-12), whole[0], change / np.log(whole[1] / whole[0]))
        shares = {c: weight * np.log(factors[1][c] / factors[0][c]) for c in CAUSES}
    sound = np.all([np.isfinite(values) for values in shares.values()], axis=0) & np.isfinite(weight)
    parts = _without_rounding({cause: np.where(sound, values, 0.0) for cause, values in shares.items()}, weight)
    missing = [table["hg_in_kg_per_yr"].isna().to_numpy() for table in (then, now)]
    unknown = np.any([table["lifetime_kg"].isna().to_numpy() for table in (then, now)], axis=0)
    unknown &= ~(missing[0] | missing[1])  # the life of the unit became known, or is no more
    parts[YEARS_LEFT] += np.where(unknown, change, 0.0)
    rest = np.where(sound | unknown, 0.0, change)
    parts[ADDED] = np.where(missing[0], rest, 0.0)
    parts[REMOVED] = np.where(missing[1], rest, 0.0)
    parts[ZERO] = np.where(missing[0] | missing[1], 0.0, rest)
    return parts


def _without_rounding(parts: dict[str, Floats], weight: Floats) -> dict[str, Floats]:
    """Return the parts of each unit without those that rounding leaves, which go to its largest part."""
    all_parts = np.array(list(parts.values()))
    kept = np.where(np.abs(all_parts) > ROUNDING * np.abs(weight), all_parts, 0.0)
    largest = np.abs(kept) == np.abs(kept).max(axis=0)
    is_first = largest & (largest.cumsum(axis=0) == 1) & (kept != 0.0)
    kept += np.where(is_first, (all_parts - kept).sum(axis=0), 0.0)
    return dict(zip(parts, kept, strict=True))


def _factors(units: pd.DataFrame) -> dict[str, Floats]:
    """Return factors whose product is the remaining mercury of a unit; NaN where one is unknown."""
    amount = units["coal_t_per_yr"].fillna(units["clinker_t_per_yr"]).to_numpy(dtype=np.float64)
    hg_in, air, life = (
        units[c].to_numpy(dtype=np.float64) for c in ("hg_in_kg_per_yr", "air_kg_per_yr", "lifetime_kg")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return dict(zip(CAUSES, (amount, hg_in / amount, air / hg_in, life / air), strict=True))


def _changes(unit: str, then: pd.Series, now: pd.Series) -> list[InputChange]:
    """Return which inputs of a unit in both runs changed, with both values."""
    found = []
    for column in (name for names in DRIVERS.values() for name in names):
        if column != KILN_RATE and (column not in then or column not in now):
            continue
        old, new = (_kiln_rate(row) if column == KILN_RATE else row[column] for row in (then, now))
        if old == new or (pd.isna(old) and pd.isna(new)):
            continue
        if isinstance(old, float) and isinstance(new, float) and math.isclose(old, new, rel_tol=ROUNDING):
            continue
        found.append(InputChange(unit, column, old, new))
    return found


def _kiln_rate(row: pd.Series) -> float:
    """Return the mercury that enters a kiln over its clinker [g/t]; NaN for a coal unit or a kiln without clinker."""
    clinker = float(row["clinker_t_per_yr"])
    return float(row["hg_in_kg_per_yr"]) * 1000.0 / clinker if clinker > 0 else math.nan


def _causes(units: pd.DataFrame) -> pd.DataFrame:
    names = [name for name in (*CAUSES, ADDED, REMOVED, ZERO) if name in units]
    return pd.DataFrame(
        {
            "cause": names,
            "units": [int((units[name].abs() > 0).sum()) for name in names],
            "change_kg": [float(units[name].sum()) for name in names],
        }
    )
