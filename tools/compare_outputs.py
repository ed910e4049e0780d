"""Run the same commands with two checkouts and compare every file and every line that they write.

    python tools/compare_outputs.py BEFORE AFTER [--keep FOLDER] [--quick]

BEFORE and AFTER are checkouts of this repository. For changes that must not change results: a move, other names, less
code. Files are compared byte for byte, workbooks part by part, after dates and the version are taken out. The exit code
is 1 where anything differs.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FLEET = ("--fleet", "indonesia.xlsx")
UNIT, KILN = "G100000107734", "IDK001"
# Name of what is kept of the printed lines -> words of the command. Later commands read the run folder of the first.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "project": ("project", *FLEET, "-o", "run"),
    "project_other_settings": ("project", *FLEET, "--rule", "gem_40", "--profile", "epa_emf", "--lifetime-spread", "3",
                               "--base-year", "2025", "--study", "icsc", "-o", "study"),
    "project_into": ("project", *FLEET, "--draws", "0", "--where", "sector == 'coal_power'", "-o", "coal", "--into",
                     "into.xlsx"),
    "project_json": ("project", *FLEET, "--draws", "200", "-o", "small", "--json"),
    "compare": ("scenario", "compare", "targeted_top10", "blanket_bat", "limit_eu", *FLEET, "-o", "compare"),
    "optimize": ("optimize", "--target", "50%", "--by", "2035", *FLEET, "-o", "plan", "--save", "plan.toml"),
    "optimize_budget": ("optimize", "--budget", "80e6", "--max-per-year", "8", *FLEET, "-o", "budget"),
    "options": ("options", UNIT, *FLEET, "-o", "options"),
    "options_plants": ("options", "--plants", *FLEET, "-o", "catalogue"),
    "limits": ("limits", *FLEET, "-o", "limits"),
    "limit_own": ("limits", "--limit", "0.03", "--unit", "mg/Nm3", *FLEET, "-o", "limit_own"),
    "shortlist": ("shortlist", *FLEET, "-o", "shortlist"),
    "finance": ("finance", *FLEET, "-o", "finance"),
    "sensitivity": ("sensitivity", *FLEET, "--draws", "400", "-o", "sensitivity.csv"),
    "sampling": ("sensitivity", "--plan", *FLEET, "-o", "sampling_plan.csv"),
    "rank": ("rank", *FLEET, "-o", "rank.csv"),
    "rank_plants": ("rank", *FLEET, "--plants", "--by", "air_base_year_kg", "-o", "plants.csv"),
    "explain": ("explain", UNIT, *FLEET),
    "explain_kiln": ("explain", KILN, *FLEET, "--lang", "id"),
    "export": ("export", *FLEET, "--format", "iamc", "-o", "iamc.csv"),
    "validate": ("validate", *FLEET, "--marked", "marked.xlsx"),
    "template": ("template", "-o", "template.xlsx", "--lang", "id"),
    "page": ("report", "run"),
    "page_id": ("report", "--fleet", "indonesia.xlsx", "--lang", "id", "-o", "page_id"),
    "workbook": ("report", "run", "--format", "xlsx"),
    "plan": ("report", "run", "--format", "plan", "--scenario", "targeted_top10", "--target", "33.2%", "--by", "2030",
             "--since", "study"),
    "factors": ("factors", "list", "--table", "coal_mercury", "--match", "IDN"),
    "schema": ("schema",),
}  # fmt: skip
QUICK = ("project", "compare", "optimize", "options", "limits", "page", "workbook", "plan")
RUN = "import sys; from hginv.main import main; main(sys.argv[1:])"
# What two runs may differ in: days, times of day, the version and the time taken.
VARIABLE = re.compile(rb"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|\+00:00)?)?|\b\d+\.\d s\b|\b0\.\d+\.\d+\b")


def main() -> int:
    """Run both sides and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--keep", type=Path, help="folder for the outputs; a side that is there is not run again")
    parser.add_argument("--quick", action="store_true", help="only the largest commands")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp())
    names = QUICK if options.quick else tuple(COMMANDS)
    sides = [(options.before, folder / "before"), (options.after, folder / "after")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda side: run_all(*side, names), sides))
    different = list(differences(folder / "before", folder / "after"))
    print(*(different or ["no difference"]), sep="\n")
    if options.keep is None:
        shutil.rmtree(folder)
    return 1 if different else 0


def run_all(checkout: Path, folder: Path, names: tuple[str, ...]) -> None:
    """Run the commands with a checkout; what is written and printed is left in the folder."""
    if folder.exists():
        return
    folder.mkdir(parents=True)
    paths = (str(checkout.resolve()), str(checkout.resolve() / "cli"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "COLUMNS": "80", "HGINV_DEBUG": "1"}
    for name in names:
        command = [sys.executable, "-c", RUN, *COMMANDS[name]]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
        text = b"exit code %d\n" % done.returncode + done.stdout + done.stderr
        (folder / f"{name}.txt").write_bytes(text)


def parts(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of a file that are compared: those of a workbook one by one."""
    if not zipfile.is_zipfile(path):
        yield "", path.read_bytes()
        return
    with zipfile.ZipFile(path) as book:
        for name in sorted(book.namelist()):
            yield f"!{name}", book.read(name)


def constant(content: bytes, name: str, folder: Path) -> bytes:
    """Return content without what two runs may differ in; hashes of files that hold a date are left out too."""
    content = content.replace(str(folder.resolve()).encode(), b"")
    if name.endswith("run.json"):
        record = json.loads(content)
        content = json.dumps({key: value for key, value in record.items() if key != "files"}, indent=1).encode()
    return VARIABLE.sub(b"", content)


def differences(before: Path, after: Path) -> Iterator[str]:
    """Yield a line for each file or part that differs, with the first lines of the difference."""
    files = sorted({p.relative_to(side) for side in (before, after) for p in side.rglob("*") if p.is_file()})
    for file in files:
        if not (before / file).exists() or not (after / file).exists():
            yield f"{file}: only {'after' if (after / file).exists() else 'before'}"
            continue
        old, new = dict(parts(before / file)), dict(parts(after / file))
        for part in sorted(old.keys() | new.keys()):
            one, other = (
                constant(content.get(part, b""), f"{file}{part}", side)
                for content, side in ((old, before), (new, after))
            )
            if one != other:
                yield f"{file}{part}: differs"
                yield from _lines(one, other)


def _lines(one: bytes, other: bytes, most: int = 8) -> Iterator[str]:
    """Yield the first lines in which two texts differ; long lines around the first sign that differs."""
    texts = (text.decode(errors="replace").replace("><", ">\n<").splitlines() for text in (one, other))
    shown = 0
    for line in difflib.unified_diff(*texts, n=0, lineterm=""):
        if line[:3] not in ("---", "+++") and line[:2] != "@@":
            yield f"    {line[:240]}"
            shown += 1
            if shown == most:
                return


if __name__ == "__main__":
    sys.exit(main())
