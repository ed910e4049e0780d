"""Names of bundled fleets: a country by any of its names, groups, the world, and what is proposed for a slip."""

from __future__ import annotations

import pycountry
import pytest
from babel import Locale

from hginventory.errors import UnreadableFileError
from hginventory.inputs.bundled.fleet_names import country_groups, find_fleet, unknown_fleet
from hginventory.inputs.bundled.tracker_table import countries_of_table

LANGUAGES = ("en", "id", "fr", "es", "zh", "ru", "ar", "pl")
CURATED = {"IDN": "indonesia", "IND": "india"}  # workbooks with more than the tracker knows
COUNTRIES = sorted(countries_of_table())


def short_code(country: str) -> str:
    found = pycountry.countries.get(alpha_3=country)
    return "XK" if found is None else found.alpha_2


def fleet_of(country: str) -> str:
    return CURATED.get(country, f"tracker:{country}")


def name_of(text: str) -> str | None:
    named = find_fleet(text)
    return named.name if named else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_is_found_by_its_name_in_many_languages(language: str) -> None:
    names = Locale.parse(language).territories
    found = {country: name_of(names[short_code(country)]) for country in COUNTRIES}
    assert found == {country: fleet_of(country) for country in COUNTRIES}


def test_every_country_is_found_by_its_codes_in_any_case() -> None:
    for country in COUNTRIES:
        assert {name_of(text) for text in (country, country.lower(), short_code(country))} == {fleet_of(country)}


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Việt Nam", "VNM"),
        ("Polska", "POL"),
        ("Türkiye", "TUR"),
        ("भारत", "IND"),
        ("ไทย", "THA"),
        ("日本", "JPN"),
    ],
)
def test_a_country_is_found_by_its_own_name(text: str, country: str) -> None:
    assert name_of(text) == fleet_of(country)


def test_a_code_comes_before_a_name() -> None:
    assert name_of("nga") == "tracker:NGA"  # Nigeria, not Russia in Vietnamese


@pytest.mark.parametrize("text", ["south-africa", "South Africa", "SOUTH_AFRICA", "Afrika Selatan", "南非"])
def test_signs_and_case_do_not_matter(text: str) -> None:
    assert name_of(text) == "tracker:ZAF"


@pytest.mark.parametrize("text", ["IDN", "id", "indonesia", "Indonesia", "indonesia.xlsx", "Indonésie", "印度尼西亚"])
def test_every_name_of_indonesia_is_the_curated_workbook(text: str) -> None:
    named = find_fleet(text)
    assert named is not None
    assert named.name == "indonesia"
    assert named.workbook is not None


@pytest.mark.parametrize("text", ["tracker:IDN", "tracker:indonesia", "Tracker: Indonesien", "TRACKER:idn"])
def test_the_units_of_the_tracker_can_be_asked_for(text: str) -> None:
    named = find_fleet(text)
    assert named is not None
    assert (named.name, named.countries, named.workbook) == ("tracker:IDN", frozenset({"IDN"}), None)


@pytest.mark.parametrize(
    ("text", "name", "count"),
    [
        ("EU27", "tracker:EU27", 27),
        ("eu-27", "tracker:EU27", 27),
        ("European Union", "tracker:EU27", 27),
        ("asean", "tracker:ASEAN", 11),
        ("world", "tracker:world", 0),
        ("tracker:World", "tracker:world", 0),
    ],
)
def test_groups_and_the_world(text: str, name: str, count: int) -> None:
    named = find_fleet(text)
    assert named is not None
    assert (named.name, len(named.countries)) == (name, count)


def test_a_name_found_is_found_again_by_its_one_name() -> None:
    for text in (*COUNTRIES, "IDN", "tracker:IDN", *country_groups(), "world"):
        named = find_fleet(text)
        assert named is not None
        assert find_fleet(named.name) == named


@pytest.mark.parametrize("text", ["vietnam.xlsx", "VNM.csv", "data/VNM", "./world", "narnia", "", "tracker:", "x:VNM"])
def test_paths_and_other_words_name_no_fleet(text: str) -> None:
    assert find_fleet(text) is None


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("vietnm", "Vietnam (VNM)"),
        ("VMN", "Vietnam (VNM)"),
        ("Polsk", "Poland (POL)"),
        ("sout africa", "South Africa (ZAF)"),
        ("Indnesia", "Indonesia (IDN)"),
        ("tracker:vietnm", "Vietnam (VNM)"),
        ("wrld", "world"),
        ("asaen", "ASEAN"),
    ],
)
def test_an_unknown_name_lists_near_ones(text: str, near: str) -> None:
    error = unknown_fleet(text)
    assert isinstance(error, UnreadableFileError)
    assert f"Did you mean {near}" in error.message


@pytest.mark.parametrize("text", ["folder/vietnam.xlsx", "qqqqqq"])
def test_a_path_and_a_name_like_none_get_no_proposal(text: str) -> None:
    assert "Did you mean" not in unknown_fleet(text).message
