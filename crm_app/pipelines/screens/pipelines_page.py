"""/pipelines: pipelines at a glance, and a gallery to begin another one from."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.pipelines.presets import PRESETS, PipelinePreset
from crm_app.pipelines.rules import ORDER_RULES
from crm_app.pipelines.screens.chips import chip, chips
from crm_app.pipelines.screens.pipelines_state import Pipelines
from crm_app.ui.button import button
from crm_app.ui.dialog import menu, menu_item, open_dialog, removal, sheet
from crm_app.ui.empty import empty
from crm_app.ui.i18n import t
from crm_app.ui.icon import icon
from crm_app.ui.layout import faint, line, soft, stack
from crm_app.ui.link import link
from crm_app.ui.shell import page
from crm_app.ui.status import status


def pipelines_page() -> rx.Component:
    nothing = empty("kanban", t("pipelines.empty"), t("pipelines.empty.what"), _add())
    return page(
        t("pipelines.title"),
        stack(rx.foreach(Pipelines.pipelines, _pipeline), gap="m"),
        rx.cond(Pipelines.is_ready & (Pipelines.pipelines.length() == 0), nothing, rx.fragment()),
        _gallery(),
        removal(
            "pipeline-remove",
            Pipelines,
            "pipelines.remove_question",
            "pipelines.remove_what",
            yes=button(t("pipelines.remove"), kind="danger", on_click=Pipelines.pipeline_removed),
        ),
        actions=[rx.cond(Pipelines.pipelines.length() > 0, _add(), rx.fragment())],
    )


def _add() -> rx.Component:
    return button(t("pipelines.add"), kind="primary", icon_name="plus", on_click=open_dialog("pipeline-gallery"))


def _pipeline(row: Any) -> rx.Component:
    orders = [(rule, t(f"pipelines.order.{rule}")) for rule in ORDER_RULES]
    return rx.el.section(
        line(
            rx.el.h2(link(row["name"], href=row["href"]), class_name="grow"),
            rx.cond(row["card"] == "lead", status(t("pipelines.of.lead"), "info"), rx.fragment()),
            faint(rx.match(row["order_rule"], *orders, "")),
            menu(
                icon("ellipsis"),
                menu_item(t("pipelines.edit"), icon_name="pencil", href=row["href"]),
                menu_item(t("pipelines.copy"), icon_name="copy", on_click=Pipelines.copy_wanted(row["id"])),
                menu_item(
                    t("pipelines.remove"),
                    icon_name="trash-2",
                    danger=True,
                    on_click=Pipelines.removal_wanted(row["id"]),
                ),
                label=t("ui.more"),
            ),
        ),
        chips(rx.foreach(row["stages"], lambda one: chip(one["name"], one["colour"])), label=row["name"]),
        class_name="panel",
        custom_attrs={"data-pipeline": row["id"]},
    )


def _gallery() -> rx.Component:
    """Ready pipelines with their stages, to be looked at before one is taken; and one's own, to be copied."""
    return sheet(
        "pipeline-gallery",
        t("pipelines.add"),
        stack(
            *[_preset(name, preset) for name, preset in PRESETS.items()],
            rx.cond(Pipelines.pipelines.length() > 0, faint(t("pipelines.gallery.own")), rx.fragment()),
            rx.foreach(Pipelines.pipelines, _own),
            gap="m",
        ),
        done=Pipelines.saves,
    )


def _preset(name: str, preset: PipelinePreset) -> rx.Component:
    stages = [chip(t(f"pipelines.stage.{stage.word}"), stage.colour) for stage in preset.stages]
    take = button(t("pipelines.take"), kind="primary", on_click=Pipelines.preset_chosen(name))
    return rx.el.section(
        line(rx.el.h3(t(f"pipelines.preset.{name}"), class_name="grow"), take),
        soft(t(f"pipelines.preset.{name}.what")),
        chips(*stages, label=t(f"pipelines.preset.{name}")),
        faint(t(f"pipelines.order.{preset.order_rule}")),
        class_name="panel",
        custom_attrs={"data-preset": name, "aria-label": t(f"pipelines.preset.{name}")},
    )


def _own(row: Any) -> rx.Component:
    copy = button(t("pipelines.copy"), on_click=Pipelines.copy_wanted(row["id"]))
    return rx.el.section(
        line(rx.el.h3(row["name"], class_name="grow"), copy),
        chips(rx.foreach(row["stages"], lambda one: chip(one["name"], one["colour"])), label=row["name"]),
        class_name="panel",
        custom_attrs={"data-own": row["id"]},
    )
