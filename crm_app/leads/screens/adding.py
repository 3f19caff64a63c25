"""The dialog for a new lead; whoever has asked before is shown while phones and addresses are typed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.card_list_parts import alike_hint
from crm_app.cards.screens.custom_panel import asked_fields
from crm_app.leads.screens.adding_state import AddingLead
from crm_app.leads.screens.lines import channel_options
from crm_app.ui.button import button
from crm_app.ui.dialog import dialog
from crm_app.ui.field import select_field, text_field, textarea_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import two


def add_dialog() -> rx.Component:
    """Opened by the button or by `?new=1` in the address."""
    return dialog(
        "lead-new",
        t("leads.new"),
        form(
            two(_text("person", auto_focus=True), _text("organisation")),
            two(_way("phones", "tel"), _way("emails", "email")),
            alike_hint(AddingLead, t("leads.alike"), t("leads.add_anyway")),
            textarea_field("interest", t("field.lead.interest"), errors=AddingLead.errors),
            _text("name"),
            two(_source(), _choice("channel", channel_options(), empty="—")),
            _choice("responsible_id", AddingLead.employees, value=AddingLead.me),
            asked_fields(AddingLead.asked, AddingLead.errors),
            form_buttons(button(t("leads.add"), kind="primary", type="submit")),
            on_submit=AddingLead.lead_added,
            draft="lead-new",
            saved=AddingLead.saves,
            reset_on_saved=True,
        ),
        open=AddingLead.adds,
        on_close=AddingLead.dialog_closed,
    )


def _text(name: str, **props: Any) -> rx.Component:
    return text_field(name, t(f"field.lead.{name}"), auto_complete="off", errors=AddingLead.errors, **props)


def _way(name: str, kind: str) -> rx.Component:
    """A line by which who has asked before is found."""
    return _text(name, type=kind, on_change=lambda text: AddingLead.typed(name, text).debounce(250))


def _choice(name: str, options: Any, **props: Any) -> rx.Component:
    return select_field(name, t(f"field.lead.{name}"), options=options, errors=AddingLead.errors, **props)


def _source() -> rx.Component:
    """A source that is known, or a new one by its name."""
    return rx.el.div(_text("source", custom_attrs={"list": "lead-sources"}), known_sources(AddingLead.sources))


def known_sources(sources: Any) -> rx.Component:
    """What a field named "source" offers."""
    return rx.el.datalist(rx.foreach(sources, lambda each: rx.el.option(value=each["label"])), id="lead-sources")
