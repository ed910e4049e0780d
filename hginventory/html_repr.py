"""How a result shows in a notebook: a title, a table of at most one screen, and a line on the rest."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping

import pandas as pd

SCREEN = 15  # rows


def html_table(title: str, table: pd.DataFrame, heads: Mapping[str, str], notes: Iterable[str] = ()) -> str:
    """Return the first rows of a table as HTML, with a title and notes; all texts are escaped.

    Parameters
    ----------
    title : str
        What the table shows.
    table : DataFrame
        The result.
    heads : mapping of str to str
        Columns shown, those that the table has, with the words and units of their headings.
    notes : iterable of str
        What a reader must know of it.

    Examples
    --------
    >>> print(html_table("Units", pd.DataFrame({"kg": [1234.5]}), {"kg": "Emissions [kg]"})[:51])
    <div><strong>Units</strong><table><thead><tr><th sc
    """
    names = [name for name in heads if name in table]
    head = "".join(f'<th scope="col">{html.escape(heads[name])}</th>' for name in names)
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(_text(value))}</td>' for value in row)}</tr>"
        for row in table[names].head(SCREEN).itertuples(index=False, name=None)
    )
    hidden = len(table) - SCREEN
    told = [*notes, *([f"{hidden:,} more rows."] if hidden > 0 else [])]
    ends = "".join(f"<p>{html.escape(note)}</p>" for note in told if note)
    return (
        f"<div><strong>{html.escape(title)}</strong><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"{ends}</div>"
    )


def _text(value: object) -> str:
    """Return a value as people read it: three significant figures, whole numbers from a thousand on, blank for none.

    >>> _text(1234.5), _text(0.06571), _text(7), _text(float("nan"))
    ('1,234', '0.0657', '7', '')
    """
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return f"{value:z,.0f}" if abs(value) >= 1000 or value.is_integer() else f"{float(f'{value:.3g}'):,}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return "" if value is None or value is pd.NA else str(value)
