"""Step 4: the last look: figures, what stands against it, what is missing, a letter to oneself; then one sentence."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.mailings.screens.audience_state import Audience
from crm_app.mailings.screens.mailing_state import OneMailing
from crm_app.mailings.screens.preview_state import LetterPreview
from crm_app.mailings.screens.what_step import preview
from crm_app.mailings.screens.whom_step import audience_figures
from crm_app.ui.button import button
from crm_app.ui.connection import banner
from crm_app.ui.dialog import close_dialog, confirm, open_dialog
from crm_app.ui.i18n import t
from crm_app.ui.layout import line, panel, soft, stack, two
from crm_app.ui.status import status


def check_step() -> rx.Component:
    return two(
        panel(
            "mailings.step.check",
            audience_figures(),
            rx.foreach(Audience.reasons, lambda reason: banner(reason, level="bad")),
            rx.foreach(Audience.missing, _lacks),
            _test(),
            rx.cond(OneMailing.mailing["state"] == "draft", _start(), rx.fragment()),
        ),
        panel("mailings.preview", preview()),
    )


def _lacks(missing: Any) -> rx.Component:
    name = rx.cond(missing["name"] == "", t(missing["key"]), missing["name"])
    return banner(t("mailings.check.missing", n=missing["n"], field=name), level="warn")


def _test() -> rx.Component:
    mailing = OneMailing.mailing
    outcome = rx.match(
        mailing["test_outcome"],
        ("accepted", status(t("mailings.test.accepted", address=mailing["test_address"]), "good")),
        ("refused", status(t("mailings.test.refused", address=mailing["test_address"]), "bad")),
        rx.cond(mailing["test_address"] == "", rx.fragment(), status(t("mailings.test.under_way"), "info")),
    )
    return stack(
        line(button(t("mailings.test.send"), icon_name="mail", on_click=LetterPreview.test_asked), outcome),
        soft(mailing["test_answer"]),
        custom_attrs={"aria-live": "polite"},
    )


def _start() -> rx.Component:
    n = Audience.figures["to_send"]
    yes = button(
        t("mailings.start.yes", n=n), kind="primary", on_click=[OneMailing.started, close_dialog("mailing-start")]
    )
    return rx.fragment(
        line(
            button(
                t("mailings.start"), kind="primary", icon_name="send", on_click=open_dialog("mailing-start"),
                disabled=(Audience.reasons.length() > 0) | (n == 0),
            )
        ),
        confirm("mailing-start", t("mailings.start"), rx.el.p(t("mailings.start.sentence", n=n)), yes=yes),
    )  # fmt: skip
