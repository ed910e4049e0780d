"""Workbooks and tracker files in, fleets and findings out."""
