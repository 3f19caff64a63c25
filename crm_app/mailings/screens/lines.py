"""Mailings and letters as the browser gets them, and how their states look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

import reflex as rx

from crm_app.cards.field_rules import Definition
from crm_app.cards.kinds import KINDS
from crm_app.core import i18n
from crm_app.core.clock import iso
from crm_app.mailings.queries.deliveries import AttemptRow, DeliveryRow
from crm_app.mailings.queries.lists import MailingRow
from crm_app.mailings.rules import CARDS
from crm_app.messages.merge import is_own, readable
from crm_app.ui.i18n import t
from crm_app.ui.status import status


class MailingLine(TypedDict):
    """A line of the list; moments are RFC 3339 or ""."""

    id: int
    name: str
    title_words: str
    href: str
    state: str
    responsible: str
    total: int
    sent: int
    failed: int
    start_at: str
    created_at: str
    updated_at: str


class LetterLine(TypedDict):
    """A recipient's letter with the last answer. href: of the card that it went to, "" where that is gone."""

    id: int
    name: str
    href: str
    address: str
    state: str
    reason: str
    attempts: int
    answer: str
    at: str


class AttemptLine(TypedDict):
    """One attempt."""

    n: int
    at: str
    outcome: str
    answer: str


def mailing_line(row: MailingRow, locale: str, own: Mapping[str, str]) -> MailingLine:
    """A row of the list as the browser gets it. own: see `title_words`."""
    return {
        "id": row.id, "name": row.name, "title_words": title_words(row.title, locale, own),
        "href": f"/mailings/{row.id}", "state": row.state,
        "responsible": row.responsible, "total": row.total, "sent": row.sent, "failed": row.failed,
        "start_at": iso(row.start_at), "created_at": iso(row.created_at), "updated_at": iso(row.updated_at),
    }  # fmt: skip


def own_names(fields: Iterable[Definition], locale: str) -> dict[str, str]:
    """What people call the company's own fields, by their names as merge fields."""
    return {field.full: field.name(locale) for field in fields}


def title_words(title: str, locale: str, own: Mapping[str, str]) -> str:
    """A title as people read it: a merge field is its name in brackets.

    own: names of the company's own fields; one that the reader may not see is told as it was typed.
    """
    return readable(title, lambda name: _field_name(name, locale, own))


def _field_name(name: str, locale: str, own: Mapping[str, str]) -> str:
    return own.get(name, name) if is_own(name) else i18n.text(f"messages.field.{name}", locale)


def answer_words(code: int, status: str, answer: str) -> str:
    """What the mail server said: "250 2.0.0 Ok"; its text may begin with the code and the status, or not."""
    rest = answer
    told = [part for part in (str(code or ""), status) if part]
    for part in told:
        rest = rest.removeprefix(part).lstrip(" -")
    return " ".join([*told, rest]).strip()


def letter_line(row: DeliveryRow) -> LetterLine:
    """A letter as the browser gets it."""
    return {
        "id": row.id, "name": row.name or row.address, "address": row.address,
        "href": KINDS[row.card].href.format(id=row.card_id) if row.card_id else "",
        "state": row.state, "reason": row.reason, "attempts": row.attempts,
        "answer": answer_words(row.code, row.status, row.answer),
        "at": iso(row.closed_at),
    }  # fmt: skip


def attempt_line(row: AttemptRow) -> AttemptLine:
    """An attempt as the browser gets it."""
    answer = answer_words(row.code, row.status, row.answer)
    return {"n": row.n, "at": row.at.isoformat(), "outcome": row.outcome, "answer": answer}


def mailing_status(state: Any, failed: Any) -> rx.Component:
    """A mailing's state in words; one that ended with failures never looks plain."""
    finished = rx.cond(
        failed > 0,
        status(t("mailings.state.finished_with_failures", n=failed), "warn"),
        status(t("mailings.state.finished"), "good"),
    )
    return rx.match(
        state,
        ("draft", status(t("mailings.state.draft"), "none")),
        ("scheduled", status(t("mailings.state.scheduled"), "info")),
        ("sending", status(t("mailings.state.sending"), "info")),
        ("paused", status(t("mailings.state.paused"), "warn")),
        ("stopped", status(t("mailings.state.stopped"), "none")),
        finished,
    )


def ticked_words(card: Any, n: Any) -> rx.Var[str]:
    """How many cards of a kind are ticked."""
    told = [(kind, t(f"mailings.for_ticked.{kind}", n=n)) for kind in CARDS]
    return rx.match(card, *told, "")


def letter_status(state: Any, reason: Any) -> rx.Component:
    """What became of a letter, in words."""
    skipped = rx.cond(
        reason == "suppressed",
        status(t("mailings.letter_state.suppressed"), "none"),
        status(t("mailings.letter_state.gone"), "none"),
    )
    return rx.match(
        state,
        ("sent", status(t("mailings.letter_state.sent"), "good")),
        ("failed", status(t("mailings.letter_state.failed"), "bad")),
        ("sending", status(t("mailings.letter_state.sending"), "info")),
        ("queued", status(t("mailings.letter_state.queued"), "info")),
        skipped,
    )
