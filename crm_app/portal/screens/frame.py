"""What stands around a guest's pages: nothing of the staff's frame, and a way out."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.button import button
from crm_app.ui.form import native_form
from crm_app.ui.i18n import t
from crm_app.ui.layout import cut, line
from crm_app.ui.shell import bare_page


def guest_page(title: Any, name: Any, *children: Any) -> rx.Component:
    """A page for a guest; name: theirs."""
    out = native_form(button(t("ui.log_out"), kind="plain", small=True, type="submit"), action="/auth/logout")
    return bare_page(title, *children, line(cut(name, class_name="soft grow"), out, class_name="between"), narrow=False)
