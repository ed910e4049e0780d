"""What people look at: tables, the result workbook, the trace of a unit, the run folder."""
