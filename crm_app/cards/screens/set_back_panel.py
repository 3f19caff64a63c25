"""The dialog that sets a card back; the timeline has it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.set_back_state import SettingBack
from crm_app.ui.button import button
from crm_app.ui.dialog import dialog
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, soft, stack
from crm_app.ui.picture import small_picture
from crm_app.ui.timeline import change


def set_back_dialog() -> rx.Component:
    """What would change: now and then, field by field."""
    return dialog(
        "set-back",
        t("cards.history.title"),
        stack(
            rx.foreach(SettingBack.lines, _line),
            rx.el.div(
                button(t("ui.cancel"), on_click=SettingBack.closed),
                button(t("cards.history.do"), kind="primary", on_click=SettingBack.confirmed),
                class_name="form-buttons",
            ),
        ),
        open=(SettingBack.fact_id != 0) & (SettingBack.asked_at == rx.State.router.url.path),
        on_close=SettingBack.closed,
    )


def _line(each: Any) -> rx.Component:
    def shown(value: Any) -> Any:
        return rx.cond(value == "", "—", rx.cond(each["is_picture"], small_picture(value, each["field"]), value))

    return stack(
        rx.el.div(faint(each["field"]), " ", change(shown(each["now"]), shown(each["then"]))),
        rx.cond(each["is_later"], soft(t("cards.history.later")), rx.fragment()),
        rx.cond(each["is_written"], rx.fragment(), soft(t("cards.history.read_only"))),
        gap="none",
    )
