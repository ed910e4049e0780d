"""``where`` expressions: compare columns with constants or each other, nothing else.

The text is parsed, never run: whatever is not a comparison of columns is refused by name.
"""

from __future__ import annotations

import ast
import difflib
import operator
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Flags
from hginventory.errors import UsageError
from hginventory.reading import LARGEST_WHOLE

LONGEST = 1000  # characters; more is no expression a person writes
_ORDERED: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ALLOWED = "Allowed: columns, numbers, texts in quotes, == != < <= > >=, in, not in, and, or, not, parentheses."


def select(
    frame: pd.DataFrame, where: str, *, parameter: str = "where", spelling: Callable[[str], str] | None = None
) -> Flags:
    """Return which rows fulfil an expression.

    Parameters
    ----------
    frame : DataFrame, N rows
        Table whose columns may be named.
    where : str
        Expression such as ``"capacity_mw >= 100 and country in ['IDN', 'VNM'] and not captive"``.
        A missing value fulfils no comparison.
    parameter : str
        Name of the parameter that the caller took the expression from, for messages.
    spelling : callable, optional
        Brings a text of the expression into the spelling in which the table has its texts.

    Returns
    -------
    ndarray of bool, shape (N,)

    Raises
    ------
    UsageError
        If the expression has anything else in it, an unknown column, or compares text with numbers.

    Examples
    --------
    >>> table = pd.DataFrame({"mw": [50.0, 600.0, float("nan")], "fuel": ["a", "b", "b"]})
    >>> select(table, "mw >= 100 and fuel == 'b'").tolist()
    [False, True, False]
    """
    if len(where) > LONGEST:
        words = f"the expression has {len(where)} characters; at most {LONGEST} are allowed."
        raise UsageError(words, parameter=parameter)
    try:
        tree = ast.parse(unicodedata.normalize("NFC", where.strip()), mode="eval").body  # as cells are read
        return _Selector(frame, where, parameter, spelling).truth(tree)
    except (SyntaxError, ValueError, MemoryError) as error:
        raise UsageError(f"{where!r} cannot be read as an expression. {_ALLOWED}", parameter=parameter) from error
    except RecursionError as error:
        raise UsageError("the expression is nested too deeply.", parameter=parameter) from error


def named_values(where: str) -> list[tuple[str, object]]:
    """Return each column of an expression with the constants it is set equal, or unequal, to.

    Parameters
    ----------
    where : str
        As in `select`, which can read it.

    Examples
    --------
    >>> named_values("mw > 100 and (plant == 'A' or unit_id not in ['U1', 'U2'])")
    [('plant', 'A'), ('unit_id', 'U1'), ('unit_id', 'U2')]
    """
    out: list[tuple[str, object]] = []
    for node in ast.walk(ast.parse(where.strip() or "0", mode="eval")):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        for op, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn):
                name, other = (left, right) if isinstance(left, ast.Name) else (right, left)
                values = other.elts if isinstance(other, ast.List | ast.Tuple | ast.Set) else [other]
                if isinstance(name, ast.Name):
                    out += [(name.id, value.value) for value in values if isinstance(value, ast.Constant)]
    return out


class _Selector:
    def __init__(self, frame: pd.DataFrame, where: str, parameter: str, spelling: Callable[[str], str] | None) -> None:
        self.frame = frame
        self.where = where
        self.parameter = parameter
        self.spelling = spelling

    def error(self, message: str) -> UsageError:
        return UsageError(message, parameter=self.parameter)

    def refuse(self, node: ast.AST) -> UsageError:
        piece = ast.get_source_segment(self.where.strip(), node) or type(node).__name__
        position = getattr(node, "col_offset", 0) + 1
        return self.error(f"{piece!r} at character {position} is not allowed. {_ALLOWED}")

    def truth(self, node: ast.expr) -> Flags:
        """Return the rows for which a logical expression is true."""
        if isinstance(node, ast.BoolOp):
            parts = [self.truth(value) for value in node.values]
            combine = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
            return np.asarray(combine.reduce(parts), dtype=bool)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ~self.truth(node.operand)
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.Name):
            column = self.column(node)
            known = column.dropna()
            if not known.isin([True, False]).all() or (pd.api.types.is_numeric_dtype(column) and column.dtype != bool):
                raise self.error(f"column {node.id!r} is not true or false; compare it with a value.")
            return column.eq(True).to_numpy(dtype=bool)
        raise self.refuse(node)

    def comparison(self, node: ast.Compare) -> Flags:
        """Return the rows for which a comparison is true, chained as in ``100 <= mw < 300``."""
        left: ast.expr = node.left
        holds: Flags = np.ones(len(self.frame), dtype=bool)
        for op, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, ast.In | ast.NotIn):
                holds &= self.membership(left, op, right)
            elif type(op) in _ORDERED:
                holds &= self.ordered(left, op, right)
            else:
                raise self.refuse(node)
            left = right
        return holds

    def membership(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Flags:
        if not isinstance(left, ast.Name):
            raise self.refuse(left)
        if not isinstance(right, ast.List | ast.Tuple | ast.Set):
            raise self.refuse(right)
        column = self.column(left)
        members = [self.constant(item) for item in right.elts]
        for member in {isinstance(member, str): member for member in members}.values():  # one of each kind
            self.same_kind(left.id, column, member)
        inside = column.isin(members).to_numpy(dtype=bool)
        return inside if isinstance(op, ast.In) else ~inside & column.notna().to_numpy()

    def ordered(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Flags:
        values = [self.column(n) if isinstance(n, ast.Name) else self.constant(n) for n in (left, right)]
        known: Flags = np.ones(len(self.frame), dtype=bool)
        for node, value, other in zip((left, right), values, reversed(values), strict=True):
            if isinstance(value, pd.Series):
                self.same_kind(getattr(node, "id", ""), value, other)
                known &= value.notna().to_numpy()
        if not any(isinstance(value, pd.Series) for value in values):
            raise self.refuse(left)
        out: Flags = np.zeros(len(self.frame), dtype=bool)
        first, second = (v[known] if isinstance(v, pd.Series) else v for v in values)
        out[known] = np.asarray(_ORDERED[type(op)](first, second), dtype=bool)
        return out

    def column(self, node: ast.Name) -> pd.Series[Any]:
        """Return the column of a name."""
        if node.id in self.frame:
            return self.frame[node.id]
        near = difflib.get_close_matches(node.id, list(self.frame.columns), n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        columns = self.frame.columns
        words = f"there is no column {node.id!r}. {hint}Columns: {', '.join(columns)}."
        raise UsageError(words, parameter=self.parameter, allowed=columns)

    def constant(self, node: ast.expr) -> object:
        """Return the value of a number, text or truth value."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            value = self.constant(node.operand)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return -value
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and self.spelling is not None:
            return self.spelling(node.value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | bool):
            if isinstance(node.value, int) and node.value > LARGEST_WHOLE:
                raise self.error(
                    f"a whole number of {len(str(node.value))} digits; at most {LARGEST_WHOLE:,} is allowed."
                )
            return node.value
        raise self.refuse(node)

    def same_kind(self, name: str, column: pd.Series[Any], other: object) -> None:
        """Raise unless a column and what it is compared with are both text or both numbers."""
        known = column.dropna()
        column_is_text = bool(len(known)) and isinstance(known.iloc[0], str)
        if isinstance(other, pd.Series):
            rest = other.dropna()
            other_is_text = bool(len(rest)) and isinstance(rest.iloc[0], str)
            if not len(rest):
                return
        else:
            other_is_text = isinstance(other, str)
        if len(known) and column_is_text != other_is_text:
            kind = "text: write the value in quotes" if column_is_text else "numbers: write the value without quotes"
            raise self.error(f"column {name!r} contains {kind}.")
