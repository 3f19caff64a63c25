"""What a guest can ask: the tasks that are shared with them, and nothing else; what staff can ask of a guest's access.

A guest's answers are rows of their own: what is not named here does not travel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select

from crm_app.access.models import Employee, Guest, Invitation, Password
from crm_app.access.passwords import token_hash
from crm_app.cards.queries.every_card import CommentRow, FileRow, list_comments, list_files
from crm_app.clients.models import Client
from crm_app.core import installation
from crm_app.core.actor import GUEST, LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.core.policy import past_the_policies
from crm_app.tasks import rules
from crm_app.tasks.fields import BY_DEADLINE
from crm_app.tasks.models import Task

PAGE, MOST = 30, 100
_MENTION = re.compile(r"@\[(\d{1,9})\]")

Access = Literal["none", "invited", "open", "revoked"]


@dataclass(frozen=True)
class SharedTaskRow:
    """A line of a guest's list. responsible: the employee's name."""

    id: int
    title: str
    status: str
    deadline: datetime | None
    is_overdue: bool
    responsible: str


@dataclass(frozen=True)
class SharedTaskPage:
    rows: list[SharedTaskRow]
    next: str


@dataclass(frozen=True)
class SharedComment:
    """What was said on a shared task where the guest may read it. is_mine: by this guest."""

    id: int
    author: str
    is_mine: bool
    body: str
    created_at: datetime


@dataclass(frozen=True)
class SharedFile:
    id: int
    name: str
    size: int
    created_at: datetime


@dataclass(frozen=True)
class SharedTask:
    """A task as a guest sees it. comments: the latest last."""

    row: SharedTaskRow
    body: str
    comments: list[SharedComment]
    files: list[SharedFile]


@dataclass(frozen=True)
class GuestAccess:
    """What staff see of a person's way in. state: "none", "invited" (a link waits), "open" or "revoked".

    letter_to: where the last invitation was sent; letter_outcome: "" while that is under way, "sent" or "refused".
    """

    state: Access
    guest_id: int
    login: str
    invited_by: str
    invited_until: datetime | None
    is_person: bool
    may_manage: bool
    letter_to: str = ""
    letter_outcome: str = ""
    letter_answer: str = ""


@dataclass(frozen=True)
class OpenInvitation:
    """What an invited person is told before they choose a password."""

    name: str
    login: str
    company: str


@query(GUEST)
def list_shared_tasks(tx: Tx, after: str = "", limit: int = PAGE) -> SharedTaskPage:
    """A guest's open tasks by deadline. after: the cursor of a page."""
    wanted = _rows().where(Task.status == rules.OPEN)
    return _page(tx, *BY_DEADLINE.page(tx, wanted, after, min(limit, MOST)))


@query(GUEST)
def list_closed_shared_tasks(tx: Tx, before: int | None = None, limit: int = PAGE) -> SharedTaskPage:
    """A guest's closed tasks, the newest first. before: the id of the last one that is known."""
    statement = _rows().where(Task.status != rules.OPEN).order_by(Task.id.desc())
    if before is not None:
        statement = statement.where(Task.id < before)
    limit = max(1, min(limit, MOST))
    found = tx.all(statement.limit(limit + 1))
    return _page(tx, found[:limit], str(found[limit - 1].id) if len(found) > limit else "")


@query(GUEST)
def see_shared_task(tx: Tx, task_id: int) -> SharedTask:
    """One task as its guest sees it. Raises NotFound for one that is not shared with them."""
    task = tx.need(Task, task_id)
    found = tx.one(_rows().where(Task.id == task_id))
    comments = tx.do(list_comments, card="task", card_id=task_id, limit=MOST)
    names = _names(tx, {task.responsible_id, *_mentioned(comments)})
    said = [_said(tx, comment, names) for comment in reversed(comments)]
    files = [_shared_file(file) for file in tx.do(list_files, card="task", card_id=task_id)]
    return SharedTask(_row(tx, found, names), task.body, said, files)


@query(LOGGED_IN)
def see_guest_access(tx: Tx, card_id: int) -> GuestAccess:
    """Whether the person of a card has a way in, and whether the reader may give or take it."""
    client = tx.need(Client, card_id)
    may_manage = tx.actor.may("guest.manage") and tx.may_change(client)
    guest = tx.one(select(Guest).where(Guest.card_id == card_id))
    if guest is None:
        return GuestAccess("none", 0, "", "", None, client.kind == "person", may_manage)
    inviter = tx.find(Employee, guest.invited_by_id)
    waiting = (Invitation.guest_id == guest.id, Invitation.used_at.is_(None), Invitation.expires_at >= tx.now)
    until = tx.scalar(select(func.max(Invitation.expires_at)).where(*waiting))
    letter = tx.one(select(Invitation).where(*waiting, Invitation.letter_to != "").order_by(Invitation.id.desc()))
    state: Access = "revoked" if guest.revoked_at else "open" if _has_password(tx, guest) else "invited"
    name = inviter.name if inviter else ""
    told = (letter.letter_to, letter.letter_outcome, letter.letter_answer) if letter else ("", "", "")
    return GuestAccess(state, guest.id, guest.login, name, until, client.kind == "person", may_manage, *told)


@query("session.resolve")
def see_invitation(tx: Tx, token: str) -> OpenInvitation | None:
    """Whom an invitation is for; None where its link does not work (any more). Asked before there is an actor."""
    invitation = tx.one(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    if invitation is None or invitation.used_at is not None or invitation.expires_at < tx.now:
        return None
    guest = tx.need(Guest, invitation.guest_id)
    return OpenInvitation(guest.name, guest.login, installation.get(tx, "company", ""))


def _rows() -> Any:
    return select(Task.id, Task.title, Task.status, Task.deadline, Task.responsible_id)


def _page(tx: Tx, found: list[Any], next_: str) -> SharedTaskPage:
    names = _names(tx, {row.responsible_id for row in found})
    return SharedTaskPage([_row(tx, row, names) for row in found], next_)


def _row(tx: Tx, row: Any, names: dict[int, str]) -> SharedTaskRow:
    is_overdue = row.status == rules.OPEN and row.deadline is not None and row.deadline < tx.now
    return SharedTaskRow(row.id, row.title, row.status, row.deadline, is_overdue, names.get(row.responsible_id, ""))


def _said(tx: Tx, comment: CommentRow, names: dict[int, str]) -> SharedComment:
    body = comment.body
    if comment.author_kind == "employee":
        body = _MENTION.sub(lambda m: "@" + names.get(int(m[1]), ""), body)
    is_mine = (comment.author_kind, comment.author_id) == ("guest", tx.actor.id)
    return SharedComment(comment.id, comment.author_name, is_mine, body, comment.created_at)


def _mentioned(comments: list[CommentRow]) -> set[int]:
    """Whom staff mention. What a guest writes names nobody: else they could ask for every name by its number."""
    staff = (comment.body for comment in comments if comment.author_kind == "employee")
    return {int(found) for body in staff for found in _MENTION.findall(body)}


def _shared_file(file: FileRow) -> SharedFile:
    return SharedFile(file.id, file.name, file.size, file.created_at)


def _names(tx: Tx, employee_ids: set[int]) -> dict[int, str]:
    """Names of employees: all that a guest may know of the people who work on their tasks."""
    with past_the_policies(tx.session):
        found = tx.all(select(Employee.id, Employee.name).where(Employee.id.in_(employee_ids)))
    return {row.id: row.name for row in found}


def _has_password(tx: Tx, guest: Guest) -> bool:
    with past_the_policies(tx.session):
        return tx.scalar(select(Password.changed_at).where(Password.account == f"guest:{guest.id}")) is not None
