"""Give a field of the deal a value."""

from __future__ import annotations

from typing import Any

from crm_app.cards.field_rules import PREFIX
from crm_app.core.errors import BadInput
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.drafts import DealDraft
from crm_app.scenarios.asks import Ask
from crm_app.scenarios.steps import Doing, Outcome, StepKind

SETTABLE = ("name", "amount", "payment_method", "delivery")


def _do(doing: Doing) -> Outcome:
    name, value = doing.asked["field"], doing.asked.get("value", "")
    doing.tx.do(change_deal, doing.card_id, DealDraft.model_validate(_values(name, value)))
    return Outcome()


def _values(name: str, value: str) -> dict[str, Any]:
    if name.startswith(PREFIX):
        return {"fields": {name.removeprefix(PREFIX): value or None}}
    if name not in SETTABLE:
        raise BadInput("scenarios.error.field")
    return {name: _minor(value) if name == "amount" else value}


def _minor(typed: str) -> int | None:
    """An amount as it is typed, in minor units; "" for none."""
    plain = "".join(typed.split()).replace(",", ".")
    if not plain:
        return None
    whole, _, part = plain.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) < 13) or len(part) > 2 or (part and not part.isdigit()):
        raise BadInput("scenarios.error.amount")
    return int(whole) * 100 + int((part or "0").ljust(2, "0"))


PLUGIN = StepKind("set_field", (Ask("field", "field"), Ask("value", "text", is_needed=False)), _do)
