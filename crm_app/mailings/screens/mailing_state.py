"""The State of one mailing's page: five steps, from whom it goes to, to who got it."""

from __future__ import annotations

from typing import Any, TypedDict, get_type_hints

import reflex as rx

from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.core.clock import iso
from crm_app.core.errors import BadInput, CrmError
from crm_app.mailings.actions.drafts import change_mailing, copy_mailing, remove_mailing, restore_mailing
from crm_app.mailings.actions.running import (
    pause_mailing,
    resend_mailing,
    resume_mailing,
    schedule_mailing,
    start_mailing,
    stop_mailing,
    unschedule_mailing,
)
from crm_app.mailings.queries.checks import list_own_merge_fields
from crm_app.mailings.queries.lists import MailingView, list_senders, see_mailing
from crm_app.mailings.rules import DRAFT, SCHEDULED
from crm_app.mailings.screens.audience_state import Audience
from crm_app.mailings.screens.lines import own_names, title_words
from crm_app.mailings.screens.preview_state import LetterPreview
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
    title_words: str
    locale: str
    ticked: int
    audience_words: str
    goes_to_all: bool
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


_NOTHING: Any = {name: kind() for name, kind in get_type_hints(MailingData).items()}


class OneMailing(Screen):
    """What /mailings/[mailing_id] shows. The address says which step."""

    mailing: MailingData = _NOTHING
    is_ready: bool = False
    step: int = 0
    body: str = ""
    senders: list[Option] = []
    own_fields: list[Option] = []
    errors: dict[str, str] = {}
    saves: int = 0

    _id: int = 0
    _own_of: str = ""

    @handler("mailing.see")
    async def opened(self) -> list[rx.event.EventSpec]:
        """Show the mailing that the address names, and follow it."""
        self._id, self.is_ready = self._number_in_address, False
        self.errors = {}
        self._own_of = ""
        view = await self._see()
        self.body = view.body
        asked = dict(self.router.url.query_parameters).get("step", "")
        usual = 0 if view.state in (DRAFT, SCHEDULED) else 4
        self.step = STEPS.index(asked) if asked in STEPS else usual
        self.senders = [
            {"id": str(row.id), "label": f"{row.name} <{row.address}>", "hint": ""}
            for row in await self._ask(list_senders)
        ]
        await self._watch({f"mailing:{self._id}"}, OneMailing.changed)
        self.is_ready = True
        return self._parts()

    @handler("mailing.see")
    async def changed(self) -> None:
        """The mailing has changed, or gone on."""
        await self._see()

    @handler("mailing.see")
    async def step_chosen(self, step: int) -> list[rx.event.EventSpec]:
        """Go to another step."""
        self.step = min(max(step, 0), len(STEPS) - 1)
        return self._parts()

    @handler("mailing.change")
    async def text_saved(self, fields: dict[str, str]) -> rx.event.EventSpec:
        """Keep name, sender, title and text."""
        self.errors = {}
        await self._act(
            change_mailing,
            mailing_id=self._id,
            name=fields.get("name", ""),
            sender_id=number_in(fields.get("sender")) or None,
            reply_to=fields.get("reply_to", ""),
            title=fields.get("title", ""),
            body=fields.get("html", ""),
            locale=fields.get("locale") or None,
        )
        self.saves += 1
        view = await self._see()
        self.body = view.body
        await self._toast("mailings.saved")
        return LetterPreview.shown()

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
    async def started(self) -> None:
        """Send."""
        await self._act(start_mailing, mailing_id=self._id)
        await self._go_on()

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

    def _parts(self) -> list[rx.event.EventSpec]:
        """What fills the parts of the step that is shown: counting an audience is not for every step."""
        parts = {
            "whom": [Audience.shown],
            "what": [LetterPreview.shown],
            "check": [Audience.shown, LetterPreview.shown],
        }
        return [shown() for shown in parts.get(STEPS[self.step], [])]

    async def _go_on(self) -> None:
        await self._see()
        self.step = STEPS.index("result")

    async def _see(self) -> MailingView:
        view: MailingView = await self._ask(see_mailing, mailing_id=self._id)
        if view.card != self._own_of:
            self._own_of = view.card
            found = own_names(await self._ask(list_own_merge_fields, card=view.card), self._locale)
            self.own_fields = [{"id": name, "label": label, "hint": ""} for name, label in found.items()]
        own = {option["id"]: option["label"] for option in self.own_fields}
        self.mailing = {
            "id": view.id, "name": view.name, "state": view.state, "sender_id": str(view.sender_id or ""),
            "sender": view.sender, "reply_to": view.reply_to, "title": view.title,
            "title_words": title_words(view.title, self._locale, own), "locale": view.locale,
            "ticked": len(view.card_ids), "audience_words": view.audience_words,
            "goes_to_all": view.filter == {}, "start_at": iso(view.start_at),
            "finished_at": iso(view.finished_at), "trouble": view.trouble, "total": view.total, "sent": view.sent,
            "failed": view.failed, "skipped": view.skipped, "waiting": view.waiting,
            "test_address": view.test.get("address", ""), "test_outcome": view.test.get("outcome", ""),
            "test_answer": view.test.get("answer", ""), "may_change": view.may_change, "may_send": view.may_send,
        }  # fmt: skip
        return view

    async def _refused(self, error: CrmError) -> None:
        said = self._by_field(error)
        self.errors = {"reply_to" if name == "email" else name: text for name, text in said.items()}
        if not self.errors.keys() & {"name", "reply_to", "title", "start_at"}:
            await super()._refused(error)
