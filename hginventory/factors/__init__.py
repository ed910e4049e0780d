"""Factor tables, the ladder that fills every gap from them, and the origin of every number."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
