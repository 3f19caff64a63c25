"""The bare address: leads on to where the visitor works."""

from __future__ import annotations

import reflex as rx

from crm_app.ui.i18n import t
from crm_app.ui.progress import spinner
from crm_app.ui.shell import bare_page


def home_page() -> rx.Component:
    return bare_page(t("ui.brand"), spinner())
