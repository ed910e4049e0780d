"""Mutated workbooks and tracker tables: whatever is wrong with a file, the answer is a finding or a sentence.

    python benchmarks/fuzz.py [--cases 10000] [--seed 1] [--keep FOLDER]

Prints the cases, what came of them and the time. Exit code 5 if a file led to anything but findings and errors of
our own, or took more than a few seconds; the file and the line that raised are named, and --keep keeps the files.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import signal
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from pathlib import Path
from types import FrameType

from fuzz_seeds import MAPPING, Seed, seeds

FAILED = 5
MOST_SECONDS = 5.0  # of processor time of one case
VALIDATED = 10  # every how many workbooks go on to the projection and to a marked and a fixed copy
NASTY = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1e999",
        "-1e308",
        "nan",
        "inf",
        "1E5",
        "#N/A",
        "#REF!",
        "=1+1",
        "+1",
        "@x",
        "1,000",
        "1.000,5",
    ),
    *("\u00a01\u202f000", "<5", "300 MW", "~3", "99999999999999999999", "9" * 400, "1_000", "٣", "1e-320", "0x10", "½"),
    *("A1", "XFD1048576", "true", "2024-13-45", "43831", "2958466", "1960s", "2027-2029", "'1-2", "−5", "%", "%s{0}"),
    *("total", "jumlah", "unknown", "n/a", "-", "None", "unit_id", "capacity_gross", "hg_coal", "IDN", "Indonesia"),
    *("\x1b[31mred", "<img onerror=x>", "🙂" * 50, "é" * 3000, "\u200b", "a\nb", "\\", "'", '"', "../x"),
    *("operating", "ESPc+wFGD+", "+"),
)
ATTRIBUTES = (
    b"s",
    b"n",
    b"b",
    b"e",
    b"str",
    b"d",
    b"inlineStr",
    b"0",
    b"-1",
    b"7",
    b"999999",
    b"A1",
    b"ZZZ9",
    b"",
    b"x",
)


class TooSlowError(Exception):
    """A case took longer than it may."""


def mutate(seed: Seed, dice: random.Random) -> bytes:
    """Return a file with something wrong in it, at one of its levels."""
    if seed.suffix == ".csv":
        return mutate_text(seed.content, dice)
    if dice.random() < 0.15:
        return mutate_bytes(seed.content, dice)
    with zipfile.ZipFile(io.BytesIO(seed.content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = (
        [name for name in parts if "sheet" in name or "haredStrings" in name] if dice.random() < 0.8 else list(parts)
    )
    way = dice.choice((mutate_bytes, mutate_cells, mutate_cells, mutate_cells, mutate_xml, mutate_xml))
    for name in dice.sample(names, min(len(names), dice.choice((1, 1, 2)))):
        parts[name] = way(parts[name], dice)
    if dice.random() < 0.03:
        parts.pop(dice.choice(list(parts)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def mutate_bytes(content: bytes, dice: random.Random) -> bytes:
    """Change, remove or repeat bytes."""
    data = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        index = dice.randrange(max(len(data), 1))
        way = dice.random()
        if way < 0.6 and data:
            data[index] = dice.randrange(256)
        elif way < 0.8:
            del data[index : index + dice.choice((1, 4, 100, 10_000))]
        else:
            data[index:index] = data[index : index + dice.choice((1, 4, 100))]
    return bytes(data)


def mutate_cells(content: bytes, dice: random.Random) -> bytes:
    """Replace values and texts of cells, heads among them, by nasty ones."""
    found = list(re.finditer(rb"<(v|t|f)(?: [^>]*)?>([^<]*)</", content))
    data = content
    for match in sorted(dice.sample(found, min(len(found), dice.choice((1, 2, 5, 20)))), key=lambda m: -m.start()):
        other = dice.choice(found)[2] if dice.random() < 0.3 else escaped(dice.choice(NASTY))
        data = data[: match.start(2)] + other + data[match.end(2) :]
    return data


def mutate_xml(content: bytes, dice: random.Random) -> bytes:
    """Change attributes, and remove, repeat or move elements."""
    data = content
    for _ in range(dice.choice((1, 2, 4))):
        if dice.random() < 0.6:
            found = list(re.finditer(rb'="([^"]*)"', data))
            if found:
                match = dice.choice(found)
                new = dice.choice((*ATTRIBUTES, dice.choice(found)[1], escaped(dice.choice(NASTY))))
                data = data[: match.start(1)] + new + data[match.end(1) :]
            continue
        found = list(re.finditer(rb"<[^>]*>", data))
        if found:
            first, second = sorted((dice.choice(found), dice.choice(found)), key=lambda m: m.start())
            piece = data[first.start() : second.start()][:5_000]
            data = dice.choice(
                (
                    data.replace(first[0], b"", 1),
                    data[: first.start()] + first[0] + data[first.start() :],
                    data[: first.start()] + data[second.start() :],
                    data[: second.start()] + piece + data[second.start() :],
                )
            )
    return data


def mutate_text(content: bytes, dice: random.Random) -> bytes:
    """Replace, move, drop or repeat fields and lines of a text table, or change its bytes or encoding."""
    if dice.random() < 0.2:
        return mutate_bytes(content, dice)
    lines = [line.split(",") for line in content.decode().splitlines()]
    for _ in range(dice.choice((1, 2, 5, 20))):
        line = dice.choice(lines[dice.random() < 0.8 :] or lines)
        index = dice.randrange(len(line))
        way = dice.random()
        if way < 0.7:
            line[index] = dice.choice(NASTY) if dice.random() < 0.8 else dice.choice(dice.choice(lines))
        elif way < 0.8:
            line.insert(index, dice.choice(NASTY))
        elif way < 0.9 and len(line) > 1:
            del line[index]
        else:
            lines.insert(dice.randrange(len(lines)), list(dice.choice(lines)))
    text = "\n".join(dice.choice((",", ",", ",", ";", "\t")).join(line) for line in lines)
    return text.encode(dice.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252")), "replace")


def escaped(text: str) -> bytes:
    """Return a text as XML, control characters left as they are."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").encode()


def read(seed: Seed, path: Path, mapping: Path, *, fully: bool) -> str:
    """Read a file as a user would, and return what came of it in a word."""
    from hginventory.errors import HgInventoryError
    from hginventory.importing import import_tracker
    from hginventory.inputs.bundled import read_fleet
    from hginventory.inputs.findings import DataError
    from hginventory.validating import validate

    try:
        if seed.kind != "fleet":
            fleet, _ = import_tracker(seed.kind, path, mapping=mapping if seed.kind == "csv" else None)
        elif fully:
            done = validate(path)
            done.mark(path.with_name("marked.xlsx"), overwrite=True)
            done.fix(path.with_name("fixed.xlsx"), overwrite=True)
            fleet = done.fleet
        else:
            fleet = read_fleet(path)
        for finding in fleet.findings:
            if not finding.message.isprintable():
                raise AssertionError(f"a message that a terminal would obey: {finding.message!r}")
    except DataError as error:  # a line for each finding
        if not error.findings or not all(line.isprintable() for line in str(error).split("\n")):
            raise AssertionError(f"findings with controls: {str(error)!r}") from error
        return "errors found"
    except HgInventoryError as error:
        if not str(error).isprintable():
            raise AssertionError(f"a message of several lines or with controls: {str(error)!r}") from error
        return type(error).__name__
    return "errors found" if any(one.severity == "error" for one in fleet.findings) else "read"


def alarm(_: int, __: FrameType | None) -> None:
    raise TooSlowError(f"more than {MOST_SECONDS:g} s")


def origin_of(error: BaseException) -> str:
    """Return where an error of ours comes from: the last line in the package, or in what it called."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "hginventory" in frame.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"


def main(argv: list[str] | None = None) -> int:
    """Try the cases and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000, help="files to try (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the dice (default: %(default)s)")
    parser.add_argument("--keep", type=Path, help="folder for the files that failed")
    options = parser.parse_args(argv)
    warnings.simplefilter("ignore")
    outcomes: Counter[str] = Counter()
    failures: dict[str, tuple[int, str]] = {}
    slowest = (0.0, 0)
    begin = time.perf_counter()
    signal.signal(signal.SIGPROF, alarm)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = seeds(folder)
        mapping = folder / "map.toml"
        mapping.write_text(MAPPING, encoding="utf-8")
        for seed in start:  # imports and tables are loaded; and every seed must be sound
            path = folder / f"case{seed.suffix}"
            path.write_bytes(seed.content)
            read(seed, path, mapping, fully=True)
        for case in range(options.cases):
            dice = random.Random(f"{options.seed}:{case}")
            seed = dice.choice(start)
            content = mutate(seed, dice)
            path = folder / f"case{seed.suffix}"
            path.write_bytes(content)
            since = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
            try:
                outcomes[read(seed, path, mapping, fully=dice.randrange(VALIDATED) == 0)] += 1
            except Exception as error:
                what = f"{type(error).__name__} at {origin_of(error)}: {str(error)[:160]!r}"
                key = what.partition(": ")[0]
                count, first = failures.get(key, (0, f"case {case} ({seed.kind}{seed.suffix}): {what}"))
                failures[key] = (count + 1, first)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{options.seed}-{case}-{seed.kind}{seed.suffix}").write_bytes(content)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            slowest = max(slowest, (time.process_time() - since, case))
    spent = time.perf_counter() - begin
    for count, first in failures.values():
        print(f"FAILED {count} times, first {first}")
    told = ", ".join(f"{count} {word}" for word, count in outcomes.most_common())
    failed = sum(count for count, _ in failures.values())
    print(f"{options.cases} cases of seed {options.seed}: {told}; {failed} failed, {len(failures)} kinds.")
    print(f"{spent:.0f} s, the slowest case {slowest[0]:.1f} s (case {slowest[1]}).")
    return FAILED if failures else 0


if __name__ == "__main__":
    sys.exit(main())
