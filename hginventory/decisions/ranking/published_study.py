"""A published study compared with this inventory, and the inputs that explain the difference. Nothing is tuned."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.data_files import data_folder
from hginventory.decisions.ranking.interval import Interval
from hginventory.decisions.ranking.ranking import KG_PER_T, share_of_top
from hginventory.decisions.ranking.study_findings import (
    PlantMean,
    StudyPlant,
    StudyRow,
    StudyTotal,
    StudyVariant,
    study_plants,
)
from hginventory.decisions.ranking.study_sentences import study_sentences
from hginventory.decisions.ranking.unit_certainty import DEFAULT_DRAWS, DEFAULT_SEED, Certainty, certainty, check_draws
from hginventory.errors import UsageError
from hginventory.factors import MEASURED, REPORTED
from hginventory.filters import select
from hginventory.inputs.fleet import Fleet
from hginventory.projection import Projection, count_inventory
from hginventory.translations import TranslatableText
from hginventory.uncertainty import project_complying


@dataclass(frozen=True)
class StudyComparison:
    """A study compared with a run.

    Attributes
    ----------
    title : str
        The study.
    units : int
        Units selected.
    rows : tuple of StudyRow
        Quantities: shares of the top units, then totals of a year.
    variants : tuple of StudyVariant
        Changed inputs or selections, with what the top units of the first row account for then.
    plants : tuple of StudyPlant
        The plants that the study names, and where they rank here.
    totals : tuple of StudyTotal
        Published totals of a year, taken apart into activity and mercury per electricity.
    sentences : tuple of TranslatableText
        What the numbers say about the difference.
    projection : Projection
        The run of the selection.
    """

    title: str
    units: int
    rows: tuple[StudyRow, ...]
    variants: tuple[StudyVariant, ...]
    plants: tuple[StudyPlant, ...]
    totals: tuple[StudyTotal, ...]
    sentences: tuple[TranslatableText, ...]
    projection: Projection

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a table: quantity, published, ours, ours_p05, ours_p50, ours_p95, source."""
        return pd.DataFrame([row.as_dict() for row in self.rows])

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, for JSON."""
        return {
            "title": self.title,
            "units": self.units,
            "rows": [row.as_dict() for row in self.rows],
            "variants": [asdict(variant) for variant in self.variants],
            "plants": [asdict(plant) for plant in self.plants],
            "totals": [asdict(total) for total in self.totals],
            "sentences": list(self.sentences),
        }


def compare_with_study(
    fleet: Fleet, study: str, *, draws: int = DEFAULT_DRAWS, seed: int = DEFAULT_SEED
) -> StudyComparison:
    """Return a fleet compared with a bundled study: the study's selection, base year and rule, our inputs.

    Parameters
    ----------
    fleet : Fleet
        The fleet the study is about.
    study : str
        A file of scenarios/studies.
    draws, seed : int
        Draws of the uncertain factors, and their seed; 0 draws: central values only.

    Raises
    ------
    UsageError
        If there is no such study, or the fleet has no unit of it.

    Examples
    --------
    >>> import hginventory as hg
    >>> comparison = compare_with_study(hg.read_fleet("indonesia"), "icsc", draws=0)
    >>> comparison.rows[0].published
    'over 45 %'
    """
    check_draws(draws, seed)
    described = load_study(study)
    options = {"base_year": described["base_year"], "rule": described["rule"], "where": described["where"]}
    if not select(fleet.units.reset_index(), described["where"]).any():
        raise UsageError(
            f"the fleet has no unit of the study {study!r}, {described['title']}. Leave it out.",
            parameter="study",
        )
    central = project_complying(fleet, **options)
    lifetime, annual = _totals(central)
    drawn = {n: certainty(central, draws=draws, seed=seed, top=n) for n in described["top"]} if draws else {}
    published = {row["top"]: row for row in described["published"] if "top" in row}
    rows = [
        StudyRow.of_share(n, published.get(n, {}), share_of_top(lifetime, n), _own_share(drawn.get(n)))
        for n in described["top"]
    ]
    others = [row for row in described["published"] if "annual_t" in row]
    of_year = _drawn_total(drawn[described["top"][0]]) if drawn else None
    rows += [StudyRow.of_total(row, annual, of_year) for row in others]
    top, units = described["top"][0], count_inventory(central.units).counted
    means = _plant_means(project_complying(fleet, base_year=described["base_year"], rule=described["rule"]))
    variants = tuple(_variant(fleet, variant, options, top, means) for variant in described["variant"])
    first = drawn.get(top)
    plants = study_plants(central.units, described.get("plant", ()), first.units if first else None)
    totals = tuple(StudyTotal.of(central.units, row) for row in others)
    return StudyComparison(
        title=described["title"],
        units=units,
        rows=tuple(rows),
        variants=variants,
        plants=plants,
        totals=totals,
        sentences=study_sentences(central, rows, variants, plants, totals),
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


def _variant(
    fleet: Fleet, variant: Mapping[str, Any], options: Mapping[str, Any], top: int, means: pd.Series[float]
) -> StudyVariant:
    cleared: Sequence[str] = variant.get("clear", ())
    changed, plants = fleet, PlantMean.of(means)
    left = None
    if cleared:
        chosen = select(fleet.units.reset_index(), variant["where"])
        changed = fleet.cleared(chosen, cleared)
        if "hg_coal" in cleared:
            left = PlantMean.of(means.drop(_plants(fleet.units[chosen]), errors="ignore"))
    where = " and ".join(f"({part})" for part in (options["where"], variant.get("select")) if part)
    run = project_complying(changed, **{**options, "where": where})
    values, total = _totals(run)
    return StudyVariant(
        variant["name"], count_inventory(run.units).counted, share_of_top(values, top), total, plants, left
    )


def _totals(projection: Projection) -> tuple[Floats, float]:
    units = projection.units
    return units["lifetime_kg"].to_numpy(dtype=np.float64), float(units["air_base_year_kg"].sum()) / KG_PER_T


def _plants(units: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(units[["country", "plant"]].drop_duplicates())


def _plant_means(whole: Projection) -> pd.Series[float]:
    """Return the coal mercury of plants that report their own, by country and plant [mg/kg, as received]."""
    units = whole.units[whole.units["hg_origin"].isin([MEASURED, REPORTED])]
    return units.groupby(["country", "plant"])["hg_coal_mg_per_kg"].mean()


def _own_share(sure: Certainty | None) -> Interval | None:
    """Return the share of each draw's own largest units; a study is of one list of units."""
    return None if sure is None else next(iter(sure.lists.values())).own_share


def _drawn_total(sure: Certainty) -> Interval:
    """Return the mercury of the base year [t]: the first total of the draws."""
    row = sure.totals.iloc[0]
    return Interval(*(float(row[name]) / KG_PER_T for name in ("mean", "p05", "p50", "p95")))
