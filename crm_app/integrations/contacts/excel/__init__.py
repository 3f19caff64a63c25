"""Spreadsheets in and out.

A stranger's file is never parsed in this process: guard.py looks at its outside, child.py parses it in a process with
limits, table.py brings the rows here. mapping.py recognises the columns, rows.py turns a row into a draft of a client,
report.py and template.py write.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    """PLUGIN, made when it is asked for: the child process is a module of this package and never asks."""
    if name != "PLUGIN":
        raise AttributeError(name)
    from crm_app.integrations.contacts.excel.source import PLUGIN

    return PLUGIN
