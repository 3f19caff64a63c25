"""/portal/tasks/[task_id]: what is to be done, and what is said about it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.panels import attached, said
from crm_app.portal.screens.frame import guest_page
from crm_app.portal.screens.shared_task_state import GuestTask
from crm_app.tasks.screens.lines import deadline_of, status_of
from crm_app.ui.avatar import person
from crm_app.ui.comments import comment_box
from crm_app.ui.i18n import t
from crm_app.ui.icon import icon
from crm_app.ui.layout import line, rule, stack
from crm_app.ui.link import link
from crm_app.ui.upload import file_drop


def shared_task_page() -> rx.Component:
    return guest_page(
        GuestTask.task["title"],
        GuestTask.guest_name,
        line(
            status_of(GuestTask.task["status"]),
            deadline_of(GuestTask.task["deadline"], GuestTask.task["is_overdue"]),
            person(GuestTask.task["responsible"]),
            class_name="wrap",
            gap="l",
        ),
        rx.cond(GuestTask.body != "", rx.el.p(GuestTask.body, class_name="whitespace-pre-wrap"), rx.fragment()),
        _files(),
        rule(),
        stack(rx.foreach(GuestTask.comments, _comment), custom_attrs={"aria-label": t("cards.comments")}),
        comment_box(
            on_send=GuestTask.comment_sent,
            draft="portal-comment-" + GuestTask.task["id"].to_string(),
            saved=GuestTask.saves,
        ),
        link(icon("arrow-left"), t("portal.all_tasks"), href="/portal", class_name="line gap-s"),
    )


def _comment(row: Any) -> rx.Component:
    return said(row, GuestTask.comment_removed(row["id"]))


def _files() -> rx.Component:
    url = "/files?card=task:" + GuestTask.task["id"].to_string()
    return stack(
        rx.foreach(GuestTask.files, lambda row: attached(row, icon("file"))),
        file_drop(url=url, label=t("cards.add_files"), multiple=True, on_uploaded=GuestTask.file_uploaded),
    )
