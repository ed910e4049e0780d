"""What a reader can do with a chart on the page: one selected unit in all charts, tooltips in words, lines easy to hit.

A drawing that does not move has none of it: `still` takes away what answers a pointer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import altair as alt

from hginventory.report.figures.style import ORANGE

Axis = Literal["x", "y"]
X_VALUE: Any = alt.XValue  # Altair tells no types of these
X2_VALUE: Any = alt.X2Value
NEAR, RING = "near", "ring"  # names of layers: what answers the pointer, what marks the selected unit
AMOUNT = ",.3~r"  # of numbers in tooltips: 1,230 and 0.0123
# Signals that the page sets when a unit is selected; blank and zero: none.
UNIT, PLANT, RANK, SECTOR = "selected_unit", "selected_plant", "selected_rank", "selected_sector"
PARAMETERS: tuple[dict[str, Any], ...] = (
    {"name": UNIT, "value": ""},
    {"name": PLANT, "value": ""},
    {"name": RANK, "value": 0},
    {"name": SECTOR, "value": ""},
)
THIS_UNIT = f"datum.unit_id === {UNIT}"
THIS_PLANT = f"datum.plant === {PLANT}"


def ring(chart: alt.Chart, test: str = THIS_UNIT, size: int = 420, name: str = RING) -> Any:
    """Return a ring around the dot of the selected unit. Encode it as the dots, and draw it under them."""
    return (
        chart.properties(name=name)
        .mark_point(color=ORANGE, filled=False, size=size, strokeWidth=4, clip=True)
        .encode(opacity=alt.OpacityValue(0, condition={"test": test, "value": 1}))
    )


def outlined(stroke: str, width: float, test: str = THIS_UNIT) -> dict[str, Any]:
    """Return the encodings of an outline that highlights the marks of the selected unit."""
    return {
        "stroke": alt.StrokeValue(stroke, condition={"test": test, "value": ORANGE}),
        "strokeWidth": alt.StrokeWidthValue(width, condition={"test": test, "value": 3}),
    }


def nearest(chart: alt.Chart, tooltip: Sequence[Any], x: Any, y: Any = None, *, by: Sequence[Axis] = ("x",)) -> Any:
    """Return a layer that shows the values nearest to the pointer: a dot, or a line across where only x is given."""
    near = alt.selection_point(
        name=NEAR, on="pointerover", clear="pointerout", nearest=True, encodings=list(by), empty=False
    )
    shown = alt.OpacityValue(0, condition={"param": NEAR, "value": 1, "empty": False})
    layer = chart.properties(name=NEAR)
    drawn = layer.mark_rule(color="#555555") if y is None else layer.mark_point(filled=True, size=70, color=ORANGE)
    places = {"x": x} if y is None else {"x": x, "y": y}
    return drawn.encode(**places, opacity=shown, tooltip=tooltips(tooltip)).add_params(near)


def whole_rows(chart: alt.Chart, tooltip: Sequence[Any], y: Any, height: float) -> Any:
    """Return a layer by which each row of a chart answers the pointer over its whole width; nothing of it is seen."""
    drawn = chart.properties(name=NEAR).mark_rule(strokeWidth=height, opacity=0)
    return drawn.encode(x=X_VALUE(0), x2=X2_VALUE("width"), y=y, tooltip=tooltips(tooltip))


def tooltips(values: Sequence[alt.Tooltip | str]) -> list[alt.Tooltip]:
    """Return what a tooltip shows as channels: Altair would search its whole schema for what a text stands for."""
    return [alt.Tooltip(value) if isinstance(value, str) else value for value in values]


def titled(spec: Any, head: Callable[[str], str]) -> Any:
    """Return a specification whose tooltips name each column as the table under the figure does."""
    if isinstance(spec, list):
        return [titled(part, head) for part in spec]
    if not isinstance(spec, dict):
        return spec
    made = {name: titled(part, head) for name, part in spec.items()}
    if isinstance(tooltip := made.get("tooltip"), list):
        made["tooltip"] = [one if "title" in one else {**one, "title": head(one["field"])} for one in tooltip]
    return made


def still(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification without what answers a pointer and what marks a selected unit."""
    made = {**spec}
    if "params" in made:
        made["params"] = [one for one in made["params"] if "select" not in one]
    for parts in ("layer", "concat"):
        if parts in made:
            made[parts] = [still(part) for part in made[parts] if not part.get("name", "").startswith((NEAR, RING))]
    return made
