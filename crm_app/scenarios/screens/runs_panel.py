"""What a scenario has done: each run with its steps, what waits, and what failed to be retried."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.scenarios.screens.runs_state import ScenarioRuns
from crm_app.ui.button import button
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, line, panel, soft, stack
from crm_app.ui.link import link
from crm_app.ui.status import status


def runs_panel() -> rx.Component:
    is_empty = ScenarioRuns.is_ready & (ScenarioRuns.runs.length() == 0)
    return panel(
        "scenarios.runs",
        rx.cond(is_empty, soft(t("scenarios.runs.none")), rx.fragment()),
        stack(rx.foreach(ScenarioRuns.runs, _run), gap="m"),
    )


def _run(row: Any) -> rx.Component:
    title = rx.cond(row["title"] == "", soft(t("scenarios.runs.unseen")), link(row["title"], href=row["href"]))
    return rx.el.section(
        line(
            rx.el.span(title, class_name="grow"),
            faint(fmt.moment(row["at"])),
            status(row["state"], row["tone"]),
            class_name="wrap",
        ),
        rx.el.ol(rx.foreach(row["steps"], _step)),
        rx.cond((row["came"] != "") & ~row["has_failed"].to(bool), soft(row["came"]), rx.fragment()),
        rx.cond(
            row["wakes_at"] != "", soft(t("scenarios.runs.wakes"), " ", fmt.moment(row["wakes_at"])), rx.fragment()
        ),
        rx.cond(row["next"] != "", soft(t("scenarios.runs.next", said=row["next"])), rx.fragment()),
        rx.cond(
            row["goes_on"].to(bool),
            rx.el.div(button(t("scenarios.runs.stop"), on_click=ScenarioRuns.stopped(row["id"]))),
            rx.fragment(),
        ),
        rx.cond(
            row["has_failed"].to(bool),
            rx.el.div(button(t("scenarios.runs.retry"), on_click=ScenarioRuns.retried(row["id"]))),
            rx.fragment(),
        ),
        class_name="panel",
        custom_attrs={"data-run": row["id"]},
    )


def _step(row: Any) -> rx.Component:
    tries = rx.cond(row["tries"] > 1, faint(" ", t("scenarios.runs.tries", n=row["tries"])), rx.fragment())
    return rx.el.li(row["said"], ": ", status(row["came"], row["tone"]), tries)
