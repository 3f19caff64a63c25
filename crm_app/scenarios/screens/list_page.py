"""/settings/scenarios: scenarios as sentences, switched on and off."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.scenarios.screens.list_state import Scenarios
from crm_app.ui.button import button
from crm_app.ui.dialog import dialog, menu, menu_item, removal
from crm_app.ui.empty import empty
from crm_app.ui.field import text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.icon import icon
from crm_app.ui.layout import faint, line, soft, stack
from crm_app.ui.link import link
from crm_app.ui.shell import page
from crm_app.ui.status import status


def list_page() -> rx.Component:
    nothing = empty("zap", t("scenarios.empty"), t("scenarios.empty.what"), _add())
    return page(
        t("scenarios.title"),
        stack(rx.foreach(Scenarios.scenarios, _scenario), gap="m", class_name="narrow"),
        rx.cond(Scenarios.is_ready & (Scenarios.scenarios.length() == 0), nothing, rx.fragment()),
        _adding(),
        removal(
            "scenario-remove",
            Scenarios,
            "scenarios.remove_question",
            "scenarios.remove_what",
            yes=button(t("scenarios.remove"), kind="danger", on_click=Scenarios.scenario_removed),
        ),
        actions=[rx.cond(Scenarios.scenarios.length() > 0, _add(), rx.fragment())],
    )


def _add() -> rx.Component:
    return button(t("scenarios.add"), kind="primary", icon_name="plus", on_click=Scenarios.adding_opened)


def _adding() -> rx.Component:
    return dialog(
        "scenario-add",
        t("scenarios.add"),
        form(
            text_field("name", t("scenarios.name"), errors=Scenarios.errors, auto_complete="off"),
            form_buttons(button(t("scenarios.step.go_on"), kind="primary", type="submit")),
            on_submit=Scenarios.scenario_added,
            key=Scenarios.opens,
        ),
        open=Scenarios.adds,
        on_close=Scenarios.adding_closed,
    )


def _scenario(row: Any) -> rx.Component:
    is_on = row["is_on"]
    return rx.el.section(
        line(
            rx.el.h2(link(row["name"], href=row["href"]), class_name="grow"),
            rx.cond(row["failed"] > 0, status(t("scenarios.failed_n", n=row["failed"]), "bad"), rx.fragment()),
            rx.cond(row["waiting"] > 0, status(t("scenarios.waiting_n", n=row["waiting"]), "info"), rx.fragment()),
            rx.cond(is_on, status(t("scenarios.on"), "good"), status(t("scenarios.off"))),
            menu(
                icon("ellipsis"),
                menu_item(
                    rx.cond(is_on, t("scenarios.switch_off"), t("scenarios.switch_on")),
                    icon_name="power",
                    on_click=Scenarios.switched(row["id"], ~is_on.to(bool)),
                ),
                menu_item(
                    t("scenarios.remove"), icon_name="trash-2", danger=True,
                    on_click=Scenarios.removal_wanted(row["id"]),
                ),
                label=t("ui.more"),
            ),
            class_name="wrap",
        ),
        soft(row["said"]),
        faint(t("scenarios.owner", name=row["owner"])),
        class_name="panel",
        custom_attrs={"data-scenario": row["id"]},
    )  # fmt: skip
