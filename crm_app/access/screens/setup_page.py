"""The first start: a company, its administrator, and whether to fill it with samples."""

from __future__ import annotations

import reflex as rx

from crm_app.access.passwords import LONGEST, SHORTEST
from crm_app.access.screens.login_state import Login
from crm_app.ui.button import button
from crm_app.ui.field import check_field, error_line, text_field
from crm_app.ui.form import form_buttons, native_form
from crm_app.ui.i18n import t
from crm_app.ui.layout import soft
from crm_app.ui.shell import bare_page


def setup_page() -> rx.Component:
    return bare_page(
        t("access.setup.title"),
        soft(t("access.setup.text")),
        rx.cond(Login.error != "", error_line(Login.error), rx.fragment()),
        native_form(
            text_field(
                "company", t("access.setup.company"), required=True, auto_complete="organization", max_length=200
            ),
            text_field("name", t("access.setup.name"), required=True, auto_complete="name", max_length=200),
            text_field(
                "email", t("access.setup.email"), type="email", required=True, auto_complete="email", max_length=200
            ),
            text_field(
                "password",
                t("access.setup.password"),
                type="password",
                required=True,
                auto_complete="new-password",
                min_length=SHORTEST,
                max_length=LONGEST,
                help=t("access.setup.password_help", shortest=SHORTEST),
            ),
            rx.cond(
                Login.needs_code,
                text_field("code", t("access.setup.code"), help=t("access.setup.code_help"), max_length=20),
                rx.fragment(),
            ),
            check_field("samples", t("access.setup.samples"), checked=True),
            form_buttons(button(t("access.setup.start"), kind="primary", type="submit")),
            action="/auth/setup",
            class_name="form",
        ),
    )
