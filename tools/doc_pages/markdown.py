"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MADE = "<!-- Made by tools/build_docs.py: change the code it is made from, then run that script. -->"


def cell(text: object) -> str:
    r"""Return a text as it may be in a cell of a table.

    >>> cell("a|b")
    'a\\|b'
    """
    return str(text).replace("|", "\\|").replace("\n", " ").strip()


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    lines = [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
    lines += [f"| {' | '.join(cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines)


def page(*parts: str) -> str:
    """Return a page of parts with a blank line between them."""
    return "\n\n".join([MADE, *(part.strip("\n") for part in parts)]) + "\n"


def with_block(text: str, name: str, block: str) -> str:
    r"""Return a page with the block of a name renewed, between its two marks.

    Raises
    ------
    ValueError
        If the page has no such marks.

    Examples
    --------
    >>> with_block("a <!-- study -->\nold\n<!-- /study -->", "study", "new")
    'a <!-- study -->\nnew\n<!-- /study -->'
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, opened, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise ValueError(f"there are no marks {begin} and {end}")
    return f"{before}{begin}\n{block}\n{end}{after}"


def code(text: str) -> str:
    """Return a text as code."""
    return f"`{text}`"


def anchor(heading: str) -> str:
    """Return the anchor that a heading gets.

    >>> anchor("Codes: kiln type")
    'codes-kiln-type'
    """
    kept = "".join(sign for sign in heading.lower() if sign.isalnum() or sign in " -_")
    return "-".join(kept.split())
