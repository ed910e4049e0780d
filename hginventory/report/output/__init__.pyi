from .run_folder import LOG as LOG
from .run_folder import is_inside as is_inside
from .run_folder import save as save
from .run_folder import save_tables as save_tables
from .run_folder import write_csv as write_csv
from .verification import verify as verify
from .verification import versions_since as versions_since
