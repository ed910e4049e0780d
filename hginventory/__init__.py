"""Mercury inventory of coal-fired units and cement kilns: who emits what over the remaining life.

>>> import hginventory as hg
>>> run = hg.project("indonesia")
>>> table = run.rank()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hginventory.errors import HgInventoryError, UnreadableFileError, UsageError
    from hginventory.factors.library import load_library
    from hginventory.importing import import_tracker
    from hginventory.inputs.findings.finding import DataError
    from hginventory.inputs.fleet.fleet import Fleet
    from hginventory.inputs.reader import fleet_from_frame, read_fleet
    from hginventory.inputs.template.fleet_writer import write_fleet
    from hginventory.inputs.template.template import write_template
    from hginventory.projecting import project
    from hginventory.run import Run
    from hginventory.validating import validate

__version__ = "0.1.0"
__all__ = [
    "DataError",
    "Fleet",
    "HgInventoryError",
    "Run",
    "UnreadableFileError",
    "UsageError",
    "fleet_from_frame",
    "import_tracker",
    "load_library",
    "project",
    "read_fleet",
    "validate",
    "write_fleet",
    "write_template",
]
# Loaded when first used, so that a command that only prints help waits for none of them.
_HOME = {
    "DataError": "errors",
    "Fleet": "inputs.fleet",
    "HgInventoryError": "errors",
    "Run": "run",
    "UnreadableFileError": "errors",
    "UsageError": "errors",
    "fleet_from_frame": "inputs.reader",
    "import_tracker": "importing",
    "load_library": "factors.library",
    "project": "projecting",
    "read_fleet": "inputs.reader",
    "validate": "validating",
    "write_fleet": "inputs.fleet_writer",
    "write_template": "inputs.template",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"hginventory.{_HOME[name]}"), name)
    raise AttributeError(f"module 'hginventory' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
