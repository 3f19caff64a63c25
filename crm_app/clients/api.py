"""What programs do with clients."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, cast

from typing_extensions import TypedDict

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import (
    Body,
    FieldsBody,
    FieldsJson,
    Id,
    MoneyBody,
    MoneyJson,
    Words,
    money,
    shaped,
)
from crm_app.cards.card_api import CardApi, add_card_endpoints
from crm_app.cards.custom_fields import stored_json, values_json
from crm_app.cards.picture_api import add_picture_endpoints
from crm_app.clients.actions.cards import add_client, change_client, remove_client, restore_client
from crm_app.clients.alike_json import AlikeCards, alike_json, alike_to_sent
from crm_app.clients.models import Client
from crm_app.clients.queries import (
    ClientCard,
    ClientRow,
    count_clients,
    find_activities,
    find_duplicates,
    list_clients,
    see_client,
)
from crm_app.clients.rules import ClientValues
from crm_app.core.door import Tx

endpoints = Endpoints()


class ClientValuesBody(Body):
    """What is said of a client. type, status: a built-in key, or one's own word; phones, emails: the main first."""

    kind: Literal["company", "person"] = "company"
    type: str = ""
    status: str = ""
    activity: str = ""
    responsible_id: Id | None = None
    phones: list[str] = []
    emails: list[str] = []
    site: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    bic: str = ""
    account: str = ""
    bank: str = ""
    corr_account: str = ""
    accounts: str = ""
    city: str = ""
    address: str = ""
    contact_name: str = ""
    position: str = ""
    employer: str = ""
    first_contact: date | None = None
    birthday: date | None = None
    revenue: MoneyBody | None = None
    note: str = ""
    fields: FieldsBody = {}

    def values(self) -> ClientValues:
        """What was sent, as the action takes it."""
        told = {name: value for name, value in self.told().items() if name not in ("version", "force")}
        if self.revenue is not None:
            told["revenue"] = f"{self.revenue.amount} {self.revenue.currency}"
        return cast("ClientValues", told)


class ClientBody(ClientValuesBody):
    """A client to be added. force: even where one that may be the same is there already."""

    name: str
    force: bool = False


class ClientChanges(ClientValuesBody):
    """What is to be changed of a client. version: as it was seen; another's change since then is a conflict."""

    name: str = ""
    version: int | None = None


class ClientInList(TypedDict):
    """A client in a list. revenue: of a year; phone, email: the main ones; picture: see ClientJson."""

    id: int
    kind: str
    name: str
    picture: str
    type: str
    status: str
    responsible_id: int | None
    responsible: str
    city: str
    revenue: MoneyJson | None
    phone: str
    email: str
    tags: list[str]
    is_starred: bool
    fields: FieldsJson
    updated_at: datetime


class ClientJson(TypedDict):
    """All of one client. phones: as E.164; may_change, may_delete: by the holder of the key.

    picture: by what its content is known, "" for none; the picture itself is at /clients/{id}/picture.
    """

    id: int
    kind: str
    name: str
    picture: str
    type: str
    status: str
    activity: str
    responsible_id: int | None
    responsible: str
    phones: list[str]
    emails: list[str]
    site: str
    inn: str
    kpp: str
    ogrn: str
    bic: str
    account: str
    bank: str
    corr_account: str
    accounts: str
    city: str
    address: str
    contact_name: str
    position: str
    employer: str
    first_contact: date | None
    birthday: date | None
    revenue: MoneyJson | None
    note: str
    source: str
    version: int
    fields: FieldsJson
    created_at: datetime
    updated_at: datetime
    tags: list[str]
    is_starred: bool
    may_change: bool
    may_delete: bool


class ClientChanged(ClientJson):
    """A client after a change. alike: others that have an INN, a telephone or an address that was sent."""

    alike: AlikeCards


@endpoints.get("/clients/duplicates", "client.see")
def clients_alike(
    tx: Tx,
    name: Words = "",
    kind: Literal["company", "person"] = "company",
    inn: Words = "",
    phone: Words = "",
    email: Words = "",
) -> AlikeCards:
    """Clients that may be the one described, before it is added."""
    ways = {"phones": [phone] if phone else [], "emails": [email] if email else []}
    return alike_json(seen(tx, find_duplicates, name=name, kind=kind, inn=inn, **ways))


class ActivityJson(TypedDict):
    """code, name: of OKVED 2; text: both, as the field of a client holds them."""

    code: str
    name: str
    text: str


class Activities(TypedDict):
    """What is found."""

    data: list[ActivityJson]


@endpoints.get("/activities", "client.see")
def activities(tx: Tx, q: Words = "") -> Activities:
    """Activities by OKVED 2 whose code begins with what is asked, or whose name holds its words."""
    found = [(text, text.partition(" ")) for text in seen(tx, find_activities, words=q)]
    return {"data": [{"code": code, "name": name, "text": text} for text, (code, _, name) in found]}


def _client(tx: Tx, client_id: int) -> ClientJson:
    tx.session.flush()
    card = seen(tx, see_client, client_id=client_id)
    return shaped(ClientJson, card, **_told(card), fields=values_json(tx, "client", card.fields))


def _alike(tx: Tx, client_id: int, values: ClientValues) -> AlikeCards:
    inn = tx.need(Client, client_id).inn
    return alike_to_sent(tx, find_duplicates, client_id, values, inn=inn)


def _lines(tx: Tx, rows: list[ClientRow]) -> list[ClientInList]:
    own = stored_json(tx, "client", [row.id for row in rows])
    return [shaped(ClientInList, row, **_told(row), fields=own[row.id]) for row in rows]


def _told(row: ClientRow | ClientCard) -> dict[str, Any]:
    return {"revenue": money(row.revenue, row.currency), "responsible_id": row.responsible_id or None}


add_card_endpoints(
    endpoints,
    CardApi(
        card="client", body=ClientBody, changes=ClientChanges, line=ClientInList, whole=ClientJson,
        changed=ClientChanged, lines=_lines, told=_client, alike=_alike, list_cards=list_clients,
        count_cards=count_clients, add=add_client, change=change_client, remove=remove_client, restore=restore_client,
    ),
    sorts="name, type, status, city, revenue, first_contact, created_at, updated_at, or fields.KEY of a custom field",
    more="\nComputed custom fields are told by each client alone.",
)  # fmt: skip
add_picture_endpoints(endpoints, "client")
