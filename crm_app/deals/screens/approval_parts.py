"""A request for approval as it is seen, and the forms that decide it: on a deal's page and in the list of one's own."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.button import button
from crm_app.ui.field import error_line, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.layout import faint, soft, stack


def said_so_far(row: Any) -> rx.Component:
    """Why it has to be approved, what was said of the move, and what approvers have said."""

    def said(one: Any) -> rx.Component:
        verdict = rx.cond(one["is_yes"], t("deals.approvals.said_yes"), t("deals.approvals.said_no"))
        sign = rx.cond(one["is_yes"], icon("check", 12), icon("x", 12))
        word = rx.cond(one["word"] != "", rx.fragment(" — ", one["word"]), "")
        return rx.el.li(sign, " ", one["who"], ": ", verdict, word, class_name="small")

    return rx.fragment(
        rx.foreach(row["why"], lambda each: soft(each)),
        rx.cond(row["reason"] != "", soft("«", row["reason"], "»"), rx.fragment()),
        rx.cond(row["said"].length() > 0, rx.el.ul(rx.foreach(row["said"], said)), rx.fragment()),
    )


def asked_when(row: Any) -> rx.Component:
    """Who asked, when, and by when it is to be decided."""
    due = rx.fragment(" · ", t("deals.approvals.due"), " ", fmt.moment(row["due_at"]))
    asked = t("deals.approvals.asked", who=row["asked_by"])
    return faint(asked, " · ", fmt.ago(row["asked_at"]), rx.cond(row["due_at"] != "", due, ""))


def decision(state: Any, row: Any) -> rx.Component:
    """Yes with a word or none; no, which takes one."""
    named = row["id"].to_string()
    error = state.errors["why-" + named]
    approve = form(
        *_which(row),
        text_field("word", t("deals.approvals.word"), scope="yes-" + named + "-", auto_complete="off"),
        form_buttons(button(t("deals.approvals.approve"), kind="primary", type="submit", icon_name="check")),
        on_submit=state.approved,
    )
    reject = rx.el.details(
        rx.el.summary(t("deals.approvals.reject")),
        form(
            *_which(row),
            text_field(
                "word", t("deals.approvals.why_not"), scope="no-" + named + "-", auto_complete="off", required=True
            ),
            rx.cond(state.errors.contains("why-" + named), error_line(error), rx.fragment()),
            form_buttons(button(t("deals.approvals.reject"), kind="danger", type="submit")),
            on_submit=state.rejected,
        ),
    )
    return stack(approve, reject, gap="s", class_name="max-w-xl")


def _which(row: Any) -> list[rx.Component]:
    told = {"approval": row["id"].to_string(), "round": row["round"].to_string()}
    return [rx.el.input(type="hidden", name=name, value=value) for name, value in told.items()]
