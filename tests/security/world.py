"""What a guest's crawl goes through: one task shared with Greg, and canaries in everything else."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import func, select, update

from crm_app.access.models import Employee, LoginSession, Password
from crm_app.cards.actions.comments import add_comment
from crm_app.cards.actions.files import add_file
from crm_app.cards.models import Comment
from crm_app.clients.models import Client
from crm_app.core import clock, search
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.files import Kept
from crm_app.core.jobs import READY, RUNNING, JobRow
from tests import make, people
from tests.security import canaries

SHARED_TITLE = "Прислать договор"
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class World:
    """greg: the guest. task_id: what is shared with him; hidden_task_id: another of Ann's; others_task_id: Bob's.

    highest_id: no table has a higher one. tables: those with a canary.
    """

    greg: Actor
    task_id: int
    hidden_task_id: int
    others_task_id: int
    highest_id: int
    tables: list[str]


def build(database: Database) -> World:
    """Make it, in an empty database with the cast."""
    ann, bob = people.actor("ann"), people.actor("bob")
    greg = make.guest(ann)
    other = make.guest(bob, "CANARY-guest", "canary-guest@client.example")
    task = make.task(ann, SHARED_TITLE, shared_with=greg)
    perform(ann, add_comment, card="task", card_id=task.id, body="CANARY-internal-comment")
    perform(ann, add_comment, card="task", card_id=task.id, body="Добрый день!", is_internal=False)
    perform(greg, add_comment, card="task", card_id=task.id, body="Здравствуйте")
    kept = Kept(place="a" * 40, size=1, digest="", media_type="text/plain")
    perform(ann, add_file, card="task", card_id=task.id, name="contract.txt", kept=kept, is_internal=False)
    hidden = make.task(ann, "CANARY-title", body="CANARY-body", about=[{"card": "client", "card_id": greg.card_id}])
    perform(ann, add_comment, card="task", card_id=hidden.id, body="CANARY-comment", is_internal=False)
    bobs = make.task(bob, "CANARY-task-of-bob")
    with database.writer.begin() as connection:
        own_card = {"note": "CANARY-note", "fields": {"x": "CANARY-field"}, "site": "CANARY-site"}
        connection.execute(update(Client).where(Client.id == greg.card_id).values(**own_card))
        connection.execute(update(Employee).where(Employee.id == bob.id).values(name="CANARY-bob"))
        links = {"guest": other.id, "employee": bob.id, "client": other.card_id, "task": bobs.id}
        tables = canaries.plant(connection, task_id=task.id, links=links)
        highest = canaries.highest_id(connection)
    with database.session(writes=True) as session:
        search.put(session, "task", task.id, SHARED_TITLE, "CANARY-search")
        session.commit()
    return World(greg, task.id, hidden.id, bobs.id, highest, tables)


def rows_of_greg(database: Database, greg: Actor) -> set[str]:
    """Rows that are Greg's own and that he may change: his sessions, his password, his comments."""
    with database.reader.connect() as connection:
        own = connection.execute(select(LoginSession.__table__).where(LoginSession.guest_id == greg.id)).all()
        own += connection.execute(select(Password.__table__).where(Password.account == f"guest:{greg.id}")).all()
        said = (Comment.author_kind == "guest") & (Comment.author_id == greg.id)
        own += connection.execute(select(Comment.__table__).where(said)).all()
    return {repr(tuple(row)) for row in own}


def wait_for_worker(database: Database) -> None:
    """Until nothing is left to do: what follows from the set-up is not what sockets change. Raises AssertionError."""
    left = select(func.count()).where(JobRow.state.in_((READY, RUNNING)), JobRow.run_at <= clock.now())
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with database.reader.connect() as connection:
            if not connection.execute(left).scalar():
                return
        assert time.monotonic() < deadline, "the worker does not get on"
        time.sleep(0.05)
