"""A lock between processes, which the system ends with its process, however that ends."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(number: int, wait: bool) -> None:
        msvcrt.locking(number, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(number: int, wait: bool) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


_TAKEN = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)  # by another process; Windows gives up waiting after ten seconds


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Take a lock; give whether it was taken, which is false only where another process has it and nobody waits.

    Parameters
    ----------
    path : Path
        File of the lock. It is gone afterwards; one that a killed process left is used again.
    wait : bool
        Whether to wait for another process.

    Raises
    ------
    OSError
        If the file cannot be made, or its disk has no locks.
    """
    number = _held(path, wait)
    try:
        yield number is not None
    finally:
        if number is not None:
            try:
                with suppress(OSError):  # Windows removes no open file: the next command does
                    os.unlink(path)
            finally:
                os.close(number)


def _held(path: Path, wait: bool) -> int | None:
    """Return the open file of the lock once it is ours; None where another process has it and nobody waits."""
    while True:
        number = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(number, wait)
            if os.path.samestat(os.fstat(number), os.stat(path)):
                return number
        except FileNotFoundError:
            pass  # the process before us has removed the file: another one is to be locked
        except OSError as error:
            if error.errno not in _TAKEN:
                os.close(number)
                raise
            if not wait:
                os.close(number)
                return None
        except BaseException:
            os.close(number)
            raise
        os.close(number)
