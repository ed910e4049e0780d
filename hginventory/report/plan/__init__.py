"""The tables of a national implementation plan and of the Article 21 report, N1 to N14."""
