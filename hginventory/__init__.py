"""Mercury inventory of coal-fired units and cement kilns: who emits what over the remaining life.

>>> import hginventory as hg
>>> run = hg.project("indonesia")
>>> table = run.rank()
"""

import lazy_loader

# Names are loaded when first used, so that a command that only prints help waits for none of them.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
