"""Indexes made of the factor tables: once for a library, and another for every other library."""

from __future__ import annotations

from hginventory.factors import CoalTables, FactorLibrary, load_library
from hginventory.model import FateTable, RemovalTable


def test_the_library_of_a_year_is_one_object() -> None:
    library = load_library()
    assert library.in_year(2026) is library.in_year(2026)
    assert library.in_year(2026) is not library.in_year(2010)


def test_indexes_are_made_once_for_each_library_and_each_argument() -> None:
    library = load_library().in_year(2026)
    assert library.once(CoalTables) is library.once(CoalTables)
    assert library.once(CoalTables) is not load_library().in_year(2010).once(CoalTables)
    default, levels = (library.once(RemovalTable, profile) for profile in ("default", "gma_levels"))
    assert (default.profile, levels.profile) == ("default", "gma_levels")
    assert library.once(FateTable, default) is not library.once(FateTable, levels)


def test_a_replaced_row_reaches_no_index_made_before() -> None:
    library = load_library().in_year(2026)
    before = library.once(CoalTables)
    row = library.table("coal_mercury").defaults[0]
    replaced: FactorLibrary = library.with_rows([row])
    assert replaced.once(CoalTables) is not before
