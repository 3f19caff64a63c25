"""Twenty times `kill -9` in the middle of a mailing: nobody is left out, and the journal never lies.

The worker process is killed at random moments, and now and then the whole server with it. After each kill, whoever the
journal calls sent has the letter, and at most one letter has arrived of which the journal does not know yet. At the end
everybody has the letter, and at most one per kill has arrived twice: under the same Message-ID.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_app import build
from crm_app.cards.models import CardEmail
from crm_app.clients.models import Client
from crm_app.contacts.models import Contact
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.jobs import JobRow
from crm_app.mailings.actions.running import start_mailing
from crm_app.mailings.models import Attempt, Delivery, Mailing
from crm_app.mailings.queries.lists import see_mailing
from crm_app.mailings.rules import Card
from tests.faults.worker_process import work
from tests.integrations.channels.email.servers import ScriptedServer, free_port, read
from tests.mailings import kit

LETTERS, KILLS = 2_000, 20
FEWER_KILLS = 8
"""Of a mailing to contacts: by then the server has been killed with its worker once."""
WHOLE_SERVER_EVERY = 7
"""Which kills are of the server with its worker, not of a worker by itself."""
LETTER_SECONDS = 0.003
LONGEST_LIFE_SECONDS = 0.4
PATIENCE_SECONDS = 180


@pytest.fixture(params=["client", "contact"])
def card(request: pytest.FixtureRequest) -> Card:
    """The kind of card that the mailing goes to."""
    kind: Card = request.param
    return kind


@pytest.fixture
def mailing(card: Card, ann: Actor, mary: Actor, outside: ScriptedServer, database: Database) -> Mailing:
    now = clock.now()
    own = {"responsible_id": ann.id, "created_at": now, "updated_at": now}
    with database.session(writes=True) as session:
        cards = [
            Client(kind="person", name=f"Иванов Пётр {n}", sort_name=f"{n:05}", **own)
            if card == "client"
            else Contact(name=f"Иванов Пётр {n}", first_name="Пётр", sort_name=f"{n:05}", **own)
            for n in range(LETTERS)
        ]
        session.add_all(cards)
        session.flush()
        session.add_all(CardEmail(card=card, card_id=c.id, address=f"p{n}@a.example") for n, c in enumerate(cards))
        session.commit()
    database.study()
    made = kit.mailing(mary, card=card)
    return perform(mary, start_mailing, mailing_id=made.id)


@contextmanager
def server(database: Database, folder: Path) -> Iterator[None]:
    """The whole server with its worker, killed at the end of the block."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    with (folder / "process.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "crm_app", "serve"], env={**inherited, **_settings(database, folder)},
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


_fork = multiprocessing.get_context("forkserver")
_fork.set_forkserver_preload(["tests.faults.worker_process"])


@contextmanager
def worker(database: Database, folder: Path) -> Iterator[None]:
    """A worker process, killed at the end of the block. It is forked from one that has imported everything."""
    process = _fork.Process(target=work, args=(_settings(database, folder), folder / "process.log"))
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _settings(database: Database, folder: Path) -> dict[str, str]:
    return {
        "CRM_DATABASE_URL": database.url, "CRM_DATA": str(folder), "CRM_PORT": str(free_port()),
        "CRM_SMTP_URL": os.environ["CRM_SMTP_URL"],
    }  # fmt: skip


def wait_until(holds: Callable[[], bool], database: Database, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, story(database, folder)
        time.sleep(0.005)


def story(database: Database, folder: Path) -> str:
    """What to look at when the mailing does not get on."""
    with database.session(writes=False) as session:
        mailings = session.execute(select(Mailing.state, Mailing.trouble, Mailing.sent)).all()
        jobs = session.execute(select(JobRow).where(JobRow.state != "done")).scalars().all()
    log = (folder / "process.log").read_text(errors="replace")[-3000:]
    return "\n".join([f"{clock.now()} {mailings}", *map(repr, jobs), log])


def arrived(server: ScriptedServer) -> Counter[str]:
    """Recipient → letters that the mail server has taken."""
    return Counter(envelope.rcpt_tos[0] for envelope in list(server.script.envelopes))


def noted(database: Database) -> set[str]:
    """Recipients whom the journal calls sent."""
    with database.session(writes=False) as session:
        return set(session.execute(select(Delivery.address).where(Delivery.state == "sent")).scalars())


def test_a_mailing_survives_twenty_kills(
    mailing: Mailing, card: Card, mary: Actor, outside: ScriptedServer, database: Database, tmp_path: Path
) -> None:
    if not build.is_fresh():
        build.build()
    dice = random.Random(17)
    outside.script.wait_seconds = LETTER_SECONDS
    kills = KILLS if card == "client" else FEWER_KILLS
    for kill in range(1, kills + 1):
        before = len(outside.script.envelopes)
        with (worker if kill % WHOLE_SERVER_EVERY else server)(database, tmp_path):
            wait_until(lambda before=before: len(outside.script.envelopes) > before, database, tmp_path)
            time.sleep(dice.uniform(0, LONGEST_LIFE_SECONDS))
        time.sleep(0.1)  # a letter that was under way is taken or dropped by now, a commit too
        unknown = arrived(outside).keys() - noted(database)
        assert noted(database) <= arrived(outside).keys() and len(unknown) <= 1
    assert len(noted(database)) < LETTERS, "all the kills came too late to matter"
    outside.script.wait_seconds = 0
    with worker(database, tmp_path):
        wait_until(lambda: perform(mary, see_mailing, mailing_id=mailing.id).state == "finished", database, tmp_path)

    letters = arrived(outside)
    assert set(letters) == noted(database) and len(letters) == LETTERS
    assert letters.total() - LETTERS <= kills and max(letters.values()) <= 1 + kills
    keys = {(e.rcpt_tos[0], read(e.original_content)["Message-ID"]) for e in outside.script.envelopes}
    assert len(keys) == LETTERS == len({key for _, key in keys})
    view = perform(mary, see_mailing, mailing_id=mailing.id)
    assert (view.sent, view.failed, view.skipped, view.waiting) == (LETTERS, 0, 0, 0)
    with database.session(writes=False) as session:
        outcomes = Counter(session.execute(select(Attempt.outcome)).scalars())
    assert outcomes["accepted"] == LETTERS and outcomes["interrupted"] <= kills and len(outcomes) <= 2
