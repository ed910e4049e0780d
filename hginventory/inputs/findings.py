"""What is wrong or worth knowing in a fleet: a code, a place, what was found, what is allowed, what to do.

Codes never change their meaning. 1xx file, 2xx cell, 3xx table, 4xx rules between cells, 5xx what the model
had to decide, 7xx factors, 8xx import of trackers; E error, W warning, N note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

SEVERITIES: Mapping[str, str] = {"E": "error", "W": "warning", "N": "note"}


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
    "W521": CodeInfo("retirement-passed", "an announced year before the base year is ignored for a unit that operates", "Correct the status or the year."),
    "W522": CodeInfo("unknown-start", "a missing start year is set by the retirement rule", "Fill in the start year."),
    "W523": CodeInfo("construction-delayed", "a unit under construction should have started already; it is set to start next year", "Correct the status or the year."),
    "N524": CodeInfo("past-lifetime", "the unit is past its lifetime: annual emission is shown, remaining is what the rule leaves", "Fill in lifetime_years if it will run longer."),
    "N525": CodeInfo("captive-category", "a captive plant is counted as coal power", "Set Settings!captive_category."),
    "N526": CodeInfo("not-operating", "the unit neither operates nor is being built: it adds nothing", "Correct the status if it runs."),
    "N527": CodeInfo("several-activities", "several statements of activity: the best one counts", "Nothing to do."),
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
}  # fmt: skip


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
    """

    code: str
    sheet: str
    cell: str
    unit_id: str
    found: str
    allowed: str
    remedy: str
    count: int = 1

    @property
    def severity(self) -> str:
        """One of error, warning and note."""
        return SEVERITIES[self.code[0]]

    @property
    def place(self) -> str:
        """Place in words, as ``Coal_units!H23``."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    @property
    def message(self) -> str:
        """The finding in one line."""
        unit = f' "{self.unit_id}"' if self.unit_id else ""
        more = f" (and {self.count - 1} more)" if self.count > 1 else ""
        return f"{self.place}{unit}: {self.found}: {self.allowed}. {self.remedy}{more}"

    def counted(self, count: int) -> Finding:
        """Return the finding with the number of places it stands for."""
        return replace(self, count=count)


def finding(
    code: str, sheet: str, cell: str, found: str, *, unit: str = "", allowed: str = "", remedy: str = ""
) -> Finding:
    """Return a finding; what is allowed and what to do come from the code unless told better."""
    info = CODES[code]
    return Finding(code, sheet, cell, unit, found, allowed or info.meaning, remedy or info.remedy)


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with errors first, then warnings, then notes, each in order of place."""
    order = {severity: place for place, severity in enumerate(SEVERITIES.values())}
    return tuple(sorted(findings, key=lambda f: (order[f.severity], f.sheet, f.code)))
