"""Reduction options of a unit: which apply, what they avoid and cost, and where the mercury goes."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
