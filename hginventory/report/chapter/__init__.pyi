from .chapter import CHAPTER_FORMAT as CHAPTER_FORMAT
from .chapter import make_chapter as make_chapter
from .chapter import write_chapter as write_chapter
