"""What must be true of tasks."""

from __future__ import annotations

from datetime import datetime

from crm_app.core.errors import BadInput, RuleBroken
from crm_app.core.folding import one_line

OPEN, DONE, CANCELLED = "open", "done", "cancelled"
STATUSES = (OPEN, DONE, CANCELLED)
CLOSED = (DONE, CANCELLED)
LONGEST_TITLE = 300
LONGEST_BODY = 20_000
MOST_LINKS = 50


def clean_title(title: str) -> str:
    """A task's title in one line. Raises BadInput where it is empty or too long."""
    title = one_line(title)
    if not title or len(title) > LONGEST_TITLE:
        raise BadInput("tasks.error.bad_title", field="title", longest=LONGEST_TITLE)
    return title


def clean_body(body: str) -> str:
    """A task's description. Raises BadInput where it is too long."""
    body = body.strip()
    if len(body) > LONGEST_BODY:
        raise BadInput("tasks.error.long_body", field="body", longest=LONGEST_BODY)
    return body


def check_open(status: str) -> None:
    """Raises RuleBroken for a task that is closed: it is reopened first."""
    if status != OPEN:
        raise RuleBroken("tasks.error.closed", field="status")


def check_closed(status: str) -> None:
    """Raises RuleBroken for a task that is open already."""
    if status == OPEN:
        raise RuleBroken("tasks.error.open", field="status")


def check_may_be_responsible(works_here: bool) -> None:
    """Raises RuleBroken where a task is given to somebody who does not work here (any more)."""
    if not works_here:
        raise RuleBroken("tasks.error.no_employee", field="responsible_id")


def check_kind_of_tie(card: str) -> None:
    """Raises BadInput where a task is tied to a task."""
    if card == "task":
        raise BadInput("tasks.error.tie_to_task", field="card")


def check_links(count: int) -> None:
    """Raises RuleBroken where a task is tied to more cards than one can oversee."""
    if count > MOST_LINKS:
        raise RuleBroken("tasks.error.many_links", most=MOST_LINKS)


def check_closing(status: str) -> None:
    """Raises BadInput for a way to close a task that there is not."""
    if status not in CLOSED:
        raise BadInput("tasks.error.bad_status", field="status")


def check_has_access(has_access: bool, name: str) -> None:
    """Raises RuleBroken where a task is opened to somebody whose access was taken away."""
    if not has_access:
        raise RuleBroken("tasks.error.no_access", field="guest_id", name=name)


def check_in_bin(deleted_at: datetime | None) -> None:
    """Raises RuleBroken for a task that does not lie in the bin."""
    if deleted_at is None:
        raise RuleBroken("tasks.error.not_in_bin")
