"""Claims on the options of a whole fleet."""

from __future__ import annotations

from measure import claim, median_ratio
from report_claims import large_fleet

ROUNDS = 3


@claim("at most", 2.5)
def options_time() -> float:
    """Time options, pairs and frontier of 14,120 units over the central run of the same fleet."""
    import hginventory as hg
    from hginventory.decisions.optimisation.abatement_curve import least_cost_frontier
    from hginventory.decisions.optimisation.available_steps import steps_at_units
    from hginventory.decisions.optimisation.dated_steps import by_start_year
    from hginventory.decisions.optimisation.goals import Rules, make_goal
    from hginventory.decisions.options.catalogue import Catalogue

    fleet, rules = large_fleet(), Rules()
    projection = hg.project(fleet, draws=0).projection
    goal = make_goal(projection, target="50%", by=projection.settings.base_year + 9)

    def options() -> None:
        catalogue = Catalogue(projection)
        found = by_start_year(steps_at_units(catalogue, rules), catalogue, goal, rules)
        assert least_cost_frontier(found).gain.size > len(projection.units)

    return median_ratio(options, lambda: hg.project(fleet, draws=0), ROUNDS)
