"""The clocks of the Minamata Convention and published national totals, for plan tables."""

from __future__ import annotations

from pathlib import Path

from factor_tables.writer import Writer, facts, numeric

TEXT = "Minamata Convention on Mercury, English authentic text"
CLOCKS = (
    (
        "new_source_from",
        1,
        "Article 8(2)(c)",
        "construction commenced at least so long after entry into force: a new source",
    ),
    ("plan_due", 4, "Article 8(3)", "a national plan, if made, goes to the Conference of the Parties"),
    ("new_bat_due", 5, "Article 8(4)", "best available techniques required at new sources"),
    ("inventory_due", 5, "Article 8(7)", "inventory of emissions from relevant sources"),
    ("existing_due", 10, "Article 8(5)", "measures implemented at existing sources"),
)
# Test of coal_reference_totals -> scope in words. Totals of other quantities (inputs, single plants) are left out.
COAL_TOTALS = {
    "T1": "utility coal plants", "T4": "coal power, 10th to 90th percentile", "T6": "Eskom plants, two sets of factors",
    "T8": "power sector", "T13": "coal utilities", "T14": "energy sector", "T15": "coal-fired power sector",
}  # fmt: skip
OTHERS = (  # country, category, year, t/yr, citation, locator, scope
    ("IDN", "coal_power", "2019", 2.874, "ITB master thesis with the iPOG model (digilib.itb.ac.id/gdl/view/65828)", "abstract",
     "72 plants, generation and coal of 2019"),
    ("KOR", "coal_power", "2012", 1.210, "Sung et al. 2016", "abstract", "24.75 % of 4.89 t"),
    ("KOR", "cement", "2012", 3.358, "Sung et al. 2016", "abstract", "68.68 % of 4.89 t, kiln coal included"),
    ("CHN", "cement", "2015", 153.39, "Chinese MSc/PhD thesis abstract", "abstract", "65.33 mg per tonne of cement"),
    ("CHN", "cement", "2015 (Chen)", 144.0, "Chen et al. 2020", "abstract", "cement production"),
)  # fmt: skip


def build(writer: Writer, folder: Path) -> None:
    """Add `convention_clock` and `inventory_reference`."""
    for clock, years, article, note in CLOCKS:
        writer.add(
            "convention_clock", {"clock": clock}, years, "yr", TEXT, read_from="read", locator=article, note=note
        )
    for fact in facts(folder, "coal_reference_totals"):
        scope = COAL_TOTALS.get(fact["test_id"])
        if scope is None:
            continue
        by = 1000.0 if fact["unit"] == "kg/yr" else 1.0
        value, low, high = (None if (n := numeric(fact[name])) is None else n / by for name in ("value", "low", "high"))
        middle = value if value is not None else (low + high) / 2 if low is not None and high is not None else None
        writer.add(
            "inventory_reference", {"country": fact["iso3"], "category": "coal_power", "year": fact["year"].strip("~")}, middle,
            "t/yr", fact["source"], basis=scope, low=low, high=high, low_high_meaning=fact["range_meaning"],
            read_from=fact["read_from"], use="check", locator=fact["source_locator"],
            note="" if value is not None else "middle of the range",
        )  # fmt: skip
    for country, category, year, value, citation, locator, scope in OTHERS:
        keys = {"country": country, "category": category, "year": year}
        writer.add(
            "inventory_reference",
            keys,
            value,
            "t/yr",
            citation,
            basis=scope,
            read_from="read",
            use="check",
            locator=locator,
        )
