"""Vega, Vega-Lite and vega-embed as one script, taken from the installed vl-convert.

Bundling takes two seconds, so the result is kept as Python keeps compiled modules: in the folder of the byte code of
this module, for as long as the installed vl-convert is the same. Where nothing can be kept a second process makes the
bundle while the run is read, as no other Python code runs meanwhile.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

from hginventory.files import keep_text, kept_text

KEPT = "vega_bundle.js"
SNIPPET = "window.vegaEmbed = vegaEmbed;"
_PROGRAM = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle(sys.argv[1]).encode())"
_at_work: list[subprocess.Popen[bytes]] = []


def begin_bundle() -> None:
    """Let another process make the bundle that `vega_bundle` will be asked for, unless there is one already."""
    if _at_work or vega_bundle.cache_info().currsize or _kept():
        return
    # isolated: neither the current folder nor the environment decides which vl_convert this is
    command = [sys.executable, "-I", "-c", _PROGRAM, SNIPPET]
    try:
        _at_work.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL))
    except OSError:  # no second process can be had
        return


@cache
def vega_bundle() -> str:
    """Return the script; nothing in it can end the element of a page that contains it.

    >>> code = vega_bundle()
    >>> "vegaEmbed" in code, "</script" in code
    (True, False)
    """
    code = _kept()
    if not code:
        code = _collected() or _made_here()
        keep_text(__file__, KEPT, _stamp(), code)
    code = code.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return f"(function(){{{code}\n}})();"


def _kept() -> str | None:
    """Return the bundle that was kept; None where there is none, or one of another vl-convert."""
    return kept_text(__file__, KEPT, _stamp())


def _stamp() -> str:
    """Return what identifies the installed vl-convert and the snippet."""
    import vl_convert

    files = sorted(path for path in Path(vl_convert.__file__).parent.iterdir() if path.is_file())
    return repr([SNIPPET, *((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files)])


def _collected() -> str:
    """Return what the other process made; nothing where there is none or it failed."""
    if not _at_work:
        return ""
    process = _at_work.pop()
    text, _ = process.communicate()
    return text.decode() if process.returncode == 0 else ""


def _made_here() -> str:
    import vl_convert

    return str(vl_convert.javascript_bundle(SNIPPET))
