"""Ties the stages together: a fleet and its parameters to mercury per unit and year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from hginventory._types import Flags, Floats, Ints, Positions
from hginventory.compliance import compliance_limits, stated_limits
from hginventory.errors import UsageError
from hginventory.factors import (
    Coals,
    FactorLibrary,
    FindingLog,
    Value,
    apply_overrides,
    distant_rows,
    load_library,
    unused_overrides,
)
from hginventory.filters import select
from hginventory.inputs.fleet import Fleet, is_blank, raise_on_errors
from hginventory.model import AIR, PATHWAYS, OperatingYears, operating_years, yearly_emission
from hginventory.projection.coal_sector import project_coal
from hginventory.projection.kiln_sector import project_kilns
from hginventory.projection.plausibility import implausible
from hginventory.projection.result import Projection, subset
from hginventory.projection.retrofit import Retrofit
from hginventory.projection.sector import AshWay, SectorResult, Tier
from hginventory.projection.settings import ProjectionSettings, SetBy, base_year_of, resolve_settings
from hginventory.projection.unit_table import Joined, join, mass_balance, unit_table
from hginventory.translations import TranslatableText
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER

Comply = Callable[[Projection, AshWay, FindingLog], Projection]


def project_fleet(
    fleet: Fleet,
    *,
    base_year: int | None = None,
    rule: str | None = None,
    lifetime_spread: float | None = None,
    profile: str | None = None,
    where: str | None = None,
    combined: bool = False,
    carried: Mapping[str, Mapping[str, Value]] | None = None,
    retrofits: Mapping[str, Retrofit] | None = None,
    coals: Coals | None = None,
    comply: Comply | None = None,
) -> Projection:
    """Compute the mercury of a fleet over its remaining life.

    Parameters
    ----------
    fleet : Fleet
        Units of one or both sectors.
    base_year : int, optional
        First remaining year; default: that of the sheet Settings, else the data year of the fleet.
    rule : str, optional
        Retirement rule of the table `lifetime_rule`; default: Settings, else ``icsc_40``.
    lifetime_spread : float, optional
        Years by which a unit may close earlier or later at most, in the draws; default: Settings, else 0, fixed.
    profile : str, optional
        Removal profile: ``default``, ``epa_emf`` or ``gma_levels``.
    where : str, optional
        Expression over the columns of ``units`` (and ``capacity_mw``, gross where given) that selects
        units. It is applied after every gap is filled, so that it changes no number of a unit.
    combined : bool
        Rank coal units and kilns in one list, not each sector by itself; changes no number of a unit but its rank.
    carried : mapping of str to mapping of str to Value, optional
        Unit -> parameter -> value that stands for what the lookup finds, as what is known of the unit before a change.
    retrofits : mapping of str to Retrofit, optional
        Unit -> how its train came about, where the fleet contains coal units after a change of their train.
    coals : mapping of str to (str, CoalQuality), optional
        Fuels that are in no sheet, as the coal that a unit burned before a change: country and quality.
    comply : callable, optional
        Cuts rates of units at limits that they are known to comply with; `uncertainty.project_complying` gives it.

    Raises
    ------
    DataError
        If the fleet has errors, or a gap that no factor table fills; all of them are named.
    UsageError
        If an option cannot be used.
    """
    year, _ = base_year_of(fleet, base_year)
    library, override_findings = apply_overrides(load_library().in_year(year), fleet)
    beyond_tables = implausible(fleet, library)
    log = FindingLog()
    stated = stated_limits(fleet, library, log)
    found = (*fleet.findings, *override_findings, *beyond_tables, *log.collect())
    raise_on_errors(found)  # first: the lookup relies on sound cells
    settings, rule_of_run = resolve_settings(
        fleet, library, base_year=base_year, rule=rule, lifetime_spread=lifetime_spread, profile=profile, where=where,
        combined=combined,
    )  # fmt: skip
    results = _sectors(fleet, library, settings, log, carried, retrofits, coals)
    raise_on_errors(log.collect())

    read = fleet.units
    operating, construction = (read["status"].eq(status).to_numpy() for status in ("operating", "construction"))
    runs = operating | construction
    years_of_units = operating_years(
        read["start_year"].to_numpy(dtype=np.float64),
        read["planned_retirement"].to_numpy(dtype=np.float64),
        read["lifetime_years"].to_numpy(dtype=np.float64),
        operating,
        construction,
        settings.base_year,
        rule_of_run,
        only_known=read["sector"].eq(CEMENT_KILN).to_numpy(),  # the rules are of power stations
    )
    _note_years(fleet, years_of_units, runs, log)
    _note_captive(fleet, settings, log)

    joined = join(len(read), results)
    measured = tuple(shown for _, result in results for shown in result.measured)
    complies = compliance_limits(
        fleet, stated, joined.columns, joined.factors, joined.hg_in * joined.shares[:, AIR].sum(axis=1),
        joined.tier == Tier.MEASURED, measured, library, log,
    )  # fmt: skip
    years, yearly_kg = _yearly(joined, years_of_units, settings.base_year)
    whole = Projection(
        fleet,
        settings,
        unit_table(fleet, joined, years_of_units, yearly_kg, runs, settings.captive_category),
        mass_balance(joined, read.index, runs),
        joined.tier,
        joined.basis,
        joined.low_class,
        years,
        yearly_kg,
        joined.factors,
        (),
        library,
        measured,
        complies,
    )
    if comply is not None:
        whole = comply(whole, _ash_way(results), log)
    chosen = whole if where is None else _choose(whole, where)
    noted = log.collect(None if where is None else set(chosen.units.index))
    unused = unused_overrides(fleet, joined.factors)
    distant = distant_rows(fleet, library, chosen.units.index.tolist(), chosen.parameters)
    return replace(chosen, findings=(*fleet.findings, *override_findings, *beyond_tables, *unused, *distant, *noted))


def _sectors(
    fleet: Fleet,
    library: FactorLibrary,
    settings: ProjectionSettings,
    log: FindingLog,
    carried: Mapping[str, Mapping[str, Value]] | None,
    retrofits: Mapping[str, Retrofit] | None,
    coals: Coals | None,
) -> list[tuple[Positions, SectorResult]]:
    is_coal = fleet.units["sector"].eq(COAL_POWER).to_numpy()
    results: list[tuple[Positions, SectorResult]] = []
    coal, kilns = np.flatnonzero(is_coal), np.flatnonzero(~is_coal)
    year = settings.base_year
    if coal.size:
        rows = fleet.units.iloc[coal]
        of_coal = project_coal(fleet, rows, library, settings.profile, year, log, carried, retrofits, coals)
        results.append((coal, of_coal))
    if kilns.size:
        results.append((kilns, project_kilns(fleet, fleet.units.iloc[kilns], library, year, log, carried)))
    return results


def _ash_way(results: Sequence[tuple[Positions, SectorResult]]) -> AshWay:
    """Return the way of what a dust collector takes, by the index of a unit of the fleet."""
    of_unit = {int(index): (at, one) for own, one in results for at, index in enumerate(own)}

    def way(index: int) -> Floats:
        at, one = of_unit[index]
        return np.zeros(len(PATHWAYS)) if one.ash_way is None else one.ash_way(at)

    return way


def _yearly(joined: Joined, operating: OperatingYears, base_year: int) -> tuple[Ints, Floats]:
    """Return the years and the mercury to air of each unit in each [kg], shapes (Y,) and (N, Y).

    Years with an activity of their own are periods of one year between those of a normal year.
    """
    air_share = joined.shares[:, AIR].sum(axis=1)
    years = np.arange(base_year, max(int(operating.end.max(initial=base_year)), base_year + 1))
    normal = joined.hg_in * air_share
    periods = {index: _periods(later, float(normal[index]), float(air_share[index]), operating.first[index],
                               operating.end[index]) for index, later in enumerate(joined.later) if later}  # fmt: skip
    shape = (len(normal), max(map(len, periods.values()), default=1))
    amounts, (first, end) = np.zeros(shape), np.full((2, *shape), base_year, dtype=np.int64)
    amounts[:, 0], first[:, 0], end[:, 0] = normal, operating.first, operating.end
    for index, parts in periods.items():
        amounts[index, : len(parts)], first[index, : len(parts)], end[index, : len(parts)] = zip(*parts, strict=True)
    return years, yearly_emission(amounts, first, end, years)


def _periods(
    later: Mapping[int, float], normal: float, air_share: float, begin: int, end: int
) -> list[tuple[float, int, int]]:
    """Return amount to air [kg/yr], first and end year of each period of a unit with years of their own."""
    parts: list[tuple[float, int, int]] = []
    for year in sorted(year for year in later if begin <= year < end):
        parts += [(normal, begin, year), (later[year] * air_share, year, year + 1)]
        begin = year + 1
    return [*parts, (normal, begin, end)]


def _note_years(fleet: Fleet, years: OperatingYears, runs: Flags, log: FindingLog) -> None:
    kinds: Sequence[tuple[str, str, Flags]] = (
        ("W521", "planned_retirement", years.retirement_passed),
        ("W522", "start_year", years.unknown_start),
        ("W531", "start_year", years.unknown_life),
        ("W523", "start_year", years.delayed),
        ("W530", "start_year", years.starts_later),
        ("N524", "start_year", years.past_lifetime),
        ("N526", "status", ~runs),
    )
    for code, column, marked in kinds:
        chosen = fleet.units.loc[marked, column]
        for unit, value in zip(chosen.index, chosen.tolist(), strict=True):
            shown = f"{value:g}" if isinstance(value, float) else str(value)
            text = "" if is_blank(value) else f"{column} {shown}"
            log.add(code, fleet, str(unit), column, found=text)


def _note_captive(fleet: Fleet, settings: ProjectionSettings, log: FindingLog) -> None:
    if settings.origins["captive_category"].set_by is not SetBy.DEFAULT or "captive" not in fleet.units:
        return
    for unit in fleet.units.index[fleet.units["captive"].eq(True)]:
        log.add("N525", fleet, unit, "captive", found=TranslatableText("captive plant"))


def _choose(whole: Projection, where: str) -> Projection:
    """Return the projection of the units that an expression selects."""
    capacity = whole.fleet.units["capacity_mw"]
    chosen = select(whole.units.assign(capacity_mw=capacity), where)
    if not chosen.any():
        raise UsageError(f"no unit of {len(chosen)} fulfils {where!r}. Widen the expression.", parameter="where")
    return subset(whole, chosen)
