"""The parts of a workbook other than its sheets: sheet names, shared texts, number formats, properties, links."""

from __future__ import annotations

import datetime
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hginventory.reading import MOST_SHEETS, MOST_STYLES, MOST_TEXTS
from hginventory.xlsx.cells import EPOCH, EPOCH_1904, GENERAL, without_controls
from hginventory.xlsx.number_formats import BUILT_IN, shows_date, shows_duration
from hginventory.xlsx.shared import Budget, CellStyle
from hginventory.xlsx.xml_stream import Attributes, BrokenPartError, LocalNames, walk

WORKBOOK = "xl/workbook.xml"
_PROPERTIES = "docProps/custom.xml"
_LINK = re.compile(r"xl/externalLinks/_rels/[^/]+\.rels", re.IGNORECASE)
_local = LocalNames()


@dataclass(frozen=True)
class SheetPart:
    """A sheet as the workbook lists it: its name, its part, and whether it is shown."""

    name: str
    part: str
    is_hidden: bool


def read_contents(archive: zipfile.ZipFile) -> tuple[list[SheetPart], datetime.date, dict[str, str]]:
    """Return the sheets of cells in order, day 0 of the dates, and the parts that serve all sheets.

    Parameters
    ----------
    archive : ZipFile
        The workbook.

    Returns
    -------
    tuple
        Sheets; epoch; part of ``sharedStrings`` and ``styles``, where there is one.

    Raises
    ------
    BrokenPartError
        If a part cannot be read.
    """
    listed: list[tuple[str, str, bool]] = []
    epoch = [EPOCH]

    def start(name: str, attributes: Attributes) -> None:
        kind = _local[name]
        if kind == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            state = attributes.get("state", "visible")
            listed.append((attributes.get("name", ""), relation, state != "visible"))
            if len(listed) > MOST_SHEETS:
                raise BrokenPartError(f"more than {MOST_SHEETS} sheets")
        elif kind == "workbookPr" and attributes.get("date1904", "0") not in ("", "0", "false"):
            epoch[0] = EPOCH_1904

    _walk_part(archive, WORKBOOK, start)
    relations = {relation["Id"]: relation for relation in _relations(archive, WORKBOOK)}
    sheets: dict[str, SheetPart] = {}
    for name, identity, is_hidden in listed:
        if identity not in relations:
            raise BrokenPartError(f"no part for the sheet {name!r}")
        relation = relations[identity]
        if relation.get("Type", "").endswith("/worksheet") and name not in sheets:
            sheets[name] = SheetPart(name, stored_name(archive.namelist(), relation["Target"]), is_hidden)
    if not sheets:
        raise BrokenPartError("no sheet")
    shared = {
        kind: stored_name(archive.namelist(), relation["Target"])
        for relation in relations.values()
        if (kind := relation.get("Type", "").rpartition("/")[2]) in ("sharedStrings", "styles")
    }
    return list(sheets.values()), epoch[0], shared


def stored_name(names: Iterable[str], part: str) -> str:
    """Return the name under which a part is stored; names of parts are compared without case (ECMA-376, part 2, 6.2.2).

    Parameters
    ----------
    names : iterable of str
        Names as stored; the one written alike comes before one in another case.
    part : str
        Name as another part writes it.

    Raises
    ------
    BrokenPartError
        If there is no such part.

    Examples
    --------
    >>> stored_name(["xl/Styles.xml"], "xl/styles.xml")
    'xl/Styles.xml'
    """
    alike = [name for name in names if name.casefold() == part.casefold()]
    if not alike:
        raise BrokenPartError(f"no part {part}")
    return part if part in alike else alike[0]


def _relations(archive: zipfile.ZipFile, part: str) -> Iterator[dict[str, str]]:
    """Yield the relations of a part, their targets as names of parts."""
    folder, _, name = part.rpartition("/")
    found: list[dict[str, str]] = []

    def start(name: str, attributes: Attributes) -> None:
        if _local[name] == "Relationship" and "Id" in attributes and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append({**attributes, "Target": path})

    _walk_part(archive, f"{folder}/_rels/{name}.rels", start)
    yield from found


def read_texts(archive: zipfile.ZipFile, part: str | None, budget: Budget) -> list[str]:
    """Return the texts that cells share; cells contain their index.

    Parameters
    ----------
    archive : ZipFile
        The workbook.
    part : str or None
        Name of the part.
    budget : Budget
        How much may still be read.
    """
    texts: list[str] = []
    pieces: list[str] = []
    kept = [False, False]  # whether inside a text, and inside its phonetic reading

    def start(name: str, attributes: Attributes) -> None:
        kind = _local[name]
        if kind == "t":
            kept[0] = not kept[1]
        elif kind == "si":
            pieces.clear()
        elif kind == "rPh":
            kept[1] = True

    def end(name: str) -> None:
        kind = _local[name]
        if kind == "t":
            kept[0] = False
        elif kind == "si":
            text = without_controls("".join(pieces))
            budget.spend_letters(len(text))
            texts.append(text.replace("x005F_", "") if "x005F_" in text else text)
            if len(texts) > MOST_TEXTS:
                raise BrokenPartError(f"more than {MOST_TEXTS:,} texts")
        elif kind == "rPh":
            kept[1] = False

    def text(data: str) -> None:
        if kept[0]:
            pieces.append(data)

    if part is not None:
        _walk_part(archive, part, start, end, text)
    return texts


def read_styles(archive: zipfile.ZipFile, part: str | None) -> list[CellStyle]:
    """Return the styles of cells, as far as they describe numbers; cells contain their index."""
    own: dict[str, str] = {}
    numbers: list[str] = []
    inside = [False]

    def start(name: str, attributes: Attributes) -> None:
        kind = _local[name]
        if kind == "numFmt":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", GENERAL)
        elif kind == "cellXfs":
            inside[0] = True
        elif kind == "xf" and inside[0]:
            numbers.append(attributes.get("numFmtId", "0"))
        if len(numbers) + len(own) > MOST_STYLES:
            raise BrokenPartError(f"more than {MOST_STYLES:,} styles of cells")

    def end(name: str) -> None:
        if _local[name] == "cellXfs":
            inside[0] = False

    if part is not None:
        _walk_part(archive, part, start, end)
    known = {str(number): text for number, text in BUILT_IN.items()}
    styles = {number: _style(own.get(number) or known.get(number, GENERAL)) for number in set(numbers)}
    return [styles[number] for number in numbers] or [CellStyle()]


def _style(number_format: str) -> CellStyle:
    return CellStyle(number_format, shows_date(number_format), shows_duration(number_format))


def read_property(archive: zipfile.ZipFile, wanted: str) -> str | None:
    """Return a custom property of a workbook, None where it has none of that name."""
    found: list[str] = []
    inside = [False]

    def start(name: str, attributes: Attributes) -> None:
        if _local[name] == "property":
            inside[0] = attributes.get("name") == wanted and not found

    def text(data: str) -> None:
        if inside[0]:
            found.append(data)

    if any(name.casefold() == _PROPERTIES.casefold() for name in archive.namelist()):
        _walk_part(archive, _PROPERTIES, start, lambda _: None, text)
    return "".join(found).strip() if found else None


def external_links(archive: zipfile.ZipFile) -> list[str]:
    """Return the files that a workbook links to; none of them is opened."""
    targets: dict[str, None] = {}

    def start(name: str, attributes: Attributes) -> None:
        if _local[name] == "Relationship":
            targets[attributes.get("Target", "")] = None

    for name in filter(_LINK.fullmatch, archive.namelist()):
        _walk_part(archive, name, start)
    return list(targets)


def _walk_part(archive: zipfile.ZipFile, part: str, *handlers: object) -> None:
    name = stored_name(archive.namelist(), part)
    try:
        with archive.open(name) as stream:
            walk(stream, *handlers)  # type: ignore[arg-type]
    except BrokenPartError as error:
        raise BrokenPartError(f"{part} contains {error}") from error
