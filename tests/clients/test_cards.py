"""One client: added, changed, in the bin; and who must not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from crm_app.cards.queries.every_card import search_cards, see_timeline
from crm_app.clients.actions.cards import add_client, change_client, remove_client, restore_client
from crm_app.clients.queries import (
    count_clients,
    find_activities,
    find_duplicates,
    list_clients,
    list_words,
    see_client,
)
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import dry_run, perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from tests import make

ACCOUNT = "40702810938000000001"
VECTOR = {
    "name": "  ООО «Вектор» ", "kind": "company", "type": "клиент", "status": "Постоянный", "city": "Тула",
    "phones": ["8 (915) 123-45-67"], "emails": ["Info@Vector.ru"], "inn": "7707083893", "site": "vector.ru",
    "revenue": "1 250 000,50", "first_contact": "21.11.2026",
}  # fmt: skip


def test_a_client_is_kept_as_its_fields_are_read(ann: Actor) -> None:
    card = perform(ann, see_client, client_id=perform(ann, add_client, values=VECTOR).id)
    assert (card.name, card.type, card.status) == ("ООО «Вектор»", "customer", "regular")
    assert (card.phones, card.emails) == (["+79151234567"], ["info@vector.ru"])
    assert (card.revenue, card.currency, str(card.first_contact)) == (125000050, "RUB", "2026-11-21")
    assert (card.responsible, card.site, card.source) == ("Анна", "https://vector.ru", "screen")
    assert card.may_change and card.may_delete


def test_an_activity_is_found_by_words_and_a_bare_code_gets_its_name(ann: Actor, greg: Actor) -> None:
    offered = perform(ann, find_activities, words="оптовая станки")
    assert offered[0] == "46.62 Торговля оптовая станками"
    card = perform(ann, add_client, values={"name": "Ока", "activity": "46.62"})
    assert perform(ann, see_client, client_id=card.id).activity == offered[0]
    assert perform(ann, find_activities, words="x" * 100_000) == []
    with pytest.raises(BadInput):
        perform(ann, find_activities, words=["46"])
    for nobody in (greg, NOBODY):
        with pytest.raises((Forbidden, NeedsLogin)):
            perform(nobody, find_activities, words="46")


def test_accounts_are_checked_by_their_banks(ann: Actor) -> None:
    bank = {"bic": "044525225", "bank": "ПАО Сбербанк", "corr_account": "3010 1810 4000 0000 0225"}
    card = perform(ann, add_client, values={"name": "Ока", **bank, "accounts": f"р/с {ACCOUNT} БИК 044525225\n"})
    seen = perform(ann, see_client, client_id=card.id)
    assert (seen.bank, seen.corr_account) == ("ПАО Сбербанк", "30101810400000000225")
    assert seen.accounts == f"{ACCOUNT}, БИК 044525225"
    wrong = {"corr_account": "30101810400000000226", "bic": "044525225", "accounts": "в Сбербанке"}
    with pytest.raises(BadInput) as refused:
        perform(ann, change_client, client_id=card.id, values=wrong)
    assert {reason.field for reason in refused.value.reasons} == {"corr_account", "accounts"}
    assert perform(ann, see_client, client_id=card.id).accounts == seen.accounts


def test_every_wrong_field_is_named_at_once(ann: Actor) -> None:
    wrong = {"name": " ", "phones": ["позвонить Свете"], "inn": "7707083890", "birthday": "31.02.2020"}
    with pytest.raises(BadInput) as refused:
        perform(ann, add_client, values=wrong)
    assert [reason.field for reason in refused.value.reasons] == ["name", "phones", "inn", "birthday"]
    assert perform(ann, list_clients).rows == []


def test_an_unknown_field_is_refused(ann: Actor) -> None:
    with pytest.raises(BadInput):
        perform(ann, add_client, values={"name": "Вектор", "deleted_at": None})


@pytest.mark.parametrize(
    ("again", "by"),
    [
        ({"name": "Другая", "inn": "7707083893"}, "inn"),
        ({"name": "Другая", "phones": ["+7 915 123 45 67"]}, "phone"),
        ({"name": "Вектор, ООО", "emails": ["info@vector.ru"]}, "email"),
        ({"name": "ВЕКТОР ооо"}, "name"),
    ],
)
def test_one_that_is_there_already_is_proposed_instead(ann: Actor, again: dict, by: str) -> None:
    first = perform(ann, add_client, values=VECTOR)
    with pytest.raises(RuleBroken, match="Вектор") as refused:
        perform(ann, add_client, values=again)
    (reason,) = refused.value.reasons
    assert (reason.field, reason.params["id"]) == (by, first.id)
    assert [a.id for a in perform(ann, find_duplicates, **again)] == [first.id]
    assert perform(ann, add_client, values=again, force=True).id != first.id


def test_what_speaks_against_it_is_no_duplicate(ann: Actor) -> None:
    perform(ann, add_client, values=VECTOR)
    assert perform(ann, find_duplicates, name="Вектор", phones=["+7 495 000-00-01"]) == []
    assert perform(ann, find_duplicates, name="Вектор", inn="500100732259") == []
    assert perform(ann, find_duplicates, name="", phones=["не телефон"]) == []


def test_a_change_tells_what_was_before(ann: Actor) -> None:
    client = perform(ann, add_client, values=VECTOR)
    perform(ann, change_client, client_id=client.id, values={"status": "current", "phones": [], "city": "Тула"})
    fact = perform(ann, see_timeline, card="client", card_id=client.id)[0]
    assert fact.name == "ClientChanged"
    assert fact.details["changes"] == {"phones": [["+79151234567"], []], "status": ["regular", "current"]}
    assert perform(ann, see_client, client_id=client.id).version == 2


def test_nothing_changed_is_no_fact(ann: Actor) -> None:
    client = perform(ann, add_client, values=VECTOR)
    perform(ann, change_client, client_id=client.id, values={"city": " Тула "})
    assert [fact.name for fact in perform(ann, see_timeline, card="client", card_id=client.id)] == ["ClientAdded"]


def test_a_change_of_what_another_has_changed_is_a_conflict(ann: Actor) -> None:
    client = make.client(ann)
    perform(ann, change_client, client_id=client.id, values={"city": "Орёл"}, version=1)
    with pytest.raises(RuleBroken):
        perform(ann, change_client, client_id=client.id, values={"city": "Тула"}, version=1)


def test_a_client_is_found_by_its_new_name_and_not_by_the_old(ann: Actor) -> None:
    client = make.client(ann, "Ёлкин Пётр")
    perform(ann, change_client, client_id=client.id, values={"name": "Берёзов Пётр"})
    assert [row.id for row in perform(ann, list_clients, q="березов").rows] == [client.id]
    assert perform(ann, list_clients, q="елкин").rows == []


def test_a_word_of_the_companys_own_is_learnt(ann: Actor) -> None:
    make.client(ann, type="Инвестор")
    assert perform(ann, list_words, field="type")[-1] == "Инвестор"
    assert "Инвестор" not in perform(ann, list_words, field="status")


def test_the_bin_and_back(ann: Actor) -> None:
    client = make.client(ann, "Вектор")
    perform(ann, remove_client, client_id=client.id)
    assert perform(ann, list_clients).rows == []
    with pytest.raises(NotFound):
        perform(ann, see_client, client_id=client.id)
    perform(ann, restore_client, client_id=client.id)
    assert [row.name for row in perform(ann, list_clients, q="вектор").rows] == ["Вектор"]


def test_a_dry_run_leaves_nothing(ann: Actor) -> None:
    assert dry_run(ann, add_client, values=VECTOR).id
    assert perform(ann, list_clients).rows == []


def test_a_client_is_handed_over(ann: Actor, olga: Actor) -> None:
    client = make.client(ann)
    perform(ann, change_client, client_id=client.id, values={"responsible_id": olga.id})
    with pytest.raises(Forbidden):
        perform(ann, change_client, client_id=client.id, values={"responsible_id": ann.id})
    assert perform(ann, see_client, client_id=client.id).may_change is False


def test_nobody_unknown_becomes_responsible(ann: Actor) -> None:
    with pytest.raises(BadInput, match="сотрудник"):
        perform(ann, change_client, client_id=make.client(ann).id, values={"responsible_id": 999})


def test_another_department_does_not_exist(ann: Actor, bob: Actor) -> None:
    client = make.client(bob)
    for attempt in (see_client, remove_client, restore_client):
        with pytest.raises(NotFound):
            perform(ann, attempt, client_id=client.id)
    with pytest.raises(NotFound):
        perform(ann, change_client, client_id=client.id, values={"city": "Тула"})
    told = perform(ann, find_duplicates, name=client.name, kind="person")
    assert [(each.id, each.name) for each in told] == [(0, "")]  # that there is one, and whom to ask


def test_a_manager_sees_a_colleagues_card_and_changes_only_their_own(ann: Actor, olga: Actor) -> None:
    client = make.client(olga)
    assert perform(ann, see_client, client_id=client.id).may_change is False
    with pytest.raises(Forbidden):
        perform(ann, change_client, client_id=client.id, values={"city": "Тула"})
    with pytest.raises(Forbidden):
        perform(ann, change_client, client_id=client.id, values={"phones": ["+79151234567"]})
    with pytest.raises(Forbidden):
        perform(ann, remove_client, client_id=client.id)
    perform(olga, change_client, client_id=make.client(ann, "Вторая").id, values={"city": "Тула"})


def test_nobody_adds_clients_for_another_department(ann: Actor, bob: Actor) -> None:
    with pytest.raises(Forbidden):
        perform(ann, add_client, values={"name": "Вектор", "responsible_id": bob.id})


def test_a_marketer_reads_all_and_changes_none(ann: Actor, bob: Actor, mary: Actor) -> None:
    make.client(ann, "Раз")
    two = make.client(bob, "Два")
    assert [row.name for row in perform(mary, list_clients).rows] == ["Два", "Раз"]
    for attempt, arguments in (
        (add_client, {"values": {"name": "Три"}}),
        (change_client, {"client_id": two.id, "values": {"city": "Тула"}}),
        (remove_client, {"client_id": two.id}),
    ):
        with pytest.raises(Forbidden):
            perform(mary, attempt, **arguments)


def test_guests_and_strangers_see_no_client(ann: Actor) -> None:
    guest = make.guest(ann)
    with pytest.raises(Forbidden):
        perform(guest, list_clients)
    with pytest.raises(NeedsLogin):
        perform(NOBODY, list_clients)


def test_hidden_and_read_only_fields(ann: Actor) -> None:
    client = make.client(ann, phones=["+79151234567"], revenue=100)
    limited = replace(
        ann, hidden={"client": frozenset({"revenue"})}, read_only={"client": frozenset({"phones", "city"})}
    )
    assert perform(limited, see_client, client_id=client.id).revenue is None  # as an empty one: it tells no "0"
    assert perform(limited, list_clients).rows[0].revenue is None
    for values in ({"phones": []}, {"city": "Тула"}, {"revenue": 5}):
        with pytest.raises(Forbidden):
            perform(limited, change_client, client_id=client.id, values=values)
    with pytest.raises(BadInput, match="revenue"):
        perform(limited, list_clients, sort="revenue")


def test_a_hidden_field_is_not_guessed_by_searching(ann: Actor) -> None:
    make.client(ann, "Вектор", "company", emails=["boss@vector.example"], phones=["+79151234567"])
    blind = replace(ann, hidden={"client": frozenset({"emails", "phones"})})
    by_text = {"all": [{"field": "text", "op": "has", "value": "boss@vector"}]}
    for reader, found in ((ann, 1), (blind, 0)):
        assert len(perform(reader, list_clients, q="boss@vector").rows) == found
        assert len(perform(reader, list_clients, q="915 123-45").rows) == found
        assert len(perform(reader, list_clients, where=by_text).rows) == found
        assert perform(reader, count_clients, q="boss@vector") == found
        assert len(perform(reader, search_cards, words="boss@vector")) == found
    assert [row.name for row in perform(blind, list_clients, q="вектор").rows] == ["Вектор"]
    assert [row.title for row in perform(blind, search_cards, words="векто")] == ["Вектор"]


def test_no_phone_is_left_over(ann: Actor) -> None:
    from crm_app.cards.models import CardPhone
    from crm_app.core.db import database

    client = make.client(ann, phones=["+79151234567", "8 495 123-45-67 доб. 12"])
    assert perform(ann, see_client, client_id=client.id).phones == ["+79151234567", "+74951234567 доб. 12"]
    perform(ann, change_client, client_id=client.id, values={"phones": ["+74951234567"]})
    with database().session(writes=False) as session:
        assert [(p.number, p.extension) for p in session.execute(select(CardPhone)).scalars()] == [("+74951234567", "")]
