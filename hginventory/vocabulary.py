"""The field's codes in one place, with the spellings met in trackers and workbooks.

A *train* is the row of devices the flue gas passes, written in gas order: ``SCR+ESPc+wFGD``.
``none`` means that no device is installed, ``unknown`` that nobody has said; they are never mixed up.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

NONE = "none"
UNKNOWN = "unknown"
_MISSING_WORDS = ("", "-", "--", "n/a", "na", "not available", "not found", "tidak diketahui", "inconnu")


def fold(text: str) -> str:
    r"""Return text in one spelling: without case, non-breaking or repeated spaces.

    >>> fold("  Fabric\u00a0 Filter ")
    'fabric filter'
    """
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


@dataclass(frozen=True)
class CodeList:
    """Codes of one kind with their meaning and accepted spellings.

    Parameters
    ----------
    name : str
        What the codes describe, for messages.
    meanings : mapping of str to str
        Code -> meaning in words, in the order in which they are shown.
    spellings : mapping of str to tuple of str
        Code -> other spellings that mean the same.
    """

    name: str
    meanings: Mapping[str, str]
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        table: dict[str, str] = {}
        for code in self.meanings:
            for text in (code, *self.spellings.get(code, ())):
                if table.setdefault(fold(text), code) != code:
                    raise ValueError(f"{self.name}: {text!r} stands for both {table[fold(text)]} and {code}")
        object.__setattr__(self, "_codes", table)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in their order."""
        return tuple(self.meanings)

    def match(self, text: str) -> str | None:
        """Return the code that a spelling stands for, or None where it is not known.

        >>> BOILERS.match("Circulating fluidised bed")
        'CFB'
        """
        codes: dict[str, str] = self.__dict__["_codes"]
        return codes.get(fold(text))

    def propose(self, text: str) -> str | None:
        """Return the nearest known code, for a message only: it is never taken silently."""
        codes: dict[str, str] = self.__dict__["_codes"]
        near = difflib.get_close_matches(fold(text), codes, n=1, cutoff=0.6)
        return codes[near[0]] if near else None


DEVICES = CodeList(
    "control device",
    {  # the order is the order in which the gas meets them
        "HAL": "halogen added to coal or furnace",
        "FSI": "limestone or other sorbent in the furnace (as in CFB boilers)",
        "LNB": "low-NOx burners, overfire air",
        "SNCR": "selective non-catalytic reduction",
        "ESPh": "hot-side electrostatic precipitator",
        "SCR": "selective catalytic reduction",
        "DSI": "dry sorbent injection",
        "ACI": "activated carbon injection",
        "ACI-Br": "brominated activated carbon injection",
        "CYC": "cyclone",
        "WS": "wet particle scrubber",
        "SDA": "spray dryer",
        "CDS": "circulating semi-dry scrubber",
        "ESPc": "cold-side electrostatic precipitator",
        "FF": "fabric filter",
        "FGD": "flue gas desulphurisation of unknown type",
        "swFGD": "sea-water flue gas desulphurisation",
        "wFGD": "wet limestone flue gas desulphurisation",
        "WESP": "wet electrostatic precipitator",
    },
    {
        "HAL": ("halogen", "bromide", "cabr2", "coal halogen"),
        "FSI": (
            "in-furnace limestone (cfb)",
            "in-furnace limestone",
            "limestone",
            "furnace sorbent injection",
        ),
        "LNB": ("low nox burner", "low nox burners", "ofa", "lnb+ofa"),
        "ESPh": ("esp-hot", "hot-side esp", "hot esp", "hesp"),
        "SCR": ("selective catalytic reduction",),
        "ACI": ("activated carbon injection", "pac"),
        "ACI-Br": ("brominated aci", "aci br", "bromine aci"),
        "CYC": ("cyclone", "multicyclone", "c", "mc"),
        "WS": ("wet scrubber", "wet particle scrubber", "wps", "venturi"),
        "SDA": ("spray dryer", "spray dry absorber", "dry scrubber", "dry fgd"),
        "CDS": ("semi-dry scrubber", "semi-dry circulating scrubber", "nid", "cfb dry scrubber"),
        "ESPc": ("esp", "esp-cold", "cold-side esp", "cold esp", "cs-esp", "electrostatic precipitator"),
        "FF": ("fabric filter", "baghouse", "bag filter", "b", "bh"),
        "FGD": ("fgd (type not given)", "fgd of unknown type", "scrubber"),
        "swFGD": ("seawater fgd", "sea-water fgd", "sea water fgd"),
        "wFGD": ("wet fgd", "limestone fgd", "wet limestone fgd", "lsfo"),
        "WESP": ("wet esp",),
    },
)
GAS_ORDER: dict[str, int] = {code: place for place, code in enumerate(DEVICES.codes)}

CONTROL_GROUPS: dict[str, tuple[str, ...]] = {
    "pm_control": ("CYC", "WS", "ESPh", "ESPc", "FF", "WESP"),
    "so2_control": ("FSI", "DSI", "SDA", "CDS", "FGD", "swFGD", "wFGD"),
    "nox_control": ("LNB", "SNCR", "SCR"),
    "hg_control": ("HAL", "ACI", "ACI-Br"),
}

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
        "PC": ("pulverized coal", "pulverised coal", "pulverized", "wall", "tangential", "cell", "vertical"),
        "CFB": (
            "fluidised bed",
            "fluidized bed",
            "circulating fluidised bed",
            "circulating fluidized bed",
            "fbc",
            "bfb",
        ),
        "stoker": ("grate", "travelling grate", "stoker/spr"),
        UNKNOWN: _MISSING_WORDS,
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
        "subcritical": ("subc", "sub"),
        "supercritical": ("sc",),
        "ultra-supercritical": ("usc", "ultrasupercritical", "ultra supercritical"),
        UNKNOWN: _MISSING_WORDS,
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
    {
        "anthracite": ("anth", "antrasit"),
        "bituminous": ("hard coal", "black coal", "bitu", "bit"),
        "subbituminous": ("sub-bituminous", "sub-bit", "sub", "subbit"),
        "lignite": ("brown coal", "lig", "lignit"),
        "waste coal": ("wstcoal", "gob", "culm"),
        UNKNOWN: _MISSING_WORDS,
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
    {
        "operating": (
            "operational",
            "operasi",
            "en service",
            "en operacion",
            "in operation",
            "operating pre-retirement",
        ),
        "construction": ("under construction", "konstruksi", "en construction"),
        "pre-permit": ("pre-permit development",),
        "retired": ("closed", "decommissioned", "pensiun"),
        "cancelled": ("canceled",),
    },
)

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
        UNKNOWN: (*_MISSING_WORDS, "dry", "mixed"),
    },
)

KILN_DEVICES = CodeList(
    "kiln control",
    {
        "ESP": "electrostatic precipitator, all dust returned",
        "FF": "fabric filter, all dust returned",
        "SNCR": "selective non-catalytic reduction",
        "SCR": "selective catalytic reduction",
        "RTO": "regenerative thermal oxidiser",
        "SHUTTLE": "dust shuttling: filter dust taken out when the raw mill is off",
        "SHUTTLE-SORB": "dust shuttling with sorbent injection",
        "TDT": "thermal treatment of filter dust",
        "ACI-FF": "activated carbon with its own polishing filter",
        "DS": "dry or semi-dry scrubber",
        "WS": "wet scrubber",
    },
    {
        "ESP": ("electrostatic precipitator", "espc"),
        "FF": ("fabric filter", "bag filter", "baghouse"),
        "SHUTTLE": ("dust shuttling",),
        "SHUTTLE-SORB": ("dust shuttling + sorbent",),
        "ACI-FF": ("aci", "aci + polishing baghouse", "activated carbon"),
        "WS": ("wet scrubber", "wet fgd", "wfgd"),
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
    {"petcoke": ("petroleum coke", "pet coke"), "gas": ("natural gas",), "tyres": ("tires", "tdf")},
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
    {"as_received": ("as received", "ar", "as fired", "arb"), "not_stated": ("not stated", *_MISSING_WORDS)},
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
        "not_stated": ("not stated", *_MISSING_WORDS),
    },
)
CAPTIVE_CATEGORIES = CodeList(
    "category of captive plants",
    {"coal_power": "coal-fired power plant", "industrial_boiler": "coal-fired industrial boiler"},
)
DECIMAL_SIGNS = CodeList("decimal sign", {"point": "1,234.5", "comma": "1.234,5"})

SECTORS = ("coal_power", "cement_kiln")
ANNEX_D_CATEGORIES = ("coal_power", "industrial_boiler", "cement")
_SEPARATORS = re.compile(r"\s*[+;,]\s*")


class UnknownCodeError(ValueError):
    """A text is no code of its list: use one of the codes named, or add the spelling to the vocabulary."""


def parse_train(text: str, devices: CodeList = DEVICES) -> str:
    """Return the canonical train of a text: known devices, each once, in gas order.

    Parameters
    ----------
    text : str
        Devices joined by ``+``, ``,`` or ``;``.
    devices : CodeList
        The devices allowed; coal devices unless told.

    Returns
    -------
    str
        Codes joined by ``+`` in gas order, ``none`` or ``unknown``.

    Raises
    ------
    UnknownCodeError
        If a device is not known; the message names it and the nearest code.

    Examples
    --------
    >>> parse_train("SWFGD, ESP, LNB")
    'LNB+ESPc+swFGD'
    >>> parse_train("unknown")
    'unknown'
    """
    folded = fold(text)
    if folded == NONE:
        return NONE
    if folded == UNKNOWN or folded in _MISSING_WORDS:
        return UNKNOWN
    whole = devices.match(text)
    if whole is not None:
        return whole
    found: set[str] = set()
    for part in _SEPARATORS.split(text.strip()):
        code = devices.match(part)
        if code is None:
            near = devices.propose(part)
            hint = f" (did you mean {near}?)" if near else ""
            raise UnknownCodeError(f'"{part}" is no {devices.name}{hint}')
        found.add(code)
    order = {code: place for place, code in enumerate(devices.codes)}
    return "+".join(sorted(found, key=order.__getitem__))


def train_devices(train: str) -> tuple[str, ...]:
    """Return the devices of a canonical train; empty for ``none``.

    >>> train_devices("SCR+ESPc")
    ('SCR', 'ESPc')
    >>> train_devices("none")
    ()
    """
    if train == UNKNOWN:
        raise UnknownCodeError("an unknown train has no list of devices")
    return () if train == NONE else tuple(train.split("+"))


def join_devices(devices: set[str] | tuple[str, ...] | frozenset[str]) -> str:
    """Return the canonical train of a set of device codes.

    >>> join_devices({"wFGD", "ESPc"})
    'ESPc+wFGD'
    """
    return "+".join(sorted(devices, key=GAS_ORDER.__getitem__)) if devices else NONE
