"""The language of filters: the database and a plain reading in Python agree on random cards; periods, word by word."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm_app.cards import moments
from crm_app.cards.filter_words import describe, say_period
from crm_app.cards.filters import compile_filter
from crm_app.cards.lists import LISTS, asked_of
from crm_app.cards.models import Comment, Favourite, Group, GroupMember, Tag, Tagging
from crm_app.clients.models import Client
from crm_app.clients.queries import describe_filter
from crm_app.core import clock, search
from crm_app.core.actor import LOGGED_IN, Actor
from crm_app.core.db import database
from crm_app.core.door import Tx, perform, query
from crm_app.core.errors import BadInput
from crm_app.core.folding import fold
from crm_app.deals.models import Deal
from crm_app.pipelines.models import Pipeline, Stage
from tests import make
from tests.cards.fields import field
from tests.cards.plain_filters import PlainCard, PlainDeal, Reader

MANY = 60
CITIES = ("", "Тула", "Орёл", "тула-2", "100% Омск", "New_York")
PERIODS = [
    *moments.NAMED, "last_1_days", "last_30_days", "next_7_days", "over_0_days_ago", "over_90_days_ago",
    "today-7..today", "..today-1", "today..", "2020-02-29..2026-12-31", "2026-01-01..",
]  # fmt: skip
ENDED = [
    *(each for each in PERIODS if not (each.startswith(("over", "..")) or each.endswith("..") or "2020" in each)),
    "next_365_days", "next_366_days", "2026-12-25..2027-01-07", "2027-02-28..2027-03-01", "2027-02-01..2027-02-28",
    "2026-03-01..2027-02-28",
]  # fmt: skip
"""Periods by which a day and a month are asked for, whatever the year."""
CODES = ("", "770001001", "770", "7701", "9%_", "Ж12")
STREETS = ("", "Тула, ул. Мира, 1", "ТУЛЬСКАЯ 100%", "орёл", "ул. Мира_2")
_MONEY = st.sampled_from([0, 1, "10.5", 1000, "999999.99", -5])
_WHETHER = st.booleans()


def _asked(field: str, ops: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        *[
            st.fixed_dictionaries({"field": st.just(field), "op": st.just(op), "value": value})
            for op, value in ops.items()
        ]
    )


def _texts(field: str, known: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    one, several = st.sampled_from(known), st.lists(st.sampled_from(known), max_size=3)
    return _asked(field, {"eq": one, "ne": st.one_of(one, several), "in": several, "empty": _WHETHER})


def _conditions(group: int, people: list[int]) -> st.SearchStrategy[dict[str, Any]]:
    part = st.sampled_from(["ул", "ТУЛА", "орел", "%", "_", "а", "омск", ""])
    days = st.sampled_from(["today", "today-1", "today+3", "today-40", "2026-02-28", "2020-01-01"])
    day_ops = {
        **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), days),
        "in": st.sampled_from(PERIODS),
        "empty": _WHETHER,
    }
    happened = {**{op: st.sampled_from(PERIODS) for op in ("in", "ne", "last")}, "empty": _WHETHER}
    number = {
        **dict.fromkeys(("eq", "lt", "le", "gt", "ge"), _MONEY),
        "ne": st.lists(_MONEY, max_size=2),
        "empty": _WHETHER,
    }
    someone = st.sampled_from(["me", *people, *map(str, people)])
    tag = st.sampled_from(["опт", "#ОПТ", "ёж", "нет такой"])
    return st.one_of(
        _asked("name", {"contains": part, "eq": st.sampled_from(["КАРТОЧКА 7", "Карточка"])}),
        _asked("city", {"contains": part, "starts": part}), _texts("city", CITIES),
        _texts("kpp", CODES), _asked("kpp", {"starts": st.sampled_from([*CODES, "77", "ж"])}),
        _texts("address", STREETS), _asked("address", {"contains": part, "starts": part}),
        _asked("note", {"contains": part, "empty": _WHETHER}),
        _texts("status", ("", "regular", "current")),
        _texts("kind", ("company", "person")),
        _asked("revenue", {**number, "in": st.lists(_MONEY, max_size=3)}),
        *[_asked(name, day_ops) for name in ("first_contact", "created_at", "updated_at")],
        *[_asked(name, {**day_ops, "yearly": st.sampled_from(ENDED)}) for name in ("birthday", "fields.since")],
        _asked("responsible_id", {"eq": someone, "ne": someone, "in": st.lists(someone, max_size=3)}),
        _asked("responsible_id", {"empty": _WHETHER}),
        _asked("tags", {"has": tag, "ne": tag, "in": st.lists(tag, max_size=2), "empty": _WHETHER}),
        _asked("group", {"has": st.just(str(group)), "ne": st.just(str(group)), "empty": _WHETHER}),
        *[_asked(name, {"eq": _WHETHER, "ne": _WHETHER}) for name in ("star", "open_deal", "won_deal")],
        *[_asked(name, happened) for name in ("commented", "deal_created", "deal_won", "deal_lost")],
    )  # fmt: skip


def _nested(condition: st.SearchStrategy[dict[str, Any]], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    if depth == 0:
        return condition
    parts = st.lists(_nested(condition, depth - 1), max_size=3)
    groups = [st.fixed_dictionaries({how: parts}) for how in ("all", "any", "none")]
    return st.one_of(condition, *groups)


@query(LOGGED_IN)
def ids_by(tx: Tx, conditions: dict[str, Any]) -> set[int]:
    fields = asked_of(tx, LISTS["client"], conditions)
    describe(tx, conditions, fields, "client")
    return set(tx.all(select(Client.id).where(compile_filter(tx, conditions, fields, "client"))))


class Random:
    """Random cards in the database, and the same as plain ones. cards: by id."""

    def __init__(self, owner: Actor, people: list[int]) -> None:
        self.dice, self.people, self.owner, self.now = random.Random(7), people, owner, clock.now()
        self.cards: dict[int, PlainCard] = {}
        self.group = 0

    def plant(self) -> None:
        with database().session(writes=True) as self.session:
            group = self._add(Group(card="client", name="Г", key="г", owner_id=0, created_at=self.now))
            self.group, self.tags = group.id, [self._add(Tag(name=name, key=fold(name))) for name in ("опт", "Ёж")]
            way = self._add(Pipeline(name="Продажа", position=0, order_rule="free", created_at=self.now))
            self.stages = [
                self._add(Stage(pipeline_id=way.id, name=kind, kind=kind, position=at, colour="grey", probability=0))
                for at, kind in enumerate(("open", "hold", "won", "lost"))
            ]
            self.way = way.id
            for number in range(MANY):
                self._plant_one(number)
            self.session.commit()

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def _moment(self) -> datetime:
        return self.now - timedelta(
            days=self.dice.choice([0, 0, 1, 2, 6, 29, 30, 31, 89, 91, 200, 400, -1]), hours=self.dice.randrange(24)
        )

    def _birthday(self) -> date | None:
        """A day of some year, often near today, near New Year or at the end of February."""
        day = self.now.date() + timedelta(days=self.dice.choice([0, 1, -1, 6, 7, 29, 30, 31, self.dice.randrange(365)]))
        edge = self.dice.choice([(2, 28), (2, 29), (3, 1), (12, 31), (1, 1), (day.month, min(day.day, 28))])
        return self.dice.choice([None, date(self.dice.choice([1948, 1984, 2000, 2028]), *edge)])

    def _plant_one(self, number: int) -> None:
        dice, pick = self.dice, self.dice.choice
        values: dict[str, Any] = {
            "name": f"карточка {number}", "city": pick(CITIES), "status": pick(["", "regular", "current"]),
            "kind": pick(["company", "person"]), "revenue": pick([None, 0, 100, 1050, 99_999_999, 100_000]),
            "first_contact": pick([None, self._moment().date(), self._moment().date()]),
            "birthday": self._birthday(), "created_at": self._moment(), "updated_at": self._moment(),
            "responsible_id": pick([None, *self.people]),
            "kpp": pick(CODES), "address": pick(STREETS), "note": pick(STREETS),
        }  # fmt: skip
        since = self._birthday()
        own = {"since": since.isoformat()} if since else {}
        row = self._add(Client(**{**values, "name": f"Карточка {number}"}, sort_name=values["name"], fields=own))
        values["fields.since"] = since
        search.put(self.session, "client", row.id, row.name, row.city, row.address, row.note)
        plain = self.cards[row.id] = PlainCard(values, is_starred=dice.random() < 0.3)
        if plain.is_starred:
            self._add(Favourite(employee_id=self.owner.id, card="client", card_id=row.id))
        for tag in self.tags:
            if dice.random() < 0.3:
                plain.tags.add(tag.key)
                self._add(Tagging(card="client", card_id=row.id, tag_id=tag.id))
        if dice.random() < 0.3:
            plain.groups.add(str(self.group))
            self._add(GroupMember(group_id=self.group, card_id=row.id, card="client"))
        self._plant_talk(row.id, plain)

    def _plant_talk(self, card_id: int, plain: PlainCard) -> None:
        by = {"author_kind": "employee", "author_id": self.owner.id, "author_name": "А", "body": "…"}
        for _ in range(self.dice.choice([0, 0, 1, 3])):
            plain.comments.append(self._moment())
            self._add(Comment(card="client", card_id=card_id, created_at=plain.comments[-1], **by))
        for _ in range(self.dice.choice([0, 0, 1, 2])):
            stage, created, entered = self.dice.choice(self.stages), self._moment(), self._moment()
            plain.deals.append(PlainDeal(stage.kind, created, entered))
            self._add(
                Deal(
                    name="С", client_id=card_id, pipeline_id=self.way, stage_id=stage.id, rank="n",
                    responsible_id=self.owner.id, entered_stage_at=entered, created_at=created, updated_at=created,
                )
            )  # fmt: skip


@pytest.fixture
def cards(adam: Actor, ann: Actor) -> Random:
    field("date", "Since")
    planted = Random(adam, [adam.id, ann.id])
    planted.plant()
    return planted


def test_the_database_and_a_plain_reading_agree(cards: Random, adam: Actor) -> None:
    zone = moments.zone_of(adam)
    reader = Reader(adam.id, clock.now().astimezone(zone).date(), zone)
    filters = _nested(_conditions(cards.group, cards.people), 3)

    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(filters)
    @example({"none": [{"field": "kpp", "op": "starts", "value": "77"}]})
    @example({"none": [{"field": "address", "op": "eq", "value": ""}]})
    @example({"none": [{"field": "revenue", "op": "gt", "value": 1}]})
    @example({"none": [{"field": "birthday", "op": "yearly", "value": "this_month"}]})
    @example({"all": [{"field": "fields.since", "op": "yearly", "value": "2026-12-25..2027-01-07"}]})
    @example({"any": [{"none": [{"field": "first_contact", "op": "in", "value": "over_90_days_ago"}]}, {"none": []}]})
    def agree(conditions: dict[str, Any]) -> None:
        found = perform(adam, ids_by, conditions=conditions)
        assert found == {number for number, card in cards.cards.items() if reader.fits(conditions, card)}

    agree()


# ---- periods ---------------------------------------------------------------------------------------------------------

_TODAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(_TODAYS, st.sampled_from(PERIODS), st.integers(-800, 800))
@example(date(2024, 2, 29), "last_year", -366)
@example(date(2026, 1, 1), "last_quarter", -1)
def test_a_period_has_the_days_that_its_name_says(today: date, period: str, off: int) -> None:
    first, last = moments.read_period(period, today)
    day = today + timedelta(days=off)
    told = (first is None or day >= first) and (last is None or day <= last)
    assert told is Reader(1, today, ZoneInfo("Europe/Moscow")).is_in(day, period)


@given(_TODAYS, st.sampled_from(ENDED), st.dates(date(1990, 1, 1), date(1993, 12, 31)))
@example(date(2026, 2, 28), "today", date(1992, 2, 29))
@example(date(2028, 2, 28), "today", date(1992, 2, 29))
@example(date(2028, 2, 29), "next_365_days", date(1992, 2, 28))
@example(date(2028, 2, 29), "next_366_days", date(1992, 2, 28))
@example(date(2027, 3, 1), "next_365_days", date(1992, 2, 29))
@example(date(2026, 12, 30), "next_7_days", date(1990, 1, 3))
def test_a_birthday_is_kept_in_a_period_whatever_its_year(today: date, period: str, birthday: date) -> None:
    number = birthday.month * 100 + birthday.day
    told = any(start <= number <= end for start, end in moments.read_yearly(period, today))
    assert told is Reader(1, today, ZoneInfo("Europe/Moscow")).comes_in(birthday, period)


@pytest.mark.parametrize("endless", ["over_7_days_ago", "..today", "today..", "9999-01-01..9999-12-31", "any", 7])
def test_a_day_and_month_are_asked_for_by_a_period_with_two_ends(adam: Actor, endless: Any) -> None:
    for name in ("birthday", "first_contact"):
        with pytest.raises(BadInput):
            perform(adam, ids_by, conditions={"field": name, "op": "yearly", "value": endless})
    with pytest.raises(BadInput):
        perform(adam, ids_by, conditions={"field": "created_at", "op": "yearly", "value": "this_month"})


def test_a_birthday_is_of_the_readers_day(adam: Actor) -> None:
    far, near = replace(adam, timezone="Pacific/Kiritimati"), replace(adam, timezone="Pacific/Niue")
    days = {clock.now().astimezone(ZoneInfo(each.timezone)).date() for each in (far, near)}
    assert len(days) == 2  # 25 hours lie between them
    made = {day: make.client(adam, f"Родился {day}", birthday=day.replace(year=1988)).id for day in days}
    today = {"field": "birthday", "op": "yearly", "value": "today"}
    assert perform(far, ids_by, conditions=today) == {made[max(days)]}
    assert perform(near, ids_by, conditions=today) == {made[min(days)]}


def test_a_birthday_is_said_in_words(adam: Actor) -> None:
    asked = {"field": "birthday", "op": "yearly", "value": "this_month"}
    assert perform(adam, describe_filter, where=asked) == "День рождения (день и месяц): в этом месяце"
    english = replace(adam, locale="en")
    assert perform(english, describe_filter, where={**asked, "value": "next_7_days"}) == (
        "Birthday (day and month): in the next 7 days"
    )


@pytest.mark.parametrize(
    "wrong",
    ["", "..", "last_0_days", "next_0_days", "last_99999_days", "last_²_days", "this_decade", "2026-02-30..",
     "today..x", "2026-02-01..2026-01-01", 7, None, ["today"]],
)  # fmt: skip
def test_what_is_no_period_is_refused(wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        moments.read_period(wrong, date(2026, 1, 1))


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize("period", PERIODS)
def test_every_period_is_said_in_words(period: str, locale: str) -> None:
    said = say_period(period, locale)
    assert "_" not in said and "ui." not in said and "{" not in said


def test_periods_read_as_people_say_them() -> None:
    said = [say_period(each, "ru") for each in ("last_1_days", "last_30_days", "over_21_days_ago", "this_quarter")]
    assert said == ["за последний 1 день", "за последние 30 дней", "более 21 дня назад", "в этом квартале"]
    assert say_period("2026-01-01..today-7", "ru") == "с 01.01.2026 по сегодня − 7 дн."
    assert say_period("..2026-03-31", "en") == "until 31.03.2026"
