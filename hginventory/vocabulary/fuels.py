"""Fuels of power plants that are not coal, in the words of registers: in the languages of `spellings` and others."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from hginventory.vocabulary.code_list import UNKNOWN, fold, without_marks
from hginventory.vocabulary.codes import COAL_TYPES
from hginventory.vocabulary.spellings import COAL, COAL_WORDS

OTHER_FUELS: Mapping[str, tuple[str, ...]] = {
    "gas": (
        "gas", "natural gas", "lng", "cng", "lpg", "methane", "syngas", "ccgt", "ocgt", "coke oven gas", "coal gas",
        "coal derived gas", "coal bed methane", "coalbed methane", "coal mine methane", "coal seam",
        "coal bed",
        "gas alam", "gaz", "gaz naturel", "gás", "gás natural", "газ", "природный газ", "doğalgaz", "doğal gaz",
        "天然气", "燃气", "煤气", "煤层气", "瓦斯", "天然氣", "khí", "khí đốt", "khí thiên nhiên", "khí than",
        "lng nhập khẩu",
        "erdgas", "naturgas", "grubengas", "kokereigas", "gaz ziemny", "aardgas", "zemní plyn", "plyn", "maakaasu",
        "metano", "gaze naturale", "földgáz", "kuzugaz",
    ),
    "oil": (
        "oil", "diesel", "hfo", "lfo", "hsd", "mfo", "naphtha", "kerosene", "petroleum", "crude", "distillate",
        "gasoil",
        "fossil liquids", "liquid fuel", "liquid fuels", "minyak", "bbm", "petróleo", "gasóleo", "gasoleo",
        "combustóleo",
        "fuelóleo", "fueloil", "fioul", "mazout", "fuel", "óleo", "нефть", "мазут", "дизель", "дизельное топливо",
        "нефтепродукты", "akaryakıt", "motorin", "petrol", "石油", "燃油", "柴油", "重油", "dầu", "heizöl",
        "mineralöl",
        "mineralölprodukte", "öl", "dieselöl", "olej", "olej opałowy", "ropa", "olio", "gasolio", "nafta", "olie",
        "stookolie", "päcura", "öljy", "eldningsolja", "olja",
    ),
    "hydro": (
        "hydro", "hydropower", "hydroelectric", "hydroelectricity", "hydraulic", "water", "pumped storage",
        "run of river",
        "reservoir", "plta", "pltm", "pltmh", "tenaga air", "air", "hidro", "hidroeléctrica", "hidroeléctrico",
        "hidráulica", "hidráulico", "agua", "hydraulique", "hydroélectrique", "eau", "hídrica", "hidrelétrica",
        "hidroelétrica", "água", "вода", "гидро", "гидроэнергия", "гэс", "гидроэлектростанция", "hidroelektrik",
        "hidrolik", "barajlı", "akarsu", "su", "水电", "水力", "抽水蓄能", "水電", "thủy điện", "thuỷ điện", "wasser",
        "wasserkraft",
        "laufwasser", "pumpspeicher", "speicherwasser", "woda", "wodna", "idroelettrico", "idroelettrica", "idrica",
        "waterkracht", "vodní", "voda", "vattenkraft", "vannkraft", "vesivoima",
    ),
    "nuclear": (
        "nuclear", "uranium", "thorium", "mox", "nuklir", "nucléaire", "uranio", "urânio", "атом", "атомная",
        "ядерное",
        "ядерная", "уран", "аэс", "nükleer", "uranyum", "核", "核电", "核能", "铀", "hạt nhân", "điện hạt nhân",
        "kernenergie",
        "kernkraft", "atomkraft", "nuklear", "uran", "jądrowa", "jądrowy", "nucleare", "kärnkraft", "ydinvoima",
        "jaderná",
    ),
    "biomass": (
        "biomass", "bioenergy", "biogas", "biofuel", "biofuels", "biodiesel", "bagasse", "wood", "straw", "husk",
        "pellets",
        "charcoal", "black liquor", "biomassa", "cangkang sawit", "ampas tebu", "biomasa", "bagazo", "madera",
        "biogás",
        "biomasse", "bois", "bagaço", "madeira", "lixívia", "биомасса", "древесина", "биогаз", "biyokütle", "biyogaz",
        "生物质", "沼气", "sinh khối", "bã mía", "trấu", "holz", "altholz", "klärgas", "deponiegas", "holzkohle",
        "drewno",
        "biogaz", "legna", "hout", "trä", "puu", "biobränsle",
    ),
    "waste": (
        "waste", "msw", "refuse", "garbage", "rdf", "tyres", "tires", "sampah", "residuos", "basura", "déchets",
        "resíduos",
        "lixo", "отходы", "тбо", "atık", "çöp", "垃圾", "rác", "rác thải", "abfall", "müll", "hausmüll", "odpady",
        "rifiuti",
        "afval", "odpad", "avfall", "jäte",
    ),
    "wind": (
        "wind", "onshore", "offshore", "angin", "bayu", "pltb", "eólica", "eólico", "éolien", "éolienne", "ветер",
        "ветровая",
        "вэс", "rüzgar", "rüzgâr", "风电", "风能", "风力", "風力", "gió", "điện gió", "windkraft", "windenergie",
        "wiatr",
        "wiatrowa", "eolico", "eolica", "větrná", "vind", "vindkraft", "tuulivoima", "tuuli",
    ),
    "solar": (
        "solar", "pv", "photovoltaic", "photovoltaics", "surya", "plts", "fotovoltaica", "fotovoltaico", "solaire",
        "photovoltaïque", "солнце", "солнечная", "сэс", "güneş", "太阳能", "光伏", "太陽能", "mặt trời",
        "điện mặt trời",
        "sonne", "solarenergie", "solare", "photovoltaik", "słońce", "słoneczna", "fotowoltaika", "zonne energie",
        "zon",
        "sluneční", "sol", "aurinko",
    ),
    "geothermal": (
        "geothermal", "panas bumi", "pltp", "geotérmica", "geotérmico", "géothermie", "géothermique", "геотермальная",
        "jeotermal", "地热", "地熱", "địa nhiệt", "geothermie", "geotermalna", "geotermia", "geotermico",
        "geotermica",
    ),
    "other": (
        "not coal", "no coal", "other fuel", "petcoke", "pet coke", "coque de petróleo", "peat", "turf", "gambut",
        "turba",
        "tourbe", "turfa", "торф", "turba", "泥炭", "torf", "turve", "torv", "oil shale", "esquisto", "ölschiefer",
        "горючий сланец", "põlevkivi", "hydrogen", "hidrógeno", "hydrogène", "wasserstoff", "водород", "ammonia",
        "battery", "batteries", "baterai", "batería", "batterie", "energy storage", "storage", "waste heat", "tidal",
        "wave", "marine", "ocean", "余热", "储能", "潮汐",
    ),
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+|[/,;+&|]")  # signs that part two fuels stay, so that "coal / gas" is no coal gas
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # scripts that put no spaces between words


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(without_marks(fold(text))))} "


def _phrase(text: str) -> str:
    words = _words(text)
    return words.strip() if _SPACELESS.search(words) else words


_OTHERS = {_phrase(word): fuel for fuel, words in OTHER_FUELS.items() for word in words}
_CODES = frozenset({"anth", "bit", "bitu", "sub", "lig", "gob", "culm"})  # too short to be looked for among other words
_COALS = {_phrase(word) for words in (COAL, *COAL_WORDS.values()) for word in words if word not in _CODES}
# "Coke oven gas" names coal's kin and is none: such phrases are taken out before coal is looked for.
_NAMED_LIKE_COAL = sorted((p for p in _OTHERS if any(coal in p for coal in _COALS)), key=len, reverse=True)


def other_fuel(text: str) -> str | None:
    """Return the fuel that a text names where it names no coal; None where it names coal, or no fuel that is known.

    Examples
    --------
    >>> [other_fuel(text) for text in ("Natural gas (CCGT)", "uranium", "Fossil Coal-derived gas", "thủy điện")]
    ['gas', 'nuclear', 'gas', 'hydro']
    >>> [other_fuel(text) for text in ("coal / gas", "Braunkohle", "waste coal", "unknown")]
    [None, None, None, None]
    """
    if COAL_TYPES.match(text) is not None:
        return None
    words = _words(text)
    for phrase in _NAMED_LIKE_COAL:
        if phrase in words:
            rest = words.replace(phrase, "  ")
            return None if any(coal in rest for coal in _COALS) else _OTHERS[phrase]
    if any(coal in words for coal in _COALS):
        return None
    return next((fuel for phrase, fuel in _OTHERS.items() if phrase in words), None)


def names_coal(text: str) -> bool:
    """Return whether a text names coal, alone or with other fuels.

    Examples
    --------
    >>> [names_coal(text) for text in ("Hard coal", "coal / gas", "gas", "unknown")]
    [True, True, False, False]
    """
    if other_fuel(text) is not None:
        return False
    return COAL_TYPES.match(text) not in (None, UNKNOWN) or any(coal in _words(text) for coal in _COALS)


def tell_fuels(words: Collection[str]) -> bool:
    """Return whether most of some words name fuels, coal and others among them: such a column says what is coal.

    Examples
    --------
    >>> [tell_fuels(words) for words in ({"coal", "gas"}, {"oil", "gas"}, {"Coal Street", "Wind Farm", "Port", "Quay"})]
    [True, False, False]
    """
    others = sum(other_fuel(word) is not None for word in words)
    coals = sum(names_coal(word) for word in words)
    return others > 0 and coals > 0 and 2 * (others + coals) > len(words)
