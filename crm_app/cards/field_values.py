"""The values of custom fields: how each kind is read from people and programs, what is stored, and how it is shown.

Stored is plain JSON: money in minor units, days and moments as ISO text, options by their keys, people, clients and
files by their ids. Nothing is stored for an empty field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from crm_app.cards.field_rules import Definition, option_name
from crm_app.core import i18n
from crm_app.core.dates import instant_text, parse_date
from crm_app.core.errors import BadInput
from crm_app.core.folding import fold, one_line
from crm_app.core.money import Money, parse_money

LONGEST_LINE, LONGEST_TEXT, LARGEST_NUMBER = 500, 32_767, 10**12
DECIMALS = 6
REFERENCES = frozenset({"employee", "client", "file"})
"""Kinds whose values are ids of rows."""
SEARCHED = frozenset({"text", "long_text", "link"})
"""Kinds whose values a card is found by."""

Names = Mapping[tuple[str, int], str]
"""What people call the rows that values refer to: (kind, id) → name."""

_LINK = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[\w-]{2,}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
_WORDS = {"true": True, "yes": True, "да": True, "1": True, "+": True, "истина": True,
          "false": False, "no": False, "нет": False, "0": False, "-": False, "ложь": False}  # fmt: skip
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})\b", re.ASCII)
_BETWEEN = re.compile(r"[,;\n|]+")


def clean_value(field: Definition, value: Any, zone: tzinfo = UTC) -> Any:
    """A value as it is stored, None for an empty one. zone: of moments that name none.

    Raises BadInput that names the field.
    """
    if value is None or (isinstance(value, str) and not value.strip()) or value == []:
        return None
    try:
        if field.kind == "datetime":
            return _moment(value, zone)
        return _CLEANERS[field.kind](field, value)
    except (BadInput, TypeError, ValueError, InvalidOperation, OverflowError):
        raise bad_value(field, value) from None


def bad_value(field: Definition, value: Any) -> BadInput:
    """The refusal of a value that a field can't have."""
    return BadInput(f"cards.error.value_{field.kind}", field=field.full, name=field.names, value=str(value)[:60])


def _line(_: Definition, value: Any) -> str:
    return _limited(one_line(_text(value)), LONGEST_LINE)


def _long(_: Definition, value: Any) -> str:
    return _limited(_text(value).strip(), LONGEST_TEXT)


def _number(_: Definition, value: Any) -> int | float:
    if isinstance(value, str):
        value = value.replace("\xa0", "").replace("\u202f", "").replace(" ", "").replace(",", ".")
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise TypeError
    number = round(Decimal(str(value)), DECIMALS)
    if not number.is_finite() or abs(number) >= LARGEST_NUMBER:
        raise ValueError
    return int(number) if number == number.to_integral_value() else float(number)


def _money(field: Definition, value: Any) -> int:
    if isinstance(value, dict):
        value = f"{value['amount']} {value.get('currency', field.currency)}" if "amount" in value else ""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise TypeError
    money = parse_money(value, field.currency)
    if money.currency != field.currency:
        raise ValueError
    return money.minor


def _day(_: Definition, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        raise TypeError
    return parse_date(value).isoformat()


def _moment(value: Any, zone: tzinfo) -> str:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            value = datetime.combine(parse_date(value), _time_in(value))
    if not isinstance(value, datetime):
        raise TypeError
    return instant_text(value if value.tzinfo else value.replace(tzinfo=zone))


def _time_in(text: str) -> time:
    found = _TIME.search(text)
    return time(int(found[1]), int(found[2])) if found else time()


def _yes_no(_: Definition, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = _WORDS.get(fold(str(value)))
    if known is None:
        raise ValueError
    return known


def _choice(field: Definition, value: Any) -> str:
    wanted = fold(_text(value))
    for option in field.options:
        if wanted in (option["key"], fold(option["ru"]), fold(option["en"])):
            return str(option["key"])
    raise ValueError


def _choices(field: Definition, value: Any) -> list[str]:
    parts = value if isinstance(value, list) else _BETWEEN.split(_text(value))
    chosen = {_choice(field, part) for part in parts if _text(part).strip()}
    return [option["key"] for option in field.options if option["key"] in chosen]


def _reference(_: Definition, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    number = int(value)
    if not 0 < number < 2**31:
        raise ValueError
    return number


def _link(_: Definition, value: Any) -> str:
    text = _limited(_text(value).strip(), LONGEST_LINE)
    if not _LINK.fullmatch(text):
        raise ValueError
    return text if "://" in text else f"https://{text}"


def _computed(_: Definition, value: Any) -> Any:
    raise ValueError


_CLEANERS: dict[str, Callable[[Definition, Any], Any]] = {
    "text": _line, "long_text": _long, "number": _number, "money": _money, "date": _day, "yes_no": _yes_no,
    "choice": _choice, "choices": _choices, "employee": _reference, "client": _reference, "file": _reference,
    "link": _link, "formula": _computed,
}  # fmt: skip


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _limited(text: str, longest: int) -> str:
    if len(text) > longest:
        raise ValueError
    return text


# ---- on the way out --------------------------------------------------------------------------------------------------


def is_empty(value: Any) -> bool:
    """Whether nothing is there: a "no" is something."""
    return value is None or value == "" or value == []


def value_json(field: Definition, value: Any) -> Any:
    """A stored value as programs get it: money with its currency, the others as they are stored."""
    return Money(value, field.currency).to_json() if field.kind == "money" and value is not None else value


def show_value(field: Definition, value: Any, locale: str, names: Names | None = None, zone: tzinfo = UTC) -> str:
    """A stored value in words. names: of what it refers to; zone: in which moments are told."""
    if is_empty(value):
        return ""
    if field.kind == "yes_no":
        return i18n.text("cards.yes" if value else "cards.no", locale)
    if field.kind == "money":
        return Money(value, field.currency).format(locale or "ru")
    if field.kind == "choice":
        return field.option_name(value, locale)
    if field.kind == "choices":
        return ", ".join(field.option_name(key, locale) for key in value)
    if field.kind in REFERENCES:
        return (names or {}).get((field.kind, value), "")
    if field.kind == "date":
        return date.fromisoformat(value).strftime("%d.%m.%Y")
    if field.kind == "datetime":
        return datetime.fromisoformat(value).astimezone(zone).strftime("%d.%m.%Y %H:%M")
    return str(value)


def choosable(field: Definition, locale: str, current: Any = None) -> list[tuple[str, str]]:
    """Options as (key, name): those that are offered, and those that the card has already."""
    kept = set(current) if isinstance(current, list) else {current}
    shown = [one for one in field.options if not one.get("is_hidden") or one["key"] in kept]
    return [(one["key"], option_name(one, locale)) for one in shown]


def search_texts(fields: Iterable[Definition], values: Mapping[str, Any]) -> list[str]:
    """What a card is found by, of its custom fields."""
    return [values[field.key] for field in fields if field.kind in SEARCHED and values.get(field.key)]
