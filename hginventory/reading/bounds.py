"""How much of a file or an option is read, each number with its reason. Anything larger is refused in one sentence.

All bounds apply to every command. A text table of 20 times all coal-fired units of the world, 14,509, is read.
"""

from __future__ import annotations

# Workbooks
MOST_MEMBERS = 2_000  # parts of a workbook; one with 500 sheets and a picture in each has 1,500
MOST_DIRECTORY_BYTES = 2_000_000  # of the list of parts; one of 2,000 parts has 200,000
MOST_BYTES = 200_000_000  # of an input file, unpacked; the tracker of all coal units of the world has 60 million
MOST_RATIO = 200  # unpacked over packed, for parts above RATIO_FROM bytes; sheets of numbers have 10 to 20
RATIO_FROM = 10_000_000
MOST_CELLS = 5_000_000  # last row x last column of a sheet
MOST_TAGS = 10_000_000  # of all parts together; the tracker of all coal units of the world has 2.3 million
MOST_FILLED = 1_000_000  # filled cells of a workbook; 60,000 units with 16 of them each
MOST_LETTERS = 50_000_000  # of all cells of a workbook, formulas that cells share counted once a cell
MOST_SHEETS = 500
MOST_TEXTS = 1_000_000  # different texts of all cells
MOST_STYLES = 65_536  # of Excel, and some
MOST_MERGED = 200_000  # cells of all merged ranges of a sheet; who edits the workbook later makes each of them
MOST_EXTRAS = 100_000  # formats, rules, links, notes, names; Excel has at most 65,490 formats, 65,530 links of a sheet
MOST_PIXELS = 100_000_000  # of a picture; a poster of A0 in print quality, unpacked 300 MB
LONGEST_FORMULA = 8_192  # letters; of Excel
LONGEST_TEXT = 1 << 20  # bytes of a part without a tag
LONGEST_TAG = 1 << 20  # bytes of one tag or comment, which has to lie in memory as a whole
DEEPEST_ELEMENT = 100  # elements within each other; workbooks have a dozen
MOST_COLUMNS = 5_000  # filled cells of a row; the widest tracker has 100 columns

# Word documents whose styles a chapter takes
MOST_TEMPLATE_BYTES = 50_000_000  # unpacked; a letterhead with pictures has 5 million
MOST_TEMPLATE_TAGS = 300_000  # a report of 300 pages has 200,000, an empty document with all styles of Word 10,000
MOST_TEMPLATE_STYLES = 5_000  # Word keeps 4,079

# Text tables
MOST_LINES = 300_000  # the world twentyfold has 290,000
MOST_SEPARATORS = 24_000_000  # commas and the like; the world twentyfold, all columns of the tracker, has 20 million
LONGEST_LINE = 1_000_000  # bytes
MOST_GUESSED = 10_000_000  # bytes of a file whose encoding has to be found by its letters, read in nine ways

# TOML and JSON
MOST_TOML_BYTES = 1_000_000  # of a mapping or a scenario; one with 1,000 measures has 200,000
MOST_TOML_LINES = 20_000
MOST_MEASURES = 1_000  # of a scenario file; the largest bundled one has 12
LONGEST_TOML_LINE = 10_000
MOST_RECORD_BYTES = 20_000_000  # of the record of a run; that of the world has 20,000
MOST_OUTLINE_BYTES = 25_000_000  # the finest countries of Natural Earth have 24.5 million
MOST_VALUES = 2_500_000  # of a JSON text, lists and objects counted; those countries have 1.7 million
MOST_POINTS = 100_000  # of outlines within the map; 2.5 MB of a page
DEEPEST_VALUE = 20  # lists and tables within each other; outlines have 8
LARGEST_WHOLE = 2**63 - 1  # of TOML and of all tables

# Units of measure and numbers
LONGEST_UNIT = 60  # letters; the longest in use has 22
MOST_UNIT_PARTS = 5  # units multiplied and divided
LONGEST_NUMBER = 40  # characters of a number on the command line
LARGEST_NUMBER = 1e30
SMALLEST_NUMBER = 1e-30  # closer to 0 nothing is meant
BYTES_A_DRAW = 4_500  # of memory at least; measured with 38 units, 200,000 and 400,000 draws
LONGEST_WORD = 4_096  # characters of an option; the longest path of Linux
