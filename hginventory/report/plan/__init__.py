"""Tables of a national implementation plan and of the Article 21 report."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
