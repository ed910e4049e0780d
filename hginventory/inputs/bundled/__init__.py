"""Bundled fleets by name: curated workbooks, and the units of any country in the bundled table of the coal tracker."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
