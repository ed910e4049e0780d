"""What a workbook has beside its cells is counted before anything is parsed, and changed cells are found by parsing."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from hginventory.errors import UnreadableFileError
from hginventory.xlsx import NewCell, copy, open_copy, patched, read_workbook, safety, saved, sheet_reader

SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"


def parts(picture: bytes | None = None) -> dict[str, bytes]:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["x", 1.5, "y"])
        if picture is not None:
            sheet.insert_image(3, 3, "p.png", {"image_data": io.BytesIO(picture)})
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(changed: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in changed.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_pieces(part: str, before: bytes, pieces: bytes) -> bytes:
    found = parts()
    assert before in found[part]
    return packed({**found, part: found[part].replace(before, pieces + before, 1)})


MANY = {
    "conditional formats": (SHEET, b"<pageMargins", b'<conditionalFormatting sqref="A1"/>'),
    "data validations": (SHEET, b"<pageMargins", b'<x:dataValidation\nsqref="A1"/>'),
    "hyperlinks": (SHEET, b"<pageMargins", b'<hyperlink ref="A1"/>'),
    "column widths": (SHEET, b"<sheetData", b'<col min="1" max="2"/>'),
    "page breaks": (SHEET, b"</worksheet>", b"<brk/>"),
    "names": (BOOK, b"<calcPr", b'<definedName name="n">1</definedName>'),
    "cell formats": (STYLES, b"</cellXfs>", b"<xf/>"),
    "fonts": (STYLES, b"</fonts>", b"<font></font>"),
    "extensions": (STYLES, b"</styleSheet>", b"<ext\turi='a'/>"),
}


@pytest.mark.parametrize("kind", MANY)
def test_too_many_of_a_kind_are_refused_with_the_part(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "MOST_EXTRAS", 200)
    part, before, piece = MANY[kind]
    path = tmp_path / "fleet.xlsx"
    path.write_bytes(with_pieces(part, before, piece * 201))
    with pytest.raises(UnreadableFileError, match=f"{part} has too many {kind}; at most 200 "):
        read_workbook(path)
    path.write_bytes(with_pieces(part, before, piece * 100))
    safety.prescan(path)


def test_cells_and_their_texts_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "MOST_EXTRAS", 200)
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><r><t>x</t></r></is></c><c><f>1</f><v>1</v></c></row>' % (n, n)
        for n in range(2, 900)
    )
    path = tmp_path / "fleet.xlsx"
    path.write_bytes(with_pieces(SHEET, b"</sheetData>", cells))
    assert len(read_workbook(path).sheets["A"].rows) == 899


def test_a_row_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_reader, "MOST_COLUMNS", 10)
    path = tmp_path / "fleet.xlsx"
    path.write_bytes(with_pieces(SHEET, b"</sheetData>", b'<row r="7">' + b"<c><v>1</v></c>" * 11 + b"</row>"))
    with pytest.raises(UnreadableFileError, match="more than 10 filled cells in row 7"):
        read_workbook(path)


@pytest.mark.parametrize(("letters", "followers"), [(9_000, 0), (8_000, 7_000), (100, 600_000)])
def test_formulas_have_a_bound_counted_in_each_cell_that_shares_them(
    tmp_path: Path, letters: int, followers: int
) -> None:
    first = b'<row r="9"><c r="A9"><f t="shared" ref="A9:A99" si="0">%b</f><v>1</v></c></row>' % (b"1" * letters)
    rest = b"".join(b'<row r="%d"><c><f t="shared" si="0"/><v>1</v></c></row>' % n for n in range(10, 10 + followers))
    path = tmp_path / "fleet.xlsx"
    path.write_bytes(with_pieces(SHEET, b"</sheetData>", first + rest))
    with pytest.raises(UnreadableFileError, match=r"formula|letters"):
        read_workbook(path)


@pytest.mark.parametrize(
    "hidden",
    [
        b'<!--<c r="A1" s="0"><v>8</v></c>-->', b"<!--" + b'<c r="A1" >' * 90_000 + b"-->",
        b'<!--</c><c r="B1"/>-->', b'<!-- <row r="1"><c r="B1">-->', b"<!-- </sheetData> -->",
    ],
)  # fmt: skip
def test_a_cell_is_changed_where_it_is_and_nowhere_else(hidden: bytes) -> None:
    data = with_pieces(SHEET, b"<sheetData>", hidden)
    begin = time.process_time()
    changed = patched(data, {"A": {"A1": NewCell("new"), "B1": NewCell(7)}})
    assert time.process_time() - begin < 2.0
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(changed)) as new:
        assert hidden in new.read(SHEET)
        assert {n for n in old.namelist() if old.read(n) != new.read(n)} == {SHEET}
        assert new.read(SHEET).count(b"new</t>") == 1
    book = open_copy(changed)
    assert [cell.value for cell in book["A"][1]] == ["new", 7, "y"]


def test_cells_within_a_cell_and_empty_cells_are_told_apart() -> None:
    row = b'<row r="5"><c r="A5"/><c r="B5" s="0"></c><c r="C5"><v>1</v></c></row>'
    changed = patched(
        with_pieces(SHEET, b"</sheetData>", row), {"A": {"A5": NewCell(1), "B5": NewCell(2), "C5": NewCell("<3>")}}
    )
    assert [cell.value for cell in open_copy(changed)["A"][5]] == [1, 2, "<3>"]


def picture(width: int, height: int) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("1", (width, height)).save(stream, "PNG")
    return stream.getvalue()


def test_pictures_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed(parts(picture(60, 40)))
    assert saved(open_copy(data))
    monkeypatch.setattr(copy, "MOST_PIXELS", 60 * 40 - 1)
    with pytest.raises(UnreadableFileError, match=r"xl/media/image1.png is a picture of more than 2,399 pixels"):
        open_copy(data)


@pytest.mark.parametrize("size", [(60_000, 60_000), (2_000_000_000, 2)])
def test_a_picture_that_claims_an_absurd_size_is_refused(size: tuple[int, int]) -> None:
    found = parts(picture(60, 40))
    name = next(name for name in found if name.startswith("xl/media"))
    head = found[name][:16] + size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big") + found[name][24:29]
    import zlib

    lie = head + zlib.crc32(head[12:29]).to_bytes(4, "big") + found[name][33:]
    with pytest.raises(UnreadableFileError, match="xl/media"):
        open_copy(packed({**found, name: lie}))
