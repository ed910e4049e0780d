"""A part of a workbook as a stream of elements: never a whole tree in memory, no document types, no entities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from hginventory.reading import DEEPEST_ELEMENT, LONGEST_TAG

CHUNK = 1 << 14  # bytes; a larger piece makes a larger tree, which is slower to make and to cut

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class BrokenPartError(ValueError):
    """A part is not well-formed XML, or is not part of a workbook; says what in a few words."""


@dataclass(frozen=True)
class Extent:
    """Position of an element in the bytes of a part: its name as written, its attributes, first and last byte."""

    name: str
    attributes: Attributes
    begin: int
    end: int


class LocalNames(dict[str, str]):
    """Name as written -> name without prefix; worked out once for each.

    >>> LocalNames()["x:row"]
    'row'
    """

    def __missing__(self, name: str) -> str:
        local = self[name] = name.rpartition(":")[2]
        return local


def walk(stream: IO[bytes], start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Call a function for each start of an element, end of an element and piece of text of an XML part.

    Parameters
    ----------
    stream : binary file
        The part, in UTF-8.
    start : callable
        Gets the name as written, with its prefix if it has one, and the attributes.
    end, text : callable, optional
        Get the name, and a piece of text.

    Raises
    ------
    BrokenPartError
        If the part is not XML, declares a document type or has a tag of absurd length.

    Examples
    --------
    >>> import io
    >>> walk(io.BytesIO(b"<a><b c='1'/></a>"), lambda name, attributes: print(name, attributes))
    a {}
    b {'c': '1'}
    """
    depth = 0

    def start_in_depth(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST_ELEMENT:
            raise BrokenPartError(f"elements more than {DEEPEST_ELEMENT} deep in each other")
        start(name, attributes)

    def end_in_depth(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name)

    for _ in _parsed(stream, start_in_depth, end_in_depth, text):
        pass


def grow(stream: IO[bytes]) -> Iterator[Element]:
    """Yield the growing tree of an XML part after each piece of the file; whoever takes it cuts off what is used.

    Of each element on the way to the end of the last piece all children but the last are complete. At the last yield
    all are. The tree is made without a call of Python for each element, which takes half the time of `walk`.

    Parameters
    ----------
    stream : binary file
        The part, in UTF-8.

    Yields
    ------
    Element
        An element around the part, always the same one; its names are as written, with their prefix.

    Raises
    ------
    BrokenPartError
        If the part is not XML, declares a document type or has a tag of absurd length.

    Examples
    --------
    >>> import io
    >>> [[child.tag for child in tree] for tree in grow(io.BytesIO(b"<a><b/></a>"))]
    [['a'], ['a']]
    """
    builder = TreeBuilder()
    root = builder.start("", {})
    for _ in _parsed(stream, builder.start, builder.end, builder.data):
        yield root


def spans(part: bytes, is_wanted: Callable[[str, Attributes], bool]) -> list[Extent]:
    """Return the positions of some elements of a part, in order; those within one that is wanted are left out.

    Parameters
    ----------
    part : bytes
        The part, in UTF-8.
    is_wanted : callable
        Gets the name without prefix and the attributes.

    Raises
    ------
    BrokenPartError
        If the part is not XML.

    Examples
    --------
    >>> [(one.begin, one.end) for one in spans(b"<a><b/><b>1</b><!--<b>--></a>", lambda name, _: name == "b")]
    [(3, 7), (7, 15)]
    """
    parser = expat.ParserCreate("utf-8")
    local = LocalNames()
    found: list[Extent] = []
    opened: list[tuple[str, Attributes, int]] = []
    depth = 0  # of elements within the one that is open

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        if opened:
            depth += 1
        elif is_wanted(local[name], attributes):
            opened.append((name, attributes, parser.CurrentByteIndex))

    def end(name: str) -> None:
        nonlocal depth
        if not opened:
            return
        if depth:
            depth -= 1
            return
        at = parser.CurrentByteIndex  # of the end tag; of an empty element behind it
        closing = b"</" + name.encode()
        found.append(Extent(*opened.pop(), part.index(b">", at) + 1 if part.startswith(closing, at) else at))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise BrokenPartError(f"no XML: {error}") from error
    return found


def _parsed(stream: IO[bytes], start: Any, end: Any, text: Any) -> Iterator[None]:
    """Yield after each piece of the part and at its end, when its content was handed to the functions."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    fed = 0
    try:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > LONGEST_TAG:
                raise BrokenPartError(f"a tag of more than {LONGEST_TAG:,} bytes")
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BrokenPartError(f"no XML: {error}") from error
    yield


def _refuse(*_: Any) -> None:
    raise BrokenPartError("XML definitions, which workbooks never contain")
