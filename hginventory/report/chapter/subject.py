"""What a chapter is about, and how its tables and figures are put into the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from hginventory._version import __version__
from hginventory.report.chapter.pictures import Picture, missing_glyphs
from hginventory.report.chapter.word_document import WordDocument
from hginventory.report.plan import PlanOrder, PlanTable, in_words, is_empty, shown_cell, shown_columns
from hginventory.report.record import PLAN_FOLDER, inventory_version, manifest
from hginventory.report.tables import COMMANDS
from hginventory.report.text import Words

if TYPE_CHECKING:
    from hginventory.analysis import Analysis
    from hginventory.report.figures import Figure
    from hginventory.report.tables import DecisionResults

BODY_ROWS, ANNEX_ROWS = 10, 3  # of a table
LONGEST_CELL, SHORT_CELL = 140, 90  # letters of a list in a cell, and of what is written of a longer one
ITEM = "; "  # between the items of a list in a cell
FIRST_OF_ALL = (
    "air_base_year_kg",
    "air_kg",
    "lifetime_kg",
)  # amounts by which rows are the largest, where they are there


@dataclass
class Subject:
    """A run with all that its chapter contains.

    Attributes
    ----------
    run : Analysis
        The run.
    words : Words
        Language.
    order : PlanOrder
        Target and scenarios.
    tables : mapping of str to PlanTable
        Printed parts of the plan tables by number, as N1a.
    found : DecisionResults
        What can be done, and what drives the uncertainty.
    figures : mapping of str to Figure
        By name.
    date : str
        Date of the chapter; empty where nobody knows it.
    document : WordDocument
        Where it is written.
    printed : set of str
        Numbers of the plan tables that were written.
    missing : set of str
        Characters that no font of this machine has.
    """

    run: Analysis
    words: Words
    order: PlanOrder
    tables: Mapping[str, PlanTable]
    found: DecisionResults
    figures: Mapping[str, Figure]
    date: str
    document: WordDocument
    printed: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)

    @property
    def version(self) -> str:
        """Version of the inventory."""
        return inventory_version(manifest(self.run, {}))

    def source(self) -> str:
        """Return the line below a figure: what made it, from what."""
        words = self.words
        text = words(
            "Source: hginventory {version}, factor set {factors}, inventory version {inventory}; data as listed in "
            "section 2.",
            version=__version__, factors=self.run.projection.library.version, inventory=self.version,
        )  # fmt: skip
        return f"{text} {self.date}." if self.date else text

    def in_words(self, name: str, code: str) -> str:
        """Return a code of a column in words."""
        return in_words(name, code, self.words)

    def left_out(self, part: str) -> str:
        """Return why a part is not there, and which command supplies it."""
        words = self.words
        reason = self.found.left_out.get(part, "")
        if not reason:
            return words("Not computed. See '{command}'.", command=COMMANDS[part])
        return words("Not computed, as {reason}. See '{command}'.", reason=words.say(reason.rstrip(".")),
                     command=COMMANDS[part])  # fmt: skip

    def add_figure(self, name: str) -> bool:
        """Write a figure, where the run has it, and return whether it has."""
        figure = self.figures.get(name)
        if figure is None:
            return False
        picture = Picture.of(figure)
        self.missing |= set(missing_glyphs(picture.svg.decode()))
        source = " ".join(filter(None, [figure.note, self.source()]))
        self.document.figure(picture, f"{figure.title}. {figure.subtitle}", source)
        return True

    def add_plan_table(self, number: str, most: int = BODY_ROWS) -> None:
        """Write a part of a plan table, at most so many rows; where it is empty, what is missing."""
        part = self.tables[number]
        self.printed.add(number)
        if part.table.empty:
            self.document.text(f"{number} {part.title}. {part.note}")
        else:
            title = f"{number} {part.title}"
            self.add_table(replace(part, title=title), most, f"{PLAN_FOLDER}/{number}_{part.name}.csv")

    def add_frame(self, frame: pd.DataFrame, title: str, most: int, file: str, heads: Mapping[str, str]) -> None:
        """Write a table of the run, at most so many rows, codes in words.

        Parameters
        ----------
        frame : DataFrame
            Its rows in the order of the file.
        title : str
            What it shows.
        most : int
            Rows that are written.
        file : str
            Where the whole table is.
        heads : mapping of str to str
            Labels of columns that results do not have.
        """
        told = frame.assign(
            **{
                str(name): [
                    in_words(str(name), value, self.words) if isinstance(value, str) else value for value in frame[name]
                ]
                for name in ("sector", "annex_d_category", "country")
                if name in frame
            }
        )
        self.add_table(PlanTable("", "", title, "", told), most, file, heads)

    def add_table(self, part: PlanTable, most: int, file: str, heads: Mapping[str, str] | None = None) -> None:
        """Write a table: its first or largest rows, and below it where all of them are."""
        words = self.words
        filled = part.table.loc[:, [not is_empty(part.table[name]) for name in part.table]]
        shown, cut = _shortened(filled, most)
        columns = {
            name: replace(one, label=(heads or {}).get(name, one.label))
            for name, one in shown_columns(part, words).items()
            if name in filled
        }
        note = part.note
        if cut is not None:
            parts = {"n": words.number(len(shown)), "all": words.number(len(part.table)), "file": file}
            told = (
                words("The {n} largest of {all} rows by {column}; all rows: {file}.",
                      column=columns[cut].label, **parts)
                if cut
                else words("The first {n} of {all} rows; all rows: {file}.", **parts)
            )  # fmt: skip
            note = f"{note} {told}".strip()
        whole = [
            [shown_cell(value, one, words) for value, one in zip(row, columns.values(), strict=True)]
            for row in shown.itertuples(index=False)
        ]
        cells = [[_brief(text, words) for text in row] for row in whole]
        if cells != whole:
            told = words("Long lists in cells are shortened; in full: {file}.", file=file)
            note = f"{note} {told}".strip()
        self.document.table(
            part.title,
            [f"{one.label} [{one.shown_unit}]" if one.shown_unit else one.label for one in columns.values()],
            cells,
            [one.is_text for one in columns.values()],
            note=note,
        )


def _brief(text: str, words: Words) -> str:
    """Return the beginning of a long list in a cell, in whole items."""
    if len(text) <= LONGEST_CELL or ITEM not in text:
        return text
    first, *others = text.split(ITEM)
    for item in others:
        if len(first) + len(item) > SHORT_CELL:
            break
        first = f"{first}{ITEM}{item}"
    return words("{items}; and others", items=first)


def _shortened(table: pd.DataFrame, most: int) -> tuple[pd.DataFrame, str | None]:
    """Return the rows that are written, and by which amount they are the largest; None where these are all rows.

    A table with ranks, or with an amount that not every row has, keeps its order.
    """
    if len(table) <= most:
        return table, None
    amounts = [
        name
        for name in map(str, table.columns)
        if name.endswith("_kg") and not name.endswith("per_kg") and table[name].notna().all()
    ]
    amount = next((name for name in (*FIRST_OF_ALL, *amounts) if name in amounts), "")
    if not amount or "rank" in table:
        return table.head(most), ""
    return table.sort_values(amount, ascending=False, kind="stable").head(most), amount
