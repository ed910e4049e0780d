"""Builds the factor tables from files of collected facts. Run by maintainers only, never by users."""
