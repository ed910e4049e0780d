"""Where the mercury is emitted: circles on outlines, one a plant; no tiles, no request to anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hginventory.decisions.ranking import sectors_of
from hginventory.report.figures.data import FigureData
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.outlines import Window, outlines
from hginventory.report.figures.style import BLUE, DARK, LAND, ORANGE, WIDTH
from hginventory.report.tables import POINTS
from hginventory.report.text import SECTORS

MARGIN = 0.06  # of the extent of the units, on each side
LEAST = 2.0  # degrees shown around a single plant
TALLEST = 460  # pixels
AREA, MANY = 900, 200  # of the largest circle [square pixels]; plants from which on circles are smaller
COLOURS = {"coal_power": BLUE, "cement_kiln": ORANGE}


def places(figure_data: FigureData, path: str | Path | None = None) -> Figure | None:
    """Return the map of the plants; None where no unit has coordinates.

    Parameters
    ----------
    figure_data : FigureData
        The run.
    path : str or Path, optional
        GeoJSON file with the user's own outlines.
    """
    words, table = figure_data.words, _plants(figure_data)
    if table.empty:
        return None
    window = _window(table)
    land = outlines(window, path)
    sectors = sectors_of(table)
    west, _, east, _ = window
    # The map shows all plants; the finding is of the first list with plants on it.
    first = next(one for one in figure_data.lists if not one.heading or one.name in sectors)
    own = table[table["sector"].eq(first.name)] if first.heading else table
    lead = table.iloc[0]
    located = float(table["air_kg_per_yr"].sum())
    everything = sum(one.air_kg_per_yr for one in figure_data.lists)
    share = located / everything if everything > 0 else float("nan")
    of_first = first.air_kg_per_yr
    share_of_ten = words.percent(float(own["air_kg_per_yr"].head(10).sum()) / of_first) if of_first > 0 else "–"
    shown = table.head(POINTS).assign(sector=lambda t: t["sector"].map({s: words(SECTORS[s]) for s in sectors}))
    return Figure(
        "places",
        first.title(
            words("10 of {count} plants account for {share} of annual emissions", count=words.number(len(own)),
                  share=share_of_ten)
            if len(own) > 10
            else words("{plant} emits most: {kg} kg per year", plant=own["plant"].iloc[0],
                       kg=words.number(own["air_kg_per_yr"].iloc[0]))
        ),
        words("Emissions to air in a full year by plant [kg per year]; circle area: amount; outlines: coasts"
              if path is None else
              "Emissions to air in a full year by plant [kg per year]; circle area: amount; outlines of the user"),
        words("Map of {n} plants, {west} to {east} degrees east; {plant} emits most, {kg} kg per year.",
              n=words.number(len(table)), west=words.number(west, 0), east=words.number(east, 0),
              plant=lead["plant"], kg=words.number(lead["air_kg_per_yr"])),
        _chart(figure_data, len(shown), window, [words(SECTORS[s]) for s in sectors], [COLOURS[s] for s in sectors]),
        shown,
        words,
        data={"table": shown, "land": pd.DataFrame(land)},
        heads={"units": words("Units"), "latitude": words("Latitude"), "longitude": words("Longitude")},
        note=words("Plants with coordinates account for {share} of emissions. Equirectangular, no borders by default.",
                   share=words.percent(share)),
    )  # fmt: skip


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


def _window(table: pd.DataFrame) -> Window:
    lows, highs = (getattr(table[["longitude", "latitude"]], kind)().to_numpy() for kind in ("min", "max"))
    half = np.maximum((highs - lows) * (0.5 + MARGIN), LEAST)
    middle = (lows + highs) / 2.0
    (west, south), (east, north) = middle - half, middle + half
    return max(float(west), -180.0), max(float(south), -90.0), min(float(east), 180.0), min(float(north), 90.0)


def _chart(figure_data: FigureData, count: int, window: Window, names: list[str], colours: list[str]) -> Any:
    west, south, east, north = window
    per_degree = min(WIDTH / (east - west), TALLEST / (north - south))
    width, height = per_degree * (east - west), per_degree * (north - south)
    view: dict[str, Any] = {
        "type": "equirectangular",
        "scale": per_degree * 180.0 / np.pi,
        "translate": [-west * per_degree, north * per_degree],
    }
    largest = AREA if count <= MANY else AREA / 3  # square pixels
    ground = alt.Chart(alt.NamedData("land")).mark_geoshape(fill=LAND, stroke="#A8A8A0", strokeWidth=0.5, clip=True)
    circles = (
        alt.Chart(alt.NamedData("table"))
        .mark_circle(opacity=0.6, stroke=DARK, strokeWidth=0.5)
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            size=alt.Size(
                "air_kg_per_yr:Q",
                title=figure_data.words("kg per year"),
                scale=alt.Scale(range=[0, largest], domainMin=0),
            ),
            color=alt.Color("sector:N", title="", scale=alt.Scale(domain=names, range=colours)),
            tooltip=["plant:N", "units:Q", alt.Tooltip("air_kg_per_yr:Q", format=".3~g")],
        )
    )
    return alt.layer(ground, circles).project(**view).properties(width=round(width), height=round(height))
