"""Templates of a chapter: what is no Word document, or larger or odder than any, is refused before the work."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from hginventory.errors import UnreadableFileError, UsageError
from hginventory.reading import MOST_TEMPLATE_BYTES, MOST_TEMPLATE_STYLES, MOST_TEMPLATE_TAGS
from hginventory.report.chapter import check_chapter

DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
STYLE = b'<w:style w:type="paragraph" w:styleId="n%d"><w:name w:val="n%d"/></w:style>'
MANY_STYLES = b"".join(STYLE % (number, number) for number in range(MOST_TEMPLATE_STYLES))


def parts() -> dict[str, bytes]:
    """Return the parts of a sound document."""
    stream = io.BytesIO()
    docx.Document().save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def template(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """Write a template with a piece of one part replaced."""
    sound = parts()
    assert old in sound.get(part, b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**sound, part: sound.get(part, b"").replace(old, new, 1)}.items():
            archive.writestr(name, content)
    return path


def test_a_sound_template_is_used(tmp_path: Path) -> None:
    check_chapter("", template(tmp_path / "style.docx", DOCUMENT, b"<w:body>", b"<w:body><w:p/>"))


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        (DOCUMENT, b"<w:body>", b"<w:body>" + b"<w:p/>" * (MOST_TEMPLATE_TAGS + 1), "XML tags"),
        (STYLES, b"</w:styles>", b"<w:style/>" * (MOST_TEMPLATE_TAGS + 1) + b"</w:styles>", "XML tags"),
        (DOCUMENT, b"<w:body>", b"<!--" + b" " * 3_000_000 + b"--><w:body>", "absurd length"),
        ("word/media/a.bin", b"", bytes(MOST_TEMPLATE_BYTES), "unpacks to"),
        ("word/media/a.bin", b"", bytes(20_000_000), "packed more tightly"),
        (DOCUMENT, b"<w:document", b"<!DOCTYPE a [<!ENTITY b 'c'>]><w:document", "which Word documents"),
    ],
)  # fmt: skip
def test_a_template_that_is_too_large_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, old: bytes, new: bytes, said: str
) -> None:
    path = template(tmp_path / "style.docx", part, old, new)
    monkeypatch.setattr("docx.Document", lambda *_: pytest.fail("the template was opened"))
    with pytest.raises(UnreadableFileError, match=said):
        check_chapter("", path)


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        (STYLES, b"</w:styles>", MANY_STYLES + b"</w:styles>", "styles;"),
        (STYLES, b'<w:style w:type="paragraph" w:default="1"', b'<w:style w:type="character"', "style Normal is not"),
        (DOCUMENT, b"<w:sectPr", b"<w:p/></w:body></w:document><!--", "cannot be used"),
        (DOCUMENT, b"<w:sectPr", b"<w:p><w:pPr><w:sectPr/></w:pPr></w:p><w:sectPr", ""),
        (DOCUMENT, b"<w:pgSz", b"<w:other", "no section with a width"),
        (DOCUMENT, b'w:w="12240"', b'w:w="wide"', "cannot be used"),
        (DOCUMENT, b'w:w="12240"', b'w:w="' + b"9" * 900 + b'"', "room for text"),
        (DOCUMENT, b"<w:body>", b"<w:body>" + b"<w:p>" * 10_000 + b"</w:p>" * 10_000, "cannot be used"),
        ("_rels/.rels", b"word/document.xml", b"word/absent.xml", "cannot be used"),
    ],
)  # fmt: skip
def test_a_template_on_which_nothing_can_be_written_is_refused(
    tmp_path: Path, part: str, old: bytes, new: bytes, said: str
) -> None:
    path = template(tmp_path / "style.docx", part, old, new)
    if not said:  # a document of several sections, whose last one counts
        check_chapter("", path)
        return
    with pytest.raises(UsageError, match=said) as refused:
        check_chapter("", path)
    assert refused.value.parameter == "template"
