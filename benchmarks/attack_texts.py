"""Mapping files, scenarios, outlines and records of runs made to do harm, for `attack.py`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attack_case import Cases, Make
from attack_run import write_run
from attack_tables import FILE, HEADER, IMPORTERS, MAPPING, UNIT

DEEP = 100_000
FLAT = 60  # lists in each other: deeper than anything that is meant, and no trouble for a parser
UNIT_EXPRESSIONS: Mapping[str, str] = {
    "power tower": "MW**9**9**9**9", "power": "MW**99999999", "power of the tower": "(10**10)**10**10 MW",
    "parentheses": "(" * 5_000 + "MW" + ")" * 5_000, "unary signs": "-" * 50_000 + "MW",
    "product": "*".join(["MW"] * 50_000), "quotient": "/".join(["MW"] * 50_000),
    "number": "9" * 100_000 + " MW", "factor": "1e999 MW", "code": "__import__('os').system('true')",
    "long name": "M" * 300_000, "blank": " " * 300_000 + "MW", "other letters": "㎿" * 1_000,
    "brackets": "[" * 3_000, "caret": "MW^9^9^9^9",
}  # fmt: skip
TOML: Mapping[str, str] = {
    "deep lists": "a = " + "[" * DEEP,
    "deep lists that end": "a = " + "[" * DEEP + "]" * DEEP,
    "deep tables": "a = " + "{a=" * DEEP,
    "deep keys": "a" + ".a" * DEEP + " = 1",
    "deep heads": "[a" + ".a" * DEEP + "]",
    "long integer": "a = " + "9" * 100_000,
    "long float": "a = 0." + "9" * 100_000 + "e99999",
    "many keys": "".join(f"k{n} = 1\n" for n in range(60_000)),
    "many tables": "".join(f"[t{n}]\n" for n in range(60_000)),
    "many lists of tables": "[[measure]]\n" * 60_000,
    "tables in lists": "".join(f"[[a{'.a' * n}]]\n" for n in range(1, 600)),
    "many dotted keys": "".join(f"a.b.c.d.e.f.k{n} = 1\n" for n in range(40_000)),
    "one long text": 'a = "' + "x" * 900_000 + '"',
    "an open text": 'a = """' + "x\n" * 400_000,
    "an open list": "a = [" + "1,\n" * 300_000,
    "blank lines": "\n" * 900_000,
    "far too large": "# comment\n" * 3_000_000,
}


def mapping(text: str) -> Make:
    """Return a function that writes a mapping file, and returns the command that reads it."""

    def make(folder: Path) -> list[str]:
        (folder / FILE).write_bytes(HEADER + UNIT % (1, 1))
        (folder / "map.toml").write_text(text, encoding="utf-8")
        return list(IMPORTERS["csv"])

    return make


def scenario(text: str | bytes) -> Make:
    """Return a function that writes a scenario, and returns the command that reads it."""

    def make(folder: Path) -> list[str]:
        (folder / "s.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return ["scenario", "compare", "./s.toml", "--fleet", "MNG", "--draws", "0"]

    return make


def in_measure(line: str) -> str:
    return f'title = "t"\n[[measure]]\naction = "retire"\nfrom_year = 2030\nwhere = "capacity_mw > 1"\n{line}\n'


def record(change: Callable[[str], str], command: tuple[str, ...] = ("run", "verify", "run")) -> Make:
    """Return a function that writes a run folder with a changed record, and returns the command that reads it."""

    def make(folder: Path) -> list[str]:
        write_run(folder / "run")
        path = folder / "run" / "run.json"
        path.write_text(change(path.read_text("utf-8")), encoding="utf-8", errors="surrogateescape")
        return list(command)

    return make


def long_record(folder: Path) -> Sequence[str | bytes]:
    """Write a run folder whose record ends with 200 MB of blanks, piece by piece: our memory counts as the child's."""
    command = record(str)(folder)
    with (folder / "run" / "run.json").open("ab") as file:
        for _ in range(200):
            file.write(b" " * 1_000_000)
    return command


def table(piece: bytes, times: int) -> Make:
    """Return a function that lengthens a table of a run, and returns the command that compares it with another one."""

    def make(folder: Path) -> list[str]:
        for name in ("run", "other"):
            write_run(folder / name)
        with (folder / "run" / "units.csv").open("ab") as file:
            for _ in range(times):
                file.write(piece)
        return ["run", "diff", "run", "other"]

    return make


def outlines(text: str) -> Make:
    """Return a function that writes outlines next to a run folder, and returns the command that reads them."""

    def make(folder: Path) -> list[str]:
        record(str)(folder)
        (folder / "land.geojson").write_text(text, encoding="utf-8", errors="surrogateescape")
        return ["report", "run", "--outlines", "land.geojson"]

    return make


def feature(coordinates: object, kind: str = "Polygon") -> str:
    sound = {"type": "Polygon", "coordinates": [[[100, 40], [110, 40], [110, 50], [100, 40]]]}
    geometries = [sound, {"type": kind, "coordinates": coordinates}]
    features = [{"type": "Feature", "properties": {}, "geometry": one} for one in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features})


RINGS: Mapping[str, object] = {
    "no ring": [[]], "an empty ring among others": [[[100, 40], [110, 40], [110, 50], [100, 40]], []],
    "a text": "here", "a text as a ring": ["here"], "a text as a point": [["here", "there", "x"]],
    "texts as numbers": [[["a", "b"], ["c", "d"], ["e", "f"]]], "null": None, "null as a ring": [None],
    "null as a point": [[None, None, None]], "nulls as numbers": [[[None, 1], [1, None], [2, 2]]],
    "points of one number": [[[1], [2], [3]]], "a number": 7, "infinite": [[[1e400, 1], [2, 2], [3, 1]]],
    "large integers": [[[10**400, 1], [2, 2], [3, 1]]], "a ring of two points": [[[1, 1], [2, 2]]],
    "an object": {"a": 1}, "truth values": [[[True, False], [False, True], [True, True]]],
}  # fmt: skip


def ring(points: int) -> str:
    """Return outlines of very many points in the window of any map."""
    import math

    turned = (2 * math.pi * n / points for n in range(points))
    return feature([[[round(104 + 9 * math.cos(a), 5), round(46 + 4 * math.sin(a), 5)] for a in turned]])


JSON: Mapping[str, str] = {
    "deep lists": "[" * DEEP, "deep lists that end": "[" * DEEP + "]" * DEEP, "deep objects": '{"a":' * DEEP,
    "long integer": "9" * 100_000, "an integer of 900 digits": "9" * 900, "infinity": "Infinity", "nothing": "",
    "one text": '"' + "x" * 5_000_000 + '"', "an open text": '"' + "x" * 5_000_000,
    "lists of nothing": "[" + "[]," * 300_000 + "[]]",
    "null": "null", "a list": "[]", "no UTF-8": "\udcff",
}  # fmt: skip


def cases() -> Cases:
    """Yield the cases."""
    for name, text in TOML.items():
        yield f"mapping: {name}", name == "deep lists", mapping(f"{text}\n{MAPPING}"), ("map.toml",)
        yield f"scenario: {name}", name == "deep keys", scenario(f"{text}\n"), ("s.toml",)
    lists = "[" * FLAT + "]" * FLAT
    yield f"mapping: {FLAT} lists", False, mapping(f"a = {lists}\n{MAPPING}"), ("map.toml", "deep")
    yield f"scenario: {FLAT} lists", False, scenario(f"a = {lists}\n"), ("s.toml", "deep")
    yield f"outlines: {FLAT} lists", False, outlines(lists), ("land.geojson", "deep")
    yield f"record of a run: {FLAT} lists", False, record(lambda _: lists), ("run", "deep")
    for name, (piece, times) in {
        "commas": (b"," * 900_000 + b"\n", 200), "lines": (b"a\n" * 500_000, 100), "one line": (b"a" * 1_000_000, 150),
        "an open quote": (b'"' + b"x" * 900_000 + b"\n", 100), "unit ids": (b"A,1\n" * 100_000, 3),
    }.items():  # fmt: skip
        yield f"table of a run: {name}", name == "lines", table(piece, times), ("units.csv",)
    for name, text in UNIT_EXPRESSIONS.items():
        changed = MAPPING.replace('unit = "MW"', f'unit = "{text}"')
        yield (
            f"unit of a mapping: {name}",
            name in ("power tower", "brackets"),
            mapping(changed),
            ("map.toml",),
        )
    for name, line in {
        "integer of 900 digits": "phase_in = " + "9" * 900, "infinite": "phase_in = inf", "nan": "phase_in = nan",
        "tiny": "share = 1e-300",
    }.items():  # fmt: skip
        yield f"scenario: {name}", False, scenario(in_measure(line)), ("s.toml",)
    yield "scenario: no UTF-8", False, scenario(b'title = "\xff"'), ("s.toml",)
    yield "scenario: 30 MB", False, scenario('title = "' + "x" * 30_000_000 + '"'), ("s.toml",)
    for name, text in JSON.items():
        yield f"outlines: {name}", name == "deep lists", outlines(text), ("land.geojson",)
        yield f"record of a run: {name}", name == "deep lists", record(lambda _, new=text: new), ("run",)
        yield (
            f"record of a run: {name} in it",
            False,
            record(lambda old, new=text: old.replace('"draws": 0', f'"draws": {new}')),
            ("run",),
        )
    for name, coordinates in RINGS.items():
        words = (
            "land.geojson",
            "whole number" if name == "large integers" else "feature 2",
        )  # no JSON has such numbers
        yield f"outlines: {name}", name == "null", outlines(feature(coordinates)), words
        yield f"outlines: {name}, several", False, outlines(feature([coordinates], "MultiPolygon")), words
    yield "outlines: a million points", False, outlines(ring(1_000_000)), ("land.geojson",)
    yield "outlines: far too large", False, outlines(ring(400_000) + " " * 60_000_000), ("land.geojson",)
    yield "record of a run: 200 MB", False, long_record, ("run",)
