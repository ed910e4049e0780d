"""Input files: what is no plain file, or too large or too deep, is refused in one sentence before it is parsed."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from hginventory.errors import UnreadableFileError
from hginventory.reading import (
    LARGEST_WHOLE,
    LONGEST_LINE,
    MOST_LINES,
    MOST_SEPARATORS,
    check_plain,
    digest_of,
    read_json,
    read_plain,
    read_table_bytes,
    read_toml,
)

DEEP = 100_000


def put(folder: Path, text: str) -> Path:
    path = folder / "file"
    path.write_text(text, encoding="utf-8")
    return path


def test_only_plain_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    for name, words in {
        "pipe": "is a pipe", "link": "is a device", ".": "is a folder", "gone": "no such file",
        "file/in/a/file": "no such file", "x" * 300: "cannot be read", "a\0b": "cannot be read",
    }.items():  # fmt: skip
        put(tmp_path, "text")
        with pytest.raises(UnreadableFileError, match=words):
            check_plain(tmp_path / name)
    assert read_plain(put(tmp_path, "text"), 4) == b"text"
    with pytest.raises(UnreadableFileError, match="at most"):
        read_plain(put(tmp_path, "text"), 3)


@pytest.mark.parametrize("content", [b"", b"abc", b"a" * 3_000_001], ids=len)
def test_digest_is_that_of_the_bytes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert digest_of(tmp_path / "file") == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", ["pipe", ".", "gone"])
def test_digest_is_of_plain_files_only(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableFileError):
        digest_of(tmp_path / name)


@pytest.mark.parametrize(
    ("fits", "more", "words"),
    [
        ("\n" * (MOST_LINES - 1), "\n", f"has {MOST_LINES + 1:,} lines; at most"),
        ("\r" * (MOST_LINES - 1), "\r", f"has {MOST_LINES + 1:,} lines; at most"),
        ((";" * 500_000 + "\n") * (MOST_SEPARATORS // 500_000), ";", f"has {MOST_SEPARATORS + 1:,} fields; at most"),
        ("\n" + "a" * LONGEST_LINE, "a", f"has {LONGEST_LINE + 1:,} bytes in line 2; at most"),
    ],
    ids=["lines", "lines of an old Macintosh", "fields", "one line"],
)
def test_table_is_bounded_in_lines_and_fields(tmp_path: Path, fits: str, more: str, words: str) -> None:
    assert read_table_bytes(put(tmp_path, fits)) == fits.encode()
    with pytest.raises(UnreadableFileError, match=words) as refused:
        read_table_bytes(put(tmp_path, fits + more))
    assert str(refused.value).startswith(str(tmp_path / "file"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = " + "[" * DEEP, "line"),
        ("a = " + "[" * 9_000, "deep"), ("a = " + "{a=" * 3_000, "deep"), ("a" + ".a" * 60 + " = 1", "deep"),
        ("[a" + " . a" * 60 + "]", "deep"), ('a = "[" + [' + "[\n" * 60, "deep"),
        ('"a"' + '."a"' * 60 + " = 1", "deep"),
        ("a = " + "9" * 5_000, "whole number"), ("a = " + "9" * 900, "whole number"),
        ("a = [[-" + "9" * 30 + "]]", "whole"),
        ('a = "' + "x" * 20_000 + '"', "line"), ("a = 1\n" * 30_000, "lines"), ("#" * 1_100_000, "MB"),
        ("a = [1", "no valid TOML"), ('a = """' + "x\n" * 9_000, "no valid TOML"),
    ],
)  # fmt: skip
def test_hostile_toml_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UnreadableFileError, match=words) as refused:
        read_toml(put(tmp_path, text))
    assert str(refused.value).startswith(str(tmp_path / "file"))


def test_sound_toml_is_read_whatever_its_texts_contain(tmp_path: Path) -> None:
    brackets = "[{" * 200
    text = (
        f'a = "{brackets}"  # {brackets}\nb = """\n{brackets}\n"""\nc = [0.1, 0.2, {{d.e = 1}}]\nf = \'{brackets}\'\n'
    )
    read, content = read_toml(put(tmp_path, "\ufeff" + text))
    assert read == text
    assert content == {"a": brackets, "b": f"{brackets}\n", "c": [0.1, 0.2, {"d": {"e": 1}}], "f": brackets}
    assert read_toml(put(tmp_path, f"a = {LARGEST_WHOLE}\nb = [{'1.5, ' * 500}]"))[1]["a"] == LARGEST_WHOLE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * DEEP, "deep"), ("[" * 500 + "]" * 500, "deep"), ('{"a":' * 30 + "1" + "}" * 30, "deep"),
        ("9" * 900, "whole number"), ('{"a": [' + "9" * 5_000 + "]}", "whole number"), ("", "no valid JSON"),
        ('{"a": 1', "no valid JSON"), ("[" + "0," * 4_000_001 + "0]", "values"), ('"' + "x" * 10_000_000 + '"', "MB"),
    ],
)  # fmt: skip
def test_hostile_json_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UnreadableFileError, match=words):
        read_json(put(tmp_path, text), 9_000_000)


def test_sound_json_is_read(tmp_path: Path) -> None:
    content = {"a": [[[[[[[[1.5, None, "x", True]]]]]]]], "b": -LARGEST_WHOLE}
    assert read_json(put(tmp_path, json.dumps(content)), 1_000) == content
    assert read_json(put(tmp_path, '{"a": NaN}'), 1_000) == {"a": None}


def test_what_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b'a = "\xff"')
    with pytest.raises(UnreadableFileError, match=r"not written in UTF-8 \(byte 6\)"):
        read_toml(tmp_path / "file")
