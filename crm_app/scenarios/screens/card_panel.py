"""The panel "Scenarios" on a deal's page: what ran for it, and what can be begun by hand."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.scenarios.screens.card_state import DealScenarios
from crm_app.ui.button import button
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, grow, line, panel, soft, stack
from crm_app.ui.panels import filled_by
from crm_app.ui.status import status


def deal_scenarios_panel() -> rx.Component:
    """For `panels_of("deal")`: not there while there is nothing in it."""
    shown = panel(
        "scenarios.panel",
        rx.foreach(DealScenarios.startable, _startable),
        rx.foreach(DealScenarios.runs, _run),
    )
    has_any = (DealScenarios.startable.length() > 0) | (DealScenarios.runs.length() > 0)
    return if_may("scenario.start", filled_by(DealScenarios, rx.cond(has_any, shown, rx.fragment())))


def _startable(row: Any) -> rx.Component:
    start = button(t("scenarios.panel.start"), on_click=DealScenarios.started(row["id"]))
    return line(grow(row["name"]), start, custom_attrs={"data-start": row["id"]})


def _run(row: Any) -> rx.Component:
    return stack(
        line(grow(row["scenario"]), faint(fmt.moment(row["at"])), status(row["state"], row["tone"]), class_name="wrap"),
        rx.cond(row["came"] != "", soft(row["came"]), rx.fragment()),
        gap="xs",
        custom_attrs={"data-scenario-run": row["id"]},
    )
