"""From the data of a page to one file: escaped text, hashed scripts, no request to anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from hginventory.report.figures import unbroken
from hginventory.report.page.bundle import vega_bundle
from hginventory.report.text import Words

SCRIPTS = ("shared.js", "figures.js", "units.js", "explorer.js", "start.js")
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def render(words: Words, data: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    """Return the page as text.

    Parameters
    ----------
    words : Words
        Language.
    data : mapping
        From `content.content`; read by the script of the page.
    parts : mapping
        What the template shows: title, cards, figures, settings and so on. All text is escaped.
    """
    import jinja2
    from markupsafe import Markup

    bundle, script = vega_bundle(), page_script()
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters["unbroken"] = unbroken
    template = environment.from_string(_own("page.html.j2"))
    return template.render(
        **parts,
        words=words,
        policy=policy(bundle, script),
        style=Markup(_own("page.css")),
        bundle=Markup(bundle),
        script=Markup(script),
        data=Markup(script_json(data)),
    )


def policy(*scripts: str) -> str:
    """Return the content-security policy of a page: these scripts by their hashes, and nothing from anywhere.

    >>> policy("")[:36]
    "default-src 'none'; script-src 'sha2"
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def script_json(data: Any) -> str:
    """Return data as JSON that cannot end the script element that contains it.

    >>> "</script>" in script_json(["</script>"])
    False
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, escaped in _IN_SCRIPT.items():
        text = text.replace(sign, escaped)
    return text


def page_script() -> str:
    """Return the script of the page: its parts in one function, so that they share names and the page gets none."""
    return "\n".join(['"use strict";', "(function () {", *(_own(name) for name in SCRIPTS), "})();", ""])


def _own(name: str) -> str:
    return resources.files("hginventory.report.page").joinpath(name).read_text(encoding="utf-8")
