"""hginv validate and hginv codes from the command line."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

Hginv = Callable[..., Any]
COLUMNS = ("unit_id", "plant", "unit", "country", "status", "start_year", "capacity_gross", "hg_coal", "hg_basis")
GOOD = ("U-1", "Ambar", "1", "IDN", "operating", 2010, 600, 0.05, "as_received")


def book(path: Path, *rows: tuple[Any, ...]) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Coal_units"
    for row in (COLUMNS, *rows):
        sheet.append(row)
    workbook.create_sheet("Settings").append(("name", "value"))
    workbook["Settings"].append(("base_year", 2026))
    workbook.save(path)
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    rows = [
        (f"U-{number}", "Ambar", str(number), "IDN", " operating", 2010, "1,000", 0.05, "as_received")
        for number in range(2, 12)
    ]
    return book(tmp_path / "fleet.xlsx", GOOD, *rows, ("U-20", "Ambar", "20", "IDN", "operating", 2010, 600, 60, "dry"))


def test_table_groups_and_the_last_line_says_what_to_do_next(hginv: Hginv, bad: Path) -> None:
    before = bad.read_bytes()
    done = hginv("validate", "--fleet", "fleet.xlsx")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0] == "Read fleet.xlsx: 12 coal units, 0 kilns."
    assert "ERROR E207 ambiguous-number (10 places)" in lines
    assert 'Coal_units!G3 "U-2", G4 "U-3", G5 "U-4" and 7 more  capacity_gross "1,000"' in done.out
    assert done.out.count("E207") == 1
    assert "WARNING W217 other-spelling (10 places)" in lines
    assert done.out.index("ERROR E202") < done.out.index("WARNING")
    assert "11 errors, 10 warnings, 0 notes." in done.out
    assert "10 fixes are safe" in done.out
    assert lines[-1] == "Next: hginv validate --fleet fleet.xlsx --marked fleet.checked.xlsx"  # no fix mends an error
    assert done.err == ""
    assert bad.read_bytes() == before


def test_csv_lists_every_location_and_nothing_else_on_standard_output(hginv: Hginv, bad: Path) -> None:
    done = hginv("validate", "--fleet", "fleet.xlsx", "--format", "csv")
    assert done.code == 1
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert len(rows) == 21
    assert [row["severity"] for row in rows] == ["error"] * 11 + ["warning"] * 10
    assert (rows[0]["code"], rows[0]["sheet"], rows[0]["cell"]) == ("E207", "Coal_units", "G3")
    spelled = rows[-1]
    assert (spelled["fix_value"], spelled["fix_is_safe"], spelled["found"]) == (
        "operating", "true", 'status " operating"',
    )  # fmt: skip
    assert done.err.startswith("Next: ")


def test_json_is_one_object_with_fixes(hginv: Hginv, bad: Path) -> None:
    for arguments in (("--json",), ("--format", "json")):
        done = hginv("validate", "--fleet", "fleet.xlsx", *arguments)
        assert done.code == 1
        content = json.loads(done.out)
        assert content["schema"] == "hginv/1"
        assert content["data"]["counts"] == {"error": 11, "warning": 10, "note": 0}
        assert content["data"]["projection_tried"] is False
        assert len(content["findings"]) == 21
        assert content["findings"][-1]["fix"] == {"cell": "E12", "new_value": "operating", "safe": True}
        assert content["findings"][-1]["count"] == 1
        assert content["findings"][-1]["name"] == "other-spelling"


def test_github_annotations_hold_no_line_breaks_or_commands(hginv: Hginv, tmp_path: Path) -> None:
    book(tmp_path / "fleet.xlsx", ("U,1\n::error::x", *GOOD[1:6], "85 %", *GOOD[7:]))
    done = hginv("validate", "--fleet", "fleet.xlsx", "--format", "github")
    first = done.out.splitlines()[0]
    assert first.startswith("::error file=fleet.xlsx,title=E208 bad-unit::Coal_units!G2")
    assert "%25" in first
    assert all(line.startswith("::") for line in done.out.splitlines())


def test_the_next_command_runs_for_a_workbook_with_macros_and_a_name_with_spaces(hginv: Hginv, bad: Path) -> None:
    """A copy with fixes keeps the ending of its workbook; a name with spaces is one word."""
    Path("my fleet.xlsm").write_bytes(bad.read_bytes())
    done = hginv("validate", "--fleet", "my fleet.xlsm")
    following = done.out.splitlines()[-1]
    assert following == "Next: hginv validate --fleet 'my fleet.xlsm' --marked 'my fleet.checked.xlsx'"
    done = hginv("validate", "--fleet", "my fleet.xlsm", "--fix", "my fleet.fixed.xlsm")
    assert done.out.splitlines()[-1] == "Next: hginv validate --fleet 'my fleet.fixed.xlsm'"
    assert (done.code, Path("my fleet.fixed.xlsm").exists()) == (1, True)
    marked = hginv("validate", "--fleet", "my fleet.fixed.xlsm").out.rpartition("hginv ")[2]
    words = shlex.split(marked.replace("\\\n", " "))
    assert words[-2:] == ["--marked", "my fleet.fixed.checked.xlsx"]
    assert hginv(*words).code == 1
    assert Path("my fleet.fixed.checked.xlsx").exists()


def test_marked_and_fixed_copies(hginv: Hginv, bad: Path, tmp_path: Path) -> None:
    before = bad.read_bytes()
    done = hginv("validate", "--fleet", "fleet.xlsx", "--marked", "m.xlsx", "--fix", "f.xlsx")
    assert done.code == 1
    assert 'Coal_units!E3  " operating" -> "operating"' in done.out
    assert done.out.splitlines()[-2:] == [
        "Wrote m.xlsx (marked; sheet Checks). Wrote f.xlsx (fixes).",
        "Next: hginv validate --fleet f.xlsx",
    ]
    assert openpyxl.load_workbook(tmp_path / "m.xlsx").sheetnames[0] == "Checks"
    again = hginv("validate", "--fleet", "f.xlsx", "--json")
    assert json.loads(again.out)["data"]["counts"] == {"error": 11, "warning": 0, "note": 0}
    assert bad.read_bytes() == before
    refused = hginv("validate", "--fleet", "fleet.xlsx", "--marked", "m.xlsx")
    assert (refused.code, "exists" in refused.err) == (2, True)
    assert hginv("validate", "--fleet", "fleet.xlsx", "--marked", "m.xlsx", "--overwrite").code == 1
    own = hginv("validate", "--fleet", "fleet.xlsx", "--fix", "fleet.xlsx", "--overwrite")
    assert (own.code, "never written to" in own.err) == (2, True)
    assert bad.read_bytes() == before


def test_exit_codes(hginv: Hginv, tmp_path: Path) -> None:
    book(tmp_path / "good.xlsx", GOOD)
    done = hginv("validate", "--fleet", "good.xlsx")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Next: hginv project --fleet good.xlsx")
    book(tmp_path / "warned.xlsx", (*GOOD[:4], "Operating", *GOOD[5:]))
    assert hginv("validate", "--fleet", "warned.xlsx").code == 0
    assert hginv("validate", "--fleet", "warned.xlsx", "--strict").code == 1
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    assert hginv("validate", "--fleet", "broken.xlsx").code == 4
    missing = hginv("validate", "--fleet", "missing.xlsx", "--format", "json")
    assert missing.code == 4
    assert json.loads(missing.out)["error"]["exit_code"] == 4
    assert hginv("validate", "--fleet", "good.xlsx", "--format", "xml").code == 2


def test_nothing_safe_nothing_written(hginv: Hginv, tmp_path: Path) -> None:
    book(tmp_path / "fleet.xlsx", (*GOOD[:6], "1,000", *GOOD[7:]))
    done = hginv("validate", "--fleet", "fleet.xlsx", "--fix", "f.xlsx")
    assert done.code == 1
    assert done.out.splitlines()[-2] == "No fix is safe, so no copy was written."
    assert not (tmp_path / "f.xlsx").exists()


def test_lookup_is_told_where_there_are_no_errors(hginv: Hginv, tmp_path: Path) -> None:
    book(tmp_path / "fleet.xlsx", (*GOOD[:5], None, *GOOD[6:]))
    done = hginv("validate", "--fleet", "fleet.xlsx")
    assert done.code == 0
    assert "WARNING W522 unknown-start" in done.out


def test_names_with_escapes_do_not_reach_the_terminal(hginv: Hginv, tmp_path: Path) -> None:
    book(tmp_path / "fleet.xlsx", ("U-1", "x", "1", "\x7f\x9b2Jland", *GOOD[4:]))
    done = hginv("validate", "--fleet", "fleet.xlsx")
    assert "land" in done.out
    assert "\x9b" not in done.out
    assert "\x7f" not in done.out


def test_bundled_fleet_has_no_errors(hginv: Hginv) -> None:
    assert hginv("validate", "--fleet", "indonesia").code == 0


@pytest.mark.parametrize("command", ["validate", "codes"])
def test_help(hginv: Hginv, command: str) -> None:
    done = hginv(command, "--help")
    assert (done.code, done.out.startswith(f"Usage: hginv {command}")) == (0, True)


def test_codes(hginv: Hginv) -> None:
    shown = hginv("codes", "E207")
    assert shown.code == 0
    assert shown.out.startswith("E207 ambiguous-number (error)\n")
    for head in ("means", "matters", "example", "what to do"):
        assert f"  {head}" in shown.out
    assert hginv("codes", "207").out == hginv("codes", "ambiguous-number").out == shown.out
    content = json.loads(hginv("codes", "E207", "--json").out)["data"]
    assert content["why"]
    listed = hginv("codes")
    assert listed.out.splitlines()[0].startswith("E101  error")
    assert listed.out.splitlines()[-1].endswith("codes. Next: hginv codes E101")
    wrong = hginv("codes", "E2007")
    assert (wrong.code, "E207" in wrong.err) == (2, True)


def in_indonesian(path: Path, *rows: tuple[Any, ...]) -> Path:
    """Write a workbook whose labels are those of the Indonesian template."""
    workbook = openpyxl.load_workbook(book(path, *rows))
    settings = workbook["Settings"]
    settings.delete_rows(1, 2)
    for row in (("label", "value", "meaning", "name"), ("Armada", "Contoh", "", "fleet_name"),
                ("Negara *", "IDN", "", "country"), ("Tahun dasar *", 2026, "", "base_year")):  # fmt: skip
        settings.append(row)
    workbook.save(path)
    return path


def test_findings_speak_the_language_of_the_labels_unless_another_one_is_asked_for(
    hginv: Hginv, tmp_path: Path
) -> None:
    rows = [(*GOOD[:4], "jalan", *GOOD[5:6], "1,000", *GOOD[7:]), ("U-2", *GOOD[1:4], "beroperasi", *GOOD[5:])]
    in_indonesian(tmp_path / "armada.xlsx", *rows)
    own = hginv("validate", "--fleet", "armada.xlsx").out
    assert own.startswith("Membaca armada.xlsx: 2 unit batubara, 0 kiln.")
    assert "KESALAHAN E203 unknown-code" in own
    assert "Yang diizinkan: operating, construction" in own
    assert "2 kesalahan, 1 peringatan, 0 catatan." in own
    assert own.splitlines()[-1] == "Berikutnya: hginv validate --fleet armada.xlsx --marked armada.checked.xlsx"
    assert hginv("validate", "--fleet", "armada.xlsx", "--lang", "id").out == own
    english = hginv("validate", "--fleet", "armada.xlsx", "--lang", "en").out
    assert "ERROR E203 unknown-code" in english
    assert "2 errors, 1 warning, 0 notes." in english
    codes = [line.split()[1] for text in (own, english) for line in text.splitlines() if line[:5] in ("ERROR", "KESAL")]
    assert codes[: len(codes) // 2] == codes[len(codes) // 2 :]
    wrong = hginv("validate", "--fleet", "armada.xlsx", "--lang", "xx")
    assert (wrong.code, "there is no language 'xx'" in wrong.err) == (2, True)


@pytest.mark.parametrize("language", ["en", "id"])
def test_no_english_sentence_is_left_in_another_language_for_any_code(language: str) -> None:
    from hginventory.inputs.findings.codes import CODES
    from hginventory.translations import translator

    say = translator(language)
    same = [code for code, info in CODES.items() for text in (info.meaning, info.remedy) if say(text) == text]
    assert bool(same) == (language == "en")


@pytest.mark.parametrize(
    ("column", "value", "count"),
    [(6, "1,000", 7), (4, "jalan", 5), (3, "Atlantis", 4), (5, "13th plan", 6), (8, "wet basis", 12)],
)
def test_a_cause_is_one_line_with_its_count_and_its_first_three_cells(
    hginv: Hginv, tmp_path: Path, column: int, value: str, count: int
) -> None:
    rows = [
        (f"U{number}", "Ambar", str(number), *GOOD[3:column], value, *GOOD[column + 1 :]) for number in range(count)
    ]
    book(tmp_path / "fleet.xlsx", *rows)
    lines = hginv("validate", "--fleet", "fleet.xlsx").out.splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("ERROR"))
    assert lines[head].endswith(f"({count} places)")
    letter = "ABCDEFGHI"[column]
    assert lines[head + 1].startswith(
        f'  Coal_units!{letter}2 "U0", {letter}3 "U1", {letter}4 "U2" and {count - 3} more  {COLUMNS[column]} "{value}"'
    )
    assert "Coal_units!" not in lines[head + 2]


def test_lines_fit_a_terminal_of_eighty_columns(hginv: Hginv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rows = [(*GOOD[:2], str(n), "Atlantis", "jalan", "13th plan", "1,000 or so", 60, "wet") for n in range(9)]
    in_indonesian(tmp_path / "armada.xlsx", *((f"U{n}", *row[1:]) for n, row in enumerate(rows)))
    for language in ("en", "id"):
        lines = hginv("validate", "--fleet", "armada.xlsx", "--lang", language).out.splitlines()
        assert max(map(len, lines[:-1])) <= 80


def test_project_speaks_the_language_of_the_labels_unless_another_one_is_asked_for(
    hginv: Hginv, tmp_path: Path
) -> None:
    in_indonesian(tmp_path / "armada.xlsx", GOOD, ("U-2", *GOOD[1:]))
    asked = ("project", "--fleet", "armada.xlsx", "--draws", "50", "--full")
    own = hginv(*asked).out
    for words in (
        "Membaca armada.xlsx: 2 unit batubara beroperasi pada 2026", "Tahun dasar 2026. Aturan", "Emisi ke udara",
        "Ketidakpastian: 50 penarikan Monte Carlo", "Unit menurut emisi selama sisa umur",
        "Berikutnya: hginv explain U-1",
    ):  # fmt: skip
        assert words in own
    ranking = own[own.index("Unit menurut") :]
    assert re.search(r"\d\.\d{3} +50,0 % ", ranking)  # thousands with a point, decimals with a comma
    assert not re.search(r"\d\.\d%", own)
    assert "closes at" not in own
    english = hginv(*asked, "--lang", "en").out
    assert "Read armada.xlsx: 2 coal units operating in 2026" in english
    assert "Next: hginv explain U-1" in english
    assert hginv(*asked, "--lang", "id").out == own
    assert hginv(*asked, "--lang", "xx").code == 2
