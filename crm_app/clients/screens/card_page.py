"""/clients/[client_id]: data at the left, what is said and what happened in the middle, panels at the right."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.clients import rules
from crm_app.clients.screens.card_state import OneClient
from crm_app.clients.screens.lines import star_button
from crm_app.ui.button import button, icon_button
from crm_app.ui.comments import comment, comment_box
from crm_app.ui.dialog import confirm, menu, menu_item, open_dialog
from crm_app.ui.form import form
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.inline_edit import inline_edit
from crm_app.ui.layout import faint, line, panel, sides, soft, stack
from crm_app.ui.link import file_link
from crm_app.ui.panels import panels_of
from crm_app.ui.shell import page
from crm_app.ui.status import tag
from crm_app.ui.timeline import change, timeline, timeline_row
from crm_app.ui.upload import file_drop

LARGEST_FILE = 100 * 1024 * 1024


def client_page() -> rx.Component:
    return page(
        OneClient.name,
        sides(_data(), _said(), stack(_tags(), *panels_of("client"), _files(), gap="l")),
        confirm(
            "client-delete",
            t("clients.delete_question"),
            soft(t("clients.bulk.delete_what")),
            yes=button(t("ui.delete"), kind="danger", on_click=OneClient.removed),
        ),
        heading=line(
            star_button(OneClient.is_starred, OneClient.star_clicked),
            rx.el.span(OneClient.name, class_name="cut"),
            soft(OneClient.shown["status"]),
        ),
        actions=[rx.cond(OneClient.may_delete, _more(), rx.fragment())],
    )


def _more() -> rx.Component:
    return menu(
        icon("ellipsis"),
        menu_item(t("ui.delete"), icon_name="trash-2", danger=True, on_click=open_dialog("client-delete")),
        label=t("ui.more"),
    )


def _data() -> rx.Component:
    kinds = [{"id": kind, "label": t(f"clients.kind.{kind}"), "hint": ""} for kind in rules.KINDS]
    return stack(
        panel(
            "clients.data",
            stack(
                _edit("name"),
                _choice("status", OneClient.statuses),
                _choice("type", OneClient.types),
                _choice("responsible_id", OneClient.employees),
                _edit("phones", "tel", shows=True),
                _edit("emails", "email"),
                _edit("site", "url"),
                _edit("city"),
                _edit("address"),
                _edit("contact_name"),
                _edit("position"),
                _edit("employer"),
                _edit("first_contact", "date"),
                _edit("birthday", "date"),
                _edit("note", "textarea"),
            ),
        ),
        panel(
            "clients.requisites",
            stack(
                _choice("kind", kinds),
                _edit("inn"),
                _edit("kpp"),
                _edit("ogrn"),
                _edit("bic"),
                _edit("account"),
                _edit("activity"),
                _edit("revenue", "amount", shows=True),
            ),
        ),
        gap="l",
    )


def _edit(name: str, kind: Any = "text", *, shows: bool = False, **props: Any) -> rx.Component:
    if shows:
        props["display"] = OneClient.shown[name]
    return inline_edit(
        name,
        t(f"field.client.{name}"),
        value=OneClient.values[name],
        kind=kind,
        on_save=OneClient.field_edited,
        refusal=OneClient.refusal,
        disabled=~OneClient.may_change,
        **props,
    )


def _choice(name: str, options: Any) -> rx.Component:
    return _edit(name, "select", shows=True, options=options)


def _said() -> rx.Component:
    return stack(
        panel(
            "clients.comments",
            comment_box(
                faint(t("clients.only_colleagues")),
                on_send=OneClient.comment_sent,
                draft="client-comment-" + OneClient.client_id.to_string(),
                saved=OneClient.saves,
            ),
            rx.foreach(OneClient.comments, _comment),
        ),
        panel("ui.timeline", timeline(rx.foreach(OneClient.events, _event))),
        gap="l",
    )


def _comment(row: Any) -> rx.Component:
    take_back = rx.cond(
        row["is_mine"],
        icon_button("x", t("clients.take_back"), on_click=OneClient.comment_removed(row["id"])),
        rx.fragment(),
    )
    return comment(
        row["author"],
        row["at"],
        rx.el.p(row["body"], class_name="whitespace-pre-wrap"),
        internal=row["is_internal"],
        actions=[take_back],
    )


def _event(row: Any) -> rx.Component:
    def changed(each: Any) -> rx.Component:
        return rx.el.div(faint(each["field"]), " ", change(each["old"], each["new"]))

    return timeline_row(row["icon"], row["who"], row["what"], row["at"], detail=rx.foreach(row["changes"], changed))


def _tags() -> rx.Component:
    words = t("clients.tag_new")
    return panel(
        "clients.tags",
        line(
            rx.foreach(OneClient.tags, lambda name: tag(name, on_remove=OneClient.tag_removed(name))),
            class_name="wrap",
            gap="s",
        ),
        form(
            rx.el.input(name="tag", placeholder=words, class_name="input", custom_attrs={"aria-label": words}),
            on_submit=OneClient.tag_added,
            saved=OneClient.saves,
            reset_on_saved=True,
        ),
    )


def _files() -> rx.Component:
    def file(row: Any) -> rx.Component:
        return line(
            icon("file"),
            file_link(row["name"], href=row["href"], class_name="text-link cut grow"),
            faint(fmt.size(row["size"])),
            icon_button("x", t("ui.remove"), on_click=OneClient.file_removed(row["id"])),
        )

    return panel(
        "clients.files",
        rx.foreach(OneClient.files, file),
        file_drop(
            url="/files?card=client:" + OneClient.client_id.to_string(),
            label=t("clients.add_file"),
            multiple=True,
            max_bytes=LARGEST_FILE,
            on_uploaded=OneClient.file_uploaded,
        ),
    )
