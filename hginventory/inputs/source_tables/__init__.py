"""Tables of somebody else: a sheet of a workbook or a text file, found by its header row and checked cell by cell."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
