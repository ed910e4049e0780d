"""Mutation testing: whether the tests would notice a small fault.

    python benchmarks/mutants.py [--count 300] [--seed N] [--record FILE] [--only hginventory/model]

Draws a seeded sample of small changes (``mutant_sample.py``) from the packages that calculate, and runs the tests of
each changed module until one fails; those that failed must pass on the code as it is. Prints the share that was
noticed, with its 95 % interval, and lists the others.
Mutants that change no result stand in ``equivalent_mutants.toml`` with the reason, and count apart. Exit code 5 if the
interval lies below the goal. The default seed follows from the version, so that each release has its own sample.

Nothing is changed on disk. The tests run in a copy of the project; each mutant has a process of its own, forked from
one that has imported the libraries, in which the changed source takes the place of the module's. ``cosmic-ray`` and
``mutmut`` fit less well: both take all mutants in turn instead of a sample, the first also changes annotations, and
the second leaves out what is outside of functions or is decorated.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.machinery
import importlib.util
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import CodeType

import pytest
from mutant_results import Outcome, Result, read_record, report
from mutant_sample import Mutant, modules_below, mutants_of, sampled

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ("arrays", "limit_cut", "numpy_engine", "quantiles", "rate_distribution", "streams", "table_lookup")
PLACES = (
    *(f"hginventory/{package}" for package in ("model", "uncertainty", "decisions", "factors", "projection")),
    *(f"hginventory/ensemble/{module}.py" for module in ENGINE),
)
WHOLE_FLEETS = ("tests/oracle", "tests/metamorphic", "tests/properties")
# Tests of a package that do not stand in the folder of the same name; the longest name that fits holds.
ALSO = {
    "hginventory/model": WHOLE_FLEETS,
    "hginventory/model/emission_limits.py": ("tests/compliance", "tests/decisions/limits"),
    "hginventory/model/limit_basis.py": ("tests/compliance", "tests/decisions/limits"),
    "hginventory/factors": WHOLE_FLEETS,
    "hginventory/projection": WHOLE_FLEETS,
    "hginventory/uncertainty": ("tests/metamorphic",),
    "hginventory/decisions/ranking": WHOLE_FLEETS,
    "hginventory/decisions/scenarios": ("tests/metamorphic",),
}
LIBRARIES = ("numpy", "pandas", "numba", "scipy.stats", "scipy.optimize", "pydantic", "pint", "openpyxl", "pycountry")
OPTIONS = ("-n", "0", "-q", "-x", "--no-header", "--tb=no", "--show-capture=no", "-p", "no:cacheprovider")
MOST_SECONDS = 1800
NEAREST = 3  # the examples and files of a module that run first, so that a fault noticed there costs little


def main(arguments: Sequence[str]) -> int:
    """Return the exit code of a run."""
    given = _parser().parse_args(arguments)
    seed = zlib.crc32((ROOT / "hginventory" / "_version.py").read_bytes()) if given.seed is None else given.seed
    sources = {path: (ROOT / path).read_text("utf-8") for path in modules_below(ROOT, PLACES)}
    everything = [mutant for path, source in sources.items() for mutant in mutants_of(path, source)]
    sample = [m for m in sampled(everything, given.count, seed) if m.path.startswith(tuple(given.only or [""]))]
    print(f"seed {seed}: {len(sample)} of {len(everything)} mutants of {len(sources)} modules", flush=True)
    done = {result.mutant: result for result in read_record(given.record)} if given.record else {}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "project")
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", "venv", "*_cache", ".hypothesis"))
        os.chdir(copy)
        run = _Run([mutant for mutant in sample if mutant not in done], sources, given)
        pytest.main([*OPTIONS, "-m", "not slow and not cluster"], plugins=[run])
    done |= {result.mutant: result for result in run.results}
    results = [done[mutant] for mutant in sample if mutant in done]
    return report(results, sources)


def tests_of(path: str, function: str) -> list[str]:
    """Return the tests of a function: examples of its module, then the files that name it, or most of its module."""
    folder = path.removesuffix(".py").replace("hginventory/", "tests/", 1)
    while not (ROOT / folder).is_dir():
        folder = folder.rpartition("/")[0]
    also = max((place for place in ALSO if path.startswith(place)), key=len, default="")
    files = {file for place in (folder, *ALSO.get(also, ())) for file in (ROOT / place).rglob("test_*.py")}
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}

    def rank(file: Path) -> tuple[bool, bool, int, int]:
        text = file.read_text("utf-8")
        named = sum(name in text for name in names)
        return file.stem != f"test_{Path(path).stem}", function not in text, -named, len(text)

    return [path, *(str(file.relative_to(ROOT)) for file in sorted(files, key=rank))]


class _Changed(importlib.machinery.SourceFileLoader):
    """Loads a module from changed source."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.changed = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.changed, self.path, "exec", dont_inherit=True)


class _Finder:
    """Finds one module, and leaves all others to the usual way."""

    def __init__(self, mutant: Mutant, source: str) -> None:
        self.name = mutant.path.removesuffix(".py").replace("/", ".")
        self.loader = _Changed(self.name, str(Path(mutant.path).resolve()), mutant.applied(source))

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return (
            importlib.util.spec_from_file_location(name, self.loader.path, loader=self.loader)
            if name == self.name
            else None
        )


class _Run:
    """A plugin of pytest that runs the tests of each mutant in a fork, made before the package is imported."""

    def __init__(self, mutants: Sequence[Mutant], sources: Mapping[str, str], given: argparse.Namespace) -> None:
        self.mutants, self.sources, self.given = mutants, sources, given
        self.results: list[Result] = []
        self.notes = Path("notes.txt").resolve()

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> int | None:
        """Fork for each mutant; return nothing in the child, so that pytest goes on there."""
        for library in LIBRARIES:
            importlib.import_module(library)
        hypothesis = importlib.import_module("hypothesis")  # late, as pytest wants to be first
        unshrunk = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("mutants", phases=unshrunk, database=None, derandomize=True)
        hypothesis.settings.load_profile("mutants")
        begin = time.monotonic()
        for number, mutant in enumerate(self.mutants, 1):
            if time.monotonic() - begin > self.given.seconds:
                break
            seconds = 0.0
            self.notes.write_text("")
            tests = tests_of(mutant.path, mutant.function)
            for part in filter(None, (tests[:NEAREST], tests[NEAREST:])):
                child = os.fork()
                if child == 0:
                    self._begin(config, mutant, part)
                    return None
                _, status, usage = os.wait4(child, 0)
                seconds += usage.ru_utime + usage.ru_stime
                result = self._result(mutant, status)
                if result.noticed:
                    break
            self.results.append(result)
            place = f"{mutant.path}:{mutant.line}"
            print(f"{number:4} {result.outcome:12} {place}  {result.failed}  {seconds:.1f} s", flush=True)
            if self.given.record:
                with self.given.record.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(result)) + "\n")
        failed = sorted({result.failed.partition("[")[0] for result in self.results if result.failed})
        self.notes.write_text("")
        if failed and os.fork() == 0:
            self._begin(config, None, failed)
            return None
        if failed:
            os.wait()
        wrong = [line for line in self.notes.read_text("utf-8").splitlines() if line.startswith("failed")]
        if wrong:
            raise SystemExit(f"these fail without a mutant, so the figure means nothing: {wrong}")
        return 0

    def _begin(self, config: pytest.Config, mutant: Mutant | None, tests: list[str]) -> None:
        if mutant is not None:
            sys.meta_path.insert(0, _Finder(mutant, self.sources[mutant.path]))
        sys.dont_write_bytecode = True
        signal.alarm(MOST_SECONDS)  # a test that waits for ever uses no processor
        config.args[:] = tests

    def _result(self, mutant: Mutant, status: int) -> Result:
        notes = [line.split("\t") for line in self.notes.read_text("utf-8").splitlines()]
        passed = tuple(test for outcome, test in notes if outcome == "passed")
        failed = next((test for outcome, test in notes if outcome == "failed"), "")
        if failed:
            return Result(mutant, Outcome.FAILED, failed, passed)
        is_killed = os.WIFSIGNALED(status)
        if is_killed and os.WTERMSIG(status) == signal.SIGXCPU:
            started = [test for outcome, test in notes if outcome == "started"]
            return Result(mutant, Outcome.HANGS, started[-1] if started else "collection", passed)
        late = is_killed or any(outcome == "late" for outcome, _ in notes)  # by the clock, or for lack of memory
        return Result(mutant, Outcome.NOT_FINISHED if late else Outcome.SURVIVED, "", passed)

    def _note(self, outcome: str, test: str) -> None:
        with self.notes.open("a", encoding="utf-8") as file:
            file.write(f"{outcome}\t{test}\n")

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Print nothing of the tests."""
        session.config.pluginmanager.unregister(name="terminalreporter")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Give a test its processor time, and stop after the time for one mutant."""
        used = int(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (used + self.given.test_seconds, resource.RLIM_INFINITY))
        self._note("started", item.nodeid)
        if used > self.given.mutant_seconds:
            self._note("late", item.nodeid)
            item.session.shouldstop = "late"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what became of a test."""
        if report.failed or report.when == "call":
            self._note(report.outcome, report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note that a file cannot be imported."""
        if report.failed:
            self._note("failed", report.nodeid or "collection")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """End the child."""
        os._exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=300, help="mutants in the sample")
    parser.add_argument("--seed", type=int, help="seed of the sample; default: from the version")
    parser.add_argument("--only", action="append", metavar="PATH", help="only mutants of the sample below this path")
    parser.add_argument("--record", type=Path, help="file of results; what it has already is not run again")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no mutant after so many seconds")
    parser.add_argument("--test-seconds", type=int, default=60, help="processor time of a test, beyond which it hangs")
    parser.add_argument("--mutant-seconds", type=int, default=120, help="processor time of the tests of a mutant")
    return parser


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
