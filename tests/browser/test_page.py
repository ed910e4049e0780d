"""The page in a browser: opens from disk without a network, answers its controls, prints, and reads well."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import pytest

import hginventory as hg
from hginventory.inputs.fleet.fleet import Fleet
from hginventory.inputs.reader import fleet_from_tables
from hginventory.report.page.html import page as page_of
from hginventory.scenarios.scenario import Measure, Scenario

pytestmark = pytest.mark.browser
NUMBER = re.compile(r"[\d.,]+")
SERIOUS = ("serious", "critical")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
READY = "body[data-ready=yes]"
HOSTILE = '<img src=x onerror="window.hacked=1"></script><script>window.hacked=2</script>'
HOSTILE_PLANT = "<img src=y onerror=window.hacked=3>"
MANY_CASES = fleet_from_tables({
    "Coal_units": pd.DataFrame({
        "unit_id": [f"U{n}" for n in range(9)], "plant": list("AABCDEFGH"), "unit": list("121111111"),
        "country": "IDN", "capacity_gross": [600, 600, 300, 300, 200, 200, 100, 100, 50], "coal_type": "subbituminous",
        "start_year": [2010, 1990, 1980, None, 2027, 2005, 2000, 1998, None],
        "status": ["operating"] * 4 + ["construction", "operating", "operating", "retired", "construction"],
        "planned_retirement": [None, 2030, None, None, None, 2026, None, None, None],
        "lifetime_years": [None, None, None, None, None, None, 25, None, None],
    }),
    "Cement_kilns": pd.DataFrame({
        "unit_id": ["K1"], "plant": ["K"], "unit": ["1"], "country": ["IDN"], "clinker_capacity": [2e6],
        "start_year": [2015],
    }),
    "Activity": pd.DataFrame({
        "unit_id": ["U0", "U0", "U0", "U2", "K1", "K1"], "year": [2025, 2026, 2060, 2030, 2024, 2028],
        "variable": ["generation_net"] * 4 + ["clinker_output"] * 2, "unit": ["GWh"] * 4 + ["t"] * 2,
        "value": [3000, 2000, 1000, 500, 1.5e6, 1.0e6],
    }),
})  # fmt: skip


def unavailable(what: str) -> NoReturn:
    """Skip, or fail where the machine must have a browser."""
    if os.environ.get("HGINV_BROWSER_REQUIRED"):
        pytest.fail(f"{what} is missing, and HGINV_BROWSER_REQUIRED is set")
    pytest.skip(f"{what} is missing")


@dataclass
class Opened:
    """A page open in the browser, with what it asked and said."""

    page: Any
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return Chromium with a new profile and no network."""
    chromium = shutil.which("chromium") or unavailable("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        unavailable("playwright")
    with sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=chromium,
            headless=True,
            args=ARGUMENTS,
            offline=True,
            viewport={"width": 1000, "height": 900},
        )
        yield context
        context.close()


def opened(browser: Any, path: Path) -> Opened:
    """Open a file and wait until its figures are drawn."""
    page = browser.new_page()
    seen = Opened(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", lambda message: seen.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: seen.said.append(f"error: {error}"))
    page.goto(path.as_uri())
    page.wait_for_selector(READY, timeout=60_000)
    return seen


@pytest.fixture(scope="session")
def indonesia(drawn: hg.Run) -> hg.Run:
    """Return the Indonesian run, with few draws."""
    return drawn


@pytest.fixture(scope="session")
def files(indonesia: hg.Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return pages by name: in English, in Indonesian, and of a fleet with hostile names."""
    folder = tmp_path_factory.mktemp("pages")
    fleet = indonesia.projection.fleet
    units = fleet.units.copy()
    units["plant"] = units["plant"].astype(object)
    units["unit"] = units["unit"].astype(object)
    units.iloc[:200, units.columns.get_loc("plant")] = HOSTILE_PLANT
    units.iloc[:200, units.columns.get_loc("unit")] = HOSTILE
    hostile = hg.project(replace(fleet, units=units), draws=50)
    pages = {"en": page_of(indonesia), "id": page_of(indonesia, "id"), "hostile": page_of(hostile)}
    out = {}
    for name, text in pages.items():
        out[name] = folder / f"{name}.html"
        out[name].write_text(text, encoding="utf-8")
    return out


def saved(folder: Path, text: str) -> Path:
    """Return the file of a page."""
    target = folder / "page.html"
    target.write_text(text, encoding="utf-8")
    return target


@pytest.fixture
def english(browser: Any, files: dict[str, Path]) -> Iterator[Opened]:
    """Return the page of the Indonesian run, open."""
    seen = opened(browser, files["en"])
    yield seen
    seen.page.close()


def held(seen: Opened, name: str, key: str) -> float:
    """Return the exact number that stands behind a result of the sliders."""
    return float(seen.page.locator(f"#{name}").get_attribute(f"data-{key}"))


def slide(seen: Opened, name: str, value: object) -> None:
    """Set a slider as a person would, with its event."""
    seen.page.locator(f"#{name}").evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }", str(value)
    )


def test_opens_from_disk_asks_nothing_and_says_nothing(english: Opened, files: dict[str, Path]) -> None:
    assert english.requests == [files["en"].as_uri()]
    assert english.said == []
    assert english.page.locator(".chart svg").count() == english.page.locator(".chart").count() >= 9


@pytest.mark.slow
def test_what_can_be_done_is_drawn_with_words_and_data(english: Opened) -> None:
    section = english.page.locator("#decisions")
    drawn = section.locator("figure").evaluate_all("figures => figures.map(figure => figure.id)")
    assert drawn == ["figure-wedges", "figure-cost_curve", "figure-compliance"]
    assert section.locator(".chart svg").count() == len(drawn)
    assert "USD of 2025" in section.inner_text()
    for name in ("wedges", "cost_curve", "compliance", "tornado"):
        english.page.locator(f'[data-table="{name}"] summary').click()
        assert english.page.locator(f'[data-table="{name}"] tbody tr').count() > 5


@pytest.mark.slow
def test_a_page_without_draws_names_what_is_left_out(browser: Any, tmp_path: Path) -> None:
    seen = opened(browser, saved(tmp_path, page_of(hg.project("indonesia", where="capacity_mw >= 900", draws=0))))
    assert "What drives the uncertainty: left out" in seen.page.locator("#decisions").inner_text()
    assert seen.page.locator("#figure-tornado").count() == 0
    assert seen.said == []
    seen.page.close()


@pytest.mark.slow
def test_the_policy_of_the_page_refuses_scripts_it_does_not_know(english: Opened) -> None:
    english.page.evaluate(
        "() => { const own = document.createElement('script'); own.textContent = 'window.hacked = 1';"
        "document.body.append(own); const button = document.createElement('button');"
        "button.setAttribute('onclick', 'window.hacked = 1'); document.body.append(button); button.click(); }"
    )
    assert english.page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in line for line in english.said)  # it was refused, not overlooked


def test_it_opens_with_the_numbers_of_the_run(english: Opened, indonesia: hg.Run) -> None:
    ranking = indonesia.rank()
    assert held(english, "explore-total", "t") == pytest.approx(ranking["lifetime_kg"].sum() / 1000, rel=1e-7)
    assert held(english, "explore-share", "share") == pytest.approx(ranking["share"].head(10).sum(), rel=1e-7)
    total = f"{ranking['lifetime_kg'].sum() / 1000:,.0f} t"
    assert total in english.page.locator("#summary .cards").inner_text()


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["gem_40", "gem_35", "crea_30"])
def test_another_rule_gives_what_a_run_with_it_gives(english: Opened, rule: str) -> None:
    before = held(english, "explore-total", "t")
    english.page.select_option("#explore-rule", label=rule)
    other = hg.project("indonesia", rule=rule, draws=0).rank()
    assert held(english, "explore-total", "t") == pytest.approx(other["lifetime_kg"].sum() / 1000, rel=1e-7)
    assert held(english, "explore-share", "share") == pytest.approx(other["share"].head(10).sum(), rel=1e-7)
    assert held(english, "explore-total", "t") != before


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "lifetime"), [("icsc_40", 20), ("icsc_40", 47), ("gem_40", 33), ("gem_35", 60)])
def test_another_lifetime_gives_what_a_run_with_it_gives(english: Opened, rule: str, lifetime: int) -> None:
    english.page.select_option("#explore-rule", label=rule)
    slide(english, "explore-life", lifetime)
    assert_same(english, living(hg.read_fleet("indonesia"), lifetime), rule)


def living(fleet: Fleet, lifetime: int) -> Fleet:
    """Return a fleet whose units have this lifetime where the workbook states none."""
    return replace(fleet, units=fleet.units.assign(lifetime_years=fleet.units["lifetime_years"].fillna(lifetime)))


def assert_same(seen: Opened, fleet: Fleet, rule: str, **options: Any) -> None:
    """Hold the sliders to a run: remaining mercury, share of the largest, and the mercury of every year."""
    other = hg.project(fleet, rule=rule, draws=0, **options)
    ranking, top = other.rank(), int(seen.page.locator("#explore-top").input_value())
    assert held(seen, "explore-total", "t") == pytest.approx(ranking["lifetime_kg"].sum() / 1000, rel=1e-7)
    assert held(seen, "explore-share", "share") == pytest.approx(ranking["share"].head(top).sum(), rel=1e-7)
    years, kg = (seen.page.locator(f"#explore-data td:nth-child({n})").all_text_contents() for n in (1, 2))
    yearly = other.projection.annual_kg.sum(axis=0)
    base = other.projection.settings.base_year
    shown = dict(zip(range(base, base + len(yearly)), yearly, strict=True))
    assert [int(year) for year in years] == list(shown)
    assert [float(text.replace(",", "")) for text in kg] == pytest.approx(list(shown.values()), rel=1e-3)


@pytest.mark.slow
def test_every_lifetime_holds_with_activity_of_later_years_own_lifetimes_and_announced_years(
    browser: Any, tmp_path: Path
) -> None:
    seen = opened(browser, saved(tmp_path, page_of(hg.project(MANY_CASES, base_year=2024, draws=0))))
    for rule in ("icsc_40", "gem_40", "gem_35"):
        seen.page.select_option("#explore-rule", label=rule)
        for lifetime in (20, 21, 30, 39, 41, 60):
            slide(seen, "explore-life", lifetime)
            assert_same(seen, living(MANY_CASES, lifetime), rule, base_year=2024)
    assert seen.said == []
    seen.page.close()


@pytest.mark.slow
def test_the_retrofit_reaches_units_that_the_rule_of_the_run_had_closed(browser: Any, tmp_path: Path) -> None:
    run = hg.project(MANY_CASES, base_year=2024, draws=0)
    closed = run.units.index[run.units["lifetime_kg"].eq(0) & run.units["status"].eq("operating")]
    assert len(closed) > 0
    seen = opened(browser, saved(tmp_path, page_of(run)))
    slide(seen, "explore-life", 60)
    slide(seen, "explore-top", len(run.units))
    seen.page.locator("#explore-on").check()
    slide(seen, "explore-year", 2030)
    measure = Measure(action="add_control", target="ACI-Br", where="sector == 'coal_power'", from_year=2030)
    long = hg.project(living(MANY_CASES, 60), base_year=2024, draws=0)
    expected = long.compare([Scenario(name="same", measure=[measure])]).table["avoided_t"].iloc[0]
    assert held(seen, "explore-avoided", "t") == pytest.approx(expected, rel=1e-6)
    seen.page.close()


@pytest.mark.slow
def test_units_whose_retrofit_was_not_computed_are_counted(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hginventory.report.page.explorer.POINTS", 4)
    run = hg.project(MANY_CASES, base_year=2024, draws=0)
    seen = opened(browser, saved(tmp_path, page_of(run)))
    slide(seen, "explore-top", 4)
    seen.page.locator("#explore-on").check()
    told = seen.page.locator("#explore-avoided-share")
    assert "not computed" not in told.inner_text()
    slide(seen, "explore-life", 60)
    new = hg.project(living(MANY_CASES, 60), base_year=2024, draws=0).rank().head(4)
    others = new[new["sector"].eq("coal_power") & ~new["unit_id"].isin(run.rank()["unit_id"].head(4))]
    assert len(others) > 0
    assert told.inner_text().endswith(f"for {len(others)} of them it was not computed")
    seen.page.close()


@pytest.mark.slow
def test_a_rule_brings_its_own_lifetime_and_the_sliders_say_where_they_stand(english: Opened) -> None:
    life = english.page.locator("#explore-life")
    assert life.input_value() == "40"
    english.page.select_option("#explore-rule", label="crea_30")
    assert life.input_value() == "30"
    assert english.page.locator("#explore-rule-shown").inner_text().startswith("crea_30")
    life.focus()
    english.page.keyboard.press("ArrowRight")
    assert (
        life.get_attribute("aria-valuetext") == "31 years" == english.page.locator("#explore-life-shown").inner_text()
    )
    told = english.page.locator("#explore-rule-shown").inner_text()
    assert told.startswith("units close at 31 years")
    english.page.select_option("#explore-rule", label="icsc_40")
    assert english.page.locator("#explore-rule-shown").inner_text() == "icsc_40, as in the run"


@pytest.mark.slow
def test_the_number_of_units_changes_their_share(english: Opened, indonesia: hg.Run) -> None:
    slide(english, "explore-top", 57)
    assert held(english, "explore-share", "share") == pytest.approx(indonesia.rank()["share"].head(57).sum(), rel=1e-7)


@pytest.mark.slow
def test_the_retrofit_avoids_what_a_scenario_says(english: Opened, indonesia: hg.Run) -> None:
    english.page.locator("#explore-on").check()
    slide(english, "explore-year", 2035)
    slide(english, "explore-top", 25)
    where = "sector == 'coal_power' and rank <= 25"
    measure = Measure(action="add_control", target="ACI-Br", where=where, from_year=2035)
    expected = indonesia.compare([Scenario(name="same", measure=[measure])]).table["avoided_t"].iloc[0]
    assert expected > 1
    assert held(english, "explore-avoided", "t") == pytest.approx(expected, rel=1e-6)


@pytest.mark.slow
def test_the_chart_names_the_retrofit_only_while_it_is_on(english: Opened) -> None:
    figure = english.page.locator("#explore figure")
    figure.locator("summary").click()
    chart, named = figure.locator("#explore-chart"), figure.get_by_text("with the retrofit")
    assert figure.get_by_text("without retrofit").count() == 2  # legend and table
    assert "retrofit" not in chart.get_attribute("aria-label")
    assert named.count() == 0
    english.page.locator("#explore-on").check()
    named.nth(1).wait_for()
    assert "with the retrofit" in chart.get_attribute("aria-label")
    english.page.locator("#explore-on").uncheck()
    figure.locator("svg").get_by_text("with the retrofit").wait_for(state="detached")
    assert named.count() == 0


@pytest.mark.slow
def test_the_sliders_work_by_keyboard(english: Opened) -> None:
    before = held(english, "explore-share", "share")
    english.page.locator("#explore-top").focus()
    english.page.keyboard.press("ArrowRight")
    assert held(english, "explore-share", "share") > before


def column(seen: Opened, name: str) -> list[str]:
    """Return the shown texts of a column of the table of units."""
    heads = seen.page.locator("#unit-table th").evaluate_all("heads => heads.map(head => head.dataset.name)")
    number = heads.index(name) + 1
    return list(seen.page.locator(f"#unit-table tbody td:nth-child({number})").all_inner_texts())


@pytest.mark.slow
def test_the_table_of_units_sorts_by_its_heads(english: Opened) -> None:
    head = english.page.locator("#unit-table th[data-name=capacity_gross_mw]")
    head.get_by_role("button").click()
    shown = [float(text.replace(",", "")) for text in column(english, "capacity_gross_mw") if text]
    assert head.get_attribute("aria-sort") == "descending"
    assert shown == sorted(shown, reverse=True)
    assert len(set(shown)) > 10
    head.get_by_role("button").click()
    shown = [float(text.replace(",", "")) for text in column(english, "capacity_gross_mw") if text]
    assert head.get_attribute("aria-sort") == "ascending"
    assert shown == sorted(shown)


def test_the_table_of_units_is_searched(english: Opened, indonesia: hg.Run) -> None:
    english.page.fill("#unit-search", "suralaya")
    rows = english.page.locator("#unit-table tbody tr").count()
    assert 0 < rows == indonesia.units["plant"].str.contains("Suralaya").sum()
    assert NUMBER.findall(english.page.locator("#unit-found").inner_text()) == [str(rows), str(len(indonesia.rank()))]


@pytest.mark.slow
def test_a_search_of_part_of_the_units_says_so(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hginventory.report.page.content.LISTED_ALL", 5)
    monkeypatch.setattr("hginventory.report.page.content.POINTS", 4)
    run = hg.project(MANY_CASES, base_year=2024, draws=0)
    seen = opened(browser, saved(tmp_path, page_of(run)))
    others = len(run.rank()) - 4
    assert NUMBER.findall(seen.page.locator("#unit-found").inner_text()) == ["4", "4", str(others)]
    seen.page.fill("#unit-search", "no such unit")
    assert NUMBER.findall(seen.page.locator("#unit-found").inner_text()) == ["0", "4", str(others)]
    seen.page.close()


def test_a_unit_opens_its_calculation(english: Opened, indonesia: hg.Run) -> None:
    first = indonesia.rank().iloc[0]
    english.page.locator("#unit-table tbody button").first.press("Enter")
    dialog = english.page.locator("dialog[open]")
    text = dialog.inner_text()
    told = indonesia.explain(first["unit_id"])
    assert first["unit_id"] in text
    assert all(step.name in text and step.formula in text for step in told.steps)
    assert all(row.row_id in text for row, _ in told.rows)
    english.page.keyboard.press("Escape")
    assert english.page.locator("dialog[open]").count() == 0


def marked(seen: Opened, name: str) -> int:
    """Return how many marks of a figure have the colour of the selected unit and are seen."""
    return int(
        seen.page.locator(
            f"#figure-{name} svg path[stroke='#D55E00'], #figure-{name} svg line[stroke='#D55E00']"
        ).evaluate_all(
            "all => all.filter(one => one.getAttribute('opacity') !== '0' && one.getBBox().height > 0).length"
        )
    )


def test_one_unit_is_selected_in_table_search_and_figures(english: Opened, indonesia: hg.Run) -> None:
    first = indonesia.rank(sector="coal_power").iloc[0]
    page, before = english.page, marked(english, "bars")
    page.locator("#unit-search").focus()
    page.keyboard.type(str(first["unit_id"]))  # by keyboard alone
    assert first["plant"].split()[0] in page.locator("#chosen-text").inner_text()
    row = page.locator("#unit-table tr[aria-current=true]")
    assert first["unit_id"] in row.inner_text()
    page.wait_for_timeout(300)
    assert marked(english, "bars") > before
    page.locator("#chosen-none").press("Enter")
    assert not page.locator("#chosen").is_visible()
    assert row.count() == 0
    page.locator("#figure-bars svg .mark-rect path").first.click(force=True)
    assert first["unit_id"] in row.inner_text()
    page.locator("#chosen-how").click()
    assert first["unit_id"] in page.locator("dialog[open]").inner_text()
    page.keyboard.press("Escape")
    page.locator("#chosen-none").click()
    page.fill("#unit-search", "")


@pytest.mark.slow
def test_the_map_is_enlarged_and_moved_by_keyboard(english: Opened) -> None:
    page, box = english.page, english.page.locator("#zoom-places")
    circle = "() => document.querySelector('#figure-places svg .mark-symbol path').getAttribute('transform')"
    before = page.evaluate(circle)
    box.locator("[data-do=in]").press("Enter")
    assert box.get_attribute("data-zoom") == "2"
    page.wait_for_function(f"before => ({circle})() !== before", arg=before)
    moved = page.evaluate(circle)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"before => ({circle})() !== before", arg=moved)
    box.locator("[data-do=whole]").click()
    page.wait_for_function(f"before => ({circle})() === before", arg=before)
    assert english.said == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1400])
def test_letters_of_figures_are_not_shrunk(browser: Any, files: dict[str, Path], width: int) -> None:
    seen = opened(browser, files["en"])
    seen.page.set_viewport_size({"width": width, "height": 800})
    seen.page.reload()
    seen.page.wait_for_selector(READY, timeout=60_000)
    sizes = seen.page.evaluate(
        "() => [...document.querySelectorAll('.chart svg text')].filter(one => one.textContent).map(one => {"
        "const box = one.ownerSVGElement; return parseFloat(getComputedStyle(one).fontSize)"
        "* box.getBoundingClientRect().width / box.viewBox.baseVal.width; })"
    )
    assert len(sizes) > 100
    assert min(sizes) > 10.95
    assert seen.page.evaluate("document.documentElement.scrollWidth") == width
    seen.page.set_viewport_size({"width": 1000, "height": 900})
    seen.page.close()


LINES = ("figure-pareto", "figure-pareto_kilns", "figure-trajectory", "figure-wedges", "figure-cost_curve",
         "explore-chart")  # fmt: skip
SHARE_HIT = 684 / 936  # of probe points, from which on lines are easy to hit
DRAWN = """id => { const svg = document.querySelector(`#${id} svg`);
  const box = svg.querySelector('.role-frame.root > g > path.background').getBoundingClientRect();
  return [box.left, box.top, box.width, box.height]; }"""
TIP = """() => [...document.querySelectorAll('#vg-tooltip-element.visible tr')].map(
  row => [...row.cells].map(cell => cell.innerText))"""


def probed(seen: Opened, chart: str, columns: int, rows: int) -> list[list[list[str]]]:
    """Return the tooltips, as rows of title and value, at the points of a grid over the drawing area of a chart."""
    page = seen.page
    page.locator(f"#{chart} svg").scroll_into_view_if_needed()
    left, top, width, height = page.evaluate(DRAWN, chart)
    found = []
    for column in range(columns):
        for row in range(rows):
            page.mouse.move(left + (column + 0.5) / columns * width, top + (row + 0.5) / rows * height)
            found.append(page.evaluate(TIP))
    return found


@pytest.mark.slow
def test_lines_are_hit_from_anywhere_in_their_figures(english: Opened) -> None:
    tips = [tip for chart in LINES for tip in probed(english, chart, 13, 12)]
    assert len(tips) == 936
    assert sum(bool(tip) for tip in tips) / len(tips) > SHARE_HIT


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "id"])
def test_every_chart_has_tooltips_in_words(browser: Any, files: dict[str, Path], language: str) -> None:
    seen = opened(browser, files[language])
    charts = seen.page.locator("figure:has(.chart svg)").evaluate_all(
        "all => all.map(one => one.id || one.querySelector('.chart').id)"
    )
    assert len(charts) >= 14
    titles = set()
    for chart in charts:
        tips = [tip for tip in probed(seen, chart, 8, 20) if tip]
        assert tips, chart
        for title, value in (row for tip in tips for row in tip):
            titles.add(title)
            assert value not in ("null", "undefined", "NaN", ""), (chart, title)
            assert "_" not in title, chart
    assert {"en": "Emissions to air [kg/yr]", "id": "Merkuri ke udara [kg/yr]"}[language] in titles
    assert seen.said == []
    seen.page.close()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "id"])
def test_nothing_is_cut_or_scrolled_sideways_on_a_telephone(
    browser: Any, files: dict[str, Path], language: str
) -> None:
    seen = opened(browser, files[language])
    seen.page.set_viewport_size({"width": 390, "height": 800})
    seen.page.reload()
    seen.page.wait_for_selector(READY, timeout=60_000)
    boxes = seen.page.evaluate(
        "() => [...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth + 1)"
        ".map(one => one.innerText.slice(0, 60))"
    )
    assert boxes == []
    outside, overlapping, shortened = seen.page.evaluate(
        """() => { const outside = [], overlapping = [], shortened = [];
        for (const svg of document.querySelectorAll('.chart svg')) {
          const frame = svg.getBoundingClientRect();
          const texts = [...svg.querySelectorAll('text')]
            .filter(one => one.textContent.trim() && getComputedStyle(one).opacity !== '0')  // not left out by its axis
            .map(one => [one.textContent, one.getBoundingClientRect()]);
          texts.forEach(([text, box], n) => {
            if (box.left < frame.left - 1 || box.right > frame.right + 1) outside.push(text);
            if (text.endsWith('…')) shortened.push(text);
            for (const [other, its] of texts.slice(n + 1)) {
              const over = [Math.min(box.right, its.right) - Math.max(box.left, its.left),
                Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top)];
              if (other !== text && over[0] > 1 && over[1] > 4) overlapping.push([text, other]);
            }
          });
        }
        return [outside, overlapping, shortened]; }"""
    )
    assert (outside, overlapping, shortened) == ([], [], [])
    seen.page.set_viewport_size({"width": 1000, "height": 900})
    seen.page.close()


@pytest.mark.slow
def test_every_figure_shows_its_numbers(english: Opened) -> None:
    for details in english.page.locator("details").all():
        details.locator("summary").click()
        details.locator("tbody tr").first.wait_for()  # the page fills the table when it hears that it was opened
        assert details.locator("th").count() == details.locator("tbody tr").first.locator("td").count() > 1


@pytest.mark.slow
def test_headings_go_down_in_steps_and_every_figure_has_words(english: Opened) -> None:
    levels = english.page.locator("main h1, h1, main h2, main h3").evaluate_all("all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    words = english.page.locator(".chart").evaluate_all("all => all.map(c => c.getAttribute('aria-label'))")
    assert all(0 < len(text) <= 150 and any(sign.isdigit() for sign in text) for text in words)
    assert english.page.locator("html").get_attribute("lang") == "en"


def scan(seen: Opened) -> list[dict[str, Any]]:
    """Return what axe-core finds serious; its script is put in by the driver, beside the policy of the page."""
    import axe_playwright_python

    script = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    seen.page.evaluate(script)
    found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 10
    return [violation for violation in found["violations"] if violation["impact"] in SERIOUS]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "id"])
def test_nothing_serious_is_found_by_axe(browser: Any, files: dict[str, Path], language: str) -> None:
    seen = opened(browser, files[language])
    seen.page.locator("details summary").first.click()
    assert [(v["id"], v["nodes"][0]["html"]) for v in scan(seen)] == []
    seen.page.locator("#unit-table tbody button").first.click()
    assert [(v["id"], v["nodes"][0]["html"]) for v in scan(seen)] == []
    seen.page.close()


@pytest.mark.slow
def test_a_scan_can_find_something(english: Opened) -> None:
    english.page.evaluate("document.querySelector('#unit-search').labels[0].remove()")
    assert "label" in {violation["id"] for violation in scan(english)}


@pytest.mark.slow
def test_it_prints(english: Opened) -> None:
    english.page.emulate_media(media="print")
    hidden = english.page.locator("nav, .controls, .search")
    assert all(not part.is_visible() for part in hidden.all())
    box = english.page.locator("#units .scroll").bounding_box()
    table = english.page.locator("#unit-table").bounding_box()
    assert box["height"] >= table["height"]  # the whole table, not a window on it
    english.page.set_viewport_size({"width": 718, "height": 900})  # of a sheet of A4 less its margins
    wide = english.page.locator(".scroll").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1)"
        ".map(one => [one.scrollWidth, one.clientWidth, one.innerText.slice(0, 40)])"
    )
    assert wide == []
    english.page.set_viewport_size({"width": 1000, "height": 900})
    printed = english.page.pdf(format="A4")
    assert 5 < len(re.findall(rb"/Type\s*/Page\b", printed)) < 60


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "id"])
def test_the_page_is_no_wider_than_a_telephone(browser: Any, files: dict[str, Path], language: str) -> None:
    seen = opened(browser, files[language])
    seen.page.set_viewport_size({"width": 375, "height": 700})
    for details in seen.page.locator("details").all():
        details.locator("summary").click()
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 375
    seen.page.close()


def test_names_of_units_stay_text(browser: Any, files: dict[str, Path]) -> None:
    seen = opened(browser, files["hostile"])
    seen.page.fill("#unit-search", "onerror")
    assert seen.page.locator("#unit-table tbody tr").count() == 200
    seen.page.locator("#unit-table tbody button").first.click()
    assert HOSTILE in seen.page.locator("#trace-title").inner_text()
    seen.page.keyboard.press("Escape")
    for details in seen.page.locator("details").all():
        details.locator("summary").click()
    seen.page.locator("#figure-bars svg path").first.hover(force=True)
    assert seen.page.evaluate("window.hacked") is None
    assert seen.page.locator("img").count() == 0
    assert seen.said == []
    assert seen.requests == [files["hostile"].as_uri()]
    seen.page.close()


def texts(seen: Opened, what: str) -> list[str]:
    """Return the texts of the elements that a selector chooses."""
    return [text.strip() for text in seen.page.locator(what).all_text_contents()]


@pytest.mark.slow
def test_the_indonesian_page_is_indonesian(
    browser: Any, english: Opened, files: dict[str, Path], indonesia: hg.Run
) -> None:
    seen = opened(browser, files["id"])
    assert seen.page.locator("html").get_attribute("lang") == "id"
    for what in ("h1", "h2", "h3", "figcaption", "summary", "dt", "label", "nav a", "main section > p", ".quiet"):
        ours, theirs = texts(seen, what), texts(english, what)
        assert len(ours) == len(theirs) > 0
        same = [a for a, b in zip(ours, theirs, strict=True) if a and a == b and "example made mostly" not in a]
        assert same == [], what
    base = indonesia.units["air_base_year_kg"].sum()
    assert f"{base:,.0f} kg".replace(",", ".") in seen.page.locator(".cards").first.inner_text()
    assert column(seen, "unit_id") == column(english, "unit_id")
    assert seen.said == []
    seen.page.close()


def test_each_sector_has_cards_and_the_sliders_take_its_units(english: Opened) -> None:
    """Amounts of both together come first, then of each sector; the largest units of the sliders are coal units."""
    labels = english.page.locator("#summary dt").all_text_contents()
    headings = [label.partition(": ")[0] for label in labels]
    assert headings == ["Both together"] * 2 + ["Coal units"] * 2 + ["Cement kilns"] * 2
    assert english.page.locator("#explore-named").inner_text().endswith(" coal units, share of their sector")
