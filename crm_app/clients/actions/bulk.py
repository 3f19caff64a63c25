"""Many clients at once: those ticked, or all that a filter leaves; each that the actor may change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from crm_app.access.actions.guests import end_access_on_cards
from crm_app.cards.actions.groups import Grouped, add_group, put_into_group
from crm_app.cards.actions.tags import need_tag
from crm_app.cards.events import TagsChanged
from crm_app.cards.filters import Filter
from crm_app.cards.models import Tagging
from crm_app.clients import rules
from crm_app.clients.actions.cards import check_responsible, index_client, learn_words
from crm_app.clients.events import ClientChanged, ClientRemoved, ClientRestored
from crm_app.clients.models import Client
from crm_app.clients.policy import reaches
from crm_app.clients.queries import matching
from crm_app.core import search
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, Forbidden, TooBig

MOST = 5_000
"""Clients that one bulk action changes: so many take about a second, during which nobody else can write."""
FIELDS = ("type", "status", "responsible_id")


@action("client.change")
def change_clients(
    tx: Tx,
    ids: list[int] | None = None,
    where: Filter | None = None,
    q: str = "",
    values: rules.ClientValues | None = None,
    add_tag: str = "",
) -> int:
    """Give clients one type, status, responsible employee, or one more tag. Gives how many have changed.

    ids: those ticked; left out, all that the filter and the text leave. Those that are not the actor's to change stay
    as they are. Raises TooBig for more than MOST.
    """
    rows = _chosen(tx, "client.change", ids, where, q)
    changed: set[int] = set()
    for field, value in _checked(tx, values or {}).items():
        changed |= _set_field(tx, rows, field, value)
    if add_tag:
        changed |= _add_tag(tx, rows, add_tag)
    return len(changed)


@action("client.see")
def group_clients(
    tx: Tx, group: str, ids: list[int] | None = None, where: Filter | None = None, q: str = ""
) -> Grouped:
    """Put clients into a group, by its name; a new name is a new group of one's own.

    Raises BadInput for a bad name, TooBig for more than MOST.
    """
    rows = _chosen(tx, "client.see", ids, where, q)
    return put_into_group(tx, add_group(tx, "client", group), {row.id for row in rows})


@action("client.delete")
def remove_clients(tx: Tx, ids: list[int] | None = None, where: Filter | None = None, q: str = "") -> list[int]:
    """Move clients to the bin. Gives the ids of those that went, for taking it back."""
    going = sorted(row.id for row in _chosen(tx, "client.delete", ids, where, q))
    tx.run(update(Client).where(Client.id.in_(going)).values(deleted_at=tx.now))
    search.drop(tx.session, "client", going)
    end_access_on_cards(tx, going)
    for client_id in going:
        tx.record(ClientRemoved(card_id=client_id))
    return going


@action("client.delete")
def restore_clients(tx: Tx, ids: list[int]) -> int:
    """Take clients out of the bin. Gives how many."""
    if len(ids) > MOST:
        raise TooBig("clients.error.too_many", most=MOST)
    with tx.with_bin():
        rows = tx.all(select(Client).where(Client.id.in_(ids), Client.deleted_at.is_not(None)))
        rows = [row for row in rows if reaches(tx.actor, "client.delete", row.responsible_id)]
        for row in rows:
            row.deleted_at = None
        tx.session.flush()
    for row in rows:
        index_client(tx, row)
        tx.record(ClientRestored(card_id=row.id))
    return len(rows)


def _chosen(tx: Tx, permission: str, ids: list[int] | None, where: Filter | None, q: str) -> list[Any]:
    """Those of the wanted rows that the permission reaches, with the fields that a bulk action changes."""
    statement = select(Client.id, Client.type, Client.status, Client.responsible_id)
    statement = statement.where(Client.id.in_(ids)) if ids is not None else matching(tx, statement, where, q)
    rows = tx.all(statement.limit(MOST + 1))
    if len(rows) > MOST or (ids is not None and len(ids) > MOST):
        raise TooBig("clients.error.too_many", most=MOST)
    return [row for row in rows if reaches(tx.actor, permission, row.responsible_id)]


def _checked(tx: Tx, values: rules.ClientValues) -> dict[str, Any]:
    if not values.keys() <= set(FIELDS):
        raise BadInput("core.error.bad_arguments", fields=", ".join(sorted(values.keys() - set(FIELDS))))
    for name in values.keys() & tx.actor.locked("client"):
        raise Forbidden("core.error.field_read_only", field=name)
    cleaned = rules.clean_values(values)
    if "responsible_id" in cleaned:
        check_responsible(tx, cleaned["responsible_id"])
    for field in rules.WORDS.keys() & cleaned.keys():
        learn_words(tx, field, {cleaned[field]})
    return cleaned


def _set_field(tx: Tx, rows: list[Any], field: str, value: Any) -> set[int]:
    changing = {row.id: getattr(row, field) for row in rows if getattr(row, field) != value}
    if changing:
        values = {field: value, "version": Client.version + 1, "updated_at": tx.now}
        tx.run(update(Client).where(Client.id.in_(changing)).values(values))
    for client_id, old in changing.items():
        tx.record(ClientChanged(card_id=client_id, changes={field: [old, value]}))
    return set(changing)


def _add_tag(tx: Tx, rows: list[Any], name: str) -> set[int]:
    tag = need_tag(tx, name)
    ids = {row.id for row in rows}
    tagged = select(Tagging.card_id).where(Tagging.card == "client", Tagging.tag_id == tag.id)
    without = ids - set(tx.all(tagged.where(Tagging.card_id.in_(ids))))
    if without:
        taggings = [{"card": "client", "card_id": client_id, "tag_id": tag.id} for client_id in sorted(without)]
        tx.add_many(Tagging, taggings)
    if tag.owner_id == 0:
        for client_id in sorted(without):
            tx.record(TagsChanged(kind="client", card_id=client_id, added=[tag.name], removed=[]))
    tx.announce("clients")
    return without
