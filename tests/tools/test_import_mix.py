"""Tables of traded coal from facts: which sets of shares count, and which numbers stand for an exporter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import import_mix
from hginventory.data_files import data_folder

SHARED = Path("/work/shared/facts")


def share(exporter: str, value: str, **more: str) -> dict[str, str]:
    """Return a row of the trade facts: coal of Korea in 2019, unless it says otherwise."""
    return {
        "importer": "KOR", "exporter": exporter, "coal_kind": "steam", "share": value, "share_basis": "mass",
        "year": "2019", "importer_total_mt": "", "read_from": "read", "use_hint": "default",
        "source": "UN Comtrade, made", "note": "", **more,
    }  # fmt: skip


def tonnes(year: int, *exporters: str, mt: float = 10.0) -> list[dict[str, str]]:
    """Return rows of the exporters' facts."""
    return [
        {"exporter": exporter, "year": str(year), "coal_kind": "steam", "tonnes_mt": f"{mt:g}", "read_from": "read",
         "source": "made", "note": ""}
        for exporter in exporters
    ]  # fmt: skip


def shares(*rows: dict[str, str]) -> dict[tuple[str, str], float]:
    """Return the shares of a table by exporter and year."""
    made = import_mix.trade_rows(rows, [])
    return {(row["exporter"], row["valid_from"]): float(row["value"]) for row in made}


def test_a_set_is_divided_by_its_sum() -> None:
    assert shares(share("AUS", "0.45"), share("IDN", "0.36")) == {("AUS", "2019"): 0.555556, ("IDN", "2019"): 0.444444}


def test_a_set_below_four_fifths_does_not_count() -> None:
    assert shares(share("AUS", "0.45"), share("IDN", "0.34")) == {}


def test_a_blank_share_is_not_zero() -> None:
    assert ("RUS", "2019") not in shares(share("AUS", "0.9"), share("RUS", ""))


def test_alternatives_play_no_part() -> None:
    assert shares(share("AUS", "0.9"), share("IDN", "0.9", use_hint="alternative")) == {("AUS", "2019"): 1.0}


@pytest.mark.parametrize(
    ("kinds", "best"),
    [
        (("coal_all", "steam"), "steam"),
        (("hard_coal_all", "steam"), "steam"),
        (("coal_all", "hard_coal_all"), "hard_coal_all"),
    ],
)
def test_the_kind_comes_before_the_year(kinds: tuple[str, str], best: str) -> None:
    rows = [share("AUS", "1", coal_kind=kinds[0], year="2023"), share("IDN", "1", coal_kind=kinds[1], year="2015")]
    (row,) = import_mix.trade_rows(rows, [])
    assert row["coal_kind"] == best


def test_a_better_kind_that_is_not_whole_gives_way() -> None:
    rows = [share("AUS", "0.5"), share("IDN", "0.9", coal_kind="hard_coal_all")]
    assert [row["exporter"] for row in import_mix.trade_rows(rows, [])] == ["IDN"]


def test_world_trade_needs_all_exporters_of_a_year() -> None:
    rows = import_mix.trade_rows([], [*tonnes(2015, "AUS", "IDN"), *tonnes(2020, *import_mix.WORLD_TRADE)])
    assert {(row["importer"], row["valid_from"], row["value"]) for row in rows} == {("WLD", "2020", "0.125")}


def test_shares_sum_to_one_after_rounding() -> None:
    assert sum(shares(*(share(e, "0.3333") for e in ("AUS", "IDN", "RUS"))).values()) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("row", "mark"),
    [
        ({}, "read"),
        ({"read_from": "derived"}, "read"),
        ({"read_from": "derived", "note": "coking part RECALLED"}, "recalled"),
        ({"read_from": "recalled"}, "recalled"),
        ({"read_from": "derived", "source": "judgement of this table, see note"}, "judgement"),
    ],
)
def test_marks(row: dict[str, str], mark: str) -> None:
    (made,) = import_mix.trade_rows([share("AUS", "1", **row)], [])
    assert made["read_from"] == mark


def coal(kind: str, hg: str = "", n: str = "", **more: str) -> dict[str, str]:
    """Return a row of the facts on export coal."""
    blank = "hg_low hg_high ncv_ar_mj_kg moisture_pct moisture_basis s_pct s_basis cl_mg_kg cl_basis note"
    own = {
        "exporter": "AUS", "grade_or_region": kind, "sample_kind": kind, "hg_mean_mg_kg": hg, "hg_n": n,
        "hg_basis": "dry", "read_from": "read", "use_hint": "evidence", "source": "made",
    }  # fmt: skip
    return dict.fromkeys(blank.split(), "") | own | more


PROPOSAL = coal(
    "proposal", "0.045", use_hint="engine proposal", hg_low="0.02", hg_high="0.08", ncv_ar_mj_kg="25.1",
    source="judgement of this table from the rows above", cl_mg_kg="100-300 (recalled)", cl_basis="dry",
)  # fmt: skip


def mercury(*rows: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rows of mercury."""
    return [row for row in import_mix.quality_rows(rows) if row["quantity"] == "hg"]


def test_delivered_coal_counts_by_number_of_samples() -> None:
    first, check = mercury(coal("delivered import", "0.06", "5"), coal("delivered import", "0.03", "1"),
                           coal("in-ground / mine", "0.2", "40"), PROPOSAL)  # fmt: skip
    assert (first["value"], first["n"], first["use"]) == ("0.055", "6", "default")
    assert (check["value"], check["use"], check["read_from"]) == ("0.045", "check", "judgement")


def test_coal_in_the_ground_has_the_wider_spread() -> None:
    (ground,), (delivered,) = (
        mercury(coal("in-ground / mine", "0.06", "40")),
        mercury(coal("delivered import", "0.06", "40")),
    )
    assert float(ground["spread"]) > float(delivered["spread"])


@pytest.mark.parametrize(
    "odd", [{"hg_n": ""}, {"hg_basis": "not stated"}, {"exporter": "AUS+COL"}, {"hg_mean_mg_kg": ""}]
)
def test_a_content_without_samples_basis_or_single_origin_gives_way(odd: dict[str, str]) -> None:
    (row,) = mercury(coal("delivered import", "0.1", "3") | odd, PROPOSAL)
    assert (row["value"], row["read_from"], row["use"]) == ("0.045", "judgement", "default")


def test_heat_is_that_of_a_specification_before_a_judgement() -> None:
    heat = {
        row["quantity"]: row
        for row in import_mix.quality_rows([PROPOSAL, coal("specification", ncv_ar_mj_kg="24", use_hint="default")])
    }
    assert (heat["net_calorific_value"]["value"], heat["net_calorific_value"]["read_from"]) == ("24", "read")


@pytest.mark.parametrize(("text", "value"), [("12.8", "12.8"), ("<=60", "200"), ("55-66", "60.5"), ("", "200")])
def test_chlorine_is_a_number_or_the_middle_of_a_range_and_no_bound(text: str, value: str) -> None:
    rows = import_mix.quality_rows([PROPOSAL, coal("delivered import", cl_mg_kg=text, cl_basis="dry")])
    assert [row["value"] for row in rows if row["quantity"] == "chlorine"] == [value]


@pytest.mark.skipif(not SHARED.exists(), reason="the collected facts are not on this machine")
def test_the_bundled_tables_are_those_of_the_facts(tmp_path: Path) -> None:
    facts = [
        import_mix.read(SHARED / f"{name}.csv") for name in ("coal_trade", "coal_exporters", "export_coal_quality")
    ]
    import_mix.write(tmp_path, "coal_trade", import_mix.trade_rows(facts[0], facts[1]))
    import_mix.write(tmp_path, "export_coal", import_mix.quality_rows(facts[2]))
    for table in ("coal_trade", "export_coal"):
        assert (tmp_path / f"{table}.csv").read_text() == (data_folder("factors") / f"{table}.csv").read_text()
