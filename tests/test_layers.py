"""The structure of the program.

Layers point one way, packages are entered by their face, names have one home, and the library speaks of parameters:
options of the command line stand in the command line only.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from babel.messages.pofile import read_po

from hginv.group import cli
from hginventory.translations import LOCALE_FOLDER

ROOT = Path(__file__).parents[1]
# From top to bottom. A package imports only from lines below its own, for types too; packages of one line do not import
# each other. Names stand under hginventory, but for the command line and the public names.
LAYERS = """
hginv
hginventory
reopen
projecting importing validating
run
report.output
report.chapter
report.plan
report.excel report.page
report.figures
report.maps report.tables
report.columns report.explain
report.record
report.text
analysis
planning
results
decisions.measuring
decisions.optimisation decisions.plants
decisions.scenarios
decisions.sensitivity decisions.limits decisions.options
decisions.ranking decisions.costs
uncertainty
projection
scenarios
compliance
model
factors
inputs.bundled
inputs.trackers inputs.corrections inputs.frames
inputs.reader
inputs.checks inputs.template inputs.source_tables
inputs.fleet
inputs.parsing
xlsx
inputs.findings
inputs.schema
ensemble filters translations units
arguments vocabulary data_files files html_repr
reading
errors _types _version
"""
MOST_MODULES = 20  # of a folder


def _full(name: str) -> str:
    return name if name in ("hginv", "hginventory") else f"hginventory.{name}"


LEVEL = {_full(name): level for level, line in enumerate(LAYERS.split("\n")) for name in line.split()}


class Import(NamedTuple):
    """One name that a module imports."""

    line: int
    module: str
    name: str  # empty where the module itself is imported


def module_name(path: Path, root: Path) -> str:
    """Return the dotted name of a file."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _sources() -> dict[str, str]:
    """Return the source text of every module of the program."""
    roots = {ROOT: ROOT / "hginventory", ROOT / "cli": ROOT / "cli" / "hginv"}
    return {
        module_name(path, root): path.read_text(encoding="utf-8")
        for root, folder in roots.items()
        for path in sorted(folder.rglob("*.py"))
    }


def _faces() -> dict[str, dict[str, str]]:
    """Return the public names of each package with the module that defines them, as its stub says."""
    faces: dict[str, dict[str, str]] = {}
    for stub in sorted((ROOT / "hginventory").rglob("__init__.pyi")):
        package = module_name(stub, ROOT)
        faces[package] = {
            alias.name: f"{package}.{node.module or alias.name}"
            for node in ast.parse(stub.read_text(encoding="utf-8")).body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
    return faces


SOURCES, FACES = _sources(), _faces()
# Folders of packages hold nothing of their own.
NAMESPACES = {name for name, text in SOURCES.items() if len(ast.parse(text).body) == 1 and name not in LEVEL}


def package_of(module: str) -> str | None:
    """Return the package of the layers that a module belongs to."""
    if module in LEVEL or module in NAMESPACES:
        return module
    return next((p for p in LEVEL if p != "hginventory" and module.startswith(f"{p}.")), None)


def imports(source: str) -> Iterator[Import]:
    """Yield every import of our own in a source text, wherever it stands, for types too."""
    for node in ast.walk(ast.parse(source)):
        found: list[tuple[str, str]] = []
        if isinstance(node, ast.Import):
            found = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found = [(module, alias.name) for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            found = [(str(argument.value), "") for argument in node.args[:1] if isinstance(argument, ast.Constant)]
        for module, name in found:
            if module.partition(".")[0] in ("hginventory", "hginv", ""):
                yield Import(getattr(node, "lineno", 0), module, name)


def target_of(found: Import) -> str:
    """Return the module that an import reaches: a name of a face is followed to where it is defined."""
    if f"{found.module}.{found.name}" in SOURCES:
        return f"{found.module}.{found.name}"
    return FACES.get(found.module, {}).get(found.name, found.module)


def wrong_imports(module: str, source: str) -> list[str]:
    """Return what a module imports from above or beside its package, or past the face of another one."""
    here = package_of(module)
    assert here is not None, f"{module} belongs to no package: add it to the layers"
    wrong = []
    for found in imports(source):
        there = package_of(target_of(found))
        where = f"{module}:{found.line} imports {found.name or 'all'} of {found.module}"
        if there is None:
            wrong.append(f"{where}, which belongs to no package")
        elif there == here:
            continue
        elif LEVEL[there] <= LEVEL[here]:
            wrong.append(f"{where} from {'above' if LEVEL[there] < LEVEL[here] else 'beside'}")
        elif there in FACES and not _by_the_face(found, there):
            wrong.append(f"{where}, past the face of {there}")
    return wrong


def _by_the_face(found: Import, package: str) -> bool:
    is_whole = package in (f"{found.module}.{found.name}", found.module + found.name)
    return is_whole or (found.module == package and found.name in FACES[package])


@pytest.mark.parametrize("module", SOURCES)
def test_a_module_imports_from_the_faces_of_lower_layers(module: str) -> None:
    assert wrong_imports(module, SOURCES[module]) == []


def test_every_package_of_the_layers_exists() -> None:
    assert {package_of(module) for module in SOURCES} >= set(LEVEL)


def test_every_package_has_a_face() -> None:
    packages = {p for p in LEVEL if (ROOT / p.replace(".", "/") / "__init__.py").exists()}
    assert packages == set(FACES)


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: {target_of(found) for found in imports(text)} - {module} for module, text in SOURCES.items()}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a circle: {' <- '.join(error.args[1])}")
    assert set(SOURCES) <= set(order)


def test_a_folder_holds_few_modules() -> None:
    sizes = Counter(path.parent for path in (ROOT / "hginventory").rglob("*.py"))
    assert {str(folder): size for folder, size in sizes.items() if size > MOST_MODULES} == {}


def test_a_public_class_name_has_one_home() -> None:
    homes = defaultdict(list)
    for module, source in SOURCES.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(module)
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}


def test_the_names_of_a_face_are_those_that_others_use() -> None:
    used = defaultdict(set)
    folders = ("hginventory", "cli", "benchmarks", "tools", "tests")
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for found in imports(path.read_text(encoding="utf-8")):
            used[found.module].add(found.name)
    used["hginventory.vocabulary"] |= {  # the schema names many codes by way of the package
        node.attr
        for source in SOURCES.values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "v"
    }
    unused = {package: set(names) - used[package] for package, names in FACES.items() if package != "hginventory"}
    assert {package: names for package, names in unused.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from hginventory.report.tables import factors_used",
        "from hginventory.report import tables",
        "from hginventory import run",
        "import hginventory.run",
        "import hginventory as hg",
        "def late():\n    from hginventory.decisions import ranking\n    return ranking",
        "from importlib import import_module\nrun = import_module('hginventory.run')",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from hginventory.run import Run",
        "from hginventory.factors.rows import FactorRow",
        "from hginventory.factors import not_there",
        "from .fate import AIR",
    ],
    ids=["name", "module", "package", "whole", "facade", "in a function", "by text", "for types", "past the face",
         "not a name of the face", "relative"],
)  # fmt: skip
def test_a_wrong_import_is_caught(source: str) -> None:
    assert len(wrong_imports("hginventory.model.coal", source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from hginventory.model.fate import AIR",
        "from hginventory.model import fate",
        "from hginventory.factors import FactorRow",
        "import hginventory.units",
        "import numpy as np",
    ],
)
def test_other_imports_pass(source: str) -> None:
    assert wrong_imports("hginventory.model.coal", source) == []


def test_a_module_without_a_package_is_caught() -> None:
    with pytest.raises(AssertionError, match="no package"):
        wrong_imports("hginventory.attic.box", "")


def test_the_ensemble_knows_no_mercury() -> None:
    for module in (name for name in SOURCES if name.startswith("hginventory.ensemble")):
        for found in imports(SOURCES[module]):
            below = ("hginventory.ensemble", "hginventory.arguments", "hginventory.errors", "hginventory._types")
            assert found.module.startswith(below), f"{module} imports {found.module}"


CATALOGUES = sorted(LOCALE_FOLDER.rglob("*.po"))


def _options_of(command: click.Command, context: click.Context) -> Iterator[str]:
    """Yield the options of a command and of those below it; flags of other programs are not among them."""
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Option):
            yield from (*parameter.opts, *parameter.secondary_opts)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _options_of(below, click.Context(below, parent=context, info_name=name))


OPTIONS = set(_options_of(cli, click.Context(cli, info_name="hginv", **cli.context_settings)))
_OPTION = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(OPTIONS)))})(?![\w-])")


def flags_in(source: str) -> list[str]:
    """Return the options that texts of a module hold, with their lines: messages, docstrings, parts of f-strings."""
    texts = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return [f"line {text.lineno}: {flag}" for text in texts for flag in _OPTION.findall(str(text.value))]


@pytest.mark.parametrize("module", [module for module in SOURCES if module.startswith("hginventory")])
def test_texts_of_the_library_name_no_option_of_the_command_line(module: str) -> None:
    assert flags_in(SOURCES[module]) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(LOCALE_FOLDER)))
def test_translations_name_no_option_of_the_command_line(path: Path) -> None:
    with path.open("rb") as file:
        texts = [text for message in read_po(file) for text in (message.id, message.string)]
    assert [text for text in texts if _OPTION.search(str(text))] == []


@pytest.mark.parametrize(
    "source",
    [
        "'Use --where'",
        "f'--by: {year} is early'",
        "f'{option}, or --overwrite.'",
        "def f():\n    'Writes -o FILE.'",
        "HELP = 'see hginv import csv --help'",
    ],
    ids=["text", "start of an f-string", "end of an f-string", "docstring", "help"],
)
def test_an_option_is_caught(source: str) -> None:
    assert len(flags_in(source)) == 1


@pytest.mark.parametrize("source", ["'dask worker --memory-limit 2GB'", "'var(--line)'", "'low-out'", "'the-o'"])
def test_other_texts_pass(source: str) -> None:
    assert flags_in(source) == []


def test_options_are_those_of_all_commands() -> None:
    assert {"--where", "--map", "-o", "--capital-multiplier", "--no-space", "--help"} <= OPTIONS
