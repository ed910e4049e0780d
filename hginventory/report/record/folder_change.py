"""What is written into a run folder after its run: all of it, entered into record and index, or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hginventory.files import move_files, new_version
from hginventory.reading import digest_of
from hginventory.report.record.folder_index import INDEX, write_index
from hginventory.report.record.record import RunRecord, check_unchanged, enter_reports, read_record


@contextmanager
def changing(record: RunRecord, names: Iterable[str] = ()) -> Iterator[RunRecord]:
    """Yield a copy of a run folder to change, which takes the place of the folder in one step, its index renewed.

    Other processes that change the folder wait, so that none loses what another one entered.

    Parameters
    ----------
    record : RunRecord
        The folder.
    names : iterable of str
        Files in it that are replaced or removed.

    Raises
    ------
    UsageError
        If one of these or the index was changed by hand, or the folder cannot be written.
    """
    with new_version(record.folder) as copy:
        now = read_record(copy)  # others may have entered something since
        check_unchanged(record.folder, now.digests, [INDEX, *names])
        yield now
        write_index(copy)


def add_reports(
    record: RunRecord,
    entry: Mapping[str, str],
    write: Callable[[Path], object],
    *,
    place: str = "",
    is_whole: bool = True,
) -> Path:
    """Write files into a run folder, in place of those of the same format, and return the folder they are in.

    Parameters
    ----------
    record : RunRecord
        The run folder.
    entry : mapping of str to str
        Format, language and what else the files depend on, for the record.
    write : callable
        Writes the files into the empty folder that it is given.
    place : str
        Folder in the run folder that they belong in; empty: the run folder itself.
    is_whole : bool
        Whether these are all files of the format: those that were written before and not now are then removed.

    Raises
    ------
    UsageError
        If files that would be replaced or removed were changed by hand, or the folder cannot be written.
    """
    with changing(record) as own:
        new = own.folder / f".{entry['format']}"
        new.mkdir()
        write(new)
        names = {f"{place}/{name}" if place else name: new / name for name in sorted(os.listdir(new))}
        former = {name for name, one in own.reports.items() if is_whole and one["format"] == entry["format"]}
        check_unchanged(record.folder, own.digests, [*names, *former])
        entries = {name: {**entry, "sha256": digest_of(path)} for name, path in names.items()}
        move_files(new, own.folder / place)
        for name in former - names.keys():
            (own.folder / name).unlink(missing_ok=True)
        kept = {name: one for name, one in own.reports.items() if name not in former}
        enter_reports(own, {**kept, **entries})
    return record.folder / place
