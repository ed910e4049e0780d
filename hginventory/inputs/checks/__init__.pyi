from .consistency import check_fleet as check_fleet
from .consistency import check_raw as check_raw
from .consistency import first_of_each as first_of_each
from .magnitude import LEAST_KILN_T as LEAST_KILN_T
from .magnitude import PLAUSIBLE_CAPACITY_FACTOR as PLAUSIBLE_CAPACITY_FACTOR
from .magnitude import stated_units as stated_units
