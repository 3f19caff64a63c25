"""/pipelines/[pipeline_id]: one pipeline as a draft, what a change touches, and older versions to go back to."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.pipelines.rules import COLOURS, FIELDS, KINDS, ORDER_RULES, ROT_FROM, WIP_RULES
from crm_app.pipelines.screens.access_panel import access_panel
from crm_app.pipelines.screens.approvals_panel import approvals_panel
from crm_app.pipelines.screens.chips import chip, chips
from crm_app.pipelines.screens.editor_state import PipelineEditor
from crm_app.pipelines.screens.rights_panel import rights_panel
from crm_app.ui.button import button
from crm_app.ui.connection import banner
from crm_app.ui.dialog import dialog
from crm_app.ui.form import form
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, heading, line, soft, stack
from crm_app.ui.link import link
from crm_app.ui.shell import page
from crm_app.ui.stage_plan import stage_plan
from crm_app.ui.status import status


def editor_page() -> rx.Component:
    return page(
        PipelineEditor.title,
        line(link(t("pipelines.all"), href="/pipelines"), class_name="mb-3"),
        rx.cond(PipelineEditor.is_behind, _behind(), rx.fragment()),
        stage_plan(
            plan=PipelineEditor.plan,
            load=PipelineEditor.loads,
            errors=PipelineEditor.errors,
            card=PipelineEditor.card,
            on_save=PipelineEditor.save_wanted,
            options={
                "order_rule": _options("pipelines.order.", ORDER_RULES),
                "kind": _options("pipelines.kind.", KINDS),
                "colour": _options("pipelines.colour.", COLOURS),
                "rot_from": _options("pipelines.rot_from.", ROT_FROM),
                "wip_rule": _options("pipelines.wip_rule.", WIP_RULES),
                "fields": _options("field.deal.", FIELDS),
            },
        ),
        approvals_panel(),
        access_panel(),
        rights_panel(),
        _versions(),
        _touched(),
    )


def _options(prefix: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"id": name, "label": t(f"{prefix}{name}"), "hint": ""} for name in names]


def _behind() -> rx.Component:
    again = button(t("pipelines.reload"), on_click=PipelineEditor.reloaded)
    return banner(t("pipelines.behind"), action=again)


def _touched() -> rx.Component:
    """What the change touches, and where the cards of stages that go are to go."""
    changed = PipelineEditor.changed_stages
    names = PipelineEditor.named_by
    return dialog(
        "pipeline-touched",
        t("pipelines.touched.title"),
        form(
            soft(t("pipelines.touched.cards", n=PipelineEditor.cards)),
            rx.cond(
                changed.length() > 0,
                stack(soft(t("pipelines.touched.stages")), rx.el.ul(rx.foreach(changed, rx.el.li)), gap="xs"),
                rx.fragment(),
            ),
            rx.foreach(PipelineEditor.leaving, _leaving),
            rx.cond(
                names.length() > 0,
                stack(soft(t("pipelines.touched.named")), rx.el.ul(rx.foreach(names, _naming)), gap="xs"),
                rx.fragment(),
            ),
            rx.cond(PipelineEditor.rules_change, _rules(), rx.fragment()),
            rx.cond(PipelineEditor.rights_change, _rights(), rx.fragment()),
            faint(t("pipelines.touched.kept")),
            rx.el.div(
                button(t("ui.cancel"), on_click=PipelineEditor.dropped, type="button"),
                button(t("pipelines.touched.save"), kind="primary", type="submit"),
                class_name="form-buttons",
            ),
            on_submit=PipelineEditor.confirmed,
        ),
        open=PipelineEditor.asks,
        on_close=PipelineEditor.dropped,
    )


def _rules() -> rx.Component:
    """That rules of approval become others, and how many requests are under way by the old ones."""
    before, after = PipelineEditor.rules_before, PipelineEditor.rules_after
    waiting = soft(t("pipelines.touched.waiting", n=PipelineEditor.waiting))
    return stack(
        soft(t("pipelines.touched.approvals", before=before, after=after)),
        rx.cond(PipelineEditor.waiting > 0, waiting, rx.fragment()),
        gap="xs",
    )


def _rights() -> rx.Component:
    """That roles are kept from other fields, and how many people lose sight of one."""
    lost = soft(t("pipelines.touched.unsighted", n=PipelineEditor.unsighted))
    told = rx.cond(PipelineEditor.unsighted > 0, lost, rx.fragment())
    return stack(soft(t("pipelines.touched.rights")), told, gap="xs")


def _leaving(row: Any) -> rx.Component:
    """A stage that goes."""
    ask = rx.el.label(
        rx.el.span(t("pipelines.touched.goes", name=row["name"], n=row["cards"]), class_name="small"),
        rx.el.select(
            rx.el.option(t("pipelines.touched.choose"), value=""),
            rx.foreach(row["to"], lambda one: rx.el.option(one["label"], value=one["id"])),
            name=row["field"],
            required=True,
            default_value="",
            class_name="input",
        ),
        rx.cond(
            PipelineEditor.errors.contains(row["field"]), _error(PipelineEditor.errors[row["field"]]), rx.fragment()
        ),
    )
    return rx.cond(row["cards"] > 0, ask, soft(t("pipelines.touched.empty", name=row["name"])))


def _error(text: Any) -> rx.Component:
    return rx.el.p(text, class_name="field-error", custom_attrs={"role": "alert"})


def _naming(row: Any) -> rx.Component:
    kinds = {kind: t(f"pipelines.named_by.{kind}") for kind in ("filter", "field", "form", "rule")}
    return rx.el.li(rx.match(row["kind"], *kinds.items(), ""), " ", row["name"])


def _versions() -> rx.Component:
    return rx.el.section(
        heading(t("pipelines.versions")),
        soft(t("pipelines.versions.what")),
        stack(rx.foreach(PipelineEditor.versions, _version)),
        class_name="panel",
        custom_attrs={"aria-label": t("pipelines.versions")},
    )


def _version(row: Any) -> rx.Component:
    again = button(t("pipelines.version.restore"), on_click=PipelineEditor.version_wanted(row["number"]))
    return rx.el.details(
        rx.el.summary(
            t("pipelines.version", number=row["number"]),
            " · ",
            fmt.moment(row["at"]),
            " · ",
            row["by"],
            rx.cond(row["restored"] > 0, t("pipelines.version.restored", number=row["restored"]), ""),
        ),
        stack(
            line(rx.el.strong(row["name"]), rx.cond(row["is_now"], status(t("pipelines.version.now"), "good"), again)),
            chips(rx.foreach(row["stages"], lambda one: chip(one["name"], one["colour"])), label=row["name"]),
            gap="s",
        ),
        custom_attrs={"data-version": row["number"]},
    )
