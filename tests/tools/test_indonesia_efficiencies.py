"""Net efficiencies of Indonesian units from the CO2 per MWh of their plants, and what enters the bundled fleet."""

from __future__ import annotations

from pathlib import Path

import pytest

from hginventory.data_files import data_folder
from hginventory.inputs.bundled import read_fleet
from indonesia_efficiencies import FILE, LEFT_OUT, PLANTS, Efficiencies

FACTS = Path("/work/shared/facts")


def made(folder: Path, rate: str = "0.972", leave: str = "") -> Efficiencies:
    """Return efficiencies from a file in which all plants but Tenayan emit alike."""
    names = [name for name in (*PLANTS, *LEFT_OUT) if name != leave]
    lines = [f'"{name}",{1.526 if name in LEFT_OUT else rate}' for name in names]
    (folder / FILE).write_text("\n".join(["PLTU,plant_t_co2_per_mwh", *lines, "Berau 1-2,"]), encoding="utf-8")
    return Efficiencies(folder)


@pytest.mark.parametrize(
    ("rank", "per_heat", "low", "high"),
    [("subbituminous", 96.1, 92.8, 100.0), ("unknown", 96.1, 92.8, 100.0), ("lignite", 101.0, 90.9, 115.0),
     ("bituminous", 94.6, 89.5, 99.7)],
)  # fmt: skip
@pytest.mark.parametrize("rate", ["0.972", "1.4"])
def test_efficiency_is_heat_of_a_mwh_over_that_of_its_coal(
    tmp_path: Path, rank: str, per_heat: float, low: float, high: float, rate: str
) -> None:
    value, words = made(tmp_path, rate).of("Rembang power station", "Unit 2", rank)
    expected = [round(3.6 * each / 1000 / float(rate), 3) for each in (per_heat, low, high)]
    assert value == expected[0]
    assert words.startswith(f"Net efficiency {expected[1]:g}-{expected[2]:g} from {rate} t CO2/MWh (PLN)")


def test_tenayan_has_none_and_says_why(tmp_path: Path) -> None:
    value, words = made(tmp_path).of("Pekanbaru Tenayan power station", "Unit 1", "unknown")
    assert value is None
    assert "1.526 t CO2/MWh" in words


@pytest.mark.parametrize(
    ("plant", "unit"),
    [("Rembang power station", "Unit 3"), ("Jawa-7 power station", "Unit 1"), 
     ("Barru power station", "Phase II Unit 1"),
     ("Pangkalan Susu power station", "Unit 3"), ("Nagan Raya power station", "Unit 4")],
)  # fmt: skip
def test_other_units_have_none(tmp_path: Path, plant: str, unit: str) -> None:
    assert made(tmp_path).of(plant, unit, "unknown") == (None, "")


def test_a_plant_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no CO2 per MWh of Adipala"):
        made(tmp_path, leave="Adipala")


def test_every_plant_named_is_in_the_fleet_with_all_its_units() -> None:
    units = read_fleet(data_folder("fleets") / "indonesia.xlsx").units
    known = set(zip(units["plant"], units["unit"], strict=True))
    named = {(plant, unit) for plant, own in (*PLANTS.values(), *LEFT_OUT.values()) for unit in own}
    assert named <= known


def test_the_bundled_fleet_holds_what_the_file_says() -> None:
    if not (FACTS / FILE).exists():
        pytest.skip("the file of PLN is not here")
    units = read_fleet(data_folder("fleets") / "indonesia.xlsx").units
    units = units[units["sector"] == "coal_power"]
    found = Efficiencies(FACTS)
    from_plants = units[units["source_id"].str.contains("pln-cofiring-by-plant")]
    assert (len(from_plants), from_plants["plant"].nunique(), int(units["net_efficiency"].notna().sum())) == (
        57,
        26,
        66,
    )
    for row in from_plants.itertuples():
        value, words = found.of(str(row.plant), str(row.unit), str(row.coal_type))
        assert row.net_efficiency == value
        assert words in str(row.note)
    of_unit = units[units["plant"].eq("PLN Paiton power station")]
    assert of_unit["net_efficiency"].tolist() == [0.3602, 0.3584]  # what is reported of the unit comes before its plant
