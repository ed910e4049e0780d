"""A fleet as read from a workbook, and the measurements made at its units."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
