"""Options of the commands that state costs: terms of the money, steps of a plan, and what is known of the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from hginv.numbers import NUMBER, WHOLE
from hginv.output import number

if TYPE_CHECKING:
    from hginventory.decisions.options import Catalogue
    from hginventory.projection import Projection
    from hginventory.run import Run

Command = Callable[..., Any]
POLLUTANTS = ("so2", "pm", "nox")
WHERE_TO = {
    "bottom_ash": "bottom ash", "fly_ash": "fly ash", "fgd_solids": "FGD solids", "water": "water",
    "unknown_sink": "unknown", "product": "product", "waste": "waste",
}  # fmt: skip


def terms_options(command: Command) -> Command:
    """Add the options of the terms on which costs are stated."""
    options = (
        click.option("--rate", type=NUMBER, metavar="R", help="Real interest a year, as 0.07.  [default: cost_basis]"),
        click.option("--life", type=NUMBER, metavar="YEARS", help="Life of the capital.  [default: cost_basis]"),
        click.option("--price-year", type=WHOLE, metavar="YEAR", help="Year of the money.  [default: the latest]"),
        click.option(
            "--difficulty", default="average", show_default=True, metavar="WORD",
            help="Retrofit: easy, average or difficult.",
        ),
        click.option(
            "--capital-multiplier", type=NUMBER, metavar="X",
            help="Capital costs relative to US values, for all items.  [default: country_cost]",
        ),
    )  # fmt: skip
    return _added(command, options)


def step_options(command: Command) -> Command:
    """Add the options that say which steps a plan may take."""
    options = (
        click.option("--not-before", type=WHOLE, metavar="YEAR", help="First year in which a step may start."),
        click.option("--exclude", multiple=True, metavar="UNIT", help="Unit that stays as it is; may be repeated."),
        click.option("--only", metavar="EXPR", help="Units that may be changed; the target counts all units."),
        click.option("--accept", metavar="LIST", help="Conditions that the plan may depend on, as so2,article_9."),
        click.option(
            "--moved-price", type=NUMBER, metavar="USD/KG",
            help="Price of mercury moved to the sea or into sold ash.  [default: cost_basis: 0, not priced]",
        ),
        click.option(
            "--with-kilns", is_flag=True, help="Kilns may be changed, too; only their capital costs are known."
        ),
    )  # fmt: skip
    return _added(command, options)


def steps_given(given: dict[str, Any]) -> dict[str, Any]:
    """Return what `step_options` gave as parameters of `make_rules`; it is taken out."""
    accept = given.pop("accept") or ""
    names = ("not_before", "exclude", "only", "moved_price", "with_kilns")
    return {"accept": tuple(filter(None, accept.split(","))), **{name: given.pop(name) for name in names}}


def site_options(command: Command) -> Command:
    """Add the options that say what is known of the site of the units asked about."""
    options = (
        click.option("--space/--no-space", default=None, help="Space for filters and scrubbers.  [default: not known]"),
        click.option("--coast/--inland", default=None, help="Sea water within reach.  [default: as in the fleet]"),
        click.option(
            "--ash-sold/--ash-kept", default=None, help="Ash sold to cement works.  [default: column byproduct_use]"
        ),
        click.option(
            "--must-cut", metavar="LIST",
            help="Pollutants that must be reduced in any case, as so2,nox,pm, or none.  [default: not known]",
        ),
        click.option(
            "--lead-time", multiple=True, metavar="KIND=MONTHS",
            help="Months until a kind of control runs, as scrubber=36; may be repeated.  [default: lead_time]",
        ),
    )  # fmt: skip
    return _added(command, options)


def numbers_by_kind(parameter: str, given: Sequence[str]) -> dict[str, float]:
    """Return numbers written as KIND=NUMBER, several of them with commas or one by one.

    Raises
    ------
    UsageError
        If one is not written so.

    Examples
    --------
    >>> numbers_by_kind("build_rate", ["scrubber=2.5,injection=5", "scr=1"])
    {'scrubber': 2.5, 'injection': 5.0, 'scr': 1.0}
    """
    from hginventory.errors import UsageError

    found: dict[str, float] = {}
    for part in (one.strip() for text in given for one in text.split(",")):
        kind, sign, amount = part.partition("=")
        try:
            found[kind.strip()] = float(amount)
        except ValueError:
            sign = ""
        if not sign:
            raise UsageError(f"{part!r} cannot be read. Write KIND=NUMBER, as scrubber=3.", parameter=parameter)
    return found


def _added(command: Command, options: tuple[Callable[[Command], Command], ...]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def make_catalogue(run: Run, given: dict[str, Any]) -> Catalogue:
    """Return the catalogue of a run on the terms and for the site given on the command line; they are taken out."""
    from hginventory.decisions.options import Site
    from hginventory.errors import UsageError

    site = {name: given.pop(name, None) for name in ("space", "coast", "ash_sold")}
    must_cut = given.pop("must_cut", None)
    pollutants = None
    if must_cut is not None:
        named = {part.strip().casefold() for part in must_cut.split(",")} - {"none", ""}
        if named - set(POLLUTANTS):
            wrong = ", ".join(sorted(named - set(POLLUTANTS)))
            raise UsageError(f"--must-cut: unknown pollutant {wrong}. Use {', '.join(POLLUTANTS)} or none.")
        pollutants = frozenset(named)
    return run.catalogue(
        site=Site(**site, must_cut=pollutants),
        lead_time=numbers_by_kind("lead_time", given.pop("lead_time", ())),
        rate=given.pop("rate"),
        book_life=given.pop("life"),
        price_year=given.pop("price_year"),
        difficulty=given.pop("difficulty"),
        multiplier=given.pop("capital_multiplier"),
    )


def money(value: float, per: float = 1e6) -> str:
    """Return money in millions for people; blank where there is none.

    >>> money(12_345_678.0), money(float("nan"))
    ('12.3', '')
    """
    return number(value / per, 1 if abs(value) < 100 * per else 0)


def per_kg(value: float) -> str:
    """Return the cost of a kilogram for people; blank where there is none.

    >>> per_kg(54_512.4), per_kg(float("nan"))
    ('54,512', '')
    """
    return number(value)


def bound(text: str, *, capital_only: bool) -> str:
    """Return an amount with a mark where it covers capital only, so that the cost is at least that.

    >>> bound("1.2", capital_only=True), bound("1.2", capital_only=False), bound("0.0", capital_only=True)
    ('>1.2', '1.2', '0.0')
    """
    return f">{text}" if capital_only and text not in ("", "0.0") else text


def kg(value: float) -> str:
    """Return kilograms for people: whole from ten on, one decimal below.

    >>> kg(12.34), kg(3.456), kg(float("nan"))
    ('12', '3.5', '')
    """
    return number(value, 0 if abs(value) >= 10 else 1)


def with_countries(text: str, projection: Projection) -> str:
    """Return a text of costs with the names of the countries of a run instead of their codes.

    A code is replaced only before a sign, *and* or *are*: ``ESP`` of *ESP upgrade* is not Spain.
    """
    from hginventory.inputs.parsing import country_names, local_country_name

    names = country_names()
    for code in filter(names.__contains__, projection.units["country"].unique()):
        name = local_country_name(code, names[code], "en")
        text = re.sub(rf"\b{code}\b(?=[,.;:]|$| and \d| are )", name, text)
    return text


LAST = "last"  # in place of a file: the last plan that was made


def last_plan(run: Run) -> str:
    """Return the file of the last plan of the fleet that was made in this folder."""
    from hginv.places import usual_folder
    from hginventory.errors import UsageError
    from hginventory.report.record import PLAN_FILE, PLAN_PLACE

    path = usual_folder(run, PLAN_PLACE) / PLAN_FILE
    if not path.is_file():
        raise UsageError(
            f"--plan last: {path} was not found. Run hginv optimize here first, or name the file of a plan."
        )
    return str(path)
