"""What the trains lack that measures make: a sorbent without a dust collector, an additive without a wet scrubber."""

from __future__ import annotations

from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.inputs.checks import ADDITIVE, without_collector, without_wet_scrubber
from hginventory.inputs.findings import Finding, finding, grouped, sheet_and_cell
from hginventory.inputs.fleet import as_records
from hginventory.translations import TranslatableText
from hginventory.vocabulary import named_devices

ACTIONS = ("add_control", "replace_controls")


def train_findings(one: AppliedScenario) -> tuple[Finding, ...]:
    """Return what the trains of changed units lack and did not lack before, one finding a measure and kind.

    Parameters
    ----------
    one : AppliedScenario
        A scenario on a fleet.
    """
    found: dict[tuple[str, str, str], dict[str, Finding]] = {}
    states = () if one.states is None else as_records(one.states.fleet.units)
    for unit, after in zip(one.parents, states, strict=True):
        measures = [own for own in one.plan[unit] if own.measure.action in ACTIONS]
        before = one.baseline.records[unit]
        lacking = without_collector(after)
        lacks = {"W426": lacking if lacking != without_collector(before) else ()}
        lacks["W428"] = (ADDITIVE,) if without_wet_scrubber(after) and not without_wet_scrubber(before) else ()
        for code, devices in lacks.items():
            if not devices or not measures:
                continue
            making = [own for own in measures if set(devices) & named_devices(own.measure.devices())] or measures
            location = making[-1].measure.location(making[-1].number, "target")
            sheet, cell = sheet_and_cell(location)
            words = {
                "W426": TranslatableText("{devices} without a dust collector", devices=", ".join(devices)),
                "W428": TranslatableText("{devices} without a wet scrubber", devices=ADDITIVE),
            }
            new = finding(code, sheet or location, cell if sheet else "", words[code], unit=unit)
            found.setdefault((code, location, words[code]), {})[unit] = new
    return tuple(grouped(list(same.values())) for same in found.values())
