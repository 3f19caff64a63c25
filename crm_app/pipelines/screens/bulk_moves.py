"""On lists of cards with stages: the way to move the ticked ones, and which of them had to stay."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.button import button, icon_button
from crm_app.ui.dialog import popover
from crm_app.ui.field import select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import cut, faint, line, panel, soft
from crm_app.ui.link import link


def bulk_move(state: Any) -> rx.Component:
    """To a stage: those that may not enter it stay, and are told."""
    words = t("pipelines.bulk.move")
    return popover(
        words,
        form(
            select_field("stage_id", t("pipelines.bulk.stage"), options=state.stages),
            text_field("reason", t("pipelines.bulk.reason"), help=t("pipelines.bulk.reason_hint")),
            form_buttons(button(t("pipelines.bulk.go"), kind="primary", type="submit")),
            on_submit=state.bulk_moved,
            saved=state.saves,
            reset_on_saved=True,
        ),
        label=words,
    )


def bulk_refused(state: Any) -> rx.Component:
    """Cards that the last move left where they were, each with the reasons."""

    def row(each: Any) -> rx.Component:
        title = rx.cond(each.href == "", soft(each.title), link(cut(each.title), href=each.href))
        return rx.el.li(title, " ", faint(each.why.join("; ")))

    close = icon_button("x", t("ui.close"), on_click=state.refused_read)
    told = panel(
        None,
        line(rx.el.strong(t("pipelines.bulk.refused"), class_name="grow"), close),
        rx.el.ul(rx.foreach(state.refused, row), class_name="stack refused-list"),
        link(t("cards.bulk.all"), href="/bulk"),
    )
    region = rx.el.div(told, role="status", custom_attrs={"aria-label": t("pipelines.bulk.refused")})
    return rx.cond(state.refused.length() > 0, region, rx.fragment())
