"""/contacts/[contact_id]: data at the left, what is said and what happened in the middle, panels at the right."""

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
from crm_app.contacts.screens.card_state import OneContact
from crm_app.contacts.screens.places_panel import companies_panel
from crm_app.ui.button import button
from crm_app.ui.dialog import confirm, menu, menu_item, open_dialog
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.inline_edit import inline_edit
from crm_app.ui.layout import line, panel, sides, soft, stack
from crm_app.ui.link import outside_link
from crm_app.ui.panels import panels_of
from crm_app.ui.shell import page


def contact_page() -> rx.Component:
    return page(
        OneContact.name,
        sides(
            stack(_data(), custom_panel(), gap="l"),
            stack(card_comments(), card_timeline(), gap="l"),
            stack(
                companies_panel(),
                card_tags(),
                card_groups(),
                card_followers(),
                card_links(),
                *panels_of("contact"),
                card_files(),
                gap="l",
            ),
        ),
        confirm(
            "contact-delete",
            t("contacts.delete_question"),
            soft(t("cards.delete_what")),
            yes=button(t("ui.delete"), kind="danger", on_click=OneContact.removed),
        ),
        heading=line(
            card_star(),
            card_picture(
                "contact",
                OneContact.contact_id,
                {"name": OneContact.name, "picture": OneContact.picture},
                OneContact.may_picture,
            ),
            rx.el.span(OneContact.name, class_name="cut"),
        ),
        actions=[card_viewers(), rx.cond(OneContact.may_delete, _more(), rx.fragment())],
    )


def _more() -> rx.Component:
    return menu(
        icon("ellipsis"),
        menu_item(t("ui.delete"), icon_name="trash-2", danger=True, on_click=open_dialog("contact-delete")),
        label=t("ui.more"),
    )


def _data() -> rx.Component:
    return panel(
        "contacts.data",
        stack(
            _edit("last_name"),
            _edit("first_name"),
            _edit("patronymic"),
            _edit("responsible_id", "select", display=OneContact.shown["responsible_id"], options=OneContact.employees),
            _edit("phones", "tel", display=OneContact.shown["phones"]),
            _edit("emails", "email"),
            _edit("birthday", "date", display=fmt.day(OneContact.values["birthday"])),
            _edit("city"),
            _edit("address"),
            _edit("links"),
            rx.foreach(OneContact.links, lambda address: outside_link(address, href=address)),
            _edit("note", "textarea"),
        ),
    )


def _edit(name: str, kind: Any = "text", **props: Any) -> rx.Component:
    return inline_edit(
        name,
        t(f"field.contact.{name}"),
        value=OneContact.values[name],
        kind=kind,
        of=OneContact.contact_id,
        on_save=OneContact.field_edited,
        verdicts=OneContact.verdicts,
        disabled=~OneContact.may_change,
        **props,
    )
