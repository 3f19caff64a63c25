"""Custom fields as the browser gets them: on a card, in the form of a new one, and in the filter bar."""

from __future__ import annotations

from typing import Any, TypedDict

from crm_app.cards.field_queries import OwnField, OwnFields
from crm_app.cards.field_rules import CHOICES, Definition
from crm_app.cards.field_values import choosable, is_empty, show_value
from crm_app.core.i18n import text
from crm_app.core.money import Money
from crm_app.ui.field import Option

_CONTROLS = {
    "long_text": "textarea", "number": "amount", "money": "amount", "date": "date", "datetime": "moment",
    "yes_no": "select", "choice": "select", "employee": "select", "file": "select", "link": "url", "choices": "ticks",
    "client": "client",
}  # fmt: skip
"""How each kind is edited, text apart."""
IN_CELLS = ("text", "textarea", "amount", "date", "moment", "select", "url", "ticks", "client")
"""Controls that a cell of a list has."""
_SHAPES = {"number": "number", "money": "money", "date": "day", "datetime": "moment"}


class TickLine(TypedDict):
    """One of several options that a field may have at once."""

    id: str
    label: str
    is_chosen: bool


class OwnFieldLine(TypedDict):
    """One custom field. value: as it is typed; shown: in words; shape: "number", "money", "day" or "moment" where the
    browser writes it; amount: a number, or minor units of the currency; href: where a link or a name leads; is_preset:
    it begins with its default.
    """

    name: str
    label: str
    help: str
    control: str
    value: str
    shown: str
    shape: str
    currency: str
    amount: float
    href: str
    is_written: bool
    is_required: bool
    is_preset: bool
    options: list[Option]
    ticks: list[TickLine]


Choices = dict[str, list[Option]]
"""What employees and files there are to choose from, by kind."""


def own_lines(own: OwnFields, locale: str, choices: Choices) -> list[OwnFieldLine]:
    """The custom fields of a card."""
    return [_line(each, own.values.get(each.field.key), own.names, locale, choices) for each in own.fields]


def asked_lines(fields: list[OwnField], locale: str, choices: Choices, stage_id: int = 0) -> list[OwnFieldLine]:
    """What is asked when a card is added in a stage: the required fields, and those with a default, which can be seen
    and changed before it is given."""
    lines = [default_line(each, locale, choices, is_required=_begins_with(each.field, stage_id)) for each in fields]
    shown = {each.field.full for each in fields if each.is_written and each.field.kind != "formula"}
    return [line for line in lines if line["name"] in shown and (line["is_required"] or line["is_preset"])]


def default_line(own: OwnField, locale: str, choices: Choices, *, is_required: bool) -> OwnFieldLine:
    """A field that is to be filled in, with its default."""
    line = _line(own, own.field.default, {}, locale, choices)
    return {**line, "is_required": is_required, "is_preset": not is_empty(own.field.default)}


def _begins_with(field: Definition, stage_id: int) -> bool:
    return field.required == "creation" or field.is_asked_at(stage_id)


def _line(own: OwnField, value: Any, names: Any, locale: str, choices: Choices) -> OwnFieldLine:
    field, control = own.field, _CONTROLS.get(own.field.kind, "text")
    chosen = value if isinstance(value, list) else []
    options = choosable(field, locale, value) if field.kind in CHOICES else []
    return {
        "name": field.full,
        "label": field.name(locale),
        "help": field.help(locale),
        "control": control,
        "value": _typed(field, value),
        "shown": show_value(field, value, locale, names),
        "shape": _shape(field, value),
        "currency": field.currency,
        "amount": value if isinstance(value, int | float) else 0,
        "href": _href(field, value),
        "is_written": own.is_written,
        "is_required": field.required == "creation",
        "is_preset": False,
        "options": _options(field, options, locale, choices) if control == "select" else [],
        "ticks": [{"id": k, "label": n, "is_chosen": k in chosen} for k, n in options] if control == "ticks" else [],
    }


def control_of(field: Definition) -> str:
    """How a field is edited where lines of a list have it; "" for what stands there only to be read."""
    return "" if field.kind in ("formula", "file") else _CONTROLS.get(field.kind, "text")


def _shape(field: Definition, value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "text"
    if field.kind == "formula":
        return "number" if isinstance(value, int | float) else "day" if _is_day(value) else "text"
    return _SHAPES.get(field.kind, "text")


def _is_day(value: str) -> bool:
    return len(value) == 10 and value[4::3] == "--" and value.replace("-", "").isdigit()


def _options(field: Definition, options: list[tuple[str, str]], locale: str, choices: Choices) -> list[Option]:
    nothing: list[Option] = [{"id": "", "label": "", "hint": ""}]
    if field.kind == "yes_no":
        options = [("true", text("cards.yes", locale)), ("false", text("cards.no", locale))]
    if field.kind in choices:
        return nothing + choices[field.kind]
    return nothing + [{"id": key, "label": name, "hint": ""} for key, name in options]


def _typed(field: Definition, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(Money(value, field.currency).amount) if field.kind == "money" else str(value)


def _href(field: Definition, value: Any) -> str:
    if not value:
        return ""
    return {"link": f"{value}", "client": f"/clients/{value}", "file": f"/files/{value}"}.get(field.kind, "")


def typed_values(form: dict[str, str]) -> dict[str, Any]:
    """What a form says of custom fields, by key: names are "fields.size", ticks "fields.colours:red".

    What was left empty is told as such: it is to have no default either.
    """
    values: dict[str, Any] = {}
    for name, typed in form.items():
        key, _, option = name.removeprefix("fields.").partition(":")
        if not name.startswith("fields."):
            continue
        if not option:
            values.setdefault(key, typed)
        elif typed:
            values[key] = [*(values.get(key) or []), option]
    return values
