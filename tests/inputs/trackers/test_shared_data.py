"""Real tracker files, where the shared folder lies beside the checkout: no row is lost, and a world runs."""

from __future__ import annotations

from pathlib import Path

import pytest

import hginventory as hg
from hginventory.importing import import_tracker
from hginventory.inputs.template.fleet_writer import write_fleet

DATA = Path(__file__).parents[4] / "shared" / "data"
GCPT_2026 = DATA / "Global-Coal-Plant-Tracker-January-2026.xlsx"
SAMPLES = DATA / "gcpt_release_samples"
pytestmark = pytest.mark.skipif(
    not GCPT_2026.is_file(), reason=f"the real tracker files are not there: {DATA} is no folder of this machine"
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> hg.Run:
    """Return the run of all units that operate or are being built, imported, written and read without a hand on it."""
    fleet, report = import_tracker("gem-coal", GCPT_2026, statuses=("operating", "construction"))
    assert report.rows_read == 14_509
    assert report.kept_by_status == {"operating": 6_580, "construction": 427}
    assert report.not_asked == {"statuses": 14_509 - 7_007}
    assert not report.missing
    assert report.source["licence"] == "CC BY 4.0"
    path = write_fleet(fleet, tmp_path_factory.mktemp("world") / "world.xlsx")
    return hg.project(path, draws=0)


@pytest.mark.slow
def test_world_fleet_runs_and_says_what_rests_on_defaults(world: hg.Run) -> None:
    assert len(world.units) == 7_007
    gaps = world.gaps()
    assert gaps.loc["coal mercury", "share_on_default"] == 1.0
    assert gaps.loc["controls", "share_on_default"] == pytest.approx(1.0, abs=0.01)
    assert sum(f.count for f in world.findings if f.code == "W522") == 212  # units without a start year


def test_world_total_is_of_the_order_that_others_found(world: hg.Run) -> None:
    # Global Mercury Assessment 2018 (recalled): 292 t from coal-fired power plants in 2015. Another year,
    # no plant data and world-average controls: a factor of two is what such a run can claim.
    total_t = world.units["air_base_year_kg"].sum() / 1000
    assert 292 / 2 < total_t < 292 * 2


@pytest.mark.slow
def test_every_row_of_the_whole_tracker_is_accounted_for() -> None:
    _, report = import_tracker("gem-coal", GCPT_2026, statuses=("all",))
    assert report.kept + len(report.left_out) == report.rows_read == 14_509
    assert not report.missing
    assert "not known to the importer" not in report.columns_not_used.values()


@pytest.mark.parametrize("sample", ["2023-01", "2023-07", "2024-07", "2025-01"])
def test_samples_of_releases_lose_no_row(sample: str) -> None:
    path = next(SAMPLES.glob(f"gcpt_{sample}_*.csv"))
    fleet, report = import_tracker("gem-coal", path, statuses=("all",))
    assert report.kept == report.rows_read == len(fleet.units)
    assert "not known to the importer" not in report.columns_not_used.values()
    assert report.source["source_id"] == f"gem-gcpt-{sample}"
    assert not [f for f in fleet.findings if f.severity == "error"]


def test_units_of_two_releases_meet_by_id() -> None:
    ids = []
    for sample in ("2023-07", "2024-07"):
        fleet, _ = import_tracker("gem-coal", next(SAMPLES.glob(f"gcpt_{sample}_*.csv")), countries=("IDN", "PHL"))
        ids.append(set(fleet.units.index))
    assert len(ids[0] & ids[1]) > 0.95 * len(ids[0])


def test_needs_and_wri_run(tmp_path: Path) -> None:
    needs, report = import_tracker("epa-needs", DATA / "needs_v6_2020-06-30_coal_steam.csv")
    assert report.kept == report.rows_read == 543
    assert needs.units["capacity_net"].sum() == pytest.approx(215_800, rel=0.001)
    total_t = hg.project(needs, draws=0).units["air_base_year_kg"].sum() / 1000
    assert 2 < total_t < 12  # national inventories of these years: about 4 t
    plants, report = import_tracker("wri-power", DATA / "gppd_v1.2_southeast_asia_full_columns.csv")
    assert report.kept + len(report.left_out) == report.rows_read
    assert len(hg.project(plants, draws=0).units) == report.kept
