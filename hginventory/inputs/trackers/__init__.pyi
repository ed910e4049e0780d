from .common import Filters as Filters
from .epa_needs import read_epa_needs as read_epa_needs
from .gem_cement import read_gem_cement as read_gem_cement
from .gem_coal import read_gem_coal as read_gem_coal
from .kinds import TRACKERS as TRACKERS
from .mapped_csv import read_mapped as read_mapped
from .report import ImportReport as ImportReport
from .wri_power import read_wri_power as read_wri_power
