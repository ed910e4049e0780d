"""Reading and patching workbook files safely. Knows no mercury."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
