from .activity_amounts import PLAUSIBLE_CAPACITY_FACTOR as PLAUSIBLE_CAPACITY_FACTOR
from .consistency import check_fleet as check_fleet
from .consistency import check_raw as check_raw
from .consistency import first_of_each as first_of_each
from .magnitude import stated_units as stated_units
