"""Whom the results of a fleet have to name: the sources whose terms of use are stated."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from hginventory.translations import TranslatableText

CC_BY = "CC BY 4.0"
LICENCE_URLS = {CC_BY: "https://creativecommons.org/licenses/by/4.0/"}


@dataclass(frozen=True)
class Attribution:
    """A source that results have to name.

    Attributes
    ----------
    citation, licence : str
        Who, what and when; terms of use.
    url : str
        Address of the terms; empty where it is not known.
    note : str
        Copyright line, what was changed, and what else the source asks for.
    """

    citation: str
    licence: str
    url: str
    note: str

    @property
    def short(self) -> TranslatableText:
        """Source and terms in one sentence, as under a figure."""
        return TranslatableText("Data: {citation}, {licence}", citation=self.citation, licence=self.licence)

    @property
    def text(self) -> TranslatableText:
        """All that a result has to say of the source.

        >>> print(Attribution("A register, 2025", CC_BY, LICENCE_URLS[CC_BY], "Changed.").text)
        Data: A register, 2025, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). Changed.
        """
        terms = f"{self.licence} ({self.url})" if self.url else self.licence
        source = TranslatableText("Data: {citation}, {licence}", citation=self.citation, licence=terms)
        return TranslatableText("{source}. {note}", source=source, note=self.note) if self.note else source


def attributions(sources: pd.DataFrame) -> tuple[Attribution, ...]:
    """Return what has to be named of the sheet Sources: its rows whose licence is filled in.

    Parameters
    ----------
    sources : DataFrame
        As in `Fleet.sources`.
    """
    stated = sources[sources["licence"].notna()]
    return tuple(
        Attribution(str(row.citation), str(row.licence), LICENCE_URLS.get(str(row.licence), ""), str(row.note or ""))
        for row in stated.itertuples()
    )
