"""The field's codes in one module, with the spellings met in trackers and workbooks."""

from __future__ import annotations

from hginventory.vocabulary.code_list import MISSING_WORDS, UNKNOWN, CodeList
from hginventory.vocabulary.spellings import COAL, COAL_WORDS, STATUS_WORDS

BOILERS = CodeList(
    "boiler",
    {
        "PC": "pulverised coal",
        "CFB": "circulating or bubbling fluidised bed",
        "stoker": "stoker or travelling grate",
        "cyclone": "cyclone-fired",
        "IGCC": "integrated gasification combined cycle",
        UNKNOWN: "not known",
    },
    {
        "PC": (
            "pulverized coal",
            "pulverized",
            "wall",
            "wall fired",
            "opposed wall",
            "front wall",
            "tangential",
            "tangentially fired",
            "t fired",
            "corner fired",
            "cell",
            "vertical",
            "down fired",
            "arch fired",
        ),
        "CFB": (
            "fluidised bed",
            "fluidized bed",
            "circulating fluidised bed",
            "circulating fluidized bed",
            "fbc",
            "cfbc",
            "bfb",
            "bfbc",
        ),
        "stoker": ("grate", "travelling grate", "traveling grate", "chain grate", "spreader stoker", "stoker/spr"),
        UNKNOWN: MISSING_WORDS,
    },
)

TECHNOLOGIES = CodeList(
    "steam technology",
    {
        "subcritical": "subcritical steam",
        "supercritical": "supercritical steam",
        "ultra-supercritical": "ultra-supercritical steam",
        UNKNOWN: "not known",
    },
    {
        "subcritical": ("subc", "sub", "subkritis"),
        "supercritical": ("sc", "superkritis"),
        "ultra-supercritical": ("usc", "advanced ultra-supercritical", "ultra-superkritis"),
        UNKNOWN: MISSING_WORDS,
    },
)

COAL_TYPES = CodeList(
    "coal type",
    {
        "anthracite": "anthracite",
        "bituminous": "bituminous coal",
        "subbituminous": "subbituminous coal",
        "lignite": "lignite, brown coal",
        "waste coal": "waste coal, gob, culm",
        UNKNOWN: "not known",
    },
    {**COAL_WORDS, UNKNOWN: (*MISSING_WORDS, *COAL)},
)

DOMESTIC, IMPORTED = "domestic", "imported"
COAL_ORIGINS = CodeList(
    "origin of coal",
    {
        DOMESTIC: "mined in the country of the unit, as at a mine-mouth plant",
        IMPORTED: "bought from other countries",
        UNKNOWN: "not known, or of both",
    },
    {
        DOMESTIC: ("mine-mouth", "minemouth", "local", "captive mine"),
        IMPORTED: ("import", "traded", "seaborne"),
        UNKNOWN: MISSING_WORDS,
    },
)

COAL_CLASSES = CodeList(
    "coal class",
    {
        "high_cl": "coal with 500 mg/kg chlorine or more (bituminous column)",
        "low_cl": "coal with 100 mg/kg chlorine or less (subbituminous column)",
        "lignite": "lignite",
    },
)

STATUSES = CodeList(
    "status",
    {
        "operating": "operating",
        "construction": "under construction",
        "permitted": "permitted",
        "pre-permit": "in the permit procedure",
        "announced": "announced",
        "shelved": "shelved",
        "mothballed": "mothballed",
        "retired": "retired",
        "cancelled": "cancelled",
    },
    STATUS_WORDS,
)
RUNNING = ("operating", "construction")  # states of units that are in the fleet of a run

KILN_TYPES = CodeList(
    "kiln type",
    {
        "precalciner": "dry, preheater with precalciner",
        "preheater": "dry, preheater without calciner",
        "long dry": "long dry",
        "semi-wet/semi-dry": "semi-wet or semi-dry",
        "wet": "wet",
        "shaft": "shaft",
        UNKNOWN: "not known",
    },
    {
        "precalciner": ("dry, preheater-precalciner", "preheater-precalciner", "dry, precalciner", "nsp"),
        "preheater": ("dry, preheater", "sp"),
        "semi-wet/semi-dry": ("semi-wet", "semi-dry", "semidry", "semiwet"),
        "shaft": ("vertical shaft", "vsk"),
        UNKNOWN: (*MISSING_WORDS, "dry", "mixed"),
    },
)

KILN_FUELS = CodeList(
    "kiln fuel",
    {
        "coal": "coal",
        "petcoke": "petroleum coke",
        "lignite": "lignite",
        "gas": "natural gas",
        "oil": "fuel oil",
        "RDF": "refuse-derived fuel",
        "tyres": "tyre-derived fuel",
        "biomass": "biomass",
        "sludge": "dried sewage sludge",
    },
    {
        "coal": ("batubara", "batu bara"),
        "petcoke": ("pet coke", "petroleum koke"),
        "lignite": ("lignit",),
        "gas": ("gas alam",),
        "oil": ("heavy fuel oil", "hfo"),
        "RDF": ("refuse derived fuel", "srf", "solid recovered fuel"),
        "tyres": ("tires", "tdf", "tire-derived fuel", "waste tyres", "waste tires", "ban bekas"),
        "biomass": ("biomassa",),
        "sludge": ("sewage sludge",),
    },
)

REMOVAL_BASES = CodeList(
    "removal basis",
    {
        "coal_to_stack": "share of the mercury in the coal that does not leave the stack",
        "boiler_outlet_to_stack": "share of the mercury leaving the boiler that does not leave the stack",
        "across_device": "share removed by one device",
    },
    {"coal_to_stack": ("coal to stack",), "boiler_outlet_to_stack": ("boiler outlet to stack",)},
)

MERCURY_BASES = CodeList(
    "basis of a content",
    {
        "as_received": "per mass of coal as received",
        "dry": "per mass of dry coal",
        "not_stated": "not stated: used unconverted, with a wider spread",
    },
    {"as_received": ("as received", "ar", "as fired", "arb"), "not_stated": ("not stated", *MISSING_WORDS)},
)
CALORIFIC_BASES = CodeList(
    "basis of a heating value",
    {
        "net_as_received": "net (lower), as received",
        "gross_as_received": "gross (higher), as received",
        "gross_dry": "gross (higher), dry",
        "not_stated": "not stated: taken as net as received, with a wider spread",
    },
    {
        "net_as_received": ("net as received", "net", "ncv", "lhv", "nar", "net ar"),
        "gross_as_received": ("gross as received", "gross", "gcv", "hhv", "gar", "gross ar"),
        "gross_dry": ("gross dry", "gcv dry", "hhv dry"),
        "not_stated": ("not stated", *MISSING_WORDS),
    },
)
CAPTIVE_CATEGORIES = CodeList(
    "category of captive plants",
    {"coal_power": "coal-fired power plant", "industrial_boiler": "coal-fired industrial boiler"},
)
DECIMAL_SIGNS = CodeList("decimal sign", {"point": "1,234.5", "comma": "1.234,5"})

COAL_POWER, CEMENT_KILN = "coal_power", "cement_kiln"
SECTORS = (COAL_POWER, CEMENT_KILN)
ANNEX_D_CATEGORIES = ("coal_power", "industrial_boiler", "cement")
