"""Sessions: opened by a right password, slowed down by wrong ones, ended at will."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm_app.access import rules, sessions
from crm_app.access.actions.sessions import end_all_sessions, end_session, note_failure, set_own_password
from crm_app.access.models import LoginFailure, LoginSession, Password
from crm_app.access.passwords import hash_password, token_hash
from crm_app.access.queries import list_sessions
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.door import Tx, action, perform, query
from crm_app.core.errors import BadInput, NeedsLogin, NotFound, TooMany
from tests.people import PASSWORD


@query("test.stored")
def stored(tx: Tx) -> list[str]:
    """Everything that is stored of sessions and passwords."""
    return [*tx.all(select(LoginSession.token_hash)), *tx.all(select(Password.hash))]


@action("test.age")
def age_sessions(tx: Tx, days: int) -> None:
    long_ago = tx.now - timedelta(days=days)
    tx.run(update(LoginSession).values(seen_at=long_ago))


@action("test.wait")
def let_time_pass(tx: Tx) -> None:
    tx.run(update(LoginFailure).values(last_at=tx.now - timedelta(minutes=20)))


def enter(login: str = "ann@test.example", password: str = PASSWORD, address: str = "10.0.0.1") -> str:
    return sessions.log_in(login, password, address, "a browser")


@pytest.fixture(autouse=True)
def _know_nobody() -> None:
    sessions.forget_all({"sessions"})


def test_a_right_password_opens_a_session_of_that_person(database: object) -> None:
    actor = sessions.resolve(enter(" Ann@Test.Example "))
    assert (actor.kind, actor.name) == ("employee", "Анна")


def test_neither_token_nor_password_is_stored(database: object) -> None:
    token = enter()
    kept = perform(SYSTEM, stored)
    assert token_hash(token) in kept
    assert not any(token in each or PASSWORD in each for each in kept)


@pytest.mark.parametrize(
    ("login", "password"), [("ann@test.example", "wrong"), ("who@test.example", PASSWORD), ("", "")]
)
def test_a_wrong_pair_gets_one_answer(database: object, login: str, password: str) -> None:
    with pytest.raises(NeedsLogin, match="Неверная почта или пароль"):
        enter(login, password)


def test_wrong_passwords_are_slowed_down_even_before_the_right_one(database: object) -> None:
    for _ in range(rules.FREE_FAILURES + 1):
        with pytest.raises(NeedsLogin):
            enter(password="wrong")
    with pytest.raises(TooMany):
        enter()
    perform(SYSTEM, let_time_pass)
    assert enter()


def test_the_pause_grows_and_has_an_end() -> None:
    pauses = [rules.pause_after(n) for n in range(40)]
    assert pauses[rules.FREE_FAILURES] == timedelta(0)
    assert pauses == sorted(pauses) and pauses[-1] == rules.LONGEST_PAUSE


def test_one_address_cannot_try_many_accounts(database: object) -> None:
    for n in range(rules.ADDRESS_FREE_FAILURES):
        perform(SYSTEM, note_failure, login=f"nobody{n}@test.example", address="10.0.0.1")
    with pytest.raises(NeedsLogin):
        enter("nobody@test.example", "wrong")
    with pytest.raises(TooMany):
        enter()
    assert enter(address="10.0.0.2")


def test_an_idle_session_is_over(database: object) -> None:
    token = enter()
    perform(SYSTEM, age_sessions, days=rules.IDLE.days + 1)
    sessions.forget_all({"sessions"})
    assert sessions.resolve(token) is NOBODY


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1", "a" * 10_000])
def test_an_invented_token_is_nobodys(database: object, token: str) -> None:
    assert sessions.resolve(token) is NOBODY


def test_an_ended_session_is_over_at_once(database: object) -> None:
    token = enter()
    actor = sessions.resolve(token)
    perform(actor, end_session, session_id=actor.session_id)
    assert sessions.resolve(token) is NOBODY


def test_nobody_sees_or_ends_the_sessions_of_another(ann: Actor, bob: Actor) -> None:
    token = enter("bob@test.example")
    number = sessions.resolve(token).session_id
    assert [row.id for row in perform(bob, list_sessions)] == [number]
    assert perform(ann, list_sessions) == []
    with pytest.raises(NotFound):
        perform(ann, end_session, session_id=number)
    assert perform(ann, end_all_sessions) == 0
    assert sessions.resolve(token).name == "Боб"


def test_a_new_password_ends_the_other_sessions(database: object) -> None:
    here, there = enter(), enter()
    perform(sessions.resolve(here), set_own_password, password_hash=hash_password("another password"))
    assert sessions.resolve(there) is NOBODY
    assert sessions.resolve(here).name == "Анна"
    with pytest.raises(NeedsLogin):
        enter()
    assert enter(password="another password")


def test_a_new_password_is_set_by_whom_knows_the_former_one(database: object) -> None:
    here, there = enter(), enter()
    sessions.change_password(sessions.resolve(here), PASSWORD, "another password")
    assert sessions.resolve(there) is NOBODY
    assert sessions.resolve(here).name == "Анна"
    assert enter(password="another password")


def test_a_browser_left_open_is_not_enough_to_take_an_account_away(database: object) -> None:
    actor = sessions.resolve(enter())
    with pytest.raises(BadInput) as refusal:
        sessions.change_password(actor, "a guess", "another password")
    assert [reason.field for reason in refusal.value.reasons] == ["current"]
    for _ in range(rules.FREE_FAILURES):
        with pytest.raises((BadInput, TooMany)):
            sessions.change_password(actor, "a guess", "another password")
    with pytest.raises(TooMany):
        sessions.change_password(actor, PASSWORD, "another password")


def test_nobody_has_no_password_to_change(database: object) -> None:
    with pytest.raises(NeedsLogin):
        sessions.change_password(NOBODY, PASSWORD, "another password")


def test_a_stranger_ends_no_session(database: object) -> None:
    with pytest.raises(NeedsLogin):
        perform(NOBODY, end_all_sessions)
