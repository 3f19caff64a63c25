"""The panels "Contacts" on a client's card and "Companies" on a contact's: they fill themselves when they are shown."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.contacts.screens.places_state import ClientContacts, ContactPlaces
from crm_app.ui.button import icon_button
from crm_app.ui.field import choose_field
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.inline_edit import inline_edit
from crm_app.ui.layout import faint, line, panel, stack
from crm_app.ui.link import link
from crm_app.ui.panels import filled_by
from crm_app.ui.status import status


def client_contacts_panel() -> rx.Component:
    """For `panels_of("client")`."""
    return _panel(ClientContacts, "contacts.at_client", t("contacts.nobody"), t("contacts.link_contact"))


def companies_panel() -> rx.Component:
    """Where the contact works."""
    return _panel(ContactPlaces, "contacts.working_at", t("contacts.nowhere"), t("contacts.link_client"))


def _panel(state: Any, title: str, nothing: Any, search: Any) -> rx.Component:
    add = choose_field(
        "place",
        search,
        options=state.found,
        on_search=state.searched,
        on_pick=state.picked,
        clear_on_pick=True,
        scope=f"{title}-",
    )
    shown = panel(
        title,
        rx.foreach(state.lines, lambda row: _place(state, row)),
        rx.cond(state.has_none, faint(nothing), rx.fragment()),
        add,
    )
    return if_may("contact.see", filled_by(state, shown))


def _place(state: Any, row: Any) -> rx.Component:
    until = rx.cond(row["until"] == "", rx.fragment(), faint(t("contacts.was_until", day=fmt.day(row["until"]))))
    return stack(
        line(
            link(row["name"], href=row["href"], class_name="cut grow"),
            rx.cond(row["may_change"], _doings(state, row), rx.fragment()),
        ),
        inline_edit(
            "position-" + row["id"].to_string(),
            t("field.contact.position"),
            value=row["position"],
            on_save=state.position_edited,
            disabled=~row["may_change"],
        ),
        rx.cond(row["is_main"], status(t("contacts.main"), "good"), rx.fragment()),
        faint(row["phone"]),
        faint(row["email"], class_name="cut"),
        until,
        gap="none",
        custom_attrs={"data-place": row["id"]},
    )


def _doings(state: Any, row: Any) -> rx.Component:
    main = icon_button("star", t("contacts.make_main"), on_click=state.main_wanted(row["id"]))
    return line(
        rx.cond(row["is_main"], rx.fragment(), main),
        icon_button("x", t("contacts.unlink"), on_click=state.unlinked(row["id"])),
    )
