"""Figures under a pointer: tooltips in words, lines easy to hit, one selected unit; and figures that stand alone."""

from __future__ import annotations

import datetime
import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import altair.utils.schemapi
import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.errors import UsageError
from hginventory.report.figures.cost_curve import cost_curve
from hginventory.report.figures.data import figure_data
from hginventory.report.figures.emission_map import APART, NARROW
from hginventory.report.figures.figure import Figure, unbroken
from hginventory.report.figures.interaction import NEAR, RING, UNIT
from hginventory.report.figures.rates import rates
from hginventory.report.text.language import words_in

KILN_NOTICE = "as an inventory: mercury is"


@pytest.fixture(scope="module")
def figures(drawn: hg.Run) -> dict[str, Figure]:
    return drawn.figures(decisions=True)


@pytest.fixture(scope="module")
def few(drawn: hg.Run) -> hg.Run:
    """Return a run of five coal units, of which one has a long name, and two kilns."""
    fleet = drawn.projection.fleet
    ids = [
        list(drawn.rank(sector=sector)["unit_id"])[:count] for sector, count in (("coal_power", 5), ("cement_kiln", 2))
    ]
    small = fleet.subset([str(unit) for of_sector in ids for unit in of_sector])
    units = small.units.copy()
    units.loc[ids[0][0], "plant"] = "Pembangkit Listrik Tenaga Uap of the Greenfield Extension Phase II"
    return hg.project(replace(small, units=units), draws=50)


def texts(svg: str) -> list[str]:
    """Return the texts of a drawing, lines of a broken one joined."""
    found = re.findall(r"<text[^>]*>(.*?)</text>", svg, flags=re.DOTALL)
    joined = [re.sub(r"<[^>]+>", " ", text) for text in found]
    return [re.sub(r"[ \n]+", " ", html.unescape(text)).strip() for text in joined]


def parts(spec: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a specification."""
    if isinstance(spec, dict):
        yield spec
        for part in spec.values():
            yield from parts(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from parts(part)


def test_every_tooltip_has_words_in_place_of_column_names(drawn: hg.Run, figures: dict[str, Figure]) -> None:
    for made in (figures, drawn.figures("id")):
        for figure in made.values():
            shown = [one for part in parts(figure.bare()) for one in (part.get("tooltip") or [])]
            assert shown, figure.name
            for one in shown:
                assert one["title"] != one["field"]
                assert "_" not in one["title"].replace(one["field"], "") or figure.name == "wedges"
                assert one.get("format") != ".3~g"  # 1,230 and not 1.23e+3


@pytest.mark.parametrize("name", ["pareto", "pareto_kilns", "trajectory", "wedges", "cost_curve"])
def test_lines_answer_the_nearest_pointer_and_drawings_do_not(figures: dict[str, Figure], name: str) -> None:
    live, still = figures[name].bare(), figures[name].spec()
    assert live["layer"][-1]["name"] == NEAR
    assert any(one.get("select", {}).get("nearest") for one in live["params"])
    assert not [one for one in still["params"] if "select" in one]
    assert not [layer for layer in still["layer"] if layer.get("name") in (NEAR, RING)]


@pytest.mark.parametrize("name", ["bars", "bars_kilns", "ranks", "rates", "cost_curve", "compliance"])
def test_a_selected_unit_is_marked(figures: dict[str, Figure], name: str) -> None:
    text = json.dumps(figures[name].bare())
    assert f"datum.unit_id === {UNIT}" in text
    assert any("unit_id" in frame for frame in figures[name].frames().values())


def marks(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the kind of each mark with its encoding."""
    for part in parts(spec):
        if "mark" in part and "encoding" in part:
            mark = part["mark"]
            yield (mark["type"] if isinstance(mark, dict) else mark), part["encoding"]


@pytest.mark.parametrize("costs", [(2000.0, 2500.0, 4000.0), (0.05, 300.0, 20_000.0)], ids=["even", "wide"])
def test_no_bar_lies_on_a_logarithmic_axis(figures: dict[str, Figure], costs: tuple[float, ...]) -> None:
    """The length of a bar means nothing there; a cell of a grid has two ends of its own."""
    n = len(costs)
    frontier = pd.DataFrame({
        "avoided_kg": np.arange(n + 1.0), "avoided_share": np.arange(n + 1.0) / n, "cost_of_next_kg": [np.nan, *costs],
        "unit_id": [None, *(f"U{k}" for k in range(n))], "plant": "P", "option": "A", "currency": "USD",
        "price_year": 2025,
    })  # fmt: skip
    curve = cost_curve(frontier, words_in("en"))
    assert curve is not None
    for figure in (*figures.values(), curve):
        for kind, encoding in marks(figure.bare()):
            logs = [axis for axis in ("x", "y") if (encoding.get(axis, {}).get("scale") or {}).get("type") == "log"]
            assert not (logs and kind in ("bar", "area")), figure.name
            assert not (kind == "rect" and "y" in logs and "x" not in logs), figure.name
    kinds = {kind for kind, _ in marks(curve.bare())}
    assert ("rule" in kinds) == (costs[-1] > 30 * costs[0])


@pytest.mark.parametrize("count", [2, 3, 9, 30, 303])
def test_the_title_of_rates_is_what_its_axes_show(drawn: hg.Run, figures: dict[str, Figure], count: int) -> None:
    """Up is the amount of a year, and not the remaining life: some large units that close soon are far up."""
    seen = figure_data(drawn)
    coal = seen.ranked[seen.ranked["sector"].eq("coal_power")].head(count)
    coal = coal.assign(g_per_gwh=coal["g_per_gwh"] * np.linspace(1.0, 1.3, count))  # no two are the same default
    figure = rates(replace(seen, ranked=coal))
    assert figure is not None
    top = min(10, -(-count // 3))
    both = set(coal.nlargest(top, "g_per_gwh")["unit_id"]) & set(coal.nlargest(top, "air_kg_per_yr")["unit_id"])
    if top > 1:
        assert figure.title.startswith(f"{len(both)} of the {top} units with the highest rates are among the {top} ")
    else:
        assert ("also emits most" in figure.title) == bool(both)


def test_a_figure_names_the_top_of_its_own_list(few: hg.Run) -> None:
    made = few.figures()
    assert "being in the top 2" in made["bars_kilns"].subtitle
    assert made["bars_kilns"].head("p_top") == "P(in the top 2)"
    assert made["bars"].head("p_top") == "P(in the top 5)"
    assert ">2" in texts(made["ranks_kilns"].svg())


def test_units_are_counted_in_whole_numbers(few: hg.Run) -> None:
    shown = texts(few.figures()["pareto_kilns"].svg())
    assert {"0", "1", "2"} <= set(shown)
    assert not [text for text in shown if re.fullmatch(r"\d\.\d", text)]


def test_no_name_is_cut_short_by_its_axis_or_legend(figures: dict[str, Figure], few: hg.Run) -> None:
    """A short name of a unit has its own sign of omission; no other name may have one, as two could look the same."""
    for made in (figures, few.figures(decisions=True), few.figures("id", decisions=True)):
        for figure in made.values():
            labels = {*figure.table.get("label", ()), unbroken(figure.title)}
            cut = [text for text in texts(figure.svg()) if "…" in text]
            assert set(cut) <= {re.sub(r" +", " ", label) for label in labels}, figure.name


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_percentage_has_its_space_on_axes_too(drawn: hg.Run, language: str) -> None:
    for name in ("pareto", "quality"):
        shown = [text for text in texts(drawn.figures(language)[name].svg()) if "%" in text]
        assert len(shown) > 4
        assert not [text for text in shown if re.search(r"\d%", text)]
        assert "20\N{NO-BREAK SPACE}%" in shown


def test_what_targeting_saves_is_told_with_the_signs_of_the_language(few: hg.Run) -> None:
    told = [words_in("id").tell(sentence) for sentence in few.targeting_sentences()]
    assert re.search(r"\d,\d %", told[0])
    assert not re.search(r"\d\.\d %|\d,\d{3} USD", " ".join(told))
    assert "Injeksi karbon" in told[0]


def test_the_dot_of_bars_is_explained(figures: dict[str, Figure], drawn: hg.Run) -> None:
    assert "dot: their median" in figures["bars"].subtitle
    assert "dot" not in hg.Run(drawn.projection, draws=0).figures()["bars"].subtitle


def test_the_ten_largest_plants_are_bands_with_names(drawn: hg.Run, figures: dict[str, Figure]) -> None:
    figure = figures["trajectory"]
    stacked = figure.frames()["stacked"]
    units = drawn.units[drawn.units["sector"].eq("coal_power")]
    largest = units.groupby("plant")["lifetime_kg"].sum().nlargest(10)
    bands = stacked[stacked["plant"].ne("")].groupby("plant")["kg"].sum()
    assert bands.reindex(largest.index).to_numpy() == pytest.approx(largest.to_numpy())
    names = [name for name in dict.fromkeys(stacked["group"]) if re.match(r"\d+  ", name)]
    assert names == [f"{n}  {plant}" for n, plant in enumerate(largest.index, start=1)]
    colours = next(e["color"]["scale"]["range"] for kind, e in marks(figure.bare()) if kind == "area")
    assert len(set(colours)) == len(colours)


def test_the_map_numbers_and_lists_the_ten_largest_plants(figures: dict[str, Figure]) -> None:
    figure = figures["places"]
    numbers = figure.frames()["numbers"]
    assert numbers["number"].tolist() == [str(n) for n in range(1, 11)]
    assert [text.partition(":")[0] for text in figure.listed] == numbers["plant"].tolist()
    assert numbers["air_kg_per_yr"].is_monotonic_decreasing
    west, south, east, north = figure.window
    assert west < 95.1 < 140.9 < east  # all of Indonesia
    assert south < -10.9 < 5.9 < north
    per_degree = 660 / (east - west)
    at = numbers[["at_longitude", "at_latitude"]].to_numpy() * per_degree
    apart = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))[np.triu_indices(10, 1)]
    assert apart.min() > 0.6 * APART
    at = numbers[["narrow_longitude", "narrow_latitude"]].to_numpy() * NARROW / (east - west)
    apart = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))[np.triu_indices(10, 1)]
    assert apart.min() > 0.6 * APART  # on a telephone, too
    svg = figure.svg()
    assert all(text in svg for text in ("10. ", unbroken(figure.listed[0])))
    assert {"country", "region"} <= set(figure.frames()["borders"]["kind"])
    assert "no position on any territory" in figure.note


def test_coasts_alone_can_be_had(drawn: hg.Run) -> None:
    figure = drawn.figures(outlines="coasts")["places"]
    assert "borders" not in figure.frames()
    assert "territory" not in figure.note
    assert figure.svg().startswith("<svg")


def test_pictures_stand_alone(drawn: hg.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    written = drawn.save_figures(tmp_path / "new", ["places", "rates"])
    assert [path.name for path in written] == ["places.png", "places.svg", "rates.png", "rates.svg"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in written[::2])
    places, rates = (re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", p.read_text("utf-8"))) for p in written[1::2])
    for text in (places, rates):
        assert "[kg" in text  # unit
        assert hg.__version__ in text
        assert datetime.date(2023, 11, 14).isoformat() in text
        assert "Source: " in text
    assert KILN_NOTICE in places  # kilns are on it
    assert KILN_NOTICE not in rates
    assert drawn.save_figures(tmp_path / "one", "bars")[0].name == "bars.png"


def test_the_kiln_notice_is_on_every_figure_with_kilns(figures: dict[str, Figure]) -> None:
    without = {name for name, figure in figures.items() if not any(KILN_NOTICE in line for line in figure.footer)}
    assert without == {"pareto", "bars", "ranks", "rates"}


def test_an_unknown_figure_is_named_with_those_there_are(drawn: hg.Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is not known") as caught:
        drawn.save_figures(tmp_path, "nothing")
    assert "cost_curve" in caught.value.allowed
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_shows_a_drawing_without_network(figures: dict[str, Figure]) -> None:
    bundle = figures["pareto"]._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/plain"}
    assert "http" not in bundle["image/svg+xml"].replace("http://www.w3.org/", "")
    assert "<script" not in bundle["image/svg+xml"]
    assert figures["pareto"].alt in bundle["text/plain"]


def test_results_show_in_a_notebook_on_one_screen(drawn: hg.Run) -> None:
    shown = [drawn, drawn.certainty, drawn.rank_certainty(sector="coal_power"), drawn.compare(["blanket_bat"]),
             drawn.catalogue(), drawn.explain("coal_power #1")]  # fmt: skip
    for one in shown:
        text = one._repr_html_()
        assert text.startswith("<div><strong>")
        assert 2 <= text.count("<tr>") <= 16
        assert "nan" not in text.lower().replace("finan", "")


def test_names_of_units_stay_text_in_a_notebook() -> None:
    from hginventory.html_repr import html_table

    text = html_table("<b>", pd.DataFrame({"a": ["<img src=x>"] * 20}), {"a": "<i>"}, ["<u>"])
    assert not re.search("<(img|b|i|u)>", text)
    assert "5 more rows" in text


def test_altair_has_nothing_to_guess(drawn: hg.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text in the place of a channel costs 5 ms: Altair searches its whole schema for what it may stand for."""
    guessed: list[Any] = []
    found = altair.utils.schemapi.SchemaBase.from_dict.__func__  # type: ignore[attr-defined]

    def from_dict(cls: Any, value: Any, *given: Any, **options: Any) -> Any:
        guessed.append(value)
        return found(cls, value, *given, **options)

    monkeypatch.setattr(altair.utils.schemapi.SchemaBase, "from_dict", classmethod(from_dict))
    assert len(drawn.figures(decisions=True)) > 11
    assert not guessed
