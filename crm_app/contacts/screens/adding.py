"""The dialog for a new contact; whoever may be there already is shown while name and phones are typed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.card_list_parts import alike_hint
from crm_app.cards.screens.custom_panel import asked_fields
from crm_app.contacts.screens.adding_state import AddingContact
from crm_app.contacts.screens.list_state import Contacts
from crm_app.ui.button import button
from crm_app.ui.dialog import dialog
from crm_app.ui.field import date_field, select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import two


def add_dialog() -> rx.Component:
    """Opened by the button or by `?new=1` in the address."""
    return dialog(
        "contact-new",
        t("contacts.new"),
        form(
            two(_text("last_name", auto_focus=True), _text("first_name")),
            _text("patronymic"),
            two(_text("phones", type="tel"), _text("emails", type="email")),
            alike_hint(AddingContact, t("contacts.alike"), t("contacts.add_anyway")),
            two(
                text_field("city", t("field.contact.city"), errors=AddingContact.errors),
                date_field("birthday", t("field.contact.birthday"), errors=AddingContact.errors),
            ),
            select_field(
                "responsible_id",
                t("field.contact.responsible_id"),
                options=Contacts.employees,
                value=Contacts.me,
                errors=AddingContact.errors,
            ),
            asked_fields(AddingContact.asked, AddingContact.errors),
            form_buttons(button(t("contacts.add"), kind="primary", type="submit")),
            on_submit=AddingContact.contact_added,
            draft="contact-new",
            saved=AddingContact.saves,
            reset_on_saved=True,
        ),
        open=AddingContact.adds,
        on_close=AddingContact.dialog_closed,
    )


def _text(name: str, **props: Any) -> rx.Component:
    """A line by which somebody who is there already is found."""
    return text_field(
        name,
        t(f"field.contact.{name}"),
        auto_complete="off",
        on_change=lambda text: AddingContact.typed(name, text).debounce(250),
        errors=AddingContact.errors,
        **props,
    )
