"""The figure of rates tells units with a scrubber from those with a filter only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hginventory.report.figures.data import FigureData, figure_data
from hginventory.report.figures.rates import RATES, rates
from hginventory.run import Run
from hginventory.vocabulary.trains import CONTROL_GROUPS

SCRUBBER, FILTER, OWN, UNKNOWN = "scrubber", "filter only", "mercury control", "unknown"
COAL = {
    **{f"ESPc+{device}": SCRUBBER for device in ("FGD", "swFGD", "wFGD")},
    **{f"{device}+FF": SCRUBBER for device in ("SDA", "CDS", "DSI", "WS")},
    "LNB+ESPc": FILTER,
    "FSI+FF": FILTER,
    "CDS ?": SCRUBBER,
    "ACI+CDS+FF": OWN,
    "unknown": UNKNOWN,
}
KILNS = {"FF+DS": SCRUBBER, "FF+WS": SCRUBBER, "FF": FILTER, "ESP+SNCR": FILTER, "FF+ACI-FF+DS": OWN}


@pytest.fixture(scope="module")
def seen(drawn: Run) -> FigureData:
    return figure_data(drawn)


@pytest.mark.parametrize(("sector", "trains"), [("coal_power", COAL), ("cement_kiln", KILNS)])
def test_what_a_train_mainly_is(seen: FigureData, sector: str, trains: dict[str, str]) -> None:
    rate, _ = RATES[sector]
    own = seen.ranked[seen.ranked["sector"].eq(sector) & (seen.ranked[rate] > 0)].sort_values("rank").head(len(trains))
    own = own.assign(train=list(trains))
    own[rate] *= [1.0 + number for number in range(len(own))]  # rates that differ
    figure = rates(replace(seen, ranked=own), sector)
    assert figure is not None
    assert dict(zip(trains, figure.table["controls"], strict=True)) == trains


def test_every_device_against_sulphur_but_furnace_limestone_is_a_scrubber() -> None:
    tried = {device for train in COAL for device in train.removesuffix(" ?").split("+")}
    assert set(CONTROL_GROUPS["so2_control"]) <= tried
