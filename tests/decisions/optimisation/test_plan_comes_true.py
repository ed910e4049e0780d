"""What the sampling plan promises is what measurements do: each draw is taken for the truth, measured and projected."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

import hginventory as hg
from hginventory.decisions.ranking.ranking import rank_units
from hginventory.decisions.sensitivity.possible_measurements import measuring_error
from hginventory.decisions.sensitivity.value_of_information import sampling_plan
from hginventory.ensemble.numpy_engine import NormalStore
from hginventory.ensemble.run import run_ensemble
from hginventory.ensemble.streams import stream_id
from hginventory.inputs.fleet.measurements import Measurement
from hginventory.projection import project_fleet
from hginventory.uncertainty.ensemble_input import assemble

DRAWS, TRUTHS, TOP = 2000, 250, 3


def test_the_coal_analysis_worth_most_gains_what_was_promised() -> None:
    plants = {"unit_id": [f"U{n}" for n in range(10)], "plant": [f"P{n}" for n in range(10)]}
    units = pd.DataFrame({**plants, "unit": "1", "MW": np.linspace(400, 340, 10), "country": "IDN",
                          "start_year": 2012, "coal_type": "subbituminous"})  # fmt: skip
    fleet = hg.fleet_from_frame(units, settings={"base_year": 2024})
    before = project_fleet(fleet)
    plan = sampling_plan(before, draws=DRAWS, top=TOP).table
    best = plan[plan["kind"] == "coal_analysis"].iloc[0]
    named = set(rank_units(before.units)["unit_id"].head(TOP))
    given = assemble(before, {"all": list(before.units.index), "named": sorted(named)}, {}, top=TOP)
    largest = run_ensemble(given, DRAWS, 1).top_units

    content = before.parameters["hg_coal"].of_unit(int(before.units.index.get_loc(best["unit_id"])))
    assert content.spread is not None
    labels = {"country": "IDN", "plant": f"IDN/{best['plant']}"}
    streams = [np.array([stream_id("hg_coal", scope, labels[scope])], dtype=np.uint64) for scope in labels]
    store = NormalStore(np.concatenate(streams), 1, DRAWS)
    shares = dict(content.spread.scopes)
    z = sum(math.sqrt(shares[scope]) * store.of(one)[0] for scope, one in zip(labels, streams, strict=True))
    size = content.spread.size
    error = measuring_error(before.library, "content") * np.random.default_rng(2).normal(size=DRAWS)
    measured = content.value * np.exp(size * z - size**2 / 2 + error)

    gained = []
    for draw in range(TRUTHS):
        row = Measurement((str(best["unit_id"]),), "2023-05-01", "2023-05-01", "coal_analysis", "hg_coal",
                          float(measured[draw]), "mg/kg", "as_received", None, "dry_0c", None, "M!F1", {})  # fmt: skip
        after = project_fleet(replace(fleet, measurements=(row,)))
        now = set(rank_units(after.units)["unit_id"].head(TOP))
        true = set(before.units.index[largest[draw]])
        gained.append(len(true & now) - len(true & named))
    standard_error = math.hypot(float(np.std(gained)) / math.sqrt(TRUTHS), float(best["gain_right_error"]))
    assert best["gain_right"] > 3 * best["gain_right_error"]
    assert abs(float(np.mean(gained)) - best["gain_right"]) < 3 * standard_error
    assert float(np.mean(gained)) > 0.0
