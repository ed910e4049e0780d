"""Test the package with the lowest versions that pyproject.toml allows, and look for wheels for all supported Pythons.

    python tools/lowest_versions.py [--keep FOLDER] [PYTEST ARGUMENT ...]
    python tools/lowest_versions.py --wheels

Without --wheels: a fresh environment gets the lowest version of every dependency and of every extra, then runs the main
job, ``hginv project --fleet indonesia.xlsx``, and pytest with the arguments given (none: all quick tests).
With --wheels: pip looks for wheels of all dependencies for each Python that the classifiers name; nothing is compiled.
Exit code 1 on a failure. Needs the packages ``packaging`` and a package index.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PYTHON = "Programming Language :: Python :: 3."
NOT_NEEDED = frozenset({"docs"})  # extras without which package and tests run


def project() -> dict[str, Any]:
    """Return what pyproject.toml says of the project."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def requirements(said: Mapping[str, Any]) -> list[Requirement]:
    """Return the requirements of the package and of its extras that hold for this Python, each name once.

    Raises
    ------
    ValueError
        If two lines of one name differ.
    """
    extras = said.get("optional-dependencies", {})
    lines = [*said["dependencies"], *(line for name in extras if name not in NOT_NEEDED for line in extras[name])]
    found: dict[str, Requirement] = {}
    for one in map(Requirement, lines):
        if one.marker is not None and not one.marker.evaluate():
            continue
        if found.setdefault(one.name, one).specifier != one.specifier:
            raise ValueError(f"pyproject.toml names {one.name} twice: {found[one.name]} and {one}")
    return list(found.values())


def lowest(required: Iterable[Requirement]) -> list[str]:
    """Return each requirement pinned to its lowest version.

    Raises
    ------
    ValueError
        If a requirement has no lowest version.

    Examples
    --------
    >>> lowest([Requirement("numpy>=1.26"), Requirement("click>=8.1.7,<9")])
    ['numpy==1.26', 'click==8.1.7']
    """
    pinned = []
    for one in required:
        versions = [part.version for part in one.specifier if part.operator in (">=", "==")]
        if len(versions) != 1:
            raise ValueError(f"pyproject.toml: {one} has no lowest version; write {one.name}>=X")
        pinned.append(f"{one.name}=={versions[0]}")
    return pinned


def pythons(said: Mapping[str, Any]) -> list[str]:
    """Return the Pythons that the classifiers name, as ``3.12``."""
    return [f"3.{line.removeprefix(PYTHON)}" for line in said["classifiers"] if line.startswith(PYTHON)]


def run(*command: str | Path, folder: Path = ROOT) -> bool:
    """Run a command, show what it prints, and return whether it succeeded."""
    print("$", *command, flush=True)
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(command, cwd=folder, env=clean, check=False).returncode == 0


def try_lowest(folder: Path, tests: Sequence[str]) -> bool:
    """Return whether main job and tests pass with the lowest versions, in an environment made in a folder."""
    pins = lowest(requirements(project()))
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    is_installed = run(python, "-m", "pip", "install", "--quiet", *pins) and run(
        python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT
    )
    if not is_installed:
        return False
    with tempfile.TemporaryDirectory(prefix="lowest-") as work:
        does_project = run(folder / "bin" / "hginv", "project", "--fleet", "indonesia.xlsx", folder=Path(work))
    return does_project and run(python, "-m", "pytest", *tests)


def have_wheels() -> bool:
    """Return whether all dependencies have wheels for each supported Python."""
    said = project()
    lines = [str(one) for one in requirements(said)]
    lacking = []
    for version in pythons(said):
        with tempfile.TemporaryDirectory(prefix="wheels-") as work:
            options = ["--quiet", "--only-binary", ":all:", "--python-version", version, "--dest", work]
            if run(sys.executable, "-m", "pip", "download", *options, *lines):
                print(f"Python {version}: {len(list(Path(work).glob('*.whl')))} wheels", flush=True)
            else:
                lacking.append(version)
    if lacking:
        print(f"No wheels for Python {', '.join(lacking)}.")
    return not lacking


def main(argv: Sequence[str] | None = None) -> int:
    """Test what the options ask for and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wheels", action="store_true", help="look for wheels for every supported Python")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="make the environment here and leave it")
    options, tests = parser.parse_known_args(argv)
    if options.wheels:
        return int(not have_wheels())
    if options.keep is not None:
        return int(not try_lowest(options.keep, tests))
    with tempfile.TemporaryDirectory(prefix="lowest-") as folder:
        return int(not try_lowest(Path(folder), tests))


if __name__ == "__main__":
    sys.exit(main())
