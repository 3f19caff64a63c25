"""Two contacts made one; and where contacts work, when they or the clients are made one."""

from __future__ import annotations

from sqlalchemy import select

from crm_app.clients.pairs import find_pairs
from crm_app.contacts import rules
from crm_app.contacts.actions.cards import derive_names, index_contact
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.core.door import Tx
from crm_app.core.keys import among
from crm_app.duplicates.kinds import FoundPair, Mergeable, register_mergeable
from crm_app.duplicates.moving import Moves
from crm_app.duplicates.ties import settles, tie

_PATRONYMICS = select(Contact.id, Contact.patronymic).where(among(Contact.id, "ids"))


def check_merged(tx: Tx, kept: Contact, absorbed: Contact) -> None:
    """Raises BadInput for a note that has become too long."""
    rules.clean_values({"note": kept.note})


def one_main(moves: Moves) -> None:
    """A client has one main contact: of two, the one whom the card that stays had."""
    arrived = set(moves.moved.get("contact_at_client.client_id", ()))
    mains = select(ContactAtClient).where(ContactAtClient.client_id == moves.kept_id, ContactAtClient.is_main.is_(True))
    found = moves.tx.all(mains.order_by(ContactAtClient.contact_id))
    filled = {
        each["key"]["contact_id"]
        for each in moves.changed
        if each["table"] == "contact_at_client" and each["name"] == "is_main"
    }
    found.sort(key=lambda place: (place.contact_id in arrived or place.contact_id in filled, place.contact_id))
    for place in found[1:]:
        moves.change(place, "is_main", False)


def find_contact_pairs(tx: Tx, ids: list[int]) -> list[FoundPair]:
    """Pairs that some contacts are part of; people of one name whose patronymics differ are none."""
    found = find_pairs(tx, "contact", ids)
    named = sorted({card_id for pair in found for card_id in (pair.one_id, pair.other_id)})
    known = dict(tx.all(_PATRONYMICS, ids=named)) if named else {}
    return [pair for pair in found if rules.may_be_one(known.get(pair.one_id, ""), known.get(pair.other_id, ""))]


register_mergeable(
    Mergeable(
        "contact",
        fields=tuple(name for name in rules.FIELDS if name not in ("phones", "emails")),
        joined=frozenset({"links", "note"}),
        derive=derive_names,
        check=check_merged,
        index=index_contact,
        find=find_contact_pairs,
    )
)
tie(ContactAtClient, "contact_id", card="contact")
tie(ContactAtClient, "client_id", card="client")
settles("client", one_main)
