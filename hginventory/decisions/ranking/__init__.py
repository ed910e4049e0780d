"""Units and plants by their emissions, how certain the ranks are, Article 8 coverage, data gaps."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
