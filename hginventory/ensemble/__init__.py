"""Monte Carlo draws on plain arrays: random streams, quantile tables, engines. Knows no mercury."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
