"""One client: added, changed, moved to the bin and back."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select

from crm_app.access.actions.guests import end_access_on_cards, part_from_cards
from crm_app.access.models import Guest
from crm_app.cards.actions.bin import bin_card, unbin_card
from crm_app.cards.actions.changing import assign, check_given, check_responsible, oneself
from crm_app.cards.actions.field_values import first_values, set_values
from crm_app.cards.actions.pictures import check_picture
from crm_app.cards.actions.setting_back import register_history
from crm_app.cards.bins import BinKind, register_bin
from crm_app.cards.custom_fields import own_texts
from crm_app.cards.hanging import lets_go, outlives
from crm_app.cards.kinds import FIELD_WRITERS
from crm_app.cards.rights import check_kept, is_reached
from crm_app.cards.sources import check_source
from crm_app.cards.ways import change_ways, emails_of, phones_of, put_emails, put_phones
from crm_app.clients import rules
from crm_app.clients.alike import alike, refuse_alike
from crm_app.clients.events import ClientAdded, ClientChanged, ClientRemoved, ClientRestored
from crm_app.clients.matching import name_of
from crm_app.clients.models import TEXTS, Client, ClientWord, ImportChange, ImportRow
from crm_app.clients.queries import likeness_of
from crm_app.clients.unseen import with_unseen
from crm_app.core import search
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden, RuleBroken
from crm_app.core.folding import fold
from crm_app.core.money import Money


@action("client.create")
def add_client(tx: Tx, values: rules.ClientValues, force: bool = False) -> Client:
    """Add a client. Without `force`, one that is there already is proposed instead.

    The responsible employee is, unless named, who adds it. Raises BadInput with a reason for each wrong field,
    RuleBroken ("duplicate") with a reason for each client that may be the same.
    """
    cleaned = rules.clean_values({"name": "", "kind": "company", "responsible_id": oneself(tx), **values})
    check_source(tx, "client")
    check_responsible(tx, cleaned["responsible_id"])
    check_given(tx, "client", cleaned)
    check_picture(tx, "client", 0, cleaned)
    if not force:
        _check_alike(tx, cleaned)
    client = Client(
        kind="", name="", sort_name="", source=tx.actor.via, created_by_id=oneself(tx), created_at=tx.now,
        updated_at=tx.now,
    )  # fmt: skip
    phones, emails = cleaned.pop("phones", []), cleaned.pop("emails", [])
    _assign(client, cleaned)
    if not is_reached(tx.actor, "client.create", client):
        raise Forbidden("clients.error.for_others", field="responsible_id")
    client.fields = first_values(tx, "client", values.get("fields", {}))
    tx.add(client)
    put_phones(tx, "client", client.id, phones)
    put_emails(tx, "client", client.id, emails)
    learn_words(tx, "type", {client.type})
    learn_words(tx, "status", {client.status})
    search.put(tx.session, "client", client.id, *search_parts(tx, client, [p.number for p in phones], emails))
    tx.record(ClientAdded(card_id=client.id, name=client.name))
    return client


@action("client.change")
def change_client(tx: Tx, client_id: int, values: rules.ClientValues, version: int | None = None) -> Client:
    """Change fields of a client. version: what one has seen; another's change since then is a conflict.

    Raises BadInput with a reason for each wrong field, RuleBroken for a conflict.
    """
    client = tx.need(Client, client_id)
    if version is not None and version != client.version:
        raise RuleBroken("core.error.conflict")
    cleaned = rules.clean_values(values)
    if cleaned.get("responsible_id") != client.responsible_id and "responsible_id" in cleaned:
        check_responsible(tx, cleaned["responsible_id"])
    check_picture(tx, "client", client_id, cleaned)
    changes = change_ways(tx, "client", client_id, cleaned.pop("phones", None), cleaned.pop("emails", None))
    changes |= _assign(client, cleaned) | set_values(tx, client, values.get("fields", {}))
    if not changes:
        return client
    check_kept(tx.actor, "client.change", client, changes)
    client.version += 1
    client.updated_at = tx.now
    for field in rules.WORDS.keys() & changes.keys():
        learn_words(tx, field, {getattr(client, field)})
    if client.kind != "person" and "kind" in changes:
        end_access_on_cards(tx, [client_id])
    index_client(tx, client)
    tx.record(ClientChanged(card_id=client_id, changes=changes))
    return client


def _write_fields(tx: Tx, client_id: int, fields: dict[str, Any], version: int | None) -> None:
    tx.do(change_client, client_id, {"fields": fields}, version=version)


def _write_back(tx: Tx, client_id: int, values: dict[str, Any], version: int) -> None:
    """Give fields values as they are stored, as a person would. See cards/actions/setting_back.py."""
    if values.get("revenue") is not None:
        values = {**values, "revenue": str(Money(values["revenue"], tx.need(Client, client_id).currency))}
    tx.do(change_client, client_id, cast("rules.ClientValues", values), version=version)


FIELD_WRITERS["client"] = _write_fields
register_history("client", _write_back)


@action("client.delete")
def remove_client(tx: Tx, client_id: int) -> None:
    """Move a client to the bin."""
    bin_card(tx, "client.delete", Client, client_id, ClientRemoved)
    end_access_on_cards(tx, [client_id])


@action("client.delete")
def restore_client(tx: Tx, client_id: int) -> Client:
    """Take a client out of the bin."""
    return unbin_card(tx, "client.delete", Client, client_id, ClientRestored, index_client)


def index_client(tx: Tx, client: Client) -> None:
    """Write a client's text into the search index."""
    phones = [phone.number for phone in phones_of(tx, "client", client.id)]
    search.put(tx.session, "client", client.id, *search_parts(tx, client, phones, emails_of(tx, "client", client.id)))


def search_parts(tx: Tx, client: Client, phones: list[str], emails: list[str]) -> tuple[str, ...]:
    """What a client is found by."""
    about = (client.name, client.city, client.activity, client.inn, *(getattr(client, name) for name in TEXTS))
    return (*about, *phones, *emails, *own_texts(tx, client))


def learn_words(tx: Tx, field: str, words: set[str]) -> list[str]:
    """Remember types or statuses of the company's own, so that filters offer them; gives those that are new."""
    own = {word for word in words if rules.is_own_word(field, word)}
    if not own:
        return []
    known = tx.all(select(ClientWord.word).where(ClientWord.field == field, ClientWord.word.in_(own)))
    new = sorted(own - set(known))
    for word in new:
        tx.add(ClientWord(field=field, word=word))
    return new


def _check_alike(tx: Tx, cleaned: dict[str, Any]) -> None:
    like = likeness_of(
        cleaned["name"], cleaned["kind"], cleaned.get("inn", ""), cleaned.get("phones", []), cleaned.get("emails", [])
    )
    refuse_alike(with_unseen(tx, "client", like, alike(tx, "client", like)), "clients.error.duplicate")


def _assign(client: Client, cleaned: dict[str, Any]) -> dict[str, list[Any]]:
    """Set fields; gives what has changed as [old, new], in plain JSON."""
    revenue = cleaned.get("revenue")
    if isinstance(revenue, Money):
        client.currency, cleaned["revenue"] = revenue.currency, revenue.minor
    changes = assign(client, cleaned)
    if changes.keys() & {"name", "kind"}:
        derive_names(client)
    return changes


def derive_names(client: Client) -> None:
    """Set what follows from the name: by what it is sorted, and compared with others."""
    client.sort_name = fold(client.name)
    client.match_name = name_of(client.name, client.kind)


register_bin("client", BinKind(restore_client, remove_client, ClientRemoved))
lets_go(Guest, "card_id", "client", by=part_from_cards)
outlives(ImportChange, "card_id", "an undo finds no card there, and says so")
outlives(ImportRow, "card_id", "the report of an import tells what was found then")
