"""Which rows of `removal_evidence` are tests at stacks, of which train, coal class and boiler, and why the others are not.

Every source is classed before a number is looked at (`SOURCES`). A row counts if its source holds tests, the coal is of
one class, and it says either what passed or between which bounds a number of tests lay.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from scipy.special import expit, logit

from hginventory.factors import FactorLibrary, lookup
from hginventory.model import ALMOST_ALL, RemovalTable, coal_to_stack, same_in_effect
from hginventory.vocabulary import NONE, UNKNOWN, UnknownCodeError, join_devices, parse_train, train_devices
from import_mix import Row
from random_effects import range_over_deviation


class Kind(Enum):
    """What the rows of a source are; only tests enter an estimate."""

    TESTS = "tests at stacks"
    SCREENED = "tests at stacks of units chosen for low emissions"
    PILOT = "pilot plant"
    MODEL = "factors of a model"
    ONE_DEVICE = "one device, not a train"
    COMPILATION = "repeats tests of others"
    RECALLED = "recalled, not seen"
    JUDGEMENT = "judgement"
    NO_TRAIN = "no single train"


@dataclass(frozen=True)
class SourceKind:
    """What the rows of a source, or of a part of it whose locator begins so, are, and why."""

    source_id: str
    locator: str
    kind: Kind
    reason: str


_EPA_1999 = "measured at stacks for the information collection request of the US EPA of 1999"
SOURCES = (
    SourceKind("us-epa-2010-utility-haps-3", "", Kind.SCREENED,
               "measured at stacks in 2010 at units chosen for the floor of the standard: the best performers"),
    SourceKind("pavlish-et-al-2010-fuel", "Table 3", Kind.TESTS, f"single units, {_EPA_1999}"),
    SourceKind("pavlish-et-al-2010-fuel", "Table 4", Kind.PILOT, "pilot combustor with varied injection, no stack"),
    SourceKind("pavlish-et-al-2010-fuel", "Table 1", Kind.COMPILATION, "typical ranges of tests of others, without n"),
    SourceKind("pavlish-et-al-2010-fuel", "", Kind.NO_TRAIN, "gasifiers"),
    SourceKind("epa-nrmrl-2005-white-paper-2", "Table 3", Kind.ONE_DEVICE, "across the scrubber"),
    SourceKind("epa-nrmrl-2005-white-paper-2", "Table", Kind.TESTS, "full-scale tests of carbon, one unit a row"),
    SourceKind("epa-nrmrl-2005-white-paper-2", "text", Kind.TESTS, f"class means, {_EPA_1999}, and a study of the US DOE"),
    SourceKind("felsvang-et-al-1994-fuel", "", Kind.TESTS, "single plants, dryer inlet to stack"),
    SourceKind("goodarzi-2004-j-environ-monit", "", Kind.TESTS, "six stations of Alberta"),
    SourceKind("agarwalla-et-al-2021-j", "", Kind.TESTS, "mass balances of Indian plants"),
    SourceKind("lee-et-al-2006-atmos", "", Kind.TESTS, "two campaigns at a Korean plant with Indonesian coal"),
    SourceKind("devito-et-al-2002-transcribed", "", Kind.TESTS, "six plants"),
    SourceKind("guo-et-al-2007-energy", "", Kind.TESTS, "one Chinese unit"),
    SourceKind("meij-te-winkel-2007-atmos", "", Kind.TESTS, "Dutch units"),
    SourceKind("j-environ-eng-technol-2013", "", Kind.TESTS, "one Chinese unit"),
    SourceKind("global-mercury-flow-model-repository", "", Kind.MODEL, "shares of a model, and levels at second hand"),
    SourceKind("us-epa-emfs-in-us", "", Kind.MODEL, "emission modification factors"),
    SourceKind("us-eia-emfs-in-us", "", Kind.MODEL, "emission modification factors"),
    SourceKind("zhu-et-al-2015-2016", "", Kind.MODEL, "release ratios as coded in a model"),
    SourceKind("tian-et-al-2010-2012", "", Kind.ONE_DEVICE, "means of single devices as coded in a model"),
    SourceKind("brown-et-al-1999-j", "", Kind.ONE_DEVICE, "boilers, washing and single devices"),
    SourceKind("zhang-et-al-2016-atmos", "", Kind.ONE_DEVICE, "species across single devices"),
    SourceKind("sun-et-al-literature-compilation", "", Kind.COMPILATION, "means of the means of studies"),
    SourceKind("zhu-et-al-2016-j", "", Kind.COMPILATION, "averages of the Chinese literature, without n"),
    SourceKind("chu-porcella-1995-wasp-80", "", Kind.COMPILATION, "ranges of sites of others, without n"),
    SourceKind("liu-et-al-2023-review", "", Kind.COMPILATION, "review"),
    SourceKind("gao-09-860t-2009", "", Kind.COMPILATION, "average of trials whose trains and coals are not given"),
    SourceKind("zhang-et-al-2015-wang", "", Kind.RECALLED, "the tables were not seen"),
    SourceKind("expert-judgement-cheng-et-al", "", Kind.JUDGEMENT, "expert judgement"),
    SourceKind("mass-balances-of-factors-coal", "", Kind.JUDGEMENT, "bottom ash only"),
    SourceKind("ito-et-al-2006-stoten", "", Kind.NO_TRAIN, "mean of a national fleet"),
    SourceKind("polish-coal-study-2013-aep", "", Kind.NO_TRAIN, "coal washing"),
    SourceKind("toole-o-neil-et-al", "", Kind.NO_TRAIN, "coal washing"),
)  # fmt: skip
PRECIPITATORS = frozenset({"ESPc", "ESPh"})
ARE_TESTS = (Kind.TESTS, Kind.SCREENED)
DEVICE_WORDS: Mapping[str, str] = {
    "FF (TOXECON)": "FF", "FF (COHPAC/TOXECON)": "FF", "brominated ACI": "ACI-Br", "halogen furnace additive": "HAL",
}  # fmt: skip
# Words of the source for a coal: its class where they say so, else the coal type whose class the table coal_class gives.
COAL_WORDS: Mapping[str, tuple[str, str]] = {
    "bituminous": ("", "bituminous"), "bituminous high-S": ("", "bituminous"), "bituminous low-S": ("", "bituminous"),
    "subbituminous": ("", "subbituminous"), "subbituminous blend": ("", "subbituminous"), "lignite": ("", "lignite"),
    "waste coal": ("", "waste coal"), "waste bituminous": ("", "waste coal"),
    "anthracite-bituminous waste": ("", "waste coal"), "western US": ("low_cl", ""), "western US, low Cl": ("low_cl", ""),
    "western US, Cl <0.01 %": ("low_cl", ""), "Indonesian coal": ("low_cl", ""),
    "Indonesian bituminous, Cl 8-18 ppm": ("low_cl", ""), "eastern US": ("high_cl", ""),
    "eastern US, Cl 0.1-0.3 %": ("high_cl", ""), "Polish, high Cl": ("high_cl", ""),
}  # fmt: skip
# Words of the source for its bounds: over how many plants they reach, 0 for the number of tests.
RANGES: Mapping[str, int] = {
    "min-max of units": 0, "four plants": 4, "six plants": 6, "six Alberta stations (cold and hot ESP)": 6,
    "two campaigns, flue gas basis": 2,
}  # fmt: skip
PERCENTILES, WIDTH = "p10-p90 of units (negatives set to 0)", 2.5631031  # standard deviations from p10 to p90
Cell = tuple[str, str, str]  # train, coal class, boiler


@dataclass(frozen=True)
class StackTest:
    """One test, or the mean of several: what of the coal's mercury passed the stack.

    Attributes
    ----------
    line : int
        Line in the file of the evidence.
    source_id : str
        Its source.
    screened : bool
        Whether the units were chosen for low emissions.
    cell : tuple of str
        Train without devices that change nothing, coal class, boiler.
    n : float
        Units tested.
    passing : float
        Mean of what passed [0-1], or, where only bounds are known, the middle of them on the logit scale.
    middle : bool
        Whether it is that middle.
    deviation : float
        Standard deviation between the units [logit]; NaN where nothing is said of it.
    """

    line: int
    source_id: str
    screened: bool
    cell: Cell
    n: float
    passing: float
    middle: bool
    deviation: float


class Reader:
    """Reads rows of evidence as tests, or says why they are none.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables: class and chlorine of coals, release of boilers, and the removal without controls, which is the
        least that counts; the most is that of the model.
    """

    def __init__(self, library: FactorLibrary) -> None:
        self._removal = RemovalTable(library)
        self._classes = lookup.Ladder(library.table("coal_class"), ("country", "coal_type"))
        process = lookup.Ladder(library.table("coal_process"), ("quantity",))
        self._low, self._high = (process[name,].number() for name in ("chlorine_low", "chlorine_high"))
        self._least = library.row("removal/default/none/high_cl/PC").number()

    def tests(self, rows: Iterable[Row]) -> tuple[list[StackTest], list[tuple[int, str]]]:
        """Return the tests, and line and reason of every row that is none.

        Raises
        ------
        SystemExit
            If a source is not classed in `SOURCES`.
        """
        tests, refused = [], []
        for line, row in enumerate(rows, 2):
            found = self._test(line, row)
            if isinstance(found, str):
                refused.append((line, found))
            else:
                tests.append(found)
        return tests, refused

    def _test(self, line: int, row: Row) -> StackTest | str:
        source = source_kind(row)
        if source.kind not in ARE_TESTS:
            return f"{source.kind.value}: {source.reason}"
        if row["read_from"] != "read":
            return Kind.RECALLED.value
        if row["removal_basis"] == "across_device":
            return Kind.ONE_DEVICE.value
        coal_class = self._class(row)
        if coal_class is None:
            return f"coal of no one class: {row['coal_rank']}, {row['country'] or 'no country'}"
        try:
            words = "+".join(DEVICE_WORDS.get(word, word) for word in row["config"].split("+"))
            train = train_in_effect(parse_train(words))
        except UnknownCodeError as error:
            return f"no train: {error}"
        bounds = [self._passing(row, float(row[end])) for end in ("high", "low") if row[end]]
        n = float(row["n"] or 1)
        plants = RANGES.get(row["low_high_meaning"], 0) or n
        if not row["value"] and (not row["n"] or len(bounds) < 2):
            return "neither a value nor bounds of a known number of tests"
        middle = not row["value"]
        passing = float(expit(np.mean(logit(bounds)))) if middle else self._passing(row, float(row["value"]))
        cell = (train, coal_class, row["boiler"])
        deviation = _deviation(row["low_high_meaning"], bounds, plants)
        screened = source.kind is Kind.SCREENED
        return StackTest(line, source.source_id, screened, cell, min(n, plants), passing, middle, deviation)

    def _passing(self, row: Row, removal: float) -> float:
        """Return what passes from coal to stack, never less or more than can be told from nothing and all."""
        if row["removal_basis"] != "coal_to_stack":
            removal = float(coal_to_stack(removal, self._removal.release_ratio(row["boiler"])))
        return 1.0 - min(max(removal, self._least), ALMOST_ALL)

    def _class(self, row: Row) -> str | None:
        named, coal_type = COAL_WORDS.get(row["coal_rank"], ("", ""))
        if named or not coal_type:
            return named or None
        found = self._classes.first(lookup.class_rungs(row["country"], coal_type))
        if found is None:
            return None
        if found.extra["coal_class"]:
            return found.extra["coal_class"]
        chlorine = found.number()
        return "high_cl" if chlorine >= self._high else "low_cl" if chlorine <= self._low else None


def devices_in_effect(train: str) -> frozenset[str]:
    """Return the devices of a train that change mercury; a precipitator in front of a filter adds nothing.

    >>> sorted(devices_in_effect("LNB+SCR+ESPc+FF"))
    ['FF', 'SCR']
    """
    if train in (NONE, UNKNOWN):
        return frozenset()
    devices = same_in_effect(frozenset(train_devices(train)))[-1]
    return devices - PRECIPITATORS if "FF" in devices else devices


def train_in_effect(train: str) -> str:
    """Return the train of the devices that change mercury; ``unknown`` stays so."""
    return train if train == UNKNOWN else join_devices(devices_in_effect(train))


def source_kind(row: Row) -> SourceKind:
    """Return what the source of a row is.

    Raises
    ------
    SystemExit
        If it is not classed.
    """
    for source in SOURCES:
        if source.source_id == row["source_id"] and row["locator"].startswith(source.locator):
            return source
    raise SystemExit(f"The source {row['source_id']!r} ({row['locator']}) is not classed. Add it to SOURCES.")


def _deviation(meaning: str, bounds: list[float], plants: float) -> float:
    """Return the standard deviation between units [logit] that bounds of what passed tell of, NaN where none."""
    if len(bounds) < 2 or bounds[0] == bounds[1] or plants < 2 or (meaning != PERCENTILES and meaning not in RANGES):
        return math.nan
    width = float(np.ptp(logit(bounds)))
    return width / (WIDTH if meaning == PERCENTILES else range_over_deviation(int(plants)))
