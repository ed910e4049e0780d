"""The physics on plain arrays: coal, kilns, removal by control trains, fate, lifetime, yearly sums."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
