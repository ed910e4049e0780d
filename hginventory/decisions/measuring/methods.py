"""Methods that measure mercury in stack gas or coal, and which of them serve a stack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import reduce

from hginventory.decisions.costs import NOTHING, Prices, Range
from hginventory.decisions.sensitivity import NUMBER, Campaign
from hginventory.factors import FactorLibrary, FactorRow
from hginventory.inputs.fleet import COAL_ANALYSIS, STACK_TEST
from hginventory.translations import TranslatableText
from hginventory.vocabulary import COLLECTORS, KILN_COLLECTORS, UNKNOWN, WET_SCRUBBERS, named_devices, train_devices

TABLE, LIMIT = "measurement_method", "detection_limit"
PAID = ("campaign", "installed", "per_year", "sample")  # quantities of the table that make the price of a first year
WITHOUT = "Prices are those of laboratories and contractors: travel and the owner's labour come on top."
WET_DEVICES = WET_SCRUBBERS | {"WS", "WESP"}
COLLECTING = COLLECTORS | KILN_COLLECTORS | {"ACI-FF"}


class Stack(Enum):
    """What the flue gas contains apart from mercury: drops behind a wet scrubber, dust without a filter."""

    DRY = "dry"
    WET = "wet"
    DUSTY = "dusty"
    UNKNOWN = "not known"


class Sampling(Enum):
    """What a method takes from the gas; codes of the rows ``sampling``."""

    LOW_DUST = "low_dust"
    EXTRACTIVE = "extractive"
    ISOKINETIC = "isokinetic"


SERVED: Mapping[Sampling, frozenset[Stack]] = {
    Sampling.LOW_DUST: frozenset({Stack.DRY}),  # drops and dust carry mercury past a trap
    Sampling.EXTRACTIVE: frozenset(Stack) - {Stack.DUSTY},  # the probe of a monitor is heated and filters the gas
    Sampling.ISOKINETIC: frozenset(Stack),
}


@dataclass(frozen=True)
class Method:
    """A method of the table `measurement_method`.

    Attributes
    ----------
    standard : str
        Its name, as EPA 30B.
    kind : str
        Code of the sheet Measurements: stack_test, CEMS or coal_analysis.
    sampling : Sampling or None
        What it takes from the gas; None for coal.
    measures, averaging, frequency : str
        In words.
    limit : float
        Lowest concentration it can measure [ug/m3], or content [mg/kg].
    limit_is : str
        What that is: lower end of the range, detection limit, or error allowed in the daily check.
    price : Range or None
        Of the campaign of a year, or of the first year of a continuous monitor [money]: what laboratories and
        contractors charge, without travel and the owner's labour. None where none is available.
    rows : tuple of FactorRow
        Its rows.
    campaign : Campaign or None
        Samples or tests of a year; None for a monitor, which runs all the time.
    """

    standard: str
    kind: str
    sampling: Sampling | None
    measures: str
    averaging: str
    frequency: str
    limit: float
    limit_is: str
    price: Range | None
    rows: tuple[FactorRow, ...]
    campaign: Campaign | None = None

    @property
    def campaign_words(self) -> str:
        """How many samples or tests in the year, in words; blank for a monitor."""
        if self.campaign is None:
            return ""
        number, words = f"{self.campaign.number:g}", TranslatableText(self.campaign.words)
        if self.campaign.number == 1:
            return words
        if self.kind == COAL_ANALYSIS:
            return TranslatableText("{number} samples, {words}", number=number, words=words)
        return TranslatableText("{number} tests, {words}", number=number, words=words)

    @property
    def price_from(self) -> str:
        """The weakest mark of its prices, as ``recalled``; blank without a price."""
        marks = [row.read_from for row in self.rows if row.keys["quantity"] in PAID]
        return marks[0] if marks else ""

    def serves(self, stack: Stack) -> bool:
        """Return whether it measures all the mercury of such a stack; False for an analysis of coal."""
        return self.sampling is not None and stack in SERVED[self.sampling]


def methods_in_table(library: FactorLibrary, prices: Prices) -> tuple[Method, ...]:
    """Return the methods with a lowest concentration in the factor tables, in the order of the table.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    prices : Prices
        On whose terms money is stated.

    Examples
    --------
    >>> from hginventory.factors import load_library
    >>> found = methods_in_table(load_library(), Prices(load_library()))
    >>> found[0].standard, found[0].limit
    ('EPA 30B', 0.1)
    """
    rows: dict[str, dict[str, FactorRow]] = {}
    for row in library.table(TABLE).defaults:
        rows.setdefault(row.keys["standard"], {})[row.keys["quantity"]] = row
    campaigns = {kind: Campaign.of(library, kind) for kind in (COAL_ANALYSIS, STACK_TEST)}
    return tuple(_method(name, own, prices, campaigns) for name, own in rows.items() if LIMIT in own)


def method_texts(library: FactorLibrary) -> list[str]:
    """Return the texts of the table for people, which a form shows in its language.

    >>> from hginventory.factors import load_library
    >>> "hourly means" in method_texts(load_library())
    True
    """
    rows = library.table(TABLE).defaults
    said = [row.extra["text"] for row in rows if row.keys["quantity"] in ("measures", "averaging", "frequency")]
    return list(dict.fromkeys([*said, *(row.basis for row in rows if row.keys["quantity"] in (NUMBER, LIMIT))]))


def _method(standard: str, rows: Mapping[str, FactorRow], prices: Prices, campaigns: Mapping[str, Campaign]) -> Method:
    def text(quantity: str) -> str:
        return rows[quantity].extra["text"] if quantity in rows else ""

    paid = [prices.today(rows[quantity]) for quantity in PAID if quantity in rows]
    limit, campaign = rows[LIMIT], campaigns.get(text("kind"))
    return Method(
        standard=standard,
        kind=text("kind"),
        sampling=Sampling(text("sampling")) if "sampling" in rows else None,
        measures=text("measures"),
        averaging=text("averaging"),
        frequency=text("frequency"),
        limit=limit.number(),
        limit_is=limit.basis,
        price=reduce(Range.__add__, paid, NOTHING).times(campaign.number if campaign else 1.0) if paid else None,
        rows=tuple(rows.values()),
        campaign=campaign,
    )


def stack_of(train: str) -> Stack:
    """Return what the flue gas contains, from the control train of the unit or its label.

    Parameters
    ----------
    train : str
        As in the column ``train`` of the units.

    Examples
    --------
    >>> [stack_of(train).value for train in ("ESPc", "ESPc+wFGD", "none", "ESPc ?", "wFGD ?")]
    ['dry', 'wet', 'dusty', 'not known', 'wet']
    """
    devices = named_devices(train)
    if devices & WET_DEVICES:
        return Stack.WET
    if train and train != UNKNOWN and devices == frozenset(train_devices(train)):
        return Stack.DRY if devices & COLLECTING else Stack.DUSTY
    return Stack.UNKNOWN


def fitting(methods: Iterable[Method], kind: str, stack: Stack, least: float) -> list[Method]:
    """Return the priced methods of a kind that serve a stack, the cheapest first.

    A method that can measure the lowest concentration expected in the stack comes first; where none can, the
    one with the lowest limit comes first.

    Parameters
    ----------
    methods : iterable of Method
        Those there are.
    kind : str
        Code of the sheet Measurements.
    stack : Stack
        What the flue gas contains.
    least : float
        Lowest concentration expected [ug/m3], or content [mg/kg].
    """
    serving = [one for one in methods if one.kind == kind and one.price is not None]
    if kind != COAL_ANALYSIS:
        serving = [one for one in serving if one.serves(stack)]

    def order(one: Method) -> tuple[bool, float, float]:
        price = one.price.value if one.price is not None else float("inf")
        return (True, one.limit, price) if one.limit > least else (False, price, one.limit)

    return sorted(serving, key=order)
