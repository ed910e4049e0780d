"""Which controls of the Indonesian units are reported, as opposed to assumed."""

from __future__ import annotations

from hginventory.vocabulary import UNKNOWN, parse_train

GROUPS = ("pm_control", "so2_control", "nox_control")
# Read in a page about the plant, though the tables the facts were joined from say nothing: owner pages,
# notices and contractors. Keyed by plant and unit number; the rest of the row stays as it is.
READ_ELSEWHERE = {
    ("Batang", "pm_control"): "FF",
    ("Babelan", "boiler"): "CFB",
    ("Babelan", "so2_control"): "FSI",
    ("Babelan", "nox_control"): "none",
    ("Sumsel-8", "so2_control"): "wFGD",
    ("Bangko Tengah", "so2_control"): "wFGD",
}


def reported_controls(fact: dict[str, str]) -> dict[str, str]:
    """Return the canonical controls of a unit by group; what is only assumed is ``unknown``."""
    reported = fact["controls_basis"].startswith("reported")
    assumed = fact["assumed_fields"]
    out = {}
    for group in GROUPS:
        read = next(
            (code for (plant, name), code in READ_ELSEWHERE.items() if name == group and plant in fact["plant"]), None
        )
        if read is not None:
            out[group] = read
        elif not reported or (group in assumed and "(type)" not in assumed):
            out[group] = UNKNOWN
        elif group == "so2_control" and "so2_control (type)" in assumed:
            out[group] = "FGD"
        else:
            out[group] = parse_train(fact[group])
    return out


def boiler_of(fact: dict[str, str]) -> str:
    """Return the boiler of a unit, ``unknown`` where nobody says."""
    read = next((c for (p, name), c in READ_ELSEWHERE.items() if name == "boiler" and p in fact["plant"]), None)
    return read or fact["boiler_type"]
