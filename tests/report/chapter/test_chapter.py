"""The chapter: numbers of the result workbook, native Word parts, languages, templates, the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import docx
import openpyxl
import pandas as pd
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm

import hginventory as hg
from hginventory.decisions.optimisation.goals import Goal, make_goal
from hginventory.errors import UnreadableFileError, UsageError
from hginventory.report.chapter.chapter import ChapterParts, chapter_parts, make_chapter
from hginventory.report.chapter.measures_sections import _target_sentence
from hginventory.report.chapter.pictures import NEVER_DRAWN, missing_glyphs
from hginventory.report.chapter.result_sections import KEY_SENTENCES
from hginventory.report.chapter.subject import LONGEST_CELL, Subject, _brief
from hginventory.report.chapter.word_document import WordDocument
from hginventory.report.plan.build import PlanTable, is_empty
from hginventory.report.plan.plan_request import PlanOrder
from hginventory.report.plan.write import printed_parts
from hginventory.report.text.headline_sentences import certainty_sentences
from hginventory.report.text.language import words_in
from hginventory.translations import translator

DATE = "2026-11-30"


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project("indonesia", where="capacity_mw >= 900", draws=60)


@pytest.fixture(scope="module")
def parts(run: hg.Run) -> ChapterParts:
    return chapter_parts(run, PlanOrder())


@pytest.fixture(scope="module")
def tables(parts: ChapterParts) -> tuple[PlanTable, ...]:
    return parts.tables


@pytest.fixture(scope="module")
def content(run: hg.Run, parts: ChapterParts) -> bytes:
    return make_chapter(run, PlanOrder(), date=DATE, parts=parts).content


@pytest.fixture(scope="module")
def document(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def indonesian(run: hg.Run) -> Any:
    return docx.Document(io.BytesIO(make_chapter(run, PlanOrder("id"), date=DATE).content))


def captioned(document: Any, words: str) -> list[list[str]]:
    """Return the cells of the table whose caption has these words."""
    element = next(p for p in document.paragraphs if p.style.name == "Caption" and words in p.text)._p.getnext()
    table = next(one for one in document.tables if one._tbl is element)
    return [[cell.text for cell in row.cells] for row in table.rows]


def texts(document: Any) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def number(text: str) -> float:
    return float(text.replace(",", ""))


def sheet_rows(run: hg.Run, folder: Path, sheet: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet of results.xlsx under the stable names of its columns."""
    rows = list(openpyxl.load_workbook(run.to_excel(folder / "results.xlsx"))[sheet].iter_rows(values_only=True))
    start = next(at for at, row in enumerate(rows) if "lifetime_kg" in row or "sector" in row)
    names = [str(name) for name in rows[start]]
    return [
        dict(zip(names, row, strict=True))
        for row in rows[start + 1 :]
        if any(isinstance(cell, int | float) for cell in row)
    ]


@pytest.mark.parametrize(
    ("caption", "sheet", "columns"),
    [
        ("Plants ranked highest", "Plants", ("rank", "plant", "units", "air_base_year_kg", "lifetime_kg", "share",
                                             "cumulative_share")),
        ("Units ranked highest", "Ranking", ("rank", "plant", "unit", "air_kg_per_yr", "lifetime_kg", "lifetime_kg_p05",
                                             "lifetime_kg_p95", "end_year")),
    ],
)  # fmt: skip
def test_ranked_tables_have_the_numbers_of_the_workbook(
    document: Any, run: hg.Run, tmp_path: Path, caption: str, sheet: str, columns: tuple[str, ...]
) -> None:
    _, *shown = captioned(document, caption)
    expected = sheet_rows(run, tmp_path, sheet)[: len(shown)]
    assert len(shown) == min(10, len(expected)) > 0
    for cells, row in zip(shown, expected, strict=True):
        for cell, name in zip(cells, columns, strict=True):
            value = row[name] if "share" not in name else 100 * row[name]
            if isinstance(value, str):
                assert cell == value
            else:
                decimals = len(cell.partition(".")[2])
                assert number(cell) == pytest.approx(value, abs=0.5 * 10**-decimals * 1.0001)


def test_totals_are_those_of_the_workbook(document: Any, run: hg.Run, tmp_path: Path) -> None:
    heads, row = captioned(document, "Emissions to air in the base year and over")[:2]
    rows = sheet_rows(run, tmp_path, "Totals")
    assert run.certainty is not None
    year, life = (next(one for one in rows if one["unit"] == unit) for unit in ("kg", "t"))
    summary = run.summary()[-1]
    told = [summary.air_base_year_kg, year["p05"], year["p95"], 1000 * summary.lifetime_t, 1000 * life["p05"],
            1000 * life["p95"]]  # fmt: skip
    assert "2026" in heads[1]
    for cell, value in zip(row[1:], told, strict=True):
        assert number(cell) == pytest.approx(value, abs=0.51)


def test_numbers_of_key_sentences_are_those_of_the_run(document: Any, run: hg.Run) -> None:
    first = next(p.text for p in document.paragraphs if p.style.name == "List Bullet")
    total, words = run.headline.totals[-1], words_in()
    assert total.air_drawn is not None
    for value in (total.air_kg, total.air_drawn.p05, total.air_drawn.p95, total.lifetime_t):
        assert words.number(value) in first


def test_annex_tables_are_the_plan_tables(document: Any, tables: tuple[PlanTable, ...]) -> None:
    parts = {part.number: part for part in printed_parts(tables)}
    for name in ("N1c", "N2a", "N3a", "N7a", "N6c"):
        heads, *shown = captioned(document, f". {name} ")
        table = parts[name].table
        table = table[[column for column in table if not is_empty(table[column])]]
        assert len(heads) == table.shape[1]
        assert len(shown) == min(3, len(table))
        first = "source_name" if "source_name" in table else table.columns[0]
        known = {str(value) for value in table[first]}
        assert {row[list(table.columns).index(first)] for row in shown} <= known


def test_each_section_begins_with_a_sentence(document: Any, indonesian: Any) -> None:
    for made in (document, indonesian):
        paragraphs = made.paragraphs
        sections = [at for at, p in enumerate(paragraphs) if p.style.name == "Heading 1"]
        assert len(sections) == 12
        for at in sections:
            lead = paragraphs[at]._p.getnext()
            assert lead is paragraphs[at + 1]._p, paragraphs[at].text
            assert paragraphs[at + 1].style.name == "Normal"
            assert re.search(r"\w.*\.$", paragraphs[at + 1].text), paragraphs[at].text


def test_columns_without_a_value_are_not_printed(document: Any) -> None:
    for table in document.tables:
        for column in table.columns:
            assert any(cell.text for cell in list(column.cells)[1:]), column.cells[0].text


def test_key_points_are_six(document: Any) -> None:
    paragraphs = document.paragraphs
    start = next(at for at, p in enumerate(paragraphs) if p.text == "1 Key points")
    end = next(at for at, p in enumerate(paragraphs) if p.text.startswith("2 ") and p.style.name == "Heading 1")
    assert sum(p.style.name == "List Bullet" for p in paragraphs[start:end]) == KEY_SENTENCES


def test_shortened_tables_say_where_all_rows_are(document: Any, tables: tuple[PlanTable, ...]) -> None:
    told = texts(document)
    for part in printed_parts(tables):
        if re.search(rf"\. {part.number} ", told) and len(part.table) > 10:
            assert re.search(rf"of {len(part.table)} rows.*{part.number}_{part.name}\.csv", told), part.number
    assert all(one.number[:-1] in told or one.number in told for one in tables)


@pytest.mark.parametrize("count", [1, 3, 40, 400])
@pytest.mark.parametrize("language", ["en", "id"])
def test_a_long_list_in_a_cell_is_shortened_in_whole_items(count: int, language: str) -> None:
    items = [f"Station {n}, Unit {n}" for n in range(count)]
    told = _brief("; ".join(items), words_in(language))
    kept = [one for one in told.split("; ") if one in items]
    assert kept == items[: len(kept)]
    assert len(told) <= LONGEST_CELL
    assert (kept == items) == (count <= 3)
    assert told.endswith({"en": "and others", "id": "dan lainnya"}[language]) == (count > 3)


@pytest.mark.parametrize("text", ["", "a; b", "x" * 500, "é" * (LONGEST_CELL - 3) + "; b"])
def test_a_text_that_is_no_long_list_stays(text: str) -> None:
    assert _brief(text, words_in("en")) == text


@pytest.mark.parametrize("fleet", ["indonesia", "VNM"])
def test_sentences_on_certainty_name_their_units(fleet: str) -> None:
    lists = hg.project(fleet, draws=60).headline.lists
    assert lists
    for one in lists:
        first = certainty_sentences(one, words_in("en"))[0]
        assert re.search(r"of the top \d+ (coal units|cement kilns) ", first), first


def test_measurements_are_numbered_in_whole_numbers() -> None:
    own = hg.project("indonesia", where="capacity_mw >= 600", draws=250)
    made = docx.Document(io.BytesIO(make_chapter(own, PlanOrder(), date=DATE).content))
    _, *rows = captioned(made, "Measurements that would narrow the ranking most")
    assert [row[0] for row in rows] == [str(n + 1) for n in range(len(rows))]
    assert rows


def test_parts_are_native(document: Any, content: bytes) -> None:
    xml = document.element.xml
    assert 'TOC \\o "1-1"' in xml
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert [text.split(".")[0] for text in captions if text.startswith("Table")] == [
        f"Table {n}" for n in range(1, len(document.tables) + 1)
    ]
    pictures = xml.count("</pic:pic>")
    assert [text.split(".")[0] for text in captions if text.startswith("Figure")] == [
        f"Figure {n}" for n in range(1, pictures + 1)
    ]
    assert xml.count("SEQ ") == len(captions)
    assert pictures == xml.count("<asvg:svgBlip") >= 4
    alternatives = [one.get("descr") for one in document.element.iter(qn("wp:docPr"))]
    assert len(alternatives) == pictures
    assert all(text and len(text) <= 150 for text in alternatives)
    assert max(len(table.columns) for table in document.tables) <= 8
    assert xml.count("<w:tblHeader/>") == len(document.tables)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert " PAGE " in section.footer._element.xml
    assert "30" in texts(document)
    assert "updateFields" in document.settings.element.xml
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert sum(name.endswith(".svg") for name in file.namelist()) == pictures
        assert b'ContentType="image/svg+xml"' in file.read("[Content_Types].xml")


def test_the_same_run_gives_the_same_bytes(run: hg.Run, parts: ChapterParts, content: bytes) -> None:
    assert make_chapter(run, PlanOrder(), date=DATE, parts=parts).content == content
    assert make_chapter(run, PlanOrder(), date="2026-12-01", parts=parts).content != content


def test_the_chapter_is_in_the_language_of_the_reader(indonesian: Any, document: Any, run: hg.Run) -> None:
    told, english = texts(indonesian), texts(document)
    ours = {p.text for p in document.paragraphs if p.style.name.startswith("Heading")}
    theirs = {p.text for p in indonesian.paragraphs if p.style.name.startswith("Heading")}
    assert len(ours) == len(theirs)
    assert not ours & theirs
    kg = run.headline.totals[-1].air_kg
    assert words_in("id").number(kg) in told
    assert words_in().number(kg) in english
    assert "30 November 2026" in told
    assert captioned(indonesian, "N7a")[1][1] == captioned(document, "N7a")[1][1]
    defaults = indonesian.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults.find(qn("w:lang")).get(qn("w:val")) == "id"


def test_names_of_tables_plans_and_fleets_are_in_the_language_of_the_reader(run: hg.Run, indonesian: Any) -> None:
    """Options and scenarios of the tables, title and notice of a bundled fleet."""
    told = "\n".join([texts(indonesian), *(cell.text for table in indonesian.tables for cell in table._cells)])
    settings = run.projection.settings
    options = [row.extra["name"] for row in run.projection.library.table("reduction_option").defaults]
    say = translator("id")
    assert [text for text in (settings.fleet_label, settings.notice, *options) if text in told] == []
    assert say(settings.fleet_label) in told
    assert say(settings.notice) in told
    assert sum(say(text) in told for text in options) > 3


@pytest.mark.parametrize(
    ("percent", "base_year", "shown"),
    [
        ("50%", False, "Rencana: emisi armada 50,0 % lebih rendah pada 2035, dibandingkan dengan tanpa tindakan"),
        ("33.25%", False, "Rencana: emisi armada 33,2 % lebih rendah pada 2035"),
        ("12.5%", True, "dibandingkan dengan emisi pada 2026 (unit dalam masa pakainya)"),
    ],
)
def test_titles_of_plans_are_in_the_language_of_the_reader(
    run: hg.Run, percent: str, base_year: bool, shown: str
) -> None:
    goal = replace(make_goal(run.projection, target=percent, by=2035), of_base_year=base_year, sector="")
    assert shown in words_in("id").tell(goal.plan_title(2026))
    assert goal.plan_title(2026).startswith("Plan: ")


@pytest.mark.parametrize(
    ("kind", "amount", "shown"),
    [
        ("kg", 12345.6, "12.346 kg emisi"),
        ("budget", 1_234_500.0, "1,234 juta USD per tahun"),
        ("budget_total", 2.5e10, "25.000 juta USD seluruhnya"),
    ],
)
def test_goals_have_the_signs_of_the_language(kind: str, amount: float, shown: str) -> None:
    assert shown in words_in("id").tell(Goal(kind, amount, 2035).words(2026))


def test_what_is_missing_is_said_with_its_remedy() -> None:
    """Without draws, plan, sources of the data and published totals."""
    units = pd.DataFrame(
        {
            "unit_id": ["K1", "K2"], "plant": "Lamu", "unit": ["1", "2"], "country": "KEN", "status": "operating",
            "start_year": [2010, 2012], "capacity_gross_mw": 350.0,
        }
    )  # fmt: skip
    run = hg.project(hg.fleet_from_frame(units), draws=0)
    told = texts(docx.Document(io.BytesIO(make_chapter(run, PlanOrder()).content)))
    for remedy in ("hginv project", "hginv optimize", "sheet Sources", "hginv sensitivity", "hginv measure",
                   "hginv report", "sheet Measurements", "no published estimate"):  # fmt: skip
        assert remedy in told, remedy


def test_a_template_brings_its_styles(run: hg.Run, parts: ChapterParts, tmp_path: Path) -> None:
    template = docx.Document()
    template.styles["Heading 1"].font.name = "Ministry Sans"
    template.add_paragraph("Text of the template")
    template.save(str(tmp_path / "style.docx"))
    made = make_chapter(run, PlanOrder(), date=DATE, parts=parts, template=tmp_path / "style.docx")
    document = docx.Document(io.BytesIO(made.content))
    assert document.styles["Heading 1"].font.name == "Ministry Sans"
    assert "Text of the template" not in texts(document)


def test_a_restyled_template_keeps_its_page_its_header_and_its_footer(
    run: hg.Run, parts: ChapterParts, tmp_path: Path
) -> None:
    template = docx.Document()
    section = template.sections[0]
    section.left_margin, section.page_width = Cm(3.5), Cm(20)
    section.header.paragraphs[0].text = "Ministry of the Environment"
    section.footer.paragraphs[0].text = "Jalan Merdeka 1"
    for name, font in (("Normal", "Times New Roman"), ("Caption", "Georgia"), ("Title", "Georgia")):
        template.styles[name].font.name = font
    template.save(str(tmp_path / "style.docx"))
    made = make_chapter(run, PlanOrder(), date=DATE, parts=parts, template=tmp_path / "style.docx")
    document = docx.Document(io.BytesIO(made.content))
    section = document.sections[0]
    assert (section.left_margin.cm, section.page_width.cm) == pytest.approx((3.5, 20), abs=0.01)
    assert section.header.paragraphs[0].text == "Ministry of the Environment"
    assert section.footer.paragraphs[0].text == "Jalan Merdeka 1"
    assert " PAGE " in section.footer._element.xml
    assert [document.styles[name].font.name for name in ("Normal", "Caption", "Title")] == [
        "Times New Roman", "Georgia", "Georgia",
    ]  # fmt: skip
    width = section.page_width - section.left_margin - section.right_margin
    assert max(shape.width for shape in document.inline_shapes) <= width
    for table in document.tables:
        assert (
            sum(column.width for column in table.columns) <= width + len(table.columns) * 635
        )  # twentieths of a point


@pytest.mark.parametrize("gone", ["Heading 1", "Heading 2", "List Bullet", "Caption", "Title", "Subtitle"])
def test_a_template_may_lack_a_style(tmp_path: Path, gone: str) -> None:
    """Word stores a style only once a document has used it."""
    template = docx.Document()
    element = template.styles[gone].element
    element.getparent().remove(element)
    template.save(str(tmp_path / "style.docx"))
    written = WordDocument(words_in(), tmp_path / "style.docx")
    written.title("Mercury", ["2026"])
    written.section("Plants", "The largest plants.")
    written.heading("Units", 2)
    written.bullets(["One", "Two"])
    written.table("Units", ["Unit", "kg"], [["a", "1"]], [True, False])
    document = docx.Document(io.BytesIO(written.file("Mercury")))
    assert sum(style.name == gone for style in document.styles) == 1
    assert any(paragraph.style.name == gone for paragraph in document.paragraphs)
    if gone.startswith("Heading"):
        assert "w:outlineLvl" in document.styles[gone].element.xml
        assert "w:keepNext" in document.styles[gone].element.xml
    bullets = [p.text for p in document.paragraphs if p.style.name == "List Bullet"]
    assert bullets == (["\u2022 One", "\u2022 Two"] if gone == "List Bullet" else ["One", "Two"])


@pytest.mark.parametrize("name", ["text.docx", "sheet.docx"])
def test_a_template_that_is_not_a_word_document_is_named(
    run: hg.Run, parts: ChapterParts, tmp_path: Path, name: str
) -> None:
    (tmp_path / "text.docx").write_text("no zip", encoding="utf-8")
    openpyxl.Workbook().save(tmp_path / "sheet.docx")
    with pytest.raises(UnreadableFileError, match=rf"{name} is .*Save it as .docx in Word or LibreOffice"):
        make_chapter(run, PlanOrder(), parts=parts, template=tmp_path / name)


def test_a_template_that_is_not_there_is_named(run: hg.Run, parts: ChapterParts, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"missing\.docx cannot be read: there is no such file"):
        make_chapter(run, PlanOrder(), parts=parts, template=tmp_path / "missing.docx")


@pytest.mark.parametrize("date", ["tomorrow", "30.11.2026", "2026-02-30"])
def test_a_date_that_is_none_is_refused(run: hg.Run, parts: ChapterParts, date: str) -> None:
    with pytest.raises(UsageError, match=f"{date}.*Write it as 2026-11-30"):
        make_chapter(run, PlanOrder(), date=date, parts=parts)


def test_characters_without_a_font_are_found() -> None:
    assert missing_glyphs(f"Suralaya é – {NEVER_DRAWN}") == NEVER_DRAWN
    assert missing_glyphs("Tanjung Jati B 5") == ""


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(("past", "told"), [(237.0, "237 kg"), (0.0, ""), (float("nan"), "")])
def test_a_target_says_what_it_leaves_out_of_the_total(language: str, past: float, told: str) -> None:
    """The base of a target is less than the total of the key sentences, where units are past their lifetime."""
    row = {"target_percent": 50.0, "reference_year": 2026, "reference_kg": 8176.0, "past_age_kg": past,
           "target_year": 2035, "allowed_kg": 4088.0}  # fmt: skip
    tables = {"N6a": SimpleNamespace(table=pd.DataFrame([row])),
              "N6h": SimpleNamespace(table=pd.DataFrame({"as_it_would_be_kg": [8289.0]}))}  # fmt: skip
    for target in (None, object()):
        subject = SimpleNamespace(words=words_in(language), tables=tables, order=SimpleNamespace(target=target))
        sentence = _target_sentence(cast("Subject", subject))
        assert told in sentence
        assert sentence.count(" kg") == (4 if told else 3)
