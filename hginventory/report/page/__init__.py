"""The page of a run: one file that explains itself, offline."""
