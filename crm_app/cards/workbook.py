"""Cards as a workbook: page by page, each as the cells of its kind with those of the company's own fields behind them.

write_cards(Written("lead", export_leads_page, _cells, headings, "leads.title"), actor, target, where, q, locale)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_app.cards.field_queries import list_fields
from crm_app.cards.field_rules import Definition
from crm_app.cards.filters import Filter
from crm_app.cards.own_cells import own_cells
from crm_app.core import i18n
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.sheets import Value, write_counted


@dataclass(frozen=True)
class Written:
    """How cards of a kind are written. page_of: a query of the next rows by id, each with `id` and its own `fields`;
    cells_of: the cells of a row in a language; headings: keys of texts; title: of the sheet, such a key too.
    """

    card: str
    page_of: Callable[..., list[Any]]
    cells_of: Callable[[Any, str], list[Value]]
    headings: Sequence[str]
    title: str


def write_cards(written: Written, actor: Actor, target: Path, where: Filter | None, q: str, locale: str) -> int:
    """A workbook of the cards that a filter leaves, without what is hidden from the actor. Gives their number."""
    own = perform(actor, list_fields, card=written.card)
    headings = [*(i18n.text(key, locale) for key in written.headings), *(field.name(locale) for field in own)]
    rows = _rows(written, actor, where, q, locale, own)
    return write_counted(target, headings, rows, i18n.text(written.title, locale))


def _rows(
    written: Written, actor: Actor, where: Filter | None, q: str, locale: str, own: Sequence[Definition]
) -> Iterator[list[Value]]:
    after = 0
    while page := perform(actor, written.page_of, where=where, q=q, after=after):
        custom = own_cells(actor, written.card, own, [row.fields for row in page], locale)
        for row, cells in zip(page, custom, strict=True):
            yield [*written.cells_of(row, locale), *cells]
        after = page[-1].id
