"""A part of a workbook as a stream of elements: never a whole tree in memory, no document types, no entities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

CHUNK = 1 << 14  # bytes; a larger piece makes a larger tree, which is slower to make and to cut
LONGEST_TAG = 1 << 20  # bytes of one tag or comment, which has to lie in memory as a whole
DEEPEST = 100  # elements within each other; workbooks have a dozen

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class BrokenPartError(ValueError):
    """A part is not well-formed XML, or is not part of a workbook; says what in a few words."""


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
        if depth > DEEPEST:
            raise BrokenPartError(f"elements more than {DEEPEST} deep in each other")
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
