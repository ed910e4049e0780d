"""Bring the catalogues of translations up to date with the source texts: for maintainers and translators.

    python tools/build_catalogues.py          # all languages there are
    python tools/build_catalogues.py fr       # begins hginventory/locale/fr, or brings it up to date

Translations are kept; a text that changed keeps its former translation as a draft marked fuzzy, which is not shown
until somebody has read it again. Says how many texts are without a translation.
"""

from __future__ import annotations

import argparse
import datetime

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from hginventory.inputs.template import source_texts
from hginventory.report.plan import plan_texts
from hginventory.translations import LOCALE_FOLDER, SOURCE_LANGUAGE, languages
from report_texts import source_texts as report_texts

FIXED = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # so that equal texts give equal bytes
HEADER = "# Translations of hginventory. Stable names and codes (hg_coal, ESPc, EXAMPLE) stay as they are.\n#"


def main() -> None:
    """Read the command line, update the catalogues, and say what is left to translate."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("languages", nargs="*", help="codes of languages; default: those with a catalogue")
    texts = list(dict.fromkeys([*source_texts(), *report_texts(), *plan_texts()]))
    for language in parser.parse_args().languages or [name for name in languages() if name != SOURCE_LANGUAGE]:
        missing = update(language, texts)
        print(f"{language}: {len(texts)} texts, {missing} without a translation")


def update(language: str, texts: list[str]) -> int:
    """Write the catalogue of a language and return how many texts have no translation."""
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / "hginventory.po"
    catalogue = Catalog(
        language,
        "hginventory",
        HEADER,
        "hginventory",
        msgid_bugs_address="see README.md",
        last_translator="the hginventory developers",
        language_team=language,
        charset="utf-8",
        creation_date=FIXED,
        revision_date=FIXED,
        fuzzy=False,
    )
    if path.exists():
        with path.open("rb") as file:
            for message in read_po(file, language):
                if message.id:
                    catalogue.add(message.id, message.string, flags=message.flags)
    template = Catalog(project="hginventory", charset="utf-8", creation_date=FIXED, fuzzy=False)
    for text in texts:
        template.add(text)
    catalogue.update(template)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, omit_header=False, sort_output=False, ignore_obsolete=True)
    return sum(1 for message in catalogue if message.id and (not message.string or message.fuzzy))


if __name__ == "__main__":
    main()
