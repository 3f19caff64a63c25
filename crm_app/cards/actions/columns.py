"""The columns of one's own lists: chosen, put in order, sized, and as they come again."""

from __future__ import annotations

from crm_app.cards.columns import COLUMNS, MOST, NARROWEST, WIDEST, Place
from crm_app.cards.models import ListLayout
from crm_app.cards.queries.columns import known_columns
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput


@action(LOGGED_IN)
def set_columns(tx: Tx, card: str, columns: list[Place]) -> None:
    """Remember which columns one's list of a kind of card has, in their order.

    Raises NotFound for a kind without such a list, Forbidden for who does not see it, BadInput for a column that is
    none, stands there twice, or is too narrow or too wide, and for a list without names.
    """
    known = known_columns(tx, card)
    keys = [place["key"] for place in columns]
    for key in keys:
        if key not in known:
            raise BadInput("cards.columns.error.unknown", field="columns", name=key[:60])
    if len({*keys}) != len(keys) or len(keys) > MOST or COLUMNS[card].always not in keys:
        raise BadInput("cards.columns.error.order", field="columns")
    if any(place["width"] and not NARROWEST <= place["width"] <= WIDEST for place in columns):
        raise BadInput("cards.columns.error.width", field="columns", least=NARROWEST, most=WIDEST)
    plain = [{"key": place["key"], "width": place["width"]} for place in columns]
    layout = tx.find(ListLayout, (tx.actor.id, card))
    if layout is None:
        tx.add(ListLayout(employee_id=tx.actor.id, card=card, columns=plain))
    else:
        layout.columns = plain


@action(LOGGED_IN)
def reset_columns(tx: Tx, card: str) -> None:
    """Have the columns that a list comes with. Raises NotFound, Forbidden."""
    known_columns(tx, card)
    layout = tx.find(ListLayout, (tx.actor.id, card))
    if layout is not None:
        tx.remove(layout)
