"""Tracker files to fleets: Global Energy Monitor, WRI, US EPA NEEDS, and any table with a mapping file."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
