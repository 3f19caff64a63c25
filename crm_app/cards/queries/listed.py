"""What the questions of every list of cards share: a page in some order, how many there are, and one card.

CONTACTS = Listed("contact", Contact, FILTERS, SORTS, columns=(Contact.id, Contact.name, …))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, func, select

from crm_app.cards.custom_fields import custom_sorts, with_custom
from crm_app.cards.filter_words import describe
from crm_app.cards.filters import Fields, Filter, compile_filter
from crm_app.cards.kinds import openly
from crm_app.cards.rights import is_reached
from crm_app.cards.ties import ties_of
from crm_app.cards.ways import emails_of, phones_of, search_words
from crm_app.core import search
from crm_app.core.door import Tx
from crm_app.core.fields import where_open
from crm_app.core.paging import Order

_TIED = ("responsible_id", "responsible", "tags", "is_starred")


@dataclass(frozen=True)
class Listed:
    """How cards of one kind are asked about. filters, sorts: by what; columns: what a line of the list needs."""

    card: str
    model: Any
    filters: dict[str, Any]
    sorts: Mapping[str, tuple[Any, ...]]
    columns: tuple[Any, ...]

    def page(self, tx: Tx, where: Filter | None, q: str, sort: str, after: str, limit: int) -> tuple[list[Any], str]:
        """Rows of a page, and the cursor of the next one. sort: a key of sorts or "fields." with the key of a custom
        field, "-" before it for the other way round. Raises BadInput for a filter, an order or a cursor that is none.
        """
        hidden = tx.actor.hidden.get(self.card, frozenset())
        own = custom_sorts(tx, self.card, self.model, sort)
        known = {name: by for name, by in self.sorts.items() if name not in hidden}
        orders = {name: self._open(tx, name, by) for name, by in {**known, **own}.items()}
        order = Order.parse(sort, orders, self.model.id)
        selected = {column.key for column in self.columns}
        statement = select(*self.columns, *(column for column in order.columns if column.key not in selected))
        if q:  # chosen by what indexes hold, and only those of the page are looked up: a common word is looked for long
            ids = self.matching(tx, select(self.model.id), where, q, page=True)
            return order.page(tx, statement, after, limit, ids=ids)
        return order.page(tx, self.matching(tx, statement, where, q, page=True), after, limit)

    def _open(self, tx: Tx, name: str, columns: tuple[Any, ...]) -> tuple[Any, ...]:
        """What a list is sorted by: cards on which that is hidden from the actor stand as those where it is blank."""
        return tuple(where_open(tx.actor, self.card, name, column) for column in columns)

    def count(self, tx: Tx, where: Filter | None, q: str) -> int:
        """How many cards a filter and a text leave, exactly."""
        return int(tx.scalar(self.matching(tx, select(func.count(self.model.id)), where, q)))

    def describe(self, tx: Tx, where: Filter | None) -> str:
        """A filter in words."""
        return describe(tx, where, self.asked_by(tx, where), self.card)

    def asked_by(self, tx: Tx, where: Filter | None) -> Fields:
        """The fields that a filter may ask about."""
        return with_custom(tx, self.card, self.model, self.filters, where)

    def matching(
        self, tx: Tx, statement: Select[Any], where: Filter | None, q: str, *, page: bool = False
    ) -> Select[Any]:
        """The statement with the conditions of a filter and a text. page: only the first rows of its order matter."""
        if where:
            statement = statement.where(compile_filter(tx, where, self.asked_by(tx, where), self.card))
        words = search_words(q)
        if words:
            title = getattr(self.model, "sort_name", None)
            in_text = search.has_words(tx.session, self.card, self.model.id, words, page=page, title=title)
            statement = statement.where(in_text, *openly(tx, self.card, words))
        return statement

    def whole(self, tx: Tx, shape: type[Any], row: Any) -> dict[str, Any]:
        """What the card of a row shows, by the names of a dataclass: the row's own values and what others know."""
        tied = ties_of(tx, self.card, [row]).of(row)
        told = {each.name: getattr(row, each.name) for each in fields(shape) if hasattr(row, each.name)}
        return {
            **told,
            **{name: tied[name] for name in _TIED},
            "phones": [str(phone) for phone in phones_of(tx, self.card, row.id)],
            "emails": emails_of(tx, self.card, row.id),
            "may_change": is_reached(tx.actor, f"{self.card}.change", row),
            "may_delete": is_reached(tx.actor, f"{self.card}.delete", row),
        }
