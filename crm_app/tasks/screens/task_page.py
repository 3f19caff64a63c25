"""/tasks/[task_id]: the task at the left, what is said in the middle, what it is tied to at the right."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.panels import card_comments, card_files, card_timeline
from crm_app.cards.screens.viewers import card_viewers
from crm_app.tasks.screens.lines import status_of
from crm_app.tasks.screens.task_state import OneTask
from crm_app.ui.button import button, icon_button
from crm_app.ui.dialog import confirm, menu, menu_item, open_dialog
from crm_app.ui.field import choose_field
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.inline_edit import inline_edit
from crm_app.ui.layout import cut, faint, line, panel, sides, soft, stack
from crm_app.ui.link import link
from crm_app.ui.shell import page


def task_page() -> rx.Component:
    guests_read = OneTask.guests.length() > 0
    return page(
        OneTask.task["title"],
        sides(
            _what(),
            stack(card_comments(guests_read), card_timeline(), gap="l"),
            stack(_about(), _guests(), card_files(guests_read), gap="l"),
        ),
        confirm(
            "task-delete",
            t("tasks.delete_question"),
            soft(t("tasks.delete_what")),
            yes=button(t("ui.delete"), kind="danger", on_click=OneTask.deleted),
        ),
        heading=line(rx.el.span(OneTask.task["title"], class_name="cut"), status_of(OneTask.task["status"])),
        actions=[card_viewers(), rx.cond(OneTask.may_change, line(*_doings()), rx.fragment())],
    )


def _doings() -> list[rx.Component]:
    more = menu(
        icon("ellipsis"),
        rx.cond(
            OneTask.task["status"] == "open",
            menu_item(t("tasks.cancel"), icon_name="ban", on_click=OneTask.closed("cancelled")),
            rx.fragment(),
        ),
        if_may(
            "task.delete",
            menu_item(t("ui.delete"), icon_name="trash-2", danger=True, on_click=open_dialog("task-delete")),
        ),
        label=t("ui.more"),
    )
    main = rx.cond(
        OneTask.task["status"] == "open",
        button(t("tasks.close"), kind="primary", icon_name="check", on_click=OneTask.closed("done")),
        button(t("tasks.reopen"), icon_name="rotate-ccw", on_click=OneTask.reopened),
    )
    return [main, more]


def _what() -> rx.Component:
    fixed = ~OneTask.may_change | (OneTask.task["status"] != "open")
    shared: dict[str, Any] = {
        "on_save": OneTask.field_edited,
        "of": OneTask.task["id"],
        "verdicts": OneTask.verdicts,
        "disabled": fixed,
    }
    return panel(
        "tasks.what_it_is",
        stack(
            inline_edit("title", t("field.task.title"), value=OneTask.task["title"], **shared),
            inline_edit("body", t("field.task.body"), value=OneTask.body, kind="textarea", **shared),
            inline_edit(
                "responsible_id",
                t("field.task.responsible_id"),
                value=OneTask.responsible,
                display=OneTask.task["responsible"],
                kind="select",
                options=OneTask.employees,
                **shared,
            ),
            inline_edit(
                "deadline",
                t("field.task.deadline"),
                value=OneTask.task["deadline"],
                display=fmt.moment(OneTask.task["deadline"]),
                kind="moment",
                **shared,
            ),
            rx.cond(OneTask.task["is_overdue"], soft(icon("clock"), t("tasks.overdue")), rx.fragment()),
            faint(t("tasks.set_by", name=OneTask.task["author"]), " · ", fmt.ago(OneTask.created_at)),
        ),
    )


def _about() -> rx.Component:
    def tie(row: Any) -> rx.Component:
        drop = icon_button("x", t("tasks.untie"), on_click=OneTask.untied(row["card"], row["card_id"]))
        return line(
            link(cut(row["title"]), href=row["href"], class_name="grow"),
            rx.cond(OneTask.may_change, drop, rx.fragment()),
        )

    nothing = rx.cond(OneTask.task["about"].length() == 0, faint(t("tasks.about_nothing")), rx.fragment())
    return panel("tasks.about", rx.foreach(OneTask.task["about"], tie), nothing)


def _guests() -> rx.Component:
    def guest(row: Any) -> rx.Component:
        drop = icon_button("x", t("tasks.close_to_guest"), on_click=OneTask.guest_removed(row["id"]))
        return line(icon("eye"), cut(row["name"], class_name="grow"), rx.cond(OneTask.may_change, drop, rx.fragment()))

    nobody = rx.cond(OneTask.guests.length() == 0, faint(t("tasks.guests_nobody")), rx.fragment())
    choice = choose_field(
        "guest",
        t("tasks.open_to_guest"),
        options=OneTask.possible_guests,
        on_search=OneTask.guest_searched,
        on_pick=OneTask.guest_picked,
        key=OneTask.guests.length(),
    )
    return panel(
        "tasks.guests",
        rx.foreach(OneTask.guests, guest),
        nobody,
        if_may("task.share", rx.cond(OneTask.may_change, choice, rx.fragment())),
    )
