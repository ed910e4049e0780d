"""Words in cells: Namibia, countries in their languages, accents, the template's words, and what is offered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

import hginventory as hg
from hginventory.inputs.findings.findings import Finding
from hginventory.inputs.frames import fleet_from_frame
from hginventory.inputs.parsing.cell_values import parse_cell
from hginventory.inputs.parsing.countries import country_code
from hginventory.inputs.parsing.number_cells import Parsed
from hginventory.inputs.parsing.number_text import Problem
from hginventory.inputs.reader import fleet_from_tables
from hginventory.inputs.schema.column import Column
from hginventory.inputs.schema.contract import CONTRACT_SHEETS
from hginventory.inputs.trackers.common import Filters
from hginventory.inputs.trackers.mapped_csv import read_mapped
from hginventory.translations import TranslatableText, languages, translator
from hginventory.xlsx.cells import RawCell

# Countries with coal units or kilns in public trackers.
WITH_COAL = [
    territory
    for line in (
        "AL AR AT AU BA BD BE BG BR BW BY CA CL CN CO CZ DE DK DO EE EG ES FI FR GB GR GT HK HN HR HU ID IE IL IN",
        "IR IT JP KE KG KH KR KZ LA LK LT LV MA ME MG MK MM MN MU MX MY MZ NA NE NG NL NZ PA PE PH PK PL PR PT RE",
        "RO RS RU SE SI SK SN SY TH TJ TR TW TZ UA US UZ VN XK ZA ZM ZW AE SA DZ TN LY JO IQ KW OM QA YE ET GH CM CI",
    )
    for territory in line.split()
]


def units(*countries: str | None, **settings: Any) -> hg.Fleet:
    table = pd.DataFrame({"country": countries, "MW": 600, "start_year": 2015, "status": "operating"}, dtype=object)
    return fleet_from_frame(table, settings=settings or None)


def errors(fleet: hg.Fleet) -> list[Finding]:
    return [one for one in fleet.findings if one.severity == "error"]


@pytest.mark.parametrize(
    "countries", [("ZA", "BW", "NA"), ("NA", "ZA"), ("za", "na", "bw"), ("ZA", None, "NA"), ("ID", "NA", "-", "NA")]
)
def test_na_among_codes_of_two_letters_is_namibia(countries: tuple[str | None, ...]) -> None:
    read = units(*countries, country="ZAF").units["country"].tolist()
    assert [code for given, code in zip(countries, read, strict=True) if given in ("NA", "na")] == ["NAM"] * sum(
        given in ("NA", "na") for given in countries
    )


@pytest.mark.parametrize(
    "countries",
    [
        ("ZAF", "NA"),
        ("NA",),
        ("South Africa", "NA", "ZA"),
        ("ZA", "BWA", "na"),
        ("NA", "NA"),
        ("NA", None),
        (" NA ", "IDN"),
    ],
)
def test_na_among_other_words_is_an_error_that_names_both_readings(countries: tuple[str | None, ...]) -> None:
    fleet = units(*countries, country="ZAF")
    found = errors(fleet)
    assert [one.code for one in found] == ["E215"] * sum(str(given).strip() in ("NA", "na") for given in countries)
    assert all("Namibia" in one.message and "no value" in one.message and "NAM" in one.remedy for one in found)
    assert fleet.units["country"].isna().sum() == len(found)


@pytest.mark.parametrize("word", ["n/a", "N/A", "-", "--", "unknown", "not available", "tidak diketahui"])
def test_no_data_is_not_the_country_of_blank_cells(word: str) -> None:
    fleet = units("IDN", word, None, country="ZAF")
    assert [one.code for one in errors(fleet)] == ["E215"]
    assert fleet.units["country"].tolist()[::2] == ["IDN", "ZAF"]
    assert fleet.units["country"].isna().tolist() == [False, True, False]


def test_country_of_a_fuel_may_be_unknown() -> None:
    fuels = pd.DataFrame({"fuel_id": ["F1", "F2"], "country": ["n/a", "AU"]})
    coal = pd.DataFrame({"country": ["ID"], "MW": [600], "start_year": [2015], "fuel_id": ["F1"]})
    fleet = fleet_from_tables({"Coal_units": coal, "Fuels": fuels})
    assert not errors(fleet)
    assert fleet.fuels["country"].tolist() == [None, "AUS"]


def test_na_in_the_settings_is_no_country() -> None:
    assert {"E215", "E206"} == {one.code for one in errors(units(None, country="NA"))}


MAPPING = """
[source]
source_id = "R"
citation = "A register"
[settings]
country = "ZAF"
[columns]
unit_id = "Id"
country = "Country"
capacity_gross = "MW"
"""


@pytest.mark.parametrize(
    ("countries", "kept", "left_out"),
    [
        (("ZA", "NA", "BW"), ["ZAF", "NAM", "BWA"], 0),
        (("na", "za"), ["NAM", "ZAF"], 0),
        (("ZAF", "NA", "BWA"), ["ZAF", "BWA"], 1),
        (("South Africa", "NA"), ["ZAF"], 1),
        (("ZA", "n/a", ""), ["ZAF", "ZAF"], 1),
        (("ZA", "Atlantis"), ["ZAF"], 1),
    ],
)
def test_na_in_an_imported_table(tmp_path: Path, countries: tuple[str, ...], kept: list[str], left_out: int) -> None:
    mapping, table = tmp_path / "map.toml", tmp_path / "register.csv"
    mapping.write_text(MAPPING)
    rows = [f"U{number},{country},600" for number, country in enumerate(countries)]
    table.write_text("\n".join(["Id,Country,MW", *rows]) + "\n")
    fleet, report = read_mapped(table, mapping, Filters())
    assert fleet.units["country"].tolist() == kept
    assert [row.reason for row in report.left_out] == ["the country is not known"] * left_out


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Việt Nam", "VNM"), ("VIỆT NAM", "VNM"), ("Türkiye", "TUR"), ("TÜRKİYE", "TUR"), ("Turkiye", "TUR"),
        ("Côte d'Ivoire", "CIV"), ("Cote d’Ivoire", "CIV"), ("中国", "CHN"), ("中國", "CHN"), ("中华人民共和国", "CHN"),
        ("Deutschland", "DEU"), ("Polska", "POL"), ("Россия", "RUS"), ("Российская Федерация", "RUS"),
        ("Україна", "UKR"), ("Қазақстан", "KAZ"), ("Ελλάδα", "GRC"), ("日本", "JPN"), ("대한민국", "KOR"),
        ("भारत", "IND"), ("ไทย", "THA"), ("Česko", "CZE"), ("Česká republika", "CZE"), ("España", "ESP"),
        ("México", "MEX"), ("Perú", "PER"), ("Moçambique", "MOZ"), ("O‘zbekiston", "UZB"), ("المغرب", "MAR"),
        ("Tiongkok", "CHN"), ("Filipina", "PHL"), ("Alemania", "DEU"), ("UK", "GBR"), ("Lao PDR", "LAO"),
    ],
)  # fmt: skip
def test_countries_in_their_own_language(name: str, code: str) -> None:
    assert units(name).units["country"].tolist() == [code]
    assert units(unicodedata.normalize("NFD", name)).units["country"].tolist() == [code]


@pytest.mark.parametrize("name", ["Kongo", "Конго", "Korea", "Atlantis", "Nordland", "Selatan", "", "?"])
def test_names_of_no_or_two_countries_are_not_guessed(name: str) -> None:
    assert country_code(name) is None


def test_every_country_with_coal_has_its_names() -> None:
    wrong = []
    for territory in WITH_COAL:
        for language in get_official_languages(territory, de_facto=True):
            try:
                name = str(Locale.parse(language).territories[territory])
            except (UnknownLocaleError, KeyError):
                continue
            if country_code(name) != country_code(territory):
                wrong.append((territory, language, name, country_code(name)))
    assert not wrong


@pytest.mark.parametrize("name", ["Cần Thơ", "São Luís", "Łódź", "Čačak", "Ankara Çayırhan", "Åbo", "가나"])
def test_an_accent_may_be_one_sign_or_two(name: str) -> None:
    apart = unicodedata.normalize("NFD", name)
    assert apart != unicodedata.normalize("NFC", name)
    coal = pd.DataFrame({"unit_id": [f"{apart} 1"], "plant": [apart], "country": ["ID"], "MW": [600], "owner": [apart],
                         "source_id": [apart]})  # fmt: skip
    activity = pd.DataFrame({"unit_id": [f"{name} 1"], "year": [2024], "variable": ["generation_net"], "value": [3000],
                             "unit": ["GWh"]})  # fmt: skip
    sources = pd.DataFrame({"source_id": [name], "citation": ["A report, 2020"]})
    tables = {"Coal_units": coal, "Activity": activity, "Sources": sources}
    fleet = fleet_from_tables(tables, settings={"fleet_name": apart})
    assert not [one for one in fleet.findings if one.code in ("E407", "W406", "W217")]
    assert fleet.units.index.tolist() == [f"{name} 1"]
    assert fleet.units[["plant", "owner"]].iloc[0].tolist() == [name, name]
    assert fleet.settings["fleet_name"].value == name
    for written in (name, apart):
        assert hg.project(fleet, draws=0, where=f"plant == '{written}'").units.index.tolist() == [f"{name} 1"]


def coded() -> Iterator[tuple[str, Column]]:
    for sheet in CONTRACT_SHEETS.values():
        for column in sheet.columns:
            if column.kind in ("code", "train"):
                yield f"{sheet.name}.{column.name}", column


CODED = dict(coded())


def parse(value: Any, column: Column) -> Parsed:
    return parse_cell(RawCell(value, "A1"), column, column.unit, None)


@pytest.mark.parametrize("column", CODED.values(), ids=CODED)
@pytest.mark.parametrize("language", languages())
def test_what_the_template_calls_a_code_is_read_as_that_code(column: Column, language: str) -> None:
    say = translator(language)
    codes = column.devices or column.known_codes.codes
    for code in codes:
        meaning = say(column.known_codes.meanings[code])
        parsed = parse(meaning, column)
        alike = [one for one in column.known_codes.codes if say(column.known_codes.meanings[one]) == meaning]
        assert parsed.value == code or len(alike) > 1, (code, meaning)
        assert parsed.value == parse(meaning.upper(), column).value


@pytest.mark.parametrize(
    ("word", "name", "code"),
    [
        ("beroperasi", "Coal_units.status", "operating"),
        ("Dalam Konstruksi", "Coal_units.status", "construction"),
        ("dibatalkan", "Cement_kilns.status", "cancelled"),
        ("subbituminus", "Coal_units.coal_type", "subbituminous"),
        ("filter kain", "Coal_units.pm_control", "FF"),
        ("presipitator elektrostatik sisi dingin + filter kain", "Coal_units.pm_control", "ESPc+FF"),
        ("tidak ada", "Coal_units.so2_control", "none"),
        ("tidak diketahui", "Coal_units.so2_control", "unknown"),
        ("Wall-fired", "Coal_units.boiler", "PC"),
        ("tangentially fired", "Coal_units.boiler", "PC"),
        ("CFBC", "Coal_units.boiler", "CFB"),
        ("Sub-critical", "Coal_units.technology", "subcritical"),
        ("ultra-super-critical", "Coal_units.technology", "ultra-supercritical"),
        ("under-construction", "Coal_units.status", "construction"),
        ("refuse-derived fuel", "", "RDF"),
    ],
)
def test_words_of_the_field_and_of_the_template(word: str, name: str, code: str) -> None:
    from hginventory.vocabulary import KILN_FUELS

    assert (parse(word, CODED[name]).value if name else KILN_FUELS.match(word)) == code


@pytest.mark.parametrize("word", ["ya", "Ya", "tidak", "yes", "No", "oui"])
def test_yes_and_no(word: str) -> None:
    captive = CONTRACT_SHEETS["Coal_units"].column("captive")
    assert parse(word, captive).value is (word.casefold() in ("ya", "yes", "oui"))


@pytest.mark.parametrize(
    "word", ["sub/bit", "bit / sub", "Bituminous & lignite", "lignit dan bituminus", "sub and lig"]
)
def test_two_coals_in_a_cell_are_both_offered(word: str) -> None:
    parsed = parse(word, CODED["Coal_units.coal_type"])
    assert parsed.value is None
    remedy = parsed.problems[0].remedy
    assert isinstance(remedy, TranslatableText)
    both = str(remedy.parts["near"]).split(" / ")
    assert len(set(both) & set(CODED["Coal_units.coal_type"].known_codes.codes)) == 2


def offered(problem: Problem) -> list[str]:
    """Return the words that a problem proposes: typed ones, and those of its texts."""
    words = [] if problem.new_value is None else [str(problem.new_value)]
    for text in (problem.found, problem.allowed, problem.remedy):
        if isinstance(text, TranslatableText):
            words += str(text.parts.get("near", "")).split(" / ") if "near" in text.parts else []
            words += str(text.parts["allowed"]).split(", ") if "allowed" in text.parts else []
    words += re.findall(r"\(did you mean (.+)\?\)", problem.found)  # of a device in a train
    return list(dict.fromkeys(words))


def misspelt(word: str) -> Iterator[str]:
    """Yield five misspellings of a word."""
    yield f"{word}x"
    yield word[:-1]
    yield f"{word[:2]}q{word[2:]}"
    yield word[::-1]
    yield f"{word} / other"


@pytest.mark.parametrize("column", CODED.values(), ids=CODED)
def test_every_word_that_an_error_offers_is_read(column: Column) -> None:
    codes = column.known_codes
    words = [*codes.codes, *codes.meanings.values(), *(text for texts in codes.spellings.values() for text in texts)]
    asked = 0
    for wrong in (text for word in words if word for text in misspelt(word)):
        for problem in parse(wrong, column).problems:
            if problem.code != "E203":
                continue
            proposals = offered(problem)
            assert proposals, wrong
            for word in proposals:
                asked += 1
                home = problem.remedy.parts.get("column") if isinstance(problem.remedy, TranslatableText) else None
                is_elsewhere = home is not None and word not in str(problem.allowed)
                read = parse(word, CONTRACT_SHEETS["Coal_units"].column(str(home)) if is_elsewhere else column)
                assert not [one for one in read.problems if one.code[0] == "E"], (wrong, word)
                assert read.value == word
    assert asked > 10


@pytest.mark.parametrize("head", ["capacity_gros", "capacity gross x", "gross capacit", "start_yea", "countri"])
def test_a_column_that_is_there_is_not_offered_for_another_one(head: str) -> None:
    names = {"capacity_gross": [600], "country": ["ID"], "start_year": [2015], "status": ["operating"]}
    alone = fleet_from_tables({"Coal_units": pd.DataFrame({"unit_id": ["A"], "coal_use": [1e6], head: [1]})})
    both = fleet_from_tables({"Coal_units": pd.DataFrame({"unit_id": ["A"], **names, head: [1]})})
    (proposal,) = [one.remedy for one in alone.findings if one.code == "W303"]
    (other,) = [one.remedy for one in both.findings if one.code == "W303"]
    assert isinstance(proposal, TranslatableText)
    assert proposal.parts["near"] in names
    assert not any(f"mean {name}?" in other for name in names)
