"""Where the mercury is emitted: circles on outlines, one a plant; no tiles, no request to anywhere."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hginventory.decisions.ranking import sectors_of
from hginventory.report.figures.data import FigureData
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import AMOUNT, THIS_PLANT, ring, tooltips
from hginventory.report.figures.style import BLUE, DARK, LAND, ORANGE, OTHER, WIDTH
from hginventory.report.maps import COASTS, Window, borders, country_frame, outlines
from hginventory.report.tables import POINTS
from hginventory.report.text import SECTORS, Words

MARGIN = 0.03  # of the extent, on each side
LEAST = 2.0  # degrees shown around a single plant
TALLEST = 540  # pixels
NARROW = 328  # pixels of a map on a telephone
AREA, MANY = 900, 200  # of the largest circle [square pixels]; plants from which on circles are smaller
COLOURS = {"coal_power": BLUE, "cement_kiln": ORANGE}
NUMBERED = 10  # plants
APART = 15.0  # between two numbers [pixels]
STROKES = {
    "country": ("#77776E", 1.0, [1, 0]),
    "disputed": ("#77776E", 1.0, [3, 3]),
    "region": ("#C4C4BA", 0.6, [1, 0]),
}
ZOOM = {"zoom": 1, "pan_x": 0, "pan_y": 0, "narrow": False}  # signals that the page sets


def places(figure_data: FigureData, path: str | Path | None = None) -> Figure | None:
    """Return the map of the plants; None where no unit has coordinates.

    Parameters
    ----------
    figure_data : FigureData
        The run.
    path : str or Path, optional
        GeoJSON file with the user's own outlines; ``coasts``: coasts without borders; default: coasts and borders.
    """
    words, table = figure_data.words, _plants(figure_data)
    if table.empty:
        return None
    countries = figure_data.run.units["country"].dropna().unique().tolist()
    window = _window(table, country_frame(countries))
    land = outlines(window, path)
    lines = _lines(window, countries) if path is None else []
    sectors = sectors_of(table)
    west, _, east, _ = window
    # The map shows all plants; the finding and the numbers are of the first list with plants on it.
    first = next(one for one in figure_data.lists if not one.heading or one.name in sectors)
    own = table[table["sector"].eq(first.name)] if first.heading else table
    lead = table.iloc[0]
    located = float(table["air_kg_per_yr"].sum())
    everything = sum(one.air_kg_per_yr for one in figure_data.lists)
    share = located / everything if everything > 0 else float("nan")
    of_first = first.air_kg_per_yr
    share_of_ten = words.percent(float(own["air_kg_per_yr"].head(NUMBERED).sum()) / of_first) if of_first > 0 else "–"
    top = own.head(NUMBERED)
    # The numbered plants are drawn even where the other list has many that emit more.
    shown = table.loc[table.head(POINTS).index.union(top.index)]
    shown = shown.assign(sector=lambda t: t["sector"].map({s: words(SECTORS[s]) for s in sectors}))
    numbers = _numbers(top, window)
    data = {"table": shown, "land": pd.DataFrame(land), "numbers": numbers}
    if lines:
        data["borders"] = pd.DataFrame(lines)
    return Figure(
        "places",
        first.title(
            words("10 of {count} plants account for {share} of annual emissions", count=words.number(len(own)),
                  share=share_of_ten)
            if len(own) > NUMBERED
            else words("{plant} emits most: {kg} kg per year", plant=own["plant"].iloc[0],
                       kg=words.number(own["air_kg_per_yr"].iloc[0]))
        ),
        words("Emissions to air in a full year by plant [kg per year]; circle area: amount; numbers: the largest "
              "plants, listed below"),
        words("Map of {n} plants, {west} to {east} degrees east; {plant} emits most, {kg} kg per year.",
              n=words.number(len(table)), west=words.number(west, 0), east=words.number(east, 0),
              plant=lead["plant"], kg=words.number(lead["air_kg_per_yr"])),
        _chart(figure_data, shown, window, [words(SECTORS[s]) for s in sectors], [COLOURS[s] for s in sectors],
               bordered=bool(lines)),
        shown,
        words,
        data=data,
        heads={"plant": words("Plant"), "units": words("Units"), "latitude": words("Latitude"),
               "longitude": words("Longitude")},
        listed=tuple(
            words("{plant}: {kg} kg", plant=plant, kg=words.number(kg))
            for plant, kg in zip(top["plant"], top["air_kg_per_yr"], strict=True)
        ),
        note=_note(words, words.percent(share), path, lines),
        window=window,
    )  # fmt: skip


def _note(words: Words, share: str, path: str | Path | None, lines: list[dict[str, Any]]) -> str:
    """Return what a reader must know of the map: what is on it, and whose view its borders are."""
    said = [words("Plants with coordinates account for {share} of emissions. Equirectangular projection.", share=share)]
    if path is not None and path != COASTS:
        said.append(words("Outlines of the user."))
    elif lines:
        said.append(words("Coasts and borders: Natural Earth, which shows who controls an area. They state no position "
                          "on any territory. Use your own outlines to show another view."))  # fmt: skip
        if any(line["kind"] == "disputed" for line in lines):
            said.append(words("Dashed: disputed."))
    else:
        said.append(words("Coasts: Natural Earth."))
    return " ".join(said)


def _lines(window: Window, countries: list[str]) -> list[dict[str, Any]]:
    """Return the borders within a window as GeoJSON features with their kind, regions first."""
    found = borders(window, countries)
    kinds = {"region": found.regions, "country": found.countries, "disputed": found.disputed}
    return [
        {"type": "Feature", "kind": kind, "geometry": {"type": "MultiLineString", "coordinates": lines}}
        for kind, lines in kinds.items()
        if lines
    ]


def _numbers(top: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the numbered plants with the place of each number on the map as it is drawn, and on a narrow screen."""
    return top[["plant", "air_kg_per_yr", "longitude", "latitude"]].assign(
        number=[str(n + 1) for n in range(len(top))],
        **_placed(top, window, WIDTH, "at"), **_placed(top, window, NARROW, "narrow"),
    )  # fmt: skip


def _placed(top: pd.DataFrame, window: Window, room: float, name: str) -> dict[str, np.ndarray]:
    """Return where numbers are written on a map so wide [pixels]: pushed apart where plants are near each other."""
    per_degree = _per_degree(window, room)
    at = top[["longitude", "latitude"]].to_numpy(dtype=float) * per_degree
    put = at.copy()
    for _ in range(60):
        step = put[:, None, :] - put[None, :, :]
        distance = np.hypot(step[..., 0], step[..., 1])
        close = (distance < APART) & ~np.eye(len(put), dtype=bool)
        if not close.any():
            break
        order = np.sign(np.arange(len(put))[:, None] - np.arange(len(put))[None, :])[..., None]
        away = np.where(distance[..., None] > 0, step / np.maximum(distance, 1e-9)[..., None], order * [0.6, 0.8])
        put += np.where(close[..., None], away * (APART - distance)[..., None] * 0.5, 0.0).sum(axis=1)
    put /= per_degree
    west, south, east, north = window
    edge = APART / 2 / per_degree
    put = np.clip(put, [west + edge, south + edge], [east - edge, north - edge])
    return {f"{name}_longitude": put[:, 0], f"{name}_latitude": put[:, 1]}


def _plants(figure_data: FigureData) -> pd.DataFrame:
    """Return the plants with coordinates: plant, sector, units, air_kg_per_yr and these; largest first."""
    read = figure_data.run.projection.fleet.units
    if "latitude" not in read or "longitude" not in read:
        return pd.DataFrame()
    units = figure_data.run.units.join(read[["latitude", "longitude"]].astype(float))
    units = units[units["latitude"].notna() & units["longitude"].notna() & (units["air_kg_per_yr"] > 0)]
    names = units["plant"].where(units["plant"].notna(), units.index.to_series())
    grouped = units.assign(plant=names, units=1).groupby(["plant", "sector"], sort=False)
    table = grouped.agg(
        units=("units", "sum"), air_kg_per_yr=("air_kg_per_yr", "sum"),
        latitude=("latitude", "mean"), longitude=("longitude", "mean"),
    ).reset_index()  # fmt: skip
    return table.sort_values(["air_kg_per_yr", "plant"], ascending=[False, True], ignore_index=True)


def _window(table: pd.DataFrame, frame: Window | None) -> Window:
    """Return what the map shows: the plants, and the whole of their countries."""
    lows, highs = (getattr(table[["longitude", "latitude"]], kind)().to_numpy() for kind in ("min", "max"))
    if frame is not None:
        lows, highs = np.minimum(lows, frame[:2]), np.maximum(highs, frame[2:])
    half = np.maximum((highs - lows) * (0.5 + MARGIN), LEAST)
    middle = (lows + highs) / 2.0
    (west, south), (east, north) = middle - half, middle + half
    return max(float(west), -180.0), max(float(south), -90.0), min(float(east), 180.0), min(float(north), 90.0)


def _per_degree(window: Window, room: float = WIDTH) -> float:
    """Return the scale of a map that has so much room [pixels per degree]."""
    west, south, east, north = window
    return min(room / (east - west), TALLEST / (north - south))


def _round_amounts(most: float) -> list[float]:
    """Return the amounts that the legend of circles shows: round ones up to the largest.

    >>> _round_amounts(1719.0), _round_amounts(327.0), _round_amounts(0.6)
    ([200.0, 500.0, 1000.0], [50.0, 100.0, 200.0], [0.1, 0.2, 0.5])
    """
    power = 10.0 ** math.floor(math.log10(most))
    return [float(f"{mark * power:g}") for mark in (0.1, 0.2, 0.5, 1, 2, 5) if mark * power <= most][-3:]


def _chart(
    figure_data: FigureData,
    shown: pd.DataFrame,
    window: Window,
    names: list[str],
    colours: list[str],
    *,
    bordered: bool,
) -> Any:
    west, south, east, north = window
    per_degree = _per_degree(window)
    width, height = per_degree * (east - west), per_degree * (north - south)
    degree = f"(width / {east - west:.6g} * zoom)"  # pixels
    view: dict[str, Any] = {
        "type": "equirectangular",
        "scale": {"expr": f"{degree} * 180 / PI"},
        "translate": {
            "expr": f"[{-west:.6g} * {degree} - pan_x * width * zoom, {north:.6g} * {degree} - pan_y * height * zoom]"
        },
    }
    words = figure_data.words
    largest, most = AREA if len(shown) <= MANY else AREA / 3, float(shown["air_kg_per_yr"].max())
    ground = alt.Chart(alt.NamedData("land")).mark_geoshape(fill=LAND, stroke="#A8A8A0", strokeWidth=0.5, clip=True)
    lines = [
        alt.Chart(alt.NamedData("borders"))
        .transform_filter(f"datum.kind === '{kind}'")
        .mark_geoshape(filled=False, stroke=colour, strokeWidth=wide, strokeDash=dash, clip=True)
        for kind, (colour, wide, dash) in STROKES.items()
    ]
    table = alt.Chart(alt.NamedData("table"))
    # Numbers were pushed apart by pixels: enlarged they stay as near to their plants.
    pushed = "datum.{0} + ((narrow ? datum.narrow_{0} : datum.at_{0}) - datum.{0}) / zoom"
    numbers = alt.Chart(alt.NamedData("numbers")).transform_calculate(
        put_longitude=pushed.format("longitude"), put_latitude=pushed.format("latitude")
    )
    circles = table.mark_circle(opacity=0.6, stroke=DARK, strokeWidth=0.5, clip=True).encode(
        longitude=alt.Longitude("longitude:Q"),
        latitude=alt.Latitude("latitude:Q"),
        size=alt.Size(
            "air_kg_per_yr:Q",
            title=words("kg per year"),
            scale=alt.Scale(range=[0, largest], domainMin=0),
            legend=alt.Legend(values=_round_amounts(most), symbolFillColor=OTHER, titleOrient="left", columns=3),
        ),
        color=alt.Color("sector:N", title="", scale=alt.Scale(domain=names, range=colours)),
        tooltip=tooltips(["plant:N", "sector:N", "units:Q", alt.Tooltip("air_kg_per_yr:Q", format=AMOUNT)]),
    )
    leader = numbers.mark_rule(color=DARK, strokeWidth=0.7, clip=True).encode(
        longitude=alt.Longitude("longitude:Q"),
        latitude=alt.Latitude("latitude:Q"),
        longitude2=alt.Longitude2("put_longitude:Q"),
        latitude2=alt.Latitude2("put_latitude:Q"),
    )
    texts = [
        numbers.mark_text(fontSize=12, fontWeight="bold", clip=True, **look).encode(
            longitude=alt.Longitude("put_longitude:Q"),
            latitude=alt.Latitude("put_latitude:Q"),
            text=alt.Text("number:N"),
            tooltip=tooltips(["plant:N", alt.Tooltip("air_kg_per_yr:Q", format=AMOUNT)]),
        )
        for look in ({"stroke": "white", "strokeWidth": 3.5, "color": "white"}, {"color": DARK})
    ]  # fmt: skip
    chosen = ring(table, THIS_PLANT, 1500).encode(
        longitude=alt.Longitude("longitude:Q"), latitude=alt.Latitude("latitude:Q")
    )
    layers = [ground, *(lines if bordered else []), chosen, circles, leader, *texts]
    return (
        alt.layer(*layers)
        .add_params(*(alt.param(name, value=value) for name, value in ZOOM.items()))
        .project(**view)
        .properties(width=round(width), height=round(height))
    )
