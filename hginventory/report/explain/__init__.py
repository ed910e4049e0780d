"""The calculation of one unit, step by step, each number with its cell or factor row."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
