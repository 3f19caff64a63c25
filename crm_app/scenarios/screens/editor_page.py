"""/settings/scenarios/[scenario_id]: when, if, then: sentences that can be read aloud, and what they have done."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.queries.shelf import COUNTED
from crm_app.scenarios.screens.editor_state import CONDITIONS, TRIGGER, ScenarioEditor
from crm_app.scenarios.screens.runs_panel import runs_panel
from crm_app.ui.button import button, icon_button
from crm_app.ui.dialog import dialog
from crm_app.ui.field import error_line, text_field
from crm_app.ui.filter_bar import filter_bar
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, line, panel, soft, stack
from crm_app.ui.link import link
from crm_app.ui.shell import page
from crm_app.ui.status import status


def editor_page() -> rx.Component:
    return page(
        ScenarioEditor.name,
        line(link(t("scenarios.all"), href="/settings/scenarios"), class_name="mb-3"),
        rx.cond(
            ScenarioEditor.is_ready,
            stack(_name(), _when(), _conditions(), _steps(), runs_panel(), gap="l", class_name="narrow"),
            rx.fragment(),
        ),
        _dialog(),
    )


def _name() -> rx.Component:
    is_on = ScenarioEditor.is_on
    turn = rx.cond(is_on, t("scenarios.switch_off"), t("scenarios.switch_on"))
    return panel(
        None,
        line(
            rx.cond(is_on, status(t("scenarios.on"), "good"), status(t("scenarios.off"))),
            rx.el.span(faint(t("scenarios.owner", name=ScenarioEditor.owner)), class_name="grow"),
            button(turn, on_click=ScenarioEditor.switched),
            class_name="wrap",
        ),
        rx.cond(is_on, rx.fragment(), soft(t("scenarios.switch_hint"))),
        form(
            text_field("name", t("scenarios.name"), value=ScenarioEditor.name, auto_complete="off"),
            form_buttons(button(t("ui.save"), type="submit")),
            on_submit=ScenarioEditor.renamed,
            key=ScenarioEditor.name,
        ),
    )


def _when() -> rx.Component:
    said = ScenarioEditor.when
    change = icon_button("pencil", t("scenarios.step.change", said=said), on_click=ScenarioEditor.trigger_opened)
    return panel("scenarios.when", line(rx.el.span(said, class_name="grow"), change))


def _conditions() -> rx.Component:
    said = ScenarioEditor.conditions_said
    change = icon_button("pencil", t("scenarios.step.change", said=said), on_click=ScenarioEditor.conditions_opened)
    return panel(
        "scenarios.if",
        line(rx.el.span(rx.cond(said == "", t("scenarios.say.any"), said), class_name="grow"), change),
        faint(t("scenarios.if.hint")),
    )


def _steps() -> rx.Component:
    return panel(
        "scenarios.then",
        rx.cond(ScenarioEditor.steps.length() > 0, rx.fragment(), soft(t("scenarios.nothing"))),
        stack(rx.foreach(ScenarioEditor.steps, _step), gap="s"),
        rx.el.div(button(t("scenarios.step.add"), icon_name="plus", on_click=ScenarioEditor.adding_opened(""))),
    )


def _step(row: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(row["way"] == "", _done(row), _way(row)),
        custom_attrs={"data-step": row["path"]},
        padding_left=rx.match(row["depth"], ("0", "0"), ("1", "1.5rem"), ("2", "3rem"), "4.5rem"),
    )


def _done(row: Any) -> rx.Component:
    said, path = row["said"], row["path"]
    return line(
        rx.el.span(said, class_name="grow"),
        icon_button("arrow-up", t("scenarios.step.up", said=said), on_click=ScenarioEditor.step_moved(path, -1)),
        icon_button("arrow-down", t("scenarios.step.down", said=said), on_click=ScenarioEditor.step_moved(path, 1)),
        icon_button("pencil", t("scenarios.step.change", said=said), on_click=ScenarioEditor.step_opened(path)),
        icon_button("trash-2", t("scenarios.step.remove", said=said), on_click=ScenarioEditor.step_removed(path)),
        gap="xs",
    )


def _way(row: Any) -> rx.Component:
    """Where a way of a branch begins, with a button that adds a step at its end."""
    return line(
        soft(row["said"]),
        icon_button("plus", t("scenarios.step.add"), on_click=ScenarioEditor.adding_opened(row["path"])),
    )


def _dialog() -> rx.Component:
    edits = ScenarioEditor.edits
    title = rx.match(edits, (TRIGGER, t("scenarios.when")), (CONDITIONS, t("scenarios.if")), t("scenarios.step.edit"))
    return dialog(
        "scenario-part",
        title,
        rx.cond(edits == CONDITIONS, rx.fragment(), _kinds()),
        rx.cond(ScenarioEditor.asks_conditions, _filter(), rx.fragment()),
        form(
            stack(rx.foreach(ScenarioEditor.asks, _ask), gap="m"),
            rx.cond(ScenarioEditor.error != "", error_line(ScenarioEditor.error), rx.fragment()),
            form_buttons(button(t("ui.save"), kind="primary", type="submit")),
            on_submit=ScenarioEditor.saved,
            key=ScenarioEditor.opens,
        ),
        open=edits != "",
        on_close=ScenarioEditor.closed,
    )


def _kinds() -> rx.Component:
    label = rx.cond(ScenarioEditor.edits == TRIGGER, t("scenarios.when.hint"), t("scenarios.step.what"))
    return rx.el.label(
        rx.el.span(label, class_name="field-label"),
        rx.el.select(
            rx.foreach(ScenarioEditor.kinds, lambda one: rx.el.option(one["label"], value=one["id"])),
            value=ScenarioEditor.kind,
            on_change=ScenarioEditor.kind_chosen,
            class_name="input",
            custom_attrs={"aria-label": label},
        ),
        class_name="field",
    )


def _filter() -> rx.Component:
    """Which deals, as the list of deals is filtered; beside the form, since the filter has forms of its own."""
    return filter_bar(
        ScenarioEditor.fields,
        filter=ScenarioEditor.conditions,
        on_change=ScenarioEditor.conditions_changed,
        preview=ScenarioEditor.preview,
        on_preview=ScenarioEditor.previewed,
        most=COUNTED,
    )


def _ask(row: Any) -> rx.Component:
    props: dict[str, Any] = {"name": row["name"], "default_value": row["value"], "class_name": "input"}
    props["custom_attrs"] = {"aria-label": row["label"]}
    options = rx.foreach(row["options"], lambda one: rx.el.option(one["label"], value=one["id"]))
    return rx.el.label(
        rx.el.span(row["label"], class_name="field-label"),
        rx.match(
            row["shape"],
            ("choice", rx.el.select(options, **props)),
            ("number", rx.el.input(type="text", input_mode="numeric", auto_complete="off", **props)),
            rx.el.input(type="text", auto_complete="off", max_length=2000, **props),
        ),
        rx.cond(row["error"] != "", error_line(row["error"]), rx.fragment()),
        class_name="field",
    )
