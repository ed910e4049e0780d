"""What the rules of the option catalogue ask about a unit, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass

from hginventory.decisions.options.conditions import UNCONDITIONAL, Condition

YES, IF, NO = "yes", "if", "no"
FIRST, USUAL, CONDITIONAL, LAST = 1, 2, 3, 9  # order in which a catalogue lists options


@dataclass(frozen=True)
class UnitConditions:
    """What the rules ask about a unit with one train.

    Attributes
    ----------
    sector : str
        ``coal_power`` or ``cement_kiln``.
    runs : bool
        Whether it operates or is being built.
    devices : frozenset of str or None
        Train; None: not known.
    open_controls : tuple of str
        Columns of controls that the workbook leaves open; empty for kilns.
    boiler, coal_class : str
        Codes; empty for kilns.
    capacity_mw : float
        Gross capacity where given, else net [MW]; NaN for kilns.
    years_left : float
        Years from the base year on in which it still runs; NaN: not known.
    dust_stated : bool
        Whether the dust bleed of a kiln is stated, so that shuttling is counted already.
    space, coast, ash_sold : bool or None
        Space for large plant, sea water within reach, ash sold to cement works; None: not known.
    must_cut : frozenset of str or None
        Pollutants that must fall anyway (so2, pm, nox); None: not known.
    country : str
        Country whose lead times apply, or ``WLD``.
    beside : frozenset of str
        Devices that steps taken together with the one asked about bring.
    """

    sector: str
    runs: bool
    devices: frozenset[str] | None
    boiler: str
    coal_class: str
    capacity_mw: float
    years_left: float
    open_controls: tuple[str, ...] = ()
    dust_stated: bool = False
    space: bool | None = None
    coast: bool | None = None
    ash_sold: bool | None = None
    must_cut: frozenset[str] | None = None
    country: str = ""
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Applicability:
    """Whether an option can go to a unit.

    Attributes
    ----------
    applies : str
        ``yes``, ``if`` (only on the condition in the reason) or ``no``.
    reason : str
        Why, in words; empty for a plain yes.
    rank : int
        Rank in the catalogue: what the rules name first, the rest, what is conditional, what is not possible.
    checks : tuple of str
        What is not known and must be checked.
    conditions : Condition
        What the step depends on where it applies ``if``.
    """

    applies: str
    reason: str = ""
    rank: int = USUAL
    checks: tuple[str, ...] = ()
    conditions: Condition = UNCONDITIONAL
