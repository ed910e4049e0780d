from .chapter import CHAPTER_FORMAT as CHAPTER_FORMAT
from .chapter import check_chapter as check_chapter
from .chapter import make_chapter as make_chapter
from .chapter import order_of_folder as order_of_folder
from .chapter import write_chapter as write_chapter
