from .explanation import Explanation as Explanation
from .explanation import formula_text as formula_text
from .explanation import measured_text as measured_text
from .unit_calculation import explain as explain
from .unit_calculation import explain_units as explain_units
