"""Spreadsheets in and out.

A stranger's file is never parsed in this process: guard.py looks at its outside, child.py parses it in a process with
limits, table.py brings the rows here. mapping.py recognises the columns, rows.py turns a row into a draft of a client,
writer.py and template.py write.
"""

from crm_app.integrations.contacts.excel.source import PLUGIN

__all__ = ["PLUGIN"]
