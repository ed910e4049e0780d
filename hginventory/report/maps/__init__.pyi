from .borders import borders as borders
from .borders import country_frame as country_frame
from .outlines import COASTS as COASTS
from .outlines import Window as Window
from .outlines import check_outlines as check_outlines
from .outlines import outlines as outlines
