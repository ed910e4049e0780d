"""Vega, Vega-Lite and vega-embed as one script, taken from the installed vl-convert.

Bundling takes a second in which no other Python code runs, so a second process may do it while the run is read.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache

SNIPPET = "window.vegaEmbed = vegaEmbed;"
_PROGRAM = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle(sys.argv[1]).encode())"
_at_work: list[subprocess.Popen[bytes]] = []


def begin_bundle() -> None:
    """Let another process make the bundle that `vega_bundle` will be asked for; without one it is made when asked."""
    if _at_work or vega_bundle.cache_info().currsize:
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
    code = (_collected() or _made_here()).replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return f"(function(){{{code}\n}})();"


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
