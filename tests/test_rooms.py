"""Rooms import only downwards, wherever the import stands, and no two modules import each other in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Top to bottom, as in the house of the design. Modules of one line are one room.
ORDER: tuple[tuple[str, ...], ...] = (
    ("hginv",),
    ("hginventory",),
    ("hginventory.reopen",),
    ("hginventory.projecting",),
    ("hginventory.run", "hginventory.importing", "hginventory.validating"),
    ("hginventory.report",),
    ("hginventory.decisions",),
    ("hginventory.uncertainty",),
    ("hginventory.projection.project", "hginventory.projection.unit_table", "hginventory.projection.settings"),
    ("hginventory.scenarios",),
    ("hginventory.model",),
    ("hginventory.factors",),
    ("hginventory.inputs",),
    ("hginventory.ensemble",),
    ("hginventory.vocabulary.codes", "hginventory.vocabulary.trains", "hginventory.vocabulary.code_list"),
    ("hginventory.translations",),
    ("hginventory.filters",),
    ("hginventory.units",),
    ("hginventory.data_files",),
    ("hginventory.errors",),
)
LEVEL = {room: place for place, rooms in enumerate(ORDER) for room in rooms}
# Names of types in annotations of the lower module, which import nothing when the program runs: a DataError
# carries findings, and the report is handed the run it writes down.
TYPES_ONLY = {("hginventory.errors", "hginventory.inputs"), ("hginventory.report", "hginventory.run")}


def room_of(module: str) -> str | None:
    """Return the room a module lies in; the package itself holds nothing but its own ``__init__``."""
    if module in LEVEL:
        return module
    return next((room for room in LEVEL if room != "hginventory" and module.startswith(f"{room}.")), None)


def module_name(path: Path, root: Path) -> str:
    """Return the dotted name of a file."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def only_version(tree: ast.AST) -> bool:
    """Return whether a module asks the package itself for nothing but its version."""
    uses = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and ast.unparse(n.value) == "hginventory"]
    return bool(uses) and all(use.attr == "__version__" for use in uses)


def imports(source: str, modules: set[str]) -> Iterator[tuple[int, str, bool]]:
    """Yield line, module and whether it serves annotations only, of every import of our own in a source text."""
    tree = ast.parse(source)
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test).endswith("TYPE_CHECKING")
        for statement in block.body
        for node in ast.walk(statement)
    }
    whole = not only_version(tree)
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name != "hginventory" or alias.asname or whole]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: write the whole name of the module"
            base = node.module or ""
            names = [
                f"{base}.{alias.name}" if f"{base}.{alias.name}" in modules else base
                for alias in node.names
                if (base, alias.name) != ("hginventory", "__version__")  # a constant of the package itself
            ]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            names = [str(argument.value) for argument in node.args[:1] if isinstance(argument, ast.Constant)]
        line = getattr(node, "lineno", 0)
        for name in names:
            if name.partition(".")[0] in ("hginventory", "hginv"):
                yield line, name, id(node) in for_types


def upward(module: str, source: str, modules: set[str]) -> list[str]:
    """Return what a module imports from rooms that do not lie below its own."""
    here = room_of(module)
    assert here is not None, f"{module} lies in no room: add it to the order"
    found = []
    for line, target, for_types in imports(source, modules):
        there = room_of(target)
        assert there is not None, f"{module}:{line} imports {target}, which lies in no room"
        if LEVEL[there] < LEVEL[here] and not (for_types and (here, there) in TYPES_ONLY):
            found.append(f"{module}:{line} imports {target} from above")
    return found


def sources() -> dict[str, str]:
    """Return the source text of every module of the program."""
    roots = {ROOT: ROOT / "hginventory", ROOT / "cli": ROOT / "cli" / "hginv"}
    return {
        module_name(path, root): path.read_text(encoding="utf-8")
        for root, folder in roots.items()
        for path in sorted(folder.rglob("*.py"))
    }


SOURCES = sources()


@pytest.mark.parametrize("module", SOURCES)
def test_rooms_import_only_downwards(module: str) -> None:
    assert upward(module, SOURCES[module], set(SOURCES)) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {
        module: {target for _, target, for_types in imports(text, set(SOURCES)) if not for_types and target != module}
        for module, text in SOURCES.items()
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a circle: {' <- '.join(error.args[1])}")
    assert set(SOURCES) <= set(order)


@pytest.mark.parametrize(
    "source",
    [
        "from hginventory.report.tables.run_tables import factors_used",
        "from hginventory.report import tables",
        "from hginventory import run",
        "import hginventory.run",
        "import hginventory as hg",
        "import hginventory\nprint(hginventory.__version__, hginventory.project)",
        "def late():\n    from hginventory.decisions import ranking\n    return ranking",
        "from importlib import import_module\nrun = import_module('hginventory.run')",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from hginventory.run import Run",
    ],
    ids=[
        "name",
        "module",
        "package",
        "whole",
        "facade",
        "facade for more than its version",
        "in a function",
        "by text",
        "for types",
    ],
)
def test_an_import_from_above_is_caught(source: str) -> None:
    assert len(upward("hginventory.model.coal", source, set(SOURCES))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from hginventory.model import fate",
        "from hginventory.factors.rows import FactorRow",
        "import hginventory.units",
        "import hginventory\nprint(hginventory.__version__)",
        "import numpy as np",
    ],
)
def test_other_imports_pass(source: str) -> None:
    assert upward("hginventory.model.coal", source, set(SOURCES)) == []


def test_a_module_without_a_room_is_caught() -> None:
    with pytest.raises(AssertionError, match="no room"):
        upward("hginventory.attic.box", "", set(SOURCES))


def test_ground_floor_knows_no_mercury() -> None:
    for module in (name for name in SOURCES if name.startswith("hginventory.ensemble")):
        for _, target, _ in imports(SOURCES[module], set(SOURCES)):
            assert target.startswith(("hginventory.ensemble", "hginventory.errors")), f"{module} imports {target}"
