"""Filters read by plain Python, card by card: what the database must find too. Written anew from what filters mean."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from crm_app.core.folding import fold

CODES = frozenset({"kpp"})


@dataclass
class PlainDeal:
    """A deal of a card. kind: of its stage."""

    kind: str
    created_at: datetime
    entered_at: datetime


@dataclass
class PlainCard:
    """A client as its filters see it. values: by field, None or "" for an empty one; money in minor units."""

    values: dict[str, Any]
    tags: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    is_starred: bool = False
    comments: list[datetime] = field(default_factory=list)
    deals: list[PlainDeal] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """Who reads, and when. folded: fields that are compared in folded text."""

    id: int
    today: date
    zone: ZoneInfo
    folded: frozenset[str] = frozenset({"name"})

    def fits(self, part: dict[str, Any], card: PlainCard) -> bool:
        """Whether a card is what a filter asks for."""
        if not part:
            return True
        if "field" in part:
            return _BY_FIELD[part["field"]](self, part, card)
        ((how, parts),) = part.items()
        held = [self.fits(inner, card) for inner in parts]
        return {"all": all(held), "any": any(held) or not held, "none": not any(held)}[how]

    def day_of(self, value: Any) -> date:
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value

    def read_day(self, text: str) -> date:
        if text.startswith("today"):
            return self.today + timedelta(days=int(text.removeprefix("today") or 0))
        return date.fromisoformat(text)

    def comes_in(self, value: date, period: str) -> bool:
        """Whether a birthday is kept on one of the days of a period."""
        return (value.month, value.day) in _kept_in(self, period)

    def is_in(self, value: Any, period: str) -> bool:
        """Whether a day or a moment is in a period."""
        day, today = self.day_of(value), self.today
        near = {"today": 0, "yesterday": -1, "tomorrow": 1}
        if period in near:
            return (day - today).days == near[period]
        if some := re.fullmatch(r"(last|next)_(\d+)_days", period):
            ago = (today - day).days if some[1] == "last" else (day - today).days
            return 0 <= ago < int(some[2])
        if over := re.fullmatch(r"over_(\d+)_days_ago", period):
            return (today - day).days > int(over[1])
        if ".." in period:
            first, last = period.split("..")
            return not (first and day < self.read_day(first)) and not (last and day > self.read_day(last))
        step, unit = period.split("_")
        off = {"last": -1, "this": 0, "next": 1}[step]
        if unit == "week":
            return day.isocalendar()[:2] == (today + timedelta(weeks=off)).isocalendar()[:2]
        number: Callable[[date], int] = {
            "month": lambda d: d.year * 12 + d.month, "quarter": lambda d: d.year * 4 + (d.month - 1) // 3,
            "year": lambda d: d.year,
        }[unit]  # fmt: skip
        return number(day) - number(today) == off


@cache
def _kept_in(reader: Reader, period: str) -> set[tuple[int, int]]:
    """Month and day of the birthdays that are kept in a period: each of its days is looked at.

    Who was born on a 29th of February keeps it on the 28th in other years.
    """
    start = reader.read_day(period.split("..")[0]) if ".." in period else reader.today - timedelta(days=800)
    days = [day for off in range(1600) if reader.is_in(day := start + timedelta(days=off), period)]
    early = {(2, 29) for day in days if (day.month, day.day) == (2, 28) and not isleap(day.year)}
    return {(day.month, day.day) for day in days} | early


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(reader: Reader, asked: dict[str, Any], card: PlainCard) -> bool:
    name, op, value = asked["field"], asked["op"], card.values[asked["field"]]
    if op == "empty":
        return (value == "") is (asked["value"] is not False)
    if op == "contains":
        return fold(asked["value"]) in fold(value)
    if op == "starts":
        return _begins(asked["field"], value, asked["value"])
    wanted = [fold(each) if name in reader.folded else each for each in _listed(asked["value"])]
    return (value in wanted) is (op != "ne")


def _begins(name: str, value: str, head: str) -> bool:
    """Codes are compared sign by sign, other texts as people read them."""
    return value.startswith(head) if name in CODES else fold(value).startswith(fold(head))


def _number(_: Reader, asked: dict[str, Any], card: PlainCard) -> bool:
    op, value = asked["op"], card.values[asked["field"]]
    if op == "empty":
        return (value is None) is (asked["value"] is not False)
    if value is None:
        return op == "ne"
    wanted = [Decimal(str(each)) * 100 for each in _listed(asked["value"])]
    if op in ("in", "ne"):
        return (value in wanted) is (op == "in")
    return _compared(op, value, wanted[0])


def _compared(op: str, value: Any, wanted: Any) -> bool:
    return {
        "eq": value == wanted,
        "lt": value < wanted,
        "le": value <= wanted,
        "gt": value > wanted,
        "ge": value >= wanted,
    }[op]


def _day(reader: Reader, asked: dict[str, Any], card: PlainCard) -> bool:
    op, value = asked["op"], card.values[asked["field"]]
    if op == "empty":
        return (value is None) is (asked["value"] is not False)
    if value is None:
        return op == "ne"
    if op == "in":
        return reader.is_in(value, asked["value"])
    if op == "yearly":
        return reader.comes_in(value, asked["value"])
    day, wanted = reader.day_of(value), reader.read_day(asked["value"])
    return day != wanted if op == "ne" else _compared(op, day, wanted)


def _employee(reader: Reader, asked: dict[str, Any], card: PlainCard) -> bool:
    op, value = asked["op"], card.values[asked["field"]]
    if op == "empty":
        return (value is None) is (asked["value"] is not False)
    wanted = [reader.id if each == "me" else int(each) for each in _listed(asked["value"])]
    return (value in wanted) is (op != "ne")


def _set(asked: dict[str, Any], held: set[str]) -> bool:
    if asked["op"] == "empty":
        return (not held) is (asked["value"] is not False)
    wanted = {fold(each.lstrip("#")) for each in _listed(asked["value"])}
    return bool(wanted & held) is (asked["op"] != "ne")


def _flag(asked: dict[str, Any], is_held: bool) -> bool:
    return is_held is (asked["value"] is (asked["op"] == "eq"))


def _happening(reader: Reader, asked: dict[str, Any], moments: list[datetime]) -> bool:
    op, period = asked["op"], asked["value"]
    if op == "empty":
        return (not moments) is (period is not False)
    within = [each for each in moments if reader.is_in(each, period)]
    if op == "last":
        return bool(moments) and reader.is_in(max(moments), period)
    return bool(within) is (op == "in")


def _deals(card: PlainCard, *kinds: str) -> list[PlainDeal]:
    return [deal for deal in card.deals if not kinds or deal.kind in kinds]


_BY_FIELD: dict[str, Callable[[Reader, dict[str, Any], PlainCard], bool]] = {
    **dict.fromkeys(("name", "city", "kpp", "address", "note"), _text),
    "status": _text, "kind": _text, "revenue": _number, "first_contact": _day,
    "birthday": _day, "fields.since": _day,
    "created_at": _day, "updated_at": _day, "responsible_id": _employee,
    "tags": lambda _, asked, card: _set(asked, card.tags),
    "group": lambda _, asked, card: _set(asked, card.groups),
    "star": lambda _, asked, card: _flag(asked, card.is_starred),
    "open_deal": lambda _, asked, card: _flag(asked, bool(_deals(card, "open", "hold"))),
    "won_deal": lambda _, asked, card: _flag(asked, bool(_deals(card, "won"))),
    "commented": lambda reader, asked, card: _happening(reader, asked, card.comments),
    "deal_created": lambda reader, asked, card: _happening(reader, asked, [d.created_at for d in card.deals]),
    "deal_won": lambda reader, asked, card: _happening(reader, asked, [d.entered_at for d in _deals(card, "won")]),
    "deal_lost": lambda reader, asked, card: _happening(reader, asked, [d.entered_at for d in _deals(card, "lost")]),
}  # fmt: skip
