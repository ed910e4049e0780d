"""The contract of the workbook: every worksheet and column with its unit and meaning."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
