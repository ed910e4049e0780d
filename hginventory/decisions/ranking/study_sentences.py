"""What a comparison with a published study says, in sentences made from its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from hginventory.decisions.ranking.study_findings import StudyPlant, StudyRow, StudyTotal, StudyVariant
from hginventory.factors import MEASURED, REPORTED, is_row
from hginventory.projection import Projection, in_inventory
from hginventory.translations import TranslatableText

GWH_PER_TWH = 1000.0
Sentences = Iterator[TranslatableText]


def study_sentences(
    projection: Projection,
    rows: Sequence[StudyRow],
    variants: Sequence[StudyVariant],
    plants: Sequence[StudyPlant],
    totals: Sequence[StudyTotal],
) -> tuple[TranslatableText, ...]:
    """Return the sentences of a comparison; parameters as in `StudyComparison`."""
    return (
        *_running(projection, rows[0]),
        *(sentence for row in rows for sentence in _concentration(row)),
        *_variants(rows[0], variants),
        *_own_analyses(projection),
        *(_plant(plant) for plant in plants),
        *(sentence for total in totals for sentence in _total(total)),
    )


def _running(projection: Projection, row: StudyRow) -> Sentences:
    """Say that all units run alike, if they do, and how much harder the top units would have to run."""
    units = projection.units[in_inventory(projection.units)]
    if units["capacity_factor"].round(6).nunique() > 1:
        return
    refs = {ref for refs in projection.parameters["capacity_factor"].refs for ref in refs}
    years = sorted({projection.library.row(ref).valid_from for ref in refs if is_row(ref)} - {""})
    factor = f"{units['capacity_factor'].iloc[0]:.2f}"
    if years:
        yield TranslatableText(
            "All {n} units run at one capacity factor, {factor}, that of {years} in the factor tables: no generation "
            "of single units is public.",
            n=len(units), factor=factor, years=", ".join(years),
        )  # fmt: skip
    else:
        yield TranslatableText("All {n} units run at one capacity factor, {factor}.", n=len(units), factor=factor)
    if row.value is not None and row.ours < row.value:
        yield TranslatableText(
            "At equal running the top {top} account for {ours}. They would have to run {times} times as hard as the "
            "rest to reach {target}.",
            top=row.top, ours=percent(row.ours), times=f"{harder_run(row.ours, row.value):.2f}",
            target=percent(row.value),
        )  # fmt: skip


def _concentration(row: StudyRow) -> Sentences:
    if not row.top or row.drawn is None or row.value is None:
        return
    told = {
        "top": row.top, "middle": percent(row.drawn.p50), "low": percent(row.drawn.p05),
        "high": percent(row.drawn.p95), "target": percent(row.value), "ours": percent(row.ours),
    }  # fmt: skip
    if row.is_inside:
        yield TranslatableText(
            "The true top {top} of a draw account for {middle} (90 % interval {low} to {high}). The published "
            "{target} is reproduced: it lies inside. Central values give {ours}, as they leave out how far units "
            "differ.",
            **told,
        )
    else:
        yield TranslatableText(
            "The true top {top} of a draw account for {middle} (90 % interval {low} to {high}). The published "
            "{target} is not reproduced: it lies outside. Central values give {ours}.",
            **told,
        )


def _variants(first: StudyRow, variants: Sequence[StudyVariant]) -> Sentences:
    for variant in variants:
        yield TranslatableText(
            "With {name} ({units} units), the top {top} account for {share} instead of {ours}.",
            name=TranslatableText(variant.name), units=variant.units, top=first.top, share=percent(variant.share, 1),
            ours=percent(first.ours, 1),
        )  # fmt: skip
        left, plants = variant.left, variant.plants
        if left is not None and 0 < left.plants < plants.plants:
            yield TranslatableText(
                "With {name}, the plain mean of the plants with coal mercury of their own becomes {left} mg/kg ({n} "
                "plants) instead of {all} mg/kg ({of} plants).",
                name=TranslatableText(variant.name), left=f"{left.hg_coal:.4f}", n=left.plants,
                all=f"{plants.hg_coal:.4f}", of=plants.plants,
            )  # fmt: skip


def _own_analyses(projection: Projection) -> Sentences:
    units = projection.units[in_inventory(projection.units)]
    own = int(units["hg_origin"].isin([MEASURED, REPORTED]).sum())
    yield TranslatableText(
        "Mercury in coal is reported for {own} of the {n} units; the others take the national mean.",
        own=own,
        n=len(units),
    )


def _plant(plant: StudyPlant) -> TranslatableText:
    told = {
        "plant": plant.name, "unit": plant.unit, "rank": plant.rank, "of": plant.of,
        "capacity": f"{plant.capacity_ratio:.1f}", "rate": f"{plant.rate_ratio:.1f}",
        "years": f"{plant.years_ratio:.1f}", "hg": f"{plant.hg_coal:.3f}", "origin": TranslatableText(plant.hg_origin),
    }  # fmt: skip
    if math.isfinite(plant.rank_p05):
        ranks = {"low": f"{plant.rank_p05:.0f}", "high": f"{plant.rank_p95:.0f}"}
        return TranslatableText(
            "{plant}: its highest unit ({unit}) ranks {rank} of {of} (90 % interval {low} to {high}). Against the "
            "median unit it has {capacity} times the capacity, {rate} times the mercury per electricity (coal with "
            "{hg} mg/kg, {origin}) and {years} times the remaining years.",
            **told, **ranks,
        )  # fmt: skip
    return TranslatableText(
        "{plant}: its highest unit ({unit}) ranks {rank} of {of}. Against the median unit it has {capacity} times "
        "the capacity, {rate} times the mercury per electricity (coal with {hg} mg/kg, {origin}) and {years} times "
        "the remaining years.",
        **told,
    )


def _total(total: StudyTotal) -> Sentences:
    yield TranslatableText(
        "Our annual total is {times} times the {published} t of the other inventory, which used its own coal "
        "analyses and generation of {year}.",
        times=f"{total.ours_t / total.published_t:.1f}", published=f"{total.published_t:g}", year=total.year,
    )  # fmt: skip
    told = {
        "ours": f"{total.ours_gwh / GWH_PER_TWH:.0f}", "published": f"{total.published_gwh / GWH_PER_TWH:.0f}",
        "year": total.year, "within": percent(total.agrees_within),
    }  # fmt: skip
    if not total.activity_agrees:
        yield TranslatableText(
            "Activity differs by more than {within}: our units send out {ours} TWh, the coal plants of the grid "
            "produced {published} TWh in {year}.",
            **told,
        )
        return
    yield TranslatableText(
        "Activity agrees within {within}: our units send out {ours} TWh, the coal plants of the grid produced "
        "{published} TWh in {year}. What differs is the mercury per electricity.",
        **told,
    )
    coal = {
        "most": percent(total.removal_most), "ours": percent(total.removal),
        "rest": f"{total.at_most_removal_t:.1f}", "needed": f"{total.hg_needed:.3f}", "content": f"{total.hg_ours:.3f}",
    }  # fmt: skip
    if total.at_most_removal_t > total.published_t:
        yield TranslatableText(
            "Mercury in coal makes the difference: with the highest removal that the other inventory prints, {most} "
            "instead of our mean of {ours}, our total would still be {rest} t. At our removal its total takes "
            "{needed} mg/kg in coal, where we have {content} mg/kg.",
            **coal,
        )
    else:
        yield TranslatableText(
            "Mercury in coal or removal may make the difference: with the highest removal that the other inventory "
            "prints, {most} instead of our mean of {ours}, our total would be {rest} t. At our removal its total "
            "takes {needed} mg/kg in coal, where we have {content} mg/kg.",
            **coal,
        )


def percent(share: float, digits: int = 0) -> str:
    """Return a share in percent, as in sentences.

    >>> percent(0.3409), percent(0.3409, 1)
    ('34 %', '34.1 %')
    """
    return f"{100.0 * share:.{digits}f} %"


def harder_run(share: float, target: float) -> float:
    """Return how many times harder the top units must run, against the rest, to reach a target share.

    Parameters
    ----------
    share, target : float
        Share of the top units at equal running, and the share wanted [0-1].

    Examples
    --------
    >>> round(harder_run(0.30, 0.45), 2)
    1.91
    """
    return target / (1.0 - target) * (1.0 - share) / share
