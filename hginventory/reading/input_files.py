"""Input files: plain ones only, of bounded size; TOML and JSON with bounds on what is in them."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hginventory.errors import UnreadableFileError
from hginventory.reading.bounds import (
    DEEPEST_VALUE,
    LARGEST_WHOLE,
    LONGEST_LINE,
    LONGEST_TOML_LINE,
    MOST_BYTES,
    MOST_LINES,
    MOST_SEPARATORS,
    MOST_TOML_BYTES,
    MOST_TOML_LINES,
    MOST_VALUES,
)

DELIMITERS = (",", ";", "\t", "|")  # of text tables
_KINDS = {
    stat.S_IFIFO: "a pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFSOCK: "a socket",
}  # fmt: skip
# Texts and comments of TOML, whose brackets and points mean nothing.
_WORDS = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)|'
    r"'''.*?(?:'''|\Z)|"
    r'"(?:\\.|[^"\\\n])*+"|'
    r"'[^'\n]*+'|#[^\n]*+",
    re.DOTALL,
)
_LONG_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{DEEPEST_VALUE},}}")
_BRACKETS: Mapping[str, int] = {"[": 1, "{": 1, "]": -1, "}": -1}
_TOO_DEEP = f"has lists or tables more than {DEEPEST_VALUE} deep in each other. Write it flatter."


def check_plain(path: Path, most: int | None = None) -> None:
    """Raise unless a path is that of a plain file: no folder, no pipe and no device, from which one can read for ever.

    Parameters
    ----------
    path : Path
        The file; links are followed.
    most : int, optional
        Bytes that it may have at most.

    Raises
    ------
    UnreadableFileError
        With one sentence on what it is and what to do.
    """
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise UnreadableFileError(
            f"{path} cannot be read: there is no such file. Check the name and the folder."
        ) from None
    except (OSError, ValueError) as error:  # a name that is too long, or has a zero byte in it
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise UnreadableFileError(f"{path} is a folder. Name a file in it.")
    if not stat.S_ISREG(found.st_mode):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "no plain file")
        raise UnreadableFileError(f"{path} is {kind}. Only plain files are read: save its content as one.")
    if most is not None and found.st_size > most:
        raise UnreadableFileError(
            f"{path} has {found.st_size / 1e6:.0f} MB; at most {most / 1e6:g} MB are read. Keep only what you need."
        )


def read_plain(path: Path, most: int) -> bytes:
    """Return the bytes of a plain file; arguments and errors as in `check_plain`."""
    check_plain(path, most)
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a plain file of any size, in hexadecimal digits; errors as in `check_plain`."""
    check_plain(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def read_table_bytes(path: Path) -> bytes:
    """Return the bytes of a text table.

    Parameters
    ----------
    path : Path
        A table whose fields are separated by one of `DELIMITERS`.

    Raises
    ------
    UnreadableFileError
        If it is not a plain file, or exceeds the bounds on size, number of lines and fields, and length of a line.
    """
    content = read_plain(path, MOST_BYTES)
    end = b"\n" if b"\n" in content else b"\r"
    lines = content.count(end) + 1
    separators = max(content.count(sign.encode()) for sign in DELIMITERS)
    problem = ""
    if lines > MOST_LINES:
        problem = f"has {lines:,} lines; at most {MOST_LINES:,} are read. Keep only the rows you need"
    elif separators > MOST_SEPARATORS:
        problem = f"has {separators:,} fields; at most {MOST_SEPARATORS:,} are read. Keep only the columns you need"
    else:
        begin = 0
        while begin < len(content) and not problem:
            stop = content.find(end, begin)
            stop = len(content) if stop < 0 else stop
            if stop - begin > LONGEST_LINE:
                number = content.count(end, 0, begin) + 1
                problem = f"has {stop - begin:,} bytes in line {number:,}; at most {LONGEST_LINE:,} are read. Break it"
            begin = stop + 1
    if problem:
        raise UnreadableFileError(f"{path} {problem}.")
    return content


def read_text(path: Path, most: int) -> str:
    """Return the text of a plain file in UTF-8, with or without a mark; arguments and errors as in `check_plain`."""
    content = read_plain(path, most)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{path} is not written in UTF-8 (byte {error.start + 1}). Save it as UTF-8."
        ) from error


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Return the text of a TOML file and what it says.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    UnreadableFileError
        If it is not a plain file, not TOML, or larger or deeper than any scenario or mapping.
    """
    text = read_text(path, MOST_TOML_BYTES)
    lines = text.splitlines()
    longest = max(map(len, lines), default=0)
    if len(lines) > MOST_TOML_LINES:
        raise UnreadableFileError(f"{path} has {len(lines):,} lines; at most {MOST_TOML_LINES:,} are read. Split it.")
    if longest > LONGEST_TOML_LINE:
        raise UnreadableFileError(
            f"{path} has a line of {longest:,} letters; at most {LONGEST_TOML_LINE:,} are read. Break it."
        )
    _check_depth(path, _WORDS.sub("s", text))
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFileError(f"{path}: no valid TOML: {error}.") from error
    except ValueError:  # of an integer of more than 4,300 digits
        raise _too_large(path) from None
    _check_values(path, content)
    return text, content


def read_json(path: Path, most: int) -> Any:
    """Return what a JSON file contains; bare NaN, which earlier versions wrote, is None.

    Parameters
    ----------
    path : Path
        The file.
    most : int
        Bytes that it may have at most.

    Raises
    ------
    UnreadableFileError
        If it is not a plain file, not JSON, or has more or deeper values than any file that is read.
    """
    text = read_text(path, most)
    if sum(map(text.count, ",[{")) > MOST_VALUES:
        raise UnreadableFileError(f"{path} has more than {MOST_VALUES:,} values. Keep only what you need.")
    try:
        content = json.loads(text, parse_constant=lambda _: None)
    except RecursionError:
        raise UnreadableFileError(f"{path} {_TOO_DEEP}") from None
    except json.JSONDecodeError as error:
        raise UnreadableFileError(f"{path}: no valid JSON: {error}.") from error
    except ValueError:
        raise _too_large(path) from None
    _check_values(path, content)
    return content


def _check_depth(path: Path, skeleton: str) -> None:
    """Raise if the text of a TOML file, texts and comments left out, is too deep for its reader."""
    depth = 0
    for sign in re.findall(r"[\[\]{}]", skeleton):
        depth += _BRACKETS[sign]
        if depth > DEEPEST_VALUE:
            raise UnreadableFileError(f"{path} {_TOO_DEEP}")
    if _LONG_KEY.search(skeleton):
        raise UnreadableFileError(f"{path} {_TOO_DEEP}")


def _check_values(path: Path, content: Any) -> None:
    """Raise if what was read is deeper, or has larger whole numbers, than anything that is meant."""
    level = [content]
    for _ in range(DEEPEST_VALUE):
        below = []
        for one in level:
            for value in one.values() if isinstance(one, dict) else one if isinstance(one, list) else (one,):
                if isinstance(value, dict | list):
                    below.append(value)
                elif isinstance(value, int) and abs(value) > LARGEST_WHOLE:
                    raise _too_large(path)
        level = below
        if not level:
            return
    raise UnreadableFileError(f"{path} {_TOO_DEEP}")


def _too_large(path: Path) -> UnreadableFileError:
    return UnreadableFileError(f"{path} has a whole number beyond {LARGEST_WHOLE:,}. Write it as 1e20, or correct it.")


def _unreadable(path: Path, error: OSError | ValueError) -> UnreadableFileError:
    words = getattr(error, "strerror", None) or error
    return UnreadableFileError(f"{path} cannot be read ({words}). Check the name, and that you may open it.")
