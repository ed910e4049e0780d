"""The result workbook, the report workbook, and results as worksheets of a copy of the fleet."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
