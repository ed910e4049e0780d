from .compliance_limits import ComplianceLimits as ComplianceLimits
from .compliance_limits import compliance_limits as compliance_limits
from .limit_rates import applies as applies
from .limit_rates import central_rates as central_rates
from .limit_rates import on_basis as on_basis
from .limit_rates import unit_rates as unit_rates
from .stated_limits import COMPLIES_WITH as COMPLIES_WITH
from .stated_limits import stated_limits as stated_limits
