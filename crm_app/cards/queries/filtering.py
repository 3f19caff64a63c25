"""What a list can be filtered by, and what a filter that is being put together would leave."""

from __future__ import annotations

from dataclasses import dataclass

from crm_app.cards.custom_fields import custom_filters, seen_definitions
from crm_app.cards.field_rules import PREFIX
from crm_app.cards.filter_words import describe
from crm_app.cards.filters import FieldKind, Filter, FilterField, is_there_for
from crm_app.cards.kinds import KINDS
from crm_app.cards.lists import asked_of, need_list
from crm_app.cards.queries.shelf import count_some
from crm_app.core import i18n
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query


@dataclass(frozen=True)
class AskableField:
    """A field that a filter may ask about. label_key: of its name among the texts, "" for a name of the company's own.

    options: value and name of what there is to choose from, None where a value is typed; by_part, is_offered: as in
    filters.FilterField.
    """

    name: str
    label: str
    label_key: str
    kind: FieldKind
    options: list[tuple[str, str]] | None
    by_part: bool
    is_offered: bool


@dataclass(frozen=True)
class FilterPreview:
    """A filter in words, and how many cards it leaves, at most shelf.COUNTED + 1."""

    words: str
    count: int


@query(LOGGED_IN)
def list_askable(tx: Tx, card: str) -> list[AskableField]:
    """The fields of a list that the actor may ask about: the card's own in their order, then the company's.

    Raises NotFound for no list, Forbidden for one that the actor does not see.
    """
    card_list = need_list(tx, card)
    hidden = tx.actor.hidden.get(card, frozenset())
    own = custom_filters(tx, card, KINDS[card].model)
    seen = {each.full: own[each.full] for each in seen_definitions(tx, card) if each.full in own}
    fields = {name: each for name, each in {**card_list.fields, **seen}.items() if is_there_for(tx, each)}
    return [_face(tx, name, each) for name, each in fields.items() if name not in hidden]


@query(LOGGED_IN)
def preview_filter(tx: Tx, card: str, conditions: Filter) -> FilterPreview:
    """What a filter says and leaves. Raises BadInput for one that can't be asked, and what need_list raises."""
    card_list = need_list(tx, card)
    count = count_some(tx, card_list, conditions)
    return FilterPreview(describe(tx, conditions, asked_of(tx, card_list, conditions), card), count)


def _face(tx: Tx, name: str, field: FilterField) -> AskableField:
    label, key = i18n.text(field.label, tx.actor.locale), "" if name.startswith(PREFIX) else field.label
    options = field.options(tx) if field.options is not None else None
    return AskableField(name, label, key, field.kind, options, field.by_part, field.is_offered)
