"""The State of one mailing's page: five steps, from whom it goes to, to who got it."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.access.queries import list_employees
from crm_app.access.screens.base import Screen, Undo, handler
from crm_app.cards.queries import list_tags
from crm_app.clients.queries import list_words
from crm_app.clients.rules import word_label
from crm_app.core.errors import BadInput, CrmError
from crm_app.mailings.actions.drafts import change_mailing, copy_mailing, remove_mailing, restore_mailing, set_audience
from crm_app.mailings.actions.running import (
    pause_mailing,
    resend_mailing,
    resume_mailing,
    schedule_mailing,
    start_mailing,
    stop_mailing,
    unschedule_mailing,
)
from crm_app.mailings.actions.testing import send_test
from crm_app.mailings.queries.checks import check_mailing, list_samples, preview_mailing
from crm_app.mailings.queries.deliveries import PAGE, list_attempts, list_deliveries
from crm_app.mailings.queries.lists import MailingView, list_senders, see_mailing
from crm_app.mailings.rules import DELIVERY_STATES, DRAFT, SCHEDULED
from crm_app.mailings.screens.lines import AttemptLine, LetterLine, attempt_line, iso, letter_line
from crm_app.ui.field import Option

STEPS = ("whom", "what", "when", "check", "result")


class MailingData(TypedDict):
    """The mailing as the page shows it; moments are RFC 3339 or ""."""

    id: int
    name: str
    state: str
    sender_id: str
    sender: str
    reply_to: str
    title: str
    locale: str
    ticked: int
    audience_words: str
    start_at: str
    finished_at: str
    trouble: str
    total: int
    sent: int
    failed: int
    skipped: int
    waiting: int
    test_address: str
    test_outcome: str
    test_answer: str
    may_change: bool
    may_send: bool


class Figures(TypedDict):
    chosen: int
    without_address: int
    duplicates: int
    suppressed: int
    to_send: int


class Missing(TypedDict):
    """How many lack a merge field; key is that of its name."""

    key: str
    n: int


_NOTHING: Any = {
    name: ("" if kind in (str, "str") else False if kind in (bool, "bool") else 0)
    for name, kind in MailingData.__annotations__.items()
}


class OneMailing(Screen):
    """What /mailings/[mailing_id] shows. The address says which step."""

    mailing: MailingData = _NOTHING
    is_ready: bool = False
    step: int = 0
    body: str = ""
    filter: dict[str, Any] = {}
    figures: Figures = {"chosen": 0, "without_address": 0, "duplicates": 0, "suppressed": 0, "to_send": 0}
    reasons: list[str] = []
    missing: list[Missing] = []
    senders: list[Option] = []
    samples: list[Option] = []
    sample: str = ""
    preview_title: str = ""
    preview_html: str = ""
    types: list[Option] = []
    statuses: list[Option] = []
    employees: list[Option] = []
    tags: list[Option] = []
    letters: list[LetterLine] = []
    letters_state: str = ""
    has_more: bool = False
    attempts: list[AttemptLine] = []
    attempts_of: str = ""
    errors: dict[str, str] = {}
    saves: int = 0

    _id: int = 0
    _ids: list[int] = []
    _typed: tuple[str, str] = ("", "")
    _after: int = 0

    @handler("mailing.see")
    async def opened(self) -> None:
        """Show the mailing that the address names, and follow it."""
        self._id, self.is_ready = self._number_in_address, False
        self.errors, self.letters_state, self._after, self.sample = {}, "", 0, ""
        view = await self._see()
        self.body, self._typed = view.body, (view.title, view.body)
        asked = dict(self.router.url.query_parameters).get("step", "")
        usual = 0 if view.state in (DRAFT, SCHEDULED) else 4
        self.step = STEPS.index(asked) if asked in STEPS else usual
        self.senders = [
            {"id": str(row.id), "label": f"{row.name} <{row.address}>", "hint": ""}
            for row in await self._ask(list_senders)
        ]
        await self._fill_choices()
        await self._watch({f"mailing:{self._id}"}, OneMailing.changed)
        await self._fill_step()
        self.is_ready = True

    @handler("mailing.see")
    async def changed(self) -> None:
        """The mailing has changed, or gone on."""
        await self._see()
        if self.step == STEPS.index("result"):
            await self._load_letters()

    @handler("mailing.see")
    async def step_chosen(self, step: int) -> None:
        """Go to another step."""
        self.step = min(max(step, 0), len(STEPS) - 1)
        await self._fill_step()

    # ---- to whom

    @handler("mailing.change")
    async def filter_changed(self, conditions: dict[str, Any]) -> None:
        """Recipients by another filter."""
        self.filter = conditions
        has_conditions = bool(conditions.get("all") or conditions.get("any"))
        await self._act(
            set_audience, mailing_id=self._id, client_ids=self._ids, filter_=conditions if has_conditions else None
        )
        await self._fill_step()

    @handler("mailing.change")
    async def everybody_chosen(self) -> None:
        """Every client that one sees."""
        await self._act(set_audience, mailing_id=self._id, client_ids=[], filter_={})
        await self._fill_step()

    @handler("mailing.change")
    async def ticked_dropped(self) -> None:
        """Only the filter counts."""
        await self._act(set_audience, mailing_id=self._id, client_ids=[], filter_=self.filter or None)
        await self._fill_step()

    # ---- what

    @handler("mailing.change", supersedes=True)
    async def body_typed(self, html: str) -> None:
        """What is typed shows in the preview before it is saved."""
        self._typed = (self._typed[0], html)
        await self._preview()

    @handler("mailing.see")
    async def sample_chosen(self, client_id: str) -> None:
        """Look at the letter as another recipient."""
        self.sample = client_id
        await self._preview()

    @handler("mailing.change")
    async def text_saved(self, fields: dict[str, str]) -> None:
        """Keep name, sender, title and text."""
        self.errors = {}
        sender = fields.get("sender", "")
        await self._act(
            change_mailing,
            mailing_id=self._id,
            name=fields.get("name", ""),
            sender_id=int(sender) if sender.isdigit() else None,
            reply_to=fields.get("reply_to", ""),
            title=fields.get("title", ""),
            body=fields.get("html", ""),
            locale=fields.get("locale") or None,
        )
        self.saves += 1
        view = await self._see()
        self.body, self._typed = view.body, (view.title, view.body)
        await self._preview()
        await self._toast("mailings.saved")

    # ---- when, check

    @handler("mailing.send")
    async def planned(self, fields: dict[str, str]) -> None:
        """Have it start by itself."""
        self.errors = {}
        if not fields.get("start_at"):
            raise BadInput("mailings.error.start_time", field="start_at")
        await self._act(schedule_mailing, mailing_id=self._id, start_at=fields["start_at"])
        await self._see()

    @handler("mailing.send")
    async def plan_taken_back(self) -> None:
        """A draft again."""
        await self._act(unschedule_mailing, mailing_id=self._id)
        await self._see()

    @handler("mailing.send")
    async def test_asked(self) -> None:
        """A letter to oneself, with the values of the chosen recipient."""
        client_id = int(self.sample) if self.sample.isdigit() else 0
        await self._act(send_test, mailing_id=self._id, client_id=client_id)
        await self._see()

    @handler("mailing.send")
    async def started(self) -> None:
        """Send."""
        await self._act(start_mailing, mailing_id=self._id)
        await self._go_on()

    # ---- result

    @handler("mailing.send")
    async def paused(self) -> None:
        """Nothing more leaves for now."""
        await self._act(pause_mailing, mailing_id=self._id)
        await self._go_on()

    @handler("mailing.send")
    async def resumed(self) -> None:
        """Go on with the rest."""
        await self._act(resume_mailing, mailing_id=self._id)
        await self._go_on()

    @handler("mailing.send")
    async def stopped(self) -> None:
        """End it here."""
        await self._act(stop_mailing, mailing_id=self._id)
        await self._go_on()

    @handler("mailing.send")
    async def sent_again(self, to: str) -> None:
        """Again to those whom it did not reach: "failed" or "unsent"."""
        n = await self._act(resend_mailing, mailing_id=self._id, to=to)
        await self._toast("mailings.sent_again", n=n)
        await self._go_on()

    @handler("mailing.see")
    async def letters_chosen(self, state: str) -> None:
        """Only letters in one state."""
        self.letters_state, self._after = (state if state in DELIVERY_STATES else ""), 0
        await self._load_letters()

    @handler("mailing.see")
    async def more_letters(self) -> None:
        """The next page of letters; the one that is shown goes."""
        self._after = self.letters[-1]["id"] if self.letters else 0
        await self._load_letters()

    @handler("mailing.see")
    async def attempts_asked(self, delivery_id: int, address: str) -> None:
        """Every attempt at one letter."""
        self.attempts_of = address[:320]
        self.attempts = [attempt_line(row) for row in await self._ask(list_attempts, delivery_id=delivery_id)]

    @handler("mailing.change")
    async def copied(self) -> rx.event.EventSpec:
        """A new draft of the same."""
        copy = await self._act(copy_mailing, mailing_id=self._id)
        return rx.redirect(f"/mailings/{copy.id}")

    @handler("mailing.change")
    async def removed(self) -> rx.event.EventSpec:
        """To the bin; the toast can take it back."""
        await self._act(remove_mailing, mailing_id=self._id)
        await self._toast("mailings.removed", undo=Undo(restore_mailing, {"mailing_id": self._id}))
        return rx.redirect("/mailings")

    async def _go_on(self) -> None:
        await self._see()
        self.step, self._after = STEPS.index("result"), 0
        await self._load_letters()

    async def _see(self) -> MailingView:
        view: MailingView = await self._ask(see_mailing, mailing_id=self._id)
        self._ids, self.filter = view.client_ids, view.filter or {}
        self.mailing = {
            "id": view.id, "name": view.name, "state": view.state, "sender_id": str(view.sender_id or ""),
            "sender": view.sender, "reply_to": view.reply_to, "title": view.title, "locale": view.locale,
            "ticked": len(view.client_ids), "audience_words": view.audience_words, "start_at": iso(view.start_at),
            "finished_at": iso(view.finished_at), "trouble": view.trouble, "total": view.total, "sent": view.sent,
            "failed": view.failed, "skipped": view.skipped, "waiting": view.waiting,
            "test_address": view.test.get("address", ""), "test_outcome": view.test.get("outcome", ""),
            "test_answer": view.test.get("answer", ""), "may_change": view.may_change, "may_send": view.may_send,
        }  # fmt: skip
        return view

    async def _fill_choices(self) -> None:
        for field in ("type", "status"):
            words = await self._ask(list_words, field=field)
            options: list[Option] = [
                {"id": word, "label": word_label(field, word, self._locale), "hint": ""} for word in words
            ]
            self.types, self.statuses = (options, self.statuses) if field == "type" else (self.types, options)
        people = await self._ask(list_employees)
        self.employees = [{"id": str(row.id), "label": row.name, "hint": row.department} for row in people]
        self.tags = [{"id": name, "label": name, "hint": ""} for name in await self._ask(list_tags)]

    async def _fill_step(self) -> None:
        """What only the step that is shown needs."""
        name = STEPS[self.step]
        await self._see()
        if name == "result":
            await self._load_letters()
        if name in ("whom", "check"):
            await self._check()
        if name in ("what", "check"):
            await self._load_samples()

    async def _check(self) -> None:
        check = await self._ask(check_mailing, mailing_id=self._id)
        found = check.figures
        self.figures = {
            "chosen": found.chosen, "without_address": found.without_address, "duplicates": found.duplicates,
            "suppressed": found.suppressed, "to_send": found.to_send,
        }  # fmt: skip
        self.missing = [{"key": f"messages.field.{name}", "n": n} for name, n in check.missing.items()]
        against = [*([check.channel] if check.channel else []), *check.reasons]
        self.reasons = [reason.text(self._locale) for reason in against]

    async def _load_samples(self) -> None:
        rows = await self._ask(list_samples, mailing_id=self._id)
        self.samples = [{"id": str(row.client_id), "label": row.name, "hint": row.address} for row in rows]
        if self.sample not in {option["id"] for option in self.samples}:
            self.sample = self.samples[0]["id"] if self.samples else ""
        await self._preview()

    async def _preview(self) -> None:
        title, body = self._typed
        client_id = int(self.sample) if self.sample.isdigit() else 0
        shown = await self._ask(preview_mailing, mailing_id=self._id, client_id=client_id, title=title, body=body)
        self.preview_title, self.preview_html = shown.title, shown.html

    async def _load_letters(self) -> None:
        rows = await self._ask(list_deliveries, mailing_id=self._id, state=self.letters_state, after=self._after)
        self.letters, self.has_more = [letter_line(row) for row in rows], len(rows) == PAGE

    async def _refused(self, error: CrmError) -> None:
        said = {reason.field: reason.text(self._locale) for reason in error.reasons if reason.field}
        self.errors = {"reply_to" if name == "email" else name: text for name, text in said.items()}
        if not self.errors.keys() & {"name", "reply_to", "title", "start_at"}:
            await super()._refused(error)
