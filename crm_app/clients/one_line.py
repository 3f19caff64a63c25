"""A client written in one line, taken apart: "ООО Вектор, +7 912 345-67-89, ann@vector.ru, ИНН 7707083893".

What is certain is taken by its form, in this order: addresses, sites, numbers of taxpayers that stand the test of their
check digits, telephones. Of what is left between commas the first part is the name, the others are a note: nothing that
was typed is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from crm_app.core.emails import parse_email
from crm_app.core.errors import BadInput
from crm_app.core.names import Kind, guess_kind
from crm_app.core.phones import parse_phone
from crm_app.core.requisites import parse_inn

LONGEST = 500
_EMAIL = re.compile(r"[^\s,;<>()]+@[^\s,;<>()]+")
_SITE = re.compile(
    r"(?:https?://|www\.)[^\s,;]+"
    r"|(?<![\w.@])[\w-]+(?:\.[\w-]+)*\.(?:ru|рф|com|org|net|su|io|pro)(?:/[^\s,;]*)?(?!\w)"
)
_INN = re.compile(r"(?:\b(?:инн|inn)\b\s*:?\s*)?(?<![\d+])(\d{12}|\d{10})(?!\d)", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<!\w)(?:(?:тел|моб|tel|phone)\.?:?\s*)?"
    r"(\+?\d[\d\s()\-–.\u00a0]{4,20}\d(?:\s*(?:доб|ext)\.?\s*\d{1,6})?)(?!\w)",
    re.IGNORECASE,
)
_PART = re.compile(r"(?:«[^»]*»|\"[^\"]*\"|[^,;\n\t|])+")
_EDGES = " :-–—/"


@dataclass(frozen=True)
class TakenApart:
    """What a line says. note: what is neither name nor anything that has a form of its own."""

    name: str = ""
    kind: Kind = "company"
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    site: str = ""
    inn: str = ""
    note: str = ""


def take_apart(line: str) -> TakenApart:
    """A client's values out of a line; what can't be read stays in the note."""
    rest, emails = _taken(line[:LONGEST], _EMAIL, lambda found: parse_email(found[0]))
    rest, sites = _taken(rest, _SITE, lambda found: found[0].rstrip("."))
    rest, inns = _taken(rest, _INN, lambda found: parse_inn(found[1]))
    rest, phones = _taken(rest, _PHONE, lambda found: str(parse_phone(found[1])))
    parts = [part for part in (" ".join(part.split()).strip(_EDGES) for part in _PART.findall(rest)) if part]
    name, *others = parts or [""]
    inn = inns[0] if inns else ""
    note = ", ".join([*others, *inns[1:], *sites[1:]])
    return TakenApart(name, guess_kind(name, inn), phones, emails, sites[0] if sites else "", inn, note)


def _taken(text: str, form: re.Pattern[str], read: Callable[[re.Match[str]], str]) -> tuple[str, list[str]]:
    """The text without what has a form and can be read, each once, in its order."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        try:
            value = read(match)
        except BadInput:
            return match[0]
        if value not in found:
            found.append(value)
        return " , "

    return form.sub(take, text), found
