"""What stands under an address that the application does not know."""

from __future__ import annotations

import reflex as rx

from crm_app.ui.button import link_button
from crm_app.ui.i18n import t
from crm_app.ui.layout import soft
from crm_app.ui.shell import bare_page


def nowhere_page() -> rx.Component:
    home = link_button(t("ui.missing.home"), href="/", kind="primary")
    return bare_page(t("ui.missing.title"), soft(t("ui.missing.text")), home)
