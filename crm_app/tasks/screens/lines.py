"""Tasks as the browser gets them, and how their status and deadline look: for every page that shows tasks."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.core.clock import iso
from crm_app.tasks.queries import TaskRow
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint
from crm_app.ui.status import status


class TieLine(TypedDict):
    """A card that a task is about."""

    card: str
    card_id: int
    title: str
    href: str


class TaskLine(TypedDict):
    """A line of a list of tasks; deadline is RFC 3339 or ""."""

    id: int
    title: str
    href: str
    status: str
    deadline: str
    is_overdue: bool
    author: str
    responsible: str
    is_shared: bool
    about: list[TieLine]
    about_title: str
    about_href: str
    created_at: str


def task_line(row: TaskRow) -> TaskLine:
    """A row of a query as the browser gets it."""
    ties: list[TieLine] = [
        {"card": tie.card, "card_id": tie.card_id, "title": tie.title, "href": tie.href} for tie in row.about
    ]
    return {
        "id": row.id,
        "title": row.title,
        "href": f"/tasks/{row.id}",
        "status": row.status,
        "deadline": iso(row.deadline),
        "is_overdue": row.is_overdue,
        "author": row.author,
        "responsible": row.responsible,
        "is_shared": row.is_shared,
        "about": ties,
        "about_title": ties[0]["title"] if ties else "",
        "about_href": ties[0]["href"] if ties else "",
        "created_at": iso(row.created_at),
    }


def status_of(word: Any) -> rx.Component:
    """A task's status in words."""
    return rx.match(
        word,
        ("open", status(t("tasks.status.open"), "info")),
        ("done", status(t("tasks.status.done"), "good")),
        status(t("tasks.status.cancelled"), "none"),
    )


def deadline_of(deadline: Any, is_overdue: Any) -> rx.Component:
    """A task's deadline, marked when it has passed."""
    return rx.cond(
        deadline == "",
        faint(t("tasks.no_deadline")),
        rx.cond(
            is_overdue,
            rx.el.span(status(fmt.moment(deadline), "bad"), title=t("tasks.overdue")),
            rx.el.span(fmt.moment(deadline), title=fmt.exact(deadline)),
        ),
    )
