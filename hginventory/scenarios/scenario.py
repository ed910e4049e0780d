"""What a scenario and a measure are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from hginventory.model import AIR, PATHWAYS
from hginventory.scenarios.problems import in_words
from hginventory.vocabulary import DEVICES, KILN_DEVICES, UnknownCodeError, parse_train

Action = Literal[
    "add_control",
    "replace_controls",
    "switch_coal",
    "wash_coal",
    "cofire_biomass",
    "raise_efficiency",
    "set_capacity_factor",
    "cap_capacity_factor",
    "bleed_dust",
    "cut_emission",
    "emission_limit",
    "best_step",
    "retire",
    "exclude",
    "include",
]
ACTIONS: tuple[str, ...] = get_args(Action)
SHARES = ("wash_coal", "cofire_biomass", "raise_efficiency", "bleed_dust", "cut_emission", "cap_capacity_factor",
          "set_capacity_factor")  # fmt: skip
TRAIN_ACTIONS = ("add_control", "replace_controls")  # that change the control train
TARGETED = (*TRAIN_ACTIONS, "switch_coal", "cut_emission")
CAUGHT = PATHWAYS[AIR.stop :]
EVERY_UNIT = ""
ROUNDING = 1e-6  # of shares written as text
# Keys that some actions do without: a key that does nothing would say something that is not so.
KEYS_OF_ACTION: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(SHARES, ("value", "to_year", "options")),
    **dict.fromkeys(TARGETED, ("target", "to_year", "options")),
    "switch_coal": ("target", "value", "to_year", "options"),
    "cut_emission": ("target", "value", "to_year", "options"),
    "emission_limit": ("target", "value", "unit", "o2", "to_year"),
    "best_step": ("value", "to_year"),
    "retire": ("options",),
    "exclude": ("to_year",),
    "include": ("to_year",),
}
FROM_FIRST_YEAR = ("exclude", "include")  # may leave out from_year
FIRST_YEAR = 0  # from_year that stands for the first year of the run
OPTIONAL = ("target", "value", "unit", "o2", "to_year", "options")
NOT_GIVEN = (None, "", ())
LOCATED: Mapping[str, bool] = {"located": True}  # context of a reader that says itself where something is wrong


class Located(BaseModel):
    """A part of a scenario that knows where it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    _location: str = PrivateAttr(default="")
    _key_locations: Mapping[str, str] = PrivateAttr(default_factory=dict)

    def located(self, location: str, key_locations: Mapping[str, str]) -> Self:
        """Return it with its location, as ``mine.toml:3``, and those of its keys."""
        copy = self.model_copy()
        copy._location, copy._key_locations = location, key_locations
        return copy

    def at(self, key: str = "") -> str:
        """Return the location of a key, else of its first line; empty where it was made in Python."""
        return self._key_locations.get(key, self._location)


class Measure(Located):
    """One thing done to some units from a year on.

    Attributes
    ----------
    action : str
        One of `ACTIONS`.
    where : str
        Which units, an expression over their columns, ``rank`` and ``p_top10``; empty: all.
    target : str
        Devices as ``ACI-Br+FF``, the id of a fuel, where a cut emission goes, as ``fgd_solids:0.9; water:0.1``, or the
        begin of the name of a limit, as ``EU/LCP BAT-AEL``.
    value : float or None
        Number the action needs: a share [0-1], a capacity factor [1], a limit in ``unit``, a number of units.
    unit : str
        Unit of the value of an emission limit, as ``mg/Nm3``.
    o2 : float or None
        Reference oxygen of an emission limit [%]; default: that of the sector.
    from_year : int
        First year in which it works; of ``retire`` the first year without operation. ``exclude`` and ``include`` may
        leave it out: 0, the first year of the run.
    to_year : int or None
        Last year in which it works; None: to the end of life.
    phase_in : int
        Years over which the units get it, the largest first; 0: all in ``from_year``.
    options : tuple of str
        Options of the catalogue that it carries out, as ``("A2", "P2")``, whose prices are taken; empty: priced by what
        it does.
    note : str
        Why. It is a comment: nothing depends on it.
    """

    action: Action
    where: str = EVERY_UNIT
    target: str = ""
    value: float | None = Field(default=None, strict=True, allow_inf_nan=False)
    unit: str = ""
    o2: float | None = Field(default=None, ge=0, lt=20.9, strict=True)
    from_year: int = Field(ge=FIRST_YEAR, le=2150)
    to_year: int | None = Field(default=None, ge=1990, le=2150)
    phase_in: int = Field(default=0, ge=0, le=60)
    options: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_first_year(cls, given: Any) -> Any:
        blank = isinstance(given, Mapping) and given.get("action") in FROM_FIRST_YEAR
        return {"from_year": FIRST_YEAR, **given} if blank else given

    @field_validator("from_year")
    @classmethod
    def _of_our_time(cls, year: int) -> int:
        if year != FIRST_YEAR and year < 1990:
            raise ValueError(f"{year} is before 1990")
        return year

    @field_validator("options")
    @classmethod
    def _once_each(cls, options: tuple[str, ...]) -> tuple[str, ...]:
        twice = next((code for code in options if options.count(code) > 1), None)
        if twice is not None:
            raise ValueError(f"{twice!r} is named twice")
        return options

    @model_validator(mode="after")
    def _complete(self) -> Measure:
        if self.from_year == FIRST_YEAR and self.action not in FROM_FIRST_YEAR:
            raise ValueError(f"{self.action} needs a from_year")
        if self.to_year is not None and self.to_year < self.from_year:
            raise ValueError(f"to_year {self.to_year} is before from_year {self.from_year}")
        stated = [key for key in OPTIONAL if getattr(self, key) not in NOT_GIVEN]
        needless = [key for key in stated if key not in KEYS_OF_ACTION[self.action]]
        if needless:
            allowed = ", ".join(("where", *KEYS_OF_ACTION[self.action], "from_year", "phase_in and note"))
            raise ValueError(f"{self.action} takes no {' and no '.join(needless)}; it takes {allowed}")
        if self.action in TARGETED and not self.target:
            raise ValueError(f"{self.action} needs a target")
        if self.action in SHARES and self.value is None:
            raise ValueError(f"{self.action} needs a value")
        if self.action in (*SHARES, "switch_coal") and self.value is not None and not 0 <= self.value <= 1:
            raise ValueError(f"value {self.value:g} of {self.action} is outside 0-1")
        if self.action == "best_step" and self.value is not None and (self.value < 1 or self.value % 1):
            raise ValueError(f"value {self.value:g} of best_step must be a whole number of units, as 10")
        if self.action == "emission_limit":
            self._check_limit()
        if self.action in TRAIN_ACTIONS:
            self.devices()
        if self.action == "cut_emission":
            self.catch()
        return self

    @model_validator(mode="wrap")
    @classmethod
    def _in_words(cls, given: Any, handler: ModelWrapValidatorHandler[Measure], info: ValidationInfo) -> Measure:
        with in_words(tuple(cls.model_fields), ACTIONS, is_located=info.context is LOCATED):
            return handler(given)

    def from_first(self, year: int) -> Measure:
        """Return the measure from the first year of a run on, where it states no year of its own."""
        return self if self.from_year != FIRST_YEAR else self.model_copy(update={"from_year": year})

    def _check_limit(self) -> None:
        if not self.target and (not self.value or self.value <= 0 or not self.unit):
            raise ValueError(
                "emission_limit needs a target, as EU, or a value above 0 and its unit, as 0.03 and mg/Nm3"
            )
        own = [key for key in ("value", "unit", "o2") if getattr(self, key) not in (None, "")]
        if self.target and own:
            raise ValueError(f"emission_limit has a target and a {' and a '.join(own)}: leave out the one or the other")

    def devices(self) -> str:
        """Return the target as a canonical train, of coal units or kilns."""
        try:
            return parse_train(self.target, DEVICES)
        except UnknownCodeError as error:
            try:
                return parse_train(self.target, KILN_DEVICES)
            except UnknownCodeError:
                raise ValueError(f"target {self.target!r}: {error}") from None

    def catch(self) -> tuple[tuple[str, float], ...]:
        """Return where the emission goes that is cut, as pathway and share of it; what is left of it does not come in.

        >>> Measure(action="cut_emission", target="fgd_solids:0.9; water:0.1", value=0.5, from_year=2030).catch()
        (('fgd_solids', 0.9), ('water', 0.1))
        """
        out: dict[str, float] = {}
        for part in self.target.split(";"):
            pathway, _, share = (word.strip() for word in part.partition(":"))
            if pathway not in CAUGHT or pathway in out:
                raise ValueError(f"target {self.target!r}: {pathway!r} is not one of {', '.join(CAUGHT)}, each once")
            try:
                out[pathway] = float(share) if share else 1.0
            except ValueError:
                out[pathway] = math.nan
            if not math.isfinite(out[pathway]):
                raise ValueError(f"target {self.target!r}: {share!r} is not a share. Write {pathway}:0.9")
        if sum(out.values()) > 1.0 + ROUNDING:
            raise ValueError(f"target {self.target!r}: the shares sum to more than 1")
        return tuple(out.items())

    def location(self, number: int, key: str = "", locations: Mapping[int, str] | None = None) -> str:
        """Return where the measure or one of its keys was read, for messages.

        Parameters
        ----------
        number : int
            Its index among the measures, for one made in Python.
        key : str
            A key of the measure; empty: the measure itself.
        locations : mapping of int to str, optional
            Where measures were read that do not know it, by index.
        """
        return self.at(key) or (locations or {}).get(number) or f"measure {number + 1}"

    @property
    def kind(self) -> str:
        """What the measure changes; two of a kind on one unit at one time contradict each other."""
        kinds = {"replace_controls": "add_control", "cap_capacity_factor": "set_capacity_factor", "include": "exclude"}
        return kinds.get(self.action, self.action)


class Scenario(Located):
    """A named list of measures.

    Attributes
    ----------
    name : str
        Short name, as in file names.
    title : str
        Words for people.
    extends : str
        Scenario whose measures come first; a measure of this one replaces one of its kind there.
    rule : str
        Retirement rule; empty: that of the run.
    programme : bool
        Whether it is decided for reasons other than mercury, as a rule for SO2: it comes without a mercury rule.
        What extends it comes on top of it.
    measure : tuple of Measure
        What is done.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=60)
    title: str = ""
    extends: str = ""
    rule: str = ""
    programme: bool = Field(default=False, strict=True)
    measure: tuple[Measure, ...] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _in_words(cls, given: Any, handler: ModelWrapValidatorHandler[Scenario], info: ValidationInfo) -> Scenario:
        with in_words(tuple(cls.model_fields), ACTIONS, is_located=info.context is LOCATED):
            return handler(given)


def json_schema() -> Mapping[str, object]:
    """Return the JSON schema of a scenario file, for editors that complete and check it."""
    return Scenario.model_json_schema()
