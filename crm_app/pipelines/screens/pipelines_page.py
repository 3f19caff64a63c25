"""/pipelines: pipelines from presets; names, colours, order and what each stage asks for."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.pipelines.presets import PRESETS
from crm_app.pipelines.rules import COLOURS, FIELDS, ORDER_RULES
from crm_app.pipelines.screens.pipelines_state import Pipelines
from crm_app.ui.button import button, icon_button
from crm_app.ui.dialog import confirm, menu, menu_item, popover
from crm_app.ui.empty import empty
from crm_app.ui.form import form
from crm_app.ui.i18n import t
from crm_app.ui.icon import icon
from crm_app.ui.inline_edit import edited_value
from crm_app.ui.layout import faint, line, soft, stack
from crm_app.ui.plain_table import plain_row, plain_table
from crm_app.ui.shell import page
from crm_app.ui.status import status


def pipelines_page() -> rx.Component:
    nothing = empty("kanban", t("pipelines.empty"), t("pipelines.empty.what"), _add())
    return page(
        t("pipelines.title"),
        stack(rx.foreach(Pipelines.pipelines, _pipeline), gap="xl"),
        rx.cond(Pipelines.is_ready & (Pipelines.pipelines.length() == 0), nothing, rx.fragment()),
        confirm(
            "pipeline-remove",
            t("pipelines.remove_question", name=Pipelines.leaving_name),
            soft(t("pipelines.remove_what")),
            yes=button(t("pipelines.remove"), kind="danger", on_click=Pipelines.pipeline_removed),
            open=Pipelines.leaving_id > 0,
            on_close=Pipelines.removal_dropped,
        ),
        actions=[rx.cond(Pipelines.pipelines.length() > 0, _add(), rx.fragment())],
    )


def _add() -> rx.Component:
    choices = [
        menu_item(t(f"pipelines.preset.{preset}"), on_click=Pipelines.preset_chosen(preset)) for preset in PRESETS
    ]
    face = line(icon("plus"), rx.el.span(t("pipelines.add")))
    return menu(face, *choices, look="button button-primary", label=t("pipelines.add"))


def _pipeline(row: Any) -> rx.Component:
    rules = [{"id": rule, "label": t(f"pipelines.order.{rule}"), "hint": ""} for rule in ORDER_RULES]
    heads = ("name", "colour", "probability", "rot_days", "required_fields")
    return rx.el.section(
        line(
            rx.el.h2(_edit(row, "name", Pipelines.pipeline_edited), class_name="grow"),
            _edit(row, "order_rule", Pipelines.pipeline_edited, kind="select", options=rules),
            menu(
                icon("ellipsis"),
                menu_item(
                    t("pipelines.remove"),
                    icon_name="trash-2",
                    danger=True,
                    on_click=Pipelines.removal_wanted(row["id"]),
                ),
                label=t("ui.more"),
            ),
        ),
        rx.cond(row["card"] == "lead", _touch(row), rx.fragment()),
        plain_table(
            [*(t(f"field.pipeline.{head}") for head in heads), ""],
            rx.foreach(row["stages"], _stage),
            label=row["name"],
        ),
        _stage_add(row),
        class_name="panel",
        custom_attrs={"data-pipeline": row["id"]},
    )


def _touch(row: Any) -> rx.Component:
    """Within how long a new lead has to be touched."""
    limit = _edit(row, "touch_minutes", Pipelines.pipeline_edited)
    return line(status(t("pipelines.of.lead"), "info"), soft(t("field.pipeline.touch_minutes")), limit)


def _stage(row: Any) -> rx.Component:
    colours = [{"id": colour, "label": t(f"pipelines.colour.{colour}"), "hint": ""} for colour in COLOURS]
    edited = Pipelines.stage_edited
    return plain_row(
        _edit(row, "name", edited),
        line(
            rx.el.span(class_name="colour-spot", custom_attrs={"data-colour": row["colour"]}),
            _edit(row, "colour", edited, kind="select", options=colours),
        ),
        _edit(row, "probability", edited),
        _edit(row, "rot_days", edited),
        rx.cond(row["of_deals"], _asked(row), rx.fragment()),
        rx.cond(row["place"] >= 0, _doings(row), rx.fragment()),
        row_id=row["id"],
    )


def _doings(row: Any) -> rx.Component:
    moved = Pipelines.stage_moved
    return line(
        icon_button(
            "arrow-up", t("pipelines.stage_up"), on_click=moved(row["id"], row["place"] - 1), disabled=row["is_first"]
        ),
        icon_button(
            "arrow-down",
            t("pipelines.stage_down"),
            on_click=moved(row["id"], row["place"] + 1),
            disabled=row["is_last"],
        ),
        icon_button("trash-2", t("pipelines.stage_remove"), on_click=Pipelines.stage_removed(row["id"])),
        gap="none",
        class_name="justify-end",
    )


def _stage_add(row: Any) -> rx.Component:
    words = t("pipelines.stage_new")
    return form(
        rx.el.input(type="hidden", name="pipeline", value=row["id"].to_string(), read_only=True),
        line(
            rx.el.input(name="name", placeholder=words, class_name="input narrow", custom_attrs={"aria-label": words}),
            button(t("pipelines.stage_add"), type="submit", icon_name="plus"),
        ),
        on_submit=Pipelines.stage_added,
        saved=Pipelines.saves,
        reset_on_saved=True,
    )


def _asked(row: Any) -> rx.Component:
    def tick(field: str) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox", checked=row["asks"][field], on_change=lambda _: Pipelines.field_asked(row["id"], field)
            ),
            rx.el.span(t(f"field.deal.{field}")),
            class_name="tick",
        )

    words = rx.fragment(
        *[rx.cond(row["asks"][field], rx.el.span(t(f"field.deal.{field}"), class_name="tag"), "") for field in FIELDS],
        rx.cond(row["asks_nothing"], faint(t("pipelines.asks_nothing")), rx.fragment()),
        icon("pencil", 12),
    )
    label = t("field.pipeline.required_fields")
    return popover(words, stack(*[tick(field) for field in FIELDS]), label=label, look="button button-plain")


def _edit(row: Any, field: str, on_save: Any, **props: Any) -> rx.Component:
    return edited_value(
        row["id"].to_string() + f":{field}",
        t(f"field.pipeline.{field}"),
        value=row[field],
        on_save=on_save,
        verdicts=Pipelines.verdicts,
        **props,
    )
