"""Sound files that the fuzzer starts from: two fleet workbooks and tracker tables."""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MILLION_TONNES = "Capacity (millions metric tonnes per annum)"
DOCS = Path(__file__).parents[1] / "docs"
MAPPING_BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAPPING = MAPPING_BLOCK.findall((DOCS / "trackers.md").read_text("utf-8"))[0]  # the one that users see
TABLES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "gem-coal": [
        {
            "GEM unit/phase ID": f"G10000{n}", "GEM location ID": "L100", "Country/Area": "Indonesia",
            "Plant name": "PLTU Contoh", "Unit name": f"Unit {n}", "Owner": "PT Contoh",
            "Capacity (MW)": 300 + n, "Status": status, "Start year": start, "Retired year": "",
            "Planned retirement": retirement,
            "Combustion technology": "subcritical", "Coal type": "lignite", "Latitude": -6.5, "Longitude": 106.9,
            "Captive": "power", "Capacity factor": 0.6, "Heat rate (Btu per kWh)": 9500,
        }
        for n, (status, start, retirement) in enumerate(
            [("operating", "1998", "2040"), ("construction", "2027-2029", ""), ("retired", "", "2015")], 1
        )
    ],
    "gem-cement": [
        {
            "GEM Plant ID": f"P10{n}", "GEM Asset name (English)": "Batu cement plant", "Coordinates": "-6.5, 106.9",
            "Country/Area": "Indonesia", f"Cement {MILLION_TONNES}": 2.5, f"Clinker {MILLION_TONNES}": clinker,
            "Operating status": "operating", "Start date": 1998, "Owner name (English)": "PT Contoh",
            "Plant type": "integrated", "Production type": "dry", "CCS/CCUS": "no", "Alternative Fuel": "unknown",
            "Clay Calcination": "n/a",
        }
        for n, clinker in enumerate((1.8, ">0", "unknown"), 1)
    ],
    "wri-power": [
        {
            "country": "IDN", "country_long": "Indonesia", "name": "PLTU Contoh", "gppd_idnr": f"WRI100000{n}",
            "capacity_mw": 800, "latitude": -6.5, "longitude": 106.5, "primary_fuel": "Coal", "other_fuel1": "Oil",
            "commissioning_year": "2011.4", "owner": "PLN", "generation_gwh_2016": "4000.5",
        }
        for n in range(3)
    ],
    "epa-needs": [
        {
            "Plant Name": "Exemplar", "UniqueID_Final": f"9901_B_{n}", "Boiler/Generator/Committed Unit": "B",
            "Unit ID": n, "PlantType": "Coal Steam", "State Name": "Indiana", "Capacity (MW)": "500.0",
            "Heat Rate (Btu/kWh)": "10000", "On Line Year": "1970", "Retirement Year": "9999", "Firing": "tangential",
            "Modeled Fuels": "Bituminous", "Wet/DryScrubber": "Wet Scrubber", "NOx Comb Control": "LNC2",
            "NOx Post-Comb Control": "SCR", "PM Control": "ESPC", "Hg EMF for BIT": "0.1", "Hg EMF for SUB": "0.84",
            "Hg EMF for LIG": "0.56",
        }
        for n in range(3)
    ],
    "csv": [
        {
            "Name": f"PLTU Contoh é {n}", "Output": "600.000,5", "Year": 1998, "State": "aktif", "Hg": "57,5",
        }
        for n in range(3)
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Seed:
    """A sound file: how it is read (``fleet`` or a kind of tracker), and its bytes."""

    kind: str
    suffix: str
    content: bytes


def seeds(folder: Path) -> list[Seed]:
    """Return the files to start from, made in a folder."""
    made = [
        Seed("fleet", ".xlsx", full_fleet(folder / "full.xlsx")),
        Seed("fleet", ".xlsx", bare(folder / "bare.xlsx")),
    ]
    for kind, rows in TABLES.items():
        path = folder / f"{kind}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        made.append(Seed(kind, ".csv", path.read_bytes()))
        made.append(Seed(kind, ".xlsx", as_workbook(rows, folder / f"{kind}.xlsx")))
    return made


def full_fleet(path: Path) -> bytes:
    """Return a workbook of the template with two units, a kiln, a fuel and a measurement."""
    from hginventory.inputs.template.writer import Contents, write_contract

    coal = {
        "unit_id": "A-1", "plant": "A", "unit": "1", "country": "IDN", "latitude": -6.5, "longitude": 106.9,
        "status": "operating", "start_year": 2010, "capacity_gross": 300, "fuel_id": "F1", "boiler": "PC",
        "pm_control": "ESPc", "so2_control": "wFGD", "moisture": 0.25, "source_id": "S1",
    }  # fmt: skip
    kiln = {
        "unit_id": "K-1",
        "plant": "K",
        "country": "IDN",
        "clinker_capacity": 1e6,
        "start_year": 1999,
        "source_id": "S1",
    }
    rows: dict[str, Sequence[Mapping[str, Any]]] = {
        "Coal_units": [coal, {**coal, "unit_id": "A-2", "unit": "2", "capacity_gross": 600}],
        "Cement_kilns": [kiln],
        "Fuels": [{"fuel_id": "F1", "hg_coal": 0.06, "hg_basis": "ar", "source_id": "S1"}],
        "Activity": [{"unit_id": "A-1", "year": 2023, "variable": "generation_gross", "value": 1800, "unit": "GWh"}],
        "Sources": [{"source_id": "S1", "citation": "A report, 2025"}],
    }
    sheets = ("Coal_units", "Cement_kilns", "Fuels", "Activity", "Measurements", "Factors", "Sources")
    return write_contract(path, Contents({"country": "IDN", "data_year": 2024}, rows), sheets=sheets).read_bytes()


def bare(path: Path) -> bytes:
    """Return a workbook of one sheet with formulas, dates, merged cells, hidden rows, texts in the cells."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Coal_units")
        day = book.add_format({"num_format": "d/m/yyyy"})
        sheet.write_row(0, 0, ["unit_id", "plant", "country", "capacity_gross", "start_year", "removal", "note"])
        for row in range(1, 5):
            sheet.write_row(row, 0, [f"A-{row}", "A", "IDN", "1,000" if row == 3 else 300 * row])
            sheet.write_datetime(row, 4, datetime.datetime(2000 + row, 1, 1), day)
            sheet.write_formula(row, 5, "=0.1*2", None, 0.2)
            sheet.write_string(row, 6, "total <b> & more")
        sheet.merge_range(6, 0, 7, 2, "merged")
        sheet.set_row(8, None, None, {"hidden": True})
    return path.read_bytes()


def as_workbook(rows: Sequence[Mapping[str, Any]], path: Path) -> bytes:
    """Return a table as a workbook."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Units")
        sheet.write_row(0, 0, list(rows[0]))
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, [str(value) if isinstance(value, str) else value for value in row.values()])
    return path.read_bytes()
