"""A small sound run folder, for the cases of `attack.py` that read one."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from attack_case import ENVIRONMENT

PROJECT = ("project", "--fleet", "MNG", "--draws", "0", "-o", "run")


@cache
def run_folder() -> Mapping[str, bytes]:
    """Return the files of a small run."""
    command = [sys.executable, "-c", "from hginv.main import main; main()", *PROJECT]
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(command, cwd=name, env=ENVIRONMENT, check=True, capture_output=True)
        return {path.name: path.read_bytes() for path in (Path(name) / "run").iterdir() if path.is_file()}


def write_run(folder: Path) -> None:
    """Write the run folder."""
    folder.mkdir()
    for name, content in run_folder().items():
        (folder / name).write_bytes(content)
