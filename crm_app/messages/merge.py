"""Merge fields: `{{first_name|friend}}` in a text becomes the recipient's first name, or the fallback.

A fixed list of names, and `fields.KEY` for the company's own fields; no template engine: what a marketer types can't
run anything. Which own fields there are knows whoever has the values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from crm_app.core.errors import Reason

UNSUBSCRIBE = "unsubscribe_url"
FIELDS = (
    "first_name",
    "last_name",
    "name",
    "company",
    "email",
    "phone",
    "city",
    "responsible",
    UNSUBSCRIBE,
)
_OWN = re.compile(r"fields\.[a-z0-9_]+")
_FIELD = re.compile(r"\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}")
# line ends become spaces; the other control characters vanish
_CONTROLS = dict.fromkeys((*range(9), *range(14, 28), *range(127, 133), *range(134, 160)))


@dataclass(frozen=True, slots=True)
class Field:
    """A place to fill. fallback: what stands there when the recipient has no value."""

    name: str
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A text cut once into what is the same for all and what is not."""

    pieces: tuple[str | Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Field))

    def fill(self, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
        """The text for one recipient. escape: what values and fallbacks pass on their way in, like html.escape."""
        return "".join(
            piece if isinstance(piece, str) else escape(values.get(piece.name) or piece.fallback)
            for piece in self.pieces
        )

    def missing(self, values: Mapping[str, str]) -> set[str]:
        """Names of the fields that would stay empty for this recipient."""
        return {field.name for field in self.fields if not (field.fallback or values.get(field.name))}


def is_own(name: str) -> bool:
    """Whether a merge field is one of the company's own fields."""
    return _OWN.fullmatch(name) is not None


def _is_known(name: str) -> bool:
    return name in FIELDS or is_own(name)


def parse(source: str, read: Callable[[str], str] = str) -> Template:
    """Cut a text at its merge fields; an unknown field stays as it was typed (`problems` names it).

    read: turns a fallback as it stands in the source into plain text, like html.unescape.
    """
    pieces: list[str | Field] = []
    end = 0
    for match in _FIELD.finditer(source):
        if _is_known(match[1]):
            pieces += [source[end : match.start()], Field(match[1], read(match[2] or "").strip())]
            end = match.end()
    pieces.append(source[end:])
    return Template(tuple(piece for piece in pieces if piece != ""))


def readable(source: str, name_of: Callable[[str], str]) -> str:
    """A text for who looks it over: each field as "[its name]". name_of: what people call a field."""
    pieces = parse(source).pieces
    return "".join(piece if isinstance(piece, str) else f"[{name_of(piece.name)}]" for piece in pieces)


def problems(source: str, field: str = "") -> list[Reason]:
    """What is wrong with the merge fields of a text: each unknown name once, and braces that enclose no field.

    field: the form's field the text was typed in, for the reasons. A name that reads as one of the company's own fields
    is no problem here.
    """
    unknown = dict.fromkeys(match[1] for match in _FIELD.finditer(source) if not _is_known(match[1]))
    found = [Reason("messages.problem.unknown_field", field, {"name": name}) for name in unknown]
    rest = _FIELD.sub("", source)
    if "{{" in rest or "}}" in rest:
        found.append(Reason("messages.problem.broken_field", field))
    return found


def count_missing(templates: Iterable[Template], recipients: Iterable[Mapping[str, str]]) -> Counter[str]:
    """How many recipients lack a value where there is no fallback, by field: "3 have no first name"."""
    needed = {field.name for template in templates for field in template.fields if not field.fallback}
    return Counter(name for values in recipients for name in needed if not values.get(name))


def clean_values(values: Mapping[str, str]) -> dict[str, str]:
    """Values as they may enter a letter: one line each, without control characters."""
    return {name: one_line(value) for name, value in values.items()}


def one_line(text: str) -> str:
    """A text that can't end the header or the line it stands in."""
    return " ".join(text.translate(_CONTROLS).split())
