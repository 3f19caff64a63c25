"""The page where one logs in: a real form, posted by the browser, so that the cookie stays out of reach of scripts."""

from __future__ import annotations

import reflex as rx

from crm_app.access.screens.login_state import Login
from crm_app.ui.button import button
from crm_app.ui.field import error_line, text_field
from crm_app.ui.form import form_buttons, native_form
from crm_app.ui.i18n import t
from crm_app.ui.shell import bare_page


def login_page() -> rx.Component:
    return bare_page(
        t("access.login.title"),
        rx.cond(Login.error != "", error_line(Login.error), rx.fragment()),
        native_form(
            text_field(
                "email",
                t("access.login.login"),
                required=True,
                auto_complete="username",
                auto_focus=True,
                max_length=200,
            ),
            text_field(
                "password",
                t("access.login.password"),
                type="password",
                required=True,
                auto_complete="current-password",
                max_length=200,
            ),
            rx.el.input(type="hidden", name="next", value=Login.next_path, read_only=True),
            form_buttons(button(t("access.login.enter"), kind="primary", type="submit")),
            action="/auth/login",
            class_name="form",
        ),
    )
