"""/settings: one's own sessions, password and API keys, and the way to the company's settings."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import reflex as rx

from crm_app.access.passwords import LONGEST, SHORTEST
from crm_app.access.screens.accounts_state import Accounts
from crm_app.ui.button import button, icon_button
from crm_app.ui.field import text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.frame import if_may, may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.layout import cut, faint, grow, line, panel, soft, stack, two
from crm_app.ui.link import link
from crm_app.ui.menu import MenuEntry, entries
from crm_app.ui.shell import page
from crm_app.ui.status import status


def accounts_page() -> rx.Component:
    return page(
        t("access.settings.title"),
        two(
            stack(_company(), _sessions(), gap="l"),
            stack(_password(), rx.cond(Accounts.may_keys, _keys(), rx.fragment()), gap="l"),
            class_name="gap-y-4",
        ),
    )


def _company() -> rx.Component:
    """The ways to the company's settings, for those who may change any of them."""
    led_to = [entry for entry in entries() if entry.about]
    ways = panel("access.settings.company", rx.el.nav(*[if_may(each.permission, _way(each)) for each in led_to]))
    return rx.cond(_may_any({each.permission for each in led_to}), ways, rx.fragment())


def _may_any(permissions: set[str]) -> Any:
    return reduce(or_, [may(permission) for permission in sorted(permissions)])


def _way(entry: MenuEntry) -> rx.Component:
    words = stack(rx.el.span(t(entry.key), class_name="way-name"), faint(t(entry.about)), gap="none")
    return link(icon(entry.icon), words, href=entry.href, plain=True, class_name="way")


def _sessions() -> rx.Component:
    everywhere = button(t("access.sessions.end_all"), kind="danger", small=True, on_click=Accounts.all_ended)
    return panel("access.sessions.title", stack(rx.foreach(Accounts.sessions, _session)), actions=[everywhere])


def _session(row: Any) -> rx.Component:
    end = icon_button("log-out", t("access.sessions.end"), on_click=Accounts.session_ended(row["id"]))
    return line(
        grow(stack(cut(row["browser"]), faint(row["address"], " · ", fmt.ago(row["seen_at"])), gap="none")),
        rx.cond(row["is_this"], status(t("access.sessions.this"), "good"), end),
        class_name="between",
        custom_attrs={"data-row": row["id"]},
    )


def _password() -> rx.Component:
    own = {"type": "password", "required": True, "max_length": LONGEST, "errors": Accounts.errors}
    new = {"auto_complete": "new-password", **own}
    return panel(
        "access.password.title",
        form(
            text_field("current", t("access.password.current"), auto_complete="current-password", **own),
            text_field(
                "password",
                t("access.password.new"),
                help=t("access.setup.password_help", shortest=SHORTEST),
                **new,
            ),
            text_field("again", t("access.password.again"), **new),
            form_buttons(button(t("access.password.save"), kind="primary", type="submit")),
            on_submit=Accounts.password_saved,
            saved=Accounts.saves,
            reset_on_saved=True,
        ),
    )


def _keys() -> rx.Component:
    shown = rx.cond(
        Accounts.new_key != "",
        stack(
            soft(t("access.keys.once")),
            rx.el.code(Accounts.new_key, class_name="code", custom_attrs={"data-key": "new"}),
        ),
        rx.fragment(),
    )
    return panel(
        "access.keys.title",
        stack(soft(t("access.keys.text")), rx.foreach(Accounts.keys, _key), shown),
        form(
            text_field("name", t("access.keys.name"), errors=Accounts.errors, required=True, max_length=200),
            form_buttons(button(t("access.keys.make"), type="submit")),
            on_submit=Accounts.key_made,
            saved=Accounts.saves,
            reset_on_saved=True,
        ),
    )


def _key(row: Any) -> rx.Component:
    revoke = icon_button("trash-2", t("access.keys.revoke"), on_click=Accounts.key_revoked(row["id"]))
    return line(
        grow(stack(cut(row["name"]), faint(row["prefix"], "… · ", fmt.day(row["created_at"])), gap="none")),
        rx.cond(row["is_revoked"], status(t("access.keys.revoked"), "none"), revoke),
        class_name="between",
    )
