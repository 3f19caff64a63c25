"""A guest's way in: given by link or password on a person's card, seen, taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from crm_app.access import sessions
from crm_app.access.actions.guests import use_invitation
from crm_app.access.passwords import hash_password
from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.cards.models import CardEmail
from crm_app.cards.queries.every_card import see_timeline
from crm_app.clients.actions.cards import change_client, remove_client, restore_client
from crm_app.clients.models import Client
from crm_app.core import clock, live
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.db import database as database_in_use
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.portal.actions.access import invite_guest, revoke_guest, set_guest_password
from crm_app.portal.queries import see_guest_access, see_invitation
from tests import make
from tests.people import HASH, PASSWORD

LOGIN = "greg@client.example"


@pytest.fixture
def card(ann: Actor) -> Client:
    return make.client(ann)


def logged_in(login: str, password: str = PASSWORD) -> Actor:
    return sessions.resolve(sessions.log_in(login, password, "127.0.0.1", "test"))


# ---- by link ---------------------------------------------------------------------------------------------------------


def test_a_person_is_invited_by_a_link_that_works_once(ann: Actor, card: Client) -> None:
    invited = perform(ann, invite_guest, card_id=card.id, login=" Greg@Client.example ")
    assert perform(ann, see_guest_access, card_id=card.id).state == "invited"
    invitation = perform(SYSTEM, see_invitation, token=invited.token)
    assert invitation is not None
    assert (invitation.name, invitation.login, invitation.company) == ("Грег Иванов", LOGIN, "Тест")

    perform(SYSTEM, use_invitation, token=invited.token, password_hash=HASH)
    assert logged_in(LOGIN).card_id == card.id
    assert perform(ann, see_guest_access, card_id=card.id).state == "open"
    assert perform(SYSTEM, see_invitation, token=invited.token) is None
    with pytest.raises(NotFound, match="больше не действует"):
        perform(SYSTEM, use_invitation, token=invited.token, password_hash=HASH)


def test_without_a_login_the_first_address_of_the_card_is_taken(ann: Actor, card: Client) -> None:
    with pytest.raises(BadInput, match="Логин"):
        perform(ann, invite_guest, card_id=card.id)
    with database_in_use().session(writes=True) as session:
        session.add_all(
            CardEmail(card="client", card_id=card.id, address=address, position=position)
            for position, address in enumerate(["first@client.example", "a@client.example"])
        )
        session.commit()
    assert perform(ann, invite_guest, card_id=card.id).login == "first@client.example"


def test_a_new_link_stops_the_earlier_one(ann: Actor, card: Client) -> None:
    earlier = perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    latest = perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    with pytest.raises(NotFound):
        perform(SYSTEM, use_invitation, token=earlier.token, password_hash=HASH)
    perform(SYSTEM, use_invitation, token=latest.token, password_hash=HASH)


def test_a_link_is_over_after_three_days(ann: Actor, card: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    invited = perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    later = clock.now() + timedelta(hours=72, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert perform(SYSTEM, see_invitation, token=invited.token) is None
    with pytest.raises(NotFound):
        perform(SYSTEM, use_invitation, token=invited.token, password_hash=HASH)


def test_the_token_is_written_down_nowhere(ann: Actor, card: Client) -> None:
    invited = perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    told = [
        line.details
        for line in perform(ann, see_timeline, card="client", card_id=card.id)
        if line.name != "ClientAdded"
    ]
    assert told == [{"guest_id": invited.guest_id, "how": "link"}]
    assert invited.token not in repr(invited)


# ---- by password -----------------------------------------------------------------------------------------------------


def test_a_password_is_set_and_changed_by_the_manager(ann: Actor, card: Client) -> None:
    perform(ann, set_guest_password, card_id=card.id, login=LOGIN, password_hash=HASH)
    session = sessions.log_in(LOGIN, PASSWORD, "127.0.0.1", "test")
    assert sessions.resolve(session).is_guest

    perform(ann, set_guest_password, card_id=card.id, login=LOGIN, password_hash=hash_password("another one"))
    assert sessions.resolve(session) is NOBODY
    with pytest.raises(NeedsLogin):
        logged_in(LOGIN)
    assert logged_in(LOGIN, "another one").is_guest


# ---- refused ---------------------------------------------------------------------------------------------------------


def test_a_company_has_no_login(ann: Actor) -> None:
    company = make.client(ann, "ООО «Вектор»", kind="company")
    with pytest.raises(RuleBroken, match="только человеку"):
        perform(ann, invite_guest, card_id=company.id, login=LOGIN)
    with pytest.raises(RuleBroken, match="только человеку"):
        perform(ann, set_guest_password, card_id=company.id, login=LOGIN, password_hash=HASH)
    assert not perform(ann, see_guest_access, card_id=company.id).is_person


def test_a_login_belongs_to_one_person(ann: Actor, card: Client) -> None:
    make.guest(ann, "Пётр", "petr@client.example")
    for taken in ("petr@client.example", "PETR@client.example", "bob@test.example"):
        with pytest.raises(RuleBroken, match="занят"):
            perform(ann, invite_guest, card_id=card.id, login=taken)
        with pytest.raises(RuleBroken, match="занят"):
            perform(ann, set_guest_password, card_id=card.id, login=taken, password_hash=HASH)
    assert perform(ann, see_guest_access, card_id=card.id).state == "none"


@pytest.mark.parametrize("verb", [invite_guest, set_guest_password, revoke_guest])
def test_who_may_not_change_the_card_gives_and_takes_nothing(
    verb: object, ann: Actor, olga: Actor, bob: Actor, mary: Actor
) -> None:
    card = make.client(olga)
    perform(olga, set_guest_password, card_id=card.id, login=LOGIN, password_hash=HASH)
    rest = {"login": LOGIN} if verb is invite_guest else {"login": LOGIN, "password_hash": HASH}
    arguments = {"card_id": card.id} if verb is revoke_guest else {"card_id": card.id, **rest}

    for actor, error in ((ann, Forbidden), (bob, NotFound), (mary, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(error):
            perform(actor, verb, **arguments)
    with pytest.raises(Forbidden):
        perform(logged_in(LOGIN), verb, **arguments)
    assert perform(olga, see_guest_access, card_id=card.id).state == "open"
    assert not perform(ann, see_guest_access, card_id=card.id).may_manage


# ---- taken away ------------------------------------------------------------------------------------------------------


def test_a_taken_access_ends_sessions_links_and_password(ann: Actor, card: Client) -> None:
    perform(ann, set_guest_password, card_id=card.id, login=LOGIN, password_hash=HASH)
    session = sessions.log_in(LOGIN, PASSWORD, "127.0.0.1", "test")
    link = perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    perform(ann, revoke_guest, card_id=card.id)

    assert sessions.resolve(session) is NOBODY
    assert perform(ann, see_guest_access, card_id=card.id).state == "revoked"
    with pytest.raises(NeedsLogin):
        logged_in(LOGIN)
    with pytest.raises(NotFound):
        perform(SYSTEM, use_invitation, token=link.token, password_hash=HASH)


def test_an_old_password_does_not_come_back_with_a_new_link(ann: Actor, card: Client) -> None:
    perform(ann, set_guest_password, card_id=card.id, login=LOGIN, password_hash=HASH)
    perform(ann, revoke_guest, card_id=card.id)
    perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    with pytest.raises(NeedsLogin):
        logged_in(LOGIN)
    assert perform(ann, see_guest_access, card_id=card.id).state == "invited"


def test_there_is_nothing_to_take_from_who_has_no_access(ann: Actor, card: Client) -> None:
    with pytest.raises(RuleBroken, match="нет доступа"):
        perform(ann, revoke_guest, card_id=card.id)


# ---- gone with the card ----------------------------------------------------------------------------------------------


def removed(owner: Actor, card: Client) -> None:
    perform(owner, remove_client, client_id=card.id)


def in_bulk(owner: Actor, operation: str, card: Client) -> None:
    perform(owner, start_bulk, card="client", operation=operation, ids=[card.id])


def restored(owner: Actor, card: Client) -> None:
    perform(owner, restore_client, client_id=card.id)


def restored_with_others(owner: Actor, card: Client) -> None:
    in_bulk(owner, "restore", card)


def removed_with_others(owner: Actor, card: Client) -> None:
    in_bulk(owner, "remove", card)


def made_a_company(owner: Actor, card: Client) -> None:
    perform(owner, change_client, client_id=card.id, values={"kind": "company"})


@pytest.mark.parametrize("end", [removed, removed_with_others, made_a_company])
def test_the_access_ends_with_the_persons_card(end: Callable[[Actor, Client], None], ann: Actor, card: Client) -> None:
    perform(ann, set_guest_password, card_id=card.id, login=LOGIN, password_hash=HASH)
    session = sessions.log_in(LOGIN, PASSWORD, "127.0.0.1", "test")
    guest = sessions.resolve(session)
    link = perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    told: set[str] = set()
    live.watch(told.update)
    try:
        end(ann, card)
    finally:
        live.unwatch(told.update)

    assert sessions.resolve(session) is NOBODY
    assert f"guest:{guest.id}" in told  # open tabs ask again, and the guard leads them away
    with pytest.raises(NeedsLogin):
        logged_in(LOGIN)
    with pytest.raises(NotFound):
        perform(SYSTEM, use_invitation, token=link.token, password_hash=HASH)


@pytest.mark.parametrize("restore", [restored, restored_with_others])
def test_the_access_does_not_come_back_with_the_card(
    restore: Callable[[Actor, Client], None], ann: Actor, card: Client
) -> None:
    perform(ann, set_guest_password, card_id=card.id, login=LOGIN, password_hash=HASH)
    removed(ann, card)
    restore(ann, card)

    assert perform(ann, see_guest_access, card_id=card.id).state == "revoked"
    with pytest.raises(NeedsLogin):
        logged_in(LOGIN)
    perform(ann, set_guest_password, card_id=card.id, login=LOGIN, password_hash=HASH)
    assert logged_in(LOGIN).card_id == card.id


def test_a_person_again_is_no_guest_again(ann: Actor, card: Client) -> None:
    perform(ann, set_guest_password, card_id=card.id, login=LOGIN, password_hash=HASH)
    made_a_company(ann, card)
    perform(ann, change_client, client_id=card.id, values={"kind": "person"})
    assert perform(ann, see_guest_access, card_id=card.id).state == "revoked"


def test_a_card_that_may_not_be_removed_keeps_its_guest(ann: Actor, bob: Actor, mary: Actor, card: Client) -> None:
    perform(ann, set_guest_password, card_id=card.id, login=LOGIN, password_hash=HASH)
    for actor, error in ((bob, NotFound), (mary, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(error):
            removed(actor, card)
    in_bulk(bob, "remove", card)
    with pytest.raises(BadInput):
        perform(ann, change_client, client_id=card.id, values={"kind": "company", "name": ""})
    assert logged_in(LOGIN).card_id == card.id


def test_another_change_leaves_the_access_alone(ann: Actor, card: Client) -> None:
    perform(ann, set_guest_password, card_id=card.id, login=LOGIN, password_hash=HASH)
    perform(ann, change_client, client_id=card.id, values={"city": "Тула"})
    assert logged_in(LOGIN).card_id == card.id
