"""Unsafe and broken files: each ends in one sentence before any spreadsheet reader sees it."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from hginventory.errors import UnreadableFileError
from hginventory.xlsx import safety
from hginventory.xlsx.reader import read_workbook
from hginventory.xlsx.safety import prescan

SHEET = "xl/worksheets/sheet1.xml"
CELLS = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c>{}</row></sheetData></worksheet>'


def good() -> dict[str, bytes]:
    """Return the parts of a plain workbook."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["plant", "MW"])
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, parts: Mapping[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def write_list_of_parts(path: Path, count: int, *, is_large: bool, comment: bytes) -> None:
    """Write a zip file that lists one empty part over and over; a large one has the end of zip64."""
    part = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    size, start = count * len(entry), len(part)
    numbers = (count, count, size, start)
    end = b""
    if is_large:
        end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, *numbers)
        end += struct.pack("<4sLQL", b"PK\6\7", 0, start + size, 1)
        numbers = (0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    end += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, *numbers, len(comment)) + comment
    path.write_bytes(part + entry * count + end)


def refused(path: Path, check: Callable[[Path], object] = prescan) -> str:
    """Return the message of a refusal: one line that names the file and is made of whole sentences."""
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(UnreadableFileError) as caught:
        check(path)
    message = str(caught.value)
    assert caught.value.exit_code == 4
    assert message.startswith(str(path))
    assert message.endswith(".")
    assert "\n" not in message
    assert (path.read_bytes() if path.is_file() else b"") == before
    with pytest.raises(UnreadableFileError):
        read_workbook(path)
    return message


def test_plain_workbook_passes(tmp_path: Path) -> None:
    path = pack(tmp_path / "fleet.xlsx", good())
    prescan(path)
    assert list(read_workbook(path).sheets) == ["Sheet"]


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "fleet.xlsx")
    assert "is a folder" in refused(tmp_path)


def test_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = pack(tmp_path / "fleet.xlsx", good())
    monkeypatch.setattr(Path, "open", refuse)  # the mode of a file stops everybody but root
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        prescan(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04 and then nothing", b"country,MW\nIDN,600\n"])
def test_no_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fleet.xlsx"
    path.write_bytes(content)
    assert "is not a workbook" in refused(path)


def test_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = pack(tmp_path / "fleet.xlsx", {"word/document.xml": "<w/>"})
    assert "is a zip file but no workbook" in refused(path)


def test_cut_zip(tmp_path: Path) -> None:
    path = pack(tmp_path / "fleet.xlsx", good())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(path)


def test_flipped_bytes_in_a_part(tmp_path: Path) -> None:
    path = pack(tmp_path / "fleet.xlsx", good())
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo(SHEET)
    start = member.header_offset + 30 + len(SHEET)
    content[start + 10 : start + 30] = bytes(20)
    path.write_bytes(bytes(content))
    assert "is damaged" in refused(path)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fleet.xls", "an old Excel file"),
        ("fleet.XLSB", "a binary Excel file"),
        ("fleet.ods", "an OpenDocument file"),
        ("fleet.csv", "a text file"),
    ],
)
def test_other_formats_are_called_by_their_name(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"whatever")
    message = refused(path)
    assert kind in message
    assert "save it as .xlsx" in message


def test_password_or_old_file_under_the_new_name(tmp_path: Path) -> None:
    path = tmp_path / "fleet.xlsx"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512))
    assert "has a password or is an old Excel file" in refused(path)


def test_encrypted_part(tmp_path: Path) -> None:
    path = pack(tmp_path / "fleet.xlsx", good())
    content = path.read_bytes()
    offset = content.index(b"PK\x01\x02") + 8  # flags of the first entry of the directory
    path.write_bytes(content[:offset] + bytes([content[offset] | 1]) + content[offset + 1 :])
    assert "is encrypted" in refused(path)


BOMB = '<!DOCTYPE a [<!ENTITY b "0123456789"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet>&c;</worksheet>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    "content", [BOMB, OUTSIDE, f"<?xml version='1.0'?>\n{BOMB}"], ids=["inside", "outside", "late"]
)
@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels", "xl/data.dat"])
def test_document_types(tmp_path: Path, content: str, part: str) -> None:
    path = pack(tmp_path / "fleet.xlsx", {**good(), part: content})
    assert "contains XML definitions" in refused(path)


def test_document_type_across_two_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "CHUNK", 7)
    path = pack(tmp_path / "fleet.xlsx", {**good(), SHEET: " " * 3 + BOMB})
    assert "contains XML definitions" in refused(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_document_type_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    path = pack(tmp_path / "fleet.xlsx", {**good(), SHEET: BOMB.encode(encoding)})
    assert "not written in UTF-8" in refused(path)


@pytest.mark.parametrize(
    "far",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        "<c r='XFD1048576'><v>1</v></c>",
        '<c s="0" t="n" r="XFD1048576"><v>1</v></c>',
        '<x:c r="XFD1048576"><v>1</v></x:c>',
        '<c\n r="XFD1048576"><v>1</v></c>',
    ],
)
def test_far_cell(tmp_path: Path, far: str) -> None:
    content = CELLS.replace("<worksheet>", '<worksheet xmlns:x="x">').format(f'</row><row r="1048576">{far}')
    message = refused(pack(tmp_path / "fleet.xlsx", {**good(), SHEET: content}), read_workbook)
    assert "row 1,048,576 and column 16,384" in message
    assert "delete the stray cell" in message


def test_long_and_wide_sheets_pass(tmp_path: Path) -> None:
    for letters, row in (("A", 1_048_576), ("XFD", 100), ("AA", 99_999)):
        content = CELLS.format(f'</row><row r="{row}"><c r="{letters}{row}"><v>1</v></c>')
        book = read_workbook(pack(tmp_path / "fleet.xlsx", {**good(), SHEET: content}))
        assert list(book.sheets["Sheet"].rows) == [1, row]


def test_zip_bomb_by_ratio(tmp_path: Path) -> None:
    path = pack(tmp_path / "fleet.xlsx", {**good(), "xl/media/image1.bin": bytes(safety.RATIO_FROM + 1)})
    assert path.stat().st_size < 100_000
    assert "packed more tightly" in refused(path)


def test_zip_bomb_by_size(tmp_path: Path) -> None:
    path = pack(tmp_path / "fleet.xlsx", {**good(), **{f"xl/media/{i}.bin": os.urandom(300_000) for i in range(4)}})
    with pytest.raises(UnreadableFileError, match=r"unpacks to 1 MB; at most 1 MB are read\."):
        prescan(path, replace(safety.WORKBOOK, most_bytes=1_000_000))


def test_zip_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = pack(tmp_path / "fleet.xlsx", {**good(), "xl/worksheets/sheet2.xml": b"<a>" + b" " * 1_000_000})
    content = path.read_bytes()
    lie = (1_000_003).to_bytes(4, "little")
    assert content.count(lie) == 2  # before the part and in the directory
    path.write_bytes(content.replace(lie, (1000).to_bytes(4, "little")))
    assert "is damaged" in refused(path)


def test_too_many_parts(tmp_path: Path) -> None:
    parts: dict[str, bytes | str] = {f"xl/media/{i}": "" for i in range(safety.MOST_MEMBERS)}
    path = pack(tmp_path / "fleet.xlsx", {**good(), **parts})
    assert "parts; at most 2000 are read" in refused(path)


@pytest.mark.parametrize("comment", [b"", b"a comment", b"0" * 0xFFFF])
@pytest.mark.parametrize("is_large", [False, True])
def test_far_more_parts_are_refused_before_they_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_large: bool, comment: bytes
) -> None:
    path = tmp_path / "fleet.xlsx"
    write_list_of_parts(path, 50_000, is_large=is_large, comment=comment)
    with zipfile.ZipFile(path) as archive:
        assert len(archive.infolist()) == 50_000
    monkeypatch.setattr(zipfile.ZipFile, "__init__", lambda *_: pytest.fail("the parts are listed"))
    assert "far more parts than any workbook" in refused(path)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "xl/../../evil.xml", "xl\\..\\..\\evil.xml"])
def test_part_that_points_outside(tmp_path: Path, name: str) -> None:
    path = pack(tmp_path / "fleet.xlsx", {**good(), name: "<a/>"})
    assert "points outside it" in refused(path)
    assert list(tmp_path.iterdir()) == [path]


def test_part_that_no_reader_understands(tmp_path: Path) -> None:
    path = pack(tmp_path / "fleet.xlsx", {**good(), "xl/workbook.xml": "<workbook"})
    prescan(path)  # the bytes are harmless
    with pytest.raises(UnreadableFileError, match="cannot be read as a workbook"):
        read_workbook(path)
