"""Figures: the same numbers as the run, words made from them, one specification that draws without a browser."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.limits.compliance import check_limits
from hginventory.errors import UsageError
from hginventory.model.emission_limits import limits_in_table, user_limit
from hginventory.report.figures import style
from hginventory.report.figures.compliance import compliance
from hginventory.report.figures.cost_curve import SHOWN, cost_curve
from hginventory.report.figures.figure import ALT_LENGTH, Figure
from hginventory.report.figures.tornado import tornado
from hginventory.report.figures.wedges import wedges
from hginventory.report.maps.outlines import outlines
from hginventory.report.text.language import words_in
from hginventory.scenarios.files import load_scenario

NAMES = (
    "pareto", "pareto_kilns", "trajectory", "bars", "bars_kilns", "balance", "quality", "ranks", "ranks_kilns", "rates",
    "places",
)  # fmt: skip
HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def run(drawn: hg.Run) -> hg.Run:
    return drawn


@pytest.fixture(scope="module")
def figures(run: hg.Run) -> dict[str, Figure]:
    return run.figures()


def test_all_are_there(figures: dict[str, Figure]) -> None:
    assert tuple(figures) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_has_words_made_from_numbers_and_draws_without_a_browser(
    figures: dict[str, Figure], name: str, tmp_path: Path
) -> None:
    figure = figures[name]
    assert 20 < len(figure.alt) <= ALT_LENGTH
    assert re.search(r"\d", figure.title)
    assert re.search(r"\[.+\]", figure.subtitle), "the unit stands in the subtitle"
    assert len(figure.table) > 0
    assert all(figure.head(str(column)) for column in figure.table)
    svg = figure.svg()
    assert svg.startswith("<svg")
    assert f'aria-label="{html.escape(figure.alt, quote=False)}"' in svg
    assert figure.svg() == svg
    assert figure.save(tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", NAMES)
def test_a_specification_holds_every_column_it_asks_for(figures: dict[str, Figure], name: str) -> None:
    figure = figures[name]
    spec = json.loads(json.dumps(figure.spec()))
    held = {column for frame in figure.frames().values() for column in map(str, frame.columns)}
    asked = set(re.findall(r'"field": "(\w+)"', json.dumps(spec)))
    held |= set(re.findall(r'"as": "(\w+)"', json.dumps(spec)))  # what the specification itself calculates
    assert asked <= held
    named = set(re.findall(r'"data": {"name": "(\w+)"}', json.dumps(spec)))
    assert named == set(spec["datasets"]) == set(figure.frames())


def test_titles_say_what_the_run_says(run: hg.Run, figures: dict[str, Figure]) -> None:
    lists, whole = run.lists, run.summary()[-1]
    summary, kilns = lists["coal_power"], lists["cement_kiln"]
    base = f"{summary.units_operating} units (+{summary.units_construction} under construction)"
    assert figures["pareto"].title.startswith(f"Coal units: 10 of {base} account for {summary.top_share:.0%}"[:-1])
    assert figures["pareto_kilns"].title.startswith(f"Cement kilns: 10 of {kilns.units_operating} units account for")
    assert figures["pareto_kilns"].table.set_index("units")["cumulative_share"][10] == pytest.approx(kilns.top_share)
    pareto = figures["pareto"].table.set_index("units")["cumulative_share"]
    assert pareto[10] == pytest.approx(summary.top_share)
    assert (
        pareto[summary.units_for_half] >= 0.5 > pareto[summary.units_for_half - 1]
        if (summary.units_for_half - 1 in pareto.index)
        else True
    )
    years = figures["trajectory"].table
    assert (years["air_kg"] - years["past_age_kg"]).sum() / 1000 == pytest.approx(whole.lifetime_t)
    balance = figures["balance"].table
    assert balance["kg"].sum() == pytest.approx(run.mass_balance["hg_in_kg_per_yr"].sum(), rel=1e-9)
    assert balance["share"].sum() == pytest.approx(1.0)
    for name, sector in (("bars", "coal_power"), ("bars_kilns", "cement_kiln")):
        assert figures[name].table["unit_id"].tolist() == run.rank(sector=sector)["unit_id"].head(20).tolist()
    assert (figures["quality"].table[["measured", "reported", "derived", "default"]].sum(axis=1) - 1).abs().max() < 1e-9


def test_one_list_has_one_figure_of_each(combined: hg.Run) -> None:
    figures, summary = combined.figures(), combined.summary()[-1]
    assert not [name for name in figures if name.endswith("_kilns") and name != "rates_kilns"]
    assert figures["pareto"].title.startswith(f"10 of {summary.units_operating} units (+")
    assert figures["bars"].table["unit_id"].iloc[0] == "IDN-K50"
    assert not {"Coal units", "Cement kilns"} & set(figures["trajectory"].frames()["stacked"]["group"])


def test_kilns_are_a_band_of_their_own_in_the_trajectory(run: hg.Run, figures: dict[str, Figure]) -> None:
    stacked = figures["trajectory"].frames()["stacked"]
    kilns = run.trajectory[run.trajectory["sector"].eq("cement_kiln")]
    band = stacked[stacked["group"].eq("Cement kilns")]["kg"].to_numpy()
    assert band == pytest.approx((kilns["air_kg"] - kilns["past_age_kg"]).to_numpy())


def test_the_stack_of_a_trajectory_is_the_total(figures: dict[str, Figure]) -> None:
    stacked = figures["trajectory"].frames()["stacked"].groupby("year")["kg"].sum()
    assert np.allclose(stacked.to_numpy(), figures["trajectory"].table["air_kg"].to_numpy())


def test_a_trajectory_tells_units_past_their_age_apart(run: hg.Run, figures: dict[str, Figure]) -> None:
    """Its first year is the emission of the base year; what it finds is of units within the age."""
    figure = figures["trajectory"]
    assert figure.table["air_kg"].iloc[0] == pytest.approx(run.units["air_base_year_kg"].sum())
    assert "no measure does" in figure.note
    assert all("units within their lifetime" in text for text in (figure.title, figure.alt))


@pytest.mark.parametrize(("sector", "of_list"), [("coal_power", ""), ("cement_kiln", "_kilns")])
def test_bands_and_chances_are_those_of_the_draws(
    run: hg.Run, figures: dict[str, Figure], sector: str, of_list: str
) -> None:
    assert run.certainty is not None
    sure, units = run.certainty.lists[sector], run.certainty.units
    band = figures[f"pareto{of_list}"].table.set_index("units").loc[10]
    assert (band["p05"], band["p95"]) == (pytest.approx(sure.named_share.p05), pytest.approx(sure.named_share.p95))
    wide = sure.rank_chances
    assert wide.sum(axis=0).to_numpy() == pytest.approx(np.ones(10))  # each rank goes to one unit in every draw
    assert wide.sum(axis=1).to_numpy() == pytest.approx(units["p_top10"].loc[wide.index].to_numpy())
    assert sure.concentration["p50"].is_monotonic_increasing
    later = figures[f"ranks{of_list}"].table.set_index("unit_id")["later"]
    assert (1 - later).to_numpy() == pytest.approx(units["p_top10"].loc[later.index].to_numpy())


def test_a_run_without_draws_has_no_bands(run: hg.Run) -> None:
    central = hg.Run(run.projection, draws=0).figures()
    assert not {"ranks", "ranks_kilns"} & set(central)
    assert list(central["pareto"].table) == ["units", "cumulative_share"]
    assert "dashed" not in json.dumps(central["bars"].spec())


@pytest.mark.parametrize("count", [1, 2, 9, 10, 11])
def test_small_fleets_draw(count: int) -> None:
    fleet = hg.read_fleet("indonesia")
    small = hg.project(fleet.subset([str(unit) for unit in fleet.units.index[:count]]), draws=20)
    for figure in small.figures().values():
        assert figure.svg().startswith("<svg")


def test_names_of_units_stay_text_in_svg(run: hg.Run) -> None:
    fleet = run.projection.fleet
    units = fleet.units.copy()
    units["plant"], units["unit"] = HOSTILE, HOSTILE
    hostile = hg.project(replace(fleet, units=units), draws=20)
    for figure in hostile.figures().values():
        assert "<img" not in figure.svg()


def test_languages_change_words_and_signs_but_no_number(run: hg.Run, figures: dict[str, Figure]) -> None:
    other = run.figures("id")
    for name, figure in figures.items():
        assert other[name].title != figure.title
        assert other[name].subtitle != figure.subtitle
        ours, theirs = (f.table.select_dtypes("number") for f in (figure, other[name]))
        assert np.array_equal(ours.to_numpy(dtype=float), theirs.to_numpy(dtype=float), equal_nan=True)
    assert words_in("id").number(1234.5, 1) == "1.234,5"


def test_the_palette_stands_out_from_white() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    contrast = [1.05 / (luminance(colour) + 0.05) for colour in style.PALETTE[:4]]
    assert min(contrast) > 3.0  # WCAG 1.4.11, graphical objects


def test_outlines_are_cut_to_the_window() -> None:
    java = outlines((105.0, -9.0, 115.0, -5.0))
    points = np.array([p for part in java for ring in part["geometry"]["coordinates"] for p in ring])
    assert points[:, 0].min() >= 105.0
    assert points[:, 0].max() <= 115.0
    assert points[:, 1].min() >= -9.0
    assert points[:, 1].max() <= -5.0
    assert len(points) > 50


def test_outlines_of_the_user_replace_ours(tmp_path: Path, run: hg.Run) -> None:
    own = tmp_path / "own.geojson"
    square = [[[100, -10], [120, -10], [120, 5], [100, 5], [100, -10]]]
    own.write_text(
        json.dumps({"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": square}})
    )
    drawn = run.figures(outlines=own)["places"].frames()["land"]
    assert len(drawn) == 1
    assert sorted(map(tuple, drawn["geometry"].iloc[0]["coordinates"][0][:-1])) == sorted(map(tuple, square[0][:-1]))


@pytest.mark.parametrize("text", ["no json", "{}", '{"type": "FeatureCollection", "features": []}'])
def test_wrong_outlines_are_named(tmp_path: Path, text: str) -> None:
    own = tmp_path / "own.geojson"
    own.write_text(text)
    with pytest.raises(UsageError, match=r"own\.geojson"):
        outlines((100, -10, 120, 10), own)


def test_wedges_show_what_scenarios_avoid(run: hg.Run) -> None:
    compared = run.compare(["targeted_top10", "blanket_bat"])
    figure = wedges(compared, words_in("en"))
    best = compared.table.sort_values("avoided_t").iloc[-1]
    assert figure.title.startswith(f"“{best['title']}” avoids most")
    drawn = " ".join([figure.title, figure.subtitle, figure.alt, figure.note, figure.svg()])
    assert not [name for name in compared.table["scenario"] if name in drawn], "titles, not names of files"
    area = figure.frames()["area"]
    assert (area["high"] - area["low"]).sum() / 1000 == pytest.approx(best["avoided_t"])
    assert figure.svg().startswith("<svg")


def test_compliance_counts_every_unit_not_only_those_drawn(run: hg.Run) -> None:
    checked = check_limits(run.projection, limits_in_table(run.projection.library, ["IDN"]))
    figure = compliance(checked, words_in("en"))
    assert figure is not None
    limit = checked["limit_id"].value_counts().index[0]
    own = checked[checked["limit_id"] == limit]
    assert figure.title.startswith(f"{(own['p_exceed'] >= 0.95).sum()} of {len(own)} units")
    strict = check_limits(run.projection, [user_limit(1e-6, "mg/Nm3", o2_percent=6)])
    tight = compliance(strict, words_in("en"))
    assert tight is not None
    assert set(tight.table["state"]) == {"above"}
    assert tight.title.startswith(f"{len(strict)} of {len(strict)} units are above")
    assert compliance(strict.iloc[:0], words_in("en")) is None


def frontier(steps: int) -> pd.DataFrame:
    """Return a frontier of equal steps whose costs rise by one."""
    kg = np.arange(steps + 1, dtype=float)
    return pd.DataFrame(
        {
            "avoided_kg": kg, "avoided_share": kg / steps, "cost_of_next_kg": [np.nan, *np.arange(1.0, steps + 1)],
            "unit_id": [None, *(f"U{n}" for n in range(steps))], "plant": "P", "option": "A",
            "currency": "USD", "price_year": 2025,
        }
    )  # fmt: skip


def test_the_heads_of_a_balance_have_their_units_in_the_language(run: hg.Run) -> None:
    balance = run.figures("id")["balance"]
    heads = [balance.head(str(column)) for column in balance.table]
    assert sum(head.endswith("[kg/thn]") for head in heads) == len(heads) - 2  # all but the way out and its share
    assert not any("kg/yr" in head for head in heads)


@pytest.mark.parametrize("steps", [1, 5, SHOWN, 3 * SHOWN])
def test_a_cost_curve_keeps_amount_and_cost(steps: int) -> None:
    figure = cost_curve(frontier(steps), words_in("en"))
    assert figure is not None
    drawn = figure.frames()["steps"]
    width = drawn["avoided_kg"] - drawn["from_kg"]
    assert len(drawn) == min(steps, SHOWN)
    assert width.sum() == pytest.approx(steps)
    assert (width * drawn["money"]).sum() == pytest.approx(steps * (steps + 1) / 2)
    assert drawn["money"].is_monotonic_increasing
    assert figure.svg().startswith("<svg")
    assert cost_curve(frontier(steps).head(1), words_in("en")) is None


@pytest.mark.parametrize(
    ("costs", "written"),
    [((2000.0, 2500.0, 4000.0), {"2,000", "4,000"}), ((0.05, 300.0, 20_000.0), {"0.05", "0.5", "2,000", "20,000"})],
    ids=["even", "logarithmic"],
)
def test_the_axes_of_a_cost_curve_are_written_in_full(costs: tuple[float, ...], written: set[str]) -> None:
    steps = frontier(len(costs))
    steps["avoided_kg"] *= 2000
    steps["cost_of_next_kg"] = [np.nan, *costs]
    figure = cost_curve(steps, words_in("en"))
    assert figure is not None
    labels = re.findall(r"<text[^>]*>([^<]*)</text>", figure.svg())
    assert written <= set(labels)
    assert [label for label in labels if re.match(r"[\d.,]+e", label)] == []


def test_a_tornado_sums_to_all_of_the_variance(run: hg.Run) -> None:
    found = run.sensitivity(100)
    figure = tornado(found, words_in("en"))
    assert figure.table["share"].sum() == pytest.approx(1.0)
    assert figure.table["share"].iloc[0] == found.table["total_alone"].max()
    assert figure.svg().startswith("<svg")


def test_only_shares_are_shown_as_percent_whatever_a_column_is_called(run: hg.Run, figures: dict[str, Figure]) -> None:
    """A scenario may be named share_to_gas; its column holds kilograms."""
    named = load_scenario("blanket_bat").model_copy(update={"name": "share_to_gas", "title": "share_to_gas"})
    found = wedges(run.compare([named]), words_in())
    assert {"share_to_gas"} <= set(found.table.columns)
    assert [found.kind(name) for name in ("year", "no action", "share_to_gas")] == ["year", "number", "number"]
    for figure in figures.values():
        shares = [name for name in figure.table if figure.kind(str(name)) == "share"]
        assert set(shares) == set(figure.shares)
        assert figure.table[shares].stack().dropna().between(0.0, 1.0 + 1e-9).all()
    assert [name for name in figures if figures[name].shares] == [
        "pareto", "pareto_kilns", "bars", "bars_kilns", "balance", "quality", "ranks", "ranks_kilns"
    ]  # fmt: skip
