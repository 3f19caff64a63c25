"""Which row of a sheet holds the headings. People put titles, dates and logos above their tables."""

from __future__ import annotations

from collections.abc import Sequence

from crm_app.core.errors import BadInput
from crm_app.integrations.contacts.excel.cells import Cell, cell_text
from crm_app.integrations.contacts.excel.fields import field_of_heading
from crm_app.integrations.contacts.excel.looks import looks_like

SEARCHED_ROWS = 20
_LONGEST_HEADING = 100


def find_headings(rows: Sequence[Sequence[Cell]], card: str = "client") -> int:
    """Index of the row of headings among the first rows of a sheet of cards of a kind.

    The row with the most headings that we know; failing that, the first row of only short texts, none of which looks
    like a phone, an address or a number. Raises BadInput if there is none.
    """
    known = [sum(bool(field_of_heading(cell_text(cell), card)) for cell in row) for row in rows]
    if any(known):
        return known.index(max(known))
    for index, row in enumerate(rows):
        texts = [cell_text(cell) for cell in row]
        filled = [text for text in texts if text]
        if not filled:
            continue
        if len(filled) > 1 and all(_may_be_heading(text) for text in filled):
            return index
        if any(looks_like(text) for text in filled):
            break
    raise BadInput("contacts.error.no_headings")


def _may_be_heading(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and not looks_like(text)
