"""Imported hard coal: the mix of exporters that a country buys from, in place of the coal in its own ground."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from hginventory.factors.library import FactorLibrary
from hginventory.factors.lookup import WORLD, Groups, Ladder
from hginventory.factors.provenance import DEFAULT, REPORTED, Value, from_row, weakest_mark
from hginventory.factors.rows import FactorRow
from hginventory.factors.spread import CERTAIN, LOGNORMAL, Spread, of_sum
from hginventory.vocabulary import DOMESTIC, IMPORTED, UNKNOWN

HARD_COALS = ("bituminous", "subbituminous")
MOST = 0.5  # from this share on, a coal whose origin is not given is what most of the country's hard coal is
DRY, ENERGY = "dry", "energy"  # the latter: basis of shares of heat; all others are of mass
MERCURY, HEAT, MOISTURE, CHLORINE = "hg", "net_calorific_value", "moisture", "chlorine"


@dataclass(frozen=True)
class TradedCoal:
    """Quality of an exported coal, or of a mix of them.

    Attributes
    ----------
    hg : Value
        Mercury as received [mg/kg].
    ncv : Value
        Net calorific value as received [MJ/kg].
    moisture : Value
        Total moisture [0-1].
    chlorine : Value
        Chlorine of dry coal [mg/kg].
    """

    hg: Value
    ncv: Value
    moisture: Value
    chlorine: Value

    def because(self, refs: tuple[str, ...]) -> TradedCoal:
        """Return the same coal with what says that a unit burns it before its references."""
        own = (self.hg, self.ncv, self.moisture, self.chlorine)
        return TradedCoal(*(replace(value, refs=_once((refs, value.refs))) for value in own))


class CoalImports:
    """Imported coal by country, from the tables `coal_import`, `coal_trade` and `export_coal`.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables of the base year, overrides applied.
    """

    def __init__(self, library: FactorLibrary) -> None:
        self._shares = Ladder(library.table("coal_import"))
        self._trade = Groups(library.table("coal_trade"), ("importer",))
        self._exported = Ladder(library.table("export_coal"))
        self._mixes: dict[str, TradedCoal] = {}
        self._by_default: dict[tuple[str, str], TradedCoal | None] = {}

    def of(self, country: str, coal_type: str, origin: str, cell: str | None) -> TradedCoal | None:
        """Return the imported coal that a unit burns, None where it burns that of its country.

        Parameters
        ----------
        country : str
            Country of the unit, ISO code of three letters.
        coal_type : str
            Coal type; only hard coal is imported, or coal of unknown rank.
        origin : str
            Code of `COAL_ORIGINS`; unknown or blank: as most of the country's hard coal.
        cell : str or None
            Cell of the origin.

        Examples
        --------
        >>> from hginventory.factors.library import load_library
        >>> imports = CoalImports(load_library())
        >>> imports.of("IDN", "bituminous", "", None) is None, imports.of("KOR", "anthracite", "imported", None) is None
        (True, True)
        >>> imports.of("KOR", "bituminous", "", None).hg.refs[0]
        'coal_import/KOR/import_share'
        """
        if origin == DOMESTIC or coal_type not in (*HARD_COALS, UNKNOWN):
            return None
        if origin == IMPORTED:
            return self.mix(country).because((cell,) if cell else ())
        key = (country, coal_type)
        if key not in self._by_default:
            rows = self._importing(country, coal_type)
            self._by_default[key] = self.mix(country).because(tuple(row.row_id for row in rows)) if rows else None
        return self._by_default[key]

    def mix(self, importer: str) -> TradedCoal:
        """Return the mix of exporters of a country; that of world trade where the country has none.

        Mass, heat, mercury, water and chlorine of the mix are the sums of its parts. What the table does not state of
        an exporter is that of world trade.
        """
        known = importer if (importer,) in self._trade else WORLD
        if known not in self._mixes:
            self._mixes[known] = self._mixed(self._trade[known,], None if known == WORLD else self.mix(WORLD))
        return self._mixes[known]

    def _importing(self, country: str, coal_type: str) -> tuple[FactorRow, ...]:
        """Return the rows by which coal of no stated origin is imported; none where it is not."""
        row = self._shares.get((country, "import_share"))
        if row is None:
            return ()
        if coal_type != UNKNOWN:
            return (row,) if row.number() >= MOST else ()
        hard = self._shares[country, "hard_coal_share"]
        return (row, hard) if row.number() * hard.number() >= MOST else ()

    def _mixed(self, rows: Iterable[FactorRow], world: TradedCoal | None) -> TradedCoal:
        parts = [(from_row(row), row.basis, self._coal(row.keys["exporter"], world)) for row in rows]
        mass = [share.value / coal.ncv.value if basis == ENERGY else share.value for share, basis, coal in parts]
        dry = [own * (1.0 - coal.moisture.value) for own, (_, _, coal) in zip(mass, parts, strict=True)]
        shares = [share for share, _, _ in parts]
        coals = [coal for _, _, coal in parts]
        return TradedCoal(
            _mean(mass, shares, [coal.hg for coal in coals]),
            _mean(mass, shares, [coal.ncv for coal in coals]),
            _mean(mass, shares, [coal.moisture for coal in coals]),
            _mean(dry, shares, [coal.chlorine for coal in coals]),
        )

    def _coal(self, exporter: str, world: TradedCoal | None) -> TradedCoal:
        """Return the exported coal of a country; of a quantity without a row, that of world trade."""

        def known(quantity: str, of_world: Callable[[TradedCoal], Value]) -> Value:
            if world is None or (exporter, quantity) in self._exported:
                return from_row(self._exported[exporter, quantity])
            return of_world(world)

        moisture = known(MOISTURE, lambda coal: coal.moisture)
        hg = known(MERCURY, lambda coal: coal.hg)
        if world is None or (exporter, MERCURY) in self._exported:
            hg = _as_received(hg, moisture, self._exported[exporter, MERCURY].basis)
        return TradedCoal(hg, known(HEAT, lambda coal: coal.ncv), moisture, known(CHLORINE, lambda coal: coal.chlorine))


def _as_received(content: Value, moisture: Value, basis: str) -> Value:
    """Return a content of export coal on the basis of its mass as received."""
    if basis != DRY:
        return content
    return replace(
        content,
        value=content.value * (1.0 - moisture.value),
        refs=_once((content.refs, moisture.refs)),
        read_from=weakest_mark((content.read_from, moisture.read_from)),
    )


def _mean(weights: Sequence[float], shares: Sequence[Value], values: Sequence[Value]) -> Value:
    """Return the mean of the coals of a mix by weight, with the references of shares and values.

    Parameters
    ----------
    weights : sequence of float
        Mass of each coal, in one unit.
    shares, values : sequence of Value
        Share in the mix and quality of each coal.
    """
    total = math.fsum(weights)
    used = [*shares, *values]
    return Value(
        math.fsum(weight * value.value for weight, value in zip(weights, values, strict=True)) / total,
        DEFAULT if any(value.origin == DEFAULT for value in used) else REPORTED,
        _once(refs for share, value in zip(shares, values, strict=True) for refs in (share.refs, value.refs)),
        weakest_mark(value.read_from for value in used),
        _spread([weight / total for weight in weights], values),
    )


def _spread(weights: Sequence[float], values: Sequence[Value]) -> Spread | None:
    """Return the spread of a mix; None where one of its coals states none.

    The national means of the exporters err independently. A plant burns few coals of the mix, so that what differs
    between plants and between the coals does not average out.
    """
    if any(value.spread is None for value in values):
        return None
    own = 0.0
    log_mean = math.fsum(weight * math.log(value.value) for weight, value in zip(weights, values, strict=True))
    parts: list[tuple[float, Spread | None]] = []
    for weight, value in zip(weights, values, strict=True):
        spread = value.spread or CERTAIN
        shared = dict(spread.scopes).get("country", 0.0)
        parts.append((weight * value.value, Spread(LOGNORMAL, spread.size * math.sqrt(shared), (("country", 1.0),))))
        own += weight * (spread.size**2 * (1.0 - shared) + (math.log(value.value) - log_mean) ** 2)
    mean_error = of_sum(parts)
    national = mean_error.size**2 if mean_error else 0.0
    variance = national + own
    return Spread(LOGNORMAL, math.sqrt(variance), (("country", national / variance), ("plant", own / variance)))


def _once(refs_of_numbers: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return references without repeats: a mix names the rows of world trade once, whatever it takes from them."""
    return tuple(dict.fromkeys(chain.from_iterable(refs_of_numbers)))
