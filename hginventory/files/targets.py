"""Where files may be written, and the error where the system refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hginventory.errors import UsageError


def check_target(
    path: Path, parameter: str, suffix: str, *, overwrite: bool | None = None, source: Path | None = None
) -> None:
    """Raise unless a file may be written to a path; commands ask before the work.

    Parameters
    ----------
    path : Path
        File to write.
    parameter : str
        Parameter that names the file, for messages.
    suffix : str
        How its name has to end, in small letters.
    overwrite : bool, optional
        Whether a file of this name may be replaced; None where nobody can ask for it.
    source : Path, optional
        The workbook that was read, which is never replaced.

    Raises
    ------
    UsageError
        If the file has another ending, is a folder or the workbook that was read, or exists.
    """
    problem = ""
    if source is not None and path.exists() and source.exists() and path.samefile(source):
        problem = "is the workbook itself, which is never written to. Name another file."
    elif path.suffix.lower() != suffix:
        problem = f"does not end in {suffix}. Use a name that ends in {suffix}."
    elif path.is_dir():
        problem = "is a folder. Name a file."
    elif path.exists() and not overwrite:
        also = "" if overwrite is None else ", or add `overwrite` to replace it"
        problem = f"exists. Name another file{also}."
    if problem:
        raise UsageError(f"{path} {problem}", parameter=parameter)


@contextmanager
def writing(target: Path, parameter: str = "") -> Iterator[None]:
    """Raise a `UsageError` with the reason where the system refuses to write to a file or folder."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{_refused(target, error)}: cannot be written ({error.strerror or error}). Close it in other programs, "
            "and check that the disk has space and that you may write there.",
            parameter=parameter,
        ) from error


def _refused(target: Path, error: OSError) -> Path:
    """Return the file of a folder that an error names, as it is called when the folder is complete; else the target."""
    parts = Path(str(error.filename2 or error.filename or "")).parts
    inside = [place for place, part in enumerate(parts) if ".hginv-" in part]
    named = [part for part in parts[inside[-1] + 1 :] if not part.startswith(".")] if inside else []
    return target.joinpath(*named)
