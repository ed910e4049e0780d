"""What a run folder says of itself: its manifest and its log, read back."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hginventory.decisions.ranking import DEFAULT_SEED
from hginventory.errors import UnreadableFileError, UsageError
from hginventory.files import new_file, recover
from hginventory.inputs.fleet import FleetSource
from hginventory.projection import SetBy, SettingOrigin
from hginventory.reading import MOST_RECORD_BYTES, digest_of, read_json, read_text
from hginventory.report.record.run_json import (
    LOG,
    MANIFEST,
    SCHEMA,
    inventory_version,
    manifest,
    manifest_content,
    manifest_text,
)

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

CLOSE = 1e-9  # relative; the same numbers on another machine
OPTIONS = ("base_year", "rule", "lifetime_spread", "profile", "where", "combined")  # settings that a call can give
REPORTS = "reports"  # of the manifest: files written from a run afterwards


@dataclass(frozen=True)
class RunRecord:
    """A run folder as it describes itself.

    Attributes
    ----------
    folder : Path
        The folder.
    content : mapping
        Of run.json.
    log : mapping of str to str
        Of run.log.
    """

    folder: Path
    content: Mapping[str, Any]
    log: Mapping[str, str]

    @property
    def outputs(self) -> Mapping[str, str]:
        """File name -> SHA-256, of the run itself."""
        return dict(self.content["outputs"])

    @property
    def reports(self) -> Mapping[str, Mapping[str, str]]:
        """File name -> format, language and SHA-256 of what was written from the run afterwards."""
        return dict(self.content.get(REPORTS, {}))

    @property
    def digests(self) -> Mapping[str, str]:
        """File name -> SHA-256, of all files that the program wrote into the folder."""
        return {**self.outputs, **{name: entry["sha256"] for name, entry in self.reports.items()}}

    def check_unchanged(self, names: Iterable[str]) -> None:
        """Raise where files that are about to be replaced or removed are the user's, as `check_unchanged`."""
        check_unchanged(self.folder, self.digests, names)

    def options(self) -> dict[str, Any]:
        """Return the options of the call that made the run; what the workbook or a default says is left to them."""
        given = {
            name: entry["value"]
            for name, entry in self.content["settings"].items()
            if SettingOrigin.from_text(entry["origin"]).set_by in (SetBy.OPTION, SetBy.THIS_YEAR) and name in OPTIONS
        }
        seed = self.content["seed"]  # null where nothing was drawn; 0 is a seed
        return {**given, "draws": int(self.content["draws"]), "seed": DEFAULT_SEED if seed is None else int(seed)}

    def fleet(self) -> tuple[str, str]:
        """Return the fleet that the run read, a path or the name of a bundled one, and its SHA-256.

        Raises
        ------
        UsageError
            If the run had no file, or the file is gone.
        """
        inputs = dict(self.content["inputs"])
        if not inputs:
            raise UsageError(f"{self.folder}: the fleet of the run was made in Python. Name a fleet file with `fleet`.")
        name, sha256 = next(iter(inputs.items()))
        bundled = FleetSource.from_label(name).bundled
        if bundled:
            return bundled, sha256
        found = [Path(self.log.get("folder", ".")) / self.log.get("fleet", name), self.folder / name]
        path = next((path for path in found if path.is_file()), None)
        if path is None:
            raise UsageError(
                f"{self.folder}: the fleet {found[0]} that the run read is gone. Say where it is with `fleet`."
            )
        return str(path), sha256


def read_record(folder: str | Path) -> RunRecord:
    """Read the manifest and the log of a run folder.

    Raises
    ------
    UsageError
        If it is not a run folder, or its record is damaged.
    """
    from hginventory.report.record.record_model import faults_of

    path = Path(folder)
    recover(path)
    if not os.path.exists(path / MANIFEST):  # unlike that of a path, false of a name that is too long
        found = f"there is no {MANIFEST} in it" if os.path.isdir(path) else "there is no such folder"
        raise UsageError(f"{path}: {found}. Name a folder that hginv project wrote.")
    try:
        content = read_json(path / MANIFEST, MOST_RECORD_BYTES)
        if content["schema"] != SCHEMA:
            raise ValueError(f"{content['schema']!r} is not {SCHEMA!r}")
        has_log = os.path.exists(path / LOG)
        lines = read_text(path / LOG, MOST_RECORD_BYTES).splitlines() if has_log else []
    except UnreadableFileError as error:
        raise UsageError(f"{error.message} This is not a folder that hginv project wrote.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path}: this is not a folder of a run ({error}). Name the folder that hginv project wrote."
        ) from None
    faults = faults_of(content)
    if faults:
        raise UsageError(
            f"{path / MANIFEST}: the record of the run is damaged ({faults}). Run hginv project into this folder again."
        )
    return RunRecord(path, content, dict(line.split(": ", 1) for line in lines if ": " in line))


def differences_of(run: Analysis, record: RunRecord) -> list[str]:
    """Return in words what a run computed now says otherwise than the record of an earlier one."""
    now = manifest_content(manifest_text(manifest(run, {})))
    found: list[str] = []
    for part in ("summary", "certainty", "findings"):
        _compare(part, now[part], record.content[part], found)
    return found


def _compare(where: str, now: Any, then: Any, found: list[str]) -> None:
    if isinstance(now, dict) and isinstance(then, dict):
        for name in dict.fromkeys([*then, *now]):
            _compare(f"{where}.{name}", now.get(name), then.get(name), found)
    elif isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        for number, (a, b) in enumerate(zip(now, then, strict=True)):
            _compare(f"{where}[{number}]", a, b, found)
    elif isinstance(now, int | float) and isinstance(then, int | float) and not isinstance(now, bool):
        if not math.isclose(now, then, rel_tol=CLOSE, abs_tol=CLOSE):
            found.append(f"{where} was {then:.6g} and is {now:.6g}")
    elif now != then:
        found.append(f"{where} was {then!r} and is {now!r}")


def is_of_record(run: Analysis, record: RunRecord) -> bool:
    """Return whether a run has the fleet, the settings and the factors of a run folder; draws may be others."""
    return inventory_version(manifest(run, {})) == inventory_version(record.content)


def check_unchanged(folder: Path, digests: Mapping[str, str], names: Iterable[str]) -> None:
    """Raise where files that are about to be replaced or removed are not as the program wrote them.

    Parameters
    ----------
    folder : Path
        A run folder.
    digests : mapping of str to str
        File name -> SHA-256, as its record has them.
    names : iterable of str
        Files in the folder that would be replaced or removed; those that are not there do not count.

    Raises
    ------
    UsageError
        If a file was changed since, or no record has it.
    """
    present = [name for name in sorted(set(names)) if (folder / name).is_file()]
    own = [name for name in present if digest_of(folder / name) != digests.get(name)]
    if own:
        raise UsageError(
            f"{folder}: {', '.join(own)}: changed by hand, or not written by a run, and would be replaced or removed. "
            "Rename or move what you want to keep, delete what you do not need, and run the command again."
        )


def enter_reports(record: RunRecord, reports: Mapping[str, Mapping[str, str]]) -> None:
    """Write the manifest of a run with these reports, instead of those it had.

    Parameters
    ----------
    record : RunRecord
        The run.
    reports : mapping of str to mapping
        File name -> format, language, SHA-256 and what else it depends on.
    """
    content = {**record.content, REPORTS: dict(sorted(reports.items()))}
    with new_file(record.folder / MANIFEST) as new:
        new.write_text(manifest_text(content), encoding="utf-8")
