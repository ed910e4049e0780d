"""Least-cost plans: which step at which unit in which year, and the marginal abatement curve."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
