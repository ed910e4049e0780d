"""What boilers and trains units have whose own are unknown: shares counted in fleets that report them."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from factor_tables.writer import JUDGEMENT, Writer, facts
from hginventory.vocabulary import UNKNOWN, join_devices, train_devices
from indonesia_controls import boiler_of, reported_controls

SMALLEST_SHARE = 0.01
FEWEST_UNITS = 8  # a cell with fewer units is merged with its neighbour
IDN_SOURCE = "CREA Indonesia CFPP master list (energyandcleanair/creapuff)"
NEEDS_SOURCE = "US EPA, NEEDS v6 of 30 June 2020 (public domain), counted over coal steam units"
CHINA_SOURCE = "China Electricity Council figures for 2015: share of coal capacity with FGD and SCR"
NO_MERCURY_EFFECT = {"LNB", "SNCR"}


def build(writer: Writer, folder: Path, data: Path | None) -> None:
    """Add the tables of mixes."""
    indonesia = facts(folder, "indonesia_coal_units")
    needs = _needs(data)
    _boilers(writer, indonesia, needs)
    _trains(writer, indonesia, needs)
    _completion(writer)


def _needs(data: Path | None) -> list[dict[str, str]]:
    path = data / "needs_v6_2020-06-30_coal_steam.csv" if data else None
    if path is None or not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _add_shares(
    writer: Writer, table: str, keys: dict[str, Any], name: str, counts: Counter[str], citation: str, note: str
) -> None:
    total = sum(counts.values())
    kept = {key: n for key, n in counts.items() if n / total >= SMALLEST_SHARE}
    whole = sum(kept.values())
    shares = {key: round(n / whole, 4) for key, n in sorted(kept.items(), key=lambda item: (-item[1], item[0]))}
    largest = next(iter(shares))
    shares[largest] = round(shares[largest] + 1 - sum(shares.values()), 4)
    for key, share in shares.items():
        writer.add(
            table,
            {**keys, name: key},
            share,
            "1",
            citation,
            n=total,
            read_from="read",
            method="count of units",
            note=note,
        )


def _boilers(writer: Writer, indonesia: list[dict[str, str]], needs: list[dict[str, str]]) -> None:
    for low, high in (("", 150), (150, 400), (400, "")):
        counts = Counter(
            boiler_of(fact)
            for fact in indonesia
            if boiler_of(fact) != UNKNOWN and _within(float(fact["capacity_mw"]), low, high)
        )
        keys = {"country": "IDN", "mw_from": low, "mw_to": high}
        _add_shares(writer, "boiler_mix", keys, "boiler", counts, IDN_SOURCE, "units with a known boiler")
    if needs:
        counts = Counter(_needs_boiler(row) for row in needs)
        _add_shares(writer, "boiler_mix", {"country": "USA"}, "boiler", counts, NEEDS_SOURCE, "by firing")
    note = "most of the world's units are pulverised-coal fired; about one in ten trackers' units is marked as CFB"
    for boiler, share in (("PC", 0.9), ("CFB", 0.1)):
        writer.add("boiler_mix", {"country": "WLD", "boiler": boiler}, share, "1", JUDGEMENT, note=note)


def _needs_boiler(row: dict[str, str]) -> str:
    firing = row["Firing"].lower()
    kinds = {"fbc": "CFB", "cyclone": "cyclone", "stoker": "stoker"}
    return next((code for word, code in kinds.items() if word in firing), "PC")


def _within(value: float, low: Any, high: Any) -> bool:
    return bool((low == "" or value >= low) and (high == "" or value < high))


def _trains(writer: Writer, indonesia: list[dict[str, str]], needs: list[dict[str, str]]) -> None:
    known = []
    for fact in indonesia:
        controls = reported_controls(fact)
        if UNKNOWN not in controls.values():
            devices = {d for train in controls.values() for d in train_devices(train)} - NO_MERCURY_EFFECT
            known.append((boiler_of(fact), float(fact["capacity_mw"]), join_devices(devices)))
    cells: tuple[tuple[str, Any, Any], ...] = (("PC", "", 400), ("PC", 400, ""), ("CFB", "", ""))
    for boiler, low, high in cells:
        counts = Counter(t for b, mw, t in known if b == boiler and _within(mw, low, high))
        if sum(counts.values()) < FEWEST_UNITS:
            raise SystemExit(f"too few Indonesian units to count trains: {boiler} {low}-{high}: {dict(counts)}")
        keys = {"country": "IDN", "boiler": boiler, "mw_from": low, "mw_to": high}
        _add_shares(writer, "control_mix", keys, "train", counts, IDN_SOURCE, "units whose whole train is reported")
    for boiler in ("PC", "CFB", "cyclone"):
        counts = Counter(_needs_train(row) for row in needs if _needs_boiler(row) == boiler)
        if sum(counts.values()) >= FEWEST_UNITS:
            keys = {"country": "USA", "boiler": boiler}
            _add_shares(writer, "control_mix", keys, "train", counts, NEEDS_SOURCE, "trains of units in the data base")
    note = "FGD 92 % and SCR 83 % of capacity; SCR taken to stand at units with FGD, the dust control to be an ESP"
    for train, share in (("SCR+ESPc+wFGD", 0.83), ("ESPc+wFGD", 0.09), ("ESPc", 0.08)):
        writer.add("control_mix", {"country": "CHN", "train": train}, share, "1", CHINA_SOURCE, read_from="recalled",
                   valid_from="2015", note=note)  # fmt: skip
    writer.add("control_mix", {"country": "WLD", "train": UNKNOWN}, 1.0, "1", JUDGEMENT,
               note="no count of trains on file: the removal row of an unknown train")  # fmt: skip


def _needs_train(row: dict[str, str]) -> str:
    devices: set[str] = set()
    pm = row["PM Control"]
    devices |= {code for word, code in (("ESPC", "ESPc"), ("ESPH", "ESPh")) if word in pm}
    parts = {part.strip() for part in pm.split("+")}
    devices |= {code for word, code in (("B", "FF"), ("C", "CYC")) if word in parts}
    scrubber = row["Wet/DryScrubber"].lower()
    if "wet" in scrubber:
        devices.add("wFGD")
    elif "dry" in scrubber:
        devices.add("SDA")
    elif "WS" in parts:
        devices.add("WS")
    if "WESP" in parts:
        devices.add("WESP")
    if "SCR" in row["NOx Post-Comb Control"].replace("SNCR", ""):
        devices.add("SCR")
    if "ACI" in row["Mercury_Controls"]:
        devices.add("ACI")
    if row["DSI Unit"].strip().lower() == "yes":
        devices.add("DSI")
    return join_devices(devices)


def _completion(writer: Writer) -> None:
    rows: tuple[tuple[str, str, float, str], ...] = (
        ("pm_control", "ESPc", 0.75, "precipitators are the most common dust control, filters the rest"),
        ("pm_control", "FF", 0.25, "precipitators are the most common dust control, filters the rest"),
        ("so2_control", "none", 0.5, "about half of the world's units are reported without a scrubber"),
        ("so2_control", "FGD", 0.5, "about half of the world's units are reported without a scrubber"),
        ("nox_control", "none", 0.8, "catalysts are rare outside a few countries"),
        ("nox_control", "SCR", 0.2, "catalysts are rare outside a few countries"),
        ("hg_control", "none", 1.0, "a mercury control is news: where nobody reports one there is none"),
    )
    for group, devices, share, note in rows:
        keys = {"country": "WLD", "group": group, "devices": devices}
        writer.add("control_completion", keys, share, "1", JUDGEMENT, note=note)
