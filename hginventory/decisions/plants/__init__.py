"""Plants to look at first, with a profile of each, and projects in the form of a funding proposal."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
