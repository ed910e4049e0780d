"""Spread of numbers by their origin: what a reported value without a range is taken to be worth."""

from __future__ import annotations

from factor_tables.writer import JUDGEMENT, Writer

# quantity, origin, distribution, spread, scopes, reason. A spread of a beta is over what passes, see the basis.
ROWS = (
    ("content", "measured", "lognormal", 0.30, "plant:1", "one analysis, its number and standard deviation not stated"),
    (
        "content",
        "reported",
        "lognormal",
        0.50,
        "plant:1",
        "stated without a method; the national shared part comes on top",
    ),
    ("content", "override", "lognormal", 0.30, "country:0.5;plant:0.5", "a user's own value without a range"),
    (
        "activity",
        "reported",
        "normal",
        0.05,
        "unit:1",
        "metered or booked amount of another year than the one it stands for",
    ),
    ("activity", "override", "normal", 0.10, "country:1", "a user's own national value without a range"),
    (
        "content",
        "not_stated",
        "lognormal",
        0.15,
        "plant:1",
        "as received or dry: with 10 to 40 percent moisture half of the distance between both; on top of its own spread",
    ),
    (
        "efficiency",
        "reported",
        "normal",
        0.05,
        "unit:1",
        "heat rates of one unit differ by about 5 percent between years",
    ),
    ("efficiency", "override", "normal", 0.05, "country:1", "a user's own national value without a range"),
    ("heating_value", "reported", "normal", 0.05, "plant:1", "deliveries of one plant differ by about 5 percent"),
    ("heating_value", "override", "normal", 0.05, "country:1", "a user's own national value without a range"),
    ("passing_share", "default", "normal", 0.30, "coal_class:0.5;unit:0.5", "profile whose rows state no spread"),
    ("passing_share", "reported", "normal", 0.30, "unit:1", "one stack test, or a figure without a method"),
    ("passing_share", "override", "normal", 0.30, "coal_class:1", "a user's own value without a range"),
    ("process", "reported", "normal", 0.05, "unit:1", "raw meal ratio, heat use or utilisation of one kiln"),
    ("process", "override", "normal", 0.05, "country:1", "a user's own national value without a range"),
    ("emission_factor", "override", "lognormal", 0.50, "country:0.5;unit:0.5", "a user's own factor without a range"),
    ("measured_air", "measured", "lognormal", 0.20, "unit:1", "stack tests err by 15 to 25 percent"),
    ("continuous_air", "measured", "lognormal", 0.10, "unit:1", "monitors or sorbent traps over weeks and more"),
    (
        "last_year",
        "on_request",
        "triangular",
        0.408248,
        "country:0.5;unit:0.5",
        "shape of the shift of a closing year, over the largest shift, which a run states; half of it is policy",
    ),
    (
        "year",
        "base_year",
        "lognormal",
        0.17,
        "plant:1",
        "the coal of a plant differs from year to year by about 19 percent; in figures of the base year only, "
        "as years cancel over a lifetime",
    ),
    ("year", "measured", "lognormal", 0.17, "unit:1", "a plant differs from year to year by about 19 percent"),
)


def build(writer: Writer) -> None:
    """Add the table `origin_spread`: rows of mean 1, so that the spread is relative."""
    for quantity, origin, distribution, size, scopes, reason in ROWS:
        keys = {"quantity": quantity, "origin": origin}
        writer.add("origin_spread", keys, 1, "1", JUDGEMENT, basis="relative to the mean", distribution=distribution,
                   spread=size, scopes=scopes, read_from="judgement", note=reason)  # fmt: skip
