"""Invitations by letter: sent once by the worker, with a link of their own, in the guest's language."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update

from crm_app.access.actions.guests import use_invitation
from crm_app.access.models import Guest, Invitation
from crm_app.access.passwords import token_hash
from crm_app.clients.models import Client
from crm_app.core import clock, jobs
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.db import database as database_in_use
from crm_app.core.door import perform
from crm_app.core.errors import Forbidden, NeedsLogin, NotFound
from crm_app.portal.actions.access import invite_guest, revoke_guest
from crm_app.portal.actions.letters import note_letter, prepare_letter
from crm_app.portal.queries import see_guest_access
from tests import make
from tests.integrations.channels.email.servers import ScriptedServer
from tests.mailings import kit
from tests.people import HASH

LOGIN = "greg@client.example"
LINK = re.compile(r"https?://\S+/portal/join\?token=([\w-]+)")


@pytest.fixture
def card(ann: Actor) -> Client:
    kit.sender()
    return make.client(ann)


def words(letter: EmailMessage) -> str:
    """What a letter says, as plain text."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def token_in(letter: EmailMessage) -> str:
    """The token of the link in a letter."""
    found = LINK.search(words(letter))
    assert found, words(letter)
    return found[1]


def test_an_invitation_goes_out_once_and_its_link_works(ann: Actor, card: Client, outside: ScriptedServer) -> None:
    invited = perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    assert invited.letter_to == LOGIN
    seen = perform(ann, see_guest_access, card_id=card.id)
    assert (seen.letter_to, seen.letter_outcome) == (LOGIN, "")
    kit.work()
    kit.work()

    (letter,) = outside.letters()
    assert outside.script.envelopes[0].rcpt_tos == [LOGIN]
    assert "Тест" in letter["Subject"] and "ann@test.example" in letter["Reply-To"]
    assert "List-Unsubscribe" not in letter
    assert "Грег Иванов" in words(letter) and "72 часа" in words(letter)
    assert perform(ann, see_guest_access, card_id=card.id).letter_outcome == "sent"
    assert token_in(letter) != invited.token
    assert perform(SYSTEM, use_invitation, token=token_in(letter), password_hash=HASH) == invited.guest_id


def test_whichever_link_is_used_first_ends_the_other(ann: Actor, card: Client, outside: ScriptedServer) -> None:
    invited = perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    kit.work()
    perform(SYSTEM, use_invitation, token=invited.token, password_hash=HASH)
    with pytest.raises(NotFound):
        perform(SYSTEM, use_invitation, token=token_in(outside.letters()[0]), password_hash=HASH)


def test_a_letter_speaks_the_guests_language(ann: Actor, card: Client, outside: ScriptedServer) -> None:
    perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    with database_in_use().session(writes=True) as session:
        session.execute(update(Guest).where(Guest.card_id == card.id).values(locale="en"))
        session.commit()
    kit.work()
    assert "invites you" in outside.letters()[0]["Subject"] and "72 hours" in words(outside.letters()[0])


def test_a_name_is_only_a_name(ann: Actor, outside: ScriptedServer) -> None:
    kit.sender()
    card = make.client(ann, "{{company}} <script>alert(1)</script>")
    perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    kit.work()
    html = outside.letters()[0].get_body(("html",))
    assert html is not None and "<script" not in html.get_content()
    assert "{ {company}}" in words(outside.letters()[0])


def test_an_invitation_that_was_taken_back_is_not_sent(ann: Actor, card: Client, outside: ScriptedServer) -> None:
    perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    perform(ann, revoke_guest, card_id=card.id)
    kit.work()
    assert outside.letters() == []


def test_a_refused_letter_says_so_and_the_link_still_works(ann: Actor, card: Client, outside: ScriptedServer) -> None:
    outside.script.recipients = {LOGIN: "550 5.1.1 No such user here"}
    invited = perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    kit.work()
    seen = perform(ann, see_guest_access, card_id=card.id)
    assert seen.letter_outcome == "refused" and "No such user here" in seen.letter_answer
    assert perform(SYSTEM, use_invitation, token=invited.token, password_hash=HASH)


def test_a_mail_server_that_is_away_is_waited_for(ann: Actor, card: Client, outside: ScriptedServer) -> None:
    outside.stop()
    perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    kit.work()
    with database_in_use().session(writes=False) as session:
        job = session.execute(select(jobs.JobRow).where(jobs.JobRow.name == "portal.invite")).scalar_one()
        assert job.state == jobs.READY and job.run_at > clock.now() and job.tries == 0
    assert perform(ann, see_guest_access, card_id=card.id).letter_outcome == ""


@pytest.mark.parametrize("lack", ["server", "sender", "address"])
def test_where_no_letter_can_leave_there_is_the_link(ann: Actor, lack: str, request: pytest.FixtureRequest) -> None:
    if lack != "server":
        request.getfixturevalue("outside")
    if lack != "sender":
        kit.sender()
    card = make.client(ann)
    invited = perform(ann, invite_guest, card_id=card.id, login="greg" if lack == "address" else LOGIN)
    assert invited.letter_to == "" and invited.token
    assert perform(SYSTEM, use_invitation, token=invited.token, password_hash=HASH)


def test_no_token_that_works_lies_in_the_database(ann: Actor, card: Client, outside: ScriptedServer) -> None:
    invited = perform(ann, invite_guest, card_id=card.id, login=LOGIN)
    kit.work()
    letter = token_in(outside.letters()[0])
    with database_in_use().session(writes=False) as session:
        kept = set(session.execute(select(Invitation.token_hash)).scalars())
        told = str(session.execute(select(jobs.JobRow.arguments, jobs.JobRow.progress, jobs.JobRow.error)).all())
    assert kept == {token_hash(letter), token_hash(invited.token)}
    assert letter not in told and invited.token not in told


@pytest.mark.parametrize("verb", [prepare_letter, note_letter])
def test_only_the_worker_writes_letters(verb: object, ann: Actor, adam: Actor, greg: Actor) -> None:
    run = jobs.Run(job_id=1, name="portal.invite", arguments={"invitation_id": 1}, holder="x", tries=1)
    rest = {"outcome": "sent", "answer": ""} if verb is note_letter else {}
    for actor, error in ((ann, Forbidden), (adam, Forbidden), (greg, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(error):
            perform(actor, verb, run=run, **rest)
