"""Rows of a file as contacts: in the process that reads it, which knows no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from crm_app.clients.drafts import ClientDraft, Problem
from crm_app.clients.importer import Drafted
from crm_app.clients.intake import HEAD, MATCH_NAME, NAMELESS, Batch, Intake, Prepared
from crm_app.clients.matching import Likeness
from crm_app.contacts.rules import LONGEST_PART, MOST_LINKS, PARTS, match_name
from crm_app.core.folding import fold
from crm_app.core.names import PersonName

COLUMNS = (
    *HEAD, "last_name", "first_name", "patronymic", "birthday", "city", "address", "links", "note", "inn", "employer",
    "position",
)  # fmt: skip
"""Of Contact, which an import fills; the last three tell where they work."""
WORKPLACE = ("inn", "employer", "position")


@dataclass(slots=True)
class ContactDraft(ClientDraft):
    """One row of an import of contacts. inn, employer: of the client where they work."""

    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonLikeness(Likeness):
    """What of a contact is compared: people of one name whose patronymics differ are not one."""

    patronymic: str = ""


class ContactIntake(Intake):
    """Makes contacts of rows."""

    draft = ContactDraft
    columns = COLUMNS
    days = (COLUMNS.index("birthday"),)
    kind = "person"

    def take(self, drafts: Iterable[Drafted]) -> Batch:
        return super().take(map(_checked, drafts))

    @staticmethod
    def like(prepared: Prepared) -> Likeness:
        last, first, patronymic = prepared.values[len(HEAD) : len(HEAD) + len(PARTS)]
        name = prepared.values[MATCH_NAME] if last and first else ""
        return PersonLikeness(name, "", frozenset(prepared.phones), frozenset(prepared.emails), patronymic=patronymic)

    @staticmethod
    def _like(draft: ClientDraft) -> Likeness:
        """Within a file a name is the same only with its patronymic: an index of names can't weigh them."""
        name = f"{match_name(_name_of(draft))} {fold(draft.patronymic)}" if draft.last_name and draft.first_name else ""
        return Likeness(name, "", frozenset(draft.phones), frozenset(draft.emails))

    def _prepare(self, row: int, draft: ClientDraft, like: Likeness, responsible_id: int | None) -> Prepared:
        assert isinstance(draft, ContactDraft)
        name = _name_of(draft)
        values: list[Any] = [
            row, str(name), fold(str(name)), match_name(name), responsible_id, draft.custom, name.last_name,
            name.first_name, name.patronymic, draft.birthday and draft.birthday.isoformat(), draft.city, draft.address,
            list(dict.fromkeys(draft.links))[:MOST_LINKS], draft.note, draft.inn, draft.employer, draft.position,
        ]  # fmt: skip
        return self._with_ways(draft, values)

    def _texts(self, draft: ClientDraft) -> Iterator[str]:
        assert isinstance(draft, ContactDraft)
        yield from (str(_name_of(draft)), draft.city, draft.address, draft.note, *draft.links)
        yield from self._ways_and_own(draft)


def _name_of(draft: ClientDraft) -> PersonName:
    return PersonName(draft.last_name, draft.first_name, draft.patronymic)


def _checked(drafted: Drafted) -> Drafted:
    """With what is wrong with a name in parts."""
    row, draft, problems = drafted
    parts = {part: getattr(draft, part) for part in PARTS}
    long = [part for part, text in parts.items() if len(text) > LONGEST_PART]
    wrong = [
        Problem(row, "", part, "contact.problem.text_too_long", parts[part][:80], "error", LONGEST_PART)
        for part in long
    ]
    draft.name = str(_name_of(draft))
    if not (draft.last_name or draft.first_name) and not any(each.code == NAMELESS for each in problems):
        wrong.append(Problem(row, "", "name", NAMELESS))
    return row, draft, [*problems, *wrong]
