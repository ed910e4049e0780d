"""`hginv fleet` lists what is bundled and writes a workbook to fill in; every command takes the same names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import hginventory as hg

CITATION = "Global Energy Monitor, Global Coal Plant Tracker, January 2026 release"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
SMALL = "MNG"  # some ten units


def test_list_shows_countries_groups_workbooks_and_whom_to_name(hginv: Callable[..., Any]) -> None:
    out = " ".join(hginv("fleet", "list").out.split())
    assert "VNM Vietnam 74" in out
    assert all(word in out for word in ("EU27", "ASEAN", "world", "tracker:IDN", CITATION, LICENCE, "30 MW and more"))
    told = json.loads(hginv("fleet", "list", "--json").out)["data"]
    assert told["workbooks"] == ["india", "indonesia"]
    assert len(told["groups"]["EU27"]) == 27
    assert {row["fleet"] for row in told["countries"]} >= {"VNM", "ZAF", "POL", "IDN"}


def test_list_in_indonesian(hginv: Callable[..., Any]) -> None:
    out = " ".join(hginv("fleet", "list", "--lang", "id").out.split())
    assert "ZAF Afrika Selatan" in out
    assert "30 MW ke atas" in out


def test_export_writes_the_workbook_that_gives_the_same_run(hginv: Callable[..., Any]) -> None:
    done = hginv("fleet", "export", "mongolia", "-o", "mongolia.xlsx")
    assert done.code == 0
    assert "hg_coal" in done.out
    book = openpyxl.load_workbook("mongolia.xlsx")
    front = " ".join(str(cell.value) for row in book["Read_me"].iter_rows() for cell in row if cell.value)
    assert CITATION in front
    assert LICENCE in front
    named, written = hg.project(SMALL, draws=0), hg.project("mongolia.xlsx", draws=0)
    assert named.units.equals(written.units)
    assert named.projection.settings.notice == written.projection.settings.notice
    assert named.projection.fleet.attributions == written.projection.fleet.attributions


def test_export_in_indonesian_writes_the_notice_in_it(hginv: Callable[..., Any]) -> None:
    hginv("fleet", "export", SMALL, "-o", "mongolia.xlsx", "--lang", "id")
    assert "30 MW ke atas" in str(hg.read_fleet("mongolia.xlsx").settings["notice"].value)


def test_export_replaces_no_file_unless_asked(hginv: Callable[..., Any]) -> None:
    Path("taken.xlsx").write_bytes(b"")
    assert hginv("fleet", "export", SMALL, "-o", "taken.xlsx").code == 2
    assert hginv("fleet", "export", SMALL, "-o", "taken.xlsx", "--overwrite").code == 0


def test_a_run_of_a_country_says_what_it_is_what_it_lacks_and_whom_it_names(hginv: Callable[..., Any]) -> None:
    done = hginv("project", "--fleet", "mongolia", "--draws", "50", "--full")
    out = " ".join(done.out.split())
    assert "Read bundled fleet tracker:MNG:" in out
    assert "Coal-fired units of 30 MW and more only: smaller units and cement kilns are missing." in out
    assert f"Data: {CITATION}, CC BY 4.0 ({LICENCE}). Copyright © Global Energy Monitor." in out
    assert "Reduced and changed by hginventory" in out
    assert "hginv fleet export tracker:MNG -o MNG.xlsx" in out
    folder = Path("hginv-out") / SMALL
    (one,) = json.loads((folder / "run.json").read_text(encoding="utf-8"))["fleet"]["attributions"]
    assert (one["citation"], one["url"]) == (CITATION, LICENCE)
    book = openpyxl.load_workbook(folder / "results.xlsx")
    summary = " ".join(str(cell.value) for row in book["Summary"].iter_rows() for cell in row if cell.value)
    assert CITATION in summary
    assert "30 MW and more" in summary
    assert "30 MW ke atas" in " ".join(hginv("project", "--fleet", SMALL, "--lang", "id", "--draws", "0").out.split())


def test_page_plan_and_figures_name_the_source(hginv: Callable[..., Any]) -> None:
    hginv("project", "--fleet", SMALL, "--draws", "50", "-q")
    folder = f"hginv-out/{SMALL}"
    assert hginv("report", folder, "--format", "html").code == 0
    page = Path(folder, "report.html").read_text(encoding="utf-8")
    assert CITATION in page
    assert LICENCE in page
    assert hginv("report", folder, "--format", "plan").code == 0
    assert CITATION in Path(folder, "plan", "plan.md").read_text(encoding="utf-8")
    for figure in hg.project(SMALL, draws=0).figures().values():
        assert f"Data: {CITATION}, CC BY 4.0." in " ".join(figure.bare()["title"]["subtitle"]).replace("\xa0", " ")


@pytest.mark.parametrize("command", ["rank", "limits", "options --plants", "sensitivity", "validate", "explain #1"])
def test_every_command_takes_the_name_of_a_country(hginv: Callable[..., Any], command: str) -> None:
    draws = () if command in ("validate", "explain #1") else ("--draws", "100")
    done = hginv(*command.split(), "--fleet", "Монгол", *draws)
    assert done.code == 0, done.err


@pytest.mark.parametrize("command", ["project", "rank", "limits", "validate", "shortlist", "finance"])
def test_every_command_proposes_names_like_an_unknown_one(hginv: Callable[..., Any], command: str) -> None:
    done = hginv(command, "--fleet", "vietnm")
    assert done.code == 4
    assert "Did you mean Vietnam (VNM)?" in done.err


def test_units_of_the_tracker_have_no_workbook_to_mark_or_to_add_results_to(hginv: Callable[..., Any]) -> None:
    for arguments in (("validate", "--marked", "m.xlsx"), ("project", "--into", "m.xlsx", "--draws", "0")):
        done = hginv(*arguments, "--fleet", SMALL)
        assert done.code == 2
        assert "hginv fleet export" in done.err


def test_a_file_of_the_name_of_a_bundled_fleet_is_read_and_that_is_told(hginv: Callable[..., Any]) -> None:
    hginv("fleet", "export", SMALL, "-o", "mongolia.xlsx")
    Path("mongolia.xlsx").rename("mongolia")
    out = " ".join(hginv("project", "--fleet", "mongolia", "--draws", "0").out.split())
    assert "mongolia is a file here, so the bundled fleet tracker:MNG of the same name was not read." in out


def test_a_run_folder_of_a_country_opens_again(hginv: Callable[..., Any]) -> None:
    hginv("project", "--fleet", SMALL, "--draws", "0", "-q")
    assert hginv("run", "verify", f"hginv-out/{SMALL}").code == 0
    assert hginv("explain", "#1", "--fleet", f"hginv-out/{SMALL}").code == 0


THREE = pd.DataFrame(
    {
        "plant": ["P", "P", "Q", "R"],
        "country": ["VNM", "VNM", "POL", "IDN"],
        "capacity_gross": [600.0, 300.0, 900.0, 100.0],
        "start_year": [2010, 2015, 2005, 2020],
    }
)


def test_a_run_of_several_countries_writes_and_shows_them(hginv: Callable[..., Any]) -> None:
    hg.write_fleet(hg.fleet_from_frame(THREE, settings={"base_year": 2026}), "some.xlsx")
    done = hginv("project", "--fleet", "some.xlsx", "--draws", "100", "--full")
    assert "Countries by remaining-lifetime emissions" in done.out
    assert "Vietnam" in done.out
    written = pd.read_csv("hginv-out/some/countries.csv")
    assert {"country", "units", "lifetime_kg", "lifetime_kg_p05", "lifetime_kg_p95", "rank_p05"} <= set(written)
    assert {"lifetime_kg_p05", "rank_p95"} <= set(pd.read_csv("hginv-out/some/plants.csv"))
    assert "Countries" in openpyxl.load_workbook("hginv-out/some/results.xlsx").sheetnames
    hginv("report", "hginv-out/some", "--format", "html")
    page = Path("hginv-out/some/report.html").read_text(encoding="utf-8")
    assert '<section id="countries"' in page
    assert "<td>Vietnam</td>" in page
    ranked = hginv("rank", "--fleet", "some.xlsx", "--by-country", "--draws", "100")
    assert "Largest countries" in ranked.out
    assert hginv("rank", "--fleet", "some.xlsx", "--by-country", "--plants").code == 2


def test_countries_of_each_sector_are_a_list_of_their_own(hginv: Callable[..., Any]) -> None:
    out = hginv("project", "--fleet", "tracker:ASEAN", "--draws", "0", "--full").out
    assert "\nCountries by remaining-lifetime emissions" in out
    done = hginv("project", "--fleet", "ASEAN+cement", "--draws", "0", "--full")
    assert done.code == 0, done.err
    assert "\nCoal units: countries by remaining-lifetime emissions" in done.out
    assert "Cement kilns: countries" not in done.out  # the remaining life of no kiln is known
