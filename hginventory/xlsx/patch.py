"""Single cells of a workbook changed in its file; every other byte of every part stays as it was.

A library would write the workbook anew and lose charts, pictures and the stored results of formulas on the way.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from hginventory.xlsx.parts import WORKBOOK, stored_name
from hginventory.xlsx.xml_stream import spans

_STYLES = "xl/styles.xml"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class NewCell:
    """New content of a cell.

    Attributes
    ----------
    value : str, int, float or bool
        The value.
    is_plain : bool
        Whether the number format goes, as that of a date does under a year.
    """

    value: str | int | float | bool
    is_plain: bool = False


def patched(data: bytes, changes: Mapping[str, Mapping[str, NewCell]]) -> bytes:
    """Return the bytes of a workbook with some cells changed.

    Parameters
    ----------
    data : bytes
        An .xlsx or .xlsm file that passed the pre-scan.
    changes : mapping of str to mapping of str to NewCell
        Sheet -> cell, as ``H23`` -> new content; cells that are not stored are left out.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        infos = archive.infolist()
    styles = next((name for name in parts if name.casefold() == _STYLES), "")
    formats = _Formats(parts.get(styles, b""))
    paths = _paths(parts)
    for sheet, cells in changes.items():
        parts[paths[sheet]] = _with_cells(parts[paths[sheet]], cells, formats)
    if styles:
        parts[styles] = formats.content()
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for info in infos:
            archive.writestr(info, parts[info.filename], compress_type=info.compress_type)
    return stream.getvalue()


def _paths(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return sheet name -> name of its part."""
    from defusedxml.ElementTree import fromstring

    relations = fromstring(parts[stored_name(parts, "xl/_rels/workbook.xml.rels")])
    targets = {node.get("Id"): posixpath.join("xl", str(node.get("Target"))).lstrip("/") for node in relations}
    nodes = fromstring(parts[stored_name(parts, WORKBOOK)]).iter()
    return {
        str(node.get("name")): stored_name(parts, posixpath.normpath(targets[node.get(_RELATION)]))
        for node in nodes
        if node.tag.endswith("}sheet")
    }


def _with_cells(xml: bytes, cells: Mapping[str, NewCell], formats: _Formats) -> bytes:
    pieces, done = [], 0
    for cell in spans(xml, lambda name, attributes: name == "c" and attributes.get("r") in cells):
        ref, number = cell.attributes["r"], int(cell.attributes.get("s", 0))
        new = cells[ref]
        if new.is_plain:
            number = formats.plain(number)
        prefix = cell.name.removesuffix("c")
        pieces += [xml[done : cell.begin], _element(prefix, ref, number, new.value).encode()]
        done = cell.end
    return b"".join([*pieces, xml[done:]])


def _element(prefix: str, ref: str, style: int, value: Any) -> str:
    head = f'<{prefix}c r="{ref}" s="{style}"'
    if isinstance(value, str):
        text = f'<{prefix}t xml:space="preserve">{escape(value)}</{prefix}t>'
        return f'{head} t="inlineStr"><{prefix}is>{text}</{prefix}is></{prefix}c>'
    if isinstance(value, bool):
        return f'{head} t="b"><{prefix}v>{int(value)}</{prefix}v></{prefix}c>'
    return f"{head}><{prefix}v>{value!r}</{prefix}v></{prefix}c>"


class _Formats:
    """The cell formats of a workbook, to which plain ones are added."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self._all = next(iter(spans(xml, lambda name, _: name == "cellXfs") if xml else ()), None)
        self._known: list[bytes] = []
        if self._all is not None:
            every = spans(xml, lambda name, _: name == "xf")
            own = range(self._all.begin, self._all.end)
            self._known = [xml[one.begin : one.end] for one in every if one.begin in own]
        self._plain: dict[int, int] = {}

    def plain(self, style: int) -> int:
        """Return the number of a format that looks the same but shows a plain number."""
        if not self._known:
            return style
        if style not in self._plain:
            same = re.sub(rb'\snumFmtId="\d+"', b' numFmtId="0"', self._known[style])
            self._known.append(re.sub(rb'\squotePrefix="\w+"', b"", same))
            self._plain[style] = len(self._known) - 1
        return self._plain[style]

    def content(self) -> bytes:
        """Return the part with what was added."""
        if not self._plain or self._all is None:
            return self._xml
        begin, end = self._all.begin, self._xml.rindex(b"</", 0, self._all.end)
        inner = self._xml.index(b">", begin)
        head = re.sub(rb'\scount="\d+"', b' count="%d"' % len(self._known), self._xml[begin:inner])
        added = b"".join(self._known[-len(self._plain) :])
        return self._xml[:begin] + head + self._xml[inner:end] + added + self._xml[end:]
