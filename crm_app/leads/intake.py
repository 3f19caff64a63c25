"""Rows of a file as leads: in the process that reads it, which knows no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from crm_app.clients.drafts import ClientDraft, Problem
from crm_app.clients.importer import Drafted
from crm_app.clients.intake import HEAD, NAMELESS, Batch, Intake, Prepared
from crm_app.clients.matching import Likeness
from crm_app.core.errors import BadInput
from crm_app.core.folding import fold
from crm_app.core.i18n import LOCALES
from crm_app.core.names import PersonName
from crm_app.leads import rules

PLAIN = ("person", "position", "organisation", "site", "city", "channel", *rules.UTM, "interest", "note")
COLUMNS = (*HEAD, "source", *PLAIN, "named")
"""Of Lead, which an import fills; named: what the row itself calls it, "" for one that is called after who asks."""
_CHANNELS = {fold(rules.channel_label(key, each)): key for key in rules.CHANNELS for each in LOCALES}


@dataclass(slots=True)
class LeadDraft(ClientDraft):
    """One row of an import of leads. channel: as the file names it, then a key of rules.CHANNELS."""

    person: str = ""
    organisation: str = ""
    source: str = ""
    channel: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    interest: str = ""


class LeadIntake(Intake):
    """Makes leads of rows. Those of one phone or address are copies: a name alone says too little of who has asked."""

    draft = LeadDraft
    columns = COLUMNS
    days = ()
    kind = "company"

    def take(self, drafts: Iterable[Drafted]) -> Batch:
        return super().take(map(_checked, drafts))

    @staticmethod
    def like(prepared: Prepared) -> Likeness:
        return Likeness("", "", frozenset(prepared.phones), frozenset(prepared.emails))

    @staticmethod
    def _like(draft: ClientDraft) -> Likeness:
        return Likeness("", "", frozenset(draft.phones), frozenset(draft.emails))

    def _prepare(self, row: int, draft: ClientDraft, like: Likeness, responsible_id: int | None) -> Prepared:
        assert isinstance(draft, LeadDraft)
        name = draft.name or _title(draft)
        values: list[Any] = [
            row, name, fold(name), rules.match_name(draft.person), responsible_id, draft.custom,
            self._word("source", draft.source), *(getattr(draft, field) for field in PLAIN), draft.name,
        ]  # fmt: skip
        return self._with_ways(draft, values)

    def _texts(self, draft: ClientDraft) -> Iterator[str]:
        assert isinstance(draft, LeadDraft)
        yield from (draft.name or _title(draft), draft.person, draft.position, draft.organisation)
        yield from (draft.site, draft.city, draft.interest, draft.note)
        yield from self._ways_and_own(draft)


def _title(draft: LeadDraft) -> str:
    """What a lead is called that its row does not name, or ""."""
    ways = {"organisation": draft.organisation, "person": draft.person, "interest": draft.interest}
    try:
        name = rules.title_of(ways) if any(ways.values()) else ""
    except BadInput:
        return ""
    return name or next(iter((*draft.phones, *draft.emails)), "")


def _checked(drafted: Drafted) -> Drafted:
    """With the person as one name, and what is wrong with words that only leads have."""
    row, draft, problems = drafted
    assert isinstance(draft, LeadDraft)
    problems = [each for each in problems if each.code != NAMELESS]
    if not draft.person:
        draft.person = str(PersonName(draft.last_name, draft.first_name, draft.patronymic))
    if draft.channel:
        draft.channel, told = _CHANNELS.get(fold(draft.channel), ""), draft.channel
        if not draft.channel:
            problems.append(Problem(row, "", "channel", "leads.import.unknown_channel", told[:80], "warning"))
    limits = {"name": rules.LONGEST_NAME, **dict.fromkeys(rules.UTM, rules.LONGEST_UTM)}
    for field, limit in limits.items():
        if len(getattr(draft, field)) > limit:
            said = getattr(draft, field)[:80]
            problems.append(Problem(row, "", field, "contact.problem.text_too_long", said, "error", limit))
    if not (draft.name or _title(draft)) and not any(each.level == "error" for each in problems):
        problems.append(Problem(row, "", "name", NAMELESS))
    return row, draft, problems
