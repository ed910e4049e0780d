"""What was found in a workbook: findings with their codes and what each code means."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
