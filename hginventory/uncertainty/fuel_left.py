"""What measures leave of the fuel of a unit where they change no column of its row."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hginventory.model import GENERATION, GROSS_GENERATION


@dataclass(frozen=True)
class FuelLeft:
    """What a measure leaves that changes no column of the row of a unit.

    Attributes
    ----------
    input : float
        Mercury per heat or clinker over that of the row [1]: less by washed coal and biomass.
    heat : float
        Heat per generation over that of the row [1]: less by a better efficiency.
    """

    input: float = 1.0
    heat: float = 1.0

    def of_limit(self, per: str) -> float:
        """Return a limit over the one of the row [1], per heat or clinker: one per generation allows more per heat.

        Parameters
        ----------
        per : str
            What the limit is stated per, as in `Basis.per`.
        """
        return 1.0 / self.heat if per in (GENERATION, GROSS_GENERATION) else 1.0

    def less(self, share: float, *, of_heat: bool) -> FuelLeft:
        """Return what is left where a share of the heat per generation, else of the mercury per heat, goes [0-1].

        >>> FuelLeft().less(0.2, of_heat=False).less(0.5, of_heat=True)
        FuelLeft(input=0.8, heat=0.5)
        """
        if of_heat:
            return replace(self, heat=self.heat * (1.0 - share))
        return replace(self, input=self.input * (1.0 - share))


ALL_FUEL = FuelLeft()
