"""Tests that may assert little: those that only look whether something runs, exists or has a length.

    python benchmarks/weak_tests.py [--record FILE]

With the record of ``mutants.py`` it also lists tests that ran on mutants and never failed. As a mutant is left at the
first test that fails, such a test may be good and have come later: read the tests that ran on many.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mutant_results import read_record

ROOT = Path(__file__).resolve().parents[1]

# Calls that assert by themselves, by the name or its begin.
ASSERTING = ("raises", "warns", "assert_", "fail", "expect", "check_call")
FEWEST = 5  # mutants that a test ran on, below which its silence says nothing


def main(arguments: Sequence[str]) -> int:
    """Print the tests; return the exit code, 1 if some assert little."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--record", type=Path, help="record of mutants.py")
    given = parser.parse_args(arguments)
    weak = [
        (f"{path.relative_to(ROOT)}::{name}", reason)
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for name, reason in weak_tests(path.read_text("utf-8"))
    ]
    for test, reason in weak:
        print(f"{reason:16} {test}")
    print(f"{len(weak)} tests assert little")
    if given.record:
        for test, times in never_failed(given.record):
            print(f"{times:5} mutants    {test}")
    return 1 if weak else 0


def weak_tests(source: str) -> Iterator[tuple[str, str]]:
    """Yield the tests of a file that assert little, each with the reason.

    >>> list(weak_tests("def test_a(): f()")), list(weak_tests("def test_b(): assert len(f()) > 1"))
    ([('test_a', 'asserts nothing')], [('test_b', 'only a length')])
    >>> list(weak_tests("def test_c(): assert f() == 1"))
    []
    """
    functions = {node.name: node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
    for name, function in functions.items():
        if name.startswith("test_"):
            found = list(_assertions(function, functions, {name}))
            if not found:
                yield name, "asserts nothing"
            elif all(_is_length(test) for test in found):
                yield name, "only a length"


def never_failed(record: Path) -> list[tuple[str, int]]:
    """Return the tests that passed on mutants and failed on none, with how many; those of most mutants first."""
    results = read_record(record)
    failed = {_function(result.failed) for result in results}
    passed = Counter(test for result in results for test in {_function(test) for test in result.passed})
    return [(test, times) for test, times in passed.most_common() if times >= FEWEST and test not in failed]


def _function(test: str) -> str:
    return test.partition("[")[0]


def _assertions(
    function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef], seen: set[str]
) -> Iterator[ast.expr]:
    """Yield what a function asserts, also by functions of its file that it calls."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            yield node.test
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name.startswith(ASSERTING):
                yield node
            elif name in functions and name not in seen:
                yield from _assertions(functions[name], functions, seen | {name})


def _is_length(test: ast.expr) -> bool:
    """Whether a test is of a length, of something that is there, or of a type alone."""
    match test:
        case ast.BoolOp():
            return all(_is_length(value) for value in test.values)
        case ast.Compare(left=ast.Call(func=ast.Name(id="len"))):
            return True
        case ast.Compare(ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return True
        case ast.Call(func=ast.Name(id="isinstance" | "len" | "callable")):
            return True
    return False


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
