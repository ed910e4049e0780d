"""What a plan is based on, what to measure for it, by which method, and what that is worth in money."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
