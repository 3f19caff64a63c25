"""Put a tag on the deal, beside those it has."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.cards.actions.tags import set_tags
from crm_app.cards.models import Tag, Tagging
from crm_app.scenarios.asks import Ask
from crm_app.scenarios.steps import Doing, Outcome, StepKind


def _do(doing: Doing) -> Outcome:
    tag: Any = Tag
    on: Any = Tagging
    on_card = select(tag.name).join(on, on.tag_id == tag.id)
    names = doing.tx.all(on_card.where(on.card == doing.card, on.card_id == doing.card_id))
    doing.tx.do(set_tags, doing.card, doing.card_id, [*names, doing.asked["text"]])
    return Outcome()


PLUGIN = StepKind("tag", (Ask("text", "text"),), _do)
