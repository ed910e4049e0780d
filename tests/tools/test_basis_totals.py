"""Totals with and without the inferred basis: only rows that are inferred change, each by the moisture of its coal."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import basis_totals
from hginventory.factors import load_library

HEADER = (
    "GEM unit/phase ID", "Country/Area", "Plant name", "Unit name", "Owner", "Capacity (MW)", "Status", "Start year",
    "Combustion technology", "Coal type", "Latitude", "Longitude",
)  # fmt: skip
PLANTS = (
    ("G1", "Türkiye", "Lignite", 39.0, 32.0),
    ("G2", "China", "Bituminous", 35.0, 110.0),
    ("G3", "Ukraine", "Bituminous", 49.0, 32.0),
    ("G4", "Chile", "Subbituminous", -30.0, -70.0),
    ("G5", "Serbia", "Lignite", 44.5, 20.5),
    ("G6", "Serbia", "Unknown", 44.6, 20.4),
    ("G7", "India", "Lignite", 11.5, 79.5),
    ("G8", "Mongolia", "Subbituminous", 47.9, 106.8),
)


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    """Return a small release of the tracker."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Units"
    sheet.append(HEADER)
    for unit, country, coal, north, east in PLANTS:
        sheet.append((unit, country, f"P{unit}", "1", "O", 300, "operating", 2005, "subcritical", coal, north, east))
    book.save(tmp_path / "tracker.xlsx")
    return tmp_path / "tracker.xlsx"


def test_inferred_rows_change_by_the_moisture_of_their_coal(tracker: Path) -> None:
    table = basis_totals.totals(tracker, 2026)
    ratio = table["with_kg"] / table["without_kg"]
    library = load_library()
    for country, rank in (("TUR", "lignite"), ("SRB", "lignite"), ("MNG", "subbituminous")):
        own = f"coal_heating_value/moisture/{country}/{rank}"
        world = f"coal_heating_value/moisture/WLD/{rank}"
        ids = library.table("coal_heating_value").by_id
        moisture = ids.get(own, ids[world]).number()
        assert ratio[country] == pytest.approx(1.0 - moisture, rel=2e-3), country
    for country in ("CHN", "UKR", "IND", "CHL"):  # not tied, stated by its source, not tied, imported
        assert ratio[country] == pytest.approx(1.0), country
    assert table.loc["all", "with_kg"] == pytest.approx(table["with_kg"].drop("all").sum())


def test_only_rows_in_doubt_are_put_back() -> None:
    library = load_library()
    ids = [override.factor_id for override in basis_totals.without_inference(library, {})]
    assert len(ids) == 77
    assert all(library.row(row_id).source_id == basis_totals.SAMPLES for row_id in ids)


def test_table_names_countries_that_change(tracker: Path) -> None:
    table = basis_totals.totals(tracker, 2026)
    assert len(basis_totals.markdown(table, 0.0).splitlines()) == 2 + len(table)
    named = [line.split(" | ")[0] for line in basis_totals.markdown(table, 1e-6).splitlines()[2:]]
    assert sorted(named) == ["| MNG", "| SRB", "| TUR", "| all"]
