"""Cells to fleet: the workbook contract, its reader, its checks and the findings they make."""
