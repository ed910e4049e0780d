"""The kinds of tracker files that can be imported."""

from __future__ import annotations

from collections.abc import Mapping

TRACKERS: Mapping[str, str] = {  # kind -> one line of help
    "gem-coal": "Global Coal Plant Tracker of Global Energy Monitor, releases 2017 to 2026.",
    "gem-cement": "Global Cement and Concrete Tracker of Global Energy Monitor, July 2025.",
    "wri-power": "Global Power Plant Database of the World Resources Institute: its coal plants.",
    "epa-needs": "National Electric Energy Data System of the US EPA: coal units with controls.",
    "csv": "Any table, CSV or xlsx, with a mapping file that names its columns in ours.",
}
