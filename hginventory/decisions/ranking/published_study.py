"""A published study beside our numbers, and which inputs the difference hangs on. Nothing is tuned."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.data_files import data_folder
from hginventory.decisions.ranking.ranking import KG_PER_T, share_of_top
from hginventory.errors import UsageError
from hginventory.filters import select
from hginventory.inputs.fleet import Fleet
from hginventory.projection import Projection, count_inventory, in_inventory, project_fleet

MEASURES = "share of the remaining mercury of the top"
ANNUAL = "mercury to air in the base year [t]"
STATED = ("measured", "reported")  # origins of a number of the fleet itself


@dataclass(frozen=True)
class StudyRow:
    """One quantity, published and ours.

    Attributes
    ----------
    quantity : str
        What is compared.
    published : str
        As printed; empty where the study prints none.
    ours : float
        Our value, a share [0-1] or tonnes.
    source : str
        Where the published value stands.
    unit : str
        Unit of our value: ``1`` or ``t``.
    """

    quantity: str
    published: str
    ours: float
    source: str
    unit: str = "1"

    @property
    def shown(self) -> str:
        """Our value in words: a share in percent, an amount in tonnes."""
        return f"{self.ours:.1%}" if self.unit == "1" else f"{self.ours:.3f} {self.unit}"

    def as_dict(self) -> dict[str, Any]:
        """Return quantity, published, ours and source, as in tables."""
        return {"quantity": self.quantity, "published": self.published, "ours": self.ours, "source": self.source}


@dataclass(frozen=True)
class StudyComparison:
    """A study beside a run.

    Attributes
    ----------
    title : str
        The study.
    units : int
        Units selected.
    rows : tuple of StudyRow
        Quantities.
    variants : mapping of str to float
        Changed inputs -> share of the top units of the first row [0-1].
    variant_totals_t : mapping of str to float
        Changed inputs -> mercury in the base year [t].
    sentences : tuple of str
        What the numbers say about the difference.
    projection : Projection
        The run of the selection.
    """

    title: str
    units: int
    rows: tuple[StudyRow, ...]
    variants: Mapping[str, float]
    variant_totals_t: Mapping[str, float]
    sentences: tuple[str, ...]
    projection: Projection

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a table: quantity, published, ours, source."""
        return pd.DataFrame([row.as_dict() for row in self.rows])

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, for JSON."""
        return {
            "title": self.title,
            "units": self.units,
            "rows": [row.as_dict() for row in self.rows],
            "variants": dict(self.variants),
            "variant_totals_t": dict(self.variant_totals_t),
            "sentences": list(self.sentences),
        }


def compare_with_study(fleet: Fleet, study: str) -> StudyComparison:
    """Set a fleet beside a shipped study: the study's selection, base year and rule, our inputs.

    Parameters
    ----------
    fleet : Fleet
        The fleet the study is about.
    study : str
        A file of scenarios/studies.

    Raises
    ------
    UsageError
        If there is no such study, or the fleet has no unit of it.

    Examples
    --------
    >>> import hginventory as hg
    >>> comparison = compare_with_study(hg.read_fleet("indonesia"), "icsc")
    >>> comparison.rows[0].published
    'over 45 %'
    """
    described = load_study(study)
    options = {"base_year": described["base_year"], "rule": described["rule"], "where": described["where"]}
    if not select(fleet.units.reset_index(), described["where"]).any():
        raise UsageError(
            f"the fleet has no unit of the study {study!r}, {described['title']}. Leave it out.",
            parameter="study",
        )
    central = project_fleet(fleet, **options)
    lifetime, annual = _totals(central)
    published = {row["top"]: row for row in described["published"] if "top" in row}
    rows = [
        StudyRow(f"{MEASURES} {n}", published.get(n, {}).get("text", ""), share_of_top(lifetime, n),
                 published.get(n, {}).get("source", ""))
        for n in described["top"]
    ]  # fmt: skip
    rows += [StudyRow(ANNUAL, r["text"], annual, r["source"], "t") for r in described["published"] if "annual_t" in r]
    top = described["top"][0]
    plants = _plant_means(project_fleet(fleet, base_year=described["base_year"], rule=described["rule"]))
    shares, totals, means = {}, {}, {}
    for variant in described["variant"]:
        mask = select(fleet.units.reset_index(), variant["where"])
        changed = project_fleet(fleet.cleared(mask, variant["clear"]), **options)
        values, total = _totals(changed)
        shares[variant["name"]], totals[variant["name"]] = share_of_top(values, top), total
        if "hg_coal" in variant["clear"]:
            means[variant["name"]] = plants.drop(_plants(fleet.units[mask]), errors="ignore")
    target = published[top]
    return StudyComparison(
        title=described["title"],
        units=count_inventory(central.units).counted,
        rows=tuple(rows),
        variants=shares,
        variant_totals_t=totals,
        sentences=_sentences(central, top, float(target["share"]), shares, described, annual)
        + _mean_sentences(plants, means),
        projection=central,
    )


def load_study(study: str) -> dict[str, Any]:
    """Return the description of a shipped study."""
    folder = data_folder("scenarios") / "studies"
    path = folder / f"{study}.toml"
    if not path.is_file():
        known = sorted(file.stem for file in folder.glob("*.toml"))
        raise UsageError(
            f"there is no study {study!r}. Use one of: {', '.join(known)}.", parameter="study", allowed=known
        )
    return tomllib.loads(path.read_text(encoding="utf-8"))


def harder_run(share: float, target: float) -> float:
    """Return how many times harder the top units must run, against the rest, to reach a target share.

    Parameters
    ----------
    share, target : float
        Share of the top units at equal running, and the share wanted [0-1].

    Examples
    --------
    >>> round(harder_run(0.30, 0.45), 2)
    1.91
    """
    return target / (1.0 - target) * (1.0 - share) / share


def _totals(projection: Projection) -> tuple[Floats, float]:
    units = projection.units
    return units["lifetime_kg"].to_numpy(dtype=np.float64), float(units["air_base_year_kg"].sum()) / KG_PER_T


def _plants(units: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(units[["country", "plant"]].drop_duplicates())


def _plant_means(whole: Projection) -> pd.Series[float]:
    """Return the coal mercury of plants that state their own, by country and plant [mg/kg, as received]."""
    units = whole.units[whole.units["hg_origin"].isin(STATED)]
    return units.groupby(["country", "plant"])["hg_coal_mg_per_kg"].mean()


def _mean_sentences(plants: pd.Series[float], without: Mapping[str, pd.Series[float]]) -> tuple[str, ...]:
    """Say what the plain mean of the plants becomes with the analyses of some of them left out."""
    return tuple(
        f"With {name}, the plain mean of the plants with coal mercury of their own becomes {left.mean():.4f} mg/kg "
        f"({len(left)} plants) instead of {plants.mean():.4f} mg/kg ({len(plants)} plants)."
        for name, left in without.items()
        if 0 < len(left) < len(plants)
    )


def _sentences(
    central: Projection, top: int, target: float, shares: Mapping[str, float], study: Mapping[str, Any], annual: float
) -> tuple[str, ...]:
    units = central.units[in_inventory(central.units)]
    lifetime = units["lifetime_kg"].to_numpy(dtype=np.float64)
    ours = share_of_top(lifetime, top)
    factors = units["capacity_factor"].round(6).nunique()
    out = []
    if factors == 1:
        times = harder_run(ours, target)
        out.append(
            f"All {len(units)} units run at one capacity factor ({units['capacity_factor'].iloc[0]:.2f}), as no "
            f"generation of single units is public. With {top} units at {ours:.0%}, they would have to run {times:.2f} "
            f"times as hard as the rest to reach {target:.0%}: the published concentration can only come from "
            "generation unit by unit."
        )
    for name, share in shares.items():
        out.append(f"With {name}, the top {top} make {share:.1%} instead of {ours:.1%}.")
    own = units["hg_origin"].isin(STATED)
    out.append(
        f"Coal mercury is stated for {int(own.sum())} of the {len(units)} units; the rest take the national mean."
    )
    for row in study["published"]:
        if "annual_t" in row:
            out.append(
                f"Our annual total is {annual / row['annual_t']:.1f} times the {row['annual_t']:g} t of the other "
                "inventory, which used its own coal analyses and generation of 2019."
            )
    return tuple(out)
