"""Many clients at once: those ticked, or all that a filter leaves; each that the actor may change."""

from __future__ import annotations

from typing import Any

from crm_app.access.actions.guests import end_access_on_cards
from crm_app.cards.actions.bulk import bin_cards, chosen, set_field, tag_cards, unbin_cards
from crm_app.cards.actions.changing import check_responsible
from crm_app.cards.actions.groups import Grouped, add_group, put_into_group
from crm_app.cards.filters import Filter
from crm_app.cards.rights import keeping
from crm_app.clients import rules
from crm_app.clients.actions.cards import index_client, learn_words
from crm_app.clients.events import ClientChanged, ClientRemoved, ClientRestored
from crm_app.clients.models import Client
from crm_app.clients.queries import CLIENTS
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, Forbidden

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
    rows = chosen(tx, "client.change", CLIENTS, ids, where, q, Client.type, Client.status)
    changed: set[int] = set()
    for field, value in _checked(tx, values or {}).items():
        changed |= set_field(
            tx, Client, keeping(tx.actor, "client.change", rows, field, value), field, value, ClientChanged
        )
    if add_tag:
        changed |= tag_cards(tx, "client", [row.id for row in rows], add_tag)
    return len(changed)


@action("client.see")
def group_clients(
    tx: Tx, group: str, ids: list[int] | None = None, where: Filter | None = None, q: str = ""
) -> Grouped:
    """Put clients into a group, by its name; a new name is a new group of one's own.

    Raises BadInput for a bad name, TooBig for more than MOST.
    """
    rows = chosen(tx, "client.see", CLIENTS, ids, where, q)
    return put_into_group(tx, add_group(tx, "client", group), {row.id for row in rows})


@action("client.delete")
def remove_clients(tx: Tx, ids: list[int] | None = None, where: Filter | None = None, q: str = "") -> list[int]:
    """Move clients to the bin. Gives the ids of those that went, for taking it back."""
    going = sorted(row.id for row in chosen(tx, "client.delete", CLIENTS, ids, where, q))
    bin_cards(tx, Client, going, ClientRemoved)
    end_access_on_cards(tx, going)
    return going


@action("client.delete")
def restore_clients(tx: Tx, ids: list[int]) -> int:
    """Take clients out of the bin. Gives how many."""
    rows = unbin_cards(tx, "client.delete", Client, ids, ClientRestored)
    for row in rows:
        index_client(tx, row)
    return len(rows)


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
