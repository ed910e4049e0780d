"""Hostile files in a process that may use 500 MB: exit code 4, one sentence, five seconds of work, nothing written."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

pytest.importorskip("resource", reason="limits on memory need a Unix system")

CHILD = Path(__file__).with_name("hostile_child.py")
SECONDS = 5.0  # of CPU time for one command
WAIT = 120.0  # of the wall, on a busy machine
SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LARGE = 190_000_000  # bytes of a part just below what is read at all


def parts() -> dict[str, bytes]:
    """Return the parts of a small fleet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Coal_units")
        sheet.write_row(0, 0, ["unit_id", "plant", "country", "capacity_gross", "start_year"])
        sheet.write_row(1, 0, ["A-1", "A", "IDN", 300, 2010])
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, changed: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", kind, compresslevel=1) as archive:
        for name, content in {**parts(), **changed}.items():
            archive.writestr(name, content)


def sheet(rows: bytes = b"", after: bytes = b"", before: bytes = b"") -> bytes:
    return before + b"<worksheet " + MAIN + b"><sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>"


def filled(piece: bytes, head: bytes = b"", tail: bytes = b"") -> bytes:
    """Return a part of nearly 200 MB made of one piece over and over."""
    return head + piece * ((LARGE - len(head) - len(tail)) // len(piece)) + tail


def large_sheet(piece: bytes, opened: bytes = b"", closed: bytes = b"") -> Callable[[Path], None]:
    head, tail = sheet(b"|").split(b"|")
    return lambda path: pack(path, {SHEET: filled(piece, head + opened, closed + tail)}, zipfile.ZIP_STORED)


def large_texts(piece: bytes) -> Callable[[Path], None]:
    return lambda path: pack(path, {TEXTS: filled(piece, b"<sst " + MAIN + b">", b"</sst>")}, zipfile.ZIP_STORED)


def changed(part: str, content: bytes) -> Callable[[Path], None]:
    return lambda path: pack(path, {part: content})


def laughs() -> bytes:
    lines = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row>'
    return sheet(cell, before=b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">' + lines + b"]>")


def in_utf16(path: Path) -> None:
    pack(path, {SHEET: laughs().replace(b"1.0", b'1.0" encoding="UTF-16').decode().encode("utf-16")})


def zip_bomb(path: Path) -> None:
    pack(path, {SHEET: sheet(before=b" " * 150_000_000)})
    assert path.stat().st_size < 2_000_000


def sheet_of_210_mb(path: Path) -> None:
    pack(path, {SHEET: sheet(b'<row r="1"><c r="A1"><v>1</v></c></row>' * 5_400_000)}, zipfile.ZIP_STORED)
    assert path.stat().st_size > 200_000_000


def many_members(path: Path) -> None:
    pack(path, {f"xl/media/{n}.xml": b"<a/>" for n in range(30_000)}, zipfile.ZIP_STORED)


def cut(path: Path) -> None:
    pack(path, {})
    path.write_bytes(path.read_bytes()[:-400])


def flipped(path: Path) -> None:
    pack(path, {})
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(bytes(content))


def lying(claimed: int) -> Callable[[Path], None]:
    """Return a writer of a file whose directory states a size of the sheet that is not true."""

    def write(path: Path) -> None:
        content = sheet(b'<row r="1"><c r="A1"><v>1</v></c></row>', before=b" " * 3_000_000)
        pack(path, {SHEET: content})
        size = len(content).to_bytes(4, "little")
        data = path.read_bytes()
        assert data.count(size) == 2
        path.write_bytes(data.replace(size, claimed.to_bytes(4, "little")))

    return write


def nested(path: Path) -> None:
    inner = path.with_name("inner.xlsx")
    pack(inner, {})
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "fleet.xlsx")
    inner.unlink()


def zip_as_sheet(path: Path) -> None:
    inner = path.with_name("inner.xlsx")
    pack(inner, {})
    pack(path, {SHEET: inner.read_bytes()})
    inner.unlink()


def written(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def merges(count: int) -> bytes:
    areas = b"".join(b'<mergeCell ref="A%d:B1048576"/>' % n for n in range(1, count))
    return sheet(b'<row r="1"><c r="A1"><v>1</v></c></row>', b"<mergeCells>" + areas + b"</mergeCells>")


FAR = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="%s"><v>1</v></c></row>'
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)
EMOJI = "🙂".encode()

CASES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "zip bomb": ("fleet.xlsx", zip_bomb),
    "sheet of 210 MB": ("fleet.xlsx", sheet_of_210_mb),
    "millions of cells": ("fleet.xlsx", large_sheet(b"<c><v>1</v></c>" * 900, b"<row>", b"</row>")),
    "millions of rows": ("fleet.xlsx", large_sheet(b"<row/>")),
    "cells under one address": ("fleet.xlsx", large_sheet(b'<c r="A1"><v>1</v></c>', b'<row r="1">', b"</row>")),
    "one endless comment": ("fleet.xlsx", large_sheet(b"<!-- >>> ", b"", b"-->")),
    "one endless tag": ("fleet.xlsx", large_sheet(b"> > > > ", b"<row r='1' x='", b"'/>")),
    "one endless text": ("fleet.xlsx", large_sheet(EMOJI, b'<row><c t="inlineStr"><is><t>', b"</t></is></c></row>")),
    "elements in elements": ("fleet.xlsx", large_sheet(b"<a>")),
    "millions of texts": ("fleet.xlsx", large_texts(b"<si><t>ab</t></si>")),
    "texts of wide letters": ("fleet.xlsx", large_texts(b"<si><t>" + EMOJI + b"a" * 32_000 + b"</t></si>")),
    "millions of styles": (
        "fleet.xlsx",
        changed(
            "xl/styles.xml", b"<styleSheet " + MAIN + b"><cellXfs>" + b"<xf/>" * 3_000_000 + b"</cellXfs></styleSheet>"
        ),
    ),
    "merged cells that overlap": ("fleet.xlsx", changed(SHEET, merges(100_000))),
    "many parts": ("fleet.xlsx", many_members),
    "billion laughs": ("fleet.xlsx", changed(SHEET, laughs())),
    "billion laughs in UTF-16": ("fleet.xlsx", in_utf16),
    "file of the system": (
        "fleet.xlsx",
        changed(TEXTS, b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><sst><si><t>&b;</t></si></sst>'),
    ),
    "definitions in the list of sheets": ("fleet.xlsx", changed("xl/workbook.xml", laughs())),
    "part outside": ("fleet.xlsx", changed("../../evil.xml", b"<a/>")),
    "part at the root": ("fleet.xlsx", changed("/etc/cron.d/evil", b"x")),
    "far cell": ("fleet.xlsx", changed(SHEET, sheet(FAR % b"XFD1048576"))),
    "far cell in code": ("fleet.xlsx", changed(SHEET, sheet(FAR % b"&#88;FD1048576"))),
    "far cell in small letters": ("fleet.xlsx", changed(SHEET, sheet(FAR % b"xfd1048576"))),
    "cut short": ("fleet.xlsx", cut),
    "bytes turned over": ("fleet.xlsx", flipped),
    "claims too little": ("fleet.xlsx", lying(1_000)),
    "claims too much": ("fleet.xlsx", lying(199_000_000)),
    "claims the most": ("fleet.xlsx", lying(0xFFFFFFFE)),
    "workbook in a zip": ("fleet.xlsx", nested),
    "zip as a sheet": ("fleet.xlsx", zip_as_sheet),
    "password": ("fleet.xlsx", written(OLE)),
    "old Excel": ("fleet.xls", written(OLE)),
    "binary Excel": ("fleet.xlsb", written(b"PK\3\4")),
    "OpenDocument": ("fleet.ods", written(b"PK\3\4")),
    "picture": ("fleet.xlsx", written(b"\x89PNG\r\n\x1a\n" + bytes(100))),
    "nothing": ("fleet.xlsx", written(b"")),
}


@pytest.mark.parametrize("case", CASES)
def test_hostile_file(tmp_path: Path, case: str) -> None:
    name, write = CASES[case]
    path = tmp_path / name
    write(path)
    before = path.stat()
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}  # each reserves address space
    done = subprocess.run(
        [sys.executable, str(CHILD), str(path)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=WAIT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    for outcome in json.loads(done.stdout):
        assert outcome["code"] == 4, outcome
        assert outcome["out"] == ""
        lines = outcome["err"].splitlines()
        assert len(lines) == 1, outcome
        assert lines[0].startswith(f"Error: {path}")
        assert lines[0].endswith((".", "--map MAPPING.toml"))  # the importer proposes a command
        assert outcome["err"].rstrip("\n").isprintable()
        assert outcome["seconds"] < SECONDS
    assert list(tmp_path.iterdir()) == [path]
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    path.unlink()


NAMES = (
    "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "<img src=x onerror=alert(1)>", "\x9b31mred\x9b0m", "a\nb",
    '=HYPERLINK("http://x","y")', "\tx",
)  # fmt: skip
COLUMNS = ("unit_id", "plant", "unit", "owner", "note")


def test_names_are_only_names(tmp_path: Path) -> None:
    path = tmp_path / "evil.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Coal_units")
        sheet.write_row(0, 0, [*COLUMNS, "country", "capacity_gross", "start_year"])
        for number, name in enumerate(NAMES, 1):
            sheet.write_row(number, 0, [*[name] * len(COLUMNS), "IDN", 100 + number, 2010])
    folder, copy = tmp_path / "run", tmp_path / "copy.xlsx"
    command = ["project", "--fleet", str(path), "--draws", "0", "-o", str(folder), "--into", str(copy), "--full"]
    code = "import sys; from hginv.main import main; main(sys.argv[1:])"
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    assert "onerror" in done.stdout
    assert all(sign.isprintable() or sign == "\n" for sign in done.stdout + done.stderr)
    found = 0
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            for cell in (cell for row in csv.reader(stream) for cell in row if cell):
                found += cell.startswith("'=cmd")
                assert cell[0] not in "=+@\t\r", (file.name, cell)
                assert cell[0] != "-" or float(cell) < 0
    assert found
    for written in (folder / "results.xlsx", copy):
        cells = [cell for sheet in openpyxl.load_workbook(written) for row in sheet.iter_rows() for cell in row]
        assert any(cell.value == NAMES[0] for cell in cells)
        assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
