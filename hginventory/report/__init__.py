"""What people look at: tables, charts, workbooks, pages, plans, records of runs."""
