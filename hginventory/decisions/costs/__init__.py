"""Costs of controls: prices of the factor tables, converted to a country, a year and a size, with their range."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
