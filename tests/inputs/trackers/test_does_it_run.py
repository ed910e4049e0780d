"""The state of a unit: closed units, states in words of any language, units never built, and years of the past."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import hginventory as hg
from hginventory.errors import UsageError
from hginventory.importing import import_tracker

NEEDS = [
    "Plant Name",
    "UniqueID_Final",
    "PlantType",
    "Capacity (MW)",
    "On Line Year",
    "Retirement Year",
    "Modeled Fuels",
]
GEM = ["GEM unit/phase ID", "Country/Area", "Plant name", "Unit name", "Capacity (MW)", "Status", "Start year",
       "Retired year", "Planned retirement", "Coal type"]  # fmt: skip
MAPPING = """
source = {{ source_id = "reg", citation = "A register" }}
settings = {{ country = "IDN", data_year = 2025 }}
[columns]
plant = "Plant"
capacity_gross = "MW"
{more}
"""


@pytest.fixture
def register(book: Callable[..., Path], tmp_path: Path) -> Callable[..., Any]:
    """Return a function that reads a table of Plant, MW and other columns by a mapping of these."""

    def run(head: str, cells: list[Any], more: str = "", sheet: str = "Units", name: str = "units.xlsx") -> Any:
        mapping = tmp_path / "map.toml"
        mapping.write_text(MAPPING.format(more=more), encoding="utf-8")
        rows = [["Plant", "MW", head], *([f"P{number}", 100, cell] for number, cell in enumerate(cells))]
        return import_tracker("csv", book({sheet: rows}, name=name), mapping=mapping, statuses=("all",))

    return run


def gem(*units: Mapping[str, Any]) -> list[list[Any]]:
    """Return a table of the coal tracker: a unit of 100 MW with changes, one a row."""
    usual = {"Country/Area": "Vietnam", "Plant name": "An", "Capacity (MW)": 100, "Status": "operating",
             "Start year": 2000, "Coal type": "anthracite"}  # fmt: skip
    numbered = (
        {"GEM unit/phase ID": f"G{n}", "Unit name": f"Unit {n}", **usual, **unit} for n, unit in enumerate(units)
    )
    return [GEM, *([unit.get(name) for name in GEM] for unit in numbered)]


@pytest.mark.parametrize(
    ("name", "years", "states"),
    [
        ("needs.csv", [2018, 2020, 9999, 2090], ["retired", "retired", "operating", "operating"]),
        ("needs_2019-06-01.csv", [2018, 2020, 9999], ["retired", "operating", "operating"]),  # a plan at that time
        ("NEEDS_retired.csv", [9999, None, 2018, 2050], ["retired", "retired", "retired", "operating"]),
        ("NEEDS v6_Retired_Through2021.csv", [None, 2017], ["retired", "retired"]),
        ("decommissioned units.csv", [None], ["retired"]),
        ("not retired.csv", [None], ["operating"]),
        ("active and retired.csv", [None, 2001], ["operating", "retired"]),
    ],
)
def test_a_unit_whose_retirement_has_passed_is_retired(
    table: Callable[..., Path], name: str, years: list[int | None], states: list[str]
) -> None:
    rows = [["Plant", f"1_B_{n}", "Coal Steam", 100, 1980, year, "Bituminous"] for n, year in enumerate(years)]
    fleet, report = import_tracker("epa-needs", table([NEEDS, *rows], name=name))
    assert fleet.units["status"].tolist() == states
    told = sum(f.count for f in report.findings if f.code == "W821")
    assert told == states.count("retired")
    run = hg.project(fleet, draws=0).units
    assert (run.loc[fleet.units["status"] == "retired", "air_base_year_kg"] == 0).all()


@pytest.mark.parametrize(
    ("sheet", "name"),
    [
        ("Retired", "list.xlsx"), ("Units retired", "list.xlsx"), ("Sheet1", "closed_plants.xlsx"),
        ("Pensiun", "pltu.xlsx"), ("Stillgelegte Anlagen", "liste.xlsx"), ("Tabelle1", "Kraftwerke stillgelegt.xlsx"),
        ("Sheet1", "已退役.xlsx"), ("Retirements", "2024.xlsx"),
    ],
)  # fmt: skip
def test_a_list_of_closed_units_is_no_list_of_units_that_run(
    register: Callable[..., Any], sheet: str, name: str
) -> None:
    fleet, report = register("Start", [1970, 1980], 'start_year = "Start"', sheet, name)
    assert fleet.units["status"].tolist() == ["retired", "retired"]
    assert next(f.count for f in report.findings if f.code == "W821") == 2


def test_a_register_without_states_closes_units_by_their_year(register: Callable[..., Any]) -> None:
    fleet, _ = register("End", [2018, 2025, 2040, None], 'planned_retirement = "End"')
    assert fleet.units["status"].tolist() == ["retired", "operating", "operating", "operating"]


WORDS = {
    "operating": ["In Operation", "beroperasi", "en operación", "en service", "em operação", "действующая", "İŞLETMEDE",
                  "运行", "đang vận hành", "in Betrieb", "działający", "dzialajacy"],
    "retired": ["shut down", "ditutup", "cerrada", "fermé", "desativada", "Выведен из эксплуатации", "kapatıldı",
                "已退役", "đã đóng cửa", "endgültig stillgelegt", "zamknięty"],
    "construction": ["under construction", "konstruksi", "en construcción", "en construction", "em construção",
                     "строится", "inşaat halinde", "在建", "đang xây dựng", "im Bau", "w budowie"],
    "cancelled": ["canceled", "dibatalkan", "anulado", "annulé", "cancelada", "отменён", "iptal edildi", "取消",
                  "đã hủy",
                  "abgebrochen", "anulowany", "cancelled - inferred 4 y"],
    "mothballed": ["idle", "tidak beroperasi", "fuera de servicio", "hors service", "inativa", "в консервации",
                   "faal değil", "封存", "tạm ngừng", "außer Betrieb", "nieczynny"],
    "shelved": ["on hold", "ditunda", "aplazado", "reporté", "adiado", "отложен", "ertelendi", "搁置", "tạm hoãn",
                "zurückgestellt", "wstrzymany", "shelved - inferred 2 y"],
}  # fmt: skip


@pytest.mark.parametrize("status", WORDS)
def test_states_are_read_in_many_languages(register: Callable[..., Any], status: str) -> None:
    fleet, report = register("Zustand", WORDS[status], 'status = "Zustand"')
    assert fleet.units["status"].tolist() == [status] * len(WORDS[status])
    assert not report.left_out


@pytest.mark.parametrize("more", ["", 'admin1 = "State"'])
@pytest.mark.parametrize("words", [["Operating", "Retired"], ["operasi", "pensiun"], ["en service", "fermé"]])
def test_a_column_of_states_counts_under_any_name(register: Callable[..., Any], more: str, words: list[str]) -> None:
    fleet, report = register("State", words, more)
    assert fleet.units["status"].tolist() == ["operating", "retired"]
    assert fleet.units["admin1"].isna().all()
    assert "N338" in {f.code for f in report.findings}
    provinces, _ = register("State", ["Ohio", "Retired"], more)
    assert provinces.units["status"].tolist() == ["operating", "operating"]


@pytest.mark.parametrize("head", ["State", "Zustand", "Betriebszustand", "Situación", "现状"])
@pytest.mark.parametrize("words", [["Operating", "Retired"], ["运行", "已退役"]])
def test_a_workbook_with_its_states_in_another_column(book: Callable[..., Path], head: str, words: list[str]) -> None:
    rows = [["plant", "capacity_gross", "country", head], ["A", 100, "IDN", words[0]], ["B", 100, "IDN", words[1]]]
    fleet = hg.read_fleet(book({"Coal_units": rows}))
    assert fleet.units["status"].tolist() == ["operating", "retired"]
    assert [f.code for f in fleet.findings if f.code in ("N338", "N309", "W303")] == ["N338"]


@pytest.mark.parametrize("cells", [["Ohio", "Texas"], ["Ohio", "retired"]])
def test_a_column_of_provinces_stays_one(book: Callable[..., Path], cells: list[str]) -> None:
    rows = [["plant", "capacity_gross", "country", "State"], *(["A", 100 + n, "USA", c] for n, c in enumerate(cells))]
    fleet = hg.read_fleet(book({"Coal_units": rows}))
    assert fleet.units["admin1"].tolist() == cells
    assert "N309" in {f.code for f in fleet.findings}


def test_units_never_built_are_left_out_unless_asked_for(table: Callable[..., Path]) -> None:
    path = table(gem({}, *({"Status": s} for s in ("cancelled", "Shelved ", "announced", "retired", "cancelled"))))
    fleet, report = import_tracker("gem-coal", path)
    assert fleet.units["status"].tolist() == ["operating", "announced", "retired"]
    assert report.never_built == {"shelved": 1, "cancelled": 2}
    for statuses, kept in (
        (("all",), 6),
        (("ALL", "operating"), 6),
        (("cancelled",), 2),
        (("operating", "shelved"), 2),
    ):
        _, report = import_tracker("gem-coal", path, statuses=statuses)
        assert (report.kept, report.never_built) == (kept, {})
    with pytest.raises(UsageError, match=r"2 cancelled, kept only with `statuses='all'`"):
        import_tracker("gem-coal", path, where="status == 'cancelled' and start_year > 1900 and capacity_gross > 1000")


def test_the_year_of_retirement_of_a_closed_unit_is_kept(table: Callable[..., Path]) -> None:
    fleet, _ = import_tracker(
        "gem-coal",
        table(
            gem(
                {"Status": "retired", "Retired year": 2015},
                {"Status": "retired", "Retired year": 2015, "Planned retirement": 2040},
                {"Planned retirement": 2040},
            )
        ),
    )
    assert fleet.units["planned_retirement"].tolist() == [2015, 2015, 2040]
    assert "W419" not in {f.code for f in fleet.findings}


@pytest.mark.parametrize(
    ("year", "running"),
    [
        (1999, []),
        (2000, [0, 1, 2, 4]),
        (2010, [0, 1, 2, 3, 4]),
        (2015, [0, 1, 3, 4]),
        (2016, [0, 1, 3]),
        (2025, [0, 3]),
    ],
)
def test_the_fleet_of_a_past_year(table: Callable[..., Path], year: int, running: list[int]) -> None:
    path = table(
        gem(
            {},
            {"Status": "retired", "Retired year": 2020},
            {"Status": "retired", "Retired year": 2012},
            {"Start year": 2010},
            {"Status": "retired", "Retired year": 2015},
            {"Status": "retired"},  # since when is not said
            {"Status": "construction", "Start year": 2024},
            {"Status": "cancelled", "Start year": 1990},
        ),
        name="gcpt_2026-01.csv",
    )
    if not running:
        with pytest.raises(UsageError, match="no unit is left"):
            import_tracker("gem-coal", path, in_year=year)
        return
    fleet, report = import_tracker("gem-coal", path, in_year=year)
    assert [int(name[1:]) for name in fleet.units.index] == running
    assert set(fleet.units["status"]) == {"operating"}
    assert fleet.settings["base_year"].value == year
    assert report.kept + len(report.left_out) == 8
    assert report.left_out_by_reason["it is retired, and the source does not say since when"] == 1
    assert (hg.project(fleet, draws=0).units["air_base_year_kg"] > 0).all()


@pytest.mark.parametrize(("year", "mw"), [(2005, [100]), (2010, [100]), (2015, [60])])
def test_of_a_converted_unit_the_state_of_the_year_counts(
    table: Callable[..., Path], year: int, mw: list[float]
) -> None:
    earlier = {"Unit name": "Unit 1, timepoint 1", "Status": "retired", "Retired year": 2010}
    fleet, _ = import_tracker(
        "gem-coal", table(gem(earlier, {"Unit name": "Unit 1", "Capacity (MW)": 60})), in_year=year
    )
    assert fleet.units["capacity_gross"].tolist() == mw


def test_a_year_that_the_tracker_does_not_reach_is_refused(table: Callable[..., Path]) -> None:
    with pytest.raises(UsageError, match=r"^in_year: .*what runs in 2030 is not known"):
        import_tracker("gem-coal", table(gem({}), name="gcpt_2026-01.csv"), in_year=2030)


def test_a_past_year_of_needs_has_the_units_retired_since(table: Callable[..., Path]) -> None:
    rows = [["P", f"1_B_{n}", "Coal Steam", 100, 1980, year, "Lignite"] for n, year in enumerate((2012, 2018, 9999))]
    fleet, _ = import_tracker("epa-needs", table([NEEDS, *rows], name="NEEDS_retired.csv"), in_year=2015)
    assert fleet.units["planned_retirement"].iloc[0] == 2018
    assert set(fleet.units["status"]) == {"operating"}
