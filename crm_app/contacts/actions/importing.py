"""Contacts as files bring them, each at the client that its row names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select

from crm_app.clients.import_kinds import ImportKind, register_import
from crm_app.clients.importer import REMARK
from crm_app.clients.intake import NAME, Batch, Prepared, Told
from crm_app.clients.matching import Likeness, is_same
from crm_app.clients.models import Client
from crm_app.contacts import rules
from crm_app.contacts.actions.cards import derive_names, index_contact, search_parts
from crm_app.contacts.events import ContactAdded, ContactChanged, ContactLinked, ContactRemoved, ContactUnlinked
from crm_app.contacts.intake import COLUMNS, WORKPLACE, ContactIntake, PersonLikeness
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.contacts.queries import MOST_PLACES
from crm_app.core.door import Tx
from crm_app.core.keys import among
from crm_app.core.names import name_key, person_key
from crm_app.core.policy import changeable

_INN, _EMPLOYER, _POSITION = (COLUMNS.index(name) for name in WORKPLACE)
_NOTE = COLUMNS.index("note")

_BY_INN = select(Client.inn, Client.id).where(among(Client.inn, "keys")).order_by(Client.inn)
_BY_NAME = select(Client.match_name, Client.id).where(among(Client.match_name, "keys")).order_by(Client.match_name)
_PATRONYMICS = select(Contact.id, Contact.patronymic).where(among(Contact.id, "ids"))
_PLACES = select(ContactAtClient.contact_id, ContactAtClient.client_id).where(among(ContactAtClient.contact_id, "ids"))
_AT_CLIENTS = (
    select(ContactAtClient.client_id, func.count(), func.count().filter(ContactAtClient.is_main))
    .where(among(ContactAtClient.client_id, "ids"))
    .group_by(ContactAtClient.client_id)
)


class ImportedContacts(ImportKind):
    """People, tied to clients that are there already."""

    card = "contact"
    model = Contact
    intake = ContactIntake
    named_by = frozenset({"name", "last_name", "first_name"})
    keys = ("phones", "emails", "name")
    defaults = ("city", "address", "note", "tags")
    fed_by = {"responsible": ("responsible_id",), "name": rules.PARTS}  # noqa: RUF012
    found_by = frozenset({"city"})
    kept = frozenset({"import_row", "name", "sort_name", "match_name", "fields", *WORKPLACE})
    dates = frozenset({"birthday"})
    added, changed, removed = ContactAdded, ContactChanged, ContactRemoved
    own_facts = (ContactLinked.__name__,)

    def clean(self, values: dict[str, Any]) -> dict[str, Any]:
        return rules.clean_values(values)

    def likenesses(self, tx: Tx, ids: list[int]) -> dict[int, Likeness]:
        known = super().likenesses(tx, ids)
        patronymics = dict(tx.all(_PATRONYMICS, ids=ids)) if known else {}
        return {
            i: PersonLikeness(like.name, "", like.phones, like.emails, patronymic=patronymics.get(i, ""))
            for i, like in known.items()
        }

    def is_same(self, one: Any, other: Any) -> bool:
        """A name alone says nothing where the patronymics differ."""
        if not is_same(one, other):
            return False
        return bool(one.phones & other.phones or one.emails & other.emails) or rules.may_be_one(
            one.patronymic, other.patronymic
        )

    def are_namesakes(self, tx: Tx, like: Likeness, ids: set[int]) -> set[int]:
        patronymics = dict(tx.all(_PATRONYMICS, ids=sorted(ids)))
        mine = getattr(like, "patronymic", "")
        return {each for each in ids if rules.may_be_one(mine, patronymics.get(each, ""))}

    def as_rows(self, tx: Tx, prepared: Sequence[Prepared], options: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = super().as_rows(tx, prepared, options)
        return [{name: value for name, value in row.items() if name not in WORKPLACE} for row in rows]

    def look_over(self, tx: Tx, batch: Batch, options: Mapping[str, Any]) -> None:
        """Find the clients where people work; one that is not found is noted on a new contact, and told."""
        rows = [(each, 0) for each in batch.prepared] + list(batch.changing)
        rows = [(each, card_id) for each, card_id in rows if each.values[_INN] or each.values[_EMPLOYER]]
        if not rows:
            return
        clients = _Workplaces(tx, [each for each, _ in rows])
        there = _places_of(tx, [card_id for _, card_id in rows if card_id])
        told = {each.row: each for each in batch.told}
        for each, card_id in rows:
            client_id, problem = clients.of(each)
            if client_id and (card_id, client_id) not in there and problem == "":
                batch.ties[each.row] = [client_id]
            if problem:
                _remark(told, each, problem)
                if not card_id:
                    _note_workplace(each)
        batch.told = list(told.values())

    def tie(self, tx: Tx, rows: Sequence[tuple[int, Prepared]], ties: Mapping[int, list[int]]) -> None:
        """Put people at their clients: the first at a client of the importer's own is the main one there."""
        named = sorted({client_id for _, each in rows for client_id in ties.get(each.row, [])})
        ours = set(tx.all(select(Client.id).where(Client.id.in_(named), changeable(Client, tx.actor))))
        wants_main = ours - {client_id for client_id, _, has_main in tx.all(_AT_CLIENTS, ids=named) if has_main}
        places: list[dict[str, Any]] = []
        for contact_id, each in rows:
            for client_id in ties.get(each.row, []):
                place = {"contact_id": contact_id, "client_id": client_id, "position": each.values[_POSITION]}
                places.append({**place, "is_main": client_id in wants_main, "since": None, "until": None})
                wants_main.discard(client_id)
                both = {"contact": contact_id, "client": client_id}
                tx.record(ContactLinked(card_id=contact_id, named=both, position=each.values[_POSITION]))
        tx.add_many(ContactAtClient, places)

    def untie(self, tx: Tx, card_id: int, ties: list[int]) -> None:
        mine = (ContactAtClient.contact_id == card_id, ContactAtClient.client_id.in_(ties))
        there = tx.all(select(ContactAtClient.client_id, ContactAtClient.position).where(*mine))
        tx.run(delete(ContactAtClient).where(*mine))
        for client_id, position in there:
            both = {"contact": card_id, "client": client_id}
            tx.record(ContactUnlinked(card_id=card_id, named=both, position=position))

    def compare(
        self, prepared: Prepared, values: dict[str, Any], card: Any, locked: frozenset[str], fed: frozenset[str]
    ) -> dict[str, Any]:
        """Links are added to those that are there."""
        said = super().compare(prepared, values, card, locked, fed)
        if "links" in said:
            links = list(dict.fromkeys([*card.links, *said.pop("links")]))[: rules.MOST_LINKS]
            said |= {"links": links} if links != card.links else {}
        return said

    def derive(self, card: Any) -> None:
        derive_names(card)

    def search_parts(self, tx: Tx, card: Any, phones: list[str], emails: list[str]) -> tuple[str, ...]:
        return search_parts(tx, card, phones, emails)

    def index(self, tx: Tx, card: Any) -> None:
        index_contact(tx, card)


class _Workplaces:
    """The clients that some rows name, of those that the importer sees: by INN, else by name."""

    def __init__(self, tx: Tx, rows: Iterable[Prepared]) -> None:
        named = list(rows)
        self._by_inn = _gathered(tx.all(_BY_INN, keys=sorted({each.values[_INN] for each in named} - {""})))
        self._keys = {
            firm: {name_key(firm), person_key(firm)} for firm in {each.values[_EMPLOYER] for each in named} - {""}
        }
        keys = sorted({key for both in self._keys.values() for key in both if key})
        self._by_name = _gathered(tx.all(_BY_NAME, keys=keys))
        ids = {i for ids in (*self._by_inn.values(), *self._by_name.values()) for i in ids}
        self._room = {i: MOST_PLACES - count for i, count, _ in tx.all(_AT_CLIENTS, ids=sorted(ids))}

    def of(self, each: Prepared) -> tuple[int, str]:
        """The only client that a row names, or 0 and the problem."""
        inn, firm = each.values[_INN], each.values[_EMPLOYER]
        found = self._by_inn.get(inn, set()) if inn else set()
        if not found and firm:
            found = {i for key in self._keys[firm] for i in self._by_name.get(key, ())}
        if len(found) != 1:
            return 0, "contacts.import.many_clients" if found else "contacts.import.no_client"
        (client_id,) = found
        self._room[client_id] = self._room.get(client_id, MOST_PLACES) - 1
        return (client_id, "") if self._room[client_id] >= 0 else (0, "contacts.import.no_room")


def _places_of(tx: Tx, ids: list[int]) -> set[tuple[int, int]]:
    return (
        {(contact_id, client_id) for contact_id, client_id in tx.all(_PLACES, ids=sorted(set(ids)))} if ids else set()
    )


def _remark(told: dict[int, Told], each: Prepared, code: str) -> None:
    """A row whose contact goes in without the client that it names."""
    said = (each.values[_EMPLOYER] or each.values[_INN])[:80]
    problem = ["", "employer" if each.values[_EMPLOYER] else "inn", code, said, "warning", 0]
    line = told.get(each.row) or Told(each.row, REMARK, each.values[NAME][:200])
    told[each.row] = line._replace(problems=[*line.problems, problem])


def _note_workplace(each: Prepared) -> None:
    """Keep what a row says of the workplace among the notes of a new contact."""
    said = ", ".join(part for part in (each.values[_EMPLOYER], each.values[_POSITION]) if part)
    if said and said not in each.values[_NOTE]:
        each.values[_NOTE] = f"{each.values[_NOTE]}\n{said}".strip()


def _gathered(rows: Iterable[Any]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for key, card_id in rows:
        found.setdefault(key, set()).add(card_id)
    return found


register_import(ImportedContacts())
