from .fleet_names import workbook_of as workbook_of
from .named_fleet import read_fleet as read_fleet
