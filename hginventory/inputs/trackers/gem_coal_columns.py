"""Columns of the Global Coal Plant Tracker of all releases, and of the integrated tracker, by their folded names."""

from __future__ import annotations

ID = ("gem unit/phase id", "tracker id")
PLANT = ("plant name", "plant", "plant / project name")
UNIT = ("unit name", "unit", "unit / phase name")
COUNTRY = ("country/area", "country")
ADMIN1 = ("subnational unit (province, state)", "subnational unit", "state/province")
OWNER = ("owner", "sponsor", "owner(s)")
LATITUDE = ("latitude", "lat")
LONGITUDE = ("longitude", "lng", "long")
CAPACITY = ("capacity (mw)",)
STATUS = ("status",)
START = ("start year", "year")
RETIRED = ("retired year", "retired", "year retire")
PLANNED = ("planned retirement", "planned retire")
TECHNOLOGY = ("combustion technology", "technology")
COAL = ("coal type", "fuel (combustion only)", "fuel")
KIND = ("type",)  # of the integrated tracker, which has plants of all kinds
TELL_COAL = ("combustion technology", *COAL, *KIND)  # one of them says that the rows are coal
COAL_SOURCE = ("coal source",)
OTHER_FUEL = ("alternate fuel",)
CONVERSION = ("conversion to (fuel)",)
CAPTIVE = ("captive",)
CAPTIVE_USE = ("captive industry use",)
USED = frozenset().union(
    ID, PLANT, UNIT, COUNTRY, ADMIN1, OWNER, LATITUDE, LONGITUDE, CAPACITY, STATUS, START, RETIRED, PLANNED, TECHNOLOGY,
    COAL, KIND, COAL_SOURCE, OTHER_FUEL, CONVERSION, CAPTIVE, CAPTIVE_USE,
)  # fmt: skip
_MODELLED = "modelled by the publisher, not measured at the unit"
_OWN_RULE = "the publisher's own rule of plant life; ours is the retirement rule of a run"
_COUNTRY_LEVEL = "a plan of the country, not of the unit"
_NOT_NEEDED = "not needed"
REASONS = {
    "heat rate": _MODELLED,
    "heat rate (btu per kwh)": _MODELLED,
    "emission factor": _MODELLED,
    "emission factor (kg of co2 per tj)": _MODELLED,
    "capacity factor": "an average of the country (0 for retired and cancelled units), not of the unit",
    "annual co2 (million tonnes / annum)": _MODELLED,
    "lifetime co2": _OWN_RULE,
    "lifetime co2 (million tonnes)": _OWN_RULE,
    "plant age": _OWN_RULE,
    "plant age (years)": _OWN_RULE,
    "remaining plant lifetime (years)": _OWN_RULE,
    "coal phaseout year": _COUNTRY_LEVEL,
    "net zero year": _COUNTRY_LEVEL,
    "chp": "heat sold is not modelled",
    "captive residential use": "heat sold is not modelled",
    **dict.fromkeys(
        (
            "gem location id", "trackerloc", "parentid", "wiki url", "wiki page", "plant name (other)",
            "plant name (local)", "chinese name", "other names", "owner gem entity id", "parent",
            "parent gem entity id", "conversion to (gem unit id)", "location", "local area (taluk, county)",
            "major area (prefecture, district)", "subregion", "region", "previous region",
            "location accuracy", "accuracy", "permits", "permit date", "permit parsed",
            "china capacity payment recipient", "owner(s) gem entity id", "parent(s)", "parent(s) gem entity id",
            "gem.wiki url", "city", "date last researched", "other ids (location)", "other ids (unit/phase)",
            "other plant names", "plant name in local language / script", "captive industry type",
            "equipment manufacturer/model",
        ),
        _NOT_NEEDED,
    ),
}  # fmt: skip
