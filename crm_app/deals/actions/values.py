"""Setting a deal's fields: checked, compared with what was there, told in words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.access.models import Employee
from crm_app.cards.actions import field_values
from crm_app.cards.custom_fields import own_texts
from crm_app.cards.merged import standing
from crm_app.clients.models import Client
from crm_app.core import search
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, RuleBroken
from crm_app.deals import rules
from crm_app.deals.models import Deal, DealItem
from crm_app.pipelines.models import Stage

Changes = dict[str, list[Any]]


def set_values(tx: Tx, deal: Deal, values: dict[str, Any]) -> Changes:
    """Give fields new values; gives field → [old, new] as people read them. Raises BadInput for what makes no sense."""
    own = values.get("fields", {})
    if values.get("client_id"):
        values = {**values, "client_id": standing(tx, "client", values["client_id"])}
    changes: Changes = {}
    for field, value in clean_values({name: each for name, each in values.items() if name != "fields"}).items():
        old = getattr(deal, field)
        if old == value:
            continue
        changes[field] = [_shown(tx, deal, field, old), _shown(tx, deal, field, value)]
        setattr(deal, field, value)
    if deal.amount_by_items and "amount" in changes:
        raise RuleBroken("deals.error.amount_by_items", field="amount")
    if "amount_by_items" in changes:
        changes |= sum_up(tx, deal)
    own_changes = field_values.set_values(tx, deal, own, deal.pipeline_id)
    changes |= own_changes
    if changes:
        deal.version += 1
        deal.updated_at = tx.now
    if own_changes or changes.keys() & {"name", "client_id"}:
        index(tx, deal)
    return changes


def clean_values(values: dict[str, Any]) -> dict[str, Any]:
    """The values as they are stored. Raises BadInput."""
    clean = dict(values)
    if "name" in clean:
        clean["name"] = rules.clean_name(clean["name"])
    for field in clean.keys() & {"payment_method", "delivery", "lost_reason"}:
        clean[field] = rules.clean_text(clean[field], field)
    if "amount" in clean:
        rules.check_amount(clean["amount"])
    if "currency" in clean:
        rules.check_currency(clean["currency"])
    return clean


def _shown(tx: Tx, deal: Deal, field: str, value: Any) -> Any:
    """A value as a timeline tells it. Raises BadInput for a client or an employee that isn't there."""
    if field == "client_id":
        client = tx.one(select(Client.name).where(Client.id == value)) if value else ""
        if client is None and value != deal.client_id:
            raise BadInput("deals.error.no_client", field=field)
        return client or ""
    if field == "responsible_id":
        employee = tx.one(select(Employee).where(Employee.id == value))
        if employee is None or (employee.disabled_at is not None and value != deal.responsible_id):
            raise BadInput("deals.error.no_employee", field=field)
        return employee.name
    return value


def sum_up(tx: Tx, deal: Deal) -> Changes:
    """Make the amount the sum of the items, where it is kept that way."""
    if not deal.amount_by_items:
        return {}
    lines = tx.all(select(DealItem).where(DealItem.deal_id == deal.id))
    total = rules.items_total(lines) if lines else None
    rules.check_amount(total)
    if total == deal.amount:
        return {}
    changes: Changes = {"amount": [deal.amount, total]}
    deal.amount = total
    return changes


def check_still_filled(tx: Tx, deal: Deal, emptied: set[str]) -> None:
    """Raises RuleBroken where the stage that a deal is in asks for a field that has just been emptied."""
    asked = tx.one(select(Stage.required_fields).where(Stage.id == deal.stage_id)) or []
    missing = sorted(emptied.intersection(asked))
    if missing:
        raise RuleBroken("deals.error.required_here", reasons=[rules.needs(field) for field in missing])


def index(tx: Tx, deal: Deal) -> None:
    """Make a deal findable by its number, its name, its client's name and its custom texts."""
    client = tx.one(select(Client.name).where(Client.id == deal.client_id)) if deal.client_id else None
    search.put(tx.session, "deal", deal.id or 0, deal.number, deal.name, client, *own_texts(tx, deal))


def told(tx: Tx, deal: Deal) -> dict[str, Any]:
    """What every fact about a deal tells."""
    return {
        "card_id": deal.id or 0,
        "title": deal.name,
        "pipeline_id": deal.pipeline_id,
        "client_id": deal.client_id,
        "by_id": tx.actor.id,
        "by_name": tx.actor.name,
    }
