"""docs/defaults.md: how analyses become the default rows of mercury in coal, with all rows and what the rules changed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from coal_rank_blends import read
from doc_pages.markdown import page, table
from hginventory.factors import load_library
from plant_outliers import ROBUST_SDS, Analysis, renewed_rows
from small_samples import TABLE, Shrunk, printed_rows, shrink

INTRO = """
# How analyses become default values

Two rules, each a script that treats all rows alike, make the default rows of [mercury in coal](factors.md). They run in this order:
outliers among plants, one basis, few analyses. Values printed in a source remain in the table as rows of `use = evidence`, region
`national samples` or `national plants`; `method` of the default row explains how it was made. Nothing was tuned to a total.
"""
OUTLIERS = f"""
## Outliers among plants

`tools/plant_outliers.py`. An analysis is left out of the mean of its country where its ln lies more than {ROBUST_SDS:g} robust
standard deviations (1.4826 times the median absolute deviation) from the median of the ln. The rule is two-sided, and was
chosen before it was applied. A plant keeps its own analysis in the fleet. The table lists the means whose plants are known; for
US units the source prints the mean without the units.
"""
FEW = """
## Few analyses

`tools/small_samples.py`, whose docstring has the equations. The mean of few analyses is moved towards the mean of the other
countries of its rank: strongly if its standard error is large compared with the differences between countries, hardly if it
has many analyses. Own error and bias are those of a mean of lognormal samples with the variance
of all countries of the rank (sigma); the differences between countries (tau) and their mean (prior) leave the country itself
out. The result is an arithmetic mean.

Kinds of rows, each by a rule:

- **Means of n samples, plants or units** go through the rule, whatever n is. The n of Chinese lignite counts all ranks.
- **A blank n** is unknown, not 1. The row does not change: Australia (but subbituminous coal), Germany, Japanese and South
  African bituminous coal, Polish lignite, `USA all`, `IND all`, the world.
- **Judgements** (India, Viet Nam, import mixes of the Philippines, Thailand and Viet Nam) do not change, with or without an n: their value
  is a chosen centre.
- **Coals that fewer than three other countries report** (all ranks together, waste coal) have no prior and do not change.
- **Blends of ranks** (`unknown`) are made again from the new rows of the ranks by `tools/coal_rank_blends.py`.
- **Traded coal** (`export_coal`) is another table and did not change.

The spread of a row is that of a unit: uncertainty of the mean, 0.25 for a mean of ground samples of any number (0.15
for plants and units), and the uncertainty of the basis are shared by the country; the rest is between plants.

Simulated fleets of lognormal and of gamma samples, one to three per country, are predicted better with the rule than without,
and without bias (5 % in the mean): `tests/tools/test_small_samples.py`. The rule does not consider geology:
Kazakh, Colombian and Russian bituminous coal, of 9 to 15 samples, moves up, coal of the Donets basin moves down, by up to 1.2
of their own standard errors. A plant or mine analysis, or a row of the sheet Factors, replaces the default.
"""
CHANGED = """
## What the rules changed

**Each table shows the effect of this rule alone**: *after* is the default rows of this page with everything else as before, the removals
of [trains](removal.md) too. A run of today has all changes together and gives other totals (CHANGELOG). The numbers are of central
runs on the day the rule was introduced. The rule for outliers drops no plant, so all of the change is that of few analyses.

| default rows | rows | up | down | median change | largest | mean log width of the 90 % interval |
|---|---|---|---|---|---|---|
| made by the rule | 91 | 64 | 23 | 12 % | x 3.7, x 0.60 | 2.02 before, 2.03 after |
| of these, n of 10 or more | 43 | 27 | 13 | 3 % | x 1.40, x 0.80 | 1.77 before, 1.89 after |
| of these, n below 10 | 48 | 37 | 10 | 36 % | x 3.7, x 0.60 | 2.25 before, 2.15 after |
| no prior | 3 | 0 | 0 | 0 | | 2.04 before, 2.07 after |
| blends of ranks | 29 | 19 | 6 | 8 % | x 1.62, x 0.68 | 2.55 before, 2.46 after |
| all default rows | 145 | 83 | 29 | 7 % | x 3.7, x 0.60 | 2.17 before, 2.15 after |

Of the 43 rows with ten or more, 33 move by less than 10 %, and all by less than 1.2 of their own standard errors. Those that move
by more than a fifth: Nigerian subbituminous (x 1.40), Kazakh bituminous (x 1.38), Antarctic (x 1.31), Colombian (x 1.29) and
Zambian bituminous coal (x 0.80).

Indonesia, as by `hginv project --fleet indonesia.xlsx --draws 2000 --seed 1` but with this rule alone; base year 2026, 90 %
intervals in brackets:

| Indonesia | before | after |
|---|---|---|
| coal units, base year [kg] | 10,038 (5,231 to 16,320) | 10,270 (5,550 to 16,305) |
| coal units, remaining life [t] | 283 (146 to 454) | 288 (155 to 455) |
| both sectors, base year [kg] | 13,560 (8,359 to 20,134) | 13,792 (8,679 to 20,165) |
| both sectors, remaining life [t] | 351 (208 to 532) | 357 (217 to 527) |
| share of the ten ranked highest | 13 % (8 to 21 %) | 13 % (8 to 21 %) |

Coal units of the Global Coal Plant Tracker of January 2026, mercury to air in 2026 [t] with this rule alone, the world
and its 15 largest:

WORLD

Further countries that move by more than 0.04 t: Kazakhstan 1.24 to 1.71, Canada 0.48 to 0.65, Serbia 1.36 to 1.52, Romania 0.54
to 0.61, Greece 0.08 to 0.13.
"""
COUNTRIES = (
    ("all", 337.78, 339.69), ("IND", 127.06, 126.29), ("CHN", 115.57, 115.64), ("ZAF", 11.94, 11.94), ("POL", 11.07, 11.08),
    ("IDN", 9.11, 9.43), ("RUS", 9.05, 10.48), ("VNM", 8.96, 8.96), ("TUR", 6.09, 6.13), ("USA", 5.68, 5.71), ("DEU", 4.93, 4.93),
    ("CZE", 2.79, 2.75), ("AUS", 2.45, 2.25), ("JPN", 2.20, 2.20), ("KOR", 1.71, 1.72), ("PHL", 1.64, 1.64),
)  # fmt: skip


def defaults_page() -> str:
    """Return the page."""
    shrunk = sorted(shrink(printed_rows(load_library())), key=lambda one: (one.printed.rank, one.printed.country))
    world = table(
        ["country", "before", "after", "ratio"], [[c, f"{a:.2f}", f"{b:.2f}", f"{b / a:.3f}"] for c, a, b in COUNTRIES]
    )
    return page(INTRO, OUTLIERS, _outliers(), FEW, CHANGED.replace("WORLD", world), "## All rows", ROWS, _rows(shrunk))


ROWS = """
Printed and default contents in mg/kg on the basis of the row, n of samples (s) or of plants and units (p); tau, the prior
(geometric mean as received) and the weight of the own mean where there is a prior.
"""


def _outliers() -> str:
    rows = [
        [row["country"], row["coal_type"], len(means.kept) + len(means.dropped), f"{math.exp(means.median):.4f}",
         f"{means.robust_sd:.2f}", *(_named(means.dropped, means.median, high) for high in (True, False)), row["value"],
         f"{(sum(a.value for a in means.kept) - max(a.value for a in means.kept)) / (len(means.kept) - 1):.4f}"]
        for row, means in renewed_rows(read(load_library().folder, TABLE))
    ]  # fmt: skip
    headings = [
        "country",
        "coal",
        "plants",
        "median [mg/kg]",
        "robust sd of ln",
        "dropped, high",
        "dropped, low",
        "mean [mg/kg]",
    ]
    return table([*headings, "mean without the highest"], rows)


def _named(dropped: Sequence[Analysis], median: float, high: bool) -> str:
    names = [f"{a.plant} {a.value:g}" for a in dropped if (math.log(a.value) > median) == high]
    return ", ".join(names) or "none"


def _rows(shrunk: list[Shrunk]) -> str:
    rows = []
    for one in shrunk:
        printed, default = one.printed, load_library().row(f"{TABLE}/{one.printed.country}/any/{one.printed.rank}")
        own = printed.row.number()
        prior = (
            [f"{math.exp(one.prior.log_mean):.3f}", f"{math.sqrt(one.prior.between):.2f}"] if one.prior else ["", ""]
        )
        rows.append(
            [printed.rank, printed.country, f"{printed.n:g} {'p' if printed.plants else 's'}", printed.row.basis, f"{own:g}",
             f"{default.number():g}", f"{default.number() / own:.2f}", *prior, f"{one.weight:.2f}" if one.prior else "",
             f"{default.number('spread'):.2f}"]
        )  # fmt: skip
    return table(
        ["coal", "country", "n", "basis", "printed", "default", "ratio", "prior", "tau", "weight", "ln-sd of a unit"],
        rows,
    )
