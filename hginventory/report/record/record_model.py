"""What a record of a run has to contain, so that a damaged record is found before anything is read from it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from hginventory.report.record.run_json import is_inside

_SHOWN = 3


def _inside(name: str) -> str:
    if not is_inside(name):
        raise ValueError(f"{name!r} is not a file in the folder")
    return name


File = Annotated[str, AfterValidator(_inside)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True)


class _Setting(_Part):
    value: Any
    origin: str


class _Settings(_Part):
    model_config = ConfigDict(strict=True, extra="allow")
    __pydantic_extra__: dict[str, _Setting]
    base_year: _Setting


class _Summary(_Part):
    sector: str
    units_total: float
    air_base_year_kg: float
    lifetime_t: float | None
    top_share: float | None
    units_for_half: float


class _FactorSet(_Part):
    version: str
    sha256: Any


class _Report(_Part):
    model_config = ConfigDict(strict=True, extra="allow")
    __pydantic_extra__: dict[str, str]
    format: str
    language: str
    sha256: str


class _Content(_Part):
    hginventory: str
    python: str
    libraries: dict[str, str]
    settings: _Settings
    rule_in_words: str | None
    seed: int | None
    draws: int
    factor_set: _FactorSet
    inputs: dict[str, str]
    summary: list[_Summary]
    certainty: dict[str, Any] | None
    findings: dict[str, int]
    outputs: dict[File, str]
    reports: dict[File, _Report] = {}


def faults_of(content: Any) -> str:
    """Return in words what is wrong with the content of run.json; nothing where it is whole.

    >>> faults_of({"schema": "hginventory-run/1"})
    'hginventory: Field required; python: Field required; libraries: Field required; 10 more'
    """
    try:
        _Content.model_validate(content)
    except ValidationError as error:
        found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        return "; ".join([*found[:_SHOWN], *([f"{len(found) - _SHOWN} more"] if len(found) > _SHOWN else [])])
    return ""
