"""/clients/[client_id]: data at the left, what is said and what happened in the middle, panels at the right."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.custom_panel import custom_panel
from crm_app.cards.screens.followers import card_followers
from crm_app.cards.screens.groups import card_groups
from crm_app.cards.screens.links import card_links
from crm_app.cards.screens.panels import card_comments, card_files, card_star, card_tags, card_timeline
from crm_app.cards.screens.pictures import card_picture
from crm_app.cards.screens.viewers import card_viewers
from crm_app.clients import rules
from crm_app.clients.screens.card_state import OneClient
from crm_app.clients.screens.lines import status_of
from crm_app.ui.button import button
from crm_app.ui.dialog import confirm, menu, menu_item, open_dialog
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.inline_edit import inline_edit
from crm_app.ui.layout import line, panel, sides, soft, stack
from crm_app.ui.panels import panels_of
from crm_app.ui.shell import page


def client_page() -> rx.Component:
    return page(
        OneClient.name,
        sides(
            _data(),
            stack(card_comments(), card_timeline(), gap="l"),
            stack(
                card_tags(), card_groups(), card_followers(), card_links(), *panels_of("client"), card_files(), gap="l"
            ),
        ),
        confirm(
            "client-delete",
            t("clients.delete_question"),
            soft(t("cards.delete_what")),
            yes=button(t("ui.delete"), kind="danger", on_click=OneClient.removed),
        ),
        heading=line(
            card_star(),
            card_picture("client", OneClient.client_id, _face(), OneClient.may_picture),
            rx.el.span(OneClient.name, class_name="cut"),
            status_of(OneClient.shown["status"], OneClient.shown["tone"]),
        ),
        actions=[card_viewers(), rx.cond(OneClient.may_delete, _more(), rx.fragment())],
    )


def _face() -> dict[str, Any]:
    kind, sign = OneClient.values["kind"], OneClient.shown["sign"]
    return {"name": OneClient.name, "picture": OneClient.picture, "sign": sign, "company": kind == "company"}


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
                _edit("first_contact", "date", display=fmt.day(OneClient.values["first_contact"])),
                _edit("birthday", "date", display=fmt.day(OneClient.values["birthday"])),
                _edit("note", "textarea"),
            ),
        ),
        custom_panel(),
        panel(
            "clients.requisites",
            stack(
                _choice("kind", kinds),
                _edit("inn"),
                _edit("kpp"),
                _edit("ogrn"),
                _edit("account"),
                _edit("bank"),
                _edit("bic"),
                _edit("corr_account"),
                _edit("accounts", "textarea"),
                _edit("activity", "suggest", found=OneClient.activities, on_search=OneClient.activity_searched),
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
        of=OneClient.client_id,
        on_save=OneClient.field_edited,
        verdicts=OneClient.verdicts,
        disabled=~OneClient.may_change,
        **props,
    )


def _choice(name: str, options: Any) -> rx.Component:
    return _edit(name, "select", shows=True, options=options)
