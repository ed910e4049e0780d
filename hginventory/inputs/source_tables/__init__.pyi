from .source_table import AS_FOUND as AS_FOUND
from .source_table import Layout as Layout
from .source_table import SourceRow as SourceRow
from .source_table import SourceTable as SourceTable
from .source_table import TableOptions as TableOptions
from .table_file import open_table as open_table
