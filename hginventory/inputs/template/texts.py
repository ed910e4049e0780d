"""The texts of a workbook that are to be translated: what its writer asks for when it writes one of everything."""

from __future__ import annotations

from dataclasses import dataclass, field

from hginventory.inputs.schema import CONTRACT_SHEETS
from hginventory.inputs.template.examples import example_rows
from hginventory.inputs.template.field_form import LABELS, FormPage, form_bytes
from hginventory.inputs.template.writer import Contents, contract_bytes
from hginventory.translations import Translator


@dataclass(frozen=True)
class Recorder(Translator):
    """A translator that notes what it is asked and translates nothing."""

    asked: dict[str, None] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        """Note a text and return it."""
        self.asked[text] = None
        return text


def source_texts() -> list[str]:
    """Return every text, in order of first use.

    >>> "Country" in source_texts()
    True
    """
    recorder = Recorder()
    contract_bytes(Contents(rows=example_rows(recorder, "IDN")), recorder, tuple(CONTRACT_SHEETS))
    known = dict.fromkeys(LABELS, "")
    form_bytes([FormPage("", known, "", {}, True, ""), FormPage("", known, "", None, False, "")], recorder)
    return list(recorder.asked)
