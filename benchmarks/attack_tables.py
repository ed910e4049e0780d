"""Text tables, devices and pipes made to do harm, for `attack.py`."""

from __future__ import annotations

import os
from pathlib import Path

from attack_case import Cases, Make
from attack_run import write_run

FILE = "table.csv"
HEADER = (
    b"GEM unit/phase ID,Country/Area,Plant name,Unit name,Capacity (MW),Status,Start year,Combustion technology,"
    b"Coal type\n"
)
UNIT = b"G%d,Indonesia,PLTU Contoh,Unit %d,300,operating,1998,subcritical,lignite\n"
PIECE = 1 << 20
IMPORTERS = {
    "gem-coal": ("import", "gem-coal", FILE, "-o", "new.xlsx"),
    "csv": ("import", "csv", FILE, "--map", "map.toml", "-o", "new.xlsx"),
}
READ_BY = {  # name of a file -> the command that reads it
    "fleet.xlsx": ("validate", "--fleet", "fleet.xlsx"),
    "tracker.xlsx": ("import", "gem-coal", "tracker.xlsx", "-o", "new.xlsx"),
    "table.csv": IMPORTERS["gem-coal"],
    "map.toml": IMPORTERS["csv"],
    "scenario.toml": ("scenario", "compare", "./scenario.toml", "--fleet", "MNG", "--draws", "0"),
    "land.geojson": ("report", "run", "--outlines", "land.geojson"),
    "style.docx": ("chapter", "--fleet", "MNG", "--template", "style.docx", "-o", "new"),
    "run.json": ("run", "verify", "run"),
}
MAPPING = """sheet = "Coal_units"
[source]
source_id = "S"
citation = "A register, 2025"
[settings]
country = "IDN"
[columns]
unit_id = "GEM unit/phase ID"
plant = "Plant name"
capacity_gross = { column = "Capacity (MW)", unit = "MW" }
start_year = "Start year"
status = "Status"
"""


def written(start: bytes, piece: bytes, megabytes: int, end: bytes = b"", kind: str = "gem-coal") -> Make:
    """Return a function that writes a table of one piece over and over, and returns the command that reads it."""

    def make(folder: Path) -> list[str]:
        (folder / "map.toml").write_text(MAPPING)
        batch = piece * (PIECE // len(piece))
        with (folder / FILE).open("wb") as file:
            file.write(start)
            for _ in range(megabytes):
                file.write(batch)
            file.write(end)
        return list(IMPORTERS[kind])

    return make


def units(megabytes: int) -> Make:
    """Return a function that writes a table of units, each with a number of its own."""

    def make(folder: Path) -> list[str]:
        with (folder / FILE).open("wb") as file:
            file.write(HEADER)
            number = 0
            while file.tell() < megabytes * 1_000_000:
                number += 1
                file.write(UNIT % (number, number))
        return list(IMPORTERS["gem-coal"])

    return make


def special(command: tuple[str, ...], name: str, target: str = "") -> Make:
    """Return a function that puts a device, or a pipe, under a name."""

    def make(folder: Path) -> list[str]:
        (folder / "map.toml").write_text(MAPPING)
        (folder / FILE).write_bytes(HEADER + UNIT % (1, 1))
        if "run" in command:
            write_run(folder / "run")
        path = folder / "run" / name if name == "run.json" else folder / name
        path.unlink(missing_ok=True)
        if target:
            path.symlink_to(target)
        else:
            os.mkfifo(path)
        return list(command)

    return make


def cases() -> Cases:
    """Yield the cases."""
    for size in (30, 150):
        for kind in IMPORTERS:
            of = f"of {size} MB, {kind}"
            yield f"blank lines {of}", size == 150 and kind == "csv", written(HEADER, b"\n", size, kind=kind), (FILE,)
            yield (
                f"commas {of}",
                size == 30 and kind == "csv",
                written(HEADER, b"," * 4096 + b"\n", size, kind=kind),
                (FILE,),
            )
            yield f"short lines of commas {of}", False, written(HEADER, b",,,,,,,,\n", size, kind=kind), (FILE,)
            yield f"one line of commas {of}", False, written(HEADER, b",", size, kind=kind), (FILE,)
            yield f"one line {of}", False, written(HEADER, b"x", size, kind=kind), (FILE,)
            yield f"open quote {of}", size == 30, written(HEADER + b'"', b"x,1\n", size, kind=kind), (FILE,)
            yield f"open quote within a row {of}", False, written(HEADER + b'G1,"', b"x,1\n", size, kind=kind), (FILE,)
            yield f"ragged rows {of}", False, written(HEADER, b"a,b\n", size, kind=kind), (FILE,)
            yield f"spaces {of}", False, written(HEADER, b" , , , , , , , , \n", size, kind=kind), (FILE,)
            yield f"no header {of}", False, written(b"", b"a,b,c\n", size, kind=kind), (FILE,)
            yield f"quotes {of}", False, written(HEADER, b'"",' * 100 + b"\n", size, kind=kind), (FILE,)
            yield f"zeros {of}", False, written(HEADER, b"\0", size, kind=kind), (FILE,)
            yield f"bytes of no encoding {of}", False, written(HEADER, b"\xff\x81,", size, kind=kind), (FILE,)
            yield f"UTF-16 {of}", False, written(HEADER.decode().encode("utf-16"), b",\0", size, kind=kind), (FILE,)
        yield f"units of {size} MB", size == 30, units(size), (FILE,)
    for name, command in READ_BY.items():
        yield f"pipe as {name}", name in ("fleet.xlsx", "map.toml"), special(command, name), ()
        yield f"/dev/zero as {name}", name == "table.csv", special(command, name, "/dev/zero"), ()
        yield f"folder as {name}", False, special(command, name, "/tmp"), ()
