"""The campaign of a year: how many samples or tests, and the error of their mean."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from hginventory.factors import MEASURED, FactorLibrary, Ladder, Spread, of_analyses
from hginventory.inputs.fleet import COAL_ANALYSIS, STACK_TEST

NUMBER = "number_a_year"  # quantity of the table `measurement_method`
# Kind of measurement -> row of the number a year, and quantities of `origin_spread`: error of one, between years.
KINDS = {
    COAL_ANALYSIS: ("any coal analysis", "content", "year"),
    STACK_TEST: ("any stack test", "measured_air", "stack_year"),
}


@dataclass(frozen=True)
class Campaign:
    """Samples or tests of one year, with independent errors.

    Attributes
    ----------
    number : float
        Samples or tests in the year, above 0.
    words : str
        How often, as one composite sample a week for a year.
    one_log_sd : float
        Error of one of them, standard deviation of the logarithm.
    year_log_sd : float
        Of the difference between the year measured and the remaining years, which no number of samples reduces.
    """

    number: float
    words: str
    one_log_sd: float
    year_log_sd: float

    @classmethod
    def of(cls, library: FactorLibrary, kind: str) -> Self:
        """Return the campaign of a kind of measurement, from `measurement_method` and `origin_spread`.

        Parameters
        ----------
        library : FactorLibrary
            Factor tables.
        kind : str
            ``coal_analysis`` or ``stack_test``.

        Examples
        --------
        >>> from hginventory.factors import load_library
        >>> weekly = Campaign.of(load_library(), "coal_analysis")
        >>> weekly.number, round(weekly.mean_log_sd, 3), round(weekly.log_sd, 3)
        (52.0, 0.043, 0.175)
        """
        standard, quantity, of_years = KINDS[kind]
        row = Ladder(library.table("measurement_method"))[standard, NUMBER, ""]
        errors = Ladder(library.table("origin_spread"))
        one, year = (errors[name, MEASURED].number("spread") for name in (quantity, of_years))
        return cls(row.number(), row.basis, one, year)

    @property
    def mean(self) -> Spread:
        """The spread of the mean of all samples, as a run takes it from their number and standard deviation."""
        return of_analyses(1.0, math.sqrt(math.expm1(self.one_log_sd**2)), self.number, "plant")

    @property
    def mean_log_sd(self) -> float:
        """The error of the mean of the year, standard deviation of the logarithm."""
        return self.mean.size

    @property
    def log_sd(self) -> float:
        """The error of the mean as a value for the remaining years, standard deviation of the logarithm."""
        return math.hypot(self.mean_log_sd, self.year_log_sd)
