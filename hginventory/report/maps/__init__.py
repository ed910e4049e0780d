"""Outlines for a map: land, borders and the frame of a country."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
