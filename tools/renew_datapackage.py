"""Renew factors/datapackage.json, the columns and SHA-256 of every factor table: after a change of the tables.

    python tools/renew_datapackage.py [--check] [--factors FOLDER]

First every row is checked, as by ``hginv factors list``; nothing is written where one is wrong. With --check nothing
is written; the exit code is 1 where the file is out of date. A test does the same.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from hginventory.errors import FactorError
from hginventory.factors import TABLES, FactorLibrary

FACTORS = Path(__file__).parents[1] / "factors"
NAME = "datapackage.json"
LICENCE = {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}


def datapackage(folder: Path) -> str:
    """Return the text of the file for the tables of a folder."""
    titles = {**{name: spec.meaning for name, spec in TABLES.items()}, "sources": "sources"}
    resources = [_resource(folder / f"{name}.csv", title) for name, title in titles.items()]
    package = {"name": "hginventory-factors", "licenses": [LICENCE], "resources": resources}
    return json.dumps(package, indent=1, sort_keys=True) + "\n"


def _resource(path: Path, title: str) -> dict[str, Any]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        columns = next(csv.reader(file))
    return {
        "name": path.stem,
        "path": path.name,
        "title": title,
        "hash": "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest(),
        "schema": {"fields": [{"name": name} for name in columns]},
    }


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, check the tables, and write or compare the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 where the file is out of date")
    parser.add_argument("--factors", type=Path, default=FACTORS, metavar="FOLDER", help="folder of factor tables")
    options = parser.parse_args(arguments)
    path = options.factors / NAME
    try:
        FactorLibrary(options.factors).check_all()
    except FactorError as error:
        print(error, file=sys.stderr)
        return 1
    text = datapackage(options.factors)
    if options.check:
        fresh = path.exists() and path.read_text(encoding="utf-8") == text
        if not fresh:
            print(f"{path} is out of date: run python tools/renew_datapackage.py", file=sys.stderr)
        return 0 if fresh else 1
    path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
