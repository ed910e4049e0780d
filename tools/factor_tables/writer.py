"""Collects rows of factor tables and writes them with their sources, in a stable order."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from hginventory.factors import COMMON, TABLES
from hginventory.inputs.fleet import is_blank

JUDGEMENT = "Judgement of the hginventory authors, reasons in the note; not a published number"
SYNTHESIS = "hginventory synthesis of the rows of removal_evidence; not a published number"
_WORDS_IN_ID = 5
# Names that only the files of facts know, and what they are called in this repository.
OWN_NAMES = (
    ("coal_control_removal.csv (evidence rows)", "factors/removal_evidence.csv"),
    ("coal_output_partition.csv", "factors/coal_partition_evidence.csv"),
    ("coal_mercury_content.csv, Indonesian power plants, as received", "factors/coal_mercury.csv, row IDN, all"),
    ("global limestone row of this table", "factors/cement_material.csv, row limestone, WLD"),
    ("export quality row of this table", "factors/coal_heating_value.csv, Indonesian export qualities"),
    ("mass balances in this file", "mass balances of factors/coal_partition_evidence.csv"),
    ("column coal_hg_ppb of indonesia_coal_units.csv", "sheet Coal_units, column hg_coal of fleets/indonesia.xlsx"),
    ("column capacity_factor of indonesia_coal_units.csv", "column Capacity factor, operating units of Indonesia"),
    (
        "column utilisation_crea of indonesia_coal_units.csv",
        "list of plants in the repository energyandcleanair/creapuff",
    ),
    (", plant coal values, aggregated here", ""),
    (", counted over the reported units", ""),
)


def number(value: Any) -> str:
    """Return a number in plain decimals with six significant digits; empty for a blank."""
    if is_blank(value) or value == "":
        return ""
    text = f"{float(value):.6g}"
    return f"{float(text):f}".rstrip("0").rstrip(".") if "e" in text else text


class Writer:
    """Rows of all tables, and the sources they name."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, str]]] = {name: [] for name in TABLES}
        self.sources: dict[str, tuple[str, str, str]] = {}
        self.origins: Counter[tuple[str, str]] = Counter()
        self._defaults: set[tuple[str, ...]] = set()

    def source(self, citation: str, url: str = "", licence: str = "") -> str:
        """Return the id of a citation, and note the citation once."""
        citation = _own_names(" ".join(citation.split())) or JUDGEMENT
        words = re.sub(r"[^a-z0-9]+", "-", citation.lower()).strip("-").split("-")
        base = "-".join(words[:_WORDS_IN_ID])
        source_id, count = base, 2
        while source_id in self.sources and self.sources[source_id][0] != citation:
            source_id, count = f"{base}-{count}", count + 1
        self.sources.setdefault(source_id, (citation, url, licence))
        return source_id

    def add(self, table: str, keys: dict[str, Any], value: Any, unit: str, citation: str, **fields: Any) -> str:
        """Add a row; a default whose key exists already is kept as evidence. Return its use."""
        spec = TABLES[table]
        fields.setdefault("use", "default")
        row = dict.fromkeys((*spec.keys, *spec.extra, *COMMON), "")
        row |= {name: str(keys.get(name, "")) for name in (*spec.keys, *spec.extra)}
        row |= {"value": number(value), "unit": unit, "source_id": self.source(citation)}
        for name, given in fields.items():
            row[name] = number(given) if name in ("spread", "low", "high", "n") else _own_names(str(given))
        row["read_from"] = row["read_from"] or "judgement"
        if row["use"] == "default":
            key = (table, *(row[name] for name in spec.keys))
            if key in self._defaults:
                row["use"] = "evidence"
            self._defaults.add(key)
        if row["use"] != "default" or not row["spread"]:
            for name in ("distribution", "spread", "scopes"):
                row[name] = ""
        self.rows[table].append(row)
        return row["use"]

    def write(self, folder: Path) -> None:
        """Write all tables, the sources and a machine-readable description."""
        folder.mkdir(exist_ok=True)
        resources = []
        for table, spec in TABLES.items():
            columns = [*spec.keys, *spec.extra, *COMMON]
            order = {"default": 0, "check": 1, "evidence": 2}
            rows = sorted(self.rows[table], key=lambda r: (order[r["use"]], [r[k] for k in spec.keys]))
            self._csv(folder / f"{table}.csv", columns, rows)
            resources.append(_resource(folder / f"{table}.csv", columns, spec.meaning))
        listed = [
            {"source_id": i, "citation": c, "url": u, "licence": licence, "note": ""}
            for i, (c, u, licence) in sorted(self.sources.items())
        ]
        columns = ["source_id", "citation", "url", "licence", "note"]
        self._csv(folder / "sources.csv", columns, listed)
        resources.append(_resource(folder / "sources.csv", columns, "sources"))
        package = {
            "name": "hginventory-factors",
            "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
            "resources": resources,
        }
        (folder / "datapackage.json").write_text(json.dumps(package, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    @staticmethod
    def _csv(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _own_names(text: str) -> str:
    """Return a text in which files of facts are called by the name they have here."""
    for theirs, ours in OWN_NAMES:
        text = text.replace(theirs, ours)
    return re.sub(r"indonesia_(coal_units|cement_kilns)\.csv", "fleets/indonesia.xlsx", text)


def _resource(path: Path, columns: list[str], title: str) -> dict[str, Any]:
    return {
        "name": path.stem,
        "path": path.name,
        "title": title,
        "hash": "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest(),
        "schema": {"fields": [{"name": name} for name in columns]},
    }


def facts(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a file of facts."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_default(note: str) -> bool:
    """Return whether the collectors of the facts chose a row as the default."""
    return note.startswith("DEFAULT")


def numeric(text: str) -> float | None:
    """Return a number, or None where the text is none."""
    try:
        return float(text)
    except ValueError:
        return None
