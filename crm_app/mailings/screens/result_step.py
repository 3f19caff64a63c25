"""Step 5: how far it has come, and a row per recipient with the mail server's answer."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.mailings.rules import FAILED, QUEUED, SENT, SKIPPED
from crm_app.mailings.screens.letters_state import Letters
from crm_app.mailings.screens.lines import letter_status, mailing_status
from crm_app.mailings.screens.mailing_state import OneMailing
from crm_app.ui.button import button
from crm_app.ui.dialog import confirm, open_dialog, sheet
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, figure, line, panel, soft, stack
from crm_app.ui.link import link
from crm_app.ui.plain_table import plain_row, plain_table, small_select
from crm_app.ui.progress import progress_bar


def result_step() -> rx.Component:
    mailing = OneMailing.mailing
    return rx.cond(
        mailing["total"] > 0,
        stack(_figures(), _letters(), _attempts(), gap="l"),
        panel("mailings.step.result", soft(t("mailings.result.none"))),
    )


def _figures() -> rx.Component:
    mailing = OneMailing.mailing
    return panel(
        "mailings.step.result",
        line(
            mailing_status(mailing["state"], mailing["failed"]),
            rx.cond(mailing["may_send"], _buttons(), rx.fragment()),
            class_name="between wrap",
        ),
        progress_bar(mailing["total"] - mailing["waiting"], mailing["total"], label=t("mailings.result.progress")),
        line(
            figure(fmt.number(mailing["sent"]), t("mailings.letter_state.sent")),
            figure(fmt.number(mailing["failed"]), t("mailings.letter_state.failed")),
            figure(fmt.number(mailing["skipped"]), t("mailings.result.skipped")),
            figure(fmt.number(mailing["waiting"]), t("mailings.letter_state.queued")),
            gap="xl",
            class_name="wrap",
            custom_attrs={"role": "status"},
        ),
    )


def _buttons() -> rx.Component:
    mailing = OneMailing.mailing
    state = mailing["state"]
    is_going = (state == "sending") | (state == "paused")
    again = (mailing["failed"] > 0) & (state != "sending")
    rest = ((mailing["waiting"] > 0) | (mailing["skipped"] > 0)) & ((state == "stopped") | (state == "finished"))
    stop = button(t("mailings.stop"), kind="danger", on_click=OneMailing.stopped)
    return line(
        rx.cond(state == "sending", button(t("mailings.pause"), on_click=OneMailing.paused), rx.fragment()),
        rx.cond(
            state == "paused", button(t("mailings.resume"), kind="primary", on_click=OneMailing.resumed), rx.fragment()
        ),
        rx.cond(is_going, button(t("mailings.stop"), on_click=open_dialog("mailing-stop")), rx.fragment()),
        rx.cond(again, button(t("mailings.again_failed"), on_click=OneMailing.sent_again("failed")), rx.fragment()),
        rx.cond(rest, button(t("mailings.again_unsent"), on_click=OneMailing.sent_again("unsent")), rx.fragment()),
        confirm("mailing-stop", t("mailings.stop"), rx.el.p(t("mailings.stop.sentence")), yes=stop),
    )


def _letters() -> rx.Component:
    choice = small_select(
        t("mailings.result.which"),
        Letters.state,
        [(state, t(f"mailings.result.{state}")) for state in (SENT, FAILED, QUEUED, SKIPPED)],
        empty=t("mailings.result.all"),
        on_change=Letters.state_chosen,
    )
    headings = ["recipient", "address", "state", "attempts", "answer"]
    return panel(
        "mailings.result.letters",
        plain_table(
            [t(f"mailings.result.{word}") for word in headings],
            rx.foreach(Letters.letters, _letter),
            label=t("mailings.result.letters"),
        ),
        rx.cond(Letters.has_more, button(t("mailings.result.more"), on_click=Letters.more_wanted), rx.fragment()),
        actions=[choice],
    )


def _letter(row: Any) -> rx.Component:
    attempts = button(
        fmt.number(row["attempts"]), kind="plain", small=True,
        on_click=[Letters.attempts_asked(row["id"], row["address"]), open_dialog("mailing-attempts")],
        custom_attrs={"aria-label": t("mailings.result.attempts_of", address=row["address"])},
    )  # fmt: skip
    state = letter_status(row["state"], row["reason"])
    name = rx.cond(row["href"] == "", row["name"], link(row["name"], href=row["href"]))
    return plain_row(name, row["address"], state, attempts, soft(row["answer"]), row_id=row["id"])


def _attempts() -> rx.Component:
    return sheet(
        "mailing-attempts",
        t("mailings.result.attempts"),
        rx.el.p(Letters.attempts_of),
        rx.foreach(Letters.attempts, _attempt),
    )


def _attempt(row: Any) -> rx.Component:
    outcome = rx.match(
        row["outcome"],
        ("accepted", t("mailings.outcome.accepted")),
        ("deferred", t("mailings.outcome.deferred")),
        ("refused", t("mailings.outcome.refused")),
        t("mailings.outcome.interrupted"),
    )
    return stack(line(rx.el.strong(row["n"]), outcome, faint(fmt.exact(row["at"]))), soft(row["answer"]), gap="none")
