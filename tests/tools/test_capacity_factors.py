"""Rows of capacity factors from statistics, verdicts on odd values, Indonesian production and a tracker release."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import capacity_factors as tool
from capacity_factor_spread import MeasuredSpread
from hginventory.factors import FactorLibrary, load_library

SPREAD = MeasuredSpread(0.36, 0.06, 0.54, 0.4, 0.5, 577, 2000)
STATISTICS = """entity,2015,2016,2017,2022,generation_twh,capacity_gw
World,0.55,0.54,0.55,0.56,10266,2106
EU,0.54,0.52,0.52,0.46,448,110
Japan,0.88,0.86,0.849,0.74,348,53
Canada,0.74,0.74,0.72,0.83,35,4.9
Indonesia,0.56,0.57,0.58,0.52,205,44
Ukraine,0.29,0.31,0.25,0.14,25,20
Philippines (the),0.67,0.66,,0.62,65,12
Pakistan,,,0.52,0.26,14,6
"""
VERDICTS = """entity,year,verdict,reason
Japan,2015,drop,holds more than the capacity
Japan,2016,drop,holds more than the capacity
Ukraine,2022,drop,holds mothballed stations
Canada,2022,keep,phase-out
"""
PLN = """year,owner_class,coal_capacity_mw_year_end,coal_production_gwh
2022,own,18000,110000
2022,IPP,14000,80000
2023,own,20000,118000
2023,IPP,16000,90000
2024,own,20000,90000
2024,IPP,16000,70000
"""
UNITS = (
    ("Country/Area", "Status", "Capacity factor"),
    ("Japan", "operating", 0.68),
    ("Japan", "retired", 0),
    ("Canada", "operating", 0.55),
    ("Myanmar", "operating", 0.55),
    ("Indonesia", "operating", 0.64),
    ("Ukraine", "operating", 0.08),
)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Return small files of the four sources."""
    for name, text in (("statistics", STATISTICS), ("verdicts", VERDICTS), ("pln", PLN)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.title = "Units"
    for row in UNITS:
        book.active.append(row)
    book.save(tmp_path / "tracker.xlsx")
    return [*(tmp_path / f"{name}.csv" for name in ("statistics", "verdicts", "pln")), tmp_path / "tracker.xlsx"]


@pytest.fixture
def written(files: list[Path], tmp_path: Path) -> FactorLibrary:
    """Return the tables with rows of the small files."""
    folder = tmp_path / "factors"
    folder.mkdir()
    for file in load_library().folder.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    rows = tool.rows_of(tool.collect(*files), SPREAD)
    tool.write(folder, rows)
    once = (folder / "coal_technology.csv").read_bytes()
    tool.write(folder, rows)
    assert (folder / "coal_technology.csv").read_bytes() == once
    return FactorLibrary(folder)


@pytest.mark.parametrize(
    ("country", "year", "value", "of_year"),
    [
        ("JPN", 2015, 0.74, "2022"),  # 2015 and 2016 are dropped, and with them 2017
        ("JPN", 2026, 0.68, "2025"),
        ("CAN", 2026, 0.83, "2022"),  # the tracker has no number of Canada
        ("CAN", 2016, 0.74, "2016"),
        ("MMR", 2026, 0.55, ""),
        ("MMR", 2015, 0.55, ""),
        ("UKR", 2015, 0.08, "2025"),
        ("IDN", 2015, 0.698, "2023"),
        ("IDN", 2024, 0.698, "2023"),
        ("IDN", 2026, 0.64, "2025"),
        ("PHL", 2017, 0.66, "2016"),
        ("WLD", 2026, 0.56, "2022"),
    ],
)
def test_the_nearest_year_that_is_known_counts(
    written: FactorLibrary, country: str, year: int, value: float, of_year: str
) -> None:
    row = written.in_year(year).row(f"coal_technology/capacity_factor/{country}/any/any/any/any")
    assert (row.value, row.valid_from) == (value, of_year)


def test_rows_are_right_and_other_rows_stay(written: FactorLibrary) -> None:
    written.check_all()
    table, bundled = (library.table("coal_technology").rows for library in (written, load_library()))
    efficiencies = [[row.row_id.partition("#")[0] for row in rows if row.keys["quantity"] == "net_efficiency"]
                    for rows in (table, bundled)]  # fmt: skip
    assert efficiencies[0] == efficiencies[1]
    assert not any(row.keys["country"] == "EU" and row.source_id == tool.EMBER for row in table)


def test_what_is_dropped_or_stands_in_says_so(written: FactorLibrary) -> None:
    rows = [row for row in written.table("coal_technology").rows if row.keys["quantity"] == "capacity_factor"]
    notes = {(row.keys["country"], row.valid_from, row.source_id): row.note for row in rows}
    assert notes["JPN", "2017", tool.EMBER] == "not used: holds more than the capacity"
    assert notes["UKR", "2015", tool.EMBER] == "not used: holds mothballed stations"
    assert notes["IDN", "2022", tool.EMBER].startswith("not used: capacity holds captive plants")
    assert notes["MMR", "", tool.GEM].startswith("fallback of the tracker")
    assert notes["CAN", "", tool.GEM].startswith("fallback of the tracker")
    assert "more than 0.08 off" in notes["PAK", "2017", tool.EMBER]


def test_a_country_without_a_number_of_its_own_is_less_sure(written: FactorLibrary) -> None:
    library = written.in_year(2026)
    japan, world, myanmar = (
        library.row(f"coal_technology/capacity_factor/{country}/any/any/any/any") for country in ("JPN", "WLD", "MMR")
    )
    for row in (world, myanmar):
        room = row.number() * (1.0 - row.number())
        assert (row.spread or 0.0) ** 2 / room > 1.2 * SPREAD.size**2
        assert dict(row.scopes)["country"] > dict(japan.scopes)["country"]
        assert dict(row.scopes)["plant"] * (row.spread or 0.0) ** 2 / room == pytest.approx(0.54 * 0.36**2, rel=0.03)


def test_an_unknown_country_is_no_group(files: list[Path]) -> None:
    files[0].write_text(STATISTICS + "Atlantis,0.5,0.5,0.5,0.5,1,1\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="'Atlantis' is no country known"):
        tool.collect(*files)


FACTS, DATA = Path("/work/shared/facts"), Path("/work/shared/data")
REAL = [
    FACTS / "coal_capacity_factor_by_country_year.csv", FACTS / "coal_capacity_factor_odd_rows.csv",
    FACTS / "indonesia_coal_generation_by_owner_year.csv", DATA / "Global-Coal-Plant-Tracker-January-2026.xlsx",
]  # fmt: skip


def test_the_bundled_rows_are_those_of_the_real_files() -> None:
    if not all(file.exists() for file in REAL):
        pytest.skip("the statistics and the tracker file are not here")
    found = {(one.country, one.year, one.source_id): (one.value, one.use) for one in tool.collect(*REAL)}
    rows = load_library().table("coal_technology").rows
    own = [row for row in rows if row.keys["quantity"] == "capacity_factor"]
    own = [row for row in own if row.source_id in (tool.EMBER, tool.PLN, tool.GEM)]
    bundled = {(row.keys["country"], row.valid_from, row.source_id): (row.value, row.use) for row in own}
    assert bundled == found
    indonesian = [row.number() for row in rows if row.source_id == tool.PLN and row.valid_from >= "2019"]
    assert [round(value, 2) for value in indonesian] == [0.71, 0.69, 0.71, 0.71, 0.68]
