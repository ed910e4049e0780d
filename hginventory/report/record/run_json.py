"""What made a run: versions, settings with their origin, hashes of what went in and came out.

The manifest contains no time, host or absolute path, so that the same inputs make the same bytes; these go to the log.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
import platform
import shlex
import sys
from collections.abc import Mapping
from dataclasses import asdict
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hginventory._version import __version__
from hginventory.inputs.findings import count_locations

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

MANIFEST = "run.json"
LOG = "run.log"
SCHEMA = "hginventory-run/1"
VERSION_DIGITS = 12  # of the version of an inventory
LIBRARIES = ("numpy", "pandas", "openpyxl", "XlsxWriter", "pint")
DEEPEST = 2  # a file of a report may lie in a folder of its own


def is_inside(name: str) -> bool:
    """Return whether a name in a manifest is that of a file in its folder, or in a folder of that.

    >>> [is_inside(name) for name in ("units.csv", "plan/plan.md", "../fleet.xlsx", "/etc/passwd", "a/b/c", "")]
    [True, True, False, False, False, False]
    """
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return 1 <= len(parts) <= DEEPEST and not {"..", "/"} & set(parts) and ":" not in name


def manifest(run: Analysis, outputs: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of run.json.

    Parameters
    ----------
    run : Analysis
        The run.
    outputs : mapping of str to str
        File name -> SHA-256.
    """
    projection = run.projection
    settings, fleet = projection.settings, projection.fleet
    values = {
        "base_year": settings.base_year,
        "rule": settings.rule,
        "lifetime_spread": settings.lifetime_spread,
        "profile": settings.profile,
        "captive_category": settings.captive_category,
        "where": settings.where,
        "combined": settings.combined,
    }
    return {
        "schema": SCHEMA,
        "hginventory": __version__,
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
        "fleet": {
            "name": settings.fleet_name,
            "title": settings.fleet_label,
            "notice": settings.notice,
            "attributions": [asdict(one) for one in fleet.attributions],
        },
        "settings": {name: {"value": value, "origin": str(settings.origins[name])} for name, value in values.items()},
        "rule_in_words": settings.rule_text,
        "seed": run.seed if run.n_draws else None,
        "draws": run.n_draws,
        "factor_set": {"version": projection.library.version, "sha256": projection.library.sha256()},
        "inputs": {fleet.source.label: fleet.sha256} if fleet.sha256 else {},
        "summary": _without_nan([asdict(summary) for summary in run.summary()]),
        "certainty": _without_nan(_certainty(run)),
        "findings": dict(sorted(count_locations(run.findings, "code").items())),
        "outputs": dict(outputs),
    }


def manifest_text(content: Mapping[str, Any]) -> str:
    """Return run.json as text."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def manifest_content(text: str) -> Any:
    """Return what run.json contains; bare NaN, which earlier versions wrote, is null.

    >>> manifest_content('{"a": NaN}')
    {'a': None}
    """
    return json.loads(text, parse_constant=lambda _: None)


def inventory_version(content: Mapping[str, Any]) -> str:
    """Return the version of an inventory: a hash of what its central numbers follow from, twelve hex digits.

    Parameters
    ----------
    content : mapping
        Of run.json: version of the program, settings, factor set and inputs count.

    Examples
    --------
    >>> import hginventory as hg
    >>> content = manifest(hg.project("indonesia", draws=0), {})
    >>> inventory_version(content) == inventory_version({**content, "settings": {}})
    False
    """
    settings = {name: entry["value"] for name, entry in content["settings"].items()}
    parts = [content["hginventory"], settings, content["factor_set"], content["inputs"]]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:VERSION_DIGITS]


def _certainty(run: Analysis) -> dict[str, Any] | None:
    sure = run.certainty
    if sure is None:
        return None
    return {"named": sure.top, "lists": [one.as_dict() for one in sure.lists.values()]}


def log_text(run: Analysis) -> str:
    """Return the content of run.log: what the manifest must not contain."""
    now = datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")
    engines = run.certainty.engines if run.certainty else {}
    return "".join(
        f"{name}: {value}\n"
        for name, value in (
            ("finished", now),
            ("host", platform.node()),
            ("platform", platform.platform()),
            ("command", shlex.join(sys.argv)),
            ("folder", Path.cwd()),
            ("fleet", run.projection.fleet.origin),
            *((f"engine of {name}", choice) for name, choice in engines.items()),
        )
    )


def _without_nan(content: Any) -> Any:
    """Return plain data with null instead of NaN, at any depth; JSON knows no NaN.

    >>> _without_nan({"a": math.nan, "b": [{"c": math.nan}, 1.0]})
    {'a': None, 'b': [{'c': None}, 1.0]}
    """
    if isinstance(content, dict):
        return {name: _without_nan(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_without_nan(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content
