"""Build fleets/indonesia.xlsx from collected facts: for maintainers.

    python tools/build_indonesia.py --facts FOLDER   # from collected facts
    python tools/build_indonesia.py                  # the same rows in the template of today

Rules, so that only what somebody reported enters:

- Coal capacity: PLN and captive units state the tracker's nameplate, so it is gross; the contracts of the
  independent producers state net output. Both are filled where a page gives the other one too.
- Net efficiency of the unit where it is reported; else that of its plant, from the CO2 per MWh that PLN reports.
- Coal mercury, coal type and controls only where a source reports them for the unit. Assumed
  controls are ``unknown``, which is not ``none``. The capacity factor of the country and rule-made heat rates stay out.
- Start years as in the tracker with its known errors mended; a second opinion stands in the note.
- Kilns: what is assumed stays blank, except capacity and start year, without which there would be no example.
  Rows based on them say so in data_quality, and the notice in Settings reaches every report. Positions and, by the
  rules of `indonesia_cement_plants`, capacities are those of the plant in the cement tracker; notes say which.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from build_world_cement import WORDS
from hginventory.data_files import data_folder
from hginventory.inputs.bundled import read_fleet
from hginventory.inputs.fleet import CC_BY
from hginventory.inputs.template import Contents, write_contract, write_fleet
from hginventory.vocabulary import KILN_TYPES, UNKNOWN, parse_train
from indonesia_cement_plants import GCCT, Match, assumed_of, is_open, matches, tracker_plants
from indonesia_controls import boiler_of, page_of, reported_controls
from indonesia_efficiencies import Efficiencies

BUNDLED = data_folder("fleets") / "indonesia.xlsx"
KEPT = {  # assumed columns of kilns that enter all the same -> column of the workbook
    "clinker_capacity_t_per_yr": "clinker_capacity", "start_year": "start_year", "status": "status",
}  # fmt: skip
GCPT, CREA, PLN, GENERAL = "gem-gcpt-2026-01", "crea-idn-master-list", "pln-cofiring-by-plant", "general-knowledge"
PAGES = "pages-on-plants"
NOTICE = (
    "The cement kilns are an example, mostly based on general knowledge: for most kilns start year, dust filter and "
    "capacity are assumed. Capacities of plants were compared with the cement tracker. Do not quote kiln results as an "
    "inventory."
)
READ_ME = (
    "Indonesia: coal-fired units of 30 MW and more, and an example of cement kilns",
    "303 coal units, operating or under construction, from the Global Coal Plant Tracker, January 2026 release, "
    "Global Energy Monitor, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). Columns were renamed and "
    "rearranged, known errors of start years corrected, and other sources added; the notes say where.",
    "Coal mercury (53 units of 19 plants), net efficiency (9 units), controls (93 units, some in part) and boilers come "
    "from the master list of Indonesian plants of the Centre for Research on Energy and Clean Air (CREA), as facts. "
    "Controls of 6 more units are from pages on their plants, named in the notes. "
    "Net efficiency of 57 more units (26 plants) follows from the CO2 per MWh that PLN reports of their plants.",
    "A blank cell means that no value was reported: the program uses a default value from its factor tables and "
    "reports it. The word unknown is a value and does not mean none. Generation of single units is not public.",
    NOTICE,
    "49 of the 50 kilns belong to 24 plants of the Global Cement and Concrete Tracker, July 2025 (V1) release, Global "
    "Energy Monitor, CC BY 4.0, reduced and changed by us: their positions and the capacity of 6 plants are the tracker's; "
    "the note of each kiln says what it gives.",
    "Capacity of PLN units and captive plants is gross, that of independent producers net of own use.",
    "Built by tools/build_indonesia.py; licence of this file: CC BY 4.0, with the attributions above.",
)
SOURCES = (
    {"source_id": GCPT, "citation": "Global Energy Monitor, Global Coal Plant Tracker, January 2026 release",
     "url": "https://globalenergymonitor.org/projects/global-coal-plant-tracker/", "licence": "CC BY 4.0"},
    {"source_id": CREA, "citation": "Centre for Research on Energy and Clean Air, master list of Indonesian coal plants "
     "(repository energyandcleanair/creapuff)", "url": "https://github.com/energyandcleanair/creapuff",
     "note": "facts only: boilers, controls, coal mercury, efficiency, start years"},
    {"source_id": PLN, "citation": "PLN, biomass co-firing by plant: CO2 per MWh, as kept in the repository "
     "energyandcleanair/creapuff", "url": "https://github.com/energyandcleanair/creapuff", "note": "facts only: net efficiency"},
    {"source_id": GENERAL, "citation": "General knowledge of the compilers (company reports, trade press), unverified"},
    {"source_id": PAGES, "citation": "Pages of owners, contractors and newspapers on single plants; named in the notes"},
    {"source_id": GCCT, "citation": WORDS[1].removesuffix("."),
     "url": "https://globalenergymonitor.org/projects/global-cement-and-concrete-tracker/", "licence": CC_BY,
     "note": f"{WORDS[0]} {WORDS[-1]}"},
    {"source_id": "pages-on-kilns", "citation": "Pages of companies, suppliers and newspapers on cement plants; see each note"},
)  # fmt: skip
REMARKS = (
    ("Suralaya", "hg", "176 ug/kg is one value for the plant, far above the others (mean of 19 plants 66): check it, and run without it."),
    ("Ombilin", "hg", "The value is among the lowest; the ICSC study looked at this plant as a high one."),
    ("Asam-Asam", "", "Start years of units 1-2 and 3-4 were exchanged in the tracker and are corrected here."),
    ("Batu Hijau", "", "Past its announced retirement, reported as operating."),
)  # fmt: skip


def main() -> None:
    """Read the command line and write the workbook."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--facts", type=Path, help="folder with the files of facts; left out: the rows of the bundled fleet"
    )
    parser.add_argument("--out", type=Path, default=BUNDLED, help="workbook to write")
    options = parser.parse_args()
    build(options.out, options.facts)


def build(out: Path, folder: Path | None = None) -> None:
    """Write the workbook from a folder of facts, or with the rows that the bundled fleet has."""
    if folder is None:
        renew(BUNDLED, out, READ_ME, NOTICE)
        return
    efficiencies = Efficiencies(folder)
    kilns = facts(folder, "indonesia_cement_kilns")
    found = matches(kilns, tracker_plants())
    tables = {
        "Coal_units": [coal_row(fact, efficiencies) for fact in facts(folder, "indonesia_coal_units")],
        "Cement_kilns": [kiln_row(fact, i, found[fact["plant"]]) for i, fact in enumerate(kilns, 1)],
        "Sources": SOURCES,
    }
    settings = {
        "fleet_name": "Indonesia, coal units of 30 MW and more and cement kilns (example)",
        "country": "IDN", "base_year": 2026, "data_year": 2026, "rule": "icsc_40", "entry_into_force": datetime.date(2017, 12, 21),
        "notice": NOTICE,
    }  # fmt: skip
    write_contract(out, Contents(settings, tables, READ_ME), overwrite=True)


def renew(bundled: Path, out: Path, about: Sequence[str], notice: str = "") -> None:
    """Write a bundled fleet with its rows in the template of today, and with a notice where one is given."""
    fleet = read_fleet(bundled)
    if notice:
        fleet = replace(fleet, settings=fleet.settings | {"notice": replace(fleet.settings["notice"], value=notice)})
    with tempfile.TemporaryDirectory() as place:  # a workbook that was read is never written to
        shutil.move(write_fleet(fleet, Path(place) / bundled.name, about=about), out)


def facts(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a file of facts."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float | int | None:
    if not text:
        return None
    value = float(text)
    return int(value) if value.is_integer() else value


def coal_row(fact: dict[str, str], efficiencies: Efficiencies) -> dict[str, Any]:
    """Return the row of a coal unit; the efficiency of the unit itself comes before that of its plant."""
    net, gross = _capacities(fact)
    mercury = _number(fact["coal_hg_ppb"])
    second = fact["start_year_crea"]
    notes = [text for name, kind, text in REMARKS if name in fact["plant"] and (kind != "hg" or mercury)]
    if second and fact["start_year"] and second != fact["start_year"]:
        notes.append(f"Another source starts it in {second}.")
    if fact["biomass_cofiring"]:
        notes.append(f"Biomass co-firing: {fact['biomass_cofiring'].lower()}.")
    if fact["captive_industry"]:
        notes.append(f"Serves: {fact['captive_industry']}.")
    rank = fact["coal_rank"] if fact["coal_rank_basis"].startswith("reported") else UNKNOWN
    of_unit, of_plant, words = _number(fact["net_efficiency"]), None, ""
    if of_unit is None:
        of_plant, words = efficiencies.of(fact["plant"], fact["unit"], rank)
    notes += [words] if words else []
    controls = reported_controls(fact)
    page = page_of(fact)
    if page:
        notes.append(f"Boiler or controls: {page}.")
    in_crea = set(controls.values()) != {UNKNOWN} and not page
    from_crea = mercury is not None or of_unit is not None or in_crea
    sources = (GCPT, CREA if from_crea else "", PLN if of_plant is not None else "", PAGES if page else "")
    return {
        "unit_id": fact["gem_unit_id"],
        "plant": fact["plant"],
        "unit": fact["unit"],
        "country": "IDN",
        "admin1": fact["province"],
        "owner": re.sub(r"\s*\[100%\]", "", fact["owner"]),
        "latitude": float(fact["lat"]),
        "longitude": float(fact["lon"]),
        "status": fact["status"],
        "start_year": _number(fact["start_year"]),
        "planned_retirement": _number(fact["planned_retirement_year"]),
        "capacity_gross": gross,
        "capacity_net": net,
        "net_efficiency": of_plant if of_unit is None else of_unit,
        "technology": fact["steam_technology"],
        "boiler": boiler_of(fact),
        "coal_type": rank,
        "hg_coal": round(mercury / 1000, 6) if mercury is not None else None,
        "hg_basis": "as_received" if mercury is not None else None,
        **controls,
        "captive": "yes" if fact["owner_class"] == "captive" else "no",
        "source_id": "; ".join(filter(None, sources)),
        "note": " ".join(notes),
    }


def _capacities(fact: dict[str, str]) -> tuple[float | int | None, float | int | None]:
    """Return net and gross capacity [MW]; one of them is blank unless a page gives both."""
    stated = _number(fact["capacity_mw"])
    both = re.search(r"(\d{3,4}) MW net, (\d{3,4}) MW gross|(\d{3,4}) MW is net \(2 x (\d{4}) MW gross", fact["note"])
    if both:
        net, gross = (int(group) for group in both.groups() if group)
        return net, gross
    return (stated, None) if fact["owner_class"] == "IPP" else (None, stated)


def kiln_row(fact: dict[str, str], number: int, match: Match) -> dict[str, Any]:
    """Return the row of a kiln, with the position and capacity that its plant has in the tracker."""
    assumed, plant = assumed_of(fact), match.plant
    is_scaled = match.scale != 1.0 and is_open(fact)
    clinker = _number(fact["clinker_capacity_t_per_yr"])
    sources = ("pages-on-kilns", GENERAL if assumed & {*KEPT} else "", GCCT if plant else "")
    marks = [name for field, name in KEPT.items() if field in assumed]
    kiln_type = KILN_TYPES.match(fact["kiln_type"]) if "kiln_type" not in assumed else None
    return {
        "unit_id": f"IDN-K{number:02d}",
        "plant": fact["plant"],
        "unit": fact["kiln_line"],
        "country": "IDN",
        "admin1": fact["province"],
        "owner": fact["owner"],
        "latitude": plant.latitude if plant else float(fact["lat"]),
        "longitude": plant.longitude if plant else float(fact["lon"]),
        "status": fact["status"],
        "start_year": _number(fact["start_year"]),
        "kiln_type": kiln_type,
        "clinker_capacity": round(clinker * match.scale, -3) if clinker and is_scaled else clinker,
        "cement_capacity": None if "cement_capacity_t_per_yr" in assumed else _number(fact["cement_capacity_t_per_yr"]),
        "controls": UNKNOWN if "pm_control" in assumed else parse_train(fact["pm_control"]).replace("ESPc", "ESP"),
        "data_quality": f"assumed: {', '.join(marks)}" if marks else "",
        "source_id": "; ".join(filter(None, sources)),
        "note": match.note(is_scaled),
    }


if __name__ == "__main__":
    main()
