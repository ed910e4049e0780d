from .value_of_information import SamplingPlan as SamplingPlan
from .value_of_information import sampling_plan as sampling_plan
from .variance_decomposition import FAMILIES as FAMILIES
from .variance_decomposition import INTERACTIONS as INTERACTIONS
from .variance_decomposition import LEAST_DRAWS as LEAST_DRAWS
from .variance_decomposition import REPORT_DRAWS as REPORT_DRAWS
from .variance_decomposition import Sensitivity as Sensitivity
from .variance_decomposition import sensitivity as sensitivity
