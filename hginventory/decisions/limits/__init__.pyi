from .compliance import check_limits as check_limits
from .compliance import over_limit as over_limit
from .compliance import summarise_limits as summarise_limits
from .limit_values import Limit as Limit
from .limit_values import limits_in_table as limits_in_table
from .limit_values import user_limit as user_limit
from .reference_conditions import GasTables as GasTables
from .reference_conditions import unit_rates as unit_rates
