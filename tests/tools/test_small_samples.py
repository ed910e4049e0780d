"""Default rows from few analyses: the formula by hand, its limits, predictions of simulated fleets, and the table."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

import small_samples as few
from hginventory.errors import FactorError
from hginventory.factors import FactorLibrary, load_library

# anthracite, as printed: mean, standard deviation and number of samples; dry, 6 % moisture, but for China (not stated)
ANTHRACITE = {
    "AFG": (0.03, None, 1), "CHN": (0.1597, 0.1405, 84), "ESP": (0.1983, 0.0496, 6), "GBR": (0.055, 0.0428, 6),
    "KOR": (0.3083, 0.3105, 11), "MYS": (0.11, None, 1), "PER": (0.2516, 0.1909, 16), "PRK": (0.4393, 0.5086, 36),
    "PRT": (1.17, 0.4667, 2), "RUS": (0.065, 0.0495, 2), "TUR": (0.67, None, 1), "UKR": (0.1673, 0.1356, 7),
}  # fmt: skip
Draw = Callable[[np.random.Generator, float, int], np.ndarray]
SHAPES: dict[str, Draw] = {
    "lognormal": lambda rng, mean, n: rng.lognormal(math.log(mean) - 0.64 / 2.0, 0.8, n),
    "gamma": lambda rng, mean, n: rng.gamma(1.0 / math.expm1(0.64), mean * math.expm1(0.64), n),
}


def library_of(folder: Path, cells: list[dict[str, str]]) -> FactorLibrary:
    """Return the bundled tables with other rows of mercury in coal."""
    folder.mkdir(exist_ok=True)
    for file in load_library().folder.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    with (folder / "coal_mercury.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, few.columns_of(few.TABLE), lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(cells)
    return FactorLibrary(folder)


def pair(country: str, value: float, n: str, spread: str = "", **change: str) -> list[dict[str, str]]:
    """Return a default row and its printed row of a made file."""
    common = {
        "country": country, "coal_type": "bituminous", "value": f"{value!r}", "unit": "mg/kg", "basis": "as_received",
        "n": n, "method": "m", "read_from": "read", "source_id": "lee-et-al-2006-atmos", "locator": "l", "note": "",
    }  # fmt: skip
    stated = {"distribution": "lognormal", "spread": spread, "scopes": "plant:1"} if spread else {}
    default = {**common, "use": "default", "distribution": "lognormal", "spread": "0.6", "scopes": "plant:1"}
    return [default, {**common, "region": few.SAMPLES, "use": "evidence", **stated, **change}]


def values(rows: list[dict[str, str]]) -> dict[str, float]:
    return {row["country"]: float(row["value"]) for row in rows}


def test_turkish_anthracite_by_hand() -> None:
    """One sample of 0.67 mg/kg against eleven other countries; none of the code of the script is used."""
    square = sum((n - 1) * math.log(1 + (sd / mean) ** 2) for mean, sd, n in ANTHRACITE.values() if sd)
    sigma2 = square / sum(n - 1 for _, sd, n in ANTHRACITE.values() if sd)
    v = {country: math.log(1 + (math.exp(sigma2) - 1) / n) for country, (_, _, n) in ANTHRACITE.items()}
    y = {
        country: math.log(mean * (1.0 if country == "CHN" else 0.94)) + v[country] / 2
        for country, (mean, _, _) in ANTHRACITE.items()
    }
    others = [country for country in ANTHRACITE if country != "TUR"]
    low, high = 0.0, 10.0
    for _ in range(60):  # halve until the weighted squares are what they should be
        tau2 = (low + high) / 2
        total = sum(1 / (v[c] + tau2) for c in others)
        prior = sum(y[c] / (v[c] + tau2) for c in others) / total
        squares = sum((y[c] - prior) ** 2 / (v[c] + tau2) for c in others)
        low, high = (tau2, high) if squares > len(others) - 1 else (low, tau2)
    wide = tau2 + 1 / total
    weight = wide / (wide + v["TUR"])
    known = math.exp(weight * y["TUR"] + (1 - weight) * prior + weight * v["TUR"] / 2)
    row = load_library().row("coal_mercury/TUR/any/anthracite")
    assert row.value == pytest.approx(known / 0.94, rel=1e-3)
    basis = 0.4 * -math.log(0.94)
    assert row.spread == pytest.approx(math.sqrt(weight * v["TUR"] + 0.25**2 + 0.45**2 + basis**2), rel=1e-4)
    assert dict(row.scopes)["plant"] == pytest.approx((0.45 / row.number("spread")) ** 2, abs=6e-4)
    assert f"tau {math.sqrt(tau2):.3f}, sigma {math.sqrt(sigma2):.3f}, weight {weight:.3f}" in row.method


@pytest.mark.parametrize("mean", [0.01, 0.05, 0.12, 0.4, 2.0])
@pytest.mark.parametrize("variance", [0.05, 0.7])
def test_many_samples_give_the_row_and_none_the_prior(mean: float, variance: float) -> None:
    prior = few.Prior(math.log(0.12), 0.01, 0.3, 20)
    many, weight = few.combined(few.estimate(mean, 1e9, variance), prior)
    assert (many.mean, weight) == pytest.approx((mean, 1.0), rel=1e-6)
    none, weight = few.combined(few.Estimate(math.log(mean), 1e9), prior)
    assert none.mean == pytest.approx(0.12 * math.exp(0.31 / 2), rel=1e-6)
    assert weight < 1e-8
    of_none = few.estimate(mean, 1e-300, variance)
    assert of_none.log_mean == pytest.approx(math.log(mean))
    assert of_none.variance > 600.0


def test_weight_grows_with_the_number_of_samples() -> None:
    prior = few.Prior(math.log(0.12), 0.01, 0.3, 20)
    weights = [few.combined(few.estimate(0.5, n, 0.7), prior)[1] for n in (0.1, 1, 2, 5, 10, 100)]
    assert weights == sorted(weights)
    assert len(set(weights)) == len(weights)


def test_countries_that_differ_by_chance_only_have_no_variance_between_them() -> None:
    same = [few.Estimate(-2.0 + 0.01 * step, 0.1) for step in range(5)]
    assert few.prior_of(same).between == 0.0
    known, _ = few.combined(few.Estimate(0.0, 1.0), few.prior_of(same))
    assert known.log_mean == pytest.approx(-2.0, abs=0.1)


@pytest.mark.parametrize("shape", SHAPES)
def test_few_samples_are_predicted_better_with_other_countries_than_without(shape: str) -> None:
    rng = np.random.default_rng(20)
    base = few.printed_rows(load_library())[0]
    gain, printed_sum, shrunk_sum, true_sum = [], 0.0, 0.0, 0.0
    for _ in range(60):
        means = rng.lognormal(math.log(0.12), 0.6, 30)
        sizes = np.r_[rng.integers(10, 60, 12), rng.integers(1, 4, 18)]
        fleet = []
        for place, (mean, n) in enumerate(zip(means, sizes, strict=True)):
            samples = SHAPES[shape](rng, mean, int(n))
            own = math.sqrt(math.log1p((samples.std(ddof=1) / samples.mean()) ** 2)) if n > 1 else None
            keys = {"country": f"C{place}", "region": few.SAMPLES, "coal_type": "bituminous"}
            row = replace(base.row, keys=keys, value=float(samples.mean()), n=float(n), spread=own, basis="as_received")
            fleet.append(few.Printed(row, 0.0))
        for shrunk, mean in zip(few.shrink(fleet), means, strict=True):
            if shrunk.printed.n <= 3:
                one = shrunk.printed
                alone = few.estimate(one.row.number(), one.n, shrunk.sigma**2)
                with_others, without = (
                    norm.logpdf(math.log(mean), known.log_mean, math.sqrt(known.variance))
                    for known in (shrunk.known, alone)
                )
                gain.append(with_others - without)
                shrunk_sum += shrunk.known.mean
                printed_sum += one.row.number()
                true_sum += mean
    assert np.mean(gain) > 3.0 * np.std(gain) / math.sqrt(len(gain))
    assert shrunk_sum / true_sum == pytest.approx(1.0, abs=0.05)
    assert abs(printed_sum / true_sum - 1.0) < 0.1  # the fleets are what they should be


def test_rows_of_ten_or_more_hardly_move() -> None:
    """Half move by less than 3 %, three of four by less than 10 %; none by more than 1.2 standard errors or 40 %."""
    shifts = []
    for shrunk in few.shrink(few.printed_rows(load_library())):
        one = shrunk.printed
        if one.n >= 10 and shrunk.prior:
            alone = few.estimate(one.row.number() * one.received, one.n, shrunk.sigma**2)
            shift = abs(math.log(shrunk.known.mean / (one.row.number() * one.received)))
            assert shift < 1.2 * math.sqrt(alone.variance), one.row.row_id
            assert shrunk.weight > 0.7, one.row.row_id
            shifts.append(shift)
    assert len(shifts) > 40
    assert sum(shift < 0.1 for shift in shifts) > 0.75 * len(shifts)
    assert max(shifts) < math.log(1.4)
    assert np.median(shifts) < 0.03


def test_made_file_goes_through_the_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [row for country, value, n, spread in (
        ("AAA", 0.1, "40", "0.8"), ("BBB", 0.2, "30", "0.7"), ("CCC", 0.15, "20", "0.9"), ("DDD", 0.9, "1", ""),
    ) for row in pair(country, value, n, spread)]  # fmt: skip
    folder = tmp_path / "factors"
    library = library_of(folder, cells)
    monkeypatch.setattr(sys, "argv", ["small_samples.py", "--write", str(folder)])
    few.main()
    written = FactorLibrary(folder)
    made = {row.keys["country"]: row for row in written.table("coal_mercury").defaults}
    assert 0.15 < made["DDD"].number() < 0.5
    assert all(row.method.startswith(few.SHRUNK) for row in made.values())
    for country in ("AAA", "BBB", "CCC"):
        printed = next(r for r in library.table("coal_mercury").rows if r.keys["country"] == country)
        assert made[country].value == pytest.approx(printed.value, rel=0.1)
    before = (folder / "coal_mercury.csv").read_bytes()
    few.main()
    assert (folder / "coal_mercury.csv").read_bytes() == before
    evidence = [row for row in written.table("coal_mercury").rows if row.use == "evidence"]
    assert [row.value for row in evidence] == [0.1, 0.2, 0.15, 0.9]


@pytest.mark.parametrize(
    "change",
    [
        {"n": ""}, {"region": "one basin"}, {"source_id": "ito-et-al-2006-stoten"}, {"value": ""}, {"use": "check"},
        {"coal_type": "lignite"},
    ],
)  # fmt: skip
def test_row_without_a_printed_row_of_known_number_is_left(tmp_path: Path, change: dict[str, str]) -> None:
    others = [row for country in ("AAA", "BBB", "CCC") for row in pair(country, 0.1, "20", "0.8")]
    default, printed = pair("DDD", 0.9, "1")
    library = library_of(tmp_path / "factors", [*others, default, {**printed, **change}])
    assert set(values(few.default_rows(library))) == {"AAA", "BBB", "CCC"}
    few.replace_defaults(library.folder)
    assert FactorLibrary(library.folder).row("coal_mercury/DDD/any/bituminous").value == 0.9


@pytest.mark.parametrize("others", [0, 1, 2])
def test_mean_with_fewer_than_three_other_countries_stays_as_printed(tmp_path: Path, others: int) -> None:
    cells = [row for country in ("AAA", "BBB")[:others] for row in pair(country, 0.1, "20", "0.8")]
    made = few.default_rows(library_of(tmp_path / "factors", [*cells, *pair("DDD", 0.9, "2", "0.8")]))
    assert values(made)["DDD"] == 0.9
    assert next(row for row in made if row["country"] == "DDD")["method"].startswith(f"not {few.SHRUNK}")


def test_a_country_is_no_part_of_its_own_prior(tmp_path: Path) -> None:
    """The prior in the row of one country stays when its own mean changes; that of the others does not."""
    priors = []
    for value in (0.9, 0.01):
        cells = [row for country in ("AAA", "BBB", "CCC") for row in pair(country, 0.1, "20", "0.8")]
        library = library_of(tmp_path / "factors", [*cells, *pair("DDD", value, "3", "0.8")])
        priors.append({s.printed.country: s.prior for s in few.shrink(few.printed_rows(library))})
    assert priors[0]["DDD"] == priors[1]["DDD"]
    assert priors[0]["AAA"] != priors[1]["AAA"]


def test_dry_and_as_received_rows_meet_on_one_basis(tmp_path: Path) -> None:
    library = load_library()
    moisture = library.row("coal_heating_value/moisture/WLD/bituminous").number()
    made = []
    for basis, value in (("as_received", 0.9), ("dry", 0.9 / (1.0 - moisture))):
        cells = [row for country in ("AAA", "BBB", "CCC") for row in pair(country, 0.1, "20", "0.8")]
        own = [{**row, "basis": basis} for row in pair("DDD", value, "1")]
        made.append(values(few.default_rows(library_of(tmp_path / "factors", [*cells, *own]))))
    assert made[0]["DDD"] == pytest.approx(made[1]["DDD"] * (1.0 - moisture), rel=1e-3)
    assert made[0]["AAA"] == pytest.approx(made[1]["AAA"], rel=1e-3)


def test_shipped_table_is_what_the_script_makes(tmp_path: Path) -> None:
    folder = tmp_path / "factors"
    folder.mkdir()
    for file in load_library().folder.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    few.replace_defaults(folder)
    shipped = (load_library().folder / "coal_mercury.csv").read_bytes()
    assert (folder / "coal_mercury.csv").read_bytes() == shipped


def test_every_default_with_a_number_of_analyses_has_its_printed_row() -> None:
    """All but judged centres, whose number is that of the plants between which they were chosen."""
    made = {(one.country, one.rank) for one in few.printed_rows(load_library())}
    rows = [row for row in load_library().table("coal_mercury").defaults if row.n]
    left = {(row.keys["country"], row.keys["coal_type"]) for row in rows} - made
    assert left == {("IND", "bituminous"), ("VNM", "anthracite")}
    assert all(load_library().row(f"coal_mercury/{c}/any/{k}").read_from == "judgement" for c, k in left)


def test_doubt_on_an_inferred_basis_follows_the_confidence_of_its_row() -> None:
    rows = [row for row in load_library().table("coal_mercury").defaults if "basis inferred" in row.method]
    assert len(rows) == 77
    for row in rows:
        chance = 0.95 if "high confidence" in row.note else 0.8
        assert f"dry with a chance of {chance:g}" in row.method, row.row_id


def test_table_without_any_spread_is_refused(tmp_path: Path) -> None:
    cells = [row for country in ("AAA", "BBB", "CCC", "DDD") for row in pair(country, 0.1, "20")]
    with pytest.raises(FactorError, match="no row of national samples has a spread"):
        few.default_rows(library_of(tmp_path / "factors", cells))


@pytest.mark.parametrize(("samples", "own"), [("2", False), ("11", True)])
def test_rank_has_its_own_variance_where_its_rows_allow(tmp_path: Path, samples: str, own: bool) -> None:
    """Three lignites of 2 samples give 3 degrees of freedom, of 11 give 30."""
    cells = [row for country in ("AAA", "BBB", "CCC") for row in pair(country, 0.1, "40", "0.9")]
    for country in ("AAA", "BBB", "CCC"):
        cells += [{**row, "coal_type": "lignite"} for row in pair(country, 0.1, samples, "0.3")]
    library = library_of(tmp_path / "factors", cells)
    sigmas = {s.printed.rank: s.sigma for s in few.shrink(few.printed_rows(library))}
    assert sigmas["bituminous"] == pytest.approx(0.9)
    assert sigmas["lignite"] == pytest.approx(0.3) if own else sigmas["lignite"] > 0.85
