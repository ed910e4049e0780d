"""Ten units of the bundled fleet against a calculation that shares no code with the engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "recalculate_ten_units.py"


def test_engine_equals_the_second_calculation() -> None:
    import recalculate_ten_units as second

    found = second.differences()
    assert len({unit for unit, *_ in found}) == 10
    for unit, quantity, by_hand, engine, _ in found:
        assert engine == pytest.approx(by_hand, rel=second.TOLERANCE, abs=1e-12), f"{unit} {quantity}"


def test_second_calculation_imports_no_engine() -> None:
    """It would prove nothing if it did."""
    code = (
        f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); import recalculate_ten_units as r; r.recalculate(); "
    )
    code += "sys.exit(any(name.split('.')[0] in ('hginventory', 'hginv') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=SCRIPT.parent)


def test_a_changed_factor_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    import recalculate_ten_units as second

    true_number = second.number
    monkeypatch.setattr(second, "number", lambda table, **keys: true_number(table, **keys) * (1 + 1e-6))
    assert max(difference for *_, difference in second.differences()) > second.TOLERANCE
