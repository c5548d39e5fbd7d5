"""The formats that are read: what is inside a file, and how it becomes a workbook.

Everything in here works on hostile bytes and is meant to run in the jail; only `tianbao_export_excel.jail` calls it.
"""
