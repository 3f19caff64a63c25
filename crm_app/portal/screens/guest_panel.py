"""The panel "Guest access" on a person's card: invite, set a password, take the access away."""

from __future__ import annotations

import reflex as rx

from crm_app.access.passwords import LONGEST
from crm_app.portal.screens.guest_panel_state import GuestPanel
from crm_app.ui.button import button
from crm_app.ui.copy_field import copy_field
from crm_app.ui.dialog import confirm, dialog, open_dialog
from crm_app.ui.field import text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, panel, soft, stack
from crm_app.ui.panels import filled_by
from crm_app.ui.status import status


def guest_panel() -> rx.Component:
    inside = panel(
        "portal.access",
        stack(
            _state(),
            rx.cond(GuestPanel.link != "", _link(), rx.fragment()),
            rx.cond(GuestPanel.letter_to != "", _letter(), rx.fragment()),
            rx.cond(GuestPanel.may_manage, _doings(), rx.fragment()),
        ),
    )
    return filled_by(GuestPanel, rx.cond(GuestPanel.is_person, inside, rx.fragment()))


def _state() -> rx.Component:
    until = rx.cond(
        GuestPanel.invited_until != "",
        faint(t("portal.link_until"), " ", fmt.moment(GuestPanel.invited_until)),
        rx.fragment(),
    )
    word = rx.match(
        GuestPanel.access,
        ("open", status(t("portal.state.open"), "good")),
        ("invited", status(t("portal.state.invited"), "info")),
        ("revoked", status(t("portal.state.revoked"), "bad")),
        status(t("portal.state.none"), "none"),
    )
    who = faint(GuestPanel.login, " · ", t("portal.invited_by", name=GuestPanel.invited_by))
    return stack(word, rx.cond(GuestPanel.login != "", who, rx.fragment()), until, gap="s")


def _link() -> rx.Component:
    return stack(copy_field(GuestPanel.link, label=t("portal.link")), soft(t("portal.link_once")), gap="s")


def _letter() -> rx.Component:
    """Whether the invitation went out by e-mail too."""
    return rx.match(
        GuestPanel.letter_outcome,
        ("sent", status(t("portal.letter_sent", address=GuestPanel.letter_to), "good")),
        (
            "refused",
            stack(
                status(t("portal.letter_refused", address=GuestPanel.letter_to), "bad"),
                faint(GuestPanel.letter_answer),
                gap="s",
            ),
        ),
        status(t("portal.letter_under_way", address=GuestPanel.letter_to), "info"),
    )


def _doings() -> rx.Component:
    login = text_field(
        "login", t("portal.login"), value=GuestPanel.login, errors=GuestPanel.errors, help=t("portal.login_help")
    )
    return stack(
        form(
            login,
            button(t("portal.invite"), icon_name="link", type="submit"),
            on_submit=GuestPanel.link_wanted,
            key=GuestPanel.login,
        ),
        button(t("portal.set_password"), icon_name="key", on_click=open_dialog("guest-password")),
        rx.cond(
            (GuestPanel.access == "open") | (GuestPanel.access == "invited"),
            button(t("portal.take_access"), icon_name="ban", on_click=open_dialog("guest-revoke")),
            rx.fragment(),
        ),
        _password_dialog(),
        confirm(
            "guest-revoke",
            t("portal.take_question"),
            soft(t("portal.take_what")),
            yes=button(t("portal.take_access"), kind="danger", on_click=GuestPanel.access_taken),
            done=GuestPanel.saves,
        ),
    )


def _password_dialog() -> rx.Component:
    return dialog(
        "guest-password",
        t("portal.set_password"),
        form(
            text_field("login", t("portal.login"), value=GuestPanel.login, errors=GuestPanel.errors, scope="guest-"),
            text_field(
                "password",
                t("portal.join.password"),
                type="password",
                errors=GuestPanel.errors,
                required=True,
                max_length=LONGEST,
                auto_complete="new-password",
                scope="guest-",
            ),
            form_buttons(button(t("ui.save"), kind="primary", type="submit")),
            on_submit=GuestPanel.password_set,
        ),
        done=GuestPanel.saves,
    )
