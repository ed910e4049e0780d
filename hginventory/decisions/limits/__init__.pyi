from .compliance import check_limits as check_limits
from .compliance import over_limit as over_limit
from .compliance import summarise_limits as summarise_limits
from .limits_of_measure import limits_of as limits_of
