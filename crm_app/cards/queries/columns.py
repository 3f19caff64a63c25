"""Which columns somebody's list has, which it could have, and what stands in those that the list does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from crm_app.cards.columns import COLUMNS, Columns, in_words
from crm_app.cards.custom_fields import is_ordered, names_of, referred, seen_definitions, values_of
from crm_app.cards.field_rules import Definition
from crm_app.cards.field_values import show_value
from crm_app.cards.kinds import KINDS
from crm_app.cards.models import ListLayout
from crm_app.core import i18n
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.core.errors import Forbidden, NotFound
from crm_app.core.fields import PLACES, unseen

MOST_ROWS = 200
_BY_NUMBER = ("number", "money")


@dataclass(frozen=True)
class ListColumn:
    """A column that a list has or could have. key: of a face, a field, or "fields.KEY"; width: 0 for its own one.

    label: in the reader's language. is_face: the page draws it; is_end: its values stand at the end, as figures do.
    """

    key: str
    label: str
    width: int
    is_shown: bool
    is_face: bool
    is_sortable: bool
    is_end: bool = False


@dataclass(frozen=True)
class ListColumns:
    """The columns of a list, those that are shown first, in their order. is_own: chosen by who asks."""

    columns: list[ListColumn]
    is_own: bool


@query(LOGGED_IN)
def see_columns(tx: Tx, card: str) -> ListColumns:
    """The columns of one's own list of a kind of card. Raises NotFound, Forbidden for who sees no such cards."""
    known = known_columns(tx, card)
    layout = tx.find(ListLayout, (tx.actor.id, card))
    if layout is None:
        return ListColumns(sorted(known.values(), key=lambda column: not column.is_shown), is_own=False)
    chosen = {place["key"]: place["width"] for place in layout.columns if place["key"] in known}
    shown = [_placed(known[key], width, is_shown=True) for key, width in chosen.items()]
    return ListColumns(
        shown + [_placed(c, 0, is_shown=False) for k, c in known.items() if k not in chosen], is_own=True
    )


@query(LOGGED_IN)
def tell_more(tx: Tx, card: str, ids: list[int], keys: list[str]) -> dict[int, dict[str, str]]:
    """What stands in further columns of some rows, in words: by id of the card, by column. Blanks are absent."""
    known = known_columns(tx, card)
    wanted = [key for key in keys if key in known and not known[key].is_face]
    if not wanted or not ids:
        return {}
    own = {field.full: field for field in seen_definitions(tx, card)} if KINDS[card].has_fields else {}
    plain = [key for key in wanted if key not in own]
    asked = [own[key] for key in wanted if key in own]
    rows = tx.all(_values(card, plain, with_own=bool(asked)).where(KINDS[card].model.id.in_(ids[:MOST_ROWS])))
    values = {row.id: values_of(tx, card, row) if asked else {} for row in rows}
    names = names_of(tx, referred(asked, values.values()))
    words, locale = COLUMNS[card].words, tx.actor.locale
    told = {}
    for row in rows:
        hidden = unseen(tx.actor, card, row)
        of_card = {key: in_words(getattr(row, key), locale, words.get(key, "")) for key in plain if key not in hidden}
        of_own = {field.full: show_value(field, values[row.id].get(field.key), locale, names) for field in asked}
        told[row.id] = {key: text for key, text in {**of_card, **of_own}.items() if text}
    return told


def known_columns(tx: Tx, card: str) -> Mapping[str, ListColumn]:
    """Every column that the actor's list can have, by key. Raises NotFound, Forbidden."""
    if card not in COLUMNS:
        raise NotFound()
    if not (tx.actor.is_employee and tx.actor.may(f"{card}.see")):
        raise Forbidden()
    columns, hidden = COLUMNS[card], tx.actor.hidden.get(card, frozenset())
    labels = {**columns.faces, **{key: f"field.{card}.{key}" for key in columns.more if key not in hidden}}
    plain = [_column(columns, key, i18n.text(label, tx.actor.locale)) for key, label in labels.items()]
    own = seen_definitions(tx, card) if KINDS[card].has_fields else []
    return {column.key: column for column in (*plain, *(_own(tx, field) for field in own))}


def _column(columns: Columns, key: str, label: str) -> ListColumn:
    is_face = key in columns.faces
    is_shown = is_face and key not in columns.spare
    return ListColumn(key, label, 0, is_shown=is_shown, is_face=is_face, is_sortable=key in columns.sorts)


def _own(tx: Tx, field: Definition) -> ListColumn:
    return ListColumn(
        field.full, field.name(tx.actor.locale), 0, is_shown=False, is_face=False,
        is_sortable=is_ordered(tx, field), is_end=field.kind in _BY_NUMBER,
    )  # fmt: skip


def _placed(column: ListColumn, width: int, *, is_shown: bool) -> ListColumn:
    return replace(column, width=width, is_shown=is_shown)


def _values(card: str, plain: list[str], *, with_own: bool) -> Any:
    """The columns of the table that are needed; for own fields also those that formulas may use."""
    model: Any = KINDS[card].model
    names = dict.fromkeys(["id", *([PLACES[card].key] if card in PLACES else []), *plain])
    if with_own:
        names |= dict.fromkeys(
            name for name in (*KINDS[card].computed_of, "fields", "currency", "pipeline_id") if hasattr(model, name)
        )
    return select(*(getattr(model, name) for name in names))
