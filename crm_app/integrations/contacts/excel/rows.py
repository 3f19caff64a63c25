"""A mapped row → a draft of a card and the problems of its cells.

Runs in the child process, a thousand rows at a time, so it gathers a draft's values in a plain list ("wire"), in the
order of the draft's fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields as fields_of
from datetime import date
from functools import lru_cache
from typing import Any

from crm_app.clients.drafts import DRAFT_FIELDS, ClientDraft, Level, Problem
from crm_app.clients.intake import Intake
from crm_app.core import okved
from crm_app.core.bank_accounts import tidy_accounts
from crm_app.core.dates import parse_date
from crm_app.core.emails import parse_emails
from crm_app.core.errors import BadInput
from crm_app.core.folding import fold, one_line
from crm_app.core.money import DEFAULT_CURRENCY, parse_money
from crm_app.core.names import guess_kind, split_person
from crm_app.core.phones import parse_phones
from crm_app.core.requisites import parse_account, parse_bic, parse_corr_account, parse_inn, parse_kpp, parse_ogrn
from crm_app.integrations.contacts.excel.address_books import day_of_year, one_by_one
from crm_app.integrations.contacts.excel.cells import Cell, cell_text
from crm_app.integrations.contacts.excel.google import google_group
from crm_app.integrations.contacts.excel.mapping import CUSTOM

LONGEST_NAME = 300
LONGEST_LINE = 1_000
LONGEST_NOTE = 32_767
LONGEST_VALUE_SHOWN = 200

WARNINGS = frozenset(
    f"contact.problem.{code}" for code in ("name_is_formula", "site_broken", "kind_unknown", "account_as_number")
)
"""The row goes in all the same; of these only the name keeps its value."""

_AT = {name: place for place, name in enumerate(DRAFT_FIELDS)}
_NAME, _KIND, _NOTE, _CUSTOM, _CURRENCY = (_AT[n] for n in ("name", "kind", "note", "custom", "revenue_currency"))
_INN, _KPP, _BIC, _ACCOUNT, _CORR_ACCOUNT = (_AT[n] for n in ("inn", "kpp", "bic", "account", "corr_account"))
_EMPLOYER, _BIRTHDAY, _IS_GUESSED = _AT["employer"], _AT["birthday"], _AT["is_guessed"]
_LAST, _FIRST, _PATRONYMIC = (_AT[n] for n in ("last_name", "first_name", "patronymic"))

_FORMULA = re.compile(r"=.|[+\-@].*[(!|]", re.DOTALL)
_SITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[\w-]{2,}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
_TAGS = re.compile(r"[,;\n|]+")
_COMPANY = (
    "компания|организация|фирма|юрлицо|юр. лицо|юр.лицо|юридическое лицо|юл|ип|предприниматель|"
    "индивидуальный предприниматель|company|organization|organisation|firm|business|enterprise"
)
_PERSON = "человек|физлицо|физ. лицо|физ.лицо|физическое лицо|частное лицо|фл|контакт|person|individual|human|contact"
_KINDS = dict.fromkeys(_COMPANY.split("|"), "company") | dict.fromkeys(_PERSON.split("|"), "person")

Wire = list[Any]
Wrong = tuple[str, str, str, str, Level, int]
"""A problem without its row."""
Convert = Callable[[Cell, Wire], None]


class Drafter:
    """Turns rows of one table into drafts. headings and fields: one for each column; field "" is left out.

    only_adds: a row with an employer and no name is of that company; where known clients are changed, it says no name.
    form: what the rows become.
    """

    def __init__(
        self,
        headings: Sequence[str],
        fields: Sequence[str],
        currency: str = DEFAULT_CURRENCY,
        *,
        only_adds: bool = True,
        form: type[Intake] = Intake,
    ) -> None:
        self._draft = form.draft
        self._names_company = only_adds and not form.kind
        blank, places = _blank(form)
        self._columns = [
            (index, heading, field, one_by_one(heading, _converter(heading, field, currency, places)))
            for index, (heading, field) in enumerate(zip(headings, fields, strict=False))
            if field
        ]
        self._blank = blank
        self._heading_of = {field: heading for _, heading, field, _ in reversed(self._columns)}

    def draft(self, row: int, cells: Sequence[Cell]) -> tuple[ClientDraft, list[Problem]]:
        """One row. Values that are wrong are left empty and named among the problems."""
        wire = self._blank.copy()
        wire[_CUSTOM] = {}
        problems: list[Wrong] = []
        width = len(cells)
        for index, heading, field, convert in self._columns:
            cell = cells[index] if index < width else None
            if cell is None or cell == "":
                continue
            try:
                convert(cell, wire)
            except BadInput as error:
                problems.append(_problem(heading, field, error, cell))
        self._finish(wire, problems)
        return self._draft(*wire), [Problem(row, *problem) for problem in problems]

    def _finish(self, wire: Wire, problems: list[Wrong]) -> None:
        """What needs the whole row: the name from its parts, company or person, the account by its bank."""
        name = wire[_NAME]
        if not name:
            name = wire[_NAME] = " ".join(wire[place] for place in (_LAST, _FIRST, _PATRONYMIC) if wire[place])
        if (
            not name and wire[_EMPLOYER] and self._names_company
        ):  # an address book's card of a company, without a person
            name, wire[_NAME], wire[_EMPLOYER] = wire[_EMPLOYER], wire[_EMPLOYER], ""
            wire[_KIND] = wire[_KIND] or "company"
        if not name:
            if not any(problem[1] == "name" for problem in problems):
                self._add(problems, "name", "name_missing")
        elif name[0] in "=+-@" and _FORMULA.match(name):
            self._add(problems, "name", "name_is_formula", name)
        if not wire[_KIND]:
            has_parts = wire[_LAST] or wire[_FIRST]
            wire[_KIND] = "person" if has_parts else guess_kind(name, wire[_INN], wire[_KPP])
            wire[_IS_GUESSED] = not (has_parts or wire[_INN] or wire[_KPP])
        if wire[_KIND] == "person" and not wire[_LAST] and not wire[_FIRST]:
            parts = split_person(name)
            wire[_LAST], wire[_FIRST], wire[_PATRONYMIC] = parts.last_name, parts.first_name, parts.patronymic
        if wire[_BIC]:
            self._check_accounts(wire, problems)

    def _check_accounts(self, wire: Wire, problems: list[Wrong]) -> None:
        for field, place in (("account", _ACCOUNT), ("corr_account", _CORR_ACCOUNT)):
            if wire[place]:
                try:
                    parse_account(wire[place], wire[_BIC])
                except BadInput as error:
                    problems.append(_problem(self._heading_of[field], field, error, wire[place]))

    def _add(self, problems: list[Wrong], field: str, code: str, value: str = "") -> None:
        error = BadInput(f"contact.problem.{code}", value=value)
        problems.append(_problem(self._heading_of.get(field, ""), field, error, value))


def _blank(form: type[Intake]) -> tuple[Wire, dict[str, int]]:
    """A draft without anything, and the places of its fields: those of every draft come first."""
    names = [each.name for each in fields_of(form.draft)]
    empty = form.draft(kind=form.kind)  # type: ignore[arg-type]
    return [getattr(empty, name) for name in names], {name: place for place, name in enumerate(names)}


def _problem(heading: str, field: str, error: BadInput, cell: Cell) -> Wrong:
    level: Level = "warning" if error.key in WARNINGS else "error"
    value = cell_text(cell)
    if len(value) > LONGEST_VALUE_SHOWN:
        value = value[:LONGEST_VALUE_SHOWN] + "…"
    return heading, field, error.key, value, level, error.params.get("limit", 0)


def _converter(heading: str, field: str, currency: str, places: dict[str, int]) -> Convert:
    """How a column's cell gets into the wire. A field that is filled already keeps its first value."""
    if field.startswith(CUSTOM):
        return _into_custom(field.removeprefix(CUSTOM))
    if field == "birthday":
        return _into_birthday(heading)
    if field == "revenue":
        return _into_revenue(currency)
    if field in _JOINED:
        return _joined(places[field], *_JOINED[field])
    if field in _GATHERED:
        return _gathered(places[field], _GATHERED[field])
    if field in _PARSERS:
        return _single(places[field], _PARSERS[field])
    return _plain(places[field])


def _plain(place: int) -> Convert:
    """A line of text: half of all cells, so the usual ones take the short way."""

    def convert(cell: Cell, wire: Wire) -> None:
        if not wire[place]:
            usual = type(cell) is str and len(cell) <= LONGEST_LINE and cell.isprintable()
            wire[place] = cell.strip() if usual else _line(cell)  # type: ignore[union-attr]

    return convert


def _single(place: int, parse: Callable[[Cell], Any]) -> Convert:
    def convert(cell: Cell, wire: Wire) -> None:
        if not wire[place]:
            wire[place] = parse(cell)

    return convert


def _gathered(place: int, parse: Callable[[Cell, Wire], tuple[str, ...]]) -> Convert:
    def convert(cell: Cell, wire: Wire) -> None:
        found = parse(cell, wire)
        wire[place] = tuple(dict.fromkeys(wire[place] + found)) if wire[place] else found

    return convert


def _joined(place: int, between: str, limit: int) -> Convert:
    def convert(cell: Cell, wire: Wire) -> None:
        text = _limited(cell_text(cell), limit)
        if not wire[place]:
            wire[place] = text
        elif text:
            wire[place] = f"{wire[place]}{between}{text}"

    return convert


def _into_custom(key: str) -> Convert:
    def convert(cell: Cell, wire: Wire) -> None:
        text = _limited(cell_text(cell), LONGEST_NOTE)
        if text:
            wire[_CUSTOM][key] = text

    return convert


def _into_birthday(heading: str) -> Convert:
    """A birthday; one without its year is kept among the notes."""

    def convert(cell: Cell, wire: Wire) -> None:
        if not wire[_BIRTHDAY]:
            try:
                wire[_BIRTHDAY] = _date(cell)
            except BadInput:
                day = day_of_year(cell_text(cell))
                if not day:
                    raise
                wire[_NOTE] = f"{wire[_NOTE]}\n{heading}: {day}".strip()

    return convert


def _into_revenue(currency: str) -> Convert:
    place = _AT["revenue"]

    def convert(cell: Cell, wire: Wire) -> None:
        value = cell if isinstance(cell, int | float) else cell_text(cell)
        if value != "":
            money = parse_money(value, currency)
            wire[place], wire[_CURRENCY] = money.minor, money.currency

    return convert


def _name(cell: Cell) -> str:
    name = one_line(cell_text(cell))
    if len(name) > LONGEST_NAME:
        raise BadInput("contact.problem.name_too_long", limit=LONGEST_NAME)
    return name


def _line(cell: Cell) -> str:
    return _limited(cell_text(cell), LONGEST_LINE)


def _limited(text: str, limit: int) -> str:
    if len(text) > limit:
        raise BadInput("contact.problem.text_too_long", limit=limit)
    return text


def _phones(cell: Cell, wire: Wire) -> tuple[str, ...]:
    text = cell_text(cell)
    if not text:
        return ()
    phones = parse_phones(text)
    for phone in phones:
        if phone.extension:  # E.164 has no room for it, and nobody answers without it
            wire[_NOTE] = f"{wire[_NOTE]}\n{phone}".strip()
    return tuple(phone.number for phone in phones)


def _emails(cell: Cell, _wire: Wire) -> tuple[str, ...]:
    text = cell_text(cell)
    return tuple(parse_emails(text)) if text else ()


def _links(cell: Cell, _wire: Wire) -> tuple[str, ...]:
    return tuple(_site(part) for part in cell_text(cell).replace(",", " ").split())


def _tags(cell: Cell, _wire: Wire) -> tuple[str, ...]:
    return _split_tags(cell_text(cell))


@lru_cache(maxsize=4096)
def _split_tags(text: str) -> tuple[str, ...]:
    tags = (google_group(" ".join(tag.split())) for tag in _TAGS.split(text))
    return tuple(dict.fromkeys(_limited(tag, LONGEST_LINE) for tag in tags if tag))


def _kind(cell: Cell) -> str:
    return _known_kind(cell_text(cell))


@lru_cache(maxsize=4096)
def _known_kind(text: str) -> str:
    kind = _KINDS.get(fold(text), "")
    if text and not kind:
        raise BadInput("contact.problem.kind_unknown", value=text)
    return kind


def _site(cell: Cell) -> str:
    text = _line(cell)
    if text and not _SITE.fullmatch(text):
        raise BadInput("contact.problem.site_broken", value=text)
    return text if not text or "://" in text else f"https://{text}"


def _date(cell: Cell) -> date | None:
    if isinstance(cell, date | float | int) and not isinstance(cell, bool):
        return parse_date(cell)
    text = cell_text(cell)
    return parse_date(text) if text else None


def _digits(parse: Callable[[str], str], lengths: tuple[int, ...]) -> Callable[[Cell], str]:
    """For numbers that may start with zeros, which spreadsheets drop: those are put back where the rest then fits."""

    def convert(cell: Cell) -> str:
        text = cell_text(cell)
        if not text:
            return ""
        if len(text) + 1 in lengths and text.isdigit():
            try:
                return parse("0" + text)
            except BadInput:
                return parse(text)
        return parse(text)

    return convert


def _account(parse: Callable[[str], str]) -> Callable[[Cell], str]:
    def convert(cell: Cell) -> str:
        if isinstance(cell, float):
            raise BadInput("contact.problem.account_as_number")
        text = cell_text(cell)
        return parse(text) if text else ""

    return convert


def _activity(cell: Cell) -> str:
    return okved.told(_line(cell))


_PARSERS: dict[str, Callable[[Cell], Any]] = {
    "name": _name,
    "kind": _kind,
    "site": _site,
    "activity": _activity,
    "inn": _digits(parse_inn, (10, 12)),
    "kpp": _digits(parse_kpp, (9,)),
    "ogrn": _digits(parse_ogrn, (13, 15)),
    "bic": _digits(parse_bic, (9,)),
    "account": _account(parse_account),
    "corr_account": _account(parse_corr_account),
    "accounts": _account(tidy_accounts),
    "first_contact": _date,
}
_GATHERED: dict[str, Callable[[Cell, Wire], tuple[str, ...]]] = {
    "phones": _phones,
    "emails": _emails,
    "tags": _tags,
    "links": _links,
}
_JOINED = {"note": ("\n", LONGEST_NOTE), "address": (", ", LONGEST_LINE)}
