"""Which controls of the Indonesian units are reported, as opposed to assumed."""

from __future__ import annotations

from collections.abc import Mapping

from hginventory.vocabulary import UNKNOWN, parse_train

GROUPS = ("pm_control", "so2_control", "nox_control")
# Read in a page about the plant, though the tables the facts were joined from say nothing: owner pages,
# notices and contractors. Part of the name of the plant -> what was read, and where; the rest of the row stays as it is.
READ_ELSEWHERE: Mapping[str, tuple[Mapping[str, str], str]] = {
    "Central Java Power Project": (
        {"pm_control": "FF", "so2_control": "FGD", "nox_control": "LNB"},
        "owner's notice of commercial operation, bhimasenapower.co.id, 2022 (kind of scrubber not given); "
        "nsenergybusiness.com, before the plant was built, names electrostatic precipitators",
    ),
    "Babelan": ({"boiler": "CFB", "pm_control": "ESPc"}, "listrindo.com, 22 September 2023"),
    "Bangko Tengah": ({"so2_control": "wFGD"}, "antaranews Sumsel 598893"),
}


def reported_controls(fact: dict[str, str]) -> dict[str, str]:
    """Return the canonical controls of a unit by group; what is only assumed is ``unknown``."""
    reported = fact["controls_basis"].startswith("reported")
    assumed = fact["assumed_fields"]
    out = {}
    for group in GROUPS:
        read = _read_elsewhere(fact)[0]
        if group in read:
            out[group] = read[group]
        elif not reported or (group in assumed and "(type)" not in assumed):
            out[group] = UNKNOWN
        elif group == "so2_control" and "so2_control (type)" in assumed:
            out[group] = "FGD"
        else:
            out[group] = parse_train(fact[group])
    return out


def boiler_of(fact: dict[str, str]) -> str:
    """Return the boiler of a unit, ``unknown`` where nobody says."""
    return _read_elsewhere(fact)[0].get("boiler", fact["boiler_type"])


def page_of(fact: dict[str, str]) -> str:
    """Return the page that says of the boiler or the controls of a unit what no table does; empty where there is none."""
    return _read_elsewhere(fact)[1]


def _read_elsewhere(fact: dict[str, str]) -> tuple[Mapping[str, str], str]:
    return next((read for plant, read in READ_ELSEWHERE.items() if plant in fact["plant"]), ({}, ""))
