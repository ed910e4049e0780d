"""The annexes: one table of each number N1 to N14, and the list of the others with their files."""

from __future__ import annotations

from hginventory.report.chapter.subject import ANNEX_ROWS, Subject
from hginventory.report.record import PLAN_FOLDER

IN_ANNEX = ("N1c", "N2a", "N3a", "N3b", "N4a", "N5b", "N6c", "N7a", "N8c", "N9a", "N10a", "N11a", "N12b", "N13", "N14")


def annexes(subject: Subject) -> None:
    """Write the annexes."""
    words, document = subject.words, subject.document
    document.section(
        words("Annexes: tables N1 to N14"),
        words(
            "Long tables are shortened here; the line below a table names the file with all rows. The file {file} "
            "contains all tables.",
            file=f"{PLAN_FOLDER}/plan.xlsx",
        ),
    )
    for number in IN_ANNEX:
        subject.add_plan_table(number, ANNEX_ROWS)
    rows = [
        [number, part.title, words.number(len(part.table)), f"{PLAN_FOLDER}/{number}_{part.name}.csv"]
        for number, part in subject.tables.items()
        if number not in subject.printed
    ]
    document.table(
        words("Further tables of the plan"),
        [words("No."), words("Table"), words("Rows"), words("File")],
        rows,
        [True, True, False, True],
    )
