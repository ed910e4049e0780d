"""Numbers, expressions and paths on the command line made to do harm, for `attack.py`."""

from __future__ import annotations

from collections.abc import Mapping

from attack_case import ANYTHING, Cases, Make

LONG = "9" * 900
PROJECT = ("project", "--fleet", "MNG", "-o", "new")
OPTIMIZE = ("optimize", "--fleet", "MNG", "--draws", "0", "-o", "new")
LIMITS = ("limits", "--fleet", "MNG", "--draws", "0")
# Option -> command that takes it; numbers with a point, and whole numbers.
FLOATS: Mapping[str, tuple[str, ...]] = {
    "--lifetime-spread": (*PROJECT, "--draws", "0"),
    "--rate": (*OPTIMIZE, "--target", "20%", "--by", "2035"),
    "--life": (*OPTIMIZE, "--target", "20%", "--by", "2035"),
    "--capital-multiplier": (*OPTIMIZE, "--target", "20%", "--by", "2035"),
    "--target-kg": OPTIMIZE,
    "--budget": OPTIMIZE,
    "--budget-total": OPTIMIZE,
    "--confidence": (*OPTIMIZE, "--target", "20%", "--by", "2035"),
    "--limit": (*LIMITS, "--unit", "ug/Nm3"),
    "--o2": (*LIMITS, "--limit", "5", "--unit", "ug/Nm3"),
    "--temperature": (*LIMITS, "--limit", "5", "--unit", "ug/Nm3"),
    "--other-coal": ("options", "--fleet", "MNG", "--draws", "0"),
}
WHOLES: Mapping[str, tuple[str, ...]] = {
    "--draws": PROJECT,
    "--seed": PROJECT,
    "--base-year": (*PROJECT, "--draws", "0"),
    "--by": (*OPTIMIZE, "--target", "20%"),
    "--price-year": (*OPTIMIZE, "--target", "20%", "--by", "2035"),
    "--top": ("rank", "--fleet", "MNG", "--draws", "0"),
    "--max-units": (*OPTIMIZE, "--target", "20%", "--by", "2035"),
}
BAD_FLOATS = ("inf", "-inf", "nan", "1e999", "1e-300", "-1e308", LONG, "0x10", "1e", "١e٣٠٠")
BAD_WHOLES = ("inf", "nan", "1e9", LONG, f"-{LONG}", "1_0_0.0", "1e-300", "9" * 5_000)
WHERE: Mapping[str, str] = {
    "integer of 900 digits": f"capacity_mw > {LONG}", "negative of 900 digits": f"capacity_mw > -{LONG}",
    "integer in a list": f"start_year in [{LONG}]", "integer of 900 digits, equal": f"start_year == {LONG}",
    "integer next to a text": f"plant == {LONG}", "parentheses": "(" * 400 + "1" + ")" * 400,
    "nots of a column": "not " * 240 + "plant",
    "signs": "capacity_mw > " + "-" * 900 + "1", "power": "capacity_mw > 9**9**9", "call": "exit()",
    "long": "capacity_mw > 1 and " * 3_000 + "captive",
    "complex": "capacity_mw > 1j", "zero byte": "capacity_mw > '\\0",
    "surrogate": "plant == '\\ud800'",
}  # fmt: skip
PATHS: Mapping[str, str] = {
    "5,000 letters": "x" * 5_000,
    "300 letters": "x" * 300,
    "5,000 folders": "x/" * 2_500,
    "line break": "a\nb/c",
}
NO_UTF_8 = b"fleet\xff\xfe.xlsx"
TAKES_PATH: Mapping[str, tuple[str, ...]] = {
    "--fleet": ("validate", "--fleet", "@"), "project --fleet": ("project", "--fleet", "@"),
    "import": ("import", "gem-coal", "@", "-o", "new.xlsx"),
    "import -o": ("import", "gem-coal", "absent.csv", "-o", "@.xlsx"),
    "-o": ("project", "--fleet", "MNG", "--draws", "0", "-o", "@"), "run": ("run", "verify", "@"),
    "report": ("report", "@"), "--map": ("import", "csv", "absent.csv", "--map", "@", "-o", "new.xlsx"),
    "scenario": ("scenario", "compare", "@", "--fleet", "MNG"),
    "scenario.toml": ("scenario", "compare", "@.toml", "--fleet", "MNG"),
    "--marked": ("validate", "--fleet", "indonesia", "--marked", "@.xlsx"), "command": ("@",),
    "option": ("rank", "--@"),
}  # fmt: skip


def line(*words: str | bytes) -> Make:
    """Return a function that returns a command."""
    return lambda _: list(words)


def cases() -> Cases:
    """Yield the cases."""
    for option, command in FLOATS.items():
        for value in BAD_FLOATS:
            shown = value if len(value) < 20 else "900 digits"
            yield (
                f"{option} {shown}",
                option == "--budget" and value in ("inf", "1e-300"),
                line(*command, f"{option}={value}"),
                (option,),
            )
        yield f"{option} 2e30, just too large", False, line(*command, f"{option}=2e30"), (option, "1e+30")
        yield f"{option} 5e-31, just too small", False, line(*command, f"{option}=5e-31"), (option, "1e-30")
    for option, command in WHOLES.items():
        for value in BAD_WHOLES:
            shown = value if len(value) < 20 else f"{len(value)} digits"
            made = line(*command, f"{option}={value}")
            yield f"{option} {shown}", option == "--seed" and value == LONG, made, (option,)
    yield "--draws of a billion", True, line(*PROJECT, "--draws", "1000000000"), ("--draws", "GB")
    for name, expression in WHERE.items():
        yield f"--where: {name}", name == "integer of 900 digits", line(*PROJECT, "--where", expression), ("--where",)
    said = {"line break": ANYTHING}  # a folder may be called so
    for option, command in TAKES_PATH.items():
        for name, path in PATHS.items():
            words = [word.replace("@", path) for word in command]
            yield (
                f"path of {name}, {option}",
                name == "5,000 letters" and option == "--fleet",
                line(*words),
                said.get(name, ()),
            )
        raw = [word.encode().replace(b"@", NO_UTF_8) for word in command]
        yield f"path that is no UTF-8, {option}", option == "--fleet", line(*raw), ()
