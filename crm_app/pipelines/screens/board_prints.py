"""What the browser was last told of a board: so it is told only of what looks different, and never of its own drop."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Column = Mapping[str, Any]
"""A column as a board has it: id, title, colour, asks, count, sum, other_sum and cards, each with id and amount."""


@dataclass(frozen=True)
class Drop:
    """A card that was let go: where it was, and where it is on the screen now."""

    drop_id: str
    card_id: int
    from_stage: int
    to_stage: int
    index: int


@dataclass
class Print:
    """What a column looked like when the browser was last told: enough to know whether it has to be told again.

    cards: (id, what it looks like, what it adds to the sum), from the top.
    """

    count: int
    sum: int
    rest: str
    cards: list[tuple[int, int, int]]


def print_of(column: Column) -> Print:
    """The print of a column."""
    cards = [(card["id"], hash(json.dumps(card, sort_keys=True)), card["amount"]) for card in column["cards"]]
    rest = [column["other_sum"], column["title"], column["colour"], column["asks"]]
    rest += [column.get("limit"), column.get("load")]
    return Print(column["count"], column["sum"], json.dumps(rest), cards)


def changes(prints: dict[int, Print], fresh: Sequence[Column]) -> list[Any]:
    """What the browser must be told of columns as they are now, noted as told.

    A card that it holds already, in whatever column, is named and not sent: of a move only the card that has moved is.
    """
    held = {card[:2] for shown in prints.values() for card in shown.cards}
    touched: list[Any] = []
    for column in fresh:
        now = print_of(column)
        if now != prints.get(column["id"]):
            prints[column["id"]] = now
            cards = [card for card, told in zip(column["cards"], now.cards, strict=True) if told[:2] not in held]
            touched.append({**column, "cards": cards, "order": [card[0] for card in now.cards]})
    return touched


def neighbours(prints: dict[int, Print], drop: Drop) -> dict[str, int]:
    """Next to which card the person put it, as the browser showed the column."""
    shown = prints.get(drop.to_stage)
    others = [card[0] for card in shown.cards if card[0] != drop.card_id] if shown else []
    if others and drop.index < len(others):
        return {"before_id": others[max(0, drop.index)]}
    return {"after_id": others[-1]} if others else {}


def carry(prints: dict[int, Print], drop: Drop, *, is_shown: bool) -> None:
    """Do to the prints what the browser did to the columns at a drop. is_shown: the second is a column, not a zone."""
    here, there = prints.get(drop.from_stage), prints.get(drop.to_stage)
    card = next((card for card in here.cards if card[0] == drop.card_id), None) if here else None
    if here is None or there is None or card is None:
        return
    here.cards.remove(card)
    here.count, here.sum = here.count - 1, here.sum - card[2]
    there.count, there.sum = there.count + 1, there.sum + card[2]
    if is_shown:
        there.cards.insert(max(0, drop.index), card)
