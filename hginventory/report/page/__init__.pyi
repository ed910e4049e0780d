from .bundle import begin_bundle as begin_bundle
from .content import UNIT_COLUMNS as UNIT_COLUMNS
from .html import page as page
from .html import write_page as write_page
