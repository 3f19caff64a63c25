"""Step 2: title and text with merge fields, and the letter as one of the recipients reads it."""

from __future__ import annotations

import reflex as rx

from crm_app.mailings.screens.mailing_state import OneMailing
from crm_app.mailings.screens.preview_state import LetterPreview
from crm_app.messages.merge import FIELDS, UNSUBSCRIBE
from crm_app.ui.button import button
from crm_app.ui.field import Option, select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, panel, soft, stack, two
from crm_app.ui.plain_table import small_select
from crm_app.ui.rich_text import merge_line, rich_text

_LANGUAGES = [{"id": "ru", "label": "Русский", "hint": ""}, {"id": "en", "label": "English", "hint": ""}]


def what_step() -> rx.Component:
    return two(
        panel("mailings.step.what", rx.cond(OneMailing.is_ready, _form(), rx.fragment())),
        panel("mailings.preview", preview()),
    )


def _form() -> rx.Component:
    mailing, errors = OneMailing.mailing, OneMailing.errors
    return form(
        text_field(
            "name", t("field.mailing.name"), value=mailing["name"], errors=errors, required=True, max_length=200
        ),
        two(
            select_field(
                "sender", t("field.mailing.sender_id"), options=OneMailing.senders, value=mailing["sender_id"],
                empty=t("mailings.choose_sender"),
            ),
            text_field("reply_to", t("field.mailing.reply_to"), value=mailing["reply_to"], errors=errors, type="email"),
        ),
        select_field("locale", t("field.mailing.locale"), options=_LANGUAGES, value=mailing["locale"]),
        merge_line(
            "title", t("field.mailing.title"), value=mailing["title"], errors=errors, fields=_merge_fields(),
            disabled=~mailing["may_change"],
        ),
        rich_text(value=OneMailing.body, on_change=LetterPreview.body_typed, fields=_merge_fields()),
        rx.cond(
            mailing["may_change"],
            form_buttons(button(t("mailings.save"), kind="primary", type="submit")),
            soft(t("mailings.error.started")),
        ),
        on_submit=OneMailing.text_saved,
        key=mailing["id"],
    )  # fmt: skip


def _merge_fields() -> rx.Var[list[Option]]:
    """Those that every client has, then the company's own."""
    told = [{"id": name, "label": t(f"messages.field.{name}"), "hint": ""} for name in FIELDS if name != UNSUBSCRIBE]
    return rx.Var.create(told).to(list[Option]) + OneMailing.own_fields


def preview() -> rx.Component:
    """The letter, in a frame of its own in which nothing runs."""
    return stack(
        small_select(
            t("mailings.as_recipient"), LetterPreview.sample, LetterPreview.samples, empty=t("mailings.as_nobody"),
            on_change=LetterPreview.sample_chosen,
        ),
        rx.el.strong(LetterPreview.title),
        rx.el.iframe(
            src_doc=LetterPreview.html,
            sandbox="",
            title=t("mailings.preview"),
            class_name="w-full h-[32rem] rounded-md bg-white",
        ),
        faint(t("mailings.preview_hint")),
    )  # fmt: skip
