"""Say which countries import their hard coal: for maintainers, after a new tracker release or a change of the trade facts.

    python tools/coal_importers.py TRACKER.xlsx TRADE.csv                    # prints the rows
    python tools/coal_importers.py TRACKER.xlsx TRADE.csv --write factors    # replaces the table coal_import

TRACKER.xlsx is a release of the Global Coal Plant Tracker of Global Energy Monitor (CC BY 4.0), TRADE.csv as for
tools/import_mix.py. One rule for all countries: the share of the hard coal burned in the operating units of a country
that is imported is

1. by capacity, where the tracker names the origin of the coal for a fifth of it or more;
2. else the imports of the last year in customs statistics, over what the units burn: capacity, capacity factor of the country
   in that year, efficiency and heating value of the world; at most 1;
3. else 1 for a country without a row of its own in coal_mercury, and 0 for all others.

Units of unknown rank count as hard coal here, and a country without such units has no row. The second number of a country is the share of hard coal in the
operating capacity whose rank is known; without one it is 1.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import hginventory as hg
from hginventory.factors import FactorLibrary, load_library, lookup
from hginventory.factors.traded_coal import HARD_COALS
from hginventory.vocabulary import DOMESTIC, IMPORTED, UNKNOWN
from import_mix import OWN, Row, read, write

LEAST_NAMED = 0.2  # of the capacity, from where the origins named tell of all
TRACKER = "global-energy-monitor-global-coal"  # row of sources.csv
CUSTOMS = ("UN Comtrade", "Eurostat")  # statistics of whole years; reports often tell of a few months
HARD = (*HARD_COALS, UNKNOWN, None)
Unit = Mapping[str, object]


def import_rows(units: Iterable[Unit], trade: Iterable[Row], library: FactorLibrary) -> list[dict[str, str]]:
    """Return the rows of `coal_import`, countries in order.

    Parameters
    ----------
    units : iterable of mapping
        Operating units: country, coal_type, coal_origin, capacity_gross [MW].
    trade : iterable of mapping
        Rows of the trade facts.
    library : FactorLibrary
        Factor tables.
    """
    imports = _imports(trade)
    own = {row.keys["country"] for row in library.table("coal_mercury").defaults}
    countries: dict[str, list[Unit]] = {}
    for unit in units:
        countries.setdefault(str(unit["country"]), []).append(unit)
    rows = []
    for country, of_country in sorted(countries.items()):
        if all(unit["coal_type"] not in HARD for unit in of_country):
            continue
        rows += [_hard_share(country, of_country), _import_share(country, of_country, imports, own, library)]
    return rows


def _imports(trade: Iterable[Row]) -> dict[str, tuple[int, float, str]]:
    """Return year, imports [Mt/yr] and source of the last year in customs statistics, by country."""
    last: dict[str, tuple[int, float, str]] = {}
    for row in trade:
        if row["importer_total_mt"] and row["source"].startswith(CUSTOMS):
            found = (int(row["year"]), float(row["importer_total_mt"]), row["source"])
            last[row["importer"]] = max(found, last.get(row["importer"], found))
    return last


def _mw(units: Iterable[Unit], column: str, codes: Sequence[str]) -> float:
    return sum(float(str(unit["capacity_gross"])) for unit in units if unit[column] in codes)


def _hard_share(country: str, units: Sequence[Unit]) -> dict[str, str]:
    hard = _mw(units, "coal_type", HARD_COALS)
    known = sum(float(str(unit["capacity_gross"])) for unit in units if unit["coal_type"] not in (UNKNOWN, None))
    share = hard / known if known else 1.0
    method = (
        f"{hard:.0f} MW bituminous and subbituminous of {known:.0f} MW of known rank"
        if known
        else "no rank is known: 1"
    )
    return _row(country, "hard_coal_share", share, method, "read" if known else "judgement")


def _import_share(
    country: str,
    units: Sequence[Unit],
    imports: Mapping[str, tuple[int, float, str]],
    own: set[str],
    library: FactorLibrary,
) -> dict[str, str]:
    hard = [unit for unit in units if unit["coal_type"] in HARD]
    total = sum(float(str(unit["capacity_gross"])) for unit in hard)
    abroad, here = (_mw(hard, "coal_origin", [code]) for code in (IMPORTED, DOMESTIC))
    named = f"tracker: imported {abroad:.0f} MW, domestic {here:.0f} MW of {total:.0f} MW hard coal"
    if total and (abroad + here) / total >= LEAST_NAMED:
        return _row(country, "import_share", abroad / (abroad + here), f"rule 1; {named}", "read")
    if total and country in imports:
        year, tonnes, source = imports[country]
        burned, words = _burned(country, total, library.in_year(year))
        method = f"rule 2; {tonnes:g} Mt imported in {year} over {burned:.1f} Mt burned ({words}); {named}; {source}"
        return _row(country, "import_share", min(tonnes / burned, 1.0), method, "judgement")
    words = "has a row" if country in own else "has no row"
    method = f"rule 3; {words} of its own in coal_mercury; {named}"
    return _row(country, "import_share", float(country not in own), method, "judgement")


def _burned(country: str, mw: float, library: FactorLibrary) -> tuple[float, str]:
    """Return the coal that units burn [Mt/yr], and how it was got."""
    technology = library.table("coal_technology")
    factor, efficiency = (
        lookup.TechnologyLadder(technology, quantity).best(of, "", "", float("nan")).number()
        for quantity, of in (("capacity_factor", country), ("net_efficiency", lookup.WORLD))
    )
    heating = lookup.Ladder(library.table("coal_heating_value"))[
        "net_calorific_value", lookup.WORLD, "bituminous"
    ].number()
    words = f"{mw:.0f} MW x 8760 h x {factor:g} x 3.6 / {efficiency:g} / {heating:g} MJ/kg"
    return mw * 8760 * factor * 3.6 / efficiency / heating / 1e6, words


def _row(country: str, quantity: str, share: float, method: str, mark: str) -> dict[str, str]:
    source, locator = (
        (OWN, "")
        if mark != "read"
        else (TRACKER, "Units, columns Coal source, Coal type and Capacity, operating units")
    )
    return {
        "country": country, "quantity": quantity, "value": f"{round(share, 3):g}", "unit": "1", "method": method,
        "read_from": mark, "use": "default", "source_id": source, "locator": locator,
    }  # fmt: skip


def main() -> None:
    """Read the command line, then print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tracker", type=Path, help="release of the Global Coal Plant Tracker, .xlsx")
    parser.add_argument("trade", type=Path, help="facts on coal trade, .csv")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="folder of factor tables to change")
    options = parser.parse_args()
    library = FactorLibrary(options.write) if options.write else load_library()
    fleet, _ = hg.import_tracker("gem-coal", options.tracker, statuses=["operating"])
    units = [{str(name): value for name, value in unit.items()} for unit in fleet.units.to_dict("records")]
    write(options.write, "coal_import", import_rows(units, read(options.trade), library))


if __name__ == "__main__":
    main()
