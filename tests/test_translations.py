"""Languages are catalogues: complete, true to names and codes, and added without touching code."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import openpyxl
import pytest
from babel.messages.pofile import read_po

from hginventory import translations
from hginventory.errors import UsageError
from hginventory.inputs.template.template import write_template
from hginventory.inputs.template.texts import source_texts
from hginventory.report.plan.write import plan_texts
from hginventory.translations import LOCALE_FOLDER, languages, translator
from report_texts import source_texts as report_texts

OTHERS = [language for language in languages() if language != "en"]
# What must stand in a translation as it stands in the source: names, codes, options, cell references.
FIXED = re.compile(
    r"--\w+|\w+!\w+|[a-z]+(?:_[a-z0-9]+)+|EXAMPLE|\b[A-Z]\w+_\w+|\bEN 13211|\bEPA 30B|\d{4}-\d\d-\d\d|'[^']+'"
)


def test_indonesian_is_there() -> None:
    assert languages()[0] == "en"
    assert "id" in languages()


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_no_other_is_kept(language: str) -> None:
    tr = translator(language)
    assert [text for text in source_texts() if text not in tr.texts] == []
    assert sorted(set(tr.texts) - {*source_texts(), *report_texts(), *plan_texts()}) == [], (
        "run tools/build_catalogues.py"
    )


@pytest.mark.parametrize("language", OTHERS)
def test_names_and_codes_are_not_translated(language: str) -> None:
    for source, translation in translator(language).texts.items():
        kept = [word for word in FIXED.findall(source) if word not in translation]
        assert not kept, (source, kept)


def test_source_texts_are_what_the_schema_says() -> None:
    """A text of the schema that the writer forgot to hand to the translator would never be translated."""
    from hginventory.inputs.schema.contract import CONTRACT_SHEETS
    from hginventory.inputs.schema.other_sheets import SETTINGS

    asked = set(source_texts())
    for sheet in CONTRACT_SHEETS.values():
        assert sheet.meaning in asked
    for column in [*SETTINGS, *(c for sheet in CONTRACT_SHEETS.values() for c in sheet.columns)]:
        assert {column.label, column.meaning} <= asked
        if column.codes is not None:
            codes = column.devices or column.codes.codes
            assert {column.codes.meanings[code] for code in codes} <= asked


def test_unknown_language_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"'tlh'.*en, id"):
        translator("tlh")


def test_new_language_needs_a_catalogue_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(translations.LOCALE_FOLDER / "id", tmp_path / "id")
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "hginventory.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Gross capacity"\nmsgstr "Þröng €"\n\n'
        '#, fuzzy\nmsgid "Net capacity"\nmsgstr "a draft"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(translations, "LOCALE_FOLDER", tmp_path)
    assert languages() == ("en", "id", "xx")
    book = openpyxl.load_workbook(write_template(tmp_path / "fleet.xlsx", language="xx", sector="coal"))
    labels = {
        book["Coal_units"].cell(3, column).value: book["Coal_units"].cell(1, column).value for column in range(1, 20)
    }
    assert labels["capacity_gross"] == "Þröng € *"
    assert labels["capacity_net"] == "Net capacity *", "a draft marked fuzzy is not shown"
    assert labels["plant"] == "Plant *", "what has no translation stays English"


@pytest.mark.parametrize("language", OTHERS)
def test_catalogue_is_well_formed(language: str) -> None:
    with (translations.LOCALE_FOLDER / language / "LC_MESSAGES" / "hginventory.po").open("rb") as file:
        catalogue = read_po(file, language, abort_invalid=True)
    assert not [message.id for message in catalogue if message.fuzzy and message.id]
    assert catalogue.locale is not None


def test_a_kept_catalogue_is_that_of_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is parsed once, and again once a letter of it changes; what is kept has the same texts as the file."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    asked: list[bytes] = []
    parsed = translations._parsed
    monkeypatch.setattr(translations, "_parsed", lambda read: asked.append(read) or parsed(read))  # type: ignore[func-returns-value]
    po = tmp_path / "id" / "LC_MESSAGES" / "hginventory.po"
    po.parent.mkdir(parents=True)
    text = (LOCALE_FOLDER / "id" / "LC_MESSAGES" / "hginventory.po").read_text(encoding="utf-8")
    for number, content in enumerate((text, text.replace('msgstr "Negara"', 'msgstr "Negeri"')), 1):
        po.write_text(content, encoding="utf-8")
        for _ in range(3):
            translations._catalogue.cache_clear()
            found = translations._catalogue(tmp_path / "id")
            assert found == parsed(content.encode())
        assert len(asked) == number
    assert found["Country"] == "Negeri"
    translations._catalogue.cache_clear()
