"""Options, shortlist, limits and finance as a user meets them: what is printed, written and refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hginventory as hg

Hginv = Callable[..., Any]
UNIT = "G100000107734"
FLEET = ("--fleet", "indonesia.xlsx", "--draws", "100")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def data_of(outcome: Any) -> dict[str, Any]:
    assert outcome.code == 0, outcome.err
    return dict(json.loads(outcome.out)["data"])


def test_options_of_a_unit(hginv: Hginv) -> None:
    done = hginv("options", UNIT, *FLEET)
    assert done.code == 0, done.err
    assert "brominated carbon" in done.out
    assert "needs FF; the unit has LNB+ESPc+swFGD" in done.out
    assert "Costs: USD of 2025, interest 7 % a year, capital written off over 20 years" in " ".join(done.out.split())
    rows = rows_of(Path("hginv-out/indonesia-options/options.csv"))
    assert {row["unit_id"] for row in rows} == {UNIT}
    assert len(rows) == 33
    first = next(row for row in rows if row["option"] == "A2")
    assert (
        float(first["avoided_kg_per_yr_p05"])
        < float(first["avoided_kg_per_yr"])
        < float(first["avoided_kg_per_yr_p95"])
    )
    assert first["currency"] == "USD"


def test_options_as_json_with_the_site_and_the_terms(hginv: Hginv) -> None:
    done = hginv(
        "options", UNIT, *FLEET, "--json", "--no-space", "--ash-sold", "--must-cut", "none", "--rate", "0.1",
        "--life", "10", "--price-year", "2016", "--combine", "A2+P2", "-o", "out",
    )  # fmt: skip
    data = data_of(done)
    assert (data["terms"]["rate"], data["terms"]["price_year"]) == (0.1, 2016)
    by_id = {row["option"]: row for row in data["options"]}
    assert by_id["A4"]["applies"] == "no"
    assert by_id["M1"]["applies"] == "no"
    assert "concrete" in by_id["A2"]["reason"]
    assert by_id["A2+P2"]["removal_after"] > by_id["A2"]["removal_after"]
    assert Path("out/options.csv").is_file()
    codes = {finding["code"] for finding in json.loads(done.out)["findings"]}
    assert "N901" in codes


def test_options_of_the_key_plants(hginv: Hginv) -> None:
    data = data_of(hginv("options", "--plants", "--n", "2", *FLEET, "--json"))
    assert len({row["unit_id"] for row in data["options"]}) == 2


def test_other_coal_decides_about_a_change_of_coal(hginv: Hginv) -> None:
    known = "G100000105482"
    data = {
        other: next(row for row in data_of(hginv("options", known, *FLEET, "--json", "--other-coal", other))["options"]
                    if row["option"] == "F2")
        for other in ("0.0001", "1")
    }  # fmt: skip
    assert data["0.0001"]["applies"] == "yes"
    assert data["0.0001"]["avoided_kg_per_yr"] > 0
    assert data["1"]["applies"] == "no"


def test_shortlist_gives_a_page_a_plant(hginv: Hginv) -> None:
    done = hginv("shortlist", "--n", "2", *FLEET)
    assert done.code == 0, done.err
    assert done.out.count("stands for its kind") == 2
    assert done.out.count("Questions for a visit") == 2
    assert "P(in the top 10 of its sector)" in " ".join(done.out.split())
    folder = Path("hginv-out/indonesia-shortlist")
    names = {"shortlist.csv", "dossier_units.csv", "dossier_options.csv", "dossier_limits.csv", "dossier_gaps.csv"}
    assert {path.name for path in folder.iterdir()} == names
    assert [row["chosen"] for row in rows_of(folder / "shortlist.csv")][:2] == ["True", "True"]


def test_limits_of_a_jurisdiction(hginv: Hginv) -> None:
    done = hginv("limits", "--country", "EU", "--country", "idn", *FLEET)
    assert done.code == 0, done.err
    rows = rows_of(Path("hginv-out/indonesia-limits/limits_summary.csv"))
    assert {row["jurisdiction"] for row in rows} == {"EU", "IDN"}
    assert {row["reference"] for row in rows if row["jurisdiction"] == "IDN"} == {"dry, 7 % O2, 25 C"}
    units = rows_of(Path("hginv-out/indonesia-limits/limits.csv"))
    assert {"value", "margin", "p_exceed", "kg_above"} <= set(units[0])
    assert all(0 <= float(row["p_exceed"]) <= 1 for row in units)


def test_a_limit_of_the_user_on_its_own_basis(hginv: Hginv) -> None:
    one = data_of(hginv("limits", "--limit", "0.005", "--o2", "6", "--sector", "coal_power", *FLEET, "--json"))
    two = data_of(
        hginv("limits", "--limit", "5", "--unit", "ug/Nm3", "--o2", "11", "--sector", "coal_power", *FLEET, "--json")
    )
    assert one["summary"][0]["units_above"] > two["summary"][0]["units_above"]
    ratio = one["units"][0]["value"] * 1000 / two["units"][0]["value"]
    assert ratio == pytest.approx((20.9 - 6) / (20.9 - 11))


def test_limits_need_no_draws(hginv: Hginv) -> None:
    data = data_of(hginv("limits", "--country", "USA", "--fleet", "indonesia.xlsx", "--draws", "0", "--json"))
    assert all(0 <= row["p_exceed"] <= 1 for row in data["units"])


def test_finance_states_terms_and_leaves_co_finance_blank(hginv: Hginv) -> None:
    done = hginv("finance", *FLEET)
    assert done.code == 0, done.err
    assert "Costs: USD of 2025, interest 7 % a year" in done.out
    rows = rows_of(Path("hginv-out/indonesia-finance/finance.csv"))
    assert len(rows) == 3
    for row in rows:
        assert (row["grant_requested"], row["cofinance_government"]) == ("", "")
        assert (row["currency"], row["price_year"], row["rate"]) == ("USD", "2025", "0.07")
        years = hg.project("indonesia", draws=0).projection.yearly_kg.shape[1]
        assert float(row["usd_per_kg"]) == pytest.approx(float(row["annuity"]) / (float(row["avoided_kg"]) / years))


def test_the_same_call_writes_the_same_bytes(hginv: Hginv) -> None:
    for folder in ("one", "two"):
        assert hginv("finance", *FLEET, "-o", folder).code == 0
    assert Path("one/finance.csv").read_bytes() == Path("two/finance.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("options",), "name a unit"),
        (("options", UNIT, "--plants"), "not both"),
        (("options", "nowhere"), "no unit 'nowhere'"),
        (("options", UNIT, "--combine", "C1+C4"), "take one of them"),
        (("options", UNIT, "--combine", "Q9"), "no option 'Q9'"),
        (("options", UNIT, "--rate", "7"), "Write 0.07"),
        (("options", UNIT, "--must-cut", "co2"), "unknown pollutant co2"),
        (("options", UNIT, "--other-coal", "0"), "--other-coal"),
        (("shortlist", "--n", "0"), "--n"),
        (("shortlist", "--owner", "nobody at all"), "--owner"),
        (("limits", "--country", "XXX"), "--country"),
        (("limits", "--o2", "6"), "add --limit"),
        (("limits", "--limit", "1", "--country", "EU"), "cannot be used together"),
        (("limits", "--limit", "1", "--unit", "furlong"), "not a unit of a limit"),
        (("limits", "--limit", "1", "--o2", "21"), "oxygen of air"),
        (("finance", "--plant", "Nowhere"), "--plant"),
        (("finance", "--option", "K1"), "can go to none"),
        (("finance", "--difficulty", "heroic"), "--difficulty"),
        (("finance", "--price-year", "1900"), "price_level"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_remedy(hginv: Hginv, arguments: tuple[str, ...], message: str) -> None:
    done = hginv(*arguments, "--fleet", "indonesia.xlsx", "--draws", "0")
    assert done.code == 2
    assert message in done.err


MONEY = ("npv", "annuity", "cost", "capital", "usd", "per_year", "operation", "dearer")
NO_MONEY = ("_terms", "_notes", "_covers", "price_year", "of_next_kg")


@pytest.mark.parametrize(
    ("arguments", "holds_money"),
    [
        (("options", UNIT), {"options"}),
        (("options", "IDN-K24"), {"options"}),
        (("finance",), {"finance"}),
        (("shortlist", "--n", "1"), {"dossier_options"}),
        (
            ("optimize", "--target", "30%", "--by", "2035"),
            {"plan", "plan_frontier", "plan_regret", "plan_summary"},
        ),
        (("scenario", "compare", "targeted_top10"), {"scenarios", "scenario_units"}),
    ],
)
def test_every_table_with_money_states_currency_year_rate_and_life(
    hginv: Hginv, arguments: tuple[str, ...], holds_money: set[str]
) -> None:
    done = hginv(*arguments, *FLEET, "-o", "out")
    assert done.code == 0, done.err
    assert "USD of 2025, interest 7 % a year, capital written off over" in " ".join(done.out.split())
    assert "capital costs are US values: none are available for Indonesia" in " ".join(done.out.split())
    found = set()
    for path in Path("out").glob("*.csv"):
        rows = rows_of(path)
        if not rows:
            continue
        if {"name", "value"} == set(rows[0]):
            assert any(
                row["name"] == "cost_terms" and "a year, capital written off over" in row["value"] for row in rows
            )
            found.add(path.stem)
            continue
        money = [c for c in rows[0] if any(m in c for m in MONEY) and not any(n in c for n in NO_MONEY)]
        if not money:
            continue
        found.add(path.stem)
        for row in rows:
            if any(row[column] for column in money):
                whole = "a year, capital written off over" in row.get("cost_terms", "")
                parts = row.get("currency") == "USD" and row.get("price_year") == "2025" and row.get("rate") == "0.07"
                assert whole or (parts and (row.get("life_years") or row.get("book_life"))), (path.name, row)
    assert found == holds_money


@pytest.mark.parametrize("country", ["USA", "usa", "IDN", "EU", "JPN"])
def test_ids_of_limits_are_listed_without_a_fleet(hginv: Hginv, country: str) -> None:
    done = hginv("limits", "--list", "--country", country)
    assert done.code == 0, done.err
    assert max(map(len, done.out.splitlines())) <= 80
    listed = data_of(hginv("limits", "--list", "--country", country, "--json"))["limits"]
    assert {one["country"] for one in listed} == {country.upper()}
    for one in listed:
        lines = [line.split() for line in done.out.splitlines() if line.startswith(f"{one['id']} ")]
        assert any(f"{one['value']:g}" in words for words in lines)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "Missing option '--fleet'"),
        (("--json",), "Missing option '--fleet'"),
        (("--limit", "5"), "Missing option '--fleet'"),
        (("--list", "--limit", "5"), "--limit and --list cannot be used together"),
        (("--list", "--country", "Mars"), "'MARS' has no limit in the table"),
        (("--list", "--sector", "coal_power"), "add --limit"),
    ],
)
def test_a_list_of_limits_that_cannot_be_shown(hginv: Hginv, options: tuple[str, ...], words: str) -> None:
    done = hginv("limits", *options)
    assert done.code != 0
    assert words in done.out + done.err
