"""The bundled tables say how every default was got, and name no source in vain."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hginventory.factors.csv_tables import read_sources
from hginventory.factors.library import load_library
from hginventory.factors.row_checks import wrong_in_row
from hginventory.factors.tables import LIMIT_UNITS, TABLES
from hginventory.model.limit_basis import UNITS

LIBRARY = load_library()
OF_BUILDERS = re.compile(r"builder|factor_tables|build_factors|\bDEFAULT\b|\bAudit\b")


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_how_it_was_got(name: str) -> None:
    assert [row.row_id for row in LIBRARY.table(name).rows if not row.method] == []


@pytest.mark.parametrize("name", TABLES)
def test_every_default_with_a_spread_says_where_the_spread_is_from(name: str) -> None:
    rows = [row for row in LIBRARY.table(name).defaults if row.spread is not None]
    assert [row.row_id for row in rows if "spread" not in f"{row.method} {row.note}"] == []


@pytest.mark.parametrize("name", TABLES)
def test_texts_are_of_the_tables_themselves(name: str) -> None:
    rows = LIBRARY.table(name).rows
    assert [row.row_id for row in rows if OF_BUILDERS.search(f"{row.method} {row.note}")] == []


def test_every_source_is_used() -> None:
    used = {row.source_id for name in TABLES for row in LIBRARY.table(name).rows}
    assert set(read_sources(LIBRARY.folder / "sources.csv")) - used == set()


def test_every_unit_of_a_limit_can_be_converted() -> None:
    assert set(LIMIT_UNITS) == set(UNITS)


def test_every_effect_is_of_an_option() -> None:
    options = {row.keys["option"] for row in LIBRARY.table("reduction_option").defaults}
    assert {row.keys["option"] for row in LIBRARY.table("option_effect").rows} - options == set()


@pytest.mark.parametrize(
    ("table", "key", "text", "said"),
    [
        ("removal", "train", "FOO+ESPc", "train 'FOO+ESPc': unknown control device \"FOO\""),
        ("removal", "train", "wFGD+ESPc", "train 'wFGD+ESPc'; write ESPc+wFGD"),
        ("control_mix", "train", "ESPx", "train 'ESPx': "),
        ("control_completion", "devices", "FOO", "devices 'FOO': "),
        ("device_effect", "device", "FOO", "device 'FOO': "),
        ("cement_control", "device", "ESPc", "device 'ESPc'; write ESP"),
        ("fate", "device", "FOO", "device 'FOO': "),
    ],
)
def test_a_train_of_unknown_devices_is_refused(table: str, key: str, text: str, said: str) -> None:
    row = LIBRARY.table(table).defaults[0]
    sources = read_sources(LIBRARY.folder / "sources.csv")
    [wrong] = wrong_in_row(replace(row, keys={**row.keys, key: text}), TABLES[table], sources)
    assert wrong.startswith(said)
