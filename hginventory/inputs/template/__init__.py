"""Workbooks out: the empty one to fill in, and a fleet written as a workbook."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
