"""What must be true of a custom field: its name, its key, its options. Of its values, see field_values.py."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from crm_app.core.errors import BadInput, Reason, RuleBroken
from crm_app.core.folding import fold, one_line
from crm_app.core.i18n import LOCALES

Kind = Literal[
    "text", "long_text", "number", "money", "date", "datetime", "yes_no", "choice", "choices", "employee", "client",
    "file", "link", "formula",
]  # fmt: skip
Required = Literal["never", "creation", "stage"]
KINDS: tuple[Kind, ...] = (
    "text", "long_text", "number", "money", "date", "datetime", "yes_no", "choice", "choices", "employee", "client",
    "file", "link", "formula",
)  # fmt: skip
REQUIRED: tuple[Required, ...] = ("never", "creation", "stage")
CHOICES = frozenset({"choice", "choices"})
WITHOUT_DEFAULT = frozenset({"client", "file", "formula"})
WITHOUT_ORDER = frozenset({"long_text", "choices", "client", "file"})
"""Kinds that no list is sorted by."""

MOST_FIELDS, MOST_OPTIONS = 100, 200
LONGEST_NAME, LONGEST_HELP, LONGEST_KEY = 60, 300, 40
PREFIX = "fields."
"""Before the key, wherever custom fields stand among the others: in filters, rights, facts and problems."""

_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_OTHER = re.compile(r"[^a-z0-9]+")


class OptionValues(TypedDict, total=False):
    """One option. key: of one that is there already; ru, en: its names; is_hidden: not to be chosen any more."""

    key: str
    ru: str
    en: str
    is_hidden: bool


class FieldValues(TypedDict, total=False):
    """What is said of a custom field; what is left out stays as it is. See models.CustomField."""

    name_ru: str
    name_en: str
    help_ru: str
    help_en: str
    options: list[OptionValues]
    currency: str
    formula: str
    pipelines: list[int]
    required: Required
    stages: list[int]
    default: Any


@dataclass(frozen=True)
class Definition:
    """A custom field as everything but its editor needs it; see models.CustomField."""

    id: int
    card: str
    key: str
    kind: Kind
    name_ru: str
    name_en: str
    help_ru: str
    help_en: str
    options: list[dict[str, Any]]
    currency: str
    formula: str
    pipelines: list[int]
    required: Required
    stages: list[int]
    default: Any
    position: int
    removed_at: datetime | None

    @property
    def full(self) -> str:
        """Its name among the other fields of the card: "fields.size"."""
        return PREFIX + self.key

    def name(self, locale: str) -> str:
        """What it is called in a language, or in the other one."""
        return (self.name_en or self.name_ru) if locale == "en" else (self.name_ru or self.name_en)

    @property
    def names(self) -> dict[str, str]:
        """What it is called in each language: as a parameter of a sentence that is spoken later."""
        return {locale: self.name(locale) for locale in LOCALES}

    def help(self, locale: str) -> str:
        return (self.help_en or self.help_ru) if locale == "en" else (self.help_ru or self.help_en)

    def option_name(self, key: Any, locale: str) -> str:
        """What an option is called; its key, where there is none."""
        return next((option_name(one, locale) for one in self.options if one["key"] == key), str(key))

    def is_of(self, pipeline_id: int) -> bool:
        """Whether cards in a pipeline have it."""
        return not self.pipelines or pipeline_id in self.pipelines

    def is_asked_at(self, stage_id: int) -> bool:
        """Whether a card that stands in a stage has to have a value in it."""
        return self.required == "stage" and stage_id in self.stages


@dataclass(frozen=True)
class Lacks:
    """What a stage still asks of a card's own fields.

    asked: a reason for each that whoever moves the card may fill in; withheld: for each that they may only read.
    """

    asked: tuple[Reason, ...] = ()
    withheld: tuple[Reason, ...] = ()


def option_name(option: dict[str, Any], locale: str) -> str:
    """What an option is called in a language, or in the other one."""
    first, second = ("en", "ru") if locale == "en" else ("ru", "en")
    return str(option.get(first) or option.get(second) or option["key"])


def key_of(name: str, taken: Collection[str]) -> str:
    """A key for a name: "Размер шин" → "razmer_shin"; where it is taken, "razmer_shin_2"."""
    latin = "".join(_LATIN.get(sign, sign) for sign in name.casefold())
    key = _OTHER.sub("_", latin).strip("_")[: LONGEST_KEY - 4].strip("_")
    key = key if key[:1].isalpha() else f"f_{key}".rstrip("_")
    if key not in taken:
        return key
    return next(longer for number in range(2, len(taken) + 3) if (longer := f"{key}_{number}") not in taken)


def clean_definition(kind: Kind, values: FieldValues, was: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """What is said of a field, as it is stored, its default apart. was: the options that it has.

    Raises BadInput by name for what makes no sense.
    """
    clean: dict[str, Any] = {name: value for name, value in values.items() if name != "default"}
    for name in clean.keys() & {"name_ru", "name_en"}:
        clean[name] = _short(clean[name], name, LONGEST_NAME)
    for name in clean.keys() & {"help_ru", "help_en"}:
        clean[name] = _short(clean[name], name, LONGEST_HELP)
    if "options" in clean:
        clean["options"] = clean_options(kind, clean["options"], was)
    if "currency" in clean:
        clean["currency"] = _currency(kind, clean["currency"])
    for name in clean.keys() & {"pipelines", "stages"}:
        clean[name] = sorted(set(clean[name]))
    return clean


def check_whole(field: Definition, others: Iterable[Definition]) -> None:
    """Raises BadInput or RuleBroken for a field that can't be: without a name, with another's, without options."""
    if not field.name("ru"):
        raise BadInput("cards.error.field_name", field="name_ru")
    names = {fold(each) for each in (field.name_ru, field.name_en) if each}
    for other in others:
        if other.id != field.id and names & {fold(other.name_ru), fold(other.name_en)}:
            raise RuleBroken("cards.error.field_taken", field="name_ru", name=field.names)
    if field.kind in CHOICES and not any(not one.get("is_hidden") for one in field.options):
        raise BadInput("cards.error.field_options", field="options")
    if field.required == "stage" and not field.stages:
        raise BadInput("cards.error.field_stage", field="stages")
    if field.kind == "formula" and field.required != "never":
        raise BadInput("cards.error.field_computed", field="required")


def check_scope(field: Definition, ways: Mapping[int, Collection[int]]) -> None:
    """Raises BadInput for pipelines and stages that cards of its kind don't go through. ways: pipeline → its stages."""
    if not ways.keys() >= set(field.pipelines):
        raise BadInput("cards.error.field_pipelines", field="pipelines")
    stages = {stage for way, some in ways.items() if field.is_of(way) for stage in some}
    if not stages.issuperset(field.stages):
        raise BadInput("cards.error.field_stages", field="stages")


def check_count(count: int) -> None:
    if count >= MOST_FIELDS:
        raise RuleBroken("cards.error.many_fields", most=MOST_FIELDS)


def clean_options(
    kind: Kind, options: Sequence[OptionValues], was: Sequence[dict[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Options as they are stored, each new one with a key of its own. Raises BadInput for one without a name."""
    if (options and kind not in CHOICES) or len(options) > MOST_OPTIONS:
        raise BadInput("cards.error.field_options", field="options")
    known = {one["key"] for one in was}
    taken = set(known)
    cleaned: list[dict[str, Any]] = []
    for option in options:
        told = {"ru": option.get("ru", ""), "en": option.get("en", "")}
        names = {name: _short(title, "options", LONGEST_NAME) for name, title in told.items()}
        title = names["ru"] or names["en"]
        if not title or option.get("key", "") not in {"", *known}:
            raise BadInput("cards.error.field_options", field="options")
        key = option.get("key") or key_of(title, taken)
        taken.add(key)
        cleaned.append({"key": key, **names, "is_hidden": bool(option.get("is_hidden"))})
    titles = [fold(title) for one in cleaned for title in {one["ru"], one["en"]} if title]
    if len({one["key"] for one in cleaned}) < len(cleaned) or len(set(titles)) < len(titles):
        raise BadInput("cards.error.field_options", field="options")
    return cleaned


def _short(text: str, field: str, longest: int) -> str:
    text = one_line(text)
    if len(text) > longest:
        raise BadInput("cards.error.field_long", field=field, longest=longest)
    return text


def _currency(kind: Kind, code: str) -> str:
    is_code = len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()
    if kind == "money" and not is_code:
        raise BadInput("cards.error.field_currency", field="currency")
    return code if kind == "money" else ""
