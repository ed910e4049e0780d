"""What a Python user hands over wrongly is named with its parameter and what is allowed; none gives an odd result."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory import arguments
from hginventory.arguments import one_of
from hginventory.decisions.costs.prices import TERMS, Prices
from hginventory.decisions.ranking.ranked_amounts import rank_certainty
from hginventory.decisions.ranking.ranking import AMOUNTS
from hginventory.decisions.ranking.unit_certainty import MOST_DRAWS
from hginventory.errors import HgInventoryError, UsageError

HUGE = 10**30
NO_WORD: tuple[object, ...] = ("nope", "", None, ["x"], {}, 3.5, True, -5, 0, math.nan)
NO_COUNT: tuple[object, ...] = ("x", "", None, [3], 3.5, True, -5, 0, math.nan, math.inf)
NO_PATH: tuple[object, ...] = ("", None, ["x"], 3.5, True, -5, math.nan)
NO_TEXT: tuple[object, ...] = ("", " ", ["x"], 3.5, True, -5, math.nan)
NO_LIST: tuple[object, ...] = ("IDN", None, [3], {"a": 1}, 3.5, True, -5)
NO_FLAG: tuple[object, ...] = ("yes", None, [], 1, 0, math.nan)
NO_FRAME: tuple[object, ...] = ("x", [1], {"a": 1}, 3.5, True)
FRAME = pd.DataFrame({"unit_id": ["A"], "country": ["IDN"], "MW": [600.0], "start_year": [2015]})
RUN = hg.project("indonesia", draws=0)
Call = Callable[..., object]


def project(**given: Any) -> object:
    return hg.project(**{"fleet": "indonesia", "draws": 0, **given})


def tracker(**given: Any) -> object:
    return hg.import_tracker(**{"kind": "gem-coal", "path": "tracker.xlsx", **given})


def fleet(**given: Any) -> object:
    return hg.fleet_from_frame(**{"units": FRAME, **given})


def template(**given: Any) -> object:
    return hg.write_template(**{"path": "fleet.xlsx", **given})


def written(**given: Any) -> object:
    return hg.write_fleet(**{"fleet": RUN.projection.fleet, "path": "fleet.xlsx", **given})


def limits(limits: object) -> object:
    return RUN.limits(limits)  # type: ignore[arg-type]


def tables(**given: Any) -> object:
    return RUN.save_tables(**{"tables": {"one": FRAME}, "folder": "out", **given})


def for_a_target(**given: Any) -> object:
    return RUN.optimize(**{"target": "50%", "by": 2035, **given})


def optimize(**given: Any) -> object:
    return RUN.optimize(**given)


WRONG: tuple[tuple[Call, str, tuple[object, ...]], ...] = (
    (RUN.rank, "by", (*NO_WORD, "plant", "status", "rank", "air_kg_per_yr ")),
    (RUN.rank, "sector", tuple(value for value in (*NO_WORD, "coal") if value is not None)),
    (RUN.plants, "by", (*NO_WORD, "x", "plant")),
    (RUN.summary, "top", NO_COUNT),
    (RUN.cells_to_fill, "n", NO_COUNT),
    (RUN.compare, "scenarios", (*NO_LIST, [], "baseline")),
    (RUN.rank_certainty, "by", NO_WORD),
    (RUN.rank_certainty, "sector", tuple(value for value in NO_WORD if value is not None)),
    (RUN.rank_certainty, "plants", NO_FLAG),
    (RUN.rank_certainty, "named", NO_COUNT),
    (RUN.rank_certainty, "share", ("x", "", None, [1], True, -0.5, 0, 1.5, math.nan, HUGE)),
    (RUN.sensitivity, "draws", (*NO_COUNT, HUGE)),
    (RUN.sensitivity, "top", NO_COUNT),
    (RUN.sensitivity, "progress", ("x", 3.5, [])),
    (RUN.sampling_plan, "top", NO_COUNT),
    (hg.Run(RUN.projection, draws=250).draw, "engine", NO_WORD),
    (RUN.draws, "as_xarray", NO_FLAG),
    (RUN.catalogue, "site", ("x", [], {}, 3.5, True)),
    (RUN.catalogue, "rate", ("x", "", [1], True, -0.1, 1, math.nan, math.inf, HUGE)),
    (RUN.catalogue, "book_life", ("x", "", [1], True, -5, 0, math.nan, math.inf)),
    (RUN.catalogue, "price_year", ("x", "", [1], True, -5, 0, 2020.0, math.nan, HUGE)),
    (RUN.catalogue, "difficulty", NO_WORD),
    (RUN.catalogue, "multiplier", ("x", "", [1], True, -5, 0, math.nan, math.inf)),
    (RUN.catalogue, "foo", (1,)),
    (for_a_target, "target", ("x", "", [1], True, -0.5, 0, 1.5, "150%", "0", math.nan, math.inf)),
    (for_a_target, "by", ("x", "", [1], True, 2035.5, 1990, 3000, math.nan)),
    (for_a_target, "of_base_year", NO_FLAG),
    (optimize, "target_kg", ("x", "", [1], True, -5, 0, math.nan, math.inf)),
    (optimize, "budget", ("x", "", [1], True, -5, math.nan, math.inf)),
    (optimize, "budget_total", ("x", "", [1], True, -5, math.nan, math.inf)),
    (for_a_target, "not_before", ("x", "", [1], True, 2030.5, math.nan)),
    (for_a_target, "per_year", tuple(value for value in NO_COUNT if value is not None)),
    (for_a_target, "exclude", (*NO_LIST, ["nope"])),
    (for_a_target, "only", (*NO_TEXT, "nope > 3")),
    (for_a_target, "closure_usd_per_kw", ("x", "", [1], True, -5, math.nan, math.inf)),
    (for_a_target, "accept", (*NO_LIST, ["nope"])),
    (for_a_target, "moved_price", ("x", "", [1], True, -5, math.nan, math.inf)),
    (for_a_target, "build_rate", ("x", "", [1], 3.5, True, {"nope": 2.0}, {"scrubber": "x"}, {"scrubber": -1})),
    (for_a_target, "with_kilns", NO_FLAG),
    (for_a_target, "confidence", ("x", "", [1], True, 0, 1.5, 0.9, math.nan)),  # the run has no draws
    (for_a_target, "most_per_kg", ("x", "", [1], True, -5, 0, math.nan)),
    (for_a_target, "catalogue", ("x", [], {}, 3.5)),
    (for_a_target, "rate", ("x", [1], True, -0.1, 1, math.nan)),
    (for_a_target, "foo", (1,)),
    (RUN.shortlist, "n", NO_COUNT),
    (RUN.shortlist, "owner", NO_TEXT),
    (limits, "limits", ("IDN", None, [3], 3.5)),
    (RUN.limits, "countries", NO_LIST),
    (RUN.explain, "unit_id", (*NO_TEXT, None)),
    (RUN.figures, "language", (*NO_TEXT, None, "tlh")),
    (RUN.figures, "outlines", tuple(value for value in NO_PATH if value is not None)),
    (RUN.figures, "decisions", NO_FLAG),
    (tables, "tables", ("x", None, [], 3.5, {"one": 3}, {3: FRAME})),
    (tables, "folder", NO_PATH),
    (RUN.save, "folder", tuple(value for value in NO_PATH if value is not None)),
    (RUN.save, "overwrite", NO_FLAG),
    (RUN.save, "extra", ("x", [1], 3.5, {"one": 3})),
    (RUN.to_excel, "path", NO_PATH),
    (hg.Run, "projection", ("x", None, RUN)),
    (project, "fleet", NO_PATH),
    (project, "base_year", ("x", "", [1], 2030.5, True, -5, 0, math.nan, math.inf, HUGE)),
    (project, "rule", ("nope", *NO_TEXT)),
    (project, "profile", ("nope", *NO_TEXT)),
    (project, "lifetime_spread", ("x", "", [1], True, -5, math.nan, math.inf, HUGE)),
    (project, "where", NO_TEXT),
    (project, "draws", ("x", "", None, [1], 3.5, True, -5, math.nan, math.inf, HUGE, MOST_DRAWS + 1)),
    (project, "seed", ("x", "", None, [1], 3.5, True, -5, math.nan, HUGE)),
    (tracker, "kind", (None, ["csv"], {}, 3.5)),
    (tracker, "path", NO_PATH),
    (tracker, "countries", NO_LIST),
    (tracker, "statuses", NO_LIST),
    (tracker, "min_mw", ("x", [1], True, -5, math.nan, math.inf)),
    (tracker, "where", NO_TEXT),
    (tracker, "mapping", tuple(value for value in NO_PATH if value is not None)),
    (fleet, "units", (*NO_FRAME, None)),
    (fleet, "sector", (*NO_WORD, "coal")),
    (fleet, "settings", ("x", [1], 3.5, True)),
    (fleet, "fuels", NO_FRAME),
    (fleet, "activity", NO_FRAME),
    (fleet, "factors", (*NO_FRAME, FRAME[["start_year"]], pd.DataFrame())),
    (fleet, "measurements", (*NO_FRAME, FRAME.rename(columns=str.upper), pd.DataFrame())),
    (fleet, "sources", NO_FRAME),
    (fleet, "name", (*NO_TEXT, None)),
    (template, "path", NO_PATH),
    (template, "language", (*NO_TEXT, None, "tlh")),
    (template, "sector", NO_WORD),
    (template, "example", NO_FLAG),
    (template, "country", (*NO_TEXT, "Atlantis")),
    (template, "overwrite", NO_FLAG),
    (written, "fleet", ("x", None, 3.5, FRAME)),
    (written, "path", NO_PATH),
    (written, "language", (*NO_TEXT, None)),
    (written, "about", NO_LIST),
    (written, "overwrite", NO_FLAG),
    (hg.read_fleet, "source", NO_PATH),
    (hg.validate, "fleet", NO_PATH),
)
CASES = [(call, parameter, value) for call, parameter, values in WRONG for value in values]


@pytest.mark.parametrize(
    ("call", "parameter", "value"),
    CASES,
    ids=[f"{call.__name__}-{parameter}-{value!r}"[:60] for call, parameter, value in CASES],
)
def test_what_cannot_be_used_is_named_with_its_parameter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call, parameter: str, value: object
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HgInventoryError) as caught:
        call(**{parameter: value})
    assert isinstance(caught.value, UsageError)
    assert caught.value.parameter == parameter
    assert str(caught.value).startswith(f"{parameter}: ")
    assert not list(tmp_path.iterdir())


def test_message_and_list_of_what_is_allowed() -> None:
    with pytest.raises(UsageError) as caught:
        RUN.rank(by="nope")
    assert str(caught.value) == (
        "by: 'nope' cannot be ranked by. Use one of: lifetime_kg, air_kg_per_yr, air_base_year_kg."
    )
    assert caught.value.allowed == tuple(AMOUNTS)
    with pytest.raises(UsageError) as caught:
        RUN.summary(-5)
    assert str(caught.value) == "top: -5 cannot be used. Use a whole number from 1 on."
    with pytest.raises(UsageError) as caught:
        RUN.catalogue(foo=1)
    assert caught.value.allowed == ("site", "lead_time", *TERMS)


def test_terms_are_those_of_the_prices() -> None:
    assert set(TERMS) == set(Prices.__init__.__kwdefaults__ or {})


@pytest.mark.parametrize("by", AMOUNTS)
def test_every_amount_of_emission_ranks_units_plants_and_their_standing(by: str) -> None:
    for sector in ("coal_power", "cement_kiln"):
        assert RUN.rank(by, sector)[by].is_monotonic_decreasing
        assert RUN.plants(by)[by][RUN.plants(by)["sector"].eq(sector)].is_monotonic_decreasing
        assert rank_certainty(RUN.projection, by=by, sector=sector, draws=0).table[by].is_monotonic_decreasing


def test_numbers_of_numpy_and_counts_above_what_there_is_are_used() -> None:
    few = hg.project("indonesia", where="sector == 'cement_kiln'", base_year=np.int64(2030), draws=np.int64(0))
    assert few.summary(np.int64(3)) == few.summary(3)
    assert len(few.cells_to_fill(HUGE)) == len(few.cells_to_fill(10_000))
    few.catalogue(rate=np.float64(0.05), price_year=np.int64(2020))


def test_a_word_that_is_no_text_is_shown_shortly() -> None:
    with pytest.raises(UsageError, match=r"by: a DataFrame is unknown"):
        one_of("by", FRAME, ("a", "b"))


@pytest.mark.parametrize(("value", "fits"), [(0, False), (1, True), (3, True), (4, False)])
def test_bounds_are_allowed_values(value: int, fits: bool) -> None:
    for check in (arguments.whole, arguments.number):
        if fits:
            check("n", value, 1, 3)
        else:
            with pytest.raises(UsageError, match=f"n: {value} cannot be used. Use a .*number from 1 to 3"):
                check("n", value, 1, 3)
