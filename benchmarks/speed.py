"""Claims on speed, as ratios measured in one run on one machine.

    python benchmarks/speed.py [CLAIM ...]

Prints one line a claim: name, measured, floor, pass or miss. Exit code 5 on a miss.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from measure import CLAIMS, NOTES, claim, hginv, median_ratio, process, python, seconds, until_line

for _path in sorted(Path(__file__).parent.glob("*_claims.py")):
    import_module(_path.stem)  # enters its claims

MISS = 5
UNITS, YEARS, PERIODS = 14_000, 60, 2  # every coal unit of the world, to the end of its life, one change of rate
HEAVY = ("numpy", "pandas", "numba", "scipy", "rich")
FOLLOWS_SCREEN = "Wrote "  # begins the line that is printed once the files are written
ROUNDS_OF_PROCESSES, ROUNDS_OF_CALLS, ROUNDS_OF_WORLDS = 15, 15, 3


@claim("at most", 4.0)
def help_time() -> float:
    """Time `hginv --help` over `python -c pass`, whole processes."""
    return median_ratio(process(hginv("--help")), process(python("pass")), ROUNDS_OF_PROCESSES)


@claim("at most", 0.0)
def help_imports() -> float:
    """Count the heavy packages that `hginv --help` imports: numpy, pandas, numba, scipy, rich."""
    return float(len(_imported(["--help"], HEAVY)))


@claim("at most", 0.0)
def project_imports() -> float:
    """Count the packages that the Indonesian run does not need but imports: numba, pint, scipy, rich, altair."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["project", "--fleet", "indonesia.xlsx", "-o", str(Path(folder) / "run"), "--quiet"]
        return float(len(_imported(arguments, ("numba", "pint", "scipy", "rich", "altair"))))


@claim("at most", 2.5)
def project_time() -> float:
    """Time the Indonesian run with all its files over `python -c 'import numpy, pandas, openpyxl'`, whole processes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = process(hginv("project", "--fleet", "indonesia.xlsx", "-o", "run", "--quiet"), folder)
        imports = process(python("import numpy, pandas, openpyxl"), folder)
        return median_ratio(run, imports, ROUNDS_OF_PROCESSES)


@claim("at most", 1.5)
def first_screen() -> float:
    """Time the Indonesian run from its start to the last line of its first screen over importing the same packages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        arguments = hginv("project", "--fleet", "indonesia.xlsx", "-o", "run")
        imports = process(python("import numpy, pandas, openpyxl"), folder)
        until_line(arguments, folder, FOLLOWS_SCREEN)
        imports()
        ratios = [until_line(arguments, folder, FOLLOWS_SCREEN) / seconds(imports) for _ in range(ROUNDS_OF_PROCESSES)]
        return statistics.median(ratios)


@claim("at most", 1.0)
def world_time() -> float:
    """Time the world, 2,000 draws and all files, over reading a tracker of 14,000 x 40 with pandas and openpyxl."""
    from workbook_claims import tracker

    path = tracker()
    with tempfile.TemporaryDirectory() as name:
        run = process(hginv("project", "--fleet", "world", "-o", "run", "--quiet"), Path(name))
        read = process(python(f"import pandas; pandas.read_excel({str(path)!r}, engine='openpyxl')"))
        return median_ratio(run, read, ROUNDS_OF_WORLDS)


@claim("at most", 1.3)
def world_first() -> float:
    """Time the world, 2,000 draws and all files, before any kernel is compiled over the same with all compiled."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def run(cache: str, engine: str = "auto") -> Callable[[], None]:
            arguments = hginv("project", "--fleet", "world", "-o", cache, "--overwrite", "--quiet", "--engine", engine)
            return process(arguments, folder, NUMBA_CACHE_DIR=str(folder / f"numba of {cache}"))

        def first() -> None:
            shutil.rmtree(folder / "numba of first", ignore_errors=True)
            run("first")()

        run("later", "numba")()
        ratio = median_ratio(first, run("later"), ROUNDS_OF_WORLDS)
        logs = {cache: (folder / cache / "run.log").read_text(encoding="utf-8") for cache in ("first", "later")}
        engines = {cache: re.findall(r"^engine of (.*)", log, re.MULTILINE) for cache, log in logs.items()}
        NOTES["world_first"] = "; ".join(f"{cache}: {', '.join(each)}" for cache, each in engines.items())
        return ratio


@claim("at least", 5.0)
def kernel() -> float:
    """Time the faster way in pandas over the yearly kernel as a run uses it, 14,000 units x 60 years."""
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from pandas_kernel import WAYS

    from hginventory.model.yearly import yearly_emission

    random = np.random.default_rng(1)
    years = np.arange(2026, 2026 + YEARS)
    cuts = np.sort(random.integers(2020, 2026 + YEARS, (UNITS, PERIODS + 1)), axis=1)
    rate = random.lognormal(2.0, 1.0, (UNITS, PERIODS))
    first, end = cuts[:, :-1].copy(), cuts[:, 1:].copy()
    periods = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(UNITS), PERIODS),
            "rate": rate.ravel(),
            "first_year": first.ravel(),
            "end_year": end.ravel(),
        }
    )

    def ours() -> NDArray[np.float64]:
        return yearly_emission(rate, first, end, years)

    expected = ours()
    for way in WAYS:
        np.testing.assert_allclose(way(periods, years).to_numpy(), expected, atol=1e-9)
    ratios = [median_ratio(partial(way, periods, years), ours, ROUNDS_OF_CALLS) for way in WAYS]
    return min(ratios)


@claim("at most", 1.0)
def plan_time() -> float:
    """Time the slowest of nine plans, 300 units x 8 options x 10 years to 0.1 %, over the 5 s promised."""
    from plans import slowest_plan

    return slowest_plan() / 5.0


@claim("at most", 1.0)
def frontier_time() -> float:
    """Time the least-cost frontier of 14,000 units x 8 options over the 1 s promised, median of rounds."""
    from plans import frontier_time

    return statistics.median(frontier_time(UNITS) for _ in range(ROUNDS_OF_CALLS)) / 1.0


def _imported(arguments: list[str], packages: tuple[str, ...]) -> list[str]:
    """Return which packages stand in sys.modules after a command has run in a process of its own."""
    import subprocess

    code = (
        "import sys\n"
        "from hginv.main import main\n"
        f"sys.argv = ['hginv', *{arguments!r}]\n"
        "try:\n    main()\n"
        "except SystemExit as stop:\n    assert not stop.code, stop.code\n"
        f"print('IMPORTED', *(name for name in {packages!r} if name in sys.modules))\n"
    )
    done = subprocess.run(python(code), capture_output=True, text=True, check=True)
    return done.stdout.rsplit("IMPORTED", 1)[1].split()


def main(argv: list[str] | None = None) -> int:
    """Measure the claims named, all unless told; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="CLAIM", help=f"one of: {', '.join(CLAIMS)}")
    options = parser.parse_args(argv)
    unknown = [name for name in options.names if name not in CLAIMS]
    if unknown:
        parser.error(f"there is no claim {unknown[0]!r}; there is: {', '.join(CLAIMS)}")
    missed = 0
    for name in options.names or CLAIMS:
        entry = CLAIMS[name]
        start = time.perf_counter()
        measured = entry.measure()
        holds = entry.holds(measured)
        missed += not holds
        spent = time.perf_counter() - start
        verdict = f"{entry.direction} {entry.floor:g}: {'pass' if holds else 'MISS'}"
        print(f"{name:16} {measured:7.2f}  {verdict:18} {entry.words} ({spent:.0f} s)", NOTES.get(name, ""), flush=True)
    return MISS if missed else 0


if __name__ == "__main__":
    sys.exit(main())
