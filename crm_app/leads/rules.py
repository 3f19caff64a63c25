"""What must be true of a lead, and which stage it may enter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, get_args

from typing_extensions import TypedDict

from crm_app.cards import cleaning
from crm_app.cards.field_rules import Lacks
from crm_app.core import i18n
from crm_app.core.errors import BadInput, Reason
from crm_app.core.folding import fold, one_line
from crm_app.core.names import person_key, split_person
from crm_app.pipelines.rules import (
    CLOSED,
    FREE,
    HOLD,
    LOST,
    OPEN,
    WON,
    Passage,
    Step,
    Verdict,
    Way,
    leaving,
    passage,
    return_step,
    verdict_of,
)
from crm_app.worktime.rules import Calendar, add_working

Channel = Literal["", "form", "call", "mail", "chat", "meeting", "program"]
SOURCES = ("site", "search", "advertising", "social", "recommendation", "exhibition", "cold", "partner")
"""Built-in sources; a company adds its own words."""
CHANNELS = tuple(channel for channel in get_args(Channel) if channel)
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
LONGEST_NAME, LONGEST_WORD, LONGEST_UTM, LONGEST_REASON = 200, 80, 300, 500

Touch = Literal["waiting", "late", "touched", "touched_late"]


class LeadValues(TypedDict, total=False):
    """What a person or a program says of a lead; what is left out stays as it is.

    name: what to call it; without one it is called after the organisation or the person. phones, emails: as people
    write them. fields: the custom ones by their keys, see cards/field_values.py. "" or None empties a field.
    """

    name: str
    person: str
    position: str
    organisation: str
    phones: list[str]
    emails: list[str]
    site: str
    city: str
    source: str
    channel: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str
    interest: str
    note: str
    responsible_id: int | None
    fields: dict[str, Any]


# ---- what fields may hold --------------------------------------------------------------------------------------------


def clean_values(values: LeadValues) -> dict[str, Any]:
    """The values as they are stored: phones as Phone, emails in small letters; not custom fields.

    Raises BadInput with each reason.
    """
    cleaned, reasons = cleaning.clean_each(values, _CLEANERS)
    cleaning.refuse(reasons)
    return cleaned


def title_of(told: dict[str, Any]) -> str:
    """What a lead is called that nobody has named. Raises BadInput for one of whom nothing is known."""
    ways = [phone.number for phone in told.get("phones", [])] + list(told.get("emails", []))
    known = [told.get("organisation", ""), told.get("person", ""), *ways, told.get("interest", "").partition("\n")[0]]
    name = next((text for text in known if text), "")
    if not name:
        raise BadInput("leads.error.nobody", field="name")
    return name[:LONGEST_NAME]


def deal_name(name: str, interest: str) -> str:
    """What a deal is called that a lead becomes: what is wanted, in its first line; else as the lead."""
    wanted = " ".join(interest.partition("\n")[0].split())
    return (wanted or name)[:LONGEST_NAME]


def match_name(person: str) -> str:
    """By what a lead's person is compared with others: first and last name in any order; one alone is too little."""
    name = split_person(person)
    return person_key(f"{name.last_name} {name.first_name}") if name.last_name and name.first_name else ""


def clean_reason(reason: str) -> str:
    """Why a lead is disqualified. Raises BadInput where it is too long."""
    reason = one_line(reason)
    if len(reason) > LONGEST_REASON:
        raise BadInput("leads.error.long_reason", field="reason", longest=LONGEST_REASON)
    return reason


def source_label(source: str, locale: str) -> str:
    """A source in the reader's language: a word of the company's own as it is."""
    return i18n.text(f"leads.source.{source}", locale) if source in SOURCES else source


@cache
def sources_by_word() -> dict[str, str]:
    """The built-in sources by what they are called in either language, folded."""
    return {fold(source_label(key, each)): key for key in SOURCES for each in i18n.LOCALES}


def source_key(word: str) -> str:
    """What is stored for a source that a person has named."""
    return _source(word)


def channel_label(channel: str, locale: str) -> str:
    """A channel in the reader's language."""
    return i18n.text(f"leads.channel.{channel}", locale) if channel in CHANNELS else channel


def _name(value: str) -> str:
    name = cleaning.limited(one_line(value), LONGEST_NAME)
    if not name:
        raise BadInput("leads.error.no_name")
    return name


def _word(value: str) -> str:
    return cleaning.limited(one_line(value), LONGEST_WORD)


def _source(value: str) -> str:
    """A built-in source by its key or by what it is called in either language; else one's own word."""
    word = _word(value)
    return sources_by_word().get(fold(word), word)


def _utm(value: str) -> str:
    return cleaning.limited(one_line(value), LONGEST_UTM)


def _channel(value: str) -> str:
    if value and value not in CHANNELS:
        raise BadInput("leads.error.bad_channel", known=", ".join(CHANNELS))
    return value


_CLEANERS: cleaning.Cleaners = {
    "name": _name, "person": cleaning.line, "position": cleaning.line, "organisation": cleaning.line,
    "phones": cleaning.phones, "emails": cleaning.emails, "site": cleaning.site, "city": cleaning.line,
    "source": _source, "channel": _channel, **dict.fromkeys(UTM, _utm), "interest": cleaning.note,
    "note": cleaning.note, "responsible_id": cleaning.as_it_is,
}  # fmt: skip
FIELDS = tuple(_CLEANERS)
"""Names of the fields that people change, in the order of the card."""


# ---- the way through the stages --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Where a lead is.

    return_stage_id: the open stage it came from, where it is closed. lacks: by stage, what it asks for of the company's
    own fields.
    """

    stage_id: int
    return_stage_id: int | None = None
    is_converted: bool = False
    lacks: Mapping[int, Lacks] = field(default_factory=dict)


def check_entry(
    lead: Standing, way: Way, steps: Sequence[Step], there: Step, *, reason: str = "", may_pass: bool = False
) -> Verdict:
    """Whether a lead may enter a stage. steps: all of its pipeline; reason: why it is disqualified, if that is told.

    An open one may be disqualified or held at any time and otherwise follows the order of the pipeline; a closed one is
    taken back to where it was, or, where the order is free, to any open stage. A converted one stays where it is.
    may_pass: whether the actor may go where a transition asks for a right.
    """
    here = next(step for step in steps if step.id == lead.stage_id)
    if here.id == there.id:
        return Verdict("free")
    obstacle = leaving(there) or _passage(lead, way, steps, here, there, may_pass).obstacle
    if obstacle is not None:
        return Verdict("no", (obstacle,))
    is_mute = there.kind == LOST and not reason.strip()
    needs = [Reason("leads.error.needs_reason", field="reason")] if is_mute else []
    return verdict_of(needs, lead.lacks.get(there.id or 0, Lacks()))


def _passage(lead: Standing, way: Way, steps: Sequence[Step], here: Step, there: Step, may_pass: bool) -> Passage:
    if here.kind == WON and lead.is_converted:
        return Passage(Reason("leads.error.is_converted"))
    if here.kind != OPEN:
        back = return_step(lead.return_stage_id, steps)
        if there.kind == OPEN and (way.order_rule == FREE or there.id == back.id):
            return Passage()
        return Passage(Reason("leads.error.comes_back_to", params={"stage": back.name}))
    if there.kind in (LOST, HOLD):
        return Passage()
    return passage(way, steps, here, there, may_pass=may_pass)


def is_closed(kind: str) -> bool:
    """Whether a stage of that kind ends the way: qualified or disqualified."""
    return kind in CLOSED


# ---- the first touch -------------------------------------------------------------------------------------------------


def touch_due(calendar: Calendar, came_at: datetime, minutes: int | None) -> datetime | None:
    """Until when somebody has to get in touch with a lead, in working time; None where it may wait."""
    return add_working(calendar, came_at, timedelta(minutes=minutes)) if minutes else None


def touch_state(due_at: datetime | None, touched_at: datetime | None, now: datetime) -> Touch:
    """How a lead stands with its first touch."""
    at = now if touched_at is None else touched_at
    is_late = due_at is not None and at > due_at
    if touched_at is None:
        return "late" if is_late else "waiting"
    return "touched_late" if is_late else "touched"
