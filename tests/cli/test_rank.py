"""``hginv rank`` and ``hginv sensitivity`` in this process."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from hginventory import reopen
from hginventory.inputs.reader import fleet_from_tables
from hginventory.inputs.template.fleet_writer import write_fleet

from .conftest import Outcome

Command = Callable[..., Outcome]
NEVER_OF_THE_MAIN_JOB = (
    "hginventory.decisions.sensitivity.variance_decomposition",
    "hginventory.decisions.sensitivity.value_of_information",
    "hginventory.decisions.sensitivity.possible_measurements",
    "hginventory.decisions.ranking.ranked_amounts",
    "hginventory.projection.measurement_update",
    "hginventory.projection.measured_coal",
    "hginventory.projection.measured_kilns",
    "hginventory.ensemble.conditional_mean",
)


def test_rank_answers_both_questions_of_shares(hginv: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    shown = hginv(
        "rank", "--fleet", "indonesia", "--sector", "coal_power", "--units", 5, "--share", "50%", "--draws", 200
    )
    assert shown.code == 0
    text = " ".join(shown.out.split())
    assert "5 of 290 units (+13 under construction) account for" in text
    assert re.search(r"Probability that the \d+ units account for 50 %: \d+ %", text)
    assert re.search(r"On average [\d.]+ of these 5 are in the true top 5, which would emit [\d,]+ kg more", text)
    assert "in top 5" in shown.out
    assert "Article 8(2)(b), coal-fired power plants: " in text


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--by-country",), "1 country: 71,407 kg in all; 1 country accounts for 75 %."),
        (("--units", 1, "--share", "1%"), "1 of 46 units accounts for 7 % of 71,407 kg; 1 unit accounts for 1 %."),
        (("--units", 1), "90 % interval of the share of this unit: "),
        (("--plants", "--units", 2), "2 of 25 plants account for"),
        (("--units", 46), "46 units: 71,407 kg in all; 19 units account for 75 %."),
        (("--units", 900), "46 units: 71,407 kg in all; 19 units account for 75 %."),
    ],
)
def test_sentences_fit_the_number_of_units(hginv: Command, options: tuple[object, ...], expected: str) -> None:
    """One unit, one country, and all of a list: no wrong plural, and nothing on the top of a list that is the list."""
    text = " ".join(hginv("rank", *KILNS, *options).out.split())
    assert expected in text
    for wrong in (" 1 units", " 1 countries", " 1 account ", "named", "Gini coefficient 0.00", "cement_kiln: "):
        assert wrong not in text


def test_rank_as_json_agrees_with_the_csv(hginv: Command, tmp_path: Path) -> None:
    shown = hginv("rank", "--fleet", "indonesia", "--draws", 100, "--top", 3, "-o", "ranking.csv", "--json")
    data = json.loads(shown.out)["data"]
    with (tmp_path / "ranking.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 290 + 13 + 46  # operating or under construction; 4 mothballed kilns have no rank
    assert [answer["sector"] for answer in data["lists"]] == ["coal_power", "cement_kiln"]
    for answer in data["lists"]:
        own = [row for row in rows if row["sector"] == answer["sector"]]
        assert [row["unit_id"] for row in own[:3]] == [row["unit_id"] for row in answer["ranking"]]
        assert float(own[0]["p_top10"]) == pytest.approx(answer["ranking"][0]["p_top10"])
        assert answer["named_share"] == pytest.approx(sum(float(row["share"]) for row in own[:10]))
    assert data["written"] == "ranking.csv"


def test_rank_of_plants_without_draws_shows_no_certainty(hginv: Command) -> None:
    shown = hginv("rank", "--fleet", "indonesia", "--plants", "--draws", 0, "--by", "air_base_year_kg")
    assert shown.code == 0
    assert "Banten Suralaya" in shown.out
    assert "By the draws" not in shown.out
    assert "90 %" not in shown.out


@pytest.mark.parametrize("share", ["50", "0", "-5%", "half", "150%"])
def test_a_share_that_could_be_read_twice_is_refused(hginv: Command, share: str) -> None:
    refused = hginv("rank", "--fleet", "indonesia", f"--share={share}")
    assert refused.code == 2
    assert "50% or 0.5" in refused.err


def test_rank_refuses_an_amount_it_does_not_know_and_a_file_it_cannot_write(hginv: Command) -> None:
    refused = hginv("rank", "--fleet", "indonesia", "--by", "removal")
    assert refused.code == 2
    assert "lifetime_kg" in refused.err
    Path("file").touch()
    unwritten = hginv("rank", "--fleet", "indonesia", "--draws", 0, "-o", "file/table.csv")
    assert unwritten.code == 2
    assert "file/table.csv" in unwritten.err


@pytest.mark.parametrize("command", ["rank", "sensitivity"])
def test_a_table_never_replaces_the_workbook_and_another_file_only_where_asked(
    hginv: Command, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    opened: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(reopen, "open_run", lambda fleet, **_: opened.append(fleet))
        for name, words in (("fleet.xlsx", "ends in .csv"), ("mine.csv", "--overwrite")):
            Path(name).write_bytes(b"mine")
            refused = hginv(command, "--fleet", "fleet.xlsx", "-o", name)
            assert refused.code == 2
            assert words in refused.err
            assert Path(name).read_bytes() == b"mine"
    assert not opened  # refused before the work
    assert hginv(command, *KILNS, "-o", "mine.csv", "--overwrite").code == 0
    assert Path("mine.csv").read_bytes() != b"mine"
    assert sorted(path.name for path in Path().iterdir()) == ["fleet.xlsx", "mine.csv"]


KILNS = ("--fleet", "indonesia", "--where", "sector == 'cement_kiln'", "--draws", 300)


def test_sensitivity_sums_to_everything(hginv: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    groups = json.loads(hginv("sensitivity", *KILNS, "--json").out)["data"]["groups"]
    for output in ("total", "right", "lost"):
        assert sum(group[f"{output}_alone"] for group in groups) == pytest.approx(1.0)
    shown = hginv("sensitivity", *KILNS)
    assert "interactions" in shown.out
    assert "mercury in raw meal" in shown.out


def test_the_plan_names_cells(hginv: Command, tmp_path: Path) -> None:
    shown = hginv("sensitivity", "--plan", *KILNS, "--top", 12, "-o", "plan.csv")
    assert shown.code == 0
    assert "Cement_kilns!" in shown.out
    assert "All 12 together" in shown.out
    with (tmp_path / "plan.csv").open(encoding="utf-8", newline="") as file:
        plan = list(csv.DictReader(file))
    assert float(plan[0]["gain_t"]) >= float(plan[1]["gain_t"]) >= float(plan[2]["gain_t"])


MEASURED = [
    {"unit_id": "A1", "date": "2023-05-01", "kind": "coal_analysis", "quantity": "hg_coal", "value": 0.12,
     "unit": "mg/kg", "basis": "as_received", "uncertainty": 0.1, "uncertainty_kind": "rsd"},
    {"unit_id": "A1", "date": "2023-06-01", "kind": "stack_test", "quantity": "hg_concentration", "value": 9000,
     "unit": "ug/Nm3", "reference_o2": 7, "gas_basis": "dry_25c"},
]  # fmt: skip


@pytest.fixture
def measured_fleet(tmp_path: Path) -> Path:
    units = pd.DataFrame({"unit_id": ["A1", "A2"], "plant": "A", "unit": ["1", "2"], "country": "IDN",
                          "capacity_gross": 600, "start_year": 2015, "coal_type": "subbituminous"})  # fmt: skip
    tables = {"Coal_units": units, "Measurements": pd.DataFrame(MEASURED)}
    return write_fleet(fleet_from_tables(tables, settings={"base_year": 2024}), tmp_path / "measured.xlsx")


def test_measurements_are_shown_beside_what_was_expected(hginv: Command, measured_fleet: Path) -> None:
    text = hginv("explain", "A1", "--fleet", measured_fleet).out
    assert "Measured compared with expected" in text
    assert "They conflict" in " ".join(text.split())
    assert "W528" not in text
    assert "Measurements!F" in text
    data = json.loads(hginv("explain", "A1", "--fleet", measured_fleet, "--json").out)["data"]
    assert [point["quantity"] for point in data["measured"]] == ["hg_coal", "hg_concentration"]
    other = json.loads(hginv("explain", "A2", "--fleet", measured_fleet, "--json").out)["data"]
    assert other["measured"] == []
    content = next(step for step in other["steps"] if step["name"].startswith("mercury in coal"))
    assert content["origin"] == "measured"


def test_the_run_folder_holds_measurements_only_where_there_are_any(hginv: Command, measured_fleet: Path) -> None:
    assert hginv("project", "--fleet", measured_fleet, "-o", "with", "--draws", 50, "-q").code == 0
    with (measured_fleet.parent / "with" / "measurements.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["unit_id"] for row in rows] == ["A1", "A1"]
    assert float(rows[1]["z"]) > 3
    with (measured_fleet.parent / "with" / "findings.csv").open(encoding="utf-8", newline="") as file:
        noted = {row["code"]: row["place"] for row in csv.DictReader(file)}
    assert noted["W528"].startswith("Measurements!F")
    sheets = load_workbook(measured_fleet.parent / "with" / "results.xlsx", read_only=True).sheetnames
    assert "Measured" in sheets
    assert hginv("project", "--fleet", "indonesia", "-o", "without", "--draws", 0, "-q").code == 0
    assert not (measured_fleet.parent / "without" / "measurements.csv").exists()


def test_the_main_job_waits_for_nothing_of_this(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom hginv.main import main\n"
        "try:\n    main(['project', '--fleet', 'indonesia', '--draws', '50', '-q'])\n"
        "except SystemExit as stop:\n    assert not stop.code, stop.code\n"
        f"print([name for name in {NEVER_OF_THE_MAIN_JOB} if name in sys.modules])"
    )
    assert all(map(find_spec, NEVER_OF_THE_MAIN_JOB))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.strip() == "[]"


def test_few_draws_say_nothing(hginv: Command) -> None:
    refused = hginv("sensitivity", "--fleet", "indonesia", "--draws", 10)
    assert refused.code == 2
    assert "--draws" in refused.err


def test_a_run_folder_keeps_its_draws_and_its_lifetimes_unless_told(hginv: Command) -> None:
    options = ("--draws", 60, "--seed", 9, "--lifetime-spread", 5, "-o", "run", "-q")
    assert hginv("project", "--fleet", "indonesia", *options).code == 0
    whole = json.loads(hginv("rank", "--fleet", "run", "--json").out)["data"]
    assert (whole["draws"], whole["seed"]) == (60, 9)
    other = json.loads(hginv("rank", "--fleet", "run", "--draws", 70, "--json").out)["data"]
    assert (other["draws"], other["seed"]) == (70, 9)
    kilns = ("--where", "sector == 'cement_kiln'")
    found = json.loads(hginv("sensitivity", "--fleet", "run", "--draws", 300, *kilns, "--json").out)["data"]
    assert found["seed"] == 9
    assert "last_year" in {group["family"] for group in found["groups"]}
    compared = json.loads(hginv("scenario", "compare", "targeted_top10", "--fleet", "run", "--json").out)["data"]
    assert (compared["draws"], compared["seed"]) == (60, 9)


@pytest.mark.parametrize("command", ["project", "rank", "sensitivity"])
@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--draws", "-1", "--draws: -1 draws cannot be made"),
        ("--draws", "many", "'many' is not a valid integer"),
        ("--seed", "first", "'first' is not a valid integer"),
        ("--seed", "-1", "--seed: -1 is outside 0 to"),
        ("--lifetime-spread", "31", "--lifetime-spread: 31.0 is not a number of years from 0 to 30"),
        ("--lifetime-spread", "ten", "'ten' is not a valid float"),
    ],
)
def test_options_of_draws_that_cannot_be_used_are_named(
    hginv: Command, tmp_path: Path, command: str, option: str, value: str, words: str
) -> None:
    refused = hginv(command, "--fleet", "indonesia", f"{option}={value}")
    assert refused.code == 2
    assert words in refused.err
    assert "Traceback" not in refused.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (
            [("coal_mercury/IDN/any/subbituminous", 0.1, "mg/kg", 0.2, 0.3)],
            "value 0.1 and high 0.3 do not rise",
        ),
        ([("coal_mercury/IDN/any/subbituminous", 0.1, "mg/kg", None, 0.3)], "high without low"),
        ([("coal_mercury/IDN/any/subbituminous", 0.1, "mg/kg", None, None)] * 2, "is also in Factors!B2"),
        ([("boiler_mix/WLD/any/any/any/any/PC", 0.2, "1", None, None)], "other rows of its mix sum to"),
    ],
)
def test_own_factors_that_cannot_be_drawn_are_named_with_their_cell(
    hginv: Command, tmp_path: Path, rows: list[tuple[object, ...]], code: str
) -> None:
    columns = ["factor_id", "value", "unit", "low", "high"]
    units = pd.DataFrame({"unit_id": ["A1"], "country": "IDN", "capacity_gross": 600, "start_year": 2015})
    factors = pd.DataFrame(rows, columns=columns).assign(reason="survey", source_id="S")
    sources = pd.DataFrame({"source_id": ["S"], "citation": ["A survey"]})
    # Written by hand, as the writer of the package would refuse nothing either.
    with pd.ExcelWriter(tmp_path / "own.xlsx") as book:
        units.to_excel(book, sheet_name="Coal_units", index=False)
        factors.to_excel(book, sheet_name="Factors", index=False)
        sources.to_excel(book, sheet_name="Sources", index=False)
    for command in ("project", "validate"):
        refused = hginv(command, "--fleet", "own.xlsx")
        assert refused.code == 1
        assert f"Factors!B{len(rows) + 1}" in refused.out + refused.err
        assert code in " ".join((refused.out + refused.err).split())
        assert "Traceback" not in refused.err
