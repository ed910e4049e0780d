"""``report.html``: a run as one page that opens from disk, explores without a network, and prints."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hginventory._version import __version__
from hginventory.decisions.optimisation import EQUAL_KG, EQUAL_MONEY
from hginventory.decisions.ranking import COMBINED, KG_PER_T
from hginventory.inputs.findings import CODES
from hginventory.inputs.parsing import local_country_name
from hginventory.report.figures import (
    FigureData,
    RankedList,
    decision_figures,
    driver_figures,
    figure_data,
    figures_of,
    sentences,
    with_credit,
)
from hginventory.report.page.content import LISTED_ALL, content
from hginventory.report.page.render import render
from hginventory.report.record import RunRecord, add_reports
from hginventory.report.tables import POINTS, DecisionResults, decision_results, factors_used
from hginventory.report.text import MARKS, SECTORS, Words, fleet_text, headline_sentences, outside_text, published_text

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

FILE = "report.html"
MOST_SOURCES = 200


def page(
    run: Analysis,
    language: str = "en",
    *,
    outlines: str | Path | None = None,
    found: DecisionResults | None = None,
) -> str:
    """Return the page of a run.

    Parameters
    ----------
    run : Analysis
        The run.
    language : str
        ``en`` or a language with a catalogue, as ``id``.
    outlines : str or Path, optional
        GeoJSON file with the user's own outlines for the map.
    found : DecisionResults, optional
        What `decision_results` returned for the run; default: computed now.

    Raises
    ------
    UsageError
        If there is no such language, or the outlines cannot be used.
    """
    seen = figure_data(run, language)
    found = decision_results(run) if found is None else found
    results = figures_of(seen, outlines) | with_credit(driver_figures(found, seen.words), run, seen.words)
    decided = with_credit(decision_figures(found, seen.words), run, seen.words)
    data = content(seen, results | decided)
    words, settings = seen.words, run.projection.settings
    parts: dict[str, Any] = {
        "title": words("Mercury inventory: {fleet}", fleet=fleet_text(settings.fleet_label, words)),
        "subtitle": _subtitle(seen),
        "notice": fleet_text(settings.notice or "", words),
        "attributions": [words.tell(one.text) for one in run.projection.fleet.attributions],
        "countries": _countries(seen),
        "cards": _cards(seen),
        "headline": headline_sentences(run.headline, words),
        "published": [published_text(total, words) for total in run.published_totals],
        "quality": _quality(seen),
        "figures": list(results.values()),
        "decided": list(decided.values()),
        "decided_text": sentences(found, words),
        "equal": equal_rows(found, words),
        "retrofit": data["explorer"]["retrofit"],
        "reach": data["explorer"]["reach"],
        "lifetimes": data["explorer"]["lifetimes"],
        "top": seen.lists[0].top,
        "base_year": settings.base_year,
        "units_text": _units_text(seen),
        "settings": _settings(seen),
        "sources": _sources(seen),
        "findings": _findings(run, words),
        "footer": words(
            "Made by hginventory {version} with factor set {factors}. This page makes no network requests.",
            version=__version__, factors=run.projection.library.version,
        ),
    }  # fmt: skip
    return render(words, data, parts)


def write_page(
    run: Analysis,
    record: RunRecord,
    language: str = "en",
    *,
    outlines: str | Path | None = None,
    found: DecisionResults | None = None,
) -> Path:
    """Write the page of a run into its folder, enter it into the manifest, and return its path.

    Parameters
    ----------
    run : Analysis
        The run of the folder.
    record : RunRecord
        The folder.
    language, outlines, found
        As in `page`.
    """
    record.check_unchanged([FILE])
    text = page(run, language, outlines=outlines, found=found)
    entry = {"format": "html", "language": language} | ({"outlines": Path(outlines).name} if outlines else {})
    add_reports(record, entry, lambda new: (new / FILE).write_text(text, encoding="utf-8", newline="\n"))
    return record.folder / FILE


def equal_rows(found: DecisionResults, words: Words) -> list[list[str]]:
    """Return the rows of the table of scenarios compared with plans for equal kilograms and equal money."""
    if found.comparison is None:
        return []
    return [
        [
            words("{scenario}, equal kg", scenario=row["scenario"]) if row["kind"] == EQUAL_KG
            else words("{scenario}, equal money", scenario=row["scenario"]) if row["kind"] == EQUAL_MONEY
            else row["scenario"],
            words.number(row["units"]),
            *("" if math.isnan(row[name]) else words.number(row[name])
              for name in ("kg_per_yr", "annuity_musd", "usd_per_kg")),
            "" if math.isnan(row["p_cheapest"]) else words.percent(row["p_cheapest"]),
        ]
        for row in found.comparison.equal.to_dict("records")
    ]  # fmt: skip


def _subtitle(seen: FigureData) -> str:
    words, settings, sure, inventory = seen.words, seen.run.projection.settings, seen.sure, seen.run.inventory
    later = words("{n} under construction", n=words.number(inventory.construction)) if inventory.construction else ""
    parts = [
        words("{n} units operating in {year}", n=words.number(inventory.operating), year=settings.base_year),
        *filter(None, [later]),
        words("retirement rule {rule}", rule=settings.rule),
        words("{n} draws, seed {seed}", n=words.number(sure.draws), seed=sure.seed) if sure else words("no draws"),
    ]
    if settings.where:
        parts.append(words("units chosen by {where}", where=settings.where))
    text = ", ".join(parts) + "."
    return f"{text} {outside_text(inventory, words)}".rstrip()


def _countries(seen: FigureData) -> list[list[str]]:
    """Return the rows of the table of countries, of a fleet that has several: as on the screen, all of them."""
    run, words = seen.run, seen.words
    if run.units["country"].nunique() <= 1:
        return []
    rows = []
    for row in run.groups("countries").to_dict("records"):
        bounds = [row.get(f"lifetime_kg_{level}") for level in ("p05", "p95")]
        low, high = (words.number(kg / KG_PER_T) if kg is not None else "" for kg in bounds)
        rows.append(
            [
                words.number(row["rank"]),
                local_country_name(row["country"], row["country"], words.language),
                words(SECTORS[row["sector"]]),
                words.number(row["units"]),
                words.number(row["air_base_year_kg"]),
                words.number(row["lifetime_kg"] / KG_PER_T),
                words("{low} to {high}", low=low, high=high) if low else "",
                words.percent(row["share"]),
            ]
        )
    return rows


def _cards(seen: FigureData) -> list[dict[str, str]]:
    """Return the cards: amounts of both sectors together, where there are two, and of each list."""
    cards = [card for of_list in seen.lists for card in _amounts(seen, of_list)]
    return cards if len(seen.lists) == 1 else [*_amounts(seen), *cards]


def _amounts(seen: FigureData, of_list: RankedList | None = None) -> list[dict[str, str]]:
    """Return the cards of the base year and of the remaining life, of a list or of all units."""
    words, sure, year = seen.words, seen.sure, seen.run.projection.settings.base_year
    several = len(seen.lists) > 1
    name = COMBINED if of_list is None else of_list.name
    summary = next(one for one in seen.run.summary() if one.sector == name)
    head = of_list.heading if of_list else words(SECTORS[COMBINED]).capitalize() if several else ""
    ranges = ["", ""]
    if sure is not None:
        totals = sure.totals[sure.totals["sector"].eq(name)]
        bounds = [(float(row["p05"]), float(row["p95"]), str(row["unit"])) for row in totals.to_dict("records")]
        ranges = [
            words("90 % interval {low} to {high} {unit}", low=words.number(low), high=words.number(high), unit=unit)
            if math.isfinite(low)
            else ""
            for low, high, unit in bounds
        ]
    labels = (words("Emissions to air in {year}", year=year), words("Remaining-lifetime emissions"))
    remaining = f"{words.number(summary.lifetime_t)} t" if math.isfinite(summary.lifetime_t) else words("unknown")
    values = (f"{words.number(summary.air_base_year_kg)} kg", remaining)
    return [
        {"label": ": ".join(filter(None, [head, label])), "value": value, "range": between}
        for label, value, between in zip(labels, values, ranges, strict=True)
    ]


def _quality(seen: FigureData) -> str:
    words, gaps = seen.words, seen.run.gaps()
    parts = [
        f"{words.say(str(name))} {words.percent(row['share_on_default'])}"
        for name, row in gaps.iterrows()
        if name in ("coal mercury", "activity", "raw meal mercury", "kiln activity")
    ]
    text = words("Share of emissions based on default values: {parts}.", parts=", ".join(parts))
    if not seen.run.projection.measured:
        text += " " + words("No measurements to compare.")
    return text


def _units_text(seen: FigureData) -> str:
    words = seen.words
    if len(seen.ranked) > LISTED_ALL:
        listed = sum(min(len(one.ranked), POINTS) for one in seen.lists)
        return words(
            "The {n} largest units; the others are in units.csv. Select the name of a unit to see its calculation.",
            n=words.number(listed),
        )
    return words("Select a heading to sort the table, or the name of a unit to see its calculation step by step.")


def _settings(seen: FigureData) -> list[dict[str, str]]:
    run, words = seen.run, seen.words
    settings, fleet = run.projection.settings, run.projection.fleet
    rows = [
        (name, value, str(settings.origins[name]))
        for name, value in (
            ("base_year", settings.base_year), ("rule", settings.rule),
            ("lifetime_spread", settings.lifetime_spread), ("profile", settings.profile),
            ("captive_category", settings.captive_category), ("where", settings.where),
            ("combined", settings.combined),
        )
    ]  # fmt: skip
    rows += [("draws", run.n_draws, ""), ("seed", run.seed if run.n_draws else None, "")]
    rows.append(("factor_set", run.projection.library.version, ""))
    rows.append(("fleet", f"{fleet.name}, sha256 {fleet.sha256[:16]}" if fleet.sha256 else fleet.name, ""))
    rows.append((words("rule in words"), seen.rule(), ""))
    return [
        {"name": name, "value": "–" if value is None else str(value), "origin": origin} for name, value, origin in rows
    ]


def _sources(seen: FigureData) -> list[dict[str, Any]]:
    table = factors_used(seen.run.projection)
    if table.empty:
        return []
    grouped = table.groupby(["citation", "read_from"], sort=False).agg(
        rows=("row_id", "size"), kg=("emission_kg", "max")
    )
    ordered = grouped.reset_index().sort_values(["kg", "citation"], ascending=[False, True]).head(MOST_SOURCES)
    return [
        {"citation": row.citation, "mark": seen.words.say(MARKS[str(row.read_from)]), "rows": row.rows}
        for row in ordered.itertuples()
    ]


def _findings(run: Analysis, words: Words) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for finding in run.findings:
        row = rows.setdefault(
            finding.code,
            {
                "code": finding.code,
                "severity": words.say(finding.severity),
                "text": words.say(CODES[finding.code].meaning),
                "count": 0,
            },
        )
        row["count"] += finding.count
    return [rows[code] for code in sorted(rows)]
