"""Scenarios: measures applied to a fleet and compared on the same Monte Carlo draws."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
