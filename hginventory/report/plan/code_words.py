"""The codes of a plan table in words: categories, devices, fuels, countries, columns, factor rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from hginventory.factors import FactorRow
from hginventory.model import PATHWAYS
from hginventory.report.columns import COLUMNS
from hginventory.report.text import CATEGORY_WORDS, SCOPES, Words, country
from hginventory.vocabulary import (
    BOILERS,
    COAL_TYPES,
    DEVICES,
    KILN_DEVICES,
    KILN_FUELS,
    KILN_TYPES,
    NONE,
    STATUSES,
    TECHNOLOGIES,
    UNKNOWN,
    train_devices,
)

NOT_KNOWN, NO_CONTROLS, OTHERS_UNKNOWN = "not known", "no controls", "{devices}; others not known"
ANSWERS = {
    "new": "new",
    "existing": "existing",
    "unknown": "not known",
    "certain": "certain",
    "likely": "likely",
    "contested": "contested",
    "no": "no",
    "yes": "yes",
    "if": "yes, after a check",
    "default": "default value",
    "derived": "derived",
    "reported": "reported",
    "measured": "measured",
    "none": "none",
    "1": "ratio",
    "yr": "years",
    "read": "read",
    "recalled": "recalled",
    "partly recalled": "partly recalled",
    "judgement": "judgement",
    "lifetime": "lifetime",
    "activity": "activity",
    "t coal/yr": "t coal/yr",
    "t clinker/yr": "t clinker/yr",
    "g/t clinker": "g/t clinker",
    "g/GWh net": "g/GWh net",
}
TABLE_WORDS = {  # factor table -> what its rows are of
    "boiler_mix": "default boiler types",
    "cement_activity": "activity of kilns",
    "cement_air_share": "air share of kilns",
    "cement_control": "removal at kilns",
    "cement_fuel": "heating value of kiln fuels",
    "cement_fuel_mix": "default fuels of kilns",
    "cement_kiln": "kiln process",
    "cement_material": "mercury in kiln materials",
    "cement_raw_mix": "raw meal of kilns",
    "coal_class": "chlorine class of coal",
    "coal_heating_value": "heating value of coal",
    "coal_mercury": "mercury in coal",
    "coal_process": "process of coal units",
    "coal_technology": "technology of coal units",
    "control_completion": "default devices of partly known trains",
    "control_mix": "default control trains",
    "device_effect": "effect of a device",
    "lifetime_rule": "retirement rule",
    "origin_spread": "spread of a default",
    "removal": "removal by the controls",
    "export_coal": "exported coal",
    "coal_trade": "origin of imported coal",
    "coal_import": "coal imports",
    "species": "species of mercury",
    "fate": "pathways of removed mercury",
    "flue_gas": "flue gas volume",
    "gas_state": "state of the flue gas",
    "cement_emission_factor": "emission factor of kilns",
}
ANYTHING = frozenset({"", "any", "all", "default", "none"})  # keys of a row that select nothing
WORLD, WORLD_WORDS = "WLD", "world"
SHARED = re.compile(r"\s*([^;:]+):(-?[0-9.]+(?:e-?[0-9]+)?)\s*(?:;|$)")  # as coal:0.9; RDF:0.1
SNAKE = re.compile(r"[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+")
SENTENCES = (
    NOT_KNOWN,
    NO_CONTROLS,
    OTHERS_UNKNOWN,
    WORLD_WORDS,
    *CATEGORY_WORDS.values(),
    *ANSWERS.values(),
    *TABLE_WORDS.values(),
)
PATHWAY_WORDS = {name: COLUMNS[f"{name}_kg_per_yr"].label for name in PATHWAYS if f"{name}_kg_per_yr" in COLUMNS}
CODES = {
    **DEVICES.meanings,
    **KILN_DEVICES.meanings,
    **BOILERS.meanings,
    **COAL_TYPES.meanings,
    **TECHNOLOGIES.meanings,
}


def _meaning(meanings: Mapping[str, str], code: str, words: Words) -> str:
    """Return what a code stands for, short: up to the first comma or bracket."""
    return re.split(r",| \(", words.say(meanings.get(code, code)))[0]


def controls(train: str, words: Words) -> str:
    """Return a control train by the names of its devices, in gas order.

    Examples
    --------
    >>> from hginventory.report.text import ENGLISH
    >>> controls("LNB+ESPc", ENGLISH), controls("FF ?", ENGLISH)
    ('low-NOx burners + cold-side electrostatic precipitator', 'fabric filter; others not known')
    """
    if train in (UNKNOWN, NONE):
        return words(NOT_KNOWN if train == UNKNOWN else NO_CONTROLS)
    stated = train.removesuffix("?").strip()
    meanings = {**KILN_DEVICES.meanings, **DEVICES.meanings}
    named = " + ".join(_meaning(meanings, device, words) for device in train_devices(stated))
    return words(OTHERS_UNKNOWN, devices=named) if stated != train else named


def shares(text: str, words: Words) -> str:
    """Return shares as ``coal:0.9; RDF:0.1`` in words; any other text by its meaning.

    >>> from hginventory.report.text import ENGLISH
    >>> shares("coal:0.9; RDF:0.1", ENGLISH), shares("bituminous", ENGLISH)
    ('coal 90 %, refuse-derived fuel 10 %', 'bituminous coal')
    >>> shares("fly_ash:0.3; fgd_solids:0.63; water:0.07", ENGLISH)
    'Fly ash 30 %, Scrubber solids 63 %, Water 7.0 %'
    """
    meanings = {**SCOPES, **COAL_TYPES.meanings, **KILN_FUELS.meanings, **PATHWAY_WORDS}
    found = SHARED.findall(text)
    if not found:
        return _meaning(meanings, text, words)
    return ", ".join(f"{_meaning(meanings, code, words)} {words.percent(float(part))}" for code, part in found)


def kilograms(text: str, words: Words) -> str:
    """Return where a kilogram that is no longer emitted goes; pathways that get less are negative.

    >>> from hginventory.report.text import ENGLISH
    >>> kilograms("fly_ash:1.07; fgd_solids:-0.07", ENGLISH)
    'Fly ash +1.07 kg, Scrubber solids -0.0700 kg'
    """
    return ", ".join(
        f"{words.say(PATHWAY_WORDS.get(code, code))} {'+' if float(part) > 0 else ''}{words.number(float(part))} kg"
        for code, part in SHARED.findall(text)
    )


def columns_named(text: str, words: Words) -> str:
    """Return a text with the names of columns by their label; other joined words are taken apart.

    >>> from hginventory.report.text import ENGLISH
    >>> columns_named("from capacity_factor; hg_raw_meal", ENGLISH)
    'from capacity factor; hg raw meal'
    """
    return SNAKE.sub(lambda found: _label(found[0], words), text)


def _label(name: str, words: Words) -> str:
    known = COLUMNS.get(name)
    label = words.say(known.label) if known else name.replace("_", " ")
    return label[:1].lower() + label[1:]


def factor_row(row: FactorRow, words: Words) -> str:
    """Return what a factor row is of: its table in words, then what its keys select."""
    told = []
    for key, value in row.keys.items():
        if value in ANYTHING:
            continue
        if value == WORLD:
            told.append(words(WORLD_WORDS))
        elif key in ("train", "devices"):
            told.append(controls(value, words))
        elif key.endswith(("_from", "_to")):
            told.append(f"{'≥' if key.endswith('_from') else '<'} {value}{' MW' if key.startswith('mw') else ''}")
        else:
            named = country(value, words)
            told.append(named if named != value else columns_named(_meaning(CODES, value, words), words))
    kind = words.say(TABLE_WORDS.get(row.table, row.table.replace("_", " ")))
    return f"{kind}: {', '.join(told)}" if told else kind


def _answer(text: str, words: Words) -> str:
    return words.say(ANSWERS.get(text, text))


def _parameters(text: str, words: Words) -> str:
    """Return a list of parameters in words."""
    return "; ".join(columns_named(_answer(one, words), words) for one in text.split("; "))


def _category(text: str, words: Words) -> str:
    return words.say(CATEGORY_WORDS.get(text, text))


def _technology(text: str, words: Words) -> str:
    return words.say({**KILN_TYPES.meanings, **TECHNOLOGIES.meanings}.get(text, text))


def _status(text: str, words: Words) -> str:
    return words.say(STATUSES.meanings.get(text, text))


def _tier(text: str, words: Words) -> str:
    """Return a method as tier2 from clinker_capacity with its tier apart from the number."""
    return columns_named(re.sub(r"\btier(\d)\b", r"Tier \1,", text), words)


def _option(text: str, words: Words) -> str:
    """Return a measure: an option of the factor table by its name, a sentence as it is."""
    return columns_named(words.say(text), words)


def _as_is(text: str, words: Words) -> str:
    return text


IN_COLUMN: Mapping[str, Callable[[str, Words], str]] = {
    **dict.fromkeys(("annex_d_category", "sector"), _category),
    **dict.fromkeys(("country", "jurisdiction", "party"), country),
    **dict.fromkeys(("controls", "train_before", "train_after"), controls),
    **dict.fromkeys(("fuel_or_kiln_type", "correlated_with"), shares),
    **dict.fromkeys(
        (
            "source_class",
            "top_class",
            "applies",
            "data_quality",
            "unit_of_value",
            "read_or_recalled",
            "activity_unit",
            "capacity_unit",
            "ef_unit",
        ),
        _answer,
    ),
    "measure": _option,
    "parameters": _parameters,
    "technology": _technology,
    "status": _status,
    "method_tier": _tier,
    **dict.fromkeys(
        (
            "source_name",
            "unit_id",
            "admin1",
            "owner",
            "source",
            "locator",
            "note",
            "explanation",
            "data_source",
            "citation",
            "instrument",
        ),
        _as_is,
    ),
}


def in_words(name: str, text: str, words: Words) -> str:
    """Return the text of a cell with its codes in words.

    Parameters
    ----------
    name : str
        Column, which says what its codes are.
    text : str
        Text of the cell.
    words : Words
        Language.

    Examples
    --------
    >>> from hginventory.report.text import ENGLISH
    >>> in_words("country", "IDN", ENGLISH), in_words("annex_d_category", "cement", ENGLISH)
    ('Indonesia', 'Cement clinker production')
    """
    return IN_COLUMN.get(name, columns_named)(text, words)
