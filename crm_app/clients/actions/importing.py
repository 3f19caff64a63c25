"""Clients as files bring them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select

from crm_app.cards.rights import is_reached, keeping
from crm_app.clients import rules
from crm_app.clients.actions.cards import derive_names, index_client, learn_words, search_parts
from crm_app.clients.events import ClientAdded, ClientChanged, ClientRemoved
from crm_app.clients.import_kinds import ImportKind, register_import
from crm_app.clients.importer import BAD
from crm_app.clients.intake import COLUMNS, Batch, Intake, Prepared, Told
from crm_app.clients.models import Client, ClientWord
from crm_app.core.door import Tx

_NAME_PARTS = frozenset({"name", "last_name", "first_name", "patronymic"})


class ImportedClients(ImportKind):
    """Companies and people."""

    card = "client"
    model = Client
    intake = Intake
    named_by = frozenset({"name", "last_name", "first_name"})
    keys = ("inn", "phones", "emails", "name")
    defaults = ("type", "status", "activity", "city", "address", "site", "note", "tags")
    words = tuple(rules.WORDS)
    fed_by = {"responsible": ("responsible_id",)} | dict.fromkeys(_NAME_PARTS, ("name",))
    found_by = frozenset({"city", "activity", "site"})
    kept = frozenset({"kind", "import_row", "sort_name", "match_name", "currency", "fields"})
    dates = frozenset({"first_contact", "birthday"})
    added, changed, removed = ClientAdded, ClientChanged, ClientRemoved

    def clean(self, values: dict[str, Any]) -> dict[str, Any]:
        return rules.clean_values(values)

    def keys_by_word(self, word: str) -> dict[str, str]:
        return rules.keys_by_word(word)

    def word_key(self, field: str, word: str) -> str:
        return rules.word_key(field, word)

    def choices(self, locale: str) -> dict[str, list[str]]:
        return {name: [rules.word_label(name, key, locale) for key in keys] for name, keys in rules.WORDS.items()}

    def look_over(self, tx: Tx, batch: Batch, options: Mapping[str, Any]) -> None:
        """Clients of a type that the actor may not add."""
        if not tx.actor.exceptions.get("client.create"):
            return
        cards = [(each, _Card(each)) for each in batch.prepared]
        refused = {each.row: card for each, card in cards if not is_reached(tx.actor, "client.create", card)}
        batch.prepared = [each for each in batch.prepared if each.row not in refused]
        batch.told = [told for told in batch.told if told.row not in refused]
        batch.told += [_told(row, card) for row, card in refused.items()]

    def refusal(self, tx: Tx, client: Any, values: Mapping[str, Any]) -> list[Any] | None:
        word = values.get("type", "")
        if word and not keeping(tx.actor, "client.change", [client], "type", word):
            return ["", "type", "clients.import.others_type", word, "error", 0]
        return None

    def learn(self, tx: Tx, values: Mapping[str, set[str]]) -> list[list[str]]:
        return [[field, word] for field in rules.WORDS for word in learn_words(tx, field, values.get(field, set()))]

    def unlearn(self, tx: Tx, words: Iterable[Sequence[str]]) -> None:
        for field, word in words:
            having = select(func.count()).select_from(Client)
            if not tx.scalar(having.where(getattr(Client, field) == word, Client.deleted_at.is_(None))):
                tx.run(delete(ClientWord).where(ClientWord.field == field, ClientWord.word == word))

    def compare(
        self, prepared: Prepared, values: dict[str, Any], card: Any, locked: frozenset[str], fed: frozenset[str]
    ) -> dict[str, Any]:
        """A sum of another currency is another sum."""
        said = super().compare(prepared, values, card, locked, fed)
        revenue, currency = (prepared.values[self.at[name]] for name in ("revenue", "currency"))
        if "revenue" in locked or revenue is None:
            said.pop("revenue", None)
        elif currency != card.currency and "revenue" in fed:
            said |= {"revenue": revenue, "currency": currency}
        return said

    def beside(self, card: Any) -> dict[str, Any]:
        return {"currency": card.currency}

    def set_beside(self, card: Any, changed: Iterable[str], values: Mapping[str, Any]) -> None:
        if "revenue" in changed and "currency" in values:
            card.currency = values["currency"]

    def derive(self, card: Any) -> None:
        derive_names(card)

    def search_parts(self, tx: Tx, card: Any, phones: list[str], emails: list[str]) -> tuple[str, ...]:
        return search_parts(tx, card, phones, emails)

    def index(self, tx: Tx, card: Any) -> None:
        index_client(tx, card)


class _Card:
    """A new client by the names of its columns, as far as rights ask."""

    def __init__(self, prepared: Prepared) -> None:
        self.__dict__.update(zip(COLUMNS, prepared.values, strict=True))


def _told(row: int, card: Any) -> Told:
    problem = ["", "type", "clients.import.others_type", card.type or card.kind, "error", 0]
    return Told(row, BAD, card.name[:200], problems=[problem])


register_import(ImportedClients())
