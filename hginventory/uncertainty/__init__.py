"""From a projection to an ensemble: which factor varies, how, and together with what."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
