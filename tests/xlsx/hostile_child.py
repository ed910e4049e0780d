"""Runs `hginv` on one file in a process of its own that may use little memory; started by test_hostile.py."""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import time

MEMORY = 500_000_000  # bytes of address space, Python and pandas included

COMMANDS = (("project", "--draws", "0", "-o", "run"), ("validate",))


def run(arguments: list[str]) -> dict[str, object]:
    """Return exit code, printed text and CPU time [s] of a command."""
    from hginv.main import main

    out, err = io.StringIO(), io.StringIO()
    begin = time.process_time()
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as stop:
            code = stop.code
    seconds = time.process_time() - begin
    return {"code": code, "out": out.getvalue(), "err": err.getvalue(), "seconds": seconds}


def commands(path: str) -> list[list[str]]:
    """Return the command lines that read a file."""
    lines = [[name, "--fleet", path, *rest] for name, *rest in COMMANDS]
    return [*lines, ["import", "gem-coal", path, "-o", "imported.xlsx", "--overwrite"]]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    print(json.dumps([run(line) for line in commands(sys.argv[1])]))
