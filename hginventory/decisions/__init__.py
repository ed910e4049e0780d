"""Answers drawn from a projection: ranks, costs, options, limits, scenarios, plans."""
