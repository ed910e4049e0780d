"""One page about a plant: who and what it is, what it emits, what can be done, what to ask on a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from hginventory.decisions.limits import check_limits
from hginventory.decisions.options import NO, Catalogue, UnitOption, option_row
from hginventory.decisions.plants.plant_shortlist import PlantCandidate
from hginventory.decisions.ranking import cells_to_fill
from hginventory.model import AIR, limits_in_table
from hginventory.projection import pathways_of, subset

SHOWN_UNITS = (
    "unit", "status", "start_year", "end_year", "capacity_gross_mw", "clinker_t_per_yr", "boiler", "coal_type",
    "train", "hg_coal_mg_per_kg", "hg_origin", "train_origin", "removal", "air_kg_per_yr", "lifetime_kg",
)  # fmt: skip
GAPS = 5
EU = "EU"


@dataclass(frozen=True)
class Dossier:
    """One page about a plant, as data.

    Attributes
    ----------
    plant : PlantCandidate
        Who it is and why it was chosen.
    location : mapping of str to object
        country, admin1, latitude, longitude.
    units : DataFrame
        Its units that run.
    goes_to : mapping of str to float
        Pathway -> mercury of all its units [kg/yr].
    options : tuple of UnitOption
        What can be done at its first unit, the first step of the rules first.
    limits : DataFrame
        Its first unit compared with the limits of its country and of the EU.
    gaps : DataFrame
        Cells worth filling first.
    questions : tuple of str
        What to look at on a visit.
    terms : str
        Terms of the costs.
    """

    plant: PlantCandidate
    location: dict[str, Any]
    units: pd.DataFrame
    goes_to: dict[str, float]
    options: tuple[UnitOption, ...]
    limits: pd.DataFrame
    gaps: pd.DataFrame
    questions: tuple[str, ...]
    terms: str

    def as_dict(self) -> dict[str, Any]:
        """Return the page as plain data, for JSON."""
        return {
            "plant": asdict(self.plant),
            "place": self.location,
            "units": self.units.reset_index().to_dict("records"),
            "goes_to_kg_per_yr": self.goes_to,
            "options": [asdict(option) for option in self.options],
            "limits": self.limits.to_dict("records"),
            "gaps": self.gaps.to_dict("records"),
            "questions": list(self.questions),
            "terms": self.terms,
        }


def dossier(catalogue: Catalogue, plant: PlantCandidate) -> Dossier:
    """Return the page of a plant.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run.
    plant : PlantCandidate
        The plant, as from `shortlist` or `candidates`.
    """
    projection = catalogue.projection
    own = projection.units.loc[list(plant.units)]
    read = projection.fleet.units.loc[plant.units[0]]
    first = plant.units[0]
    options = tuple(option for option in catalogue.of_unit(first) if option.applies != NO)
    went = pathways_of(projection.mass_balance).loc[list(plant.units)].sum()
    known = {limit.country for limit in limits_in_table(projection.library)}
    laws = [country for country in dict.fromkeys((plant.country, EU)) if country in known]
    checked = check_limits(projection, limits_in_table(projection.library, laws))
    gaps = cells_to_fill(subset(projection, projection.units.index.isin(plant.units)), GAPS)
    return Dossier(
        plant=plant,
        location={name: read[name] for name in ("country", "admin1", "latitude", "longitude")},
        units=own[list(SHOWN_UNITS)],
        goes_to={
            "air": float(own["air_kg_per_yr"].sum()),
            **{str(name): float(kg) for name, kg in went.iloc[AIR.stop :].items()},
        },
        options=options,
        limits=checked[checked["unit_id"] == first].reset_index(drop=True),
        gaps=gaps,
        questions=_questions(options, gaps),
        terms=catalogue.prices.statement([plant.country], [plant.sector]),
    )


def dossier_tables(pages: Sequence[Dossier], catalogue: Catalogue) -> dict[str, pd.DataFrame]:
    """Return the tables of several pages, by the name of their file."""
    options = [
        {"plant": page.plant.plant, **option_row(option, catalogue.prices.terms)}
        for page in pages
        for option in page.options
    ]
    return {
        "dossier_units": pd.concat([page.units.reset_index().assign(plant=page.plant.plant) for page in pages]),
        "dossier_options": pd.DataFrame(options),
        "dossier_limits": pd.concat([page.limits for page in pages]),
        "dossier_gaps": pd.concat([page.gaps for page in pages]),
    }


def _questions(options: Sequence[UnitOption], gaps: pd.DataFrame) -> tuple[str, ...]:
    """Return what to look at, from what options need and what cells are blank."""
    asked: dict[str, None] = {}
    for row in gaps.to_dict("records"):
        name = row["unit"] if isinstance(row["unit"], str) else row["unit_id"]
        asked[f"{row['column']} of {name} ({row['lifetime_kg']:,.0f} kg depend on it)"] = None
    for option in options:
        for check in option.checks:
            asked[f"{check} (for {option.option})"] = None
    return tuple(asked)
