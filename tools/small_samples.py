"""Make the default rows of `coal_mercury` from few analyses: for maintainers, after a change of a printed row.

    python tools/small_samples.py                    # prints the rows that it makes
    python tools/small_samples.py --write factors    # replaces them in that folder

A mean of few analyses is moved towards that of the other countries of its rank, by as much as its own error is large
against the differences between countries. The rule is one for all rows; no row is set by hand.

What a source prints stands in evidence rows of the regions `national samples` (of seams, mines and shipments) and
`national plants` (means over plants or units), with `n` and, where the source prints one, the ln-sd between samples or
plants as `spread`. A default row is made from the evidence row of its country, coal type and source, which is where
`tools/plant_outliers.py` leaves the mean of the plants it keeps. Left as they are:

- rows without a printed row of known n, as a blank n is unknown, not 1: averages that print no n, import mixes,
  judgements, and the blends of `tools/coal_rank_blends.py`, which are to be made again after this script;
- the mean of a coal of which fewer than three other countries are on file (all ranks together, waste coal): no prior.

The steps, with x the mean as received (dry contents times 1 - moisture of the rank, others as they are) and n its number:

    sigma^2 = sum((n - 1) spread^2) / sum(n - 1)   of the rank (plants: of all ranks)
    v = ln(1 + (exp(sigma^2) - 1) / n)             variance of ln x; for n >= 1 its bias is -v / 2
    y = ln x + v / 2
    prior, tau^2 = mean of the y of the OTHER countries, and variance between them (Paule and Mandel 1982)
    T^2 = tau^2 + variance of the prior;  w = T^2 / (T^2 + v);  p = w v
    value = exp(w y + (1 - w) prior + p / 2)       an arithmetic mean, back on the basis of the row

For n to infinity this is the row, for n to 0 the arithmetic mean of the prior. The spread is that of a unit: p, what a
national mean keeps however many its samples are, and the doubt on the basis are shared by the country; the rest lies between
plants. After --write run ``tools/coal_rank_blends.py``, ``hginv factors list`` and ``tools/renew_datapackage.py``.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

from basis_totals import SAMPLES as NO_BASIS
from coal_rank_blends import PLANT_SPREAD, columns_of, read, write_all
from hginventory.errors import FactorError
from hginventory.factors import FactorLibrary, FactorRow, load_library, lookup
from import_mix import MANY, SOME

TABLE = "coal_mercury"
SAMPLES, PLANTS = "national samples", "national plants"  # regions of printed rows
KEPT_SPREAD = {SAMPLES: SOME[1], PLANTS: MANY[1]}  # ln-sd that no number of samples takes from a national mean
LEAST_OTHERS = 3  # countries of a prior
LEAST_PLANTS = 3  # for a ln-sd of their own
LEAST_FREEDOM = 30  # for a ln-sd of a rank
SHRUNK = "shrunk"  # first word of `method`
DRY_CHANCE = 0.8  # that it is, a judgement; more where the samples of a country are counted by another source as well:
COUNTED = {"COL": 0.95, "UKR": 0.95}
NOT_STATED = {"lignite": 0.35, "subbituminous": 0.25}  # ln-sd of a content without a basis, about the moisture; others:
HARD_COAL = 0.15


@dataclass(frozen=True)
class Estimate:
    """An estimate of the ln of a mean [ln mg/kg], and its variance."""

    log_mean: float
    variance: float

    @property
    def mean(self) -> float:
        """Expected mean [mg/kg]."""
        return math.exp(self.log_mean + self.variance / 2.0)


@dataclass(frozen=True)
class Prior:
    """What other countries say of the ln of a mean: their mean, its variance, the variance between them, their number."""

    log_mean: float
    variance: float
    between: float
    countries: int


@dataclass(frozen=True)
class Printed:
    """A printed row with its moisture [1]; contents as received [mg/kg]."""

    row: FactorRow
    moisture: float

    @property
    def country(self) -> str:
        """Code of the country."""
        return self.row.keys["country"]

    @property
    def rank(self) -> str:
        """Coal type."""
        return self.row.keys["coal_type"]

    @property
    def plants(self) -> bool:
        """Whether n counts plants or units."""
        return self.row.keys["region"] == PLANTS

    @property
    def n(self) -> float:
        """Number of analyses or plants."""
        return self.row.number("n")

    @property
    def received(self) -> float:
        """Share of the printed content in coal as received."""
        return 1.0 - self.moisture if self.row.basis == "dry" else 1.0


@dataclass(frozen=True)
class Shrunk:
    """What is known of the mean of a printed row [ln mg/kg, as received], and from what: ln-sd within countries, prior."""

    printed: Printed
    sigma: float
    prior: Prior | None
    known: Estimate
    weight: float


def estimate(mean: float, n: float, variance: float) -> Estimate:
    """Return the estimate of ln of the true mean from a mean of few lognormal samples.

    Parameters
    ----------
    mean : float
        Mean of the samples [mg/kg].
    n : float
        Number of samples; less than one has no bias to take back, so that none leaves the prior.
    variance : float
        Variance of ln between samples.
    """
    of_mean = math.log1p(math.expm1(variance) / n)
    return Estimate(math.log(mean) + min(n, 1.0) * of_mean / 2.0, of_mean)


def prior_of(others: Sequence[Estimate]) -> Prior:
    """Return the prior of a country from the others, by the method of moments of Paule and Mandel (1982).

    doi:10.6028/jres.087.022: tau^2 is what makes sum((y - prior)^2 / (v + tau^2)) its expectation, one less than the
    countries, and 0 where the sum is smaller without it. Unlike a weighting by 1 / v alone it is not that of the few
    countries with hundreds of samples.
    """
    y, v = (np.array(values) for values in zip(*((o.log_mean, o.variance) for o in others), strict=True))

    def excess(between: float) -> float:
        return float(np.sum((y - np.average(y, weights=1.0 / (v + between))) ** 2 / (v + between))) - (len(y) - 1)

    between = brentq(excess, 0.0, len(y) * float(np.var(y))) if excess(0.0) > 0.0 else 0.0
    weights = 1.0 / (v + between)
    return Prior(float(np.average(y, weights=weights)), 1.0 / float(weights.sum()), between, len(y))


def combined(own: Estimate, prior: Prior) -> tuple[Estimate, float]:
    """Return what own analyses and other countries say together, and the weight of the own."""
    wide = prior.between + prior.variance
    weight = wide / (wide + own.variance)
    return Estimate(weight * own.log_mean + (1.0 - weight) * prior.log_mean, weight * own.variance), weight


def printed_rows(library: FactorLibrary) -> list[Printed]:
    """Return the printed rows that default rows are made from."""
    table = library.table(TABLE)
    others = {(*row.keys.values(), row.source_id) for row in table.defaults}
    moistures = lookup.Ladder(library.table("coal_heating_value"), ("country", "coal_type"), {"quantity": "moisture"})
    found = []
    for row in table.rows:
        country, region, rank = row.keys.values()
        known = row.use == "evidence" and region in KEPT_SPREAD and row.n and row.value
        if known and (country, "", rank, row.source_id) in others:
            dry = row.basis == "dry"
            found.append(Printed(row, moistures.needed(lookup.rank_rungs(country, rank)).number() if dry else 0.0))
    return found


def variances(printed: Iterable[Printed]) -> dict[tuple[bool, str], float]:
    """Return the variance of ln within countries, by whether plants are counted and by rank where data allow; '' is any."""
    sums: dict[tuple[bool, str], tuple[float, float]] = {}
    for one in printed:
        if one.row.spread is not None and one.n > 1:
            for key in {(one.plants, ""), (one.plants, "" if one.plants else one.rank)}:
                square, freedom = sums.get(key, (0.0, 0.0))
                sums[key] = (square + (one.n - 1) * one.row.spread**2, freedom + one.n - 1)
    return {key: square / f for key, (square, f) in sums.items() if square and (f >= LEAST_FREEDOM or not key[1])}


def shrink(printed: Sequence[Printed]) -> list[Shrunk]:
    """Return what is known of the mean of each printed row, in their order."""
    within = variances(printed)
    if lacking := {one.row.keys["region"] for one in printed if (one.plants, "") not in within}:
        raise FactorError(
            f"{TABLE}: no row of {', '.join(sorted(lacking))} has a spread. Fill in one of several analyses."
        )
    sigmas = [within.get((one.plants, one.rank), within[one.plants, ""]) for one in printed]
    own = [estimate(one.row.number() * one.received, one.n, s2) for one, s2 in zip(printed, sigmas, strict=True)]
    found = []
    for one, of_one, s2 in zip(printed, own, sigmas, strict=True):
        same_rank = [pair for pair in zip(printed, own, strict=True) if pair[0].rank == one.rank]
        others = [of_other for other, of_other in same_rank if other.country != one.country]
        prior = prior_of(others) if len(others) >= LEAST_OTHERS else None
        known, weight = combined(of_one, prior) if prior else (of_one, 1.0)
        found.append(Shrunk(one, math.sqrt(s2), prior, known, weight))
    return found


def default_row(shrunk: Shrunk) -> dict[str, str]:
    """Return the default row of a printed row, as texts of its cells."""
    one, row, prior, known = shrunk.printed, shrunk.printed.row, shrunk.prior, shrunk.known
    kind = "plants" if one.plants else "samples"
    source = f"evidence row {row.keys['region']}, {row.source_id}: {row.number():g} {row.basis}, n {one.n:g} {kind}"
    if prior is None:
        value = row.number()
        how = f"not {SHRUNK}: fewer than {LEAST_OTHERS} other countries have a row of this coal; {source}; value as printed"
    else:
        value = known.mean / one.received
        how = (
            f"{SHRUNK} towards the other countries of the rank: {source}; as received {row.number() * one.received:.4g}; "
            f"prior {math.exp(prior.log_mean):.4g} (geometric, as received) of {prior.countries} countries, "
            f"tau {math.sqrt(prior.between):.3f}, sigma {shrunk.sigma:.3f}, weight {shrunk.weight:.3f}; "
            f"value: exp(weight x y + (1 - weight) x ln(prior) + {math.sqrt(known.variance):.3f}^2/2)"
            f"{f'/(1 - {one.moisture:g})' if row.basis == 'dry' else ''}, y = ln(as received) + v/2, "
            f"v = ln(1 + (exp(sigma^2) - 1)/n)"
        )
    kept = KEPT_SPREAD[row.keys["region"]]
    basis, basis_words = _basis(one)
    plant, plant_words = _between_plants(one, shrunk.sigma)
    shared = known.variance + kept**2 + basis**2
    total = shared + plant**2
    spread = (
        f"spread: sqrt({math.sqrt(known.variance):.3f}^2 mean from {one.n:g} {kind} + {kept:g}^2 mean of a country from any "
        f"number of {kind}, judgement + {plant_words}{basis_words}); the country scope holds all but the part between plants"
    )
    return dict.fromkeys(columns_of(TABLE), "") | {
        "country": one.country, "coal_type": one.rank, "value": f"{value:.4g}", "unit": row.unit, "basis": row.basis,
        "distribution": "lognormal", "spread": f"{math.sqrt(total):.6g}",
        "scopes": f"country:{1 - plant**2 / total:.3f};plant:{plant**2 / total:.3f}", "n": f"{one.n:g}",
        "method": f"{how}; {spread}", "read_from": row.read_from, "use": "default", "source_id": row.source_id,
        "locator": row.locator, "note": row.note,
    }  # fmt: skip


def _basis(one: Printed) -> tuple[float, str]:
    """Return the ln-sd that the doubt on the basis adds, and words for it."""
    if one.row.basis == "not_stated":
        size = NOT_STATED.get(one.rank, HARD_COAL)
        return size, f" + {size:g}^2 basis not stated, about the moisture of the rank"
    if one.row.basis == "dry" and one.row.source_id == NO_BASIS:
        chance = COUNTED.get(one.country, DRY_CHANCE)
        size = -math.sqrt(chance * (1.0 - chance)) * math.log1p(-one.moisture)
        return size, (
            f" + {size:.3f}^2 basis inferred: sqrt({chance:g} x {1 - chance:g}) x -ln(1 - {one.moisture:g}), "
            f"dry with a chance of {chance:g}, a judgement"
        )
    return 0.0, ""


def _between_plants(one: Printed, sigma: float) -> tuple[float, str]:
    """Return the ln-sd between plants, and words for it."""
    if not one.plants:
        return PLANT_SPREAD, f"{PLANT_SPREAD:g}^2 between plants of a country, judgement as it has no statistics"
    if one.row.spread is not None and one.n >= LEAST_PLANTS:
        return one.row.spread, f"{one.row.spread:.3f}^2 between plants, of the printed row"
    return sigma, f"{sigma:.3f}^2 between plants, sigma as these are too few for their own"


def default_rows(library: FactorLibrary) -> list[dict[str, str]]:
    """Return the default rows that the printed rows of a library give, as texts of their cells."""
    return [default_row(shrunk) for shrunk in shrink(printed_rows(library))]


def replace_defaults(folder: Path) -> None:
    """Replace the default rows that have a printed row, in the table of a folder."""
    made = default_rows(FactorLibrary(folder))
    keys = {(row["country"], row["coal_type"]) for row in made}
    kept = [r for r in read(folder, TABLE) if r["use"] != "default" or (r["country"], r["coal_type"]) not in keys]
    write_all(folder, TABLE, [*kept, *made])


def main() -> None:
    """Read the command line, then print or write the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="folder of factor tables to change")
    options = parser.parse_args()
    if options.write:
        replace_defaults(options.write)
        return
    for row in default_rows(load_library()):
        print(f"{row['country']} {row['coal_type']}: {row['value']} {row['unit']} {row['basis']}; {row['method']}")


if __name__ == "__main__":
    main()
