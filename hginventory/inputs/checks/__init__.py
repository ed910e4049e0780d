"""Rules that the units of a fleet must keep: consistency, magnitude, location."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
