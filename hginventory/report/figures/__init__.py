"""Figures of a run: one specification each for the page, for files and for notebooks."""
