"""Makes what tests need beside the cast, each in one line: a client, a guest, a task."""

from __future__ import annotations

from typing import Any

from crm_app.access.actions.sessions import open_session
from crm_app.access.queries import actor_of_session
from crm_app.clients.actions.cards import add_client
from crm_app.clients.models import Client
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.door import perform
from crm_app.portal.actions.access import set_guest_password
from crm_app.tasks.actions.editing import create_task
from crm_app.tasks.actions.guests import share_task_with_guest
from crm_app.tasks.models import Task
from tests import people


def client(owner: Actor, name: str = "Грег Иванов", kind: str = "person", **values: Any) -> Client:
    """A client whom an employee is responsible for."""
    return perform(owner, add_client, values={"name": name, "kind": kind, **values}, force=True)


def guest(owner: Actor, name: str = "Грег Иванов", login: str = "greg@client.example") -> Actor:
    """A guest, logged in, on a person's card of their own."""
    card = client(owner, name)
    row = perform(owner, set_guest_password, card_id=card.id, login=login, password_hash=people.HASH)
    token = perform(SYSTEM, open_session, account=f"guest:{row.id}", address="127.0.0.1", agent="test")
    return perform(SYSTEM, actor_of_session, token=token)[0]


def task(author: Actor, title: str = "Прислать договор", *, shared_with: Actor | None = None, **arguments: Any) -> Task:
    """A task, opened to a guest where one is named."""
    row = perform(author, create_task, title=title, **arguments)
    if shared_with is not None:
        perform(author, share_task_with_guest, task_id=row.id, guest_id=shared_with.id)
    return row
