from .fleet_writer import with_workbook_cells as with_workbook_cells
from .fleet_writer import write_fleet as write_fleet
from .template import SectorChoice as SectorChoice
from .template import write_template as write_template
from .texts import source_texts as source_texts
from .writer import Contents as Contents
from .writer import write_contract as write_contract
