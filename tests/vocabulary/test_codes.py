"""Codes and their spellings: trains in gas order, nothing taken silently, no spelling for two codes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hginventory import vocabulary as v

LISTS = [value for name in dir(v) if isinstance(value := getattr(v, name), v.CodeList)]


@pytest.mark.parametrize(
    ("text", "train"),
    [
        ("wFGD+ESPc+SCR", "SCR+ESPc+wFGD"),
        ("SCR+ESPc+wFGD", "SCR+ESPc+wFGD"),
        ("SWFGD, ESP, LNB", "LNB+ESPc+swFGD"),
        ("Baghouse; spray dryer", "SDA+FF"),
        ("ESP + esp", "ESPc"),
        ("fabric  filter", "FF"),
        ("Wet\u00a0FGD", "wFGD"),
        ("lnb+ofa", "LNB"),
        ("ACI+FF+HAL", "HAL+ACI+FF"),
        ("wet particulate scrubber", "WS"),
        ("Venturi scrubber + wFGD", "WS+wFGD"),
        ("particulate scrubber", "WS"),
        ("calcium bromide + ESP", "HAL+ESPc"),
        ("CaBr2", "HAL"),
        ("Refined coal; ESP", "HAL+ESPc"),
        ("halogen addition, baghouse", "HAL+FF"),
        ("re-emission additive + wet FGD + ESP", "ESPc+wFGD+REA"),
        ("ESP + wFGD + Reemission control", "ESPc+wFGD+REA"),
        ("none", "none"),
        ("None", "none"),
        ("unknown", "unknown"),
        ("", "unknown"),
        ("n/a", "unknown"),
        ("not found", "unknown"),
    ],
)
def test_trains_are_written_in_gas_order(text: str, train: str) -> None:
    assert v.parse_train(text) == train


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("magnet", 'unknown control device "magnet"'),
        ("ESP+magnet", 'unknown control device "magnet"'),
        ("ESP+", 'unknown control device ""'),
        ("fabric filtre", "(did you mean FF?)"),
        ("ESP+none", 'unknown control device "none"'),
        ("ESP+unknown", 'unknown control device "unknown"'),
    ],
)
def test_unknown_devices_are_refused(text: str, words: str) -> None:
    with pytest.raises(v.UnknownCodeError) as caught:
        v.parse_train(text)
    assert words in str(caught.value)


@given(st.lists(st.sampled_from(v.DEVICES.codes), min_size=1, unique=True))
def test_order_of_writing_changes_no_train(devices: list[str]) -> None:
    train = v.parse_train("+".join(devices))
    assert v.parse_train(", ".join(reversed(devices))) == train
    assert v.parse_train(train) == train
    assert v.train_devices(train) == tuple(sorted(devices, key=v.DEVICES.codes.index))
    assert v.join_devices(set(devices)) == train


def test_gas_meets_catalyst_filter_and_scrubber_in_this_order() -> None:
    met = ["LNB", "ESPh", "SCR", "ACI", "SDA", "FF", "wFGD", "WESP"]
    assert sorted(met, key=v.GAS_ORDER.__getitem__) == met


def test_none_has_no_devices_and_unknown_has_no_list() -> None:
    assert v.train_devices("none") == ()
    assert v.join_devices(()) == "none"
    with pytest.raises(v.UnknownCodeError):
        v.train_devices("unknown")


def test_every_device_belongs_to_one_group_of_controls() -> None:
    grouped = list(itertools.chain.from_iterable(v.CONTROL_GROUPS.values()))
    assert sorted(grouped) == sorted(v.DEVICES.codes)


@pytest.mark.parametrize("codes", LISTS, ids=lambda codes: codes.name)
def test_every_code_and_spelling_is_matched_whatever_its_case_and_spaces(codes: v.CodeList) -> None:
    assert set(codes.spellings) <= set(codes.codes)
    for code in codes.codes:
        for text in (code, *codes.spellings.get(code, ())):
            for written in (text, text.upper(), f" \u00a0{text.replace(' ', '  ')} "):
                assert codes.match(written) == code


@pytest.mark.parametrize(
    ("codes", "text", "code"),
    [
        (v.DEVICES, "ESP", "ESPc"),
        (v.DEVICES, "hot-side ESP", "ESPh"),
        (v.DEVICES, "FGD", "FGD"),
        (v.DEVICES, "seawater FGD", "swFGD"),
        (v.BOILERS, "Circulating fluidized bed", "CFB"),
        (v.BOILERS, "tangential", "PC"),
        (v.TECHNOLOGIES, "Ultra-supercritical", "ultra-supercritical"),
        (v.COAL_TYPES, "brown coal", "lignite"),
        (v.STATUSES, "Operasi", "operating"),
        (v.STATUSES, "canceled", "cancelled"),
        (v.KILN_TYPES, "Dry, preheater-precalciner", "precalciner"),
        (v.KILN_TYPES, "dry", "unknown"),
        (v.KILN_DEVICES, "Dust shuttling", "SHUTTLE"),
        (v.KILN_FUELS, "tires", "tyres"),
        (v.MERCURY_BASES, "ar", "as_received"),
        (v.CALORIFIC_BASES, "GCV", "gross_as_received"),
        (v.BOILERS, "plasma", None),
    ],
)
def test_spellings_of_trackers(codes: v.CodeList, text: str, code: str | None) -> None:
    assert codes.match(text) == code


def test_nearest_code_is_proposed_and_never_taken() -> None:
    assert v.COAL_TYPES.match("lignit e") is None
    assert v.COAL_TYPES.propose("lignit e") == "lignite"
    assert v.COAL_TYPES.propose("plasma") is None


def test_one_spelling_for_two_codes_is_refused() -> None:
    with pytest.raises(ValueError, match="'X' stands for both a and b"):
        v.CodeList("letter", {"a": "first", "b": "second"}, {"a": ("x",), "b": ("X",)})


def test_every_exported_name_is_there() -> None:
    assert {name for name in v.__all__ if not hasattr(v, name)} == set()
