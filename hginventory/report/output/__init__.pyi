from .chapter_folder import write_chapter_folder as write_chapter_folder
from .command_folder import write_files as write_files
from .command_folder import write_into_place as write_into_place
from .run_folder import check_folder as check_folder
from .run_folder import save as save
from .run_folder import save_tables as save_tables
from .verification import verify as verify
from .verification import versions_since as versions_since
