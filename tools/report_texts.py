"""The texts of a report that are to be translated, found in its source: what `Words` are asked to say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from hginventory.decisions.measuring import form_texts
from hginventory.decisions.ranking import FACTORS, load_study
from hginventory.decisions.sensitivity import FAMILIES
from hginventory.factors import load_library
from hginventory.inputs.bundled import read_fleet, workbook_names
from hginventory.inputs.findings import CODES
from hginventory.report.columns import column
from hginventory.report.figures import QUANTITIES
from hginventory.report.page import UNIT_COLUMNS
from hginventory.report.tables import REASONS
from hginventory.report.text import LAST_YEAR, MARKS, ONE, PLANTS, SCOPES, SECTORS, UNITS
from hginventory.scenarios import load_scenario, shipped

LIBRARY = Path(__file__).parents[1] / "hginventory"
SPEAKERS = ("words", "say", "TranslatableText")
STEPS = ("given", "result", "cell", "in_year")  # of traces: their first argument is the name of a step
COLUMNS = (*UNIT_COLUMNS, "air_kg", "air_kg_p05", "air_kg_p95", "year", "plant", "g_per_gwh", "g_per_t_clinker",
           "air_hg0_kg_per_yr", "air_hg2_kg_per_yr", "air_hgp_kg_per_yr", "bottom_ash_kg_per_yr", "fly_ash_kg_per_yr",
           "fgd_solids_kg_per_yr", "water_kg_per_yr", "product_kg_per_yr", "waste_kg_per_yr", "unknown_sink_kg_per_yr", "kind", "first",
           "cell")  # fmt: skip
OWN_HEADS = ("label", "lifetime_t", "t_p05", "t_p95", "p_top")  # named by the page itself
ORIGINS = ("measured", "reported", "derived", "default", "compliance", "error", "warning", "note")


def source_texts() -> list[str]:
    """Return every text, in the order of the files; those named by tables last.

    >>> "Show data" in source_texts()
    True
    """
    report = LIBRARY / "report"
    found: dict[str, None] = {}
    for path in (
        *sorted((report / "page").glob("*.py")),
        *sorted((report / "chapter").glob("*.py")),
        report / "explain" / "explanation.py",
        report / "record" / "folder_index.py",
        report / "text" / "headline_sentences.py",
        report / "text" / "phrases.py",
        *sorted((report / "figures").glob("*.py")),
        *(
            LIBRARY.parent / "cli" / "hginv" / name
            for name in (
                "certainty_text.py",
                "findings_text.py",
                "fleet.py",
                "validate.py",
                "project.py",
                "headline_text.py",
                "project_text.py",
                "ranking_text.py",
                "report.py",
            )
        ),
    ):
        found |= dict.fromkeys(_spoken(path.read_text(encoding="utf-8"), SPEAKERS))
    found |= dict.fromkeys(_in_template((report / "page" / "page.html.j2").read_text(encoding="utf-8")))
    for path in sorted((report / "explain").glob("*steps.py")):
        found |= dict.fromkeys(_spoken(path.read_text(encoding="utf-8"), STEPS))
    for path in sorted(LIBRARY.rglob("*.py")):  # what lower layers say for a report to tell
        text = path.read_text(encoding="utf-8")
        if "TranslatableText(" in text:
            found |= dict.fromkeys(_spoken(text, ("TranslatableText",)))
    found |= dict.fromkeys(column(name).label for name in COLUMNS if name not in OWN_HEADS)
    found |= dict.fromkeys(
        [
            *FACTORS,
            *ORIGINS,
            *SECTORS.values(),
            *MARKS.values(),
            *LAST_YEAR.values(),
            *FAMILIES.values(),
            *SCOPES.values(),
            *QUANTITIES.values(),
            *REASONS,
            *(load_scenario(name).title for name in shipped()),
            *(
                row.extra[name]
                for row in load_library().table("reduction_option").defaults
                for name in ("name", "requires", "waste_effect")
                if row.extra[name]
            ),
            *_of_fleets(),
            *ONE.values(),
            *PLANTS.values(),
            *UNITS.values(),
            *(variant["name"] for variant in load_study("icsc")["variant"]),
            *(load_study("icsc")["selection"], load_study("icsc")["published"][0]["text"]),
            CODES["N901"].remedy,
            *form_texts(),
        ]
    )
    for info in CODES.values():
        found |= dict.fromkeys([info.meaning, info.remedy])
    return list(found)


def _of_fleets() -> Iterator[str]:
    """Yield title and notice of each bundled workbook."""
    for name in workbook_names():
        settings = read_fleet(name).settings
        yield from (str(settings[key].value) for key in ("fleet_name", "notice") if key in settings)


def _spoken(source: str, functions: tuple[str, ...]) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = ast.unparse(node.func).rpartition(".")[2]
            texts = (
                [node.args[0]] if not isinstance(node.args[0], ast.IfExp) else [node.args[0].body, node.args[0].orelse]
            )
            if name in functions:
                yield from (
                    text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)
                )


def _in_template(source: str) -> Iterator[str]:
    import jinja2
    from jinja2.ext import extract_from_ast

    for _, _, text in extract_from_ast(jinja2.Environment().parse(source), gettext_functions=("words",)):
        if isinstance(text, str):
            yield text
        elif isinstance(text, tuple):
            yield from (part for part in text if isinstance(part, str))
