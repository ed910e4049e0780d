"""Input files as they are opened everywhere: plain files, of bounded size and depth. Knows no workbooks."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
