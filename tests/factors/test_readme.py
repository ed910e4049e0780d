"""factors/README.md describes the tables as they are."""

from __future__ import annotations

import re

from hginventory.data_files import data_folder
from hginventory.factors.tables import COMMON, TABLES

FOLDER = data_folder("factors")
README = (FOLDER / "README.md").read_text(encoding="utf-8")


def table_of(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading, without its head."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_readme_lists_the_tables_with_their_keys() -> None:
    listed = {name.strip("`"): (keys, meaning) for name, keys, meaning in table_of("Tables")}
    assert listed == {name: (", ".join((*s.keys, *s.extra)), s.meaning) for name, s in TABLES.items()}


def test_readme_explains_every_common_column() -> None:
    explained = [name for row in table_of("A row") for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(explained) == sorted(COMMON)


def test_folder_holds_the_tables_and_nothing_else() -> None:
    assert {file.stem for file in FOLDER.glob("*.csv")} == {*TABLES, "sources"}
