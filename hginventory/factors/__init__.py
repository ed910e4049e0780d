"""From a fleet to parameters: factor tables, and the ladder that fills every gap with its origin kept."""
