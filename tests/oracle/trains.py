"""Control trains: removal, what an unknown train is assumed to be, dust part and species, by docs/method.md."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, product
from typing import Any

from tests.oracle.tables import Row, Tables, in_band

# docs/workbook.md, codes of control devices
GAS_ORDER = (
    "HAL", "FSI", "LNB", "SNCR", "ESPh", "SCR", "DSI", "ACI", "ACI-Br", "CYC", "WS", "SDA", "CDS", "ESPc", "FF",
    "FGD", "swFGD", "wFGD", "REA", "WESP",
)  # fmt: skip
COLUMNS = {
    "pm_control": ("CYC", "WS", "ESPh", "ESPc", "FF", "WESP"),
    "so2_control": ("FSI", "DSI", "SDA", "CDS", "FGD", "swFGD", "wFGD"),
    "nox_control": ("LNB", "SNCR", "SCR"),
    "hg_control": ("HAL", "ACI", "ACI-Br", "REA"),
}
WET = ("FGD", "swFGD", "wFGD")
DRYERS = ("SDA", "CDS")
TAKES_OXIDISED = (*WET, *DRYERS, "FF", "WESP")
Train = tuple[str, ...]
UNKNOWN: Train = ("unknown",)


def ordered(devices: Any) -> Train:
    return tuple(sorted(set(devices), key=GAS_ORDER.index))


def train_of(text: str) -> Train:
    return () if text == "none" else tuple(text.split("+"))


def named(train: Train) -> str:
    return "+".join(train) or "none"


def same_in_effect(train: Train) -> list[Train]:
    """Return a train and what is left of it, as devices without effect on mercury are left out one after another."""
    if train == UNKNOWN:
        return [train]
    steps = [tuple(d for d in train if d not in ("LNB", "SNCR"))]
    if not any(d in WET for d in train):
        steps[0] = tuple(d for d in steps[0] if d != "REA")
    if "HAL" in train and "ACI" in train:
        steps.append(ordered("ACI-Br" if d == "ACI" else d for d in steps[-1] if d != "HAL"))
    if any(d in ("ESPh", "ESPc", "FF") for d in train):
        steps.append(tuple(d for d in steps[-1] if d != "CYC"))
    steps.append(tuple(d for d in steps[-1] if d != "FSI"))
    if not any(d in TAKES_OXIDISED for d in train):
        steps.append(tuple(d for d in steps[-1] if d != "SCR"))
    return steps


class Removals:
    """Removal coal to stack of whole trains, of one profile."""

    def __init__(self, tables: Tables, profile: str) -> None:
        self.tables, self.profile = tables, profile
        self.of = cache(self._of)
        self.by_default = self if profile == "default" else Removals(tables, "default")

    def row(self, profile: str, train: Train, coal_class: str, boiler: str) -> Row | None:
        keys = {"profile": profile, "train": named(train), "coal_class": coal_class}
        found = self.tables.row("removal", **keys, boiler="" if train == UNKNOWN else boiler)
        return (
            self.tables.row("removal", **keys, boiler="PC")
            if found is None and not train and profile == "default"
            else found
        )

    def _of(self, train: Train, coal_class: str, boiler: str) -> float:
        kind = boiler if boiler in ("CFB", "stoker") else "PC"
        for profile in dict.fromkeys((self.profile, "default")):
            for one in same_in_effect(train):
                row = self.row(profile, one, coal_class, kind)
                if row is not None:
                    return float(row["value"])
        return self.by_default._derived(same_in_effect(train)[-1], coal_class, kind)

    def _derived(self, train: Train, coal_class: str, boiler: str) -> float:
        lengths = range(len(train) - 1, -1, -1)
        parts = [
            p for length in lengths for p in combinations(train, length) if self.row("default", p, coal_class, boiler)
        ]
        longest = [p for p in parts if len(p) == len(parts[0])]
        part = max(longest, key=lambda p: (self.of(p, coal_class, boiler), named(p)))
        ratio = self.passing(train, coal_class) / self.passing(part, coal_class)
        removal = 1.0 - (1.0 - self.of(part, coal_class, boiler)) * ratio
        for device in train:
            if device in (*DRYERS, "DSI") and "FF" in train and coal_class != "high_cl":
                continue
            less = [tuple(d for d in train if d != device)]
            if device == "ACI-Br":  # a halogen with carbon: less one of the two
                less += [ordered(one if d == device else d for d in train) for one in ("ACI", "HAL")]
            removal = max([removal, *(self.of(one, coal_class, boiler) for one in less)])
        return min(removal, 0.999)

    def effect(self, device: str, quantity: str, coal_class: str) -> float:
        for one in (coal_class, ""):
            row = self.tables.row("device_effect", device=device, coal_class=one, quantity=quantity)
            if row is not None:
                return float(row["value"])
        return 0.0

    def passing(self, train: Train, coal_class: str) -> float:
        """Return the share of the mercury after the boiler that passes the devices, species by species."""
        hg0, hg2, hgp = species(self.tables, "boiler_outlet", coal_class)
        for d in train:
            oxidised = hg0 * self.effect(d, "hg0_oxidation", coal_class)
            hg0, hg2 = hg0 - oxidised, hg2 + oxidised
            captured = hg2 * self.effect(d, "hg2_capture", coal_class)
            back = captured * self.effect(d, "reemission", coal_class)
            if "REA" in train:
                back *= 1.0 - self.effect("REA", "reemission_suppression", coal_class)
            hg0 = hg0 * (1.0 - self.effect(d, "hg0_capture", coal_class)) + back
            hg2, hgp = hg2 - captured, hgp * (1.0 - self.effect(d, "hgp_capture", coal_class))
        return hg0 + hg2 + hgp

    def dust_part(self, train: Train, coal_class: str, boiler: str) -> float:
        """Return the share of what is removed behind the boiler that leaves with the dust."""
        if not any(d in (*WET, "WESP") for d in train):
            return 1.0
        dry = tuple(d for d in train if d not in (*WET, "WESP", "REA", "SCR"))
        whole = self.of(train, coal_class, boiler)
        return min(self.of(dry, coal_class, boiler) / whole, 1.0) if whole > 0.0 else 1.0


def species(tables: Tables, stage: str, coal_class: str) -> tuple[float, float, float]:
    """Return the shares of Hg0, Hg2+ and particle-bound mercury of a stage."""
    for one in (coal_class, ""):
        found = {r["species"]: r["value"] for r in tables.all_keys("species", stage=stage, coal_class=one)}
        if found:
            return found["hg0"], found["hg2"], found["hgp"]
    raise LookupError(f"species: {stage}, {coal_class}")


def last_stage(train: Train) -> str:
    """Return the stage of the table species whose shares the gas at the stack has."""
    if train == UNKNOWN:
        return "esp"
    if any(d in (*WET, "WESP") for d in train):
        return "wet_fgd"
    if any(d in ("ACI", "ACI-Br") for d in train):
        return "hg_specific"
    if any(d in DRYERS for d in train):
        return "dry_fgd_ff"
    if "FF" in train:
        return "ff"
    return "esp" if "ESPc" in train or "ESPh" in train else "boiler_outlet"


def residues(tables: Tables, train: Train) -> tuple[dict[str, float], dict[str, float]]:
    """Return where the dust part and where the rest goes: shares by pathway."""

    def of(device: str) -> dict[str, float]:
        rows = tables.all_keys("fate", sector="coal_power", device=device)
        return {r["pathway"]: r["value"] for r in rows}

    collectors = [d for d in ("CYC", "WS", "CDS", "SDA", "ESPh", "ESPc", "FF") if d in train]
    wet = [d for d in train if d in WET] or [d for d in train if d == "WESP"]
    dust = of(collectors[-1]) if collectors else {"fly_ash": 1.0}
    return dust, of(wet[-1]) if wet else dust


Mix = list[tuple[float, str, Train]]


def boiler_mix(tables: Tables, country: str, mw: float | None, start: int | None, rank: str) -> list[tuple[float, str]]:
    if rank == "waste coal":
        return [(1.0, "CFB")]
    for place in (country, "WLD"):
        rows = [
            r for r in tables.all_keys("boiler_mix", country=place)
            if in_band(mw, r["mw_from"], r["mw_to"]) and in_band(start, r["start_from"], r["start_to"])
        ]  # fmt: skip
        if rows:
            return [(r["value"], r["boiler"]) for r in rows]
    raise LookupError(country)


def control_mix(
    tables: Tables, country: str, boiler: str, rank: str, mw: float | None, start: int | None
) -> list[tuple[float, Train]]:
    """Return the trains of similar units with their shares."""
    for place in (country, "WLD"):
        groups: dict[tuple[str, ...], list[Row]] = {}
        keys = ("boiler", "coal_type", "mw_from", "mw_to", "start_from", "start_to")
        for r in tables.all_keys("control_mix", country=place):
            groups.setdefault(tuple(r[k] for k in keys), []).append(r)
        fitting = []
        for group, _ in groups.items():
            fits = group[0] in ("", boiler) and group[1] in ("", rank)
            if fits and in_band(mw, group[2], group[3]) and in_band(start, group[4], group[5]):
                named_keys = (bool(group[0]), bool(group[1]), bool(group[2] + group[3]), bool(group[4] + group[5]))
                fitting.append((named_keys, group))
        if fitting:
            whole = dict(zip(keys, max(fitting)[1], strict=True))
            rows = tables.rows("control_mix", part="train", country=place, **whole)
            return [(r["value"], train_of(r["train"])) for r in rows]
    raise LookupError(country)


def trains_of(tables: Tables, cells: dict[str, Any], country: str, rank: str, mw: float | None) -> Mix:
    """Return the trains that a unit has or is assumed to have, with boilers and weights that sum to 1."""
    start = cells.get("start_year")
    known: dict[str, Train] = {}
    for column in COLUMNS:
        text = cells.get(column)
        if text not in (None, "unknown"):
            known[column] = () if text == "none" else tuple(text.split("+"))
    if len(known) == len(COLUMNS) - 1 and "hg_control" not in known:
        known["hg_control"] = ()  # control_completion: where nobody reports one there is none
    boiler = cells.get("boiler")
    boilers = boiler_mix(tables, country, mw, start, rank) if boiler in (None, "unknown") else [(1.0, boiler)]
    found: Mix = []
    for share, one in boilers:
        if len(known) == len(COLUMNS):
            found.append((share, one, ordered(d for devices in known.values() for d in devices)))
            continue
        mix = control_mix(tables, country, one, rank, mw, start)
        if known:
            agreeing = [(w, t) for w, t in mix if t != UNKNOWN and _agrees(t, known)]
            mix = agreeing or list(_completed(tables, known))
        total = sum(w for w, _ in mix)
        found.extend((share * w / total, one, t) for w, t in mix)
    return found


def _agrees(train: Train, known: dict[str, Train]) -> bool:
    """Return whether a train has the devices known, in each column that is known; burners and SNCR do not count."""
    for column, devices in known.items():
        own = {d for d in train if d in COLUMNS[column]}
        if "FGD" in devices:  # a scrubber of unknown type is that of the train
            own = {"FGD" if d in WET else d for d in own}
        if own - {"LNB", "SNCR"} != set(devices) - {"LNB", "SNCR"}:
            return False
    return True


def _completed(tables: Tables, known: dict[str, Train]) -> Iterator[tuple[float, Train]]:
    choices = []
    for column in COLUMNS:
        if column in known:
            choices.append([(1.0, known[column])])
        else:
            rows = tables.all_keys("control_completion", country="WLD", group=column)
            choices.append([(r["value"], train_of(r["devices"])) for r in rows])
    for parts in product(*choices):
        weight = 1.0
        for share, _ in parts:
            weight *= share
        yield weight, ordered(d for _, devices in parts for d in devices)
