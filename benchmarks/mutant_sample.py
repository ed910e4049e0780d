"""Mutants: small changes of the code that some test should notice, and a seeded sample of them.

The kinds are faults that people make: a bound that moves by one, a sign, ``and`` for ``or``, a condition, a filter or a
option forgotten in a call, ``min`` for ``max``. Texts, annotations, decorators and docstrings stay. Changes that nearly
always end in an exception (a value replaced by None, a key misspelt) are left out: they would flatter the figure.
"""

from __future__ import annotations

import ast
import copy
import difflib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_PAIRS = (
    ("min", "max"),
    ("any", "all"),
    ("minimum", "maximum"),
    ("floor", "ceil"),
    ("argmin", "argmax"),
    ("fmin", "fmax"),
    ("nanmin", "nanmax"),
    ("left", "right"),
)
_CALLED = {name: other for pair in _PAIRS for name, other in (pair, pair[::-1])}
_LEFT_ALONE = {"annotation", "returns", "decorator_list", "format_spec", "pattern"}


@dataclass(frozen=True)
class Mutant:
    """One change of one module.

    Attributes
    ----------
    path : str
        Module, from the root of the project.
    line : int
        First line of the change.
    function : str
        Function or method that it is in; empty outside of functions.
    before, after : str
        What stands there, and what stands there in the mutant, blanks drawn together.
    start, end : int
        Where the change is, in bytes of the source.
    """

    path: str
    line: int
    function: str
    before: str
    after: str
    start: int
    end: int

    def applied(self, source: str) -> str:
        """Return the source of the module with the change."""
        data = source.encode()
        return (data[: self.start] + self.after.encode() + data[self.end :]).decode()

    def diff(self, source: str) -> str:
        """Return the change as lines of a diff."""
        lines = difflib.unified_diff(source.splitlines(), self.applied(source).splitlines(), n=0, lineterm="")
        return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def mutants_of(path: str, source: str) -> list[Mutant]:
    """Return all mutants of a module, in the order of its lines."""
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    mutants = []
    for function, node, after in _changes(ast.parse(source), ""):
        assert isinstance(node, ast.expr | ast.stmt)
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        before = " ".join(source.encode()[start:end].decode().split())
        mutants.append(Mutant(path, node.lineno, function, before, after, start, end))
    return sorted(mutants, key=lambda mutant: (mutant.start, mutant.end, mutant.after))


def sampled(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """Return a systematic sample, in random order.

    Every n-th of the mutants, which stand in the order of modules and lines: so each module, and each part of it, has
    its share of the sample. The order is random, so that a run that is cut short is a sample as well.
    """
    choice = random.Random(seed)
    step = max(len(mutants) / count, 1.0)
    start = choice.random() * step
    chosen = [mutants[int(start + i * step)] for i in range(count) if start + i * step < len(mutants)]
    choice.shuffle(chosen)
    return chosen


def modules_below(root: Path, places: Sequence[str]) -> list[str]:
    """Return the modules in folders, and modules named alone, sorted."""
    found = {
        str(path.relative_to(root))
        for place in places
        for path in ([root / place] if place.endswith(".py") else (root / place).rglob("*.py"))
    }
    return sorted(path for path in found if not path.endswith("__init__.py"))


def _changes(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST, str]]:
    """Yield the function around each node below a node that is changed, the node, and the text that takes its place."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
        return
    if isinstance(node, ast.FunctionDef):
        function = node.name
    if isinstance(node, ast.expr):
        yield from ((function, node, f"({ast.unparse(changed)})") for changed in _other_expressions(node))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield function, node, "pass"
    elif isinstance(node, ast.AugAssign) and type(node.op) in _CALCULATED:
        yield function, node, ast.unparse(_with(node, op=_CALCULATED[type(node.op)]()))
    elif isinstance(node, ast.If):
        yield from ((function, node.test, text) for text in ("True", "False"))
    for field, value in ast.iter_fields(node):
        if field not in _LEFT_ALONE and not (isinstance(node, ast.keyword) and node.arg == "strict"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _changes(child, function)


def _other_expressions(node: ast.expr) -> Iterator[ast.expr]:
    yield from _other_conditions(node)
    match node:
        case ast.BinOp() if type(node.op) in _CALCULATED and not (_is_text(node.left) or _is_text(node.right)):
            yield _with(node, op=_CALCULATED[type(node.op)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield from (ast.Constant(node.value + 1), ast.Constant(node.value - 1))
        case ast.Constant(value=float()):
            yield ast.Constant(node.value + 1.0)
        case ast.Constant(value=str()) if node.value in _CALLED:
            yield ast.Constant(_CALLED[node.value])
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case ast.Call():
            for i, keyword in enumerate(node.keywords):
                if (
                    isinstance(keyword.value, ast.Constant) and keyword.arg != "strict"
                ):  # which guards, and alters nothing
                    yield _with(node, keywords=[*node.keywords[:i], *node.keywords[i + 1 :]])
            if isinstance(node.func, ast.Name) and node.func.id in _CALLED:
                yield _with(node, func=ast.Name(_CALLED[node.func.id]))
            if isinstance(node.func, ast.Attribute) and node.func.attr in _CALLED:
                yield _with(node, func=_with(node.func, attr=_CALLED[node.func.attr]))


def _other_conditions(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare():
            for i, operator in enumerate(node.ops):
                yield _with(node, ops=[*node.ops[:i], _COMPARED[type(operator)](), *node.ops[i + 1 :]])
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            for i in range(len(node.values)):
                kept = [*node.values[:i], *node.values[i + 1 :]]
                yield kept[0] if len(kept) == 1 else _with(node, values=kept)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            for i, loop in enumerate(node.generators):
                for j in range(len(loop.ifs)):
                    bare = _with(loop, ifs=[*loop.ifs[:j], *loop.ifs[j + 1 :]])
                    yield _with(node, generators=[*node.generators[:i], bare, *node.generators[i + 1 :]])


def _with(node: Any, **changes: object) -> Any:
    other = copy.copy(node)
    for name, value in changes.items():
        setattr(other, name, value)
    return other


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
