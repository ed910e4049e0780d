from .fixed_copy import Correction as Correction
from .fixed_copy import write_fixed as write_fixed
from .marked_copy import write_marked as write_marked
