"""Text tables are read as a stream, and have bounds on lines, fields and the length of a line."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from hginventory.errors import UnreadableFileError, UsageError
from hginventory.inputs.source_tables import encodings, open_table
from hginventory.reading import LONGEST_LINE, MOST_BYTES, MOST_LINES, MOST_SEPARATORS, input_files

MARKS = [("Name", "MW")]
HEADER = b"Name,MW\n"
WORLD = 14_509  # coal-fired units of the tracker of the world
COLUMNS, LETTERS = 60, 650  # of that tracker at most: its columns, and the letters of a row


@pytest.fixture
def put(tmp_path: Path):
    def write(content: bytes) -> Path:
        (tmp_path / "table.csv").write_bytes(content)
        return tmp_path / "table.csv"

    return write


def test_the_world_twentyfold_is_within_the_bounds() -> None:
    assert 20 * WORLD < MOST_LINES
    assert 20 * WORLD * COLUMNS < MOST_SEPARATORS
    assert 20 * WORLD * LETTERS < MOST_BYTES
    assert LETTERS * 100 < LONGEST_LINE


@pytest.mark.parametrize(
    ("bound", "most", "content", "words"),
    [
        ("MOST_LINES", 50, HEADER + b"\n" * 60, "has 62 lines; at most 50"),
        ("MOST_LINES", 50, HEADER.replace(b"\n", b"\r") + b"\r" * 60, "has 62 lines; at most 50"),
        ("MOST_LINES", 50, HEADER + b'"' + b"x,1\n" * 60, "lines; at most 50"),
        ("MOST_SEPARATORS", 50, HEADER + b"," * 60, "fields; at most 50"),
        ("MOST_SEPARATORS", 50, HEADER.replace(b",", b";") + b";" * 60, "fields; at most 50"),
        ("LONGEST_LINE", 50, HEADER + b"A,1\n" + b"x" * 60 + b"\nB,2", "60 bytes in line 3; at most 50"),
        ("LONGEST_LINE", 50, HEADER + b"x" * 60, "60 bytes in line 2; at most 50"),
        ("MOST_BYTES", 50, HEADER + b"x" * 60, "at most 5e-05 MB"),
    ],
)  # fmt: skip
def test_what_is_too_large_is_refused(
    put, monkeypatch: pytest.MonkeyPatch, bound: str, most: int, content: bytes, words: str
) -> None:
    monkeypatch.setattr(input_files, bound, most)
    with pytest.raises(UnreadableFileError, match=re.escape(words)):
        open_table(put(content), MARKS, "units")


def test_a_large_file_in_an_unknown_encoding_is_asked_for(put, monkeypatch: pytest.MonkeyPatch) -> None:
    content = HEADER + "Bełchatów,5\n".encode("cp1250")
    assert open_table(put(content), MARKS, "units").encoding == "cp1250"
    monkeypatch.setattr(encodings, "MOST_GUESSED", len(content) - 1)
    with pytest.raises(UnreadableFileError, match="Set `encoding`"):
        open_table(put(content), MARKS, "units")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_stream_is_read_as_the_whole_file_was(put, end: bytes, encoding: str) -> None:
    text = 'Name,MW\n"A\nB é",1\n\nC,"2"\n'.replace("\n", end.decode())
    rows = open_table(put(text.encode(encoding)), MARKS, "units").rows
    assert [(row.number, row.cells) for row in rows] == [
        (2, {"name": f"A{end.decode()}B é", "mw": "1"}), (4, {"name": "C", "mw": "2"})
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (b"A,1,\nB,2,\n", ""), (b"A,1,,\n\nB,2,,\n", ""), (b"A,1,\nB,2\n", "Line 2: 3 fields"),
        (b"A,1,\nB,2,,\n", "Line 2: 3 fields"), (b"A,1,x\nB,2,\n", "Line 2: 3 fields"),
        (b"A\nB,2\n", "Line 2: 1 fields"),
        (b"A\n" * 9, "And 4 more"),
    ],
)  # fmt: skip
def test_fields_are_counted_in_a_stream(put, body: bytes, refused: str) -> None:
    if refused:
        with pytest.raises(UnreadableFileError, match=refused):
            open_table(put(HEADER + body), MARKS, "units")
    else:
        assert len(open_table(put(HEADER + body), MARKS, "units").rows) == 2


def test_a_file_without_the_header_is_refused_by_its_first_rows(put) -> None:
    with pytest.raises(UnreadableFileError, match=r"Row 3 of table\.csv lacks 'MW'"):
        open_table(put(b"a,b\nc,d\nName,x\n" + b"e,f\n" * 500), MARKS, "units")


def test_a_pipe_is_no_table(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "table.csv")
    with pytest.raises((UnreadableFileError, UsageError), match="is a pipe"):
        open_table(tmp_path / "table.csv", MARKS, "units")


def test_the_limit_of_a_field_is_that_of_the_reader(put) -> None:
    long = b"x" * (csv.field_size_limit() + 1)
    with pytest.raises(UnreadableFileError, match="line 2 has a quote"):
        open_table(put(HEADER + long + b",1\n"), MARKS, "units")


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("row", ['"A"x{0}1', '"A{0}1', '"{0}" {0}1'])
def test_a_wrong_quote_is_told_in_one_line_whatever_separates_fields(put, sign: str, row: str) -> None:
    header = HEADER.decode().replace(",", sign)
    with pytest.raises(UnreadableFileError, match="line 2 has a quote") as refused:
        open_table(put((header + row.format(sign) + "\n").encode()), MARKS, "units")
    assert str(refused.value).isprintable()
