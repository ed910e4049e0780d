"""The calculation of a kiln, step by step."""

from __future__ import annotations

from typing import Any

from hginventory.factors import BETA, BLEEDS, LOOP, NOT_USED, OriginSpreads, Statement
from hginventory.projection import KILN_ACTIVITY_ORDER, ActivityBasis, Tier, bleed_is_stated, loop_of
from hginventory.report.explain.steps import OfAllUnits, Steps, in_year
from hginventory.translations import TranslatableText


class KilnSteps(Steps):
    """The calculation of a kiln: clinker, mercury of the materials or an emission factor, dust loop and controls."""

    order = KILN_ACTIVITY_ORDER

    def __init__(self, of_all: OfAllUnits, index: int, row: dict[str, Any]) -> None:
        super().__init__(of_all, index, row)
        self.tier, self.basis = self.projection.tier[index], self.projection.basis[index]

    def normal_year(self) -> None:
        """Add the steps of a normal year; the last one is emissions to air."""
        row = self.row
        if self.tier is Tier.MEASURED:
            air = self.given(
                "emissions to air, measured",
                "activity",
                "kg/yr",
                float(self.projection.air_by_listed_controls[self.index]),
            )
            formula = f"({air}) / (1 - ({self._removal()}))"
            self._dust(self.result("mercury input", row["hg_in_kg_per_yr"], "kg/yr", formula))
            self.air_of_normal_year(f"({air})")
            return
        clinker = self._clinker()
        formula = self._by_factor(clinker) if self.tier is Tier.EMISSION_FACTOR else self._by_balance(clinker)
        mercury = self.result("mercury input", row["hg_in_kg_per_yr"], "kg/yr", self.running(formula))
        self._dust(mercury)
        formula = self.running(f"({mercury}) x (1 - ({self._removal()}))")
        self.air_of_normal_year(formula)

    def own_year(self, year: int, statement: Statement, air: int) -> int:
        """Add the steps of a year with its own activity and return the number of its emissions to air."""
        value = statement.value
        clinker = self.stated(in_year("clinker made", year), value.value, "t/yr", value.refs, value.origin)
        if self.row["clinker_t_per_yr"] > 0:
            return self.air_in(year, f"({air}) x ({clinker}) / ({self._clinker()})")
        return self.air_in(year, f"{self._by_balance(clinker)} x (1 - ({self._removal()})){self.kept}")

    def _dust(self, mercury: int) -> None:
        """Add what stays in the clinker and what leaves with dust, of the mercury input that is step ``mercury``."""
        hg_in = self.row["hg_in_kg_per_yr"]
        dust = {name: self.factor(name) for name in (*LOOP, *BLEEDS)}
        shares = loop_of({name: known.value for name, known in dust.items()})
        kept = self.given("share of the input kept in the clinker", "clinker_retention", "1")
        self.result("mercury in the clinker", hg_in * shares.retained, "kg/yr", f"({mercury}) x ({kept})")
        if not bleed_is_stated(dust[BLEEDS[0]]):
            air = self._air_share()
            self.given("share of captured dust taken out, inferred from the share to air", BLEEDS[0], "1")
            formula = f"({mercury}) x (1 - ({air}) - ({kept}))"
            self.result("mercury in dust taken out, inferred", hg_in * shares.bled, "kg/yr", formula)
            self._spread_of_dust()
            return
        on = self.given("share of captured dust taken out, raw mill on", "dust_bleed_on", "1")
        off = self.given("share of captured dust taken out, raw mill off", "dust_bleed_off", "1")
        catch_on = self.given("share of kiln gas mercury captured, raw mill on", "capture_on", "1")
        catch_off = self.given("share of kiln gas mercury captured, raw mill off", "capture_off", "1")
        hours = self.given("share of kiln hours with the raw mill off", "mill_off_share", "1")
        taken = f"(1 - ({hours})) x ({catch_on}) x ({on}) + ({hours}) x ({catch_off}) x ({off})"
        returned = f"(1 - ({hours})) x ({catch_on}) x (1 - ({on})) + ({hours}) x ({catch_off}) x (1 - ({off}))"
        formula = f"({mercury}) x (1 - ({kept})) x [{taken}] / (1 - [{returned}])"
        self.result("mercury in dust taken out", hg_in * shares.bled, "kg/yr", formula)

    def _spread_of_dust(self) -> None:
        """Add how far the inferred share in dust is known: as far as the share to air, whose complement it is."""
        air = self.factor("air_share")
        spread = self.projection.library.once(OriginSpreads).of(air, "passing_share", str(self.row["country"]))
        if spread is not None:
            sd = spread.size * (air.value if spread.distribution != BETA else 1.0)
            name = TranslatableText("standard deviation of the share to air, and of that in dust")
            self.stated(name, sd, "1", air.refs, air.origin)

    def _air_share(self) -> int:
        return self.given("share of the input emitted to air, usual dust return", "air_share", "1")

    def _removal(self) -> int:
        return self.given(
            "removal by dust loop and controls",
            "removal",
            "1",
            float(self.projection.removal_by_listed_controls[self.index]),
        )

    def _by_factor(self, clinker: int) -> str:
        factor = self.given(
            "emission factor per clinker, usual dust return, no mercury control", "emission_factor", "g/t"
        )
        return f"({clinker}) x ({factor}) / ({self._air_share()}) / 1000"

    def _by_balance(self, clinker: int) -> str:
        ratio = self.given("fresh raw meal per clinker", "raw_meal_ratio", "t/t")
        meal = self.given("mercury in raw meal, dry", "hg_raw_meal", "mg/kg")
        heat = self.given("fuel heat per clinker", "heat_use", "MJ/t")
        fuel = self.given("mercury per fuel heat", "fuel_hg", "mg/MJ")
        return f"({clinker}) x [({ratio}) x ({meal}) + ({heat}) x ({fuel}) / 1000] / 1000"

    def _clinker(self) -> int:
        """Add what the clinker of a normal year follows from and return its number."""
        if self.basis is ActivityBasis.CLINKER_OUTPUT:
            name = in_year("clinker made", self.other_year())
            return self.given(name, "activity", "t/yr", self.row["clinker_t_per_yr"])
        of_clinker = self.basis is ActivityBasis.CLINKER_CAPACITY
        column = "clinker_capacity" if of_clinker else "cement_capacity"
        stated: Any = self.projection.fleet.units.at[self.unit_id, column]
        capacity = self.cell("clinker capacity" if of_clinker else "cement capacity", column, float(stated), "t/yr")
        use = self.given("utilisation", "utilisation", "1")
        formula = f"({capacity}) x ({use})"
        if not of_clinker:
            formula += f" x ({self.given('clinker per cement', 'clinker_factor', 't/t')})"
            imports = self.projection.parameters["clinker_import_share"].of_unit(self.index)
            if imports.value == imports.value and (imports.origin != NOT_USED or self.tier is Tier.MEASURED):
                formula += f" x (1 - ({self.given('clinker bought in', 'clinker_import_share', '1')}))"
        return self.result("clinker made", self.row["clinker_t_per_yr"], "t/yr", self.running(formula))
