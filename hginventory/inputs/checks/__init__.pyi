from .activity_amounts import PLAUSIBLE_CAPACITY_FACTOR as PLAUSIBLE_CAPACITY_FACTOR
from .consistency import check_fleet as check_fleet
from .consistency import check_raw as check_raw
from .consistency import first_of_each as first_of_each
from .magnitude import stated_units as stated_units
from .trains import ADDITIVE as ADDITIVE
from .trains import without_collector as without_collector
from .trains import without_wet_scrubber as without_wet_scrubber
