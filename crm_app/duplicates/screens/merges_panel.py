"""The panel "Merged with" of a card: not there while nothing can be taken back."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.duplicates.screens.merges_state import CardMerges
from crm_app.ui.button import button
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import cut, faint, line, panel, stack
from crm_app.ui.panels import filled_by


def merges_panel() -> rx.Component:
    """For `panels_of` of every kind of card that can be merged."""
    shown = panel("duplicates.merged_with", rx.foreach(CardMerges.lines, _row))
    return filled_by(CardMerges, rx.cond(CardMerges.lines.length() > 0, shown, rx.fragment()))


def _row(row: Any) -> rx.Component:
    take_out = button(t("duplicates.take_apart"), small=True, on_click=CardMerges.split(row["id"]))
    until = t("duplicates.until", day=fmt.day(row["until"]), who=row["merged_by"])
    return line(
        stack(cut(row["name"]), faint(until), gap="none"),
        rx.cond(row["may_split"], take_out, rx.fragment()),
        class_name="between",
    )
