"""Word documents made to do harm as the template of a chapter, for `attack.py`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from attack_case import Cases, Make

FILE = "style.docx"
COMMAND = ("chapter", "--fleet", "MNG", "--draws", "0", "--template", FILE, "-o", "new")
DOCUMENT, STYLES, BODY = "word/document.xml", "word/styles.xml", b"<w:body>"
STYLE = b'<w:style w:type="paragraph" w:styleId="n%d"><w:name w:val="n%d"/></w:style>'


@cache
def parts() -> Mapping[str, bytes]:
    """Return the parts of a sound document."""
    import docx

    stream = io.BytesIO()
    docx.Document().save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(part: str, old: bytes, new: bytes) -> Make:
    """Return a function that writes a template with a piece of one part replaced."""

    def make(folder: Path) -> list[str]:
        content = parts().get(part, b"")
        assert old in content, f"no {old!r}"
        with zipfile.ZipFile(folder / FILE, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, sound in {**parts(), part: content.replace(old, new, 1)}.items():
                archive.writestr(name, sound)
        return list(COMMAND)

    return make


def cases() -> Cases:
    """Yield the cases."""
    styles = b"".join(STYLE % (number, number) for number in range(70_000))
    for name, made in {
        "70,000 styles": changed(STYLES, b"</w:styles>", styles + b"</w:styles>"),
        "a million styles": changed(STYLES, b"</w:styles>", b"<w:style/>" * 1_000_000 + b"</w:styles>"),
        "250,000 paragraphs without a page": changed(
            DOCUMENT, BODY, b"<w:body>" + b"<w:p/>" * 250_000 + b"</w:body></w:document><!--"
        ),
        "a million paragraphs": changed(DOCUMENT, BODY, BODY + b"<w:p/>" * 1_000_000),
        "100,000 sections": changed(DOCUMENT, BODY, BODY + b"<w:p><w:pPr><w:sectPr/></w:pPr></w:p>" * 100_000),
        "100,000 paragraphs in each other": changed(DOCUMENT, BODY, BODY + b"<w:p>" * 100_000 + b"</w:p>" * 100_000),
        "a text of 40 MB": changed(DOCUMENT, BODY, BODY + b"<w:t>" + b"x" * 40_000_000 + b"</w:t>"),
        "an attribute of 30 MB": changed(DOCUMENT, BODY, BODY + b'<w:p a="' + b"x" * 30_000_000 + b'"/>'),
        "190 MB of zeros": changed("word/media/a.bin", b"", bytes(190_000_000)),
        "definitions": changed(DOCUMENT, b"<w:document", b"<!DOCTYPE a [<!ENTITY b 'c'>]><w:document"),
        "a page without a width": changed(DOCUMENT, b"<w:pgSz", b"<w:other"),
        "a page of absurd width": changed(DOCUMENT, b'w:w="12240"', b'w:w="' + b"9" * 900 + b'"'),
        "a style of letters": changed(STYLES, b'w:type="paragraph" w:default="1"', b'w:type="character"'),
        "a part that is not there": changed("_rels/.rels", b"word/document.xml", b"word/absent.xml"),
    }.items():  # fmt: skip
        yield f"template: {name}", name == "70,000 styles", made, (FILE,)
