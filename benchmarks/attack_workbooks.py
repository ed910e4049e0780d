"""Workbooks made to do harm, for `attack.py`: far cells, counts no program can bear, formulas and pictures."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from attack_case import ANYTHING, Cases, Make
from attack_package import (
    BOOK,
    FILE,
    HEADS,
    MAIN,
    MILLION,
    OFFICE,
    ROW,
    STYLES,
    Part,
    around,
    in_part,
    in_sheet,
    made,
    parts,
    within,
)

IMPORT = ("import", "gem-coal", FILE, "-o", "new.xlsx")
VALIDATE = ("validate", "--fleet", FILE)
MARKED = (*VALIDATE, "--marked", "marked.xlsx")
FIXED = (*VALIDATE, "--fix", "fixed.xlsx")
INTO = ("project", "--fleet", FILE, "--draws", "0", "--into", "copy.xlsx")
COPIES = {"--marked": MARKED, "--fix": FIXED, "--into": INTO}


def far_sheets(count: int) -> Callable[[], Mapping[str, Part]]:
    """Return sheets, beside those of a sound fleet, with one cell each in the last row there is."""
    cell = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    content = f"<worksheet {MAIN}><sheetData>{cell}</sheetData></worksheet>".encode()
    return lambda: {f"xl/worksheets/sheet{number}.xml": content for number in range(3, count + 1)}


def headers(columns: int, rows: int) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        for row in range(10, 10 + rows):
            cells = "".join(f'<c t="inlineStr"><is><t>column {row} {n}</t></is></c>' for n in range(columns))
            yield f'<row r="{row}">{cells}</row>'.encode()

    return pieces


def shared(letters: int, count: int) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        formula = "1" + "+A1" * (letters // 3)
        yield (
            f'<row r="9"><c r="AA9"><f t="shared" ref="AA9:AA{9 + count}" si="0">{formula}</f><v>1</v></c></row>'
        ).encode()
        for row in range(10, 10 + count):
            yield f'<row r="{row}"><c r="AA{row}"><f t="shared" si="0"/><v>1</v></c></row>'.encode()

    return pieces


def comments() -> dict[str, Part]:
    """Return the parts of a workbook with a million notes."""
    rels = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
        f'Type="{OFFICE}/comments" Target="../comments1.xml"/></Relationships>'
    )
    types = within(
        parts()["[Content_Types].xml"],
        b"</Types>",
        [
            b'<Override PartName="/xl/comments1.xml" '
            b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/>'
        ],
    )
    notes = around(
        f"<comments {MAIN}><authors><author>a</author></authors><commentList>",
        '<comment ref="A#" authorId="0"><text><t>n</t></text></comment>',
        "</commentList></comments>",
        500_000,
    )
    return {
        "xl/worksheets/_rels/sheet1.xml.rels": rels.encode(),
        "[Content_Types].xml": types,
        "xl/comments1.xml": notes(),
    }


def png(width: int, height: int) -> bytes:
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def bmp(width: int, height: int) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head + bytes(300)


def picture(content: bytes) -> Callable[[], Mapping[str, Part]]:
    """Return the parts of a workbook with a picture."""
    import xlsxwriter

    def changed() -> Mapping[str, Part]:
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream) as book:
            units = book.add_worksheet("Coal_units")
            units.write_row(0, 0, HEADS)
            units.write_row(1, 0, ROW)
            units.insert_image(5, 5, "p.png", {"image_data": io.BytesIO(png(4, 4))})
            sources = book.add_worksheet("Sources")
            sources.write_row(0, 0, ["source_id", "citation"])
            sources.write_row(1, 0, ["S", "A report, 2020"])
        with zipfile.ZipFile(stream) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
        old = next(name for name in found if name.startswith("xl/media/"))
        return {**found, old: content}

    return changed


# Kind -> how a million of them stand in a workbook.
MANY: Mapping[str, Callable[[], Mapping[str, Part]]] = {
    "conditional formats": in_sheet(
        b"<pageMargins",
        around(
            "",
            '<conditionalFormatting sqref="A#"><cfRule type="expression" priority="#"><formula>1</formula></cfRule>'
            "</conditionalFormatting>",
            "",
        ),
    ),
    "rules of one area": in_sheet(
        b"<pageMargins",
        around(
            '<conditionalFormatting sqref="A1:A9">',
            '<cfRule type="expression" priority="#"><formula>1</formula></cfRule>',
            "</conditionalFormatting>",
        ),
    ),
    "validations": in_sheet(
        b"<pageMargins",
        around(
            "<dataValidations>",
            '<dataValidation type="whole" sqref="A#"><formula1>1</formula1></dataValidation>',
            "</dataValidations>",
        ),
    ),
    "hyperlinks": in_sheet(
        b"<pageMargins", around("<hyperlinks>", '<hyperlink ref="A#" location="B1"/>', "</hyperlinks>")
    ),
    "names": in_part(
        BOOK, b"<calcPr", around("<definedNames>", '<definedName name="n#">1</definedName>', "</definedNames>")
    ),
    "styles": in_part(STYLES, b"</cellXfs>", around("", '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>', "")),
    "styles of formats": in_part(STYLES, b"</cellStyleXfs>", around("", '<xf numFmtId="0" fontId="0"/>', "")),
    "fonts": in_part(STYLES, b"</fonts>", around("", '<font><sz val="#"/></font>', "")),
    "fills": in_part(STYLES, b"</fills>", around("", '<fill><patternFill patternType="solid"/></fill>', "")),
    "named styles": in_part(STYLES, b"</cellStyles>", around("", '<cellStyle name="n#" xfId="0"/>', "")),
    "columns": in_sheet(b"<sheetData", around("<cols>", '<col min="1" max="16384" width="9"/>', "</cols>")),
    "breaks": in_sheet(b"</worksheet>", around("<rowBreaks>", '<brk id="#"/>', "</rowBreaks>")),
    "protected ranges": in_sheet(
        b"<pageMargins", around("<protectedRanges>", '<protectedRange name="n#" sqref="A#"/>', "</protectedRanges>")
    ),
    "notes": comments,
    "elements of extensions": in_sheet(b"</worksheet>", around("<extLst>", '<ext uri="#"/>', "</extLst>")),
}
QUICK = frozenset({"conditional formats", "styles"})
REGEX = {
    "comment made for a regular expression": in_sheet(
        b"<pageMargins", lambda: [b"<!--", *[b'<c r="A1" >'] * 80_000, b"-->"]
    ),
    "many cells that never end": in_sheet(
        b"<pageMargins",
        lambda: [
            b"<extLst><ext uri='",
            *[b"&lt;c r=A1 "] * 20_000,
            b"'/></extLst>",
            *[b"<!--" + b'<c r="B2" >' * 9_000 + b"-->"] * 10,
        ],
    ),
    "styles in comments": in_part(STYLES, b"</cellXfs>", lambda: [b"<!--", *[b'<xf numFmtId="0" >'] * 40_000, b"-->"]),
}


def many_parts(count: int) -> Make:
    """Return a function that writes a zip file that lists one empty part over and over."""

    def make(folder: Path) -> list[str]:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a", b"")
        start, mark, entry = stream.getvalue().partition(b"PK\1\2")
        entry = mark + entry.partition(b"PK\5\6")[0]
        numbers = (count, count, count * len(entry), len(start))
        with (folder / FILE).open("wb") as file:
            file.write(start + entry * count)
            file.write(struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, *numbers))
            file.write(struct.pack("<4sLQL", b"PK\6\7", 0, len(start) + count * len(entry), 1))
            file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))
        return list(VALIDATE)

    return make


def cases() -> Cases:
    """Yield the cases."""
    yield "two million parts, validate", True, many_parts(2 * MILLION), (FILE, "parts")
    for count in (20, 200):
        for what, command in {"import": IMPORT, "validate": VALIDATE, **COPIES}.items():
            is_quick = count == 20 and what == "import"
            yield f"{count} sheets with a far cell, {what}", is_quick, made(command, far_sheets(count), count), ANYTHING
    yield "a million header cells, import", True, made(IMPORT, in_sheet(b"</sheetData>", headers(16_000, 62))), (FILE,)
    yield "900,000 header cells, import", False, made(IMPORT, in_sheet(b"</sheetData>", headers(16_000, 56))), (FILE,)
    yield "a million header cells, validate", False, made(VALIDATE, in_sheet(b"</sheetData>", headers(16_000, 62))), ()
    for kind, changed in MANY.items():
        for option, command in COPIES.items():
            is_quick = kind in QUICK and option == "--marked"
            yield f"a million {kind}, {option}", is_quick, made(command, changed), (FILE, "xl/")
    for kind, changed in REGEX.items():
        for option, command in COPIES.items():
            is_quick = option == "--fix" and kind.startswith("comment")
            yield f"{kind}, {option}", is_quick, made(command, changed), ANYTHING
    for option, command in COPIES.items():
        for name, content in {
            "long shared formula": in_sheet(b"</sheetData>", shared(8_000, 90_000)),
            "very long shared formula": in_sheet(b"</sheetData>", shared(900_000, 5_000)),
        }.items():
            yield f"{name}, {option}", name.startswith("very") and option == "--marked", made(command, content), (FILE,)
        for name, image in {
            "picture of absurd size": png(60_000, 60_000),
            "picture that claims an absurd size": png(2_000_000_000, 2),
            "bitmap of absurd size": bmp(20_000, 8_000),
        }.items():
            words = ANYTHING if option == "--fix" else ("xl/media",)  # it copies pictures byte for byte
            yield f"{name}, {option}", False, made(command, picture(image)), words
