"""The field's codes with all their spellings: devices and control trains, coal types, boilers, statuses."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
