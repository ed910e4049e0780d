"""Every text of a report has a translation in every catalogue, with the same places for numbers."""

from __future__ import annotations

import re

import pytest

from hginventory.inputs.findings.codes import CODES
from hginventory.translations import languages, translator
from report_texts import source_texts

OF_FINDINGS = {info.meaning for info in CODES.values()}
PLACES = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("language", languages()[1:])
def test_a_catalogue_holds_every_text_of_the_report(language: str) -> None:
    texts = translator(language).texts
    assert [text for text in source_texts() if text not in texts and text not in OF_FINDINGS] == []


@pytest.mark.parametrize("language", languages()[1:])
def test_a_translation_has_the_places_of_its_source(language: str) -> None:
    texts = translator(language).texts
    wrong = [
        text for text in source_texts() if sorted(PLACES.findall(text)) != sorted(PLACES.findall(texts.get(text, text)))
    ]
    assert wrong == []


def test_texts_are_found_in_code_templates_and_tables() -> None:
    found = set(source_texts())
    for text in ("{n} units", "Skip to the content", "net capacity", "Control train", "coal mercury", "Show data"):
        assert text in found
    assert len(found) > 250
