"""Emission limits on their own reference conditions, and which units exceed them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
