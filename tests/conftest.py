"""Runs of the Indonesian fleet that many tests look at, each made once in a session; tests must not change them."""

from __future__ import annotations

import pytest

import hginventory as hg


@pytest.fixture(scope="session")
def central() -> hg.Run:
    """Return the Indonesian run of central values."""
    return hg.project("indonesia", draws=0)


@pytest.fixture(scope="session")
def combined() -> hg.Run:
    """Return the run of central values with coal units and kilns in one list."""
    return hg.project("indonesia", combined=True, draws=0)


@pytest.fixture(scope="session")
def drawn() -> hg.Run:
    """Return the Indonesian run with 200 draws, made already."""
    run = hg.project("indonesia", draws=200)
    run.draw()
    return run
