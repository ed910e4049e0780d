"""Control devices, and the trains they make.

A *train* is the row of devices the flue gas passes, written in gas order: ``SCR+ESPc+wFGD``.
``none`` means that no device is installed, ``unknown`` that it is not known; they are never mixed up.
"""

from __future__ import annotations

import re

from hginventory.vocabulary.code_list import MISSING_WORDS, NONE, UNKNOWN, CodeList, UnknownCodeError, fold

OPEN = "?"  # ends the label of a train that may have further devices
_SEPARATORS = re.compile(r"\s*[+;,]\s*")

DEVICES = CodeList(
    "control device",
    {  # the order is the order in which the gas meets them
        "HAL": "halogen added to coal or furnace, as calcium bromide or in refined coal",
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
        "REA": "additive against re-emission in a wet scrubber",
        "WESP": "wet electrostatic precipitator",
    },
    {
        "HAL": (
            "halogen",
            "bromide",
            "cabr2",
            "coal halogen",
            "calcium bromide",
            "bromine",
            "halogen addition",
            "halogen injection",
            "bromide addition",
            "bromide injection",
            "bromine addition",
            "bromine injection",
            "refined coal",
            "refined coal (halogen)",
        ),
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
        "WS": (
            "wet scrubber",
            "wet particle scrubber",
            "wps",
            "venturi",
            "venturi scrubber",
            "wet venturi scrubber",
            "wet particulate scrubber",
            "particulate scrubber",
            "particle scrubber",
        ),
        "SDA": ("spray dryer", "spray dry absorber", "dry scrubber", "dry fgd"),
        "CDS": ("semi-dry scrubber", "semi-dry circulating scrubber", "nid", "cfb dry scrubber"),
        "ESPc": ("esp", "esp-cold", "cold-side esp", "cold esp", "cs-esp", "electrostatic precipitator"),
        "FF": ("fabric filter", "baghouse", "bag filter", "b", "bh"),
        "FGD": ("fgd (type not given)", "fgd of unknown type", "scrubber"),
        "swFGD": ("seawater fgd", "sea-water fgd", "sea water fgd"),
        "wFGD": ("wet fgd", "limestone fgd", "wet limestone fgd", "lsfo"),
        "REA": (
            "re-emission additive",
            "reemission additive",
            "re-emission control",
            "reemission control",
            "mercury re-emission additive",
            "wfgd re-emission additive",
            "scrubber additive",
            "orp control",
        ),
        "WESP": ("wet esp", "wet electrostatic precipitator"),
    },
)
GAS_ORDER: dict[str, int] = {code: index for index, code in enumerate(DEVICES.codes)}

CONTROL_GROUPS: dict[str, tuple[str, ...]] = {
    "pm_control": ("CYC", "WS", "ESPh", "ESPc", "FF", "WESP"),
    "so2_control": ("FSI", "DSI", "SDA", "CDS", "FGD", "swFGD", "wFGD"),
    "nox_control": ("LNB", "SNCR", "SCR"),
    "hg_control": ("HAL", "ACI", "ACI-Br", "REA"),
}

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
        # Carbon alone is no spelling of it: without its own filter the carbon goes back to the kiln with the dust.
        "ACI-FF": ("aci + polishing baghouse", "activated carbon with polishing filter"),
        "WS": ("wet scrubber", "wet fgd", "wfgd"),
    },
)

# Dry scrubbers and sorbents leave solids in the gas; dust shuttling takes its dust from a filter. Coal units and kilns.
NEED_COLLECTOR = frozenset({"DSI", "SDA", "CDS", "ACI", "ACI-Br", "DS", "SHUTTLE", "SHUTTLE-SORB", "TDT"})
WET_SCRUBBERS = frozenset({"FGD", "swFGD", "wFGD"})  # of coal units; a type that nobody stated counts as wet
DRY_SCRUBBERS = frozenset({"SDA", "CDS"})  # of coal units
KILN_SCRUBBERS = frozenset({"DS", "WS"})
COLLECTORS = frozenset({"WS", "ESPh", "ESPc", "FF", "WESP"})
KILN_COLLECTORS = frozenset({"ESP", "FF"})  # the wet scrubber of a kiln is one against SO2


def parse_train(text: str, devices: CodeList = DEVICES) -> str:
    """Return the canonical train of a text: known devices, each once, in gas order.

    Parameters
    ----------
    text : str
        Devices joined by ``+``, ``,`` or ``;``.
    devices : CodeList
        The devices allowed; default: coal devices.

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
    if folded == UNKNOWN or folded in MISSING_WORDS:
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
            raise UnknownCodeError(f'unknown {devices.name} "{part}"{hint}', near)
        found.add(code)
    order = {code: index for index, code in enumerate(devices.codes)}
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


def named_devices(train: str) -> frozenset[str]:
    """Return the devices that a train or its label names; empty for ``none`` and ``unknown``.

    >>> sorted(named_devices("SCR+ESPc")), sorted(named_devices("ESPc ?")), named_devices("unknown")
    (['ESPc', 'SCR'], ['ESPc'], frozenset())
    """
    known = train.removesuffix(OPEN).strip()
    return frozenset() if known in ("", NONE, UNKNOWN) else frozenset(known.split("+"))


def open_label(devices: set[str] | frozenset[str]) -> str:
    """Return the label of a train of which no more than these devices are known.

    >>> open_label({"wFGD", "ESPc"}), open_label(set())
    ('ESPc+wFGD ?', '?')
    """
    return f"{join_devices(devices)} {OPEN}" if devices else OPEN


def join_devices(devices: set[str] | tuple[str, ...] | frozenset[str]) -> str:
    """Return the canonical train of a set of device codes.

    >>> join_devices({"wFGD", "ESPc"})
    'ESPc+wFGD'
    """
    return "+".join(sorted(devices, key=GAS_ORDER.__getitem__)) if devices else NONE
