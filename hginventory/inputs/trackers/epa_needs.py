"""National Electric Energy Data System of the US EPA (NEEDS v6): coal units with their controls.

Capacity is net. Heat rates are on gross calorific value and become net efficiencies with factor rows. Mercury
factors (EMF, the share of the coal's mercury that leaves the stack) are those of EPA's planning model, not tests.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hginventory.inputs.fleet import Fleet
from hginventory.inputs.source_tables import AS_FOUND, Layout, TableOptions, open_table
from hginventory.inputs.trackers.common import Filters, Tracker, build
from hginventory.inputs.trackers.draft_unit import DraftUnit
from hginventory.inputs.trackers.releases import find_release
from hginventory.inputs.trackers.report import ImportReport
from hginventory.vocabulary import (
    BOILERS,
    COAL_TYPES,
    CONTROL_GROUPS,
    DEVICES,
    NONE,
    UNKNOWN,
    UnknownCodeError,
    fold,
    parse_train,
)

NAME = "National Electric Energy Data System (NEEDS)"
ID, PLANT, UNIT, KIND, STATE = "uniqueid_final", "plant name", "unit id", "planttype", "state name"
COMMITTED = "boiler/generator/committed unit"
CAPACITY, HEAT_RATE = "capacity (mw)", "heat rate (btu/kwh)"
START, RETIREMENT, FIRING, FUELS = "on line year", "retirement year", "firing", "modeled fuels"
SCRUBBER, DSI, PM, MERCURY = "wet/dryscrubber", "dsi unit", "pm control", "mercury_controls"
NOX_COMBUSTION, NOX_POST = "nox comb control", "nox post-comb control"
EMF = {"bituminous": "hg emf for bit", "subbituminous": "hg emf for sub", "lignite": "hg emf for lig"}
CAPTURE, TO_GAS, TO_GAS_YEAR = "ccs", "c2g", "c2g online year"
MARKS = ((ID, CAPACITY, KIND),)
USED = frozenset(
    (ID, PLANT, UNIT, KIND, STATE, COMMITTED, CAPACITY, HEAT_RATE, START, RETIREMENT, FIRING, FUELS, SCRUBBER, DSI, PM,
     MERCURY, NOX_COMBUSTION, NOX_POST, *EMF.values(), CAPTURE, TO_GAS, TO_GAS_YEAR)
)  # fmt: skip
LAYOUT = Layout(
    USED.__contains__, (PLANT,), (CAPACITY, HEAT_RATE, *EMF.values()), (START, RETIREMENT, TO_GAS_YEAR), "point"
)
_YEAR_OF_CONTROL = "year of a control: the unit is taken as it is"
REASONS = {
    **dict.fromkeys(
        ("scrubber_online_year", "scr_online_year", "sncr_online_year", "aci_online_year", "dsi online year"),
        _YEAR_OF_CONTROL,
    ),
    **dict.fromkeys(
        ("scrubber efficiency", "mercury_controls efficiency", "hcl removal", "ccs removal"),
        "of another gas, or of one device only",
    ),
    **dict.fromkeys(
        (
            "oris plant code", "camd database unitid", "combustion turbine/ic engine", "region name", "state code",
            "county", "county code", "fips5", "bottom", "cogen?", "fluegasconditioning_flag",
            "so2 permit rate (lbs/mmbtu)", "mode 1 nox rate (lbs/mmbtu)", "mode 2 nox rate (lbs/mmbtu)",
            "mode 3 nox rate (lbs/mmbtu)", "mode 4 nox rate (lbs/mmbtu)", "bart affected unit",
        ),
        "not needed",
    ),
}  # fmt: skip
COAL_KINDS = {"coal steam": None, "igcc": "IGCC"}  # plant type -> boiler, where it tells
NOT_COAL = "the plant type is not coal"
NO_RETIREMENT = 9999
_PM = {"b": "FF", "espc": "ESPc", "esph": "ESPh", "c": "CYC", "ws": "WS", "wesp": "WESP"}
_SO2 = {"wet scrubber": "wFGD", "dry scrubber": "SDA", "reagent injection": "DSI"}
_NO = frozenset({"", "no", "n", "none"})
Efficiency = Callable[[float, str], float]


def read_epa_needs(
    path: Path, filters: Filters, efficiency: Efficiency, options: TableOptions = AS_FOUND
) -> tuple[Fleet, ImportReport]:
    """Return the coal units of a NEEDS file, and what was done.

    Parameters
    ----------
    path : Path
        The .xlsx or .csv file.
    filters : Filters
        Which units are wanted.
    efficiency : callable
        Heat rate [Btu/kWh, gross calorific value] and coal type -> net efficiency [1, net calorific value].
    options : TableOptions
        What the user says of the file.

    Raises
    ------
    UnreadableFileError
        If the file has no such table.
    UsageError
        If a filter cannot be used, or leaves no unit.
    """
    table = open_table(path, MARKS, f"the {NAME}", layout=LAYOUT, options=options)
    source = {
        "source_id": "epa-needs",
        "citation": f"US Environmental Protection Agency, {NAME}; release as in the file name {path.name}",
        "url": "https://www.epa.gov/power-sector-modeling/national-electric-energy-data-system-needs",
        "licence": "US government work, public domain",
        "note": f"read from {path.name}, sheet {table.sheet}",
    }
    release = find_release(table)
    settings = {"fleet_name": f"{NAME}: coal", **({"data_year": release.year} if release else {})}
    tracker = Tracker("epa-needs", "Coal_units", NAME, source, settings, USED, REASONS)
    return build(tracker, table, lambda draft: _unit(draft, efficiency), filters)


def _unit(draft: DraftUnit, efficiency: Efficiency) -> None:
    values = draft.values
    kind = fold(draft.text(KIND))
    if kind not in COAL_KINDS:
        draft.left_out = NOT_COAL
    values["country"] = "USA"
    for name, column in (("unit_id", ID), ("plant", PLANT), ("unit", UNIT), ("admin1", STATE)):
        if text := draft.text(column):
            values[name] = text
    draft.is_status_stated = fold(draft.text(COMMITTED)) == "c"
    values["status"] = "construction" if draft.is_status_stated else "operating"
    if (capacity := draft.number(CAPACITY)) is not None:
        values["capacity_net"] = capacity
    draft.year("start_year", START)
    if draft.left_out:
        return
    values["boiler"] = COAL_KINDS[kind] or BOILERS.match(draft.text(FIRING)) or UNKNOWN
    _coal_end(draft)
    ranks = _coal(draft)
    rate = draft.number(HEAT_RATE)
    if rate is not None and rate > 0:
        values["net_efficiency"] = round(efficiency(rate, values["coal_type"]), 4)
        draft.notes.append(f"Heat rate in the source: {rate:g} Btu/kWh, net, gross calorific value.")
    _controls(draft)
    _removal(draft, ranks)


def _coal_end(draft: DraftUnit) -> None:
    """Fill the last year: 9999 means none, and a conversion to gas ends the burning of coal."""
    years = []
    for column in (RETIREMENT, TO_GAS_YEAR):
        year = draft.stated_year(column)[0]
        if year is not None and year != NO_RETIREMENT:
            years.append(year)
    if years:
        draft.values["planned_retirement"] = min(years)
    if fold(draft.text(TO_GAS)) not in _NO:
        words = f"{draft.text(TO_GAS)} {draft.text(TO_GAS_YEAR).removesuffix('.0')}".strip()
        draft.notes.append(f"Conversion to gas: {words}.")
        draft.note("N814", TO_GAS, words)
    if fold(draft.text(CAPTURE)) not in _NO:
        draft.notes.append("Carbon capture marked in the source.")
        draft.note("N806", CAPTURE, draft.text(CAPTURE))


def _coal(draft: DraftUnit) -> list[str]:
    """Fill the coal type where there is one coal, and return all coals that the planning model may burn."""
    given = draft.text(FUELS)
    fuels = [part.strip() for part in given.split(",") if part.strip()]
    ranks = [rank for fuel in fuels if (rank := COAL_TYPES.match(fuel)) and rank != UNKNOWN]
    if len(fuels) == len(ranks) == 1:
        draft.values["coal_type"] = ranks[0]
        return ranks
    draft.values["coal_type"] = UNKNOWN
    if given:
        draft.notes.append(f"Fuels in the source: {given} (no shares).")
        draft.note("N804", FUELS, f"fuels {given!r}")
    return ranks


def _controls(draft: DraftUnit) -> None:
    """Fill the control columns; blank means no device, except for dust, where every unit has one."""
    values = draft.values
    values["pm_control"] = _devices(draft, PM, _PM, "pm_control") or UNKNOWN
    scrubbers = {_devices(draft, SCRUBBER, _SO2, "so2_control"), "" if fold(draft.text(DSI)) in _NO else "DSI"} - {
        "",
        None,
    }
    values["so2_control"] = parse_train("+".join(sorted(filter(None, scrubbers)))) if scrubbers else NONE
    post = draft.text(NOX_POST)
    burners = "" if fold(draft.text(NOX_COMBUSTION)) in _NO else "LNB"
    values["nox_control"] = _train(draft, NOX_POST, "+".join(filter(None, (burners, post)))) or NONE
    values["hg_control"] = _train(draft, MERCURY, draft.text(MERCURY)) or NONE
    blank = [name for name, column in (("so2", SCRUBBER), ("nox", NOX_POST), ("hg", MERCURY)) if not draft.text(column)]
    if blank:
        draft.note("N815", SCRUBBER, f"blank: {', '.join(blank)}")


def _devices(draft: DraftUnit, column: str, codes: dict[str, str], group: str) -> str | None:
    """Return the train of a cell of joined words; None where it is blank or contains an unknown word."""
    parts = [fold(part) for part in draft.text(column).split("+") if part.strip()]
    found = {part: codes.get(part) or DEVICES.match(part) for part in parts}  # the tracker's own words first
    if any(code not in CONTROL_GROUPS[group] for code in found.values()):
        draft.notes.append(f"{column} in the source: {draft.text(column)}.")
        draft.note("W807", column, f"{draft.text(column)!r}", allowed=f"known: {', '.join(codes)}")
        return None
    return parse_train("+".join(filter(None, found.values()))) if found else None


def _train(draft: DraftUnit, column: str, text: str) -> str | None:
    if not text:
        return None
    try:
        return parse_train(text)
    except UnknownCodeError as error:
        draft.notes.append(f"{column} in the source: {text}.")
        draft.note("W807", column, str(error))
        return UNKNOWN


def _removal(draft: DraftUnit, ranks: list[str]) -> None:
    """Fill the removal, 1 - EMF, where the coals that may be burned have one EMF."""
    factors = {rank: draft.number(EMF[rank]) for rank in ranks if rank in EMF}
    numbers = {value for value in factors.values() if value is not None}
    if not numbers:
        return
    if len(numbers) > 1 or len(factors) < len(ranks):
        shown = ", ".join(f"{rank} {value}" for rank, value in factors.items())
        draft.notes.append(f"Share of mercury leaving the stack (EMF) in the source: {shown}.")
        draft.note("N813", EMF[next(iter(factors))], f"EMF {shown}")
        return
    factor = numbers.pop()
    draft.values["removal"] = round(1.0 - factor, 6)
    draft.values["removal_basis"] = "coal_to_stack"
    draft.values["data_quality"] = "removal from the planning model of US EPA, not from a test"
    draft.note("N812", EMF[next(iter(factors))], f"EMF {factor:g}, removal {1.0 - factor:g}")
