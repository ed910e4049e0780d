"""Mutation testing itself: which changes are made, how they are sampled, and what the share is of."""

from __future__ import annotations

import argparse
import ast
import importlib.util
import signal
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


sample, results, tool, weak = (_load(name) for name in ("mutant_sample", "mutant_results", "mutants", "weak_tests"))


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("a <= b", {"a < b"}),
        ("a + b", {"a - b"}),
        ("a and b", {"a or b", "a", "b"}),
        ("not a", {"a"}),
        ("True", {"False"}),
        ("2", {"1", "3"}),
        ("0.5", {"1.5"}),
        ("a if b else c", {"a", "c"}),
        ("max(a, b)", {"min(a, b)"}),
        ("np.maximum(a, b)", {"np.minimum(a, b)"}),
        ("f(a, side='right')", {"f(a)", "f(a, side='left')"}),
        ("[a for a in b if c]", {"[a for a in b]"}),
        ("f'{a:.2f} of {b + c}'", set()),
        ("'a' + b", set()),
        ("zip(a, strict=True)", set()),
    ],
)
def test_changes_of_an_expression(code: str, changed: set[str]) -> None:
    source = f"x = {code}\n"
    found = {ast.unparse(ast.parse(one.applied(source))) for one in sample.mutants_of("m.py", source)}
    assert found == {f"x = {text}" for text in changed}


def test_statements_and_what_is_left_alone() -> None:
    head = '@cache(1)\ndef f(a: int | None = 1) -> int | None:\n    """2 > 1."""\n'
    source = f"{head}    if a:\n        log.add(a)\n    b -= a\n"
    found = [(one.line, one.function, one.before, one.after) for one in sample.mutants_of("m.py", source)]
    assert found == [
        (2, "f", "1", "(0)"),
        (2, "f", "1", "(2)"),
        (4, "f", "a", "False"),
        (4, "f", "a", "True"),
        (5, "f", "log.add(a)", "pass"),
        (6, "f", "b -= a", "b += a"),
    ]


def test_every_module_compiles_with_each_of_its_changes() -> None:
    path = "hginventory/model/lifetime.py"
    source = (ROOT / path).read_text("utf-8")
    found = sample.mutants_of(path, source)
    for one in found:
        compile(one.applied(source), path, "exec")
        assert one.applied(source) != source
    assert len(found) > 50


def test_sample_takes_every_part_alike_and_follows_its_seed() -> None:
    mutants = [mutant for n in range(10) for mutant in sample.mutants_of(f"{n}.py", "x = a < b\n" * 20)]
    chosen = sample.sampled(mutants, 40, 1)
    assert {sum(one.path == f"{n}.py" for one in chosen) for n in range(10)} == {4}
    assert len(set(chosen)) == 40
    assert chosen == sample.sampled(mutants, 40, 1)
    assert set(chosen) != set(sample.sampled(mutants, 40, 2))
    assert sorted(map(str, sample.sampled(mutants, 500, 1))) == sorted(map(str, mutants))


@pytest.mark.parametrize(
    ("path", "first", "among"),
    [
        ("model/lifetime.py", "model/test_lifetime.py", "properties/test_fleet.py"),
        ("decisions/costs/prices.py", "decisions/costs/test_prices.py", "decisions/costs/test_present_value.py"),
        ("ensemble/limit_cut.py", "ensemble/test_limit_cut.py", "ensemble/test_engines_agree.py"),
        ("uncertainty/limit_cuts.py", "uncertainty/test_limit_cuts.py", "uncertainty/test_lifetimes.py"),
    ],
)
def test_tests_of_a_module(path: str, first: str, among: str) -> None:
    """The examples of the module, then the file of its name, then the others."""
    found = tool.tests_of(f"hginventory/{path}", "named nowhere")
    assert found[:2] == [f"hginventory/{path}", f"tests/{first}"]
    assert f"tests/{among}" in found
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def test_a():\n    f()", "asserts nothing"),
        ("def test_a():\n    assert len(f()) == 1\n    assert g() is not None", "only a length"),
        ("def test_a():\n    assert len(f()) == 1\n    assert f() == [1]", None),
        ("def test_a():\n    with pytest.raises(E):\n        f()", None),
        ("def check():\n    assert f() == 1\ndef test_a():\n    check()", None),
    ],
)
def test_tests_that_assert_little(source: str, reason: str | None) -> None:
    assert list(weak.weak_tests(source)) == ([("test_a", reason)] if reason else [])


def test_share_noticed_counts_equivalent_mutants_apart_and_those_not_finished_as_survivors(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = "def f():\n    return a < b or a < c or a < d or a + b\n"
    mutants = sample.mutants_of("m.py", source)[:5]
    outcomes = ["failed", "hangs", "survived", "not finished", "survived"]
    found = [results.Result(m, results.Outcome(one), "", ()) for m, one in zip(mutants, outcomes, strict=True)]
    last = mutants[-1]
    argued = tmp_path / "equivalent.toml"
    lines = [f"{name} = {getattr(last, name)!r}" for name in ("path", "function", "before", "after")]
    argued.write_text("\n".join(["[[mutant]]", *lines, "reason = 'none differs'"]))
    monkeypatch.setattr(results, "EQUIVALENT", argued)
    assert results.report(found, {"m.py": source}) == results.BELOW_GOAL
    printed = capsys.readouterr().out
    assert "2 of 4 mutants noticed, 50.0% (95 % interval 15.0% to 85.0%); 1 more change no result" in printed
    assert printed.count("m.py:2") == 2


@pytest.mark.parametrize(
    ("notes", "status", "outcome"),
    [
        ("started\tt", signal.SIGXCPU, "HANGS"),  # its processor time is used up
        ("started\tt", signal.SIGALRM, "NOT_FINISHED"),  # the clock says nothing on a busy machine
        ("started\tt", signal.SIGKILL, "NOT_FINISHED"),  # there was not enough memory
        ("started\tt\nfailed\tt", signal.SIGKILL, "FAILED"),
        ("started\tt\npassed\tt", 0, "SURVIVED"),
        ("started\tt\npassed\tt\nlate\tu", 0, "NOT_FINISHED"),
    ],
)
def test_only_what_fails_or_uses_up_its_processor_time_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notes: str, status: int, outcome: str
) -> None:
    monkeypatch.chdir(tmp_path)
    run = tool._Run([], {}, argparse.Namespace())
    (tmp_path / "notes.txt").write_text(f"{notes}\n")
    (mutant,) = sample.mutants_of("m.py", "x = a <= b\n")
    found = run._result(mutant, int(status))
    assert found.outcome.name == outcome
    assert found.noticed == (outcome in ("FAILED", "HANGS"))
