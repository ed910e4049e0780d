"""Claims on scenarios set beside each other."""

from __future__ import annotations

import tempfile
from pathlib import Path

from measure import claim, hginv, median_ratio, process

ROUNDS = 5
SCENARIOS = 20
# What a user adds to the shipped ones: a wider target, a later limit, measures on measures, a selection by the draws.
VARIANTS = {
    "targeted_top20": """
[[measure]]
where = "sector == 'coal_power' and sector_rank <= 20"
action = "add_control"
target = "ACI-Br"
from_year = 2032
""",
    "limit_eu_late": """
[[measure]]
where = "sector == 'coal_power'"
action = "emission_limit"
target = "EU/LCP BAT-AEL"
from_year = 2035
""",
    "washed": """
extends = "targeted_top10"

[[measure]]
where = "sector == 'coal_power' and capacity_mw < 300"
action = "wash_coal"
value = 0.2
from_year = 2029
phase_in = 4
""",
    "surely_largest": """
[[measure]]
where = "sector == 'coal_power' and p_top10 > 0.3"
action = "add_control"
target = "FF+ACI-Br"
from_year = 2030

[[measure]]
where = "sector == 'coal_power' and sector_rank > 40"
action = "emission_limit"
value = 0.01
unit = "mg/Nm3"
o2 = 6
from_year = 2030
""",
}


@claim("at most", 4.0)
def scenario_time() -> float:
    """Time `hginv scenario compare` of 20 scenarios over one `hginv project`, Indonesian fleet, whole processes."""
    from hginventory.scenarios.files import shipped

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for variant, text in VARIANTS.items():
            (folder / f"{variant}.toml").write_text(text.lstrip(), encoding="utf-8")
        asked = [
            *(f"{variant}.toml" for variant in VARIANTS),
            *(s for s in shipped() if not s.startswith("programme_")),
        ][:SCENARIOS]
        assert len(asked) == SCENARIOS
        source = ("--fleet", "indonesia.xlsx", "--draws", "2000")
        compare = process(hginv("scenario", "compare", *asked, *source, "-o", "compared"), folder)
        project = process(hginv("project", *source, "-o", "run", "--quiet"), folder)
        return median_ratio(compare, project, ROUNDS)
