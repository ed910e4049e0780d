"""The main job as a user meets it: what is printed, what is written, and what happens with bad input."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shlex
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hginventory.units import percent

Hginv = Callable[..., Any]
FILES = (
    "coverage.csv", "factors_used.csv", "findings.csv", "gaps.csv", "mass_balance.csv", "plants.csv", "ranking.csv",
    "results.xlsx", "run.json", "run.log", "totals.csv", "trajectory.csv", "units.csv",
)  # fmt: skip
UNITS_COLUMNS = (
    "unit_id", "plant", "unit", "sector", "annex_d_category", "country", "capacity_gross_mw", "capacity_net_mw",
    "clinker_t_per_yr", "start_year", "end_year", "remaining_years", "coal_t_per_yr", "hg_in_kg_per_yr", "removal",
    "air_kg_per_yr", "lifetime_kg", "g_per_gwh", "train", "train_origin", "hg_origin", "activity_origin",
)  # fmt: skip
BALANCE_COLUMNS = (
    "unit_id", "hg_in_kg_per_yr", "air_hg0_kg_per_yr", "air_hg2_kg_per_yr", "air_hgp_kg_per_yr",
    "bottom_ash_kg_per_yr", "fly_ash_kg_per_yr", "fgd_solids_kg_per_yr", "water_kg_per_yr", "product_kg_per_yr",
    "waste_kg_per_yr",
)  # fmt: skip


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def workbook(path: Path, rows: list[list[object]], sheet: str = "Coal_units") -> Path:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    rows: list[list[object]] = [["country", "MW", "start_year"], ["VNM", 622, 2015], ["VNM", 300, 2004]]
    return workbook(tmp_path / "small.xlsx", rows)


def test_main_job_writes_every_file_and_says_what_it_did(hginv: Hginv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    done = hginv("project", "--fleet", "indonesia.xlsx", "--full")
    assert done.code == 0, done.err
    folder = Path("hginv-out/indonesia")
    assert tuple(sorted(path.name for path in folder.iterdir())) == FILES
    assert "Read bundled fleet indonesia: 290 coal units operating in 2026 and 13 under construction" in " ".join(
        done.out.split()
    )
    assert "icsc_40: units close at 40 years" in done.out
    assert "Do not quote kiln results as an inventory." in " ".join(done.out.split())
    assert "Wrote hginv-out/indonesia/" in done.out
    assert "Next: hginv explain" in done.out
    for words in (
        "coal units",
        "cement kilns",
        "both together",
        "coal mercury",
        "activity",
        "heating value",
        "removal",
    ):
        assert words in done.out


def test_columns_of_the_contract_are_there_and_the_balance_closes(hginv: Hginv) -> None:
    hginv("project", "--fleet", "indonesia", "-o", "run", "--quiet")
    units = rows_of(Path("run/units.csv"))
    assert set(UNITS_COLUMNS) <= set(units[0])
    balance = rows_of(Path("run/mass_balance.csv"))
    assert tuple(balance[0]) == BALANCE_COLUMNS
    for row in balance:
        numbers = {name: float(value) for name, value in row.items() if name != "unit_id"}
        total = numbers.pop("hg_in_kg_per_yr")
        assert sum(numbers.values()) == pytest.approx(total, rel=1e-8)
    ranking = rows_of(Path("run/ranking.csv"))
    assert tuple(ranking[0])[:6] == ("rank", "unit_id", "sector", "lifetime_kg", "share", "cumulative_share")
    assert not {"sector_rank", "sector_share"} & set(ranking[0])
    assert float(ranking[-1]["cumulative_share"]) == pytest.approx(1.0)
    assert {"rank_median", "p_top10", "top_class"} <= set(ranking[0])
    assert {"lifetime_kg_p05", "lifetime_kg_p95"} <= set(units[0])
    years = rows_of(Path("run/trajectory.csv"))
    assert sum(float(r["air_kg"]) - float(r["past_age_kg"]) for r in years) == pytest.approx(
        sum(float(u["lifetime_kg"]) for u in units), rel=1e-8
    )


def test_same_inputs_give_the_same_bytes_and_no_time_or_path(hginv: Hginv, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert hginv("project", "--fleet", "indonesia", "-o", name, "-q").code == 0
    for file in FILES:
        if file != "run.log":
            first, second = (Path(name) / file for name in ("a", "b"))
            assert first.read_bytes() == second.read_bytes(), file
    manifest = Path("a/run.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in manifest
    outputs = json.loads(manifest)["outputs"]
    assert set(outputs) == set(FILES) - {"run.json", "run.log"}
    for file, digest in outputs.items():
        assert hashlib.sha256((Path("a") / file).read_bytes()).hexdigest() == digest


def test_draws_and_seed_change_no_central_number(hginv: Hginv) -> None:
    options = {"a": ("--draws", 0), "b": ("--draws", 300, "--seed", 7), "c": ("--draws", 200, "--seed", 8)}
    for name, given in options.items():
        assert hginv("project", "--fleet", "indonesia", "-o", name, "-q", *given).code == 0
    for file in ("units.csv", "ranking.csv"):
        first, *others = (rows_of(Path(name) / file) for name in options)
        for rows in others:
            for central, drawn in zip(first, rows, strict=True):
                assert {column: drawn[column] for column in central} == central
    assert not Path("a/totals.csv").exists()
    assert hginv("project", "--fleet", "indonesia", "--draws", -1).code == 2
    assert hginv("project", "--fleet", "indonesia", "--seed", "one").code == 2


def test_three_columns_give_a_ranking_and_the_cells_to_fill(hginv: Hginv, small: Path) -> None:
    before = small.read_bytes()
    done = hginv("project", "--fleet", small, "--full")
    assert done.code == 0, done.err
    assert "Blank cells worth filling first" in done.out
    assert small.read_bytes() == before
    assert [row["rank"] for row in rows_of(Path("hginv-out/small/ranking.csv"))] == ["1", "2"]


def test_a_path_stands_before_a_bundled_fleet_of_that_name(hginv: Hginv) -> None:
    workbook(Path("indonesia.xlsx"), [["country", "MW", "start_year"], ["IDN", 600, 2015]])
    assert "Read indonesia.xlsx: 1 coal unit operating" in hginv("project", "--fleet", "indonesia.xlsx", "--full").out


def test_rerun_needs_no_flag_but_a_folder_of_somebody_else_does(hginv: Hginv, small: Path) -> None:
    assert hginv("project", "--fleet", small, "-o", "run", "-q").code == 0
    note = Path("run/my notes.txt")
    note.write_text("keep me")
    assert hginv("project", "--fleet", small, "-o", "run", "-q").code == 0
    assert note.read_text() == "keep me"
    Path("other").mkdir()
    Path("other/thesis.txt").write_text("mine")
    refused = hginv("project", "--fleet", small, "-o", "other")
    assert refused.code == 2
    assert "--overwrite" in refused.err
    assert [path.name for path in Path("other").iterdir()] == ["thesis.txt"]
    assert hginv("project", "--fleet", small, "-o", "other", "--overwrite", "-q").code == 0
    assert Path("other/thesis.txt").read_text() == "mine"


def test_a_run_never_overwrites_the_fleet_it_read(hginv: Hginv) -> None:
    Path("run").mkdir()
    fleet = workbook(Path("run/results.xlsx"), [["country", "MW", "start_year"], ["IDN", 600, 2015]])
    before = fleet.read_bytes()
    assert hginv("project", "--fleet", fleet, "-o", "run", "--overwrite").code == 2
    assert fleet.read_bytes() == before


def test_json_is_one_object_and_nothing_else(hginv: Hginv) -> None:
    done = hginv("project", "--fleet", "indonesia", "--json", "--top", 3)
    content = json.loads(done.out)
    assert content["schema"] == "hginv/1"
    assert content["status"] == "ok"
    assert [row["rank"] for row in content["data"]["ranking"]] == [1, 2, 3, 1, 2, 3]
    assert content["data"]["combined"] is False
    first = content["data"]["ranking"][0]
    for quantity in ("air_kg_per_yr", "lifetime_kg"):
        bands = [first[f"{quantity}_{level}"] for level in ("p05", "p25", "p50", "p75", "p95")]
        assert bands == sorted(bands)
        assert bands[0] < first[f"{quantity}_mean"] < bands[-1]
    assert content["data"]["trajectory"][0]["air_kg_p05"] < content["data"]["trajectory"][0]["air_kg_p95"]
    assert [s["sector"] for s in content["data"]["summary"]] == ["coal_power", "cement_kiln", "combined"]
    assert content["findings"][0]["place"].startswith("Coal_units!")


def test_a_study_of_other_units_is_refused(hginv: Hginv) -> None:
    fleet = workbook(Path("usa.xlsx"), [["country", "MW", "start_year"], ["USA", 600, 2015]])
    done = hginv("project", "--fleet", fleet, "--study", "icsc")
    assert done.code == 2
    assert "no unit of the study 'icsc'" in " ".join(done.err.split())


def test_study_stands_beside_our_numbers(hginv: Hginv) -> None:
    done = hginv("project", "--fleet", "indonesia", "--study", "icsc")
    assert done.code == 0, done.err
    assert "over 45 %" in done.out
    assert "about half" in done.out
    assert "2.874 t" in done.out
    rows = rows_of(Path("hginv-out/indonesia-icsc/study.csv"))
    of_units = sorted(
        (float(row["lifetime_kg"]) for row in rows_of(Path("hginv-out/indonesia-icsc/units.csv"))), reverse=True
    )
    assert float(rows[0]["ours"]) == pytest.approx(sum(of_units[:10]) / sum(of_units))
    assert float(rows[1]["ours"]) == pytest.approx(sum(of_units[:15]) / sum(of_units))
    assert hginv("project", "--fleet", "indonesia", "--study", "icsc", "--base-year", 2026).code == 2


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--rule", "icsc40", "icsc_40"),
        ("--profile", "epa", "epa_emf"),
        ("--where", "__import__('os').system('true')", "not allowed"),
        ("--where", "plant.__class__ == 'x'", "not allowed"),
        ("--where", "capacitymw > 3", "capacity_mw"),
        ("--study", "nobody", "icsc"),
        ("--base-year", "soon", "--base-year"),
    ],
)
def test_option_that_cannot_be_used_ends_with_2(hginv: Hginv, option: str, value: str, words: str) -> None:
    done = hginv("project", "--fleet", "indonesia", option, value)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err
    assert not Path("hginv-out").exists()


HEADER = ["unit_id", "country", "capacity_gross", "start_year", "planned_retirement", "pm_control", "calorific_value"]
GOOD = ["A1", "IDN", 600, 2015, None, "ESP", None]


@pytest.mark.parametrize(
    ("row", "cell", "remedy"),
    [
        (["A1", "IDN", 600, 2015, None, "magic filter", None], "Coal_units!F2", "ESPc"),
        (["A1", "IDN", "sixhundred", 2015, None, "ESP", None], "Coal_units!C2", "number"),
        (["A1", "IDN", -600, 2015, None, "ESP", None], "Coal_units!C2", "allowed"),
        (["A1", "IDN", 600, 2015, 2010, "ESP", None], "Coal_units!E2", "Correct one of the two years"),
        (["A1", "IDN", "1,000", 2015, None, "ESP", None], "Coal_units!C2", "decimal"),
    ],
    ids=["unknown train", "text number", "negative capacity", "start after retirement", "ambiguous number"],
)
def test_bad_cell_is_one_message_with_cell_and_remedy(
    hginv: Hginv, tmp_path: Path, row: list[object], cell: str, remedy: str
) -> None:
    path = workbook(tmp_path / "bad.xlsx", [HEADER, row])
    before = path.read_bytes()
    done = hginv("project", "--fleet", path)
    assert done.code == 1
    assert cell in done.err
    assert remedy in done.err
    assert "Traceback" not in done.err
    assert path.read_bytes() == before
    assert not Path("hginv-out").exists()


def test_all_errors_are_shown_at_once(hginv: Hginv, tmp_path: Path) -> None:
    bad = ["A2", "IDN", -5, "soon", None, "magic", None]
    done = hginv("project", "--fleet", workbook(tmp_path / "bad.xlsx", [HEADER, GOOD, bad]), "--json")
    content = json.loads(done.out)
    assert done.code == 1
    assert content["status"] == "error"
    assert {finding["place"] for finding in content["findings"]} == {"Coal_units!C3", "Coal_units!D3", "Coal_units!F3"}


def test_sheet_that_is_missing_is_named(hginv: Hginv, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["hello"])
    book.create_sheet("More").append(["there"])
    book.save(tmp_path / "no.xlsx")
    done = hginv("project", "--fleet", tmp_path / "no.xlsx")
    assert done.code == 1
    assert "Coal_units" in done.err


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"], ids=["empty", "text", "broken zip"])
def test_file_that_is_no_workbook_ends_with_4(hginv: Hginv, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fleet.xlsx"
    path.write_bytes(content)
    done = hginv("project", "--fleet", path)
    assert done.code == 4
    assert len(done.err.strip().splitlines()) == 1
    assert str(path) in done.err


def test_missing_file_names_the_bundled_fleets(hginv: Hginv) -> None:
    done = hginv("project", "--fleet", "indonesien.xlsx")
    assert done.code == 4
    assert "indonesia" in done.err


def test_a_column_that_is_not_read_is_named_at_once(hginv: Hginv, tmp_path: Path) -> None:
    rows: list[list[object]] = [["country", "MW", "start_year", "retirement_yer"], ["IDN", 600, 2015, 2030]]
    done = hginv("project", "--fleet", workbook(tmp_path / "slip.xlsx", rows))
    assert done.code == 0, done.err
    assert "Not read: Coal_units!D1" in done.out
    assert "retirement_yer" in done.out


def test_a_fleet_past_its_life_is_told_without_nan(hginv: Hginv, tmp_path: Path) -> None:
    """Nothing remains of old units: shares of nothing are blank, in `project` as in `rank`."""
    header = ["country", "MW", "start_year", "status"]
    old = workbook(tmp_path / "old.xlsx", [header, ["VNM", 622, 1975, "operating"], ["VNM", 300, 1974, "operating"]])
    gone = workbook(tmp_path / "gone.xlsx", [header, ["VNM", 622, 1975, "retired"], ["VNM", 300, 2010, "retired"]])
    for path in (old, gone):
        for command in ("project", "rank"):
            done = hginv(command, "--fleet", str(path), "--base-year", "2026", "--draws", "50")
            assert done.code == 0, done.err
            assert "nan" not in done.out
    assert "Article 8(2)(b)" not in done.out  # no share of nothing is told of units that are gone


@pytest.mark.parametrize("options", [["--study", "icsc"], ["--rule", "gem_40", "--where", "capacity_net_mw >= 600"]])
def test_the_next_command_explains_the_numbers_of_this_run(hginv: Hginv, options: list[str]) -> None:
    """Of the workbook alone, without the settings of the run, another number came."""
    done = hginv("project", "--fleet", "indonesia", "--draws", 0, "-o", "the run", *options)
    following = shlex.split(done.out.splitlines()[-1])
    unit, first = following[3], rows_of(Path("the run/ranking.csv"))[0]
    assert following == ["Next:", "hginv", "explain", first["unit_id"], "--fleet", "the run"]
    told = json.loads(hginv(*following[2:], "--json").out)["data"]
    (remaining,) = [s["value"] for s in told["steps"] if s["name"] == "remaining-lifetime emissions"]
    assert (told["unit_id"], remaining) == (unit, pytest.approx(float(first["lifetime_kg"])))


def test_the_ten_that_draws_are_about_are_not_the_units_shown(hginv: Hginv) -> None:
    """With --top 3 no ten units stand below."""
    done = hginv("project", "--fleet", "indonesia", "--draws", 100, "--top", 3, "--full")
    certainty = json.loads(Path("hginv-out/indonesia/run.json").read_text(encoding="utf-8"))["certainty"]
    said = " ".join(done.out.split())  # the first thing told of the ten has its interval
    for heading, of_list in zip(("Coal units", "Cement kilns"), certainty["lists"], strict=True):
        low, high = (percent(of_list["named_share"][name]) for name in ("p05", "p95"))
        told = f"{heading}: the 10 units ranked highest account for"
        assert re.search(rf"{told} \d+ % of remaining-lifetime emissions \(90 % interval {low} to {high}\)", said)
        assert said.index(told) < said.index("Uncertainty: ")
    assert "named below" not in done.out


def test_findings_are_counted_and_listed_by_location_everywhere(hginv: Hginv) -> None:
    """The file has every location; `project`, `validate` and the manifest count alike."""
    done = hginv("project", "--fleet", "indonesia", "--draws", 0, "-o", "run")
    counts = json.loads(hginv("validate", "--fleet", "indonesia", "--json").out)["data"]["counts"]
    assert f"{counts['warning']} warnings and {counts['note']} notes in findings.csv" in " ".join(done.out.split())
    rows = rows_of(Path("run/findings.csv"))
    assert len(rows) == counts["warning"] + counts["note"] > len({row["code"] for row in rows})
    assert {row["count"] for row in rows} == {"1"}
    noted = json.loads(Path("run/run.json").read_text(encoding="utf-8"))["findings"]
    assert noted == dict(sorted(Counter(row["code"] for row in rows).items()))


def test_a_small_fleet_is_not_rounded_to_nothing(hginv: Hginv, tmp_path: Path) -> None:
    """Means and intervals show figures beside the central numbers, on the screen and in the workbook."""
    path = workbook(tmp_path / "tiny.xlsx", [["country", "MW", "start_year"], ["VNM", 2, 2015]])
    done = hginv("project", "--fleet", path, "--draws", 50, "-o", "run")
    assert done.code == 0, done.err
    assert re.search(r"coal units +0\.\d+ .* 0\.0\d+ \(0\.00\d+ to 0\.\d+\)", done.out)
    assert not re.search(r" 0 to | to 0 ", done.out)
    sentence = openpyxl.load_workbook("run/results.xlsx")["Summary"]["A2"].value
    assert re.search(r"are 0\.\d+ kg .* and 0\.0\d+ t \(90 % interval 0\.00\d+ to 0\.\d+ t\)", sentence), sentence


def test_a_base_year_out_of_range_is_refused(hginv: Hginv) -> None:
    """The option takes the years that Settings!base_year takes."""
    done = hginv("project", "--fleet", "indonesia.xlsx", "--base-year", "3000")
    assert done.code == 2
    assert "1990-2100" in done.err


def test_the_name_of_a_plant_leads_to_its_units(hginv: Hginv) -> None:
    """`explain` wants an id; part of a plant's name gets the ids of that plant."""
    done = hginv("explain", "tanjung jati", "--fleet", "indonesia.xlsx")
    assert done.code == 2
    assert "G100000109958" in done.err


def test_coal_units_and_kilns_are_lists_with_totals_of_their_own(hginv: Hginv) -> None:
    """A list of ten coal units, a shorter one of kilns, and a line with the sum of both, without shares."""
    done = hginv("project", "--fleet", "indonesia", "--draws", 0, "--full")
    coal, kilns = (done.out.split(f"{heading} by remaining-lifetime emissions, ")[1]
                   for heading in ("Coal units", "Cement kilns"))  # fmt: skip
    assert coal.startswith("266.8 t in all")
    assert kilns.startswith("71.41 t in all")
    assert re.findall(r"^ *(\d+) +G1\d+ ", coal, re.MULTILINE) == [str(rank) for rank in range(1, 11)]
    assert re.findall(r"^ *(\d+) +IDN-K\d+ ", kilns, re.MULTILINE) == [str(rank) for rank in range(1, 6)]
    assert re.search(r"^both together +13,001 +338\.2 *$", done.out, re.MULTILINE)


def test_one_list_is_asked_for_and_kept_by_its_folder(hginv: Hginv) -> None:
    done = hginv("project", "--fleet", "indonesia", "--draws", 0, "--combined", "-o", "one", "--full")
    assert "Units by remaining-lifetime emissions" in done.out
    assert re.search(r"^both together .* 13 % ", done.out, re.MULTILINE)
    ranking = rows_of(Path("one/ranking.csv"))
    assert [row["rank"] for row in ranking] == [str(rank) for rank in range(1, len(ranking) + 1)]
    assert {row["sector"] for row in ranking[:10]} == {"coal_power", "cement_kiln"}
    content = json.loads(Path("one/run.json").read_text(encoding="utf-8"))
    assert content["settings"]["combined"] == {"value": True, "origin": "option"}
    assert "Largest units: both together" in hginv("rank", "--fleet", "one").out
    assert "Largest units: both together" not in hginv("rank", "--fleet", "indonesia", "--draws", 0).out
    told = json.loads(hginv("explain", "#1", "--fleet", "one", "--json").out)["data"]
    assert told["unit_id"] == ranking[0]["unit_id"]
    assert hginv("run", "verify", "one").code == 0


@pytest.mark.parametrize("sector", ["coal_power", "cement_kiln"])
def test_a_fleet_of_one_sector_is_one_list_whatever_is_asked_for(hginv: Hginv, sector: str) -> None:
    fleet = ("project", "--fleet", "indonesia", "--draws", 50, "--where", f"sector == '{sector}'", "--full")
    by_sector, one = hginv(*fleet, "-o", "own"), hginv(*fleet, "-o", "own", "--combined")
    assert by_sector.out == one.out
    assert "Units by remaining-lifetime emissions" in one.out
