"""docs/api.md: the public names with their docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import hginventory as hg
from doc_pages.markdown import code, page

INTRO = """
# Python

All public names are in the package: `import hginventory as hg`. Tables are pandas DataFrames whose column names
end in the unit; [results](results.md) lists them. Nothing is loaded before it is used.

```python
import hginventory as hg

run = hg.project("indonesia", where="sector == 'coal_power' and not captive", rule="gem_40")
ten = run.rank().head(10)
print(f"{ten['share'].sum():.0%} of remaining-lifetime emissions: {len(ten)} of {len(run.units)} units")
print(run.gaps()[["share_on_default", "share_on_recalled_or_judged"]])
```

The calculation of one unit, step by step, as text or as data:

```python
explanation = run.explain(ten["unit_id"].iloc[0])
print(explanation.text())
steps = explanation.as_dict()
```

A fleet made in Python goes through the same checks as a workbook. Columns are those of [the workbook](workbook.md), in the
units named first there:

```python
import pandas as pd

units = pd.DataFrame(
    {
        "unit_id": ["A1", "A2"],
        "country": ["VNM", "VNM"],
        "capacity_net": [622.0, 300.0],
        "start_year": [2015, 2004],
        "coal_type": ["anthracite", None],
    }
)
small = hg.project(hg.fleet_from_frame(units, settings={"base_year": 2026}))
assert small.units.loc["A1", "lifetime_kg"] > small.units.loc["A2", "lifetime_kg"]
```

Values that replace rows of the factor tables, and measurements, are tables too, with the columns of the sheets Factors,
Measurements and Sources:

```python
sources = pd.DataFrame([{"source_id": "S", "citation": "Stack tests, 2023"}])
stack = pd.DataFrame(
    [
        {
            "unit_id": "A1",
            "date": "2023-05-01",
            "kind": "stack_test",
            "quantity": "hg_concentration",
            "value": 8.0,
            "unit": "ug/Nm3",
            "reference_o2": 6.0,
            "source_id": "S",
        }
    ]
)
measured = hg.fleet_from_frame(units, settings={"base_year": 2026}, measurements=stack, sources=sources)
```

How certain ranks are, the draws themselves, a plan, and [scenarios](scenarios.md) compared on the same draws:

```python
sure = run.rank_certainty(named=10)
print(sure.table[["rank", "unit_id", "p_top10"]].head(10))

total_t = run.draws().groupby("draw")["lifetime_kg"].sum() / 1000
print(total_t.quantile([0.05, 0.5, 0.95]))

large = hg.project("indonesia", where="capacity_mw >= 600", draws=0)
plan = large.optimize(target="50%", by=2035, per_year=20)
print(plan.table[["unit_id", "option", "year"]].head())

measure = hg.Measure(action="add_control", where="rank <= 10", target="ACI-Br", from_year=2030)
comparison = large.compare(["baseline", hg.Scenario(name="ten", measure=(measure,))])
```

Errors say what to do; all of them are `hg.HgInventoryError`:

```python
try:
    hg.project(hg.fleet_from_frame(units.assign(capacity_net=-5.0)))
except hg.DataError as error:
    print(error)
    print([finding.location for finding in error.findings])
```

Save what `hginv project` saves, or only the workbook:

```python
folder = run.save("my-run")
workbook = run.to_excel("my-results.xlsx")
```
"""
SECTIONS = ("Parameters", "Attributes", "Returns", "Raises")
NOT_SHOWN = ("Examples", "Notes", "References")


def api_page() -> str:
    """Return the page."""
    parts = [INTRO, "## Names"]
    public = [name for name in hg.__all__ if not name.startswith("_")]
    for name in sorted(public, key=lambda name: (inspect.isclass(getattr(hg, name)), name)):
        parts += _one(name, getattr(hg, name), level=3)
    return page(*parts)


def _one(name: str, thing: object, level: int) -> list[str]:
    """Return heading and docstring of a name; of a class also of its public methods."""
    title = f"{name}{_call(thing)}" if inspect.isroutine(thing) and callable(thing) else name
    parts = [f"{'#' * level} {title}", *_docstring(inspect.getdoc(thing) or "")]
    if thing is hg.Run:
        members = {name: member for kind in reversed(hg.Run.__mro__) for name, member in vars(kind).items()}
        for own, member in members.items():
            if not own.startswith("_"):
                parts += _one(f"Run.{own}", member, level + 1)
    return parts


def _call(function: object) -> str:
    """Return how a function is called, without types, which are in the list of parameters."""
    words: list[str] = []
    for parameter in inspect.signature(function).parameters.values():  # type: ignore[arg-type]
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in words:
            words.append("*")
        blank = parameter.default is parameter.empty
        stars = {parameter.VAR_KEYWORD: "**", parameter.VAR_POSITIONAL: "*"}.get(parameter.kind, "")
        words.append(f"{stars}{parameter.name}" if blank else f"{parameter.name}={parameter.default!r}")
    return f"({', '.join(words)})"


def _docstring(text: str) -> list[str]:
    """Return a numpydoc docstring as Markdown: its words, then lists of what it takes and gives."""
    parts: list[str] = []
    for title, body in _sections(text):
        if title in NOT_SHOWN or not body.strip():
            continue
        words = [_code(line) for line in body.strip("\n").splitlines()]
        if title in SECTIONS:
            parts += [f"*{title}*", "\n".join(_entries(words))]
        else:
            parts.append("\n".join(words))
    return parts


def _sections(text: str) -> Iterator[tuple[str, str]]:
    pieces = re.split(r"^(\w+)\n-{3,}\n", text, flags=re.MULTILINE)
    yield "", pieces[0]
    yield from zip(pieces[1::2], pieces[2::2], strict=True)


def _entries(lines: list[str]) -> Iterator[str]:
    """Yield the entries of a section as a list: an entry begins at the margin, what it means is indented."""
    for line in lines:
        if not line.strip():
            continue
        if line.startswith(" "):
            yield f"    {line.strip()}"
        else:
            name, colon, kind = line.partition(" : ")
            yield f"- {code(name)}{f', {kind}' if colon else ''}:" if colon else f"- {line}"


def _code(line: str) -> str:
    """Return a line with the marks of code that Markdown knows."""
    return line.replace("``", "`")
