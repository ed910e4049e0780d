"""Codes of findings keep their meaning: the list beside this file may only grow."""

from __future__ import annotations

from pathlib import Path

import pytest

from hginventory.inputs.findings.explanations import EXPLANATIONS
from hginventory.inputs.findings.findings import (
    CODES,
    SEVERITIES,
    Finding,
    Fix,
    finding,
    grouped,
    printable,
    sort_by_location,
    ungrouped,
)

PINNED = dict(line.split() for line in Path(__file__).with_name("codes.txt").read_text("utf-8").splitlines())


def test_codes_keep_their_names() -> None:
    """A code that is gone or renamed breaks scripts and links; add a new code and its line instead."""
    assert {code: CODES[code].name for code in PINNED if code in CODES} == PINNED


def test_every_code_is_pinned() -> None:
    assert CODES.keys() - PINNED.keys() == set(), "add the new codes at the end of tests/inputs/findings/codes.txt"


def test_no_number_or_name_is_used_twice() -> None:
    numbers = [code[1:] for code in CODES]
    assert len(set(numbers)) == len(numbers)
    names = [info.name for info in CODES.values()]
    assert len(set(names)) == len(names)
    assert {code[0] for code in CODES} == set(SEVERITIES)


def test_every_code_is_explained() -> None:
    assert EXPLANATIONS.keys() == CODES.keys()


@pytest.mark.parametrize("code", CODES)
def test_words_are_sentences(code: str) -> None:
    info, more = CODES[code], EXPLANATIONS[code]
    assert info.remedy.endswith(".")
    assert not info.meaning.endswith(".")
    assert more.why.endswith(".")
    assert more.example


def finding_at(code: str, sheet: str, cell: str) -> Finding:
    return finding(code, sheet, cell, "found")


def test_sorted_by_severity_then_as_one_meets_them() -> None:
    found = [
        finding_at("N213", "Settings", "B3"),
        finding_at("E201", "Coal_units", "B12"),
        finding_at("E201", "Coal_units", "AA2"),
        finding_at("W305", "Coal_units", "7:7"),
        finding_at("E202", "Coal_units", "C2"),
        finding_at("E206", "Settings", "B9"),
        finding_at("E101", "fleet", ""),
    ]
    ordered = [one.location for one in sort_by_location(found, ["Settings", "Coal_units"])]
    assert ordered == [
        "Settings!B9", "Coal_units!C2", "Coal_units!AA2", "Coal_units!B12", "fleet", "Coal_units!7:7", "Settings!B3",
    ]  # fmt: skip


def test_a_group_gives_its_findings_back() -> None:
    single = [finding_at("W209", "Coal_units", f"G{row}") for row in (3, 5, 9)]
    group = grouped(single)
    assert (group.count, group.location) == (3, "Coal_units!G3")
    assert list(ungrouped([group])) == single
    counted = finding_at("W406", "Coal_units", "A1").counted(4)  # locations that nobody listed stay a number
    assert list(ungrouped([counted])) == [counted]


def test_finding_as_a_mapping_holds_its_fix_and_not_the_others() -> None:
    one = finding("N213", "Coal_units", "G3", '"600"', fix=Fix("G3", 600, is_safe=True))
    content = grouped([one, one]).as_dict()
    assert content["fix"] == {"cell": "G3", "new_value": 600, "safe": True}
    assert (content["severity"], content["place"], content["count"]) == ("note", "Coal_units!G3", 2)
    assert "others" not in content


def test_message_holds_nothing_that_a_terminal_obeys() -> None:
    found = finding("E203", "Coal_units", "C3", '"\x1b[2Jgone"', unit="a\nb")
    assert found.message.isprintable()
    assert printable("plain text") == "plain text"
