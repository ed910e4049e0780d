from .methods import Method as Method
from .methods import Stack as Stack
from .methods import methods_in_table as methods_in_table
from .plan_price import PlanPrice as PlanPrice
from .plan_price import plan_price as plan_price
from .programme import MeasuringPlan as MeasuringPlan
from .programme import measuring_plan as measuring_plan
from .worth import worth_by_unit as worth_by_unit
