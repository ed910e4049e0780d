"""Content of each factor table: its key columns, the units allowed and the bounds of its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

COMMON = (
    "value",
    "unit",
    "basis",
    "removal_basis",
    "distribution",
    "spread",
    "scopes",
    "low",
    "high",
    "low_high_meaning",
    "n",
    "method",
    "read_from",
    "use",
    "valid_from",
    "valid_to",
    "source_id",
    "locator",
    "note",
)
REMOVAL_TABLES = ("removal", "cement_control")  # whose shares are removed, so that what matters is what passes
DISTRIBUTIONS = ("", "lognormal", "beta", "normal", "triangular")
READ_FROM = ("read", "partly recalled", "recalled", "judgement")
USES = ("default", "evidence", "check")
REMOVAL_BASES = ("", "coal_to_stack", "boiler_outlet_to_stack", "across_device")
MOST_SCOPES = 3
# With whom an error is shared. Correlation is an index, not a matrix, so that there are no loops to be broken.
SCOPES = ("country", "plant", "quarry", "coal_class", "device", "kiln", "unit", "world")


class YearRule(Enum):
    """Which of several rows of one key counts in a base year; `rows.in_year` selects by it."""

    RULE = "rule"  # the newest that has begun, else the earliest
    SERIES = "time series"  # the nearest year, of two equally near the earlier


@dataclass(frozen=True)
class TableSpec:
    """One factor table.

    Attributes
    ----------
    keys : tuple of str
        Key columns in order.
    meaning : str
        Content of the table.
    units : tuple of str
        Units allowed; empty: any.
    low, high : float
        Bounds of the value.
    extra : tuple of str
        Columns between keys and value that are not keys.
    sums_over : str
        Key over which the values of a group sum to 1; empty: no such rule.
    bases : tuple of str
        Bases allowed; empty: any.
    instead : str
        Extra column that may be filled in instead of the value of a default row; empty: none.
    numbers : tuple of str
        Keys and extra columns that contain a number or nothing, in addition to the bands of size and start.
    years : YearRule
        How the base year selects among rows of one key: rows that apply until a newer one, or numbers of years.
    alike : tuple of str
        Columns in which default rows of one ``id`` must agree, as they are alternatives; empty: the table has no ids.
    """

    keys: tuple[str, ...]
    meaning: str
    units: tuple[str, ...] = ()
    low: float = 0.0
    high: float = float("inf")
    extra: tuple[str, ...] = ()
    sums_over: str = ""
    bases: tuple[str, ...] = ()
    instead: str = ""
    numbers: tuple[str, ...] = ()
    years: YearRule = YearRule.RULE
    alike: tuple[str, ...] = ()


BAND = ("mw_from", "mw_to", "start_from", "start_to")
LIMIT_UNITS = (
    "ug/Nm3",
    "mg/Nm3",
    "mg/m3",
    "ug/dscm",
    "lb/TBtu",
    "g/TJ",
    "lb/GWh",
    "g/GWh",
    "kg/TWh",
    "lb/million short tons clinker",
    "kg/million t clinker",
    "mg/t",
)
COST_UNITS = (
    "1",
    "USD/kW",
    "USD/kW/yr",
    "USD/MWh",
    "USD/GJ",
    "USD/lb",
    "mill/kWh",
    "million USD",
    "million USD/yr",
    "US$/(t clinker/y)",
    "US$/kg",
    "US$/kg Hg removed",
    "US$ million",
    "US$ million/y",
    "US$ billion",
    "US$ billion/y",
)
CURVE = ("exponent", "reference_mw", "data_from_mw", "data_to_mw")
_CONTENT_BASES = ("as_received", "dry", "not_stated")


def _shares(
    keys: tuple[str, ...],
    meaning: str,
    units: tuple[str, ...] = ("1",),
    sums_over: str = "",
    years: YearRule = YearRule.RULE,
) -> TableSpec:
    """Return a table of fractions, which lie between 0 and 1."""
    return TableSpec(keys, meaning, units, 0.0, 1.0, sums_over=sums_over, years=years)


TABLES: Mapping[str, TableSpec] = {
    "coal_mercury": TableSpec(
        ("country", "region", "coal_type"), "mercury in coal", ("mg/kg",), 0.0, 10.0, bases=_CONTENT_BASES
    ),
    "coal_class": TableSpec(
        ("country", "coal_type"), "chlorine in coal, and the class it stands for", ("mg/kg",), extra=("coal_class",), instead="coal_class",
    ),
    "coal_import": _shares(("country", "quantity"), "whether a country imports its hard coal, and how much of its coal is hard"),
    "coal_trade": TableSpec(
        ("importer", "exporter"), "origins of imported coal", ("1",), 0.0, 1.0, extra=("coal_kind",), sums_over="exporter",
        bases=("mass", "energy"), years=YearRule.SERIES,
    ),
    "export_coal": TableSpec(
        ("exporter", "quantity"), "mercury, heating value, moisture, chlorine and sulphur of exported steam coal",
        ("mg/kg", "MJ/kg", "1"), bases=("as_received", "dry", "net_as_received"),
    ),
    "coal_heating_value": TableSpec(
        ("quantity", "country", "coal_type"), "heating value and moisture of coal", ("MJ/kg", "1"), 0.0, 40.0
    ),
    "coal_technology": _shares(
        ("quantity", "country", "technology", "boiler", "mw_from", "mw_to"), "net efficiency and capacity factor",
        years=YearRule.SERIES,
    ),
    "coal_process": TableSpec(
        ("quantity", "boiler", "device"), "release from the boiler, own use of the plant, bounds of classes", ("1", "mg/kg")
    ),
    "boiler_mix": _shares(
        ("country", *BAND, "boiler"), "boilers of units whose boiler is unknown", sums_over="boiler"
    ),
    "control_mix": _shares(
        ("country", "boiler", "coal_type", *BAND, "train"), "trains of units whose train is unknown", sums_over="train"
    ),
    "control_completion": _shares(
        ("country", "group", "devices"), "devices where only part of a train is known", sums_over="devices"
    ),
    "removal": TableSpec(
        ("profile", "train", "coal_class", "boiler"), "removal of whole trains, coal to stack", ("1",), -1.0, 1.0
    ),
    "removal_evidence": TableSpec(
        ("config", "config_detail", "boiler", "coal_rank", "country"), "measurements behind the removals", ("1",), -5.0, 1.0
    ),
    "device_effect": _shares(
        ("device", "coal_class", "quantity"), "what a device does to each species"
    ),
    "species": _shares(
        ("sector", "stage", "coal_class", "species"), "species of the mercury by stage", sums_over="species"
    ),
    "fate": _shares(
        ("sector", "device", "pathway"), "where the mercury that a device removes goes", sums_over="pathway"
    ),
    "coal_partition_evidence": TableSpec(
        ("config", "study", "boiler", "coal_rank", "country", "stream"), "where studies found the mercury of the coal", ("1",)
    ),
    "flue_gas": TableSpec(("coal_type",), "dry flue gas at 6 % oxygen per net heat", ("Nm3/GJ",), 200.0, 600.0),
    "cement_material": TableSpec(("material", "country"), "mercury in kiln materials and fuels", ("mg/kg",), 0.0, 100.0),
    "cement_raw_mix": _shares(("material",), "materials of fresh raw meal", sums_over="material"),
    "cement_kiln": TableSpec(
        ("quantity", "kiln_type", "country"), "raw meal, heat, gas and dust loop of kilns",
        ("t/t", "MJ/t", "Nm3/t", "1", "d/yr"),
    ),
    "cement_activity": _shares(("quantity", "country"), "utilisation and clinker factor", ("1", "t/t"), years=YearRule.SERIES),
    "cement_air_share": _shares(("country",), "share of the input leaving to air, dust as usual"),
    "cement_partition_evidence": TableSpec(
        ("case", "stream", "country"), "measured and assumed outputs of kilns", ("1", "mg/kg", "ug/Nm3", "g/t")
    ),
    "cement_control": _shares(("device",), "removal behind the dust loop of a kiln"),
    "cement_emission_factor": TableSpec(
        ("country", "case"), "mercury to air per clinker or cement", ("g/t", "g/t cement", "mg/t")
    ),
    "cement_fuel": TableSpec(("quantity", "fuel"), "heating values of kiln fuels", ("MJ/kg",), 0.0, 60.0),
    "cement_fuel_mix": _shares(("country", "fuel"), "heat shares of kilns whose fuels are unknown", sums_over="fuel"),
    "origin_spread": TableSpec(
        ("quantity", "origin"), "spread, relative to the mean, of numbers that state none", ("1",), 1.0, 1.0
    ),
    "convention_clock": TableSpec(
        ("clock",), "time from deposit to entry into force, and from there to each duty of Article 8", ("yr", "d"), 0.0, 100.0
    ),
    "convention_party": TableSpec(
        ("country",), "day on which a Party deposited its instrument of ratification", extra=("deposited",), instead="deposited"
    ),
    "inventory_reference": TableSpec(
        ("country", "category", "year"), "published national totals of mercury to air", ("t/yr",), 0.0, 1000.0,
        numbers=("fleet_year",), extra=("fleet_year", "where", "not_independent"),
    ),
    "power_reference": TableSpec(
        ("country", "plant", "year"), "what coal power stations report to registers: mercury to air, CO2; for checks only", ("kg/yr",),
        extra=("facility", "co2_t"), numbers=("co2_t",),
    ),
    "plant_reference": TableSpec(
        ("country", "plant", "year"), "what cement plants report to registers: mercury to air, CO2; for fits and checks only", ("kg/yr",),
        extra=("co2_t", "hg_method", "listed"), numbers=("co2_t",),
    ),
    "plausible_limit": TableSpec(
        ("sector", "quantity", "level"), "highest values of any unit, to find typing errors; does not change results", ("MW", "t/day", "mg/kg", "1"),
    ),
    "lifetime_rule": TableSpec(
        ("rule", "quantity", "planned", "unknown_start"), "retirement rules", ("yr",), 0.0, 100.0
    ),
    "emission_limit": TableSpec(
        ("sector", "country", "instrument", "applies_to", "averaging"), "legal limits with their reference basis", LIMIT_UNITS,
        numbers=("o2_percent", "temperature_c", "mwth_from", "mwth_to", "started_from"),
        extra=("id", "per", "o2_percent", "temperature_c", "moisture", "conditions_from", "fuel", "age", "mwth_from", "mwth_to", "started_from", "only_where"),
        alike=("sector", "country", "fuel", "age", "mwth_from", "mwth_to", "started_from", "only_where"),
    ),
    "compliance": _shares(("quantity",), "how far units that comply with a limit are below it where no listed control explains it"),
    "gas_state": TableSpec(("sector", "quantity"), "oxygen, temperature and moisture of flue gas", ("%", "C", "1"), -300.0, 100.0),
    "control_cost": TableSpec(
        ("sector", "technology", "quantity", "mw_from", "mw_to", "currency", "currency_year"), "costs of controls", COST_UNITS,
        numbers=("currency_year",),
        low=-float("inf"),
    ),
    "control_cost_curve": TableSpec(
        ("sector", "technology", "form", "part", "currency", "currency_year"), "capital of controls by capacity",
        ("USD/kW",), extra=CURVE, numbers=("currency_year", *CURVE),
    ),
    "country_region": TableSpec(("region", "country"), "countries that take the row of a region before that of the world", ("1",), 1.0, 1.0),
    "country_cost": TableSpec(("country", "technology", "quantity"), "costs of a country over those of control_cost", ("1",)),
    "cost_basis": TableSpec(
        ("quantity", "sector", "case"),
        "rate, lives, retrofit difficulty, ranges, price of the frontier and of moved mercury", ("1", "yr", "USD/kg"),
    ),
    "lead_time": TableSpec(("kind", "quantity", "country"), "time from the decision until a step runs, and outage to connect it", ("months", "d"), 0.0, 240.0),
    "build_rate": TableSpec(("kind", "country"), "how much can be built in a year, by kind of step; of the world as a share of the fleet", ("GW/yr", "1/yr"), 0.0, 1000.0),
    "price_level": TableSpec(("currency", "year"), "consumer prices, to bring costs to one year", ("1",), numbers=("year",)),
    "reduction_option": TableSpec(
        ("option",), "reduction options and where they can go",
        extra=("sector", "name", "option_class", "mode", "step", "catch", "adds", "replaces", "needs", "excludes", "boilers", "mw_from",
               "mw_to", "only_if", "space", "coast", "ash", "build", "short_life", "items", "requires", "waste_effect", "paragraph"),
        instead="name",
    ),
    "option_effect": _shares(("option", "coal_class", "pollutant"), "share of each pollutant that an option takes out"),
    "coal_emission_factor": TableSpec(("country", "case"), "published emission factors, for checks only"),
    "measurement_method": TableSpec(
        ("standard", "quantity", "currency_year"), "methods that measure mercury in stack gas and coal: what, how low, how long, at what price",
        ("", "ug/m3", "mg/kg", "h", "1", "USD", "USD/yr"), numbers=("currency_year",), extra=("text",), instead="text",
    ),
}  # fmt: skip


def table_of(row_id: str) -> str:
    """Return the table that the id of a row names.

    >>> table_of("coal_mercury/IDN/any/all")
    'coal_mercury'
    """
    return row_id.partition("/")[0]
