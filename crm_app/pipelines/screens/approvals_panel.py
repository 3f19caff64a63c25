"""In the editor of a pipeline: who has to approve what, in sentences that can be read aloud."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.queries.shelf import COUNTED
from crm_app.pipelines.approval_rules import UNITS
from crm_app.pipelines.screens.approvals_state import ApprovalRules
from crm_app.pipelines.screens.editor_state import PipelineEditor
from crm_app.ui.button import button, icon_button
from crm_app.ui.dialog import dialog
from crm_app.ui.field import check_field, error_line, error_of, number_field, select_field, text_field
from crm_app.ui.filter_bar import filter_bar
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import heading, line, soft, stack, two

MOST_NEEDED = 5


def approvals_panel() -> rx.Component:
    """The rules of a pipeline of deals; of leads there are none."""
    add = button(t("pipelines.approval.add"), icon_name="plus", on_click=ApprovalRules.adding_opened)
    section = rx.el.section(
        heading(t("pipelines.approvals")),
        soft(t("pipelines.approvals.what")),
        stack(rx.foreach(ApprovalRules.lines, _line), gap="s"),
        rx.el.div(add),
        class_name="panel",
        custom_attrs={"aria-label": t("pipelines.approvals")},
    )
    return rx.cond(PipelineEditor.card == "deal", rx.fragment(section, _editor()), rx.fragment())


def _line(row: Any) -> rx.Component:
    return line(
        rx.el.span(row["said"], class_name="grow"),
        icon_button("pencil", t("pipelines.approval.edit"), on_click=ApprovalRules.editing_opened(row["key"])),
        icon_button("trash-2", t("ui.delete"), on_click=ApprovalRules.rule_removed(row["key"])),
        custom_attrs={"data-rule": row["key"]},
    )


def _editor() -> rx.Component:
    return dialog(
        "approval-rule",
        rx.cond(ApprovalRules.rule["key"] == 0, t("pipelines.approval.add"), t("pipelines.approval.edit")),
        _conditions(),
        form(
            two(
                _select("from_key", ApprovalRules.open_stages, empty=t("pipelines.approval.any_stage")),
                _select("to_key", ApprovalRules.stages, empty=t("pipelines.touched.choose")),
            ),
            _approvers(),
            two(_select("needs", _needs()), _check("in_turn")),
            two(
                number_field(
                    "limit", t("pipelines.approval.limit"), value=_given("limit"), errors=ApprovalRules.errors
                ),
                _select("unit", [_option(unit, t(f"pipelines.approval.unit.{unit}")) for unit in UNITS]),
            ),
            _select("substitute", ApprovalRules.people, empty=t("pipelines.approval.nobody")),
            _check("spares_responsible"),
            text_field(
                "words", t("pipelines.approval.words"), value=_given("words"), errors=ApprovalRules.errors,
                auto_complete="off",
            ),
            form_buttons(button(t("ui.save"), kind="primary", type="submit")),
            on_submit=ApprovalRules.rule_saved,
            key=ApprovalRules.opens,
        ),
        open=ApprovalRules.edits,
        on_close=ApprovalRules.editing_closed,
    )  # fmt: skip


def _conditions() -> rx.Component:
    """Which deals, as the list of deals is filtered; beside the form, since the filter has forms of its own."""
    wrong = error_of(ApprovalRules.errors, "conditions")
    return stack(
        rx.el.div(t("pipelines.approval.conditions"), class_name="field-label"),
        filter_bar(
            ApprovalRules.fields,
            filter=ApprovalRules.conditions,
            on_change=ApprovalRules.conditions_changed,
            preview=ApprovalRules.preview,
            on_preview=ApprovalRules.previewed,
            most=COUNTED,
        ),
        rx.cond(wrong != "", error_line(wrong), rx.fragment()),
        gap="s",
    )


def _approvers() -> rx.Component:
    """In their order, which counts where they are asked in turn."""

    def place(row: Any) -> rx.Component:
        return rx.el.select(
            rx.el.option(t("pipelines.approval.nobody"), value=""),
            rx.foreach(ApprovalRules.people, lambda one: rx.el.option(one["label"], value=one["id"])),
            name=row["name"],
            default_value=row["who"],
            class_name="input",
            custom_attrs={"aria-label": t("pipelines.approval.approver", n=row["number"])},
        )

    wrong = error_of(ApprovalRules.errors, "approvers")
    return rx.el.fieldset(
        rx.el.legend(t("pipelines.approval.approvers"), class_name="field-label"),
        stack(rx.foreach(ApprovalRules.places, place), gap="s"),
        rx.cond(wrong != "", error_line(wrong), rx.fragment()),
        class_name="field",
    )


def _needs() -> list[Any]:
    """How many have to agree."""
    some = [_option(str(n), t("pipelines.approval.needs.some", n=n)) for n in range(2, MOST_NEEDED + 1)]
    return [_option("0", t("pipelines.approval.needs.all")), _option("1", t("pipelines.approval.needs.any")), *some]


def _given(name: str) -> Any:
    given: Any = ApprovalRules.rule
    return given[name]


def _option(key: str, label: Any) -> Any:
    return {"id": key, "label": label, "hint": ""}


def _select(name: str, options: Any, **props: Any) -> rx.Component:
    label = t(f"pipelines.approval.{name}")
    return select_field(name, label, options=options, value=_given(name), errors=ApprovalRules.errors, **props)


def _check(name: str) -> rx.Component:
    return check_field(name, t(f"pipelines.approval.{name}"), checked=_given(name))
