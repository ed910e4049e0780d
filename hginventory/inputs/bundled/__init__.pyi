from .catalogue import fleets as fleets
from .catalogue import table_attribution as table_attribution
from .fleet_names import country_groups as country_groups
from .fleet_names import workbook_names as workbook_names
from .fleet_names import workbook_of as workbook_of
from .named_fleet import NOTICE as NOTICE
from .named_fleet import read_fleet as read_fleet
