"""What drives the uncertainty of the total, and which measurements would reduce it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
