"""A small sound run folder, for the cases of `attack.py` that read one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def run_folder() -> Mapping[str, bytes]:
    """Return the files of a small run."""
    root = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'cli'}"}
    with tempfile.TemporaryDirectory() as name:
        command = [
            sys.executable,
            "-c",
            "from hginv.main import main; main()",
            "project",
            "--fleet",
            "MNG",
            "--draws",
            "0",
            "-o",
            "run",
        ]
        subprocess.run(command, cwd=name, env=environment, check=True, capture_output=True)
        return {path.name: path.read_bytes() for path in (Path(name) / "run").iterdir() if path.is_file()}


def write_run(folder: Path) -> None:
    """Write the run folder."""
    folder.mkdir()
    for name, content in run_folder().items():
        (folder / name).write_bytes(content)
