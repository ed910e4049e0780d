"""What is wrong or worth knowing in a fleet: a code, a place, what was found, what is allowed, what to do.

Codes never change their meaning. 1xx file, 2xx cell, 3xx table, 4xx rules between cells, 5xx what the model
had to decide, 7xx factors, 8xx import of trackers, 9xx costs; E error, W warning, N note.
A new code also gets a line in `explanations.EXPLANATIONS` and in tests/inputs/codes.txt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from hginventory.texts import Said

SEVERITIES: Mapping[str, str] = {"E": "error", "W": "warning", "N": "note"}
_SEVERITY_ORDER = {severity: place for place, severity in enumerate(SEVERITIES.values())}
_ADDRESS = re.compile(r"(?:(?P<column>[A-Z]{1,3})|row |[^\W\d]\w*\[)?(?P<row>\d+)")


@dataclass(frozen=True)
class CodeInfo:
    """Meaning of a code, in general words, and what to do about it."""

    name: str
    meaning: str
    remedy: str


CODES: Mapping[str, CodeInfo] = {
    "E101": CodeInfo("no-unit-sheet", "no sheet holds units", "Name a sheet Coal_units or Cement_kilns."),
    "E102": CodeInfo("no-header", "no row holds the column names", "Write the column names into one row of the first 20."),
    "N103": CodeInfo("sheet-ignored", "a sheet of this name is not read", "Rename it if it should be read."),
    "W104": CodeInfo("macros-ignored", "macros are not run", "Save the workbook as .xlsx."),
    "N105": CodeInfo("sheet-by-content", "the only sheet was read by its columns", "Name it Coal_units or Cement_kilns."),
    "E106": CodeInfo("no-rows", "a unit sheet has no row with a unit", "Fill in at least one unit."),
    "W107": CodeInfo("hidden-sheet", "a hidden sheet is read like others", "Show the sheet, and delete it if it should not count."),
    "N108": CodeInfo("dates-from-1904", "the workbook counts its dates from 1904; they are converted", "Nothing to do."),
    "N109": CodeInfo("external-links", "the workbook links to other files, which are never opened", "Check that the stored values are up to date."),
    "E201": CodeInfo("not-a-number", "a number is expected", "Write a plain number; the unit stands in the units row."),
    "E202": CodeInfo("out-of-range", "the value lies outside what is possible", "Correct the value or its unit."),
    "E203": CodeInfo("unknown-code", "the word is on no list", "Use one of the words named, or leave the cell blank."),
    "E204": CodeInfo("error-cell", "the cell holds an Excel error", "Mend the formula or write the value."),
    "E205": CodeInfo("formula-without-value", "the formula has no stored result", "Open and save the workbook in Excel once."),
    "E206": CodeInfo("required-blank", "a value is required", "Fill in the cell."),
    "E207": CodeInfo("ambiguous-number", "the text can be read as two numbers", "Write a number, or set Settings!decimal_sign."),
    "E208": CodeInfo("bad-unit", "the unit does not fit the column", "Use one of the units named in the units row."),
    "W209": CodeInfo("formula-value", "the stored result of a formula was read", "Check that it is up to date."),
    "W210": CodeInfo("formula-zero", "a formula has the stored result 0", "Open and save the workbook in Excel once, then check."),
    "W211": CodeInfo("date-as-year", "a date was read as its year", "Write the year as a number."),
    "W212": CodeInfo("date-as-id", "Excel seems to have turned an id into a date", "Format the column as text and write the id again."),
    "N213": CodeInfo("number-from-text", "a number stored as text was read", "Store it as a number."),
    "E214": CodeInfo("wrong-device", "the device does not belong into this column", "Move it to the column named."),
    "E215": CodeInfo("unknown-country", "the country is not known", "Write its ISO code of three letters."),
    "E216": CodeInfo("censored-number", "a number below or above a bound cannot be used", "Write a value, or leave the cell blank and say so in the note."),
    "W217": CodeInfo("other-spelling", "a word in another spelling, or with stray spaces, was read as the one named", "Write it as named, or let hginv validate --fix do so."),
    "N218": CodeInfo("percent-shown", "a cell shown in per cent in a column of per cent was read as it is shown", "Nothing to do."),
    "E301": CodeInfo("duplicate-id", "an id is used twice", "Give every unit an id of its own."),
    "E302": CodeInfo("total-row", "a total stands between the units", "Delete the row, it would count everything twice."),
    "W303": CodeInfo("unknown-column", "a column of this name is not read", "Rename it if it should be read."),
    "N304": CodeInfo("id-made", "units without an id were named after their plant or row", "Fill in unit_id to keep names stable."),
    "W305": CodeInfo("hidden-rows", "hidden rows are read like others", "Delete what should not count."),
    "E306": CodeInfo("merged-cells", "merged cells hold a value in the first cell only", "Unmerge them and fill in every row."),
    "E307": CodeInfo("duplicate-column", "two columns have the same meaning", "Keep one of them."),
    "N308": CodeInfo("capacity-basis", "the capacity does not say whether it is gross or net; it is taken as gross", "Name the column capacity_gross or capacity_net."),
    "N309": CodeInfo("status-blank", "units without a status are taken as operating", "Fill in the status."),
    "W310": CodeInfo("near-duplicate", "two rows have the same plant, unit and capacity", "Delete one, or tell them apart."),
    "N311": CodeInfo("example-rows", "rows whose note begins with EXAMPLE are left out", "Clear the note of a row that should count."),
    "W312": CodeInfo("merged-plant", "merged cells of plant names were filled down", "Unmerge them and write the name into every row."),
    "W313": CodeInfo("hidden-columns", "hidden columns are read like others", "Delete what should not count."),
    "N314": CodeInfo("blank-rows", "rows below a blank row are read like others", "Delete what should not count."),
    "E315": CodeInfo("text-among-units", "words stand where a row of a unit is expected", "Move the words to another sheet, or complete the row."),
    "W316": CodeInfo("table-beside", "a second table beside the first is not read", "Move it to a sheet of its own."),
    "E317": CodeInfo("table-below", "a second table begins below the first; nothing from there on is read", "Move its units into the first table, or the whole table to another sheet."),
    "N318": CodeInfo("header-repeated", "the header stands a second time and was left out", "Nothing to do."),
    "W319": CodeInfo("near-duplicate-place", "two units of like name, capacity and place stand under different plant names", "Delete one, or give both the same plant name."),
    "E320": CodeInfo("data-above-names", "numbers above the row of column names are not read", "Move the row of names above them, or the numbers to another sheet."),
    "E401": CodeInfo("retires-before-start", "the unit retires before it starts", "Correct one of the two years."),
    "E402": CodeInfo("net-above-gross", "net capacity is above gross capacity", "Correct one, or exchange them."),
    "E403": CodeInfo("no-capacity", "the unit has neither capacity nor activity", "Fill in a capacity or the fuel burned."),
    "E404": CodeInfo("implausible-generation", "generation does not fit the capacity", "Check MWh against GWh, and MW against kW."),
    "W405": CodeInfo("implausible-coal", "coal burned does not fit the capacity", "Check t against kt, and the capacity."),
    "W406": CodeInfo("unknown-source", "the source is not in the sheet Sources", "Add it there."),
    "E407": CodeInfo("activity-unknown-unit", "the sheet Activity names a unit that is in no unit sheet", "Correct the id."),
    "E408": CodeInfo("activity-duplicate", "a unit, year and variable stand twice", "Keep one of the rows."),
    "E409": CodeInfo("fuel-unknown", "the fuel is not in the sheet Fuels", "Add it there, or use a fuel code."),
    "E410": CodeInfo("fuel-shares", "shares of fuels do not sum to 1", "Correct the shares, as in 'F1:0.6; F2:0.4'."),
    "E411": CodeInfo("removal-across-device", "a removal across one device is not that of the unit", "State it from coal or boiler outlet to stack."),
    "W412": CodeInfo("implausible-mercury", "the mercury content is far outside what coals hold", "Check mg/kg against ug/kg."),
    "E413": CodeInfo("activity-other-sector", "the variable does not belong to the sector of the unit", "Correct the unit id or the variable."),
    "E414": CodeInfo("method-without-value", "the method asked for rests on a value that is blank", "Fill in measured_air, or clear the method."),
    "E415": CodeInfo("unit-slip", "the value is possible only in another unit", "Correct the value, or the unit in the units row."),
    "W416": CodeInfo("basis-blank", "a value without its basis can mean different things", "Fill in the basis."),
    "W417": CodeInfo("coordinates-exchanged", "latitude and longitude seem to be exchanged", "Exchange the two values."),
    "W418": CodeInfo("coordinates-far", "the unit lies far from all others of its country", "Check latitude, longitude, their signs and the country."),
    "W419": CodeInfo("retired-without-year", "the unit is retired and its year is blank", "Fill in planned_retirement with the year of closure."),
    "E420": CodeInfo("measurement-unknown-unit", "the sheet Measurements names a unit that is in no unit sheet", "Correct the id."),
    "E421": CodeInfo("measurement-kind", "the quantity is none that this kind of measurement gives", "Correct the kind or the quantity."),
    "W422": CodeInfo("measurement-not-used", "the measurement changes no number", "Complete it, or write the value where the remedy says."),
    "E423": CodeInfo("measurement-period", "the period ends before it begins", "Correct one of the two days."),
    "E424": CodeInfo("uncertainty-kind-blank", "an uncertainty without its kind can mean four things", "Fill in uncertainty_kind: sd, rsd, u95 or ru95."),
    "W425": CodeInfo("measurement-twice", "the same measurement stands twice: it counts once", "Delete one of the rows."),
    "W521": CodeInfo("retirement-passed", "an announced year before the base year is ignored for a unit that operates", "Correct the status or the year."),
    "W522": CodeInfo("unknown-start", "a missing start year is set by the retirement rule", "Fill in the start year."),
    "W523": CodeInfo("construction-delayed", "a unit under construction should have started already; it is set to start next year", "Correct the status or the year."),
    "N524": CodeInfo("past-lifetime", "the unit is past its lifetime: annual emission is shown, remaining is what the rule leaves", "Fill in lifetime_years if it will run longer."),
    "N525": CodeInfo("captive-category", "a captive plant is counted as coal power", "Set Settings!captive_category."),
    "N526": CodeInfo("not-operating", "the unit neither operates nor is being built: it adds nothing", "Correct the status if it runs."),
    "N527": CodeInfo("several-activities", "several statements of activity: the best one counts", "Nothing to do."),
    "W528": CodeInfo("measurement-far", "a measurement lies more than three standard deviations from what was expected; it counts all the same", "Check its unit, basis and state of the unit; delete it if it is wrong."),
    "W529": CodeInfo("measurements-disagree", "two measurements of one thing exclude each other; both count all the same", "Check both, and delete the wrong one."),
    "W701": CodeInfo("derived-removal", "the train is in no table: its removal was extended from a part of it", "Fill in the removal if a test exists."),
    "W702": CodeInfo("chlorine-unknown", "no chlorine or coal class is known: midway between the classes", "Fill in cl_coal or coal_type."),
    "N703": CodeInfo("basis-not-stated", "the basis is not stated: the value is used unconverted, with a wider spread", "Fill in the basis."),
    "N704": CodeInfo("plant-value-shared", "the coal of another unit of the plant was taken", "Fill in the value of this unit."),
    "W705": CodeInfo("profile-gap", "the profile has no such train: the default profile stood in", "Nothing to do, or choose another profile."),
    "E706": CodeInfo("no-default", "the value is neither given nor in a factor table", "Fill in the cell."),
    "E707": CodeInfo("unknown-factor", "the sheet Factors names a row that is not a default", "Use an id of 'hginv factors list'."),
    "E708": CodeInfo("override-unit", "the unit does not fit the factor", "Use the unit of the row."),
    "E709": CodeInfo("override-range", "the value lies outside what the factor table allows", "Correct the value or its unit."),
    "E710": CodeInfo("fuel-no-mercury", "the tables do not know the fuel", "State hg_fuel, or add the fuel to the sheet Fuels."),
    "W711": CodeInfo("train-part-known", "the train is known in part: the rest is the mix of units like it", "Fill in the control columns."),
    "E712": CodeInfo("setting-unknown", "a setting names what no factor table has", "Use one of the names listed."),
    "E713": CodeInfo("override-spread", "no number varies so", "Write low below the value and high above it, as its 5th and 95th percentile, or leave both blank."),
    "W714": CodeInfo("override-unused", "no unit takes its number from the factor row that is replaced", "Use the id of a row in use, or delete the row."),
    "E715": CodeInfo("override-twice", "the sheet Factors replaces a factor row twice", "Delete one of the rows."),
    "E716": CodeInfo("override-shares", "shares that belong together do not sum to 1", "Replace all rows of the mix, so that they sum to 1."),
    "N801": CodeInfo("year-range", "the tracker gives several years: the last one is used, both ends are in the note", "Fill in the year if it is known."),
    "N802": CodeInfo("year-in-words", "the tracker gives no year but words: the cell is blank, the words are in the note", "Fill in the year if it is known."),
    "N803": CodeInfo("start-blank", "the tracker gives no start year for a unit that operates or is being built: the retirement rule sets one", "Fill in start_year."),
    "N804": CodeInfo("fuel-mix", "the tracker names several fuels without shares, or one that is no coal: the type is unknown, the words are in the note", "Fill in coal_type, or the sheet Fuels with shares."),
    "N805": CodeInfo("bed-or-steam", "the tracker gives the bed or the steam state, not both", "Fill in technology, or boiler."),
    "N806": CodeInfo("carbon-capture", "the tracker marks carbon capture, which has no removal of its own here", "Fill in removal if a test exists."),
    "W807": CodeInfo("value-refused", "a value of the tracker breaks a rule: the cell is blank, the value is in the note", "Fill in the right value."),
    "W808": CodeInfo("id-twice", "an id stands twice in the tracker: the later one got its row number", "Delete the row that counts twice."),
    "N809": CodeInfo("whole-plant", "a row is a whole plant, not a unit", "Split the row where the units are known; until then ranks are those of plants."),
    "N810": CodeInfo("basis-open", "the tracker does not say whether the number is gross or net: it is taken as gross", "Move it to the net column where it is net."),
    "N811": CodeInfo("short-id", "ids were written in the long form of later releases", "Nothing to do."),
    "N812": CodeInfo("planning-model", "the removal is that of a planning model, not of a test", "Fill in a measured removal if there is one."),
    "N813": CodeInfo("several-removals", "the tracker gives one removal a coal and several coals: the cell is blank, the numbers are in the note", "Fill in removal, or coal_type."),
    "N814": CodeInfo("leaves-coal", "the unit is to burn another fuel: that year is taken as the end of coal", "Correct planned_retirement if the plan changed."),
    "N815": CodeInfo("control-blank", "a blank control cell of the tracker is read as no such device", "Fill in the device if there is one."),
    "W816": CodeInfo("not-in-fleet", "units that operate are not in the fleet, so its totals are too low", "Add them by hand, or say so with the results."),
    "N817": CodeInfo("present-state", "the tracker marks the row as one state of a unit that is to be converted: it runs and has no later row, so it counts", "Fill in planned_retirement if the year is known."),
    "W818": CodeInfo("odd-coal", "the tracker gives lignite for one unit of a plant whose other units burn harder coal, or the reverse", "Check coal_type: it decides heating value and mercury."),
    "N901": CodeInfo("cost-of-another-country", "no capital costs of the country are on file: those of the United States stand in", "Put your own into the sheet Factors, or use --capital-multiplier."),
}  # fmt: skip


@dataclass(frozen=True)
class Fix:
    """A change of one cell that would mend what was found.

    Attributes
    ----------
    cell : str
        Cell of the finding's sheet, as ``H23``.
    new_value : str, int, float or bool
        What to write, in the unit of the units row.
    is_safe : bool
        Whether the cell is read as this value already, so that only its writing changes.
    """

    cell: str
    new_value: str | int | float | bool
    is_safe: bool


@dataclass(frozen=True)
class Finding:
    """One finding.

    Attributes
    ----------
    code : str
        Code of `CODES`.
    sheet, cell : str
        Place, as ``Coal_units`` and ``H23``; the cell may be empty.
    unit_id : str
        Unit it is about; may be empty.
    found, allowed, remedy : str
        What stands there, what is allowed, what to do.
    count : int
        How many places have the same finding; the first is named.
    fix : Fix or None
        The change that would mend it, where there is one.
    others : tuple of Finding
        The findings of the other places, where they are known one by one.
    """

    code: str
    sheet: str
    cell: str
    unit_id: str
    found: str
    allowed: str
    remedy: str
    count: int = 1
    fix: Fix | None = None
    others: tuple[Finding, ...] = field(default=(), repr=False)

    @property
    def severity(self) -> str:
        """One of error, warning and note."""
        return SEVERITIES[self.code[0]]

    @property
    def name(self) -> str:
        """Name of the code, as ``not-a-number``."""
        return CODES[self.code].name

    @property
    def place(self) -> str:
        """Place in words, as ``Coal_units!H23``."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    @property
    def message(self) -> str:
        """The finding in one line, without signs that a terminal would obey."""
        return printable(self.said)

    @property
    def said(self) -> Said:
        """The finding in one line as a report says it in its language, signs as they were found."""
        unit = f' "{self.unit_id}"' if self.unit_id else ""
        more = Said(" (and {n} more)", n=self.count - 1) if self.count > 1 else ""
        allowed, remedy = (text if isinstance(text, Said) else Said(text) for text in (self.allowed, self.remedy))
        parts = {"found": self.found, "allowed": allowed, "remedy": remedy, "more": more}
        return Said("{place}: {found}: {allowed}. {remedy}{more}", place=f"{self.place}{unit}", **parts)

    def counted(self, count: int) -> Finding:
        """Return the finding with the number of places it stands for."""
        return replace(self, count=count)

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as a mapping: code, severity, place, words, count, and the fix where there is one."""
        plain = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in ("fix", "others")}
        fix = self.fix and {"cell": self.fix.cell, "new_value": self.fix.new_value, "safe": self.fix.is_safe}
        return {**plain, "name": self.name, "severity": self.severity, "place": self.place, "fix": fix}


def printable(text: str) -> str:
    r"""Return text on one line in which nothing is left that a terminal would obey.

    >>> printable("1\u00a0200\n\x1b[31mred")
    '1 200 \ufffd[31mred'
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text)


def finding(
    code: str,
    sheet: str,
    cell: str,
    found: str,
    *,
    unit: str = "",
    allowed: str = "",
    remedy: str = "",
    fix: Fix | None = None,
) -> Finding:
    """Return a finding; what is allowed and what to do come from the code unless told better."""
    info = CODES[code]
    return Finding(code, sheet, cell, unit, found, allowed or info.meaning, remedy or info.remedy, fix=fix)


def grouped(findings: Sequence[Finding]) -> Finding:
    """Return the first of several findings of one kind, which stands for all of them."""
    return replace(findings[0], count=len(findings), others=tuple(findings[1:]))


def every_place(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings one by one, those that another stands for among them."""
    for one in findings:
        yield replace(one, count=one.count - len(one.others), others=()) if one.others else one
        yield from one.others


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with errors first, then warnings, then notes, each by sheet and code."""
    return tuple(sorted(findings, key=lambda f: (_SEVERITY_ORDER[f.severity], f.sheet, f.code)))


def sort_by_place(findings: Iterable[Finding], sheets: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Return findings with errors first, then warnings, then notes, each as one meets them in the workbook.

    Parameters
    ----------
    findings : iterable of Finding
        The findings.
    sheets : sequence of str
        Sheets in their order; others stand behind them.
    """
    order = {sheet: place for place, sheet in enumerate(sheets)}

    def key(f: Finding) -> tuple[int, int, str, tuple[int, int], str]:
        return (_SEVERITY_ORDER[f.severity], order.get(f.sheet, len(order)), f.sheet, row_and_column(f.cell), f.code)

    return tuple(sorted(findings, key=key))


def row_and_column(cell: str) -> tuple[int, int]:
    """Return the row and the column of an address, 0 where it names none.

    >>> [row_and_column(cell) for cell in ("B12", "3:3", "row 7, new column removal", "hg_coal[4]", "")]
    [(12, 2), (3, 0), (7, 0), (4, 0), (0, 0)]
    """
    match = _ADDRESS.match(cell)
    if match is None:
        return 0, 0
    column = 0
    for letter in match["column"] or "":
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match["row"]), column
