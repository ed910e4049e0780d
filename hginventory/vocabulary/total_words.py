"""Words that name a total, in many languages and scripts."""

from __future__ import annotations

import re

from hginventory.vocabulary.code_list import fold, without_marks

# The whole name: some of these begin or end the names of plants, too.
_ALONE = (
    *("sum", "suma", "summa", "сумма", "somme", "jumla", "cộng", "រួម", "รวม", "計", "计", "جمع", "مجموع", "योग"),
    *("σ", "∑", "insgesamt", "spolu", "razem", "celkem", "i alt"),
    *("yhteensä", "ukupno", "skupaj", "viso", "kokku", "kopā", "összesen", "сума", "всичко", "jami", "ընդամենը"),
)
# At the beginning or the end of a name.
_AT_AN_END = (
    *("total", "totals", "subtotal", "sub-total", "grand total", "totale", "totaal", "totalt", "jumlah", "sous-total"),
    *("gesamt", "gesamtsumme", "summe", "zwischensumme", "łącznie", "ogółem", "итого", "всего", "подытог", "подсумок"),
    *("усього", "разом", "общо", "вкупно", "toplam", "tổng", "tổng cộng", "tổng số", "合計", "合计", "总计", "總計"),
    *("総計", "小計", "小计", "总和", "합계", "총계", "소계", "المجموع", "الإجمالي", "إجمالي", "कुल", "कुल योग", "মোট"),
    *("รวมทั้งหมด", "รวมทั้งสิ้น", "soucet", "součet", "kabuuan", "ჯამი", "სულ", "барлығы", "жалпы", "нийт", "σύνολο"),
    *('סה"כ', "סך הכל", "សរុប", "စုစုပေါင်း", "மொத்தம்", "మొత్తం", "එකතුව"),
)


def _any_of(words: tuple[str, ...]) -> str:
    spellings = {without_marks(fold(word)) for word in words}
    return "|".join(re.escape(word) for word in sorted(spellings, key=len, reverse=True))


_TOTAL = re.compile(
    rf"(?:{_any_of((*_ALONE, *_AT_AN_END))})|(?:sum|suma|{_any_of(_AT_AN_END)})\b.*|.*(?<!\w)(?:{_any_of(_AT_AN_END)})"
)
_ALONE_ONLY = re.compile(_any_of((*_ALONE, *_AT_AN_END)))


def names_total(text: str, *, alone: bool = False) -> bool:
    """Return whether a text names a total, in whatever language.

    Parameters
    ----------
    text : str
        Name of a row.
    alone : bool
        Whether the cell must contain nothing else.

    Examples
    --------
    >>> [names_total(text) for text in ("Suralaya Total", "TOPLAM", "Итого:", "合計", "Tổng cộng", "Summit Power")]
    [True, True, True, True, True, False]
    """
    bare = without_marks(fold(text)).strip(" :=*")
    return (_ALONE_ONLY if alone else _TOTAL).fullmatch(bare) is not None
