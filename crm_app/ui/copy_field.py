"""A text that is there to be taken along: a link, a key.

copy_field(GuestPanel.link, label=t("portal.link"))
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.i18n import t


class CopyField(rx.Component):
    """The JavaScript face."""

    library = rx.asset("copy_field.jsx", shared=True).importable_path
    tag = "CopyField"

    value: rx.Var[str]
    labels: rx.Var[dict[str, str]]


def copy_field(value: Any, *, label: Any) -> rx.Component:
    """The text in a field that can't be typed in, and a button that puts it on the clipboard."""
    return CopyField.create(value=value, labels={"name": label, "copy": t("ui.copy"), "copied": t("ui.copied")})
