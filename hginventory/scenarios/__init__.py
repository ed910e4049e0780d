"""The language of scenarios: what is done to which units and when, in TOML files or the sheets of the workbook."""
