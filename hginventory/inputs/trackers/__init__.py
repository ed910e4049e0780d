"""Tracker files to fleets: Global Energy Monitor, WRI, US EPA NEEDS, and any table with a mapping file."""
