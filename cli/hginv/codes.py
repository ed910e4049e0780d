"""``hginv codes``: what the code of a finding means."""

from __future__ import annotations

from typing import Any

import click

from hginv.options import json_option

INDENT = 14


@click.command("codes")
@click.argument("code", required=False, metavar="[CODE]")
@json_option
def command(code: str | None, as_json: bool) -> None:
    """Explain the code of a finding, or list all codes. Codes never change their meaning.

    \b
    Examples:
      hginv codes E207
      hginv codes
    """
    from hginv.output import say
    from hginventory.inputs.findings import CODES

    if code is None:
        contents = [_content(name) for name in CODES]
        if as_json:
            from hginv.output import show_json

            show_json("codes", {"codes": contents})
            return
        for content in contents:
            say(content["meaning"], f"{content['code']}  {content['severity']:<8} {content['name']:<26} ")
        click.echo(f"{len(contents)} codes. Next: hginv codes {next(iter(CODES))}")
        return
    content = _content(_known(code))
    if as_json:
        from hginv.output import show_json

        show_json("codes", content)
        return
    say(f"{content['code']} {content['name']} ({content['severity']})")
    for head, name in (("means", "meaning"), ("matters", "why"), ("example", "example"), ("what to do", "remedy")):
        if content[name]:
            say(content[name], f"  {head:<{INDENT - 2}}")


def _known(code: str) -> str:
    """Return the code that a text means; its letter may be missing, as in 207."""
    from hginventory.errors import UsageError
    from hginventory.inputs.findings import CODES

    wanted = code.strip().upper()
    found = [known for known in CODES if wanted in (known, known[1:], CODES[known].name.upper())]
    if found:
        return found[0]
    from hginventory.report.text import nearest

    near = nearest(wanted, CODES)
    hint = f"Near: {', '.join(near)}. " if near else ""
    raise UsageError(f"there is no code {code!r}. {hint}All of them: hginv codes")


def _content(code: str) -> dict[str, Any]:
    from hginventory.inputs.findings import CODES, EXPLANATIONS, SEVERITIES

    info = CODES[code]
    more = EXPLANATIONS.get(code)
    return {
        "code": code,
        "name": info.name,
        "severity": SEVERITIES[code[0]],
        "meaning": f"{info.meaning[:1].upper()}{info.meaning[1:]}.",
        "why": more.why if more else "",
        "example": more.example if more else "",
        "remedy": info.remedy,
    }
