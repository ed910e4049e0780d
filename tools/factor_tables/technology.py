"""Plant technology: efficiency, capacity factor, release from the boiler, own use, bounds of classes."""

from __future__ import annotations

from pathlib import Path

from factor_tables.tracker import GCPT, operating_units
from factor_tables.writer import JUDGEMENT, Writer, facts, is_default, numeric


def build(writer: Writer, folder: Path, data: Path | None) -> None:
    """Add the tables of technology and process."""
    _process(writer)
    kinds = {
        ("subcritical PC", ">=300 MW"): ("subcritical", "", 300, ""),
        ("subcritical PC", "100-300 MW"): ("subcritical", "", 100, 300),
        ("subcritical PC / stoker", "<100 MW"): ("", "", 0, 100),
        ("supercritical PC", ">=500 MW"): ("supercritical", "", "", ""),
        ("ultra-supercritical PC", ">=600 MW"): ("ultra-supercritical", "", "", ""),
        ("CFB subcritical", "100-350 MW"): ("", "CFB", 100, ""),
        ("CFB supercritical", "350-600 MW"): ("supercritical", "CFB", "", ""),
        ("IGCC", "250-600 MW"): ("", "IGCC", "", ""),
        ("subcritical PC", "2020 catalogue"): ("subcritical", "", 100, ""),
        ("supercritical PC", "2020 catalogue"): ("supercritical", "", 100, ""),
        ("ultra-supercritical PC", "2020 catalogue"): ("ultra-supercritical", "", 100, ""),
    }
    for fact in facts(folder, "coal_technology"):
        country = fact["iso3"] or "WLD"
        default = is_default(fact["note"])
        technology, boiler, low_mw, high_mw = kinds.get((fact["technology"], fact["size_or_age"]), ("", "", "", ""))
        fleet = fact["technology"].startswith("coal fleet")
        for quantity, column in (("net_efficiency", "eff_net_lhv"), ("capacity_factor", "capacity_factor")):
            value = numeric(fact[column])
            if value is None:
                continue
            efficiency = quantity == "net_efficiency"
            use = default and (fleet or technology or boiler or low_mw != "" or high_mw != "")
            if not efficiency and fact["size_or_age"].startswith("captive"):
                use = False
            writer.add(
                "coal_technology",
                {"quantity": quantity, "country": country, "technology": technology or ("" if use else fact["technology"]),
                 "boiler": boiler, "mw_from": low_mw, "mw_to": high_mw},
                value, "1", fact["source"],
                basis="net, net calorific value" if efficiency else "of net output",
                distribution="normal", spread=(0.05 * value if efficiency else 0.08) if use else "",
                scopes="country:0.2;unit:0.8" if efficiency else "country:0.14;unit:0.86",
                low=numeric(fact["eff_low"]) if efficiency else "", high=numeric(fact["eff_high"]) if efficiency else "",
                read_from=fact["read_from"], use="default" if use else "evidence", valid_from=fact["year"],
                locator=fact["source_locator"], note=fact["size_or_age"],
            )  # fmt: skip
    writer.add(
        "coal_technology", {"quantity": "net_efficiency", "country": "WLD"}, 0.355, "1", JUDGEMENT,
        basis="net, net calorific value", distribution="normal", spread=0.03, scopes="country:0.5;unit:0.5",
        note="about the mean of the national fleets on file, for a unit of unknown technology",
    )  # fmt: skip
    for country, factor in _tracker_capacity_factors(data).items():
        writer.add(
            "coal_technology", {"quantity": "capacity_factor", "country": country}, factor, "1", GCPT,
            basis="of net output", distribution="normal", spread=0.08, scopes="country:0.14;unit:0.86",
            read_from="read", locator="column Capacity factor, one value for all units of the country",
            note="national average", valid_from="2025",
        )  # fmt: skip


def _tracker_capacity_factors(data: Path | None) -> dict[str, float]:
    """Return the national capacity factors that the tracker gives to every unit of a country."""
    found: dict[str, set[float]] = {}
    for unit in operating_units(data):
        if isinstance(unit.capacity_factor, int | float):
            found.setdefault(unit.country, set()).add(float(unit.capacity_factor))
    return {code: values.pop() for code, values in found.items() if len(values) == 1}


def _process(writer: Writer) -> None:
    zhu = "Zhu et al. 2016 J. Clean. Prod. 114:343"
    for boiler, value, note in (
        ("PC", 0.995, "range 0.97 to 1"),
        ("CFB", 0.989, ""),
        ("stoker", 0.83, "the removal rows of stokers contain the grate ash already"),
    ):
        keys = {"quantity": "release_ratio", "boiler": boiler}
        writer.add("coal_process", keys, value, "1", zhu, read_from="read", note=note, basis="share of coal mercury")
    own = "share of gross output; 0.06 to 0.09 without, 0.10 and more with a scrubber or a fluidised bed"
    for boiler, device, value in (("", "", 0.075), ("CFB", "", 0.10), ("", "FGD", 0.10)):
        keys = {"quantity": "auxiliary_share", "boiler": boiler, "device": device}
        writer.add("coal_process", keys, value, "1", JUDGEMENT, note=own)
    writer.add(
        "coal_process", {"quantity": "operating_share"}, 0.9, "1", JUDGEMENT, basis="share of the hours of the unit",
        distribution="beta", spread=(0.9 * 0.1 / 11) ** 0.5, scopes="unit:1",
        note="hours in which scrubbers and catalysts run, beta with parameters 9 and 1; removal rows are means of years "
        "as they are, so it widens their spread and changes no mean",
    )  # fmt: skip
    for quantity, value, note in (
        ("chlorine_high", 500, "from here on the high-chlorine removal holds"),
        ("chlorine_low", 100, "up to here the low-chlorine removal holds; between, linear in the logarithm"),
    ):
        writer.add("coal_process", {"quantity": quantity}, value, "mg/kg", JUDGEMENT, note=note)
